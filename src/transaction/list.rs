//! The entries of a list as rows of cells.

use std::ops::Range;

use crate::value::Count;

use super::cell::{Cell, Key};
use super::cells::Cells;

/// The entries of a list, one row of cells after the other.
///
/// A row is as wide as all that rules name, and few of its values are there; what
/// it costs follows from those that are.
#[derive(Debug, Clone, Default)]
pub(super) struct List {
    /// Whether the document has the list.
    pub(super) present: bool,
    count: Count,
    /// Of all rows, and absent ones after the last.
    pub(super) cells: Cells,
}

/// The position of an entry's cells in its list.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    first: usize,
}

impl Row {
    #[inline]
    fn cell(self, slot: usize) -> usize {
        // INVARIANT: both are at most the length of a vector of cells, so their
        // sum cannot overflow.
        self.first.wrapping_add(slot)
    }
}

impl List {
    pub(super) fn clear(&mut self) {
        self.present = false;
        self.count = Count::default();
        self.cells.clear();
    }

    /// Adds an entry of `width` absent cells.
    #[inline]
    pub(super) fn add(&mut self, width: usize) -> Row {
        let Range { start: first, end } = List::row(self.count.get(), width);
        self.count.add_one();
        self.cells.grow(end);
        Row { first }
    }

    /// Stores a cell and its key in a row.
    #[inline]
    pub(super) fn set(&mut self, row: Row, slot: usize, cell: Cell) {
        self.cells.set(row.cell(slot), cell);
    }

    /// The keys of all rows, each of so many.
    #[inline]
    pub(super) fn keys(&self, width: usize) -> &[Key] {
        let end = List::row(self.count.get(), width).start;
        self.cells.keys().get(..end).unwrap_or_default()
    }

    /// How many entries there are.
    #[inline]
    pub(super) fn count(&self) -> usize {
        self.count.get()
    }

    /// Where the cells and the keys of an entry stand.
    #[inline]
    pub(super) fn row(number: usize, width: usize) -> Range<usize> {
        // INVARIANT: each entry adds so many cells, so where its row ends is the
        // length of a vector at most.
        let first = number.wrapping_mul(width);
        first..first.wrapping_add(width)
    }
}
