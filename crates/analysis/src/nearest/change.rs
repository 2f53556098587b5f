//! What a nudge says: which values change, from what to what.

use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use target_rules::{Instant, Number, Truth, Zone};

/// A value before or after a change.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChangedValue {
    /// A number; written with its digits.
    Number(Number),
    /// A text.
    Text(String),
    /// A date; written as ISO 8601 in UTC.
    Date(Instant),
    /// A truth value.
    Boolean(bool),
}

impl ChangedValue {
    /// The value as JSON, as a document holds it.
    pub(super) fn json(&self) -> String {
        match self {
            ChangedValue::Number(number) => number.to_string(),
            ChangedValue::Text(text) => serde_json::Value::from(text.as_str()).to_string(),
            ChangedValue::Date(date) => serde_json::Value::from(date.to_string()).to_string(),
            ChangedValue::Boolean(value) => value.to_string(),
        }
    }

    fn in_zone(&self, zone: &Zone) -> String {
        match self {
            ChangedValue::Date(date) => zone.written(*date),
            other => other.json(),
        }
    }
}

impl Serialize for ChangedValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw = RawValue::from_string(self.json()).map_err(serde::ser::Error::custom)?;
        raw.serialize(serializer)
    }
}

/// How far a value moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Distance {
    /// The difference of two numbers, below zero where the value falls.
    Number(Number),
    /// By how many milliseconds the local time moves; written as an ISO 8601
    /// duration of days and times of day, such as `P1DT3H`.
    Time(i64),
}

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

impl fmt::Display for Distance {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let milliseconds = match self {
            Distance::Number(number) => return write!(formatter, "{number}"),
            Distance::Time(milliseconds) => *milliseconds,
        };
        let mut left = milliseconds;
        let mut part = |length: i64| {
            let count = left.checked_div(length).unwrap_or(0);
            left = left.checked_rem(length).unwrap_or(0);
            count
        };
        let (days, hours, minutes, seconds) = (part(DAY), part(HOUR), part(MINUTE), part(SECOND));
        write!(formatter, "P")?;
        if days != 0 || milliseconds == 0 {
            write!(formatter, "{days}D")?;
        }
        if hours != 0 || minutes != 0 || seconds != 0 || left != 0 {
            write!(formatter, "T")?;
        }
        for (count, letter) in [(hours, 'H'), (minutes, 'M')] {
            if count != 0 {
                write!(formatter, "{count}{letter}")?;
            }
        }
        match (seconds, left) {
            (0, 0) => Ok(()),
            (seconds, 0) => write!(formatter, "{seconds}S"),
            (seconds, left) => write!(formatter, "{seconds}.{left:03}S"),
        }
    }
}

impl Serialize for Distance {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Distance::Number(number) => ChangedValue::Number(*number).serialize(serializer),
            Distance::Time(_) => serializer.collect_str(self),
        }
    }
}

/// One value that changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Change {
    /// What changes, as rules write it: an attribute such as `currentTxn.value`,
    /// or a call such as `currentTxn.basketQty("brand","Puma")`.
    pub attribute: String,
    /// Of an attribute of a line item or a tender, which one, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<usize>,
    /// The value of the document; `None` where it is absent.
    pub from: Option<ChangedValue>,
    /// The value for which the rule is true.
    pub to: ChangedValue,
    /// How far that is, of numbers and dates that are there.
    pub by: Option<Distance>,
}

impl Change {
    pub(super) fn new(
        attribute: String,
        from: Option<ChangedValue>,
        to: ChangedValue,
        zone: &Zone,
    ) -> Change {
        let by = match (&from, &to) {
            (Some(ChangedValue::Number(from)), ChangedValue::Number(to)) => {
                to.minus(*from).ok().map(Distance::Number)
            }
            (Some(ChangedValue::Date(from)), ChangedValue::Date(to)) => {
                let (from, to) = (zone.local(*from), zone.local(*to));
                Some(Distance::Time(to.milliseconds().saturating_sub(from.milliseconds())))
            }
            _ => None,
        };
        Change { attribute, item: None, from, to, by }
    }

    /// The change in words, on one line; dates as the zone shows them. What came
    /// from the document is in it as it is: a host that prints it elsewhere than
    /// in JSON makes it visible.
    ///
    /// ```
    /// use target_rules::{Ast, Limits, Schema, Zone};
    /// use target_rules_analysis::{Options, nearest};
    /// let (limits, schema) = (Limits::default(), Schema::standard());
    /// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
    /// let rule = ast.check(&schema, &limits).into_rule()?;
    /// let document = r#"{"currentTxn": {"value": 454.99}}"#;
    /// let nearest = nearest(&rule, document, &schema, &Options::default())?;
    /// assert_eq!(
    ///     nearest.nudges[0].changes[0].in_words(&Zone::UTC),
    ///     "currentTxn.value: 45.02 more, from 454.99 to 500.01"
    /// );
    /// # Ok::<(), target_rules::Diagnostics>(())
    /// ```
    pub fn in_words(&self, zone: &Zone) -> String {
        let of = match self.item {
            Some(item) => format!("{} of item {}", self.attribute, item.saturating_add(1)),
            None => self.attribute.clone(),
        };
        let to = self.to.in_zone(zone);
        let Some(from) = self.from.as_ref().map(|from| from.in_zone(zone)) else {
            return format!("{of}: {to}, now absent");
        };
        match (&self.by, &self.to) {
            (Some(Distance::Number(by)), _) => {
                let more = if by.is_negative() { "less" } else { "more" };
                format!("{of}: {} {more}, from {from} to {to}", by.abs())
            }
            (Some(_), ChangedValue::Date(date)) => {
                let day = zone.local(*date);
                let (weekday, day) = (day.weekday_in_words(), day.day_in_words());
                format!("{of}: on {weekday}, {day}, from {from} to {to}")
            }
            _ => format!("{of}: from {from} to {to}"),
        }
    }
}

/// Changes that make a rule true together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Nudge {
    /// One change, or two where none alone is enough.
    pub changes: Vec<Change>,
    /// The changed document, for which the rule was decided to be true.
    #[serde(skip)]
    pub transaction: String,
}

/// What would make a rule true for a transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Nearest {
    /// What the rule comes to for the document as it is.
    pub result: Truth,
    /// What makes it true, the smallest first; none where it is true.
    pub nudges: Vec<Nudge>,
    /// Why there is none, where the rule isn't true and there is none; and that
    /// there may be smaller ones, where not all were tried.
    pub why: Vec<String>,
}

impl Serialize for Nearest {
    /// The smallest as `changes`, all after it as `others`.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut written = serializer.serialize_struct("Nearest", 4)?;
        written.serialize_field("result", &self.result.to_string())?;
        let (first, others) = match self.nudges.split_first() {
            Some((first, others)) => (first.changes.as_slice(), others),
            None => (&[][..], &[][..]),
        };
        written.serialize_field("changes", first)?;
        written.serialize_field("others", others)?;
        written.serialize_field("why", &self.why)?;
        written.end()
    }
}

#[cfg(test)]
mod tests {
    use super::Distance;

    #[test]
    fn times_are_written_as_durations() {
        let written = |milliseconds| Distance::Time(milliseconds).to_string();
        assert_eq!(written(86_400_000), "P1D");
        assert_eq!(written(86_400_000 + 10_800_000), "P1DT3H");
        assert_eq!(written(61_001), "PT1M1.001S");
        assert_eq!(written(0), "P0D");
    }
}
