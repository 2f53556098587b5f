//! A target in plain English: what it counts, of whom, where and when.

use std::fmt::{Display, Formatter};

use serde::Serialize;
use target_rules::Zone;
use target_rules::describe::grouped;
use target_rules::diagnostic::visible;

use crate::model::{EnrolmentMethod, TargetEntity, WindowType};

use super::checked::CheckedTarget;
use super::counting::{Counting, Measure, PointsKind, asks_each_item};
use super::windows::{CheckedGroup, DAY, Window, span_in_words};

/// The most periods that are told one by one.
const MOST_PERIODS: usize = 20;

const NO_PERIODS: &str = "none in the document, so it counts at any time";

/// A target in plain English, part by part. Printed, it has a line for each part,
/// and for each line of a rule that no sentence holds. Serde writes it, but does
/// not read it back.
///
/// What comes from the document is safe to print on a terminal, but for the name,
/// which is as the document has it.
///
/// ```
/// use loyalty_targets::{CheckedTarget, Target};
/// use target_rules::{Limits, Schema, Zone};
/// let limits = Limits::default();
/// let target = r#"{"id": 50, "name": "Shoes", "targetType": "SALES",
///     "expression": "currentTxn.value>500", "enrolmentMethod": "IMPORT",
///     "filters": [{"entityType": "STORE", "entityIds": [12, 7]}]}"#;
/// let target: Target = serde_json::from_str(target)?;
/// let target: CheckedTarget = target.check(&Schema::standard(), &limits)?;
/// let described = target.describe(&Zone::UTC);
/// assert_eq!(described.counts, "the amount after discounts, of whole bills");
/// assert_eq!(described.filters, ["only in the stores 7, 12"]);
/// assert!(described.to_string().contains(
///     "rule: The transaction value is more than 500.\n"
/// ));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TargetDescription {
    /// The target's id.
    pub id: i64,
    /// The target's name, as its document has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether the target and its group are switched on.
    pub active: bool,
    /// What is added up, and of what.
    pub counts: String,
    /// The rule.
    pub description: String,
    /// What each filter asks for; none: every store will do.
    pub filters: Vec<String>,
    /// When it counts: its periods, or its cycles. Days are those of the zone.
    pub periods: Vec<String>,
    /// What is to be reached where an enrolment says nothing else; none: each
    /// enrolment says it.
    pub to_reach: Vec<String>,
    /// How customers come to it.
    pub enrolment: String,
    /// The zone of the days.
    pub zone: String,
    /// Whether the periods are written as days.
    #[serde(skip)]
    dated: bool,
    /// Why it is not active.
    #[serde(skip)]
    off: Option<&'static str>,
}

impl CheckedTarget {
    /// The target in plain English. Days are those of the zone.
    ///
    /// Cost is that of describing its rule, and linear in its filters and the
    /// periods that are told, of which there are at most 20.
    pub fn describe(&self, zone: &Zone) -> TargetDescription {
        let (active, group) = (self.active(), self.group());
        let off = match group {
            _ if !active => Some("the target is switched off"),
            Some(group) if !group.active => Some("its group is switched off"),
            _ => None,
        };
        TargetDescription {
            id: self.id(),
            name: self.name().map(str::to_owned),
            active: off.is_none(),
            counts: self.counting().in_words(asks_each_item(self.rule())),
            description: self.rule().describe().to_string(),
            filters: self.filters_in_words(),
            periods: match group {
                None => vec![NO_PERIODS.to_owned()],
                Some(group) => group.in_words(zone),
            },
            to_reach: self.counting().to_reach(),
            enrolment: self.enrolment_in_words(),
            zone: zone.name().to_owned(),
            dated: group.is_some_and(|group| group.window == Window::Fixed && !group.periods.is_empty()),
            off,
        }
    }

    fn enrolment_in_words(&self) -> String {
        let Some(method) = self.enrolment() else {
            return "not said; a list of enrolments says who takes part".to_owned();
        };
        match method.known() {
            Some(EnrolmentMethod::Transaction) => "the first bill that counts enrols its customer".to_owned(),
            Some(EnrolmentMethod::Import) => "customers are enrolled by a list".to_owned(),
            Some(EnrolmentMethod::AudienceFilter) => "customers of an audience are enrolled".to_owned(),
            None => format!("the enrolment method `{}` is not known", visible(method.text())),
        }
    }
}

impl Counting {
    /// What is added up, such as `the amount after discounts, of whole bills`.
    fn in_words(&self, of_each_item: bool) -> String {
        let measure = match &self.measure {
            Ok(measure) => measure,
            Err(why) => return format!("nothing can be added up: {}", visible(why)),
        };
        let (one, of) = match (self.entity, of_each_item) {
            (TargetEntity::LineItem, true) => ("line item", "of the line items for which the rule holds"),
            (TargetEntity::LineItem, false) => ("line item", "of all line items of a bill"),
            (TargetEntity::Event, _) => ("event", "of events"),
            _ => ("bill", "of whole bills"),
        };
        let what = match measure {
            Measure::Net => format!("the amount after discounts, {of}"),
            Measure::Gross => format!("the amount before discounts, {of}"),
            Measure::One => format!("1 for each {one}"),
            Measure::Days => format!("visits: 1 for each day with at least one {one}"),
            Measure::Quantity => format!("the quantity, {of}"),
            Measure::FieldCount(name) => {
                format!("1 for each {one} that has the extended field `{}`", visible(name))
            }
            Measure::FieldSum(name) => format!("the extended field `{}`, {of}", visible(name)),
            Measure::AttributeCount(name) => {
                format!("1 for each event that has the attribute `{}`", visible(name))
            }
            Measure::Attribute(name) => format!("the attribute `{}`, of events", visible(name)),
            Measure::Points(PointsKind::Regular) => "regular points".to_owned(),
            Measure::Points(PointsKind::Promotional) => "promotional points".to_owned(),
            Measure::Points(PointsKind::All) => "points of all kinds".to_owned(),
            Measure::Currency(kind, name) => {
                let which = match kind {
                    PointsKind::Regular => "the regular amount",
                    PointsKind::Promotional => "the promotional amount",
                    PointsKind::All => "the whole amount",
                };
                match name {
                    Some(name) => format!("{which} of the currency `{}`", visible(name)),
                    None => format!("{which} of another currency"),
                }
            }
        };
        let extreme = match self.extreme {
            Some(WindowType::Min) => "; of each day only the lowest",
            Some(WindowType::Max) => "; of each day only the highest",
            None => "",
        };
        let event = self.event.as_deref().map(|event| format!("; of activities `{}` alone", visible(event)));
        format!("{what}{extreme}{}", event.unwrap_or_default())
    }

    /// What is to be reached, by period; what holds for all others comes last.
    fn to_reach(&self) -> Vec<String> {
        let mut of_periods: Vec<(i64, String)> = Vec::new();
        let mut of_others = None;
        for (period, value) in &self.defaults {
            match period {
                Some(period) => of_periods.push((*period, grouped(*value))),
                None => of_others = Some(grouped(*value)),
            }
        }
        of_periods.sort_unstable();
        let of_others = of_others.map(|value| match of_periods.as_slice() {
            [] => value,
            _ => format!("{value} in any other period"),
        });
        let periods = of_periods.into_iter().map(|(period, value)| format!("{value} in period {period}"));
        let all: Vec<String> = periods.chain(of_others).collect();
        bounded(all.into_iter(), "values")
    }
}

impl CheckedGroup {
    /// When its targets count.
    fn in_words(&self, zone: &Zone) -> Vec<String> {
        let late = |days: i64| match days {
            0 => String::new(),
            1 => "; bills of a cycle still count 1 day after it".to_owned(),
            days => format!("; bills of a cycle still count {days} days after it"),
        };
        match &self.window {
            Window::Unknown(word) => vec![format!("the evaluation type `{}` is not known", visible(word))],
            Window::Cyclic { length, cycles, offset_days } => {
                let days = length.checked_div(DAY).unwrap_or_default();
                let day = if days == 1 { "day" } else { "days" };
                vec![format!(
                    "in cycles of {days} {day} from the customer's first activity on, at most {cycles}{}",
                    late(*offset_days)
                )]
            }
            Window::Agnostic { cycles, offset_days } => {
                vec![format!(
                    "anew from each time that the value is reached, at most {cycles} times{}",
                    late(*offset_days)
                )]
            }
            Window::Fixed if self.periods.is_empty() => {
                vec![NO_PERIODS.to_owned()]
            }
            Window::Fixed => {
                let told = self.periods.iter().map(|period| {
                    let off = if period.active { "" } else { ", switched off" };
                    format!("{} (period {}{off})", span_in_words(period.days(zone)), period.id)
                });
                bounded(told, "periods")
            }
        }
    }
}

/// The first of many, and how many more there are.
fn bounded(all: impl ExactSizeIterator<Item = String>, what: &str) -> Vec<String> {
    let more = all.len().checked_sub(MOST_PERIODS).filter(|more| *more > 0);
    // No other is put into words: each target of a group tells of all its periods.
    let told = all.take(MOST_PERIODS);
    told.chain(more.map(|more| format!("and {more} more {what}"))).collect()
}

/// A line for each part. Ends in a line feed.
impl Display for TargetDescription {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        writeln!(formatter, "counts: {}", self.counts)?;
        let mut lines = self.description.lines();
        writeln!(formatter, "rule: {}", lines.next().unwrap_or_default())?;
        for line in lines {
            writeln!(formatter, "  {line}")?;
        }
        match self.filters.as_slice() {
            [] => writeln!(formatter, "stores: all")?,
            filters => writeln!(formatter, "stores: {}", filters.join(", and "))?,
        }
        let days = if self.dated { format!(" (days in {})", self.zone) } else { String::new() };
        match self.periods.as_slice() {
            [one] => writeln!(formatter, "periods{days}: {one}")?,
            periods => {
                writeln!(formatter, "periods{days}:")?;
                for period in periods {
                    writeln!(formatter, "  {period}")?;
                }
            }
        }
        match self.to_reach.as_slice() {
            [] => writeln!(formatter, "to reach: what the enrolment says")?,
            [one] => writeln!(formatter, "to reach: {one}, if the enrolment does not say otherwise")?,
            several => {
                writeln!(formatter, "to reach, if the enrolment does not say otherwise:")?;
                for value in several {
                    writeln!(formatter, "  {value}")?;
                }
            }
        }
        writeln!(formatter, "enrolment: {}", self.enrolment)?;
        match self.off {
            None => writeln!(formatter, "active: yes"),
            Some(why) => writeln!(formatter, "active: no, {why}"),
        }
    }
}
