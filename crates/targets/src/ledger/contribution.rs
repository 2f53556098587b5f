//! What one activity adds to a target: the table of the targets' types.
//!
//! The platform's documentation leaves three things open. They are decided so:
//! the value of a bill is what was paid for it, since its gross amount has a
//! field of its own; a figure that the document states wins over the sum of its
//! line items, as in rules; and a figure that is absent makes the contribution
//! unknown, never zero.

use std::collections::BTreeSet;
use std::sync::Arc;

use target_rules::Number;
use target_rules::transaction::{EntryGetter, Figure};
use target_rules::value::{NumberFault, Total};

use crate::eligibility::{CheckedTarget, Measure, PointsKind};
use crate::model::TargetEntity;

use super::activity::Activity;
use super::slots::{BillSlots, CURRENCY, EVENT, GROSS, NET, NamedSlots, Slots, points_field};

/// Why it is unknown what an activity adds: a figure is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum MissingFigure {
    /// Fields that are absent, by their names in rules.
    Absent(Vec<String>),
    /// The figures are too large.
    Overflow,
}

impl From<NumberFault> for MissingFigure {
    fn from(_: NumberFault) -> MissingFigure {
        MissingFigure::Overflow
    }
}

type Added = Result<Total, MissingFigure>;

/// What an eligible activity adds to the target at a position; `items` are the
/// positions of the line items that qualify, where the rule is about line
/// items. A return subtracts the figure of the bill that it takes back; it is
/// not counted as an activity or as a day.
pub(super) fn contribution(
    slots: &Slots,
    (at, target): (usize, &CheckedTarget),
    activity: &Activity,
    items: &[usize],
) -> Added {
    let counting = target.counting();
    let Ok(measure) = &counting.measure else { return Err(MissingFigure::Absent(Vec::new())) };
    let returned = activity.is_return();
    let named = slots.named(at, returned);
    let qualifying = target.rule().unrolled_list().map(|list| (list, items));
    let figures = Figures { activity, slots, at, bill: slots.bill(returned), named, qualifying };
    let of_items = counting.entity == TargetEntity::LineItem;
    let value = || activity.number_in(named.value);
    let profile = figures.bill.profile;
    let added = match measure {
        Measure::One | Measure::Days if returned => return Ok(Total::ZERO),
        Measure::One | Measure::Days => return Ok(Total::of([Number::from_count(1)])?),
        Measure::Net if of_items => figures.items(Figure::Amount),
        Measure::Gross if of_items => figures.items(Figure::Value),
        Measure::Quantity => figures.items(Figure::Quantity),
        Measure::Net => figures.net(),
        Measure::Gross => figures.gross(),
        Measure::FieldCount(name) if of_items => figures.item_fields(name, true),
        Measure::FieldSum(name) if of_items => figures.item_fields(name, false),
        Measure::FieldCount(_) | Measure::AttributeCount(_) => Ok(one_if(value().is_some())),
        Measure::FieldSum(name) => {
            value().map(Total::from).ok_or_else(|| absent([format!("{profile}.extField_{name}")]))
        }
        Measure::Attribute(name) => {
            value().map(Total::from).ok_or_else(|| absent([format!("{EVENT}.{name}")]))
        }
        Measure::Points(kind) => figures.points(*kind),
        Measure::Currency(kind, name) => figures.currency(*kind, name.as_ref()),
    }?;
    if returned { Ok(Total::ZERO.minus(added)?) } else { Ok(added) }
}

fn one_if(there: bool) -> Total {
    Number::from_count(usize::from(there)).into()
}

fn absent(names: impl IntoIterator<Item = String>) -> MissingFigure {
    let names: BTreeSet<String> = names.into_iter().collect();
    MissingFigure::Absent(names.into_iter().collect())
}

struct Figures<'a> {
    activity: &'a Activity,
    slots: &'a Slots,
    /// The position of the target.
    at: usize,
    /// The bill that the activity adds or takes back.
    bill: &'a BillSlots,
    /// The slots of the field that the target names, of that bill.
    named: NamedSlots,
    /// The list that the rule is decided for, and the entries that hold.
    qualifying: Option<(&'static str, &'a [usize])>,
}

impl<'a> Figures<'a> {
    /// The line items that qualify, and whose they are. A rule about line items
    /// chooses among those that it was decided for; with any other, every item
    /// of the bill qualifies.
    fn entries(&self) -> Result<(Vec<EntryGetter<'a>>, NamedSlots), MissingFigure> {
        let (bill, named, chosen) = match self.qualifying {
            Some(("lineItems", positions)) => {
                (self.slots.bill(false), self.slots.named(self.at, false), Some(positions))
            }
            _ => (self.bill, self.named, None),
        };
        let entries = bill.items.and_then(|items| self.activity.transaction.get_entries(items));
        let entries = entries.ok_or_else(|| absent([format!("{}.lineItems", bill.profile)]))?;
        let chosen = |at: &usize| chosen.is_none_or(|positions| positions.binary_search(at).is_ok());
        let entries = entries.enumerate().filter(|(at, _)| chosen(at)).map(|(_, entry)| entry);
        Ok((entries.collect(), named))
    }

    /// The sum of a figure over the items that qualify.
    fn items(&self, figure: Figure) -> Added {
        let mut total = Total::ZERO;
        for entry in self.entries()?.0 {
            let value = entry.figure(figure)?;
            let value = value.ok_or_else(|| absent([format!("currentLineItem.{}", name_of(figure))]))?;
            total = total.plus(value.into())?;
        }
        Ok(total)
    }

    /// The sum of an extended field over the items that qualify, or how many
    /// of them have it.
    fn item_fields(&self, name: &Arc<str>, count: bool) -> Added {
        let (entries, named) = self.entries()?;
        let mut total = Total::ZERO;
        for entry in entries {
            let added = match named.of_item.and_then(|slot| entry.number(slot)) {
                Some(_) if count => one_if(true),
                Some(number) => number.into(),
                None if count => Total::ZERO,
                None => return Err(absent([format!("currentLineItem.extField_{name}")])),
            };
            total = total.plus(added)?;
        }
        Ok(total)
    }

    /// The amount of the bill after discount.
    fn net(&self) -> Added {
        match self.activity.number_in(self.bill.net) {
            Some(value) => Ok(value.into()),
            None => self.all_items(Figure::Amount, NET),
        }
    }

    /// The amount of the bill before discount: as stated, else from its items,
    /// else what was paid and what was not.
    fn gross(&self) -> Added {
        let stated = self.bill.gross.iter().find_map(|slot| self.activity.number_in(*slot));
        if let Some(stated) = stated {
            return Ok(stated.into());
        }
        let [name, _] = GROSS;
        let from_items = self.all_items(Figure::Value, name);
        let paid = [self.bill.net, self.bill.discount].map(|slot| self.activity.number_in(slot));
        match (from_items, paid) {
            (Err(MissingFigure::Absent(_)), [Some(value), Some(discount)]) => {
                Ok(Total::of([value, discount])?)
            }
            (from_items, _) => from_items,
        }
    }

    /// A figure of the bill from all of its items; `name` is what is absent
    /// where it does not follow from them.
    fn all_items(&self, figure: Figure, name: &str) -> Added {
        let missing = || absent([format!("{}.{name}", self.bill.profile)]);
        let entries = self.bill.items.and_then(|items| self.activity.transaction.get_entries(items));
        let mut total = Total::ZERO;
        for entry in entries.ok_or_else(missing)? {
            total = total.plus(entry.figure(figure)?.ok_or_else(missing)?.into())?;
        }
        Ok(total)
    }

    /// Points of a kind: the host's figure. All points are the regular and the
    /// promotional ones where the host does not state them together.
    fn points(&self, kind: PointsKind) -> Added {
        let stated = |kind| self.activity.number_in(self.bill.points(kind));
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
        match self.activity.number_in(self.named.value) {
            Some(amount) => Ok(amount.into()),
            None => self.points(kind).map_err(|unknown| match unknown {
                MissingFigure::Absent(names) => {
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
