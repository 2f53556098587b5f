//! What one activity adds to a target: the table of the targets' types.
//!
//! Where the platform is silent: the value of a bill is what was paid for it,
//! since it has its gross amount beside it; a figure that the document states
//! wins over one that follows from line items, as in rules; and a figure that
//! is absent makes the contribution unknown, never zero.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::schema::Each;
use crate::target::{CheckedTarget, Measure, PointsKind, TargetEntity};
use crate::transaction::{Entry, FieldValue};
use crate::typed::{Field, Figure, TRANSACTION, ValueKind};
use crate::value::{NumberFault, Total};

use super::activity::{Activity, CURRENCY, DISCOUNT, EVENT, GROSS, NET, awarded, extended, points_field};

/// Why it cannot be told what an activity adds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unknown {
    /// Fields that are absent, by their names in rules.
    Absent(Vec<String>),
    /// The figures are too large.
    Overflow,
}

impl From<NumberFault> for Unknown {
    fn from(_: NumberFault) -> Unknown {
        Unknown::Overflow
    }
}

type Added = Result<Total, Unknown>;

/// What an eligible activity adds; `items` are the positions of the line items
/// that qualify, where the rule is about line items. A return adds the
/// negative of the bill's figure, and no activity and no day.
pub(super) fn contribution(target: &CheckedTarget, activity: &Activity, items: &[usize]) -> Added {
    let counting = target.counting();
    let Ok(measure) = &counting.measure else { return Err(Unknown::Absent(Vec::new())) };
    let returned = activity.is_return();
    let figures = Figures { activity, qualifying: target.rule().each().map(|each| (each, items)) };
    let of_items = counting.entity == TargetEntity::LineItem;
    let added = match measure {
        Measure::One | Measure::Days if returned => return Ok(Total::ZERO),
        Measure::One | Measure::Days => return Ok(Total::of([crate::value::Number::from_count(1)])?),
        Measure::Net if of_items => figures.items(Figure::Amount),
        Measure::Gross if of_items => figures.items(Figure::Value),
        Measure::Quantity => figures.items(Figure::Quantity),
        Measure::Net => figures.net(),
        Measure::Gross => figures.gross(),
        Measure::FieldCount(name) if of_items => figures.item_fields(name, true),
        Measure::FieldSum(name) if of_items => figures.item_fields(name, false),
        Measure::FieldCount(name) => {
            Ok(one_if(activity.number_at(&extended(activity.bill(), name)).is_some()))
        }
        Measure::FieldSum(name) => {
            let value = activity.number_at(&extended(activity.bill(), name));
            value.map(Total::from).ok_or_else(|| absent([format!("{}.extField_{name}", activity.bill())]))
        }
        Measure::Attribute(name) => {
            let value = activity.figure(EVENT, name);
            value.map(Total::from).ok_or_else(|| absent([format!("{EVENT}.{name}")]))
        }
        Measure::AttributeCount(name) => Ok(one_if(activity.figure(EVENT, name).is_some())),
        Measure::Points(kind) => figures.points(*kind),
        Measure::Currency(kind, name) => figures.currency(*kind, name.as_ref()),
    }?;
    if returned { Ok(Total::ZERO.minus(added)?) } else { Ok(added) }
}

fn one_if(there: bool) -> Total {
    crate::value::Number::from_count(usize::from(there)).into()
}

fn absent(names: impl IntoIterator<Item = String>) -> Unknown {
    let names: BTreeSet<String> = names.into_iter().collect();
    Unknown::Absent(names.into_iter().collect())
}

struct Figures<'a> {
    activity: &'a Activity,
    /// The list that the rule is decided for, and the entries that hold.
    qualifying: Option<(Each, &'a [usize])>,
}

impl<'a> Figures<'a> {
    /// The line items that qualify. A rule about line items chooses among
    /// those that it was decided for; with any other, every item of the bill
    /// qualifies.
    fn entries(&self) -> Result<Vec<Entry<'a>>, Unknown> {
        let bill = self.activity.bill();
        let (section, chosen) = match self.qualifying {
            Some((Each::LineItems, positions)) => (TRANSACTION, Some(positions)),
            _ => (bill, None),
        };
        let entries = self.activity.transaction.entries(section, Each::LineItems);
        let entries = entries.ok_or_else(|| absent([format!("{section}.lineItems")]))?;
        let chosen = |at: &usize| chosen.is_none_or(|positions| positions.binary_search(at).is_ok());
        Ok(entries.enumerate().filter(|(at, _)| chosen(at)).map(|(_, entry)| entry).collect())
    }

    /// The sum of a figure over the items that qualify.
    fn items(&self, figure: Figure) -> Added {
        let mut total = Total::ZERO;
        for entry in self.entries()? {
            let value = entry.figure(figure)?;
            let value = value.ok_or_else(|| absent([format!("currentLineItem.{}", name_of(figure))]))?;
            total = total.plus(value.into())?;
        }
        Ok(total)
    }

    /// The sum of an extended field over the items that qualify, or how many
    /// of them have it.
    fn item_fields(&self, name: &Arc<str>, count: bool) -> Added {
        let field = Field { extended: true, name: name.clone() };
        let mut total = Total::ZERO;
        for entry in self.entries()? {
            let added = match entry.field(&field, ValueKind::Number) {
                FieldValue::Number(_) if count => one_if(true),
                FieldValue::Number(number) => number.into(),
                _ if count => Total::ZERO,
                _ => return Err(absent([format!("currentLineItem.extField_{name}")])),
            };
            total = total.plus(added)?;
        }
        Ok(total)
    }

    /// The amount of the bill after discount.
    fn net(&self) -> Added {
        let bill = self.activity.bill();
        match self.activity.figure(bill, NET) {
            Some(value) => Ok(value.into()),
            None => self.all_items(bill, Figure::Amount, || vec![format!("{bill}.{NET}")]),
        }
    }

    /// The amount of the bill before discount: as stated, else from its items,
    /// else what was paid and what was not.
    fn gross(&self) -> Added {
        let bill = self.activity.bill();
        let stated = GROSS.iter().find_map(|name| self.activity.figure(bill, name));
        if let Some(stated) = stated {
            return Ok(stated.into());
        }
        let names = || vec![format!("{bill}.{}", GROSS.first().copied().unwrap_or(NET))];
        let from_items = self.all_items(bill, Figure::Value, names);
        let paid = (self.activity.figure(bill, NET), self.activity.figure(bill, DISCOUNT));
        match (from_items, paid) {
            (Err(Unknown::Absent(_)), (Some(value), Some(discount))) => Ok(Total::of([value, discount])?),
            (from_items, _) => from_items,
        }
    }

    /// A figure of a bill from all of its items.
    fn all_items(&self, bill: &str, figure: Figure, names: impl Fn() -> Vec<String>) -> Added {
        let entries = self.activity.transaction.entries(bill, Each::LineItems);
        let mut total = Total::ZERO;
        for entry in entries.ok_or_else(|| absent(names()))? {
            total = total.plus(entry.figure(figure)?.ok_or_else(|| absent(names()))?.into())?;
        }
        Ok(total)
    }

    /// Points of a kind: the host's figure. All points are the regular and the
    /// promotional ones where the host does not state them together.
    fn points(&self, kind: PointsKind) -> Added {
        let bill = self.activity.bill();
        let stated = |kind| self.activity.figure(bill, points_field(kind));
        if let Some(points) = stated(kind) {
            return Ok(points.into());
        }
        match (kind, stated(PointsKind::Regular), stated(PointsKind::Promotional)) {
            (PointsKind::All, Some(regular), Some(promotional)) => Ok(Total::of([regular, promotional])?),
            _ => Err(absent([format!("{bill}.{}", points_field(kind))])),
        }
    }

    /// What was awarded of a currency that the target names; else as points.
    fn currency(&self, kind: PointsKind, name: Option<&Arc<str>>) -> Added {
        let bill = self.activity.bill();
        let Some(name) = name else { return self.points(kind) };
        match self.activity.number_at(&awarded(bill, name)) {
            Some(amount) => Ok(amount.into()),
            None => self.points(kind).map_err(|unknown| match unknown {
                Unknown::Absent(names) => {
                    absent(names.into_iter().chain([format!("{bill}.{CURRENCY}(\"{name}\")")]))
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
        Figure::Value => "value",
    }
}
