//! Cells and their keys, by slot.

use super::cell::{Cell, Key, NO_KEY};

/// Cells and their keys. A layout may have thousands of slots of which a
/// document fills few, so to clear them costs what was filled.
#[derive(Debug, Clone, Default)]
pub(super) struct Cells {
    cells: Vec<Cell>,
    /// INVARIANT: each is the key of its cell.
    keys: Vec<Key>,
    /// INVARIANT: every cell that is not absent, unless `all`; as many as there
    /// are cells at most.
    filled: Vec<usize>,
    /// Whether more may be filled than was noted: a host may fill and empty the
    /// same cell again and again.
    all: bool,
}

impl Cells {
    /// So many absent cells.
    pub(super) fn absent(count: usize) -> Cells {
        Cells { cells: vec![Cell::Absent; count], keys: vec![NO_KEY; count], ..Cells::default() }
    }

    /// Adds absent cells until there are this many.
    #[inline]
    pub(super) fn grow(&mut self, count: usize) {
        if self.cells.len() < count {
            self.cells.resize(count, Cell::Absent);
            self.keys.resize(count, NO_KEY);
        }
    }

    #[inline]
    pub(super) fn get(&self, at: usize) -> &Cell {
        self.cells.get(at).unwrap_or(&Cell::Absent)
    }

    #[inline]
    pub(super) fn cells(&self) -> &[Cell] {
        &self.cells
    }

    #[inline]
    pub(super) fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// The cells that were filled, and may be absent again; `None` where that is not
    /// known.
    pub(super) fn filled(&self) -> Option<&[usize]> {
        (!self.all).then_some(&*self.filled)
    }

    /// Stores a cell and its key.
    #[inline]
    pub(super) fn set(&mut self, at: usize, cell: Cell) {
        let (Some(held), Some(key)) = (self.cells.get_mut(at), self.keys.get_mut(at)) else { return };
        let fills = matches!(held, Cell::Absent);
        *key = cell.key();
        *held = cell;
        if fills {
            if self.filled.len() < self.cells.len() {
                self.filled.push(at);
            } else {
                self.all = true;
            }
        }
    }

    /// Makes all absent.
    pub(super) fn clear(&mut self) {
        if self.all {
            self.cells.fill(Cell::Absent);
            self.keys.fill(NO_KEY);
            self.filled.clear();
            self.all = false;
        }
        for at in self.filled.drain(..) {
            if let (Some(held), Some(key)) = (self.cells.get_mut(at), self.keys.get_mut(at)) {
                (*held, *key) = (Cell::Absent, NO_KEY);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Cell, Cells, NO_KEY};

    fn are_absent(cells: &Cells) -> bool {
        cells.cells.iter().all(|cell| *cell == Cell::Absent) && cells.keys.iter().all(|key| *key == NO_KEY)
    }

    #[test]
    fn whatever_was_filled_is_cleared_and_little_is_noted() {
        let mut cells = Cells::absent(3);
        for _ in 0..3 {
            for _ in 0..10 {
                cells.set(1, Cell::Boolean(true));
                cells.set(1, Cell::Absent);
                assert!(cells.filled.len() <= cells.cells.len());
            }
            // Not noted any more, also not once there are more cells.
            cells.set(2, Cell::Boolean(true));
            cells.grow(9);
            cells.set(8, Cell::Boolean(false));
            assert_eq!((cells.get(2), cells.keys()[8]), (&Cell::Boolean(true), 0));
            assert!(cells.filled.len() <= 9);
            cells.clear();
            assert!(are_absent(&cells));
        }
    }
}
