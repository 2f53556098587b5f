//! What is read at the doors of the library: a text, or bytes.

use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

use crate::report::Form;

use super::gather::Diagnostics;
use super::source::Source;

/// A text, or bytes that ought to be one: what rules, documents and schema
/// files are read from.
///
/// `str`, `[u8]` and what owns or refers to one of them; no other type can be
/// one. A text costs nothing that it would not cost as a `&str`. Bytes are
/// looked at once to see whether they are UTF-8; where they are not, the place
/// is a diagnostic as for any other fault of the syntax: `syntax` in the text of
/// a rule, `json-syntax` elsewhere. A byte order mark in front of a rule's bytes
/// is no part of it: places and edits are those of the text behind it, which
/// [`utf8_of`](super::utf8_of) gives.
///
/// ```
/// use target_rules::diagnostic::Code;
/// use target_rules::{Ast, Limits};
/// let limits = Limits::default();
/// assert!(Ast::from_text(b"currentTxn.value > 500", &limits).is_ok());
///
/// let latin_1 = b"currentCustomer.name == \"Jos\xe9\"";
/// let refused = Ast::from_text(latin_1, &limits).unwrap_err();
/// let fault = refused.iter().next().unwrap();
/// assert_eq!((fault.code, fault.column), (Code::Syntax, 29));
/// assert_eq!(fault.message, "this is not UTF-8 text");
/// ```
pub trait Input: sealed::Sealed {}

mod sealed {
    use super::TextOrBytes;

    pub trait Sealed {
        fn content(&self) -> TextOrBytes<'_>;
    }
}

/// What an input is.
#[derive(Debug, Clone, Copy)]
pub enum TextOrBytes<'i> {
    /// Known to be UTF-8.
    Text(&'i str),
    Bytes(&'i [u8]),
}

/// The text of an input, of which at most `most` bytes are looked at where it
/// is not known to be a text: for hosts whose own doors take texts and bytes.
///
/// Fails where the bytes are not UTF-8, or are more than `most`. The length of
/// a text is not looked at.
///
/// ```
/// use target_rules::diagnostic::{Form, utf8_of};
/// assert_eq!(utf8_of(b"{}", Form::Payload, 64)?, "{}");
/// assert!(utf8_of(b"\xff", Form::Payload, 64).is_err());
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
pub fn utf8_of<I: Input + ?Sized>(input: &I, form: Form, most: usize) -> Result<&str, Diagnostics> {
    match input.content() {
        TextOrBytes::Text(text) => Ok(text),
        TextOrBytes::Bytes(bytes) => {
            Source::text_of(form, bytes, most).map_err(|(_, diagnostics)| diagnostics)
        }
    }
}

/// How many bytes an input has.
#[cfg(feature = "batch")]
pub(crate) fn bytes_of<I: Input + ?Sized>(input: &I) -> usize {
    match input.content() {
        TextOrBytes::Text(text) => text.len(),
        TextOrBytes::Bytes(bytes) => bytes.len(),
    }
}

macro_rules! inputs {
    ($($variant:ident: $input:ty;)*) => {$(
        impl sealed::Sealed for $input {
            fn content(&self) -> TextOrBytes<'_> {
                TextOrBytes::$variant(self)
            }
        }

        impl Input for $input {}
    )*};
}

inputs! { Text: str; Text: String; Bytes: [u8]; Bytes: Vec<u8>; }

impl<const LENGTH: usize> sealed::Sealed for [u8; LENGTH] {
    fn content(&self) -> TextOrBytes<'_> {
        TextOrBytes::Bytes(self)
    }
}

impl<const LENGTH: usize> Input for [u8; LENGTH] {}

macro_rules! pointers {
    ($($pointer:ty;)*) => {$(
        impl<I: Input + ?Sized> sealed::Sealed for $pointer {
            fn content(&self) -> TextOrBytes<'_> {
                (**self).content()
            }
        }

        impl<I: Input + ?Sized> Input for $pointer {}
    )*};
}

pointers! { &I; &mut I; Box<I>; Rc<I>; Arc<I>; }

impl<I: Input + ToOwned + ?Sized> sealed::Sealed for Cow<'_, I> {
    fn content(&self) -> TextOrBytes<'_> {
        (**self).content()
    }
}

impl<I: Input + ToOwned + ?Sized> Input for Cow<'_, I> {}
