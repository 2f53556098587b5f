//! The entries of a list as rows of cells.

use std::ops::Range;

use crate::value::Count;

use super::cell::{Cell, Key};

/// The entries of a list, one after the other: a row of cells each.
#[derive(Debug, Clone, Default)]
pub(super) struct List {
    /// Whether the document has the list at all.
    pub(super) present: bool,
    count: Count,
    pub(super) cells: Vec<Cell>,
    /// The same as keys. INVARIANT: each is its cell's, where the list is
    /// complete.
    pub(super) keys: Vec<Key>,
}

/// Where the cells of an entry stand in their list.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    first: usize,
}

impl Row {
    #[inline]
    fn cell(self, slot: usize) -> usize {
        // INVARIANT: both are lengths of vectors of cells or below one, so
        // their sum is far below the largest number.
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

    /// Adds an entry of so many cells, of which nothing is known. Its keys come
    /// with [`List::complete`].
    #[inline]
    pub(super) fn add(&mut self, width: usize) -> Row {
        let row = Row { first: self.cells.len() };
        self.count.add_one();
        self.cells.extend(std::iter::repeat_n(Cell::Absent, width));
        row
    }

    /// Puts a cell into a row whose keys are not made yet.
    #[inline]
    pub(super) fn put(&mut self, row: Row, slot: usize, cell: Cell) {
        if let Some(held) = self.cells.get_mut(row.cell(slot)) {
            *held = cell;
        }
    }

    /// Makes the list one that is there, and the keys of what was added.
    pub(super) fn complete(&mut self) {
        self.present = true;
        self.keys.extend(self.cells.iter().skip(self.keys.len()).map(Cell::key));
    }

    /// Puts a cell and its key into a row of a complete list.
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
