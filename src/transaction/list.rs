//! The entries of a list as rows of cells.

use crate::value::Count;

use super::cell::{Cell, Key};

/// The entries of a list, one row of cells after the other.
#[derive(Debug, Clone, Default)]
pub(super) struct List {
    /// Whether the document has the list.
    pub(super) present: bool,
    count: Count,
    cells: Vec<Cell>,
    /// The keys of the cells. INVARIANT: once the list is complete, each is the
    /// key of its cell.
    keys: Vec<Key>,
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

    /// The cells and keys of each entry, where an entry has `width` cells.
    pub(super) fn rows(&self, width: usize) -> impl ExactSizeIterator<Item = (&[Cell], &[Key])> {
        // A list of entries without cells still has a length, so entries are
        // not counted by their cells.
        let width = width.max(1);
        let (mut cells, mut keys) = (self.cells.chunks(width), self.keys.chunks(width));
        (0..self.count.get())
            .map(move |_| (cells.next().unwrap_or_default(), keys.next().unwrap_or_default()))
    }
}
