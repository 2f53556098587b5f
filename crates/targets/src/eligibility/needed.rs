//! What of a document is needed to count for a target, beside what its rule
//! reads: the one place that says it, for layouts and for audits.

use target_rules::Reference;
use target_rules::audit::Needed;
use target_rules::transaction::{Figure, ValueKind};

use crate::model::TargetEntity;

use super::counting::{Counting, Measure, PointsKind};

pub(crate) const BILL: &str = "currentTxn";
pub(crate) const RETURN: &str = "returnBill";
pub(crate) const EVENT: &str = "currentEvent";
pub(crate) const ITEMS: &str = "lineItems";

/// The names of a bill's gross amount; where both are there the first counts.
pub(crate) const GROSS: [&str; 2] = ["grossAmount", "basketAmountSumNonDiscounted"];
pub(crate) const NET: &str = "value";
pub(crate) const DISCOUNT: &str = "discount";
pub(crate) const CURRENCY: &str = "currencyAwarded";

/// The field of the activity that holds points of a kind.
pub(crate) fn points_field(kind: PointsKind) -> &'static str {
    match kind {
        PointsKind::Regular => "points",
        PointsKind::Promotional => "promotionalPoints",
        PointsKind::All => "allPoints",
    }
}

/// Where the attributes of an event stand: in what is taken back, beside its
/// other figures.
pub(crate) fn event_of(profile: &'static str) -> &'static str {
    if profile == RETURN { RETURN } else { EVENT }
}

pub(crate) fn attribute(profile: &str, name: &str) -> Reference {
    Reference::Attribute { profile: profile.to_owned(), name: name.to_owned() }
}

pub(crate) fn extended(profile: &str, name: &str) -> Reference {
    Reference::ExtendedField { profile: profile.to_owned(), name: name.to_owned() }
}

/// What a host says was awarded of a currency.
pub(crate) fn awarded(profile: &str, name: &str) -> Reference {
    let arguments = vec![name.to_owned()];
    Reference::Answer { profile: profile.to_owned(), method: CURRENCY.to_owned(), arguments }
}

/// Values of which any one will do.
pub(crate) type OneOf = Vec<Needed>;

impl Counting {
    /// What is needed of a bill or of a return, by its profile, to know what it
    /// adds or takes back: one of each.
    pub(crate) fn needed(&self, profile: &'static str) -> Vec<OneOf> {
        let Ok(measure) = &self.measure else { return Vec::new() };
        let of_items = self.entity == TargetEntity::LineItem;
        let number = |reference| Needed::Value(reference, ValueKind::Number);
        // Whatever it is, it is there: every scalar is a text too.
        let any = |reference| Needed::Value(reference, ValueKind::Text);
        let stated = |name: &str| number(attribute(profile, name));
        let figure = |figure| Needed::ItemFigure { profile: profile.to_owned(), figure };
        match measure {
            Measure::One | Measure::Days => Vec::new(),
            Measure::Net if of_items => vec![vec![figure(Figure::Amount)]],
            Measure::Net => vec![vec![stated(NET), figure(Figure::Amount)]],
            Measure::Gross if of_items => vec![vec![figure(Figure::Value)]],
            // Stated, or from the items, or both what was paid and what was not.
            Measure::Gross => {
                let [name, other] = GROSS;
                let or = |last| vec![stated(name), stated(other), figure(Figure::Value), stated(last)];
                vec![or(NET), or(DISCOUNT)]
            }
            Measure::Quantity => vec![vec![figure(Figure::Quantity)]],
            Measure::FieldSum(name) if of_items => {
                vec![vec![Needed::ItemField { profile: profile.to_owned(), name: name.to_string() }]]
            }
            // An item without it is not counted, and that is known.
            Measure::FieldCount(name) if of_items => {
                let (profile, list) = (profile.to_owned(), ITEMS.to_owned());
                let items = Reference::List { profile: profile.clone(), list: list.clone() };
                let field = Reference::EntryField { profile, list, name: name.to_string(), extended: true };
                vec![vec![number(items)], vec![any(field)]]
            }
            Measure::FieldCount(name) => vec![vec![any(extended(profile, name))]],
            Measure::FieldSum(name) => vec![vec![number(extended(profile, name))]],
            Measure::Attribute(name) => vec![vec![number(attribute(event_of(profile), name))]],
            Measure::AttributeCount(name) => vec![vec![any(attribute(event_of(profile), name))]],
            Measure::Points(kind) => points(*kind, &stated),
            Measure::Currency(kind, name) => {
                let name = name.as_ref().map(|name| number(awarded(profile, name)));
                let or_points = points(*kind, &stated).into_iter();
                or_points.map(|points| name.iter().cloned().chain(points).collect()).collect()
            }
        }
    }
}

/// Points of a kind: all of them are the regular and the promotional ones where
/// the host does not state them together.
fn points(kind: PointsKind, stated: &impl Fn(&str) -> Needed) -> Vec<OneOf> {
    let of = |kind| stated(points_field(kind));
    match kind {
        PointsKind::All => {
            let or = |part| vec![of(PointsKind::All), of(part)];
            vec![or(PointsKind::Regular), or(PointsKind::Promotional)]
        }
        kind => vec![vec![of(kind)]],
    }
}
