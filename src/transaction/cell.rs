//! The content of a slot.

use std::ops::Range;

use crate::value::{DateText, Fixed, Number};

/// The content of a slot. Texts, lists and everything else of variable size are
/// in the buffers of the transaction.
///
/// INVARIANT: a number that fits [`Fixed`] is stored as one.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) enum Cell {
    #[default]
    Absent,
    /// The document has custom fields or segments, but not this one.
    NoEntry,
    Boolean(bool),
    Fixed(Fixed),
    Number(Number),
    /// A range of the transaction's text, and the symbol of that text.
    Text(BufferRange, Symbol),
    Date(DateText),
    /// A range of the transaction's numbers.
    Numbers(BufferRange),
    /// A range of the transaction's texts: a custom field or segment.
    Texts(BufferRange),
}

/// A range of a buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct BufferRange {
    start: u32,
    end: u32,
}

impl BufferRange {
    /// The range; `None` where its end does not fit 32 bits.
    pub(super) fn new(range: Range<usize>) -> Option<BufferRange> {
        Some(BufferRange { start: u32::try_from(range.start).ok()?, end: u32::try_from(range.end).ok()? })
    }

    pub(super) fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// The interned id of a text that rules compare with; zero stands for every
/// other text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(crate) struct Symbol(pub(crate) u32);

impl Symbol {
    /// The symbol that follows this number of others; `None` where it does not
    /// fit 32 bits.
    pub(super) fn after(others: usize) -> Option<Symbol> {
        u32::try_from(others).ok()?.checked_add(1).map(Symbol)
    }
}

/// A cell as one machine word, for the most frequent tests: the billionths of a
/// number, the symbol of a text, 0 or 1 for a truth value.
pub(crate) type Key = i64;

/// The key of a cell that is absent, or whose value does not fit a key.
pub(crate) const NO_KEY: Key = i64::MIN;

impl Cell {
    /// The key of the cell.
    pub(crate) fn key(&self) -> Key {
        match self {
            // No number of this form has `NO_KEY` as its billionths.
            Cell::Fixed(number) => number.small().unwrap_or(NO_KEY),
            Cell::Text(_, symbol) => Key::from(symbol.0),
            Cell::Boolean(value) => Key::from(*value),
            _ => NO_KEY,
        }
    }

    pub(crate) fn of(number: Number) -> Cell {
        Fixed::of(number).map_or(Cell::Number(number), Cell::Fixed)
    }
}

#[cfg(test)]
mod tests {
    use super::{BufferRange, Symbol};

    #[test]
    fn what_32_bits_cannot_count_has_no_range_and_no_symbol() {
        let last = u32::MAX as usize;
        assert_eq!(BufferRange::new(1..last).map(BufferRange::range), Some(1..last));
        assert_eq!(BufferRange::new(1..last + 1), None);
        assert_eq!(Symbol::after(0), Some(Symbol(1)), "zero is every other text");
        assert_eq!((Symbol::after(last - 1), Symbol::after(last)), (Some(Symbol(u32::MAX)), None));
    }
}
