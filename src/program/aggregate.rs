//! Aggregates over line items, in one pass and without a buffer.

use crate::condition::Measure;
use crate::syntax::Operator;
use crate::transaction::{Cell, Entries, Entry, ListPlan, Symbol, Transaction};
use crate::typed::{Field, Figure, ValueKind};
use crate::value::{Count, Fixed, FixedSum, Number, Pattern};

use super::computed::DerivedValue;
use super::evaluation::Evaluation;
use super::numeric::{Missing, Numeric, number_of};

/// Where the figures of an item stand; `u32::MAX` where none is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FigureSlots {
    amount: u32,
    discount: u32,
    quantity: u32,
    rate: u32,
    value: u32,
}

impl FigureSlots {
    pub(crate) fn of(plan: &ListPlan) -> FigureSlots {
        let slot = |name: &str| {
            let slot = plan.field(&Field::own(name), ValueKind::Number);
            slot.and_then(|slot| u32::try_from(slot).ok()).unwrap_or(u32::MAX)
        };
        FigureSlots {
            amount: slot("amount"),
            discount: slot("discount"),
            quantity: slot("qty"),
            rate: slot("rate"),
            value: slot("value"),
        }
    }

    /// Where an item states a figure; `None` where none is read.
    pub(crate) fn slot(&self, figure: Figure) -> Option<u32> {
        let slot = match figure {
            Figure::Amount => self.amount,
            Figure::Discount => self.discount,
            Figure::Quantity => self.quantity,
            Figure::Rate => self.rate,
            Figure::Value => self.value,
        };
        (slot != u32::MAX).then_some(slot)
    }

    pub(crate) fn figure(&self, figure: Figure, entry: Entry<'_>) -> Result<Numeric, Missing> {
        let stated = |slot: u32| number_of(entry.cell(slot as usize));
        match figure {
            Figure::Discount => stated(self.discount),
            Figure::Quantity => stated(self.quantity),
            Figure::Rate => stated(self.rate),
            Figure::Value => {
                if let Ok(value) = stated(self.value) {
                    return Ok(value);
                }
                if let (Ok(rate), Ok(quantity)) = (stated(self.rate), stated(self.quantity)) {
                    return Numeric::apply(Operator::Multiply, rate, quantity);
                }
                Numeric::apply(Operator::Add, stated(self.amount)?, stated(self.discount)?)
            }
            Figure::Amount => {
                if let Ok(amount) = stated(self.amount) {
                    return Ok(amount);
                }
                // An absence wins over a fault of the value.
                let discount = stated(self.discount)?;
                Numeric::apply(Operator::Subtract, self.figure(Figure::Value, entry)?, discount)
            }
        }
    }

    /// Discount in percent of the gross value.
    pub(crate) fn discount_percentage(&self, entry: Entry<'_>) -> Result<Numeric, Missing> {
        // An absence wins over a fault of the value.
        let discount = self.figure(Figure::Discount, entry)?;
        let value = self.figure(Figure::Value, entry)?;
        let share = Numeric::apply(Operator::Divide, discount, value)?;
        Numeric::apply(Operator::Multiply, share, Numeric::from(Number::HUNDRED))
    }
}

/// Which items count.
#[derive(Debug)]
pub(crate) enum ItemFilter {
    All,
    Symbol { slot: u32, symbol: Symbol },
    Matches { slot: u32, pattern: Pattern },
    SymbolAndMatches { slot: u32, symbol: Symbol, pattern: Pattern },
    Compares { figure: Figure, operator: Operator, number: Numeric },
}

impl ItemFilter {
    pub(crate) fn holds(
        &self,
        figures: &FigureSlots,
        transaction: &Transaction,
        entry: Entry<'_>,
    ) -> Result<bool, Missing> {
        let is = |slot: u32, symbol: Symbol| matches!(entry.cell(slot as usize), Cell::Text(_, found) if *found == symbol);
        let found = |slot: u32, pattern: &Pattern| match entry.cell(slot as usize) {
            Cell::Text(span, _) => pattern.is_match(transaction.text(*span)),
            _ => false,
        };
        match self {
            ItemFilter::All => Ok(true),
            ItemFilter::Symbol { slot, symbol } => Ok(is(*slot, *symbol)),
            ItemFilter::Matches { slot, pattern } => Ok(found(*slot, pattern)),
            ItemFilter::SymbolAndMatches { slot, symbol, pattern } => {
                Ok(is(*slot, *symbol) && found(*slot, pattern))
            }
            ItemFilter::Compares { figure, operator, number } => {
                let order = figures.figure(*figure, entry)?.order(*number);
                Ok(operator.holds(order))
            }
        }
    }
}

/// A value that follows from the items of a list.
#[derive(Debug)]
pub(crate) struct CompiledAggregate {
    /// The list's number in the layout.
    pub(crate) list: usize,
    pub(crate) figures: FigureSlots,
    pub(crate) filter: ItemFilter,
    pub(crate) measure: Measure,
    /// Whether items are asked by their keys as far as those say it.
    pub(super) by_keys: bool,
    /// The number of what items are selected by, where other aggregates select by
    /// the same.
    pub(super) selector: Option<u32>,
}

impl CompiledAggregate {
    /// The value where it is known already that it selects no item.
    #[inline]
    pub(super) fn of_nothing(&self, evaluation: &Evaluation<'_>) -> Option<DerivedValue> {
        let ItemFilter::Symbol { symbol, .. } = &self.filter else { return None };
        if !evaluation.items_lack(self.selector?, *symbol) {
            return None;
        }
        Some(match self.measure {
            Measure::Any => DerivedValue::Boolean(false),
            Measure::Count | Measure::Sum(_) => DerivedValue::Number(Numeric::Fixed(Fixed::of_small(0))),
        })
    }

    pub(crate) fn compute(&self, evaluation: &mut Evaluation<'_>) -> DerivedValue {
        let transaction = evaluation.transaction();
        let Some(entries) = transaction.entries_of(self.list) else {
            return DerivedValue::Missing(Missing::Absent);
        };
        if self.by_keys
            && let Some(value) = self.of_selected(entries, evaluation)
        {
            return value;
        }
        self.of_entries(entries, transaction)
    }

    /// The value, by the definition.
    fn of_entries(&self, entries: Entries<'_>, transaction: &Transaction) -> DerivedValue {
        // What makes one item's part missing makes the whole so, and an
        // absence outweighs a fault.
        let mut missing: Option<Missing> = None;
        let mut count = Count::default();
        let mut sum = FixedSum::default();
        let mut fits = true;
        for entry in entries.iter() {
            match self.filter.holds(&self.figures, transaction, entry) {
                Ok(false) => continue,
                Ok(true) => {
                    count.add_one();
                }
                Err(Missing::Absent) => return DerivedValue::Missing(Missing::Absent),
                Err(Missing::Fault) => missing = Some(Missing::Fault),
            }
        }
        let figure = match (self.measure, missing) {
            // A figure that a selected item lacks wins over the fault of
            // another item, which is not selected.
            (Measure::Sum(figure), _) => figure,
            (_, Some(missing)) => return DerivedValue::Missing(missing),
            (Measure::Count, None) => {
                return DerivedValue::Number(Numeric::from(Number::from(count.get())));
            }
            (Measure::Any, None) => return DerivedValue::Boolean(count.get() > 0),
        };
        for entry in self.filtered(entries, transaction) {
            match self.figures.figure(figure, entry) {
                Ok(Numeric::Fixed(number)) => fits &= sum.add(number),
                Ok(Numeric::Number(_)) => fits = false,
                Err(Missing::Absent) => return DerivedValue::Missing(Missing::Absent),
                Err(Missing::Fault) => missing = Some(Missing::Fault),
            }
        }
        if let Some(missing) = missing {
            return DerivedValue::Missing(missing);
        }
        if fits && let Some(total) = sum.total() {
            return DerivedValue::Number(Numeric::Fixed(total));
        }
        let numbers = self
            .filtered(entries, transaction)
            .filter_map(|entry| self.figures.figure(figure, entry).ok())
            .map(Numeric::number);
        match Number::sum(numbers) {
            Ok(total) => DerivedValue::Number(Numeric::from(total)),
            Err(_) => DerivedValue::Missing(Missing::Fault),
        }
    }

    fn filtered<'t>(
        &self,
        entries: Entries<'t>,
        transaction: &'t Transaction,
    ) -> impl Iterator<Item = Entry<'t>> {
        entries
            .iter()
            .filter(move |entry| matches!(self.filter.holds(&self.figures, transaction, *entry), Ok(true)))
    }
}
