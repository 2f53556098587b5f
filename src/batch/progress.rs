//! Documents and their bytes, counted.

/// How many documents there are, and how many bytes they have together.
///
/// ```
/// use std::ops::ControlFlow;
/// use target_rules::batch::{End, Event, Progress, Runner};
///
/// let bills =
///     [r#"{"currentTxn": {"value": 730.50}}"#, r#"{"currentTxn": {"value": 10}}"#];
/// let mut done = Progress::default();
/// let end = Runner::new(1)?.run_with_progress(bills, || (), |(), _| (), |event| {
///     if let Event::Progress(progress) = event {
///         done = progress; // of the whole run, not of what came since the last
///     }
///     ControlFlow::<()>::Continue(())
/// })?;
/// assert_eq!((end, done.documents, done.bytes), (End::Finished, 2, 33 + 29));
/// # Ok::<(), target_rules::batch::StartError>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Progress {
    /// The number of documents.
    pub documents: u64,
    /// Their bytes, as [`Document::byte_len`](super::Document::byte_len) says.
    pub bytes: u64,
}

impl Progress {
    /// One document of so many bytes.
    pub(crate) fn one(bytes: usize) -> Progress {
        Progress { documents: 1, bytes: wide(bytes) }
    }

    /// INVARIANT: every byte counted was in memory before. At a hundred
    /// gigabytes a second, 64 bits last for five years.
    #[expect(clippy::arithmetic_side_effects, reason = "64 bits do not overflow; see above")]
    pub(crate) fn add(&mut self, other: Progress) {
        self.documents += other.documents;
        self.bytes += other.bytes;
    }

    /// INVARIANT: what is taken off was added before, and is taken off once.
    #[expect(clippy::arithmetic_side_effects, reason = "what is taken off is part of it; see above")]
    pub(crate) fn take_off(&mut self, other: Progress) {
        self.documents -= other.documents;
        self.bytes -= other.bytes;
    }

    /// Whether there are fewer documents and fewer bytes than a bound says.
    pub(crate) fn is_below(&self, bound: &Progress) -> bool {
        self.documents < bound.documents && self.bytes < bound.bytes
    }
}

/// No machine that Rust runs on has addresses of more than 64 bits.
pub(crate) fn wide(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
