//! Aggregates by the keys of line items: exact sums of integers, of the items
//! that are selected alone.

use crate::condition::Measure;
use crate::transaction::{Cell, Entries, Entry, Key, NO_KEY, Transaction};
use crate::typed::Figure;
use crate::value::{Count, Fixed, FixedSum, Number, Pattern};

use super::aggregate::{CompiledAggregate, ItemFilter};
use super::computed::DerivedValue;
use super::evaluation::Evaluation;
use super::item_index::Found;
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

/// A position among the items, and their keys there.
type Row<'t> = (usize, &'t [Key]);

impl CompiledAggregate {
    /// The value; `None` where it takes the definition to say it.
    pub(super) fn of_selected<'t>(
        &self,
        entries: Entries<'t>,
        evaluation: &mut Evaluation<'t>,
    ) -> Option<DerivedValue> {
        let transaction = evaluation.transaction();
        let items = Items { entries, transaction };
        let at = |position: u32| (position as usize, entries.row_of_keys(position as usize));
        match self.selector.map_or(Found::New, |selector| evaluation.ask_index(selector)) {
            Found::New => {}
            found => {
                let having = |index, evaluation: &mut Evaluation<'t>| match &self.filter {
                    ItemFilter::Symbol { symbol, .. } | ItemFilter::SymbolAndMatches { symbol, .. } => {
                        let rows = evaluation.indexes().0.having(index, *symbol);
                        self.total(items, rows.iter().map(|(_, position)| at(*position)), Asks::Filter)
                    }
                    _ => self.total(items, entries.rows_of_keys().enumerate(), Asks::Filter),
                };
                let matching = |positions, evaluation: &mut Evaluation<'t>| {
                    let rows = evaluation.indexes().0.matching(positions);
                    self.total(items, rows.iter().map(|position| at(*position)), Asks::Nothing)
                };
                return match (found, self.selector, &self.filter) {
                    (Found::Values(index), ..) => having(&index, evaluation),
                    (Found::Matching(positions), ..) => matching(positions, evaluation),
                    (
                        _,
                        Some(selector),
                        ItemFilter::Symbol { slot, .. } | ItemFilter::SymbolAndMatches { slot, .. },
                    ) => {
                        let (indexes, number) = evaluation.indexes();
                        let index = indexes.sort(number, selector, entries, *slot);
                        having(&index, evaluation)
                    }
                    (_, Some(selector), ItemFilter::Matches { slot, pattern }) => {
                        let (indexes, number) = evaluation.indexes();
                        let positions = indexes.find(number, selector, entries.count(), |position| {
                            entries.at(position).is_some_and(|entry| items.matches(entry, *slot, pattern))
                        });
                        matching(positions, evaluation)
                    }
                    _ => None,
                };
            }
        }
        self.total(items, entries.rows_of_keys().enumerate(), Asks::Filter)
    }

    /// The value over those of the rows that are selected.
    #[inline]
    fn total<'t>(
        &self,
        items: Items<'t>,
        rows: impl Iterator<Item = Row<'t>>,
        asks: Asks,
    ) -> Option<DerivedValue> {
        match self.sum(items, rows, asks) {
            Ok(value) => value,
            Err(Unsaid::Absent) => Some(DerivedValue::Missing(Missing::Absent)),
            Err(Unsaid::Ask) => None,
        }
    }

    #[inline]
    fn sum<'t>(
        &self,
        items: Items<'t>,
        rows: impl Iterator<Item = Row<'t>>,
        asks: Asks,
    ) -> Result<Option<DerivedValue>, Unsaid> {
        let mut count = Count::default();
        let mut sum = FixedSum::default();
        let figure = match self.measure {
            Measure::Sum(figure) => Some(figure),
            Measure::Count | Measure::Any => None,
        };
        let stated = figure.and_then(|figure| self.figures.slot(figure)).unwrap_or(u32::MAX) as usize;
        for (position, keys) in rows {
            if asks == Asks::Filter && !self.selects(items, position, keys)? {
                continue;
            }
            count.add_one();
            let Some(figure) = figure else { continue };
            let number = match keys.get(stated).copied() {
                Some(key) if key != NO_KEY => Fixed::of_small(key),
                _ => match self.figure(items, position, figure)? {
                    Numeric::Fixed(number) => number,
                    Numeric::Number(_) => return Err(Unsaid::Ask),
                },
            };
            if !sum.add(number) {
                return Err(Unsaid::Ask);
            }
        }
        Ok(match self.measure {
            Measure::Count => {
                Some(DerivedValue::Number(Numeric::from(Number::from_count(count.get()))))
            }
            Measure::Any => Some(DerivedValue::Boolean(count.get() > 0)),
            Measure::Sum(_) => sum.total().map(|total| DerivedValue::Number(Numeric::Fixed(total))),
        })
    }

    #[inline]
    fn selects(&self, items: Items<'_>, position: usize, keys: &[Key]) -> Result<bool, Unsaid> {
        let is = |slot: u32, symbol: u32| keys.get(slot as usize) == Some(&Key::from(symbol));
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
                let stated = self.figures.slot(*figure).and_then(|slot| keys.get(slot as usize));
                let found = match stated {
                    Some(key) if *key != NO_KEY => Numeric::Fixed(Fixed::of_small(*key)),
                    _ => self.figure(items, position, *figure)?,
                };
                Ok(operator.holds(found.order(*number)))
            }
        }
    }

    /// A figure that an item does not state, or not so that it has a key.
    #[cold]
    fn figure(&self, items: Items<'_>, position: usize, figure: Figure) -> Result<Numeric, Unsaid> {
        Ok(self.figures.figure(figure, items.entry(position)?)?)
    }
}

/// Whether rows are still to be asked if they are selected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asks {
    Filter,
    Nothing,
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
