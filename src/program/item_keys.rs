//! Aggregates by the keys of line items: exact sums of integers, of the items
//! that are selected alone.

use crate::condition::Measure;
use crate::transaction::{Cell, Entries, Entry, Key, NO_KEY, Transaction};
use crate::typed::Figure;
use crate::value::{Fixed, FixedSum, Number, Pattern};

use super::aggregate::{CompiledAggregate, ItemFilter};
use super::computed::DerivedValue;
use super::evaluation::Evaluation;
use super::item_index::IndexedItems;
use super::numeric::{Missing, Numeric};

/// Why keys do not give the value.
enum Unsaid {
    /// Something that is needed is absent, and so is the whole.
    Absent,
    /// The items must be asked by the definition.
    Ask,
}

impl From<Missing> for Unsaid {
    fn from(missing: Missing) -> Unsaid {
        match missing {
            Missing::Absent => Unsaid::Absent,
            // An absence elsewhere may outweigh it.
            Missing::Fault => Unsaid::Ask,
        }
    }
}

impl CompiledAggregate {
    /// The value; `None` where it takes the definition to say it.
    pub(super) fn of_selected<'t>(
        &self,
        entries: Entries<'t>,
        evaluation: &mut Evaluation<'t>,
    ) -> Option<DerivedValue> {
        let transaction = evaluation.transaction();
        let items = Items { entries, transaction };
        let found = self.selector.map_or(IndexedItems::New, |selector| evaluation.ask_index(selector));
        match (found, self.selector, &self.filter) {
            (IndexedItems::New, _, ItemFilter::Symbol { slot, symbol }) => {
                let symbol = Key::from(symbol.0);
                let column = entries.column(*slot).enumerate();
                self.total(items, column.filter(|(_, key)| *key == symbol).map(|(position, _)| position))
            }
            (IndexedItems::New, ..) | (_, None, _) => self.total_of_selected(items, 0..entries.count()),
            (IndexedItems::Matching(positions), ..) => {
                let rows = evaluation.indexes().0.matching(positions);
                self.total(items, rows.iter().map(|position| *position as usize))
            }
            (
                found,
                Some(selector),
                filter @ (ItemFilter::Symbol { slot, symbol }
                | ItemFilter::SymbolAndMatches { slot, symbol, .. }),
            ) => {
                let (indexes, number) = evaluation.indexes();
                let index = match found {
                    IndexedItems::Values(index) => index,
                    _ => indexes.sort(number, selector, entries, *slot),
                };
                let rows = indexes.having(&index, *symbol).iter().map(|(_, position)| *position as usize);
                match filter {
                    ItemFilter::Symbol { .. } => self.total(items, rows),
                    _ => self.total_of_selected(items, rows),
                }
            }
            (_, Some(selector), ItemFilter::Matches { slot, pattern }) => {
                let (indexes, number) = evaluation.indexes();
                let positions = indexes.find(number, selector, entries.count(), |position| {
                    entries.at(position).is_some_and(|entry| items.matches(entry, *slot, pattern))
                });
                self.total(items, indexes.matching(positions).iter().map(|position| *position as usize))
            }
            (_, Some(_), ItemFilter::All | ItemFilter::Compares { .. }) => None,
        }
    }

    /// The value over those of the rows that are selected.
    fn total_of_selected<'t>(
        &self,
        items: Items<'t>,
        rows: impl Iterator<Item = usize>,
    ) -> Option<DerivedValue> {
        let mut stopped = None;
        let selected = rows.filter(|position| match self.selects(items, *position) {
            Ok(selected) => selected,
            Err(unsaid) => {
                stopped = stopped.take().or(Some(unsaid));
                false
            }
        });
        let total = self.sum(items, selected);
        answer(match (stopped, total) {
            // An absence wins wherever it is.
            (Some(Unsaid::Absent), _) => Err(Unsaid::Absent),
            (Some(Unsaid::Ask), _) => Err(Unsaid::Ask),
            (None, total) => total,
        })
    }

    /// The value over rows that are selected.
    #[inline]
    fn total<'t>(&self, items: Items<'t>, rows: impl Iterator<Item = usize>) -> Option<DerivedValue> {
        answer(self.sum(items, rows))
    }

    #[inline]
    fn sum<'t>(
        &self,
        items: Items<'t>,
        rows: impl Iterator<Item = usize>,
    ) -> Result<Option<DerivedValue>, Unsaid> {
        let Measure::Sum(figure) = self.measure else {
            let count = rows.count();
            return Ok(Some(match self.measure {
                Measure::Any => DerivedValue::Boolean(count > 0),
                _ => DerivedValue::Number(counted(count)),
            }));
        };
        let stated = self.figures.slot(figure);
        let mut sum = FixedSum::default();
        for position in rows {
            let number = match stated.map(|slot| items.entries.key(position, slot)) {
                Some(key) if key != NO_KEY => Fixed::of_small(key),
                _ => self.fixed_figure(items, position, figure)?,
            };
            if !sum.add(number) {
                return Err(Unsaid::Ask);
            }
        }
        Ok(sum.total().map(|total| DerivedValue::Number(Numeric::Fixed(total))))
    }

    #[inline]
    fn selects(&self, items: Items<'_>, position: usize) -> Result<bool, Unsaid> {
        let key = |slot: u32| items.entries.key(position, slot);
        let is = |slot: u32, symbol: u32| key(slot) == Key::from(symbol);
        match &self.filter {
            ItemFilter::All => Ok(true),
            ItemFilter::Symbol { slot, symbol } => Ok(is(*slot, symbol.0)),
            ItemFilter::Matches { slot, pattern } => {
                Ok(items.matches(items.entry(position)?, *slot, pattern))
            }
            ItemFilter::SymbolAndMatches { slot, symbol, pattern } => {
                Ok(is(*slot, symbol.0) && items.matches(items.entry(position)?, *slot, pattern))
            }
            ItemFilter::Compares { figure, operator, number } => {
                let found = match self.figures.slot(*figure).map(key) {
                    Some(key) if key != NO_KEY => Numeric::Fixed(Fixed::of_small(key)),
                    _ => self.figure(items, position, *figure)?,
                };
                Ok(operator.holds(found.order(*number)))
            }
        }
    }

    #[cold]
    #[inline(never)]
    fn fixed_figure(&self, items: Items<'_>, position: usize, figure: Figure) -> Result<Fixed, Unsaid> {
        match self.figure(items, position, figure)? {
            Numeric::Fixed(number) => Ok(number),
            Numeric::Number(_) => Err(Unsaid::Ask),
        }
    }

    /// A figure that an item does not state, or not so that it has a key.
    #[cold]
    fn figure(&self, items: Items<'_>, position: usize, figure: Figure) -> Result<Numeric, Unsaid> {
        Ok(self.figures.figure(figure, items.entry(position)?)?)
    }
}

fn counted(count: usize) -> Numeric {
    match Fixed::of_count(count) {
        Some(count) => Numeric::Fixed(count),
        None => Numeric::from(Number::from(count)),
    }
}

fn answer(total: Result<Option<DerivedValue>, Unsaid>) -> Option<DerivedValue> {
    match total {
        Ok(value) => value,
        Err(Unsaid::Absent) => Some(DerivedValue::Missing(Missing::Absent)),
        Err(Unsaid::Ask) => None,
    }
}

/// The items of a transaction.
#[derive(Clone, Copy)]
struct Items<'t> {
    entries: Entries<'t>,
    transaction: &'t Transaction,
}

impl<'t> Items<'t> {
    fn entry(self, position: usize) -> Result<Entry<'t>, Unsaid> {
        self.entries.at(position).ok_or(Unsaid::Ask)
    }

    fn matches(self, entry: Entry<'_>, slot: u32, pattern: &Pattern) -> bool {
        match entry.cell(slot as usize) {
            Cell::Text(text, _) => pattern.is_match(self.transaction.text(*text)),
            _ => false,
        }
    }
}
