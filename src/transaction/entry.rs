//! Line items and tenders, and the figures of a line item that are computed
//! from its other figures.

use crate::schema::ListName;
use crate::typed::{Field, Figure, ValueKind};
use crate::value::{Number, NumberFault};

use super::cell::{Cell, Key, NO_KEY};
use super::field_value::FieldValue;
use super::list::List;
use super::list_plan::{FigureField, ListPlan};
use super::model::Transaction;

impl Transaction {
    /// The entries of a list; `None` where the document has no list.
    pub(crate) fn entries(
        &self,
        section: &str,
        list: ListName,
    ) -> Option<impl ExactSizeIterator<Item = Entry<'_>>> {
        self.list(section, list).map(Entries::iter)
    }

    /// The same, to take entries by their positions.
    pub(crate) fn list(&self, section: &str, list: ListName) -> Option<Entries<'_>> {
        self.entries_of(self.layout.plan.list(section, list)?)
    }

    /// The same, by the index of the list in the layout.
    pub(crate) fn entries_of(&self, list: usize) -> Option<Entries<'_>> {
        let plan = self.layout.plan.list_plans.get(list)?;
        let held = self.lists.get(list).filter(|held| held.present)?;
        Some(Entries { transaction: self, plan, list: held })
    }
}

/// The entries of one list of a transaction.
#[derive(Clone, Copy)]
pub(crate) struct Entries<'t> {
    transaction: &'t Transaction,
    plan: &'t ListPlan,
    list: &'t List,
}

impl<'t> Entries<'t> {
    /// The keys of all entries, one row of slots after the other.
    #[inline]
    pub(crate) fn keys(self) -> &'t [Key] {
        self.list.keys(self.plan.width())
    }

    /// How many slots an entry has: where its row begins is that many keys after
    /// the row before.
    #[inline]
    pub(crate) fn width(self) -> usize {
        self.plan.width()
    }

    /// The keys of one slot, entry by entry.
    #[inline]
    pub(crate) fn column(self, slot: u32) -> impl Iterator<Item = Key> {
        let (keys, width) = (self.keys(), self.width());
        let mut at = slot as usize;
        (0..self.count()).map(move |_| {
            let key = keys.get(at).copied().unwrap_or(NO_KEY);
            at = at.wrapping_add(width);
            key
        })
    }

    /// The key of a slot of the entry at a position.
    #[inline]
    pub(crate) fn key(self, position: usize, slot: u32) -> Key {
        let at = position.wrapping_mul(self.width()).wrapping_add(slot as usize);
        self.keys().get(at).copied().unwrap_or(NO_KEY)
    }

    /// How many entries there are.
    #[inline]
    pub(crate) fn count(self) -> usize {
        self.list.count()
    }

    /// The entry at a position.
    pub(crate) fn at(self, position: usize) -> Option<Entry<'t>> {
        (position < self.list.count()).then(|| self.entry(position))
    }

    #[inline]
    fn entry(self, position: usize) -> Entry<'t> {
        let range = List::row(position, self.plan.width());
        let row = self.list.cells.cells().get(range.clone()).unwrap_or_default();
        let keys = self.list.cells.keys().get(range).unwrap_or_default();
        Entry { transaction: self.transaction, plan: self.plan, row, keys }
    }

    pub(crate) fn iter(self) -> impl ExactSizeIterator<Item = Entry<'t>> {
        // Measured in instructions: a rule about a basket costs a sixth more to
        // decide where rows are chunks of the vectors, or are made by the list.
        (0..self.list.count()).map(move |position| self.entry(position))
    }
}

/// The line item or tender that a rule is decided for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum CurrentEntry<'t> {
    /// The rule is not decided per entry.
    None,
    /// The current one.
    At(Entry<'t>),
    /// The rule is decided per entry, but the document has no such list.
    Missing,
}

/// One line item or tender.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry<'t> {
    transaction: &'t Transaction,
    plan: &'t ListPlan,
    row: &'t [Cell],
    keys: &'t [Key],
}

/// A figure of an item; `None` where it is absent, an error where it cannot be
/// computed.
pub(crate) type Amount = Result<Option<Number>, NumberFault>;

impl<'t> Entry<'t> {
    /// A field of the entry: its own, or an extended one.
    pub(crate) fn field(&self, field: &Field, kind: ValueKind) -> FieldValue<'t> {
        let slot = self.plan.field(field, kind);
        slot.map_or(FieldValue::Absent, |slot| self.transaction.view(self.cell(slot)))
    }

    /// The cell of a slot of the entry.
    #[inline]
    pub(crate) fn cell(&self, slot: usize) -> &'t Cell {
        self.row.get(slot).unwrap_or(&Cell::Absent)
    }

    /// The keys of all values of the entry, by slot.
    #[inline]
    pub(crate) fn keys(&self) -> &'t [Key] {
        self.keys
    }

    /// The value of an item attribute; `None` where the item lacks it.
    pub(crate) fn attribute(&self, name: &str) -> Option<&'t str> {
        match self.plan.attribute(name).map(|slot| self.cell(slot)) {
            Some(Cell::Text(range, _)) => Some(self.transaction.text(*range)),
            _ => None,
        }
    }

    fn number(&self, field: FigureField) -> Option<Number> {
        match self.transaction.view(self.cell(self.plan.figure(field)?)) {
            FieldValue::Number(number) => Some(number),
            _ => None,
        }
    }

    pub(crate) fn figure(&self, figure: Figure) -> Amount {
        match figure {
            Figure::Amount => self.amount(),
            Figure::Discount => Ok(self.number(FigureField::Discount)),
            Figure::Quantity => Ok(self.number(FigureField::Quantity)),
            Figure::Rate => Ok(self.number(FigureField::Rate)),
            Figure::Value => self.value(),
        }
    }

    /// The fewest fields that the item lacks of what a figure needs: stated
    /// beside what is there, they would give it. None where it has the figure.
    pub(crate) fn lacks(&self, figure: Figure) -> &'static [&'static str] {
        let has = |field: FigureField| self.number(field).is_some();
        let lacks_value = || match () {
            () if has(FigureField::Value) || (has(FigureField::Rate) && has(FigureField::Quantity)) => None,
            () if has(FigureField::Rate) => Some("qty"),
            () if has(FigureField::Quantity) => Some("rate"),
            () => Some("value"),
        };
        match figure {
            Figure::Discount if !has(FigureField::Discount) => &["discount"],
            Figure::Quantity if !has(FigureField::Quantity) => &["qty"],
            Figure::Rate if !has(FigureField::Rate) => &["rate"],
            Figure::Discount | Figure::Quantity | Figure::Rate => &[],
            Figure::Value => match lacks_value() {
                None => &[],
                Some(_) if has(FigureField::Amount) && has(FigureField::Discount) => &[],
                Some(_) if has(FigureField::Amount) => &["discount"],
                Some("qty") => &["qty"],
                Some("rate") => &["rate"],
                Some(_) => &["value"],
            },
            Figure::Amount if has(FigureField::Amount) => &[],
            Figure::Amount => match (lacks_value(), has(FigureField::Discount)) {
                (None, true) => &[],
                (None, false) => &["discount"],
                (Some("qty"), true) => &["qty"],
                (Some("rate"), true) => &["rate"],
                (Some(_), _) => &["amount"],
            },
        }
    }

    /// Gross value: as stated, else rate x quantity, else amount + discount.
    fn value(&self) -> Amount {
        if let Some(value) = self.number(FigureField::Value) {
            return Ok(Some(value));
        }
        if let (Some(rate), Some(quantity)) =
            (self.number(FigureField::Rate), self.number(FigureField::Quantity))
        {
            return rate.times(quantity).map(Some);
        }
        match (self.number(FigureField::Amount), self.number(FigureField::Discount)) {
            (Some(amount), Some(discount)) => amount.plus(discount).map(Some),
            _ => Ok(None),
        }
    }

    /// Net amount: as stated, else value - discount.
    fn amount(&self) -> Amount {
        if let Some(amount) = self.number(FigureField::Amount) {
            return Ok(Some(amount));
        }
        // An absence wins over a fault of the value.
        let Some(discount) = self.number(FigureField::Discount) else { return Ok(None) };
        self.value()?.map(|value| value.minus(discount)).transpose()
    }

    /// Discount in percent of the value: as stated, else discount / value x 100.
    pub(crate) fn discount_percentage(&self) -> Amount {
        if let Some(percentage) = self.number(FigureField::DiscountPercentage) {
            return Ok(Some(percentage));
        }
        let Some(discount) = self.number(FigureField::Discount) else { return Ok(None) };
        let share = |value| discount.divided_by(value)?.times(Number::HUNDRED);
        self.value()?.map(share).transpose()
    }
}
