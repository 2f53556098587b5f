//! The memory that reading a document needs beside the transaction.

use std::iter::repeat_n;

use crate::diagnostic::Offset;
use crate::json::{Content, Decoding, Kind, Name};

use super::candidates::Candidates;
use super::cell::Cell;
use super::shapes::Shapes;

/// The memory that reading a document needs beside the transaction. It is kept
/// with the transaction, so that it is allocated once.
#[derive(Debug, Clone, Default)]
pub(super) struct Buffers {
    pub(super) decoding: Decoding,
    pub(super) seen: SeenNames,
    /// The keys of the open item that may match an item attribute.
    pub(super) candidates: Candidates,
    /// The custom fields or segments of the open object that were read, by
    /// slot.
    pub(super) found: Vec<(Name, usize, Cell)>,
    /// The shapes of earlier documents.
    pub(super) shapes: Shapes,
    /// Of documents of another shape: what a conversion makes of a value.
    pub(super) converted: String,
    /// Of these: which watched values hold, a bit each.
    pub(super) marks: u64,
    /// Of these: the containers that are there.
    pub(super) there: Vec<bool>,
    /// Of these: values that are taken at the end, if something else holds.
    pub(super) later: Vec<Later>,
}

/// A scalar that waits for the end of its document.
#[derive(Debug, Clone, Copy)]
pub(super) struct Later {
    /// By which it is taken.
    pub(super) number: u32,
    pub(super) kind: Kind,
    pub(super) text: Content,
    pub(super) start: Offset,
    pub(super) name: Name,
}

impl Buffers {
    /// Makes them ready for a document, also after one that was refused.
    #[inline]
    pub(super) fn begin(&mut self, shapes_of: u64) {
        self.seen.0.clear();
        self.candidates.clear();
        self.found.clear();
        self.shapes.begin(shapes_of);
    }
}

/// One bit for every known name of every open object: whether it was seen.
#[derive(Debug, Clone, Default)]
pub(super) struct SeenNames(Vec<u64>);

/// The bits of one open object.
#[derive(Clone, Copy)]
pub(super) struct Seen {
    first: usize,
}

impl SeenNames {
    /// Opens an object with this number of known names, none of them seen yet.
    #[inline]
    pub(super) fn open(&mut self, names: usize) -> Seen {
        let seen = Seen { first: self.0.len() };
        self.0.extend(repeat_n(0, names.div_ceil(64)));
        seen
    }

    /// Closes the object that was opened last.
    #[inline]
    pub(super) fn close(&mut self, seen: Seen) {
        self.0.truncate(seen.first);
    }

    /// Marks a name as seen. Returns whether it was seen before.
    #[inline]
    pub(super) fn note(&mut self, seen: Seen, number: u32) -> bool {
        // INVARIANT: one is the length of a vector of machine words, the other
        // below the length of a table, so their sum cannot overflow.
        let at = seen.first.wrapping_add(number.wrapping_shr(6) as usize);
        let bit = 1_u64.wrapping_shl(number & 63);
        let Some(word) = self.0.get_mut(at) else { return false };
        let before = *word & bit != 0;
        *word |= bit;
        before
    }
}
