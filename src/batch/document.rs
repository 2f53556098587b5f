//! What a runner must know of a document: how large it is.

use crate::diagnostic::{Input, bytes_of};

/// What a [`Runner`](super::Runner) takes from its source.
///
/// Texts and bytes are documents, whether they are owned or borrowed, and so is
/// a `Result` of one: a source that can fail hands its error through to the
/// function. Other types say how large they are:
///
/// ```
/// use target_rules::batch::Document;
///
/// struct Line {
///     number: usize,
///     text: String,
/// }
///
/// impl Document for Line {
///     fn byte_len(&self) -> usize {
///         self.text.len()
///     }
/// }
///
/// let line = Line { number: 3, text: "{}".to_owned() };
/// assert_eq!((line.number, line.byte_len()), (3, 2));
/// assert_eq!(Ok::<_, std::io::Error>(line).byte_len(), 2);
/// ```
pub trait Document {
    /// About how many bytes of memory it holds. Bounds what is in flight, and is
    /// counted as progress; it is asked once.
    fn byte_len(&self) -> usize;
}

impl<I: Input> Document for I {
    fn byte_len(&self) -> usize {
        bytes_of(self)
    }
}

/// An error counts as nothing.
impl<D: Document, E> Document for Result<D, E> {
    fn byte_len(&self) -> usize {
        self.as_ref().map_or(0, Document::byte_len)
    }
}
