//! A value of a transaction, as the language sees it.

use crate::value::{DateText, Number};

use super::cell::BufferRange;

/// A value of the document as the language sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum FieldValue<'t> {
    Absent,
    Boolean(bool),
    Number(Number),
    Text(&'t str),
    Date(DateText),
    Numbers(&'t [Number]),
    Texts(Texts<'t>),
    NoEntry,
}

/// The values of a custom field or segment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Texts<'t> {
    /// The buffer that holds them.
    buffer: &'t str,
    ranges: &'t [BufferRange],
}

impl PartialEq for Texts<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<'t> Texts<'t> {
    pub(super) fn new(buffer: &'t str, ranges: &'t [BufferRange]) -> Texts<'t> {
        Texts { buffer, ranges }
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = &'t str> {
        self.ranges.iter().map(move |range| self.buffer.get(range.range()).unwrap_or(""))
    }
}
