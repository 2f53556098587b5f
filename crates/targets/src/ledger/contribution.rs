//! What one activity adds to a target, and what a return takes back: the table
//! of the targets' types.
//!
//! The platform's documentation leaves three things open. They are decided so:
//! the value of a bill is what was paid for it, since its gross amount has a
//! field of its own; a figure that the document states wins over the sum of its
//! line items, as in rules; and a figure that is absent makes the contribution
//! unknown, never zero.

use std::collections::BTreeSet;
use std::sync::Arc;

use target_rules::json::PathSegment;
use target_rules::transaction::{EntryGetter, Figure};
use target_rules::value::{NumberFault, Total};
use target_rules::{Number, Slot, Transaction};

use crate::eligibility::{
    CURRENCY, CheckedTarget, GROSS, ITEMS, Measure, NET, PointsKind, event_of, points_field,
};
use crate::model::TargetEntity;

use super::slots::{BillSlots, NamedSlots, Slots};

/// Why it is unknown what an activity adds, or takes back: a figure is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum MissingFigure {
    /// Something is absent.
    Absent {
        /// What, by its names in rules.
        names: Vec<String>,
        /// Of line items the place of what the first lacks, as a JSON pointer.
        at: Option<String>,
    },
    /// The figures are too large.
    Overflow,
}

impl From<NumberFault> for MissingFigure {
    fn from(_: NumberFault) -> MissingFigure {
        MissingFigure::Overflow
    }
}

type Added = Result<Total, MissingFigure>;

/// What a return takes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Taken {
    /// INVARIANT: not below zero, for then it would add.
    pub(super) amount: Total,
    /// Whether a figure came out below zero, which takes nothing back.
    pub(super) below_zero: bool,
}

/// What an eligible activity adds to the target at a position; `chosen` are the
/// positions of the line items that qualify; `None` where all do, since the
/// rule is not about line items.
pub(super) fn contribution(
    slots: &Slots,
    (at, target): (usize, &CheckedTarget),
    transaction: &Transaction,
    chosen: Option<&[usize]>,
    known: &mut KnownFigures,
) -> Added {
    let (bill, named) = (slots.bill(false), slots.named(at, false));
    Figures { transaction, bill, named, chosen, below_zero: None, known }.of(target)
}

/// Figures of the line items of one transaction that were asked before: many targets count
/// the same ones.
#[derive(Debug, Default)]
pub(super) struct KnownFigures {
    /// By the position of the item.
    amounts: Vec<Option<Total>>,
    values: Vec<Option<Total>>,
    quantities: Vec<Option<Total>>,
}

impl KnownFigures {
    /// Where the figure of an item is kept, where it is one that targets sum.
    fn place(&mut self, figure: Figure, at: usize) -> Option<&mut Option<Total>> {
        let figures = match figure {
            Figure::Amount => &mut self.amounts,
            Figure::Value => &mut self.values,
            Figure::Quantity => &mut self.quantities,
            _ => return None,
        };
        if figures.len() <= at {
            figures.resize(at.saturating_add(1), None);
        }
        figures.get_mut(at)
    }
}

/// What a return takes back from the target at a position; `items` are the
/// positions of the returned line items that were counted, where the target
/// counts line items.
pub(super) fn taken(
    slots: &Slots,
    (at, target): (usize, &CheckedTarget),
    transaction: &Transaction,
    items: Option<&[usize]>,
) -> Result<Taken, MissingFigure> {
    let mut figures = Figures {
        transaction,
        bill: slots.bill(true),
        named: slots.named(at, true),
        chosen: items,
        below_zero: Some(false),
        known: &mut KnownFigures::default(),
    };
    let amount = figures.of(target)?;
    let below_zero = amount < Total::ZERO || figures.below_zero == Some(true);
    Ok(Taken { amount: amount.max(Total::ZERO), below_zero })
}

fn one_if(there: bool) -> Total {
    Number::from(u8::from(there)).into()
}

pub(super) fn absent(names: impl IntoIterator<Item = String>) -> MissingFigure {
    let names: BTreeSet<String> = names.into_iter().collect();
    MissingFigure::Absent { names: names.into_iter().collect(), at: None }
}

struct Figures<'a> {
    transaction: &'a Transaction,
    /// The bill that the activity adds, or the one that it takes back.
    bill: &'a BillSlots,
    /// The slots of the field that the target names, of that bill.
    named: NamedSlots,
    /// The positions of the line items that qualify; `None` where all do.
    chosen: Option<&'a [usize]>,
    /// Of a return, whether the figure of an item is below zero: such a figure
    /// takes nothing back, and the others do.
    below_zero: Option<bool>,
    /// INVARIANT: those of this bill.
    known: &'a mut KnownFigures,
}

impl<'a> Figures<'a> {
    fn of(&mut self, target: &CheckedTarget) -> Added {
        let counting = target.counting();
        let Ok(measure) = &counting.measure else { return Err(absent([])) };
        let of_items = counting.entity == TargetEntity::LineItem;
        let profile = self.bill.profile;
        let value = self.number(self.named.value);
        match measure {
            Measure::One | Measure::Days => Ok(one_if(true)),
            Measure::Net if of_items => self.items(Figure::Amount),
            Measure::Gross if of_items => self.items(Figure::Value),
            Measure::Quantity => self.items(Figure::Quantity),
            Measure::Net => self.net(),
            Measure::Gross => self.gross(),
            Measure::FieldCount(name) if of_items => self.item_fields(name, true),
            Measure::FieldSum(name) if of_items => self.item_fields(name, false),
            Measure::FieldCount(_) | Measure::AttributeCount(_) => {
                let there = self.named.value.and_then(|slot| self.transaction.get_text(slot));
                Ok(one_if(there.is_some()))
            }
            Measure::FieldSum(name) => {
                value.map(Total::from).ok_or_else(|| absent([format!("{profile}.extField_{name}")]))
            }
            Measure::Attribute(name) => {
                value.map(Total::from).ok_or_else(|| absent([format!("{}.{name}", event_of(profile))]))
            }
            Measure::Points(kind) => self.points(*kind),
            Measure::Currency(kind, name) => self.currency(*kind, name.as_ref()),
        }
    }

    fn number(&self, slot: Option<Slot>) -> Option<Number> {
        self.transaction.get_number(slot?)
    }

    /// The line items that qualify.
    fn entries(&self) -> Result<impl Iterator<Item = (usize, EntryGetter<'a>)> + use<'a>, MissingFigure> {
        let entries = self.bill.items.and_then(|items| self.transaction.get_entries(items));
        let entries = entries.ok_or_else(|| absent([format!("{}.{ITEMS}", self.bill.profile)]))?;
        let chosen = self.chosen;
        let qualifies = move |at: &usize| chosen.is_none_or(|positions| positions.binary_search(at).is_ok());
        Ok(entries.enumerate().filter(move |(at, _)| qualifies(at)))
    }

    /// Adds the figure of an item.
    fn add(&mut self, total: Total, figure: Total) -> Added {
        if self.below_zero.is_some() && figure < Total::ZERO {
            self.below_zero = Some(true);
            return Ok(total);
        }
        Ok(total.plus(figure)?)
    }

    /// The sum of a figure over the items that qualify.
    fn items(&mut self, figure: Figure) -> Added {
        let mut total = Total::ZERO;
        for (at, entry) in self.entries()? {
            let value = self.item(figure, (at, entry))?;
            total = self.add(total, value)?;
        }
        Ok(total)
    }

    /// The figure of an item.
    fn item(&mut self, figure: Figure, (at, entry): (usize, EntryGetter<'_>)) -> Added {
        if let Some(Some(known)) = self.known.place(figure, at) {
            return Ok(*known);
        }
        let value: Total = match entry.figure(figure)? {
            Some(value) => value.into(),
            None => {
                let lacks = entry.lacks(figure).first().copied().unwrap_or_default();
                return Err(self.item_lacks(name_of(figure), (at, lacks)));
            }
        };
        if let Some(place) = self.known.place(figure, at) {
            *place = Some(value);
        }
        Ok(value)
    }

    /// The sum of an extended field over the items that qualify, or how many
    /// of them have it.
    fn item_fields(&mut self, name: &Arc<str>, count: bool) -> Added {
        let mut total = Total::ZERO;
        for (at, entry) in self.entries()? {
            let slot = self.named.of_item;
            let added = match slot.and_then(|slot| entry.number(slot)) {
                _ if count => one_if(slot.and_then(|slot| entry.text(slot)).is_some()),
                Some(number) => number.into(),
                None => {
                    let lacks = format!("extendedFields{}", PathSegment::Key(name.to_string()).pointer());
                    return Err(self.item_lacks(&format!("extField_{name}"), (at, &lacks)));
                }
            };
            total = self.add(total, added)?;
        }
        Ok(total)
    }

    /// What a field of a line item is called.
    fn of_item(&self, name: &str) -> String {
        if self.below_zero.is_some() {
            format!("{}.lineItems.{name}", self.bill.profile)
        } else {
            format!("currentLineItem.{name}")
        }
    }

    /// That the item at a position has no such figure or field, since it lacks
    /// something.
    fn item_lacks(&self, name: &str, (at, lacks): (usize, &str)) -> MissingFigure {
        let names = vec![self.of_item(name)];
        let at = Some(format!("/{}/{ITEMS}/{at}/{lacks}", self.bill.profile));
        MissingFigure::Absent { names, at }
    }

    /// The amount of the bill after discount.
    fn net(&self) -> Added {
        match self.number(self.bill.net) {
            Some(value) => Ok(value.into()),
            None => self.all_items(Figure::Amount, NET),
        }
    }

    /// The amount of the bill before discount: as stated, else from its items,
    /// else what was paid and what was not.
    fn gross(&self) -> Added {
        let stated = self.bill.gross.iter().find_map(|slot| self.number(*slot));
        if let Some(stated) = stated {
            return Ok(stated.into());
        }
        let [name, _] = GROSS;
        let from_items = self.all_items(Figure::Value, name);
        let paid = [self.bill.net, self.bill.discount].map(|slot| self.number(slot));
        match (from_items, paid) {
            (Err(MissingFigure::Absent { .. }), [Some(value), Some(discount)]) => {
                Ok(Total::of([value, discount])?)
            }
            (from_items, _) => from_items,
        }
    }

    /// A figure of the bill from all of its items; `name` is what is absent
    /// where it does not follow from them.
    fn all_items(&self, figure: Figure, name: &str) -> Added {
        let names = || vec![format!("{}.{name}", self.bill.profile)];
        let entries = self.bill.items.and_then(|items| self.transaction.get_entries(items));
        let mut total = Total::ZERO;
        let entries = entries.ok_or_else(|| absent(names()))?;
        for (at, entry) in entries.enumerate() {
            let value = entry.figure(figure)?.ok_or_else(|| {
                let lacks = entry.lacks(figure).first().copied().unwrap_or_default();
                let at = Some(format!("/{}/{ITEMS}/{at}/{lacks}", self.bill.profile));
                MissingFigure::Absent { names: names(), at }
            })?;
            total = total.plus(value.into())?;
        }
        Ok(total)
    }

    /// Points of a kind: the host's figure. All points are the regular and the
    /// promotional ones where the host does not state them together.
    fn points(&self, kind: PointsKind) -> Added {
        let stated = |kind| self.number(self.bill.points(kind));
        if let Some(points) = stated(kind) {
            return Ok(points.into());
        }
        match (kind, stated(PointsKind::Regular), stated(PointsKind::Promotional)) {
            (PointsKind::All, Some(regular), Some(promotional)) => Ok(Total::of([regular, promotional])?),
            _ => Err(absent([format!("{}.{}", self.bill.profile, points_field(kind))])),
        }
    }

    /// What was awarded of a currency that the target names; else as points.
    fn currency(&self, kind: PointsKind, name: Option<&Arc<str>>) -> Added {
        let Some(name) = name else { return self.points(kind) };
        match self.number(self.named.value) {
            Some(amount) => Ok(amount.into()),
            None => self.points(kind).map_err(|unknown| match unknown {
                MissingFigure::Absent { names, .. } => {
                    absent(names.into_iter().chain([format!("{}.{CURRENCY}(\"{name}\")", self.bill.profile)]))
                }
                overflow => overflow,
            }),
        }
    }
}

fn name_of(figure: Figure) -> &'static str {
    match figure {
        Figure::Amount => "amount",
        Figure::Discount => "discount",
        Figure::Quantity => "qty",
        Figure::Rate => "rate",
        _ => "value",
    }
}
