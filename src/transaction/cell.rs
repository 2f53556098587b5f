//! What a slot holds, and the same as the language sees it.

use std::ops::Range;

use crate::value::{DateText, Fixed, Number};

use super::Transaction;

/// The content of a slot. Text, lists and all else of no fixed size stand in
/// the buffers of the transaction.
///
/// INVARIANT: a number that fits [`Fixed`] is held as one.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) enum Cell {
    #[default]
    Absent,
    /// A custom field or segment that its container does not have.
    NoEntry,
    Boolean(bool),
    Fixed(Fixed),
    Number(Number),
    /// Its place in the transaction's text, and the symbol of that text.
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
    /// The range, where a buffer is not larger than 4 GiB.
    pub(super) fn new(range: Range<usize>) -> Option<BufferRange> {
        Some(BufferRange { start: u32::try_from(range.start).ok()?, end: u32::try_from(range.end).ok()? })
    }

    pub(super) fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A text that rules compare with, as a number; zero is any other text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(crate) struct Symbol(pub(crate) u32);

/// A cell as one machine word, for the tests that are asked most: billionths
/// of a number, the symbol of a text, 0 or 1 of a truth value.
pub(crate) type Key = i64;

/// The key of a cell that has none: it is absent, or does not fit.
pub(crate) const NO_KEY: Key = i64::MIN;

impl Cell {
    /// The cell as a key.
    pub(crate) fn key(&self) -> Key {
        match self {
            // No number of this form is the one key that stands for none.
            Cell::Fixed(number) => number.small().unwrap_or(NO_KEY),
            Cell::Text(_, symbol) => i64::from(symbol.0),
            Cell::Boolean(value) => i64::from(*value),
            _ => NO_KEY,
        }
    }

    pub(crate) fn of(number: Number) -> Cell {
        Fixed::of(number).map_or(Cell::Number(number), Cell::Fixed)
    }
}

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
    transaction: &'t Transaction,
    spans: &'t [BufferRange],
}

impl PartialEq for Texts<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<'t> Texts<'t> {
    pub(crate) fn iter(self) -> impl Iterator<Item = &'t str> {
        self.spans.iter().map(move |span| self.transaction.text(*span))
    }
}

impl Transaction {
    /// The values of a custom field or segment.
    pub(crate) fn texts(&self, span: BufferRange) -> impl Iterator<Item = &str> {
        let spans = self.texts.get(span.range()).unwrap_or_default();
        Texts { transaction: self, spans }.iter()
    }

    /// A cell as the language sees it.
    pub(crate) fn view(&self, cell: &Cell) -> FieldValue<'_> {
        match cell {
            Cell::Absent => FieldValue::Absent,
            Cell::NoEntry => FieldValue::NoEntry,
            Cell::Boolean(value) => FieldValue::Boolean(*value),
            Cell::Fixed(number) => FieldValue::Number(number.number()),
            Cell::Number(number) => FieldValue::Number(*number),
            Cell::Text(span, _) => FieldValue::Text(self.text(*span)),
            Cell::Date(date) => FieldValue::Date(*date),
            Cell::Numbers(span) => FieldValue::Numbers(self.numbers.get(span.range()).unwrap_or_default()),
            Cell::Texts(span) => {
                let spans = self.texts.get(span.range()).unwrap_or_default();
                FieldValue::Texts(Texts { transaction: self, spans })
            }
        }
    }
}
