//! The entries of a list as rows of cells.

use std::ops::Range;

use crate::value::Count;

use super::cell::{Cell, Key};

/// The entries of a list, one row of cells after the other.
#[derive(Debug, Clone, Default)]
pub(super) struct List {
    /// Whether the document has the list.
    pub(super) present: bool,
    count: Count,
    pub(super) cells: Vec<Cell>,
    /// The keys of the cells. INVARIANT: once the list is complete, each is the
    /// key of its cell.
    pub(super) keys: Vec<Key>,
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
        self.keys.clear();
    }

    /// Adds an entry of `width` absent cells. Its keys are made by
    /// [`List::complete`].
    #[inline]
    pub(super) fn add(&mut self, width: usize) -> Row {
        let row = Row { first: self.cells.len() };
        self.count.add_one();
        self.cells.extend(std::iter::repeat_n(Cell::Absent, width));
        row
    }

    /// Stores a cell in a row whose keys are not made yet.
    #[inline]
    pub(super) fn put(&mut self, row: Row, slot: usize, cell: Cell) {
        if let Some(held) = self.cells.get_mut(row.cell(slot)) {
            *held = cell;
        }
    }

    /// Marks the list as present, and makes the keys of the new entries.
    pub(super) fn complete(&mut self) {
        self.present = true;
        self.keys.extend(self.cells.iter().skip(self.keys.len()).map(Cell::key));
    }

    /// Stores a cell and its key in a row of a complete list.
    pub(super) fn set(&mut self, row: Row, slot: usize, cell: Cell) {
        let at = row.cell(slot);
        if let (Some(held), Some(key)) = (self.cells.get_mut(at), self.keys.get_mut(at)) {
            *key = cell.key();
            *held = cell;
        }
    }

    /// How many entries there are.
    #[inline]
    pub(super) fn count(&self) -> usize {
        self.count.get()
    }

    /// Where the cells and the keys of an entry stand, each of so many cells.
    #[inline]
    pub(super) fn row(number: usize, width: usize) -> Range<usize> {
        // INVARIANT: each entry added so many cells, so where its row ends is
        // at most the length of the vector.
        let first = number.wrapping_mul(width);
        first..first.wrapping_add(width)
    }
}
