//! Progress: what customers have achieved, as hosts and files have it.

use serde::de::Error;
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;
use target_rules::value::Total;
use target_rules::{Number, Truth};

/// What a customer has achieved of a target in a period. Its JSON has numbers
/// with all their digits, and can be read back.
///
/// ```
/// use loyalty_targets::Progress;
/// let json = r#"{"userId":19721,"targetId":50,"periodId":7,
///     "defined":5000,"achieved":1346.15,"gap":3653.85,"reached":false}"#;
/// let progress: Progress = serde_json::from_str(json)?;
/// assert_eq!(progress.gap.to_string(), "3653.85");
/// let written = serde_json::to_string(&progress)?;
/// assert_eq!(serde_json::from_str::<Progress>(&written)?, progress);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// The customer.
    pub user_id: i64,
    /// The target.
    pub target_id: i64,
    /// The period, where there is one.
    pub period_id: Option<i64>,
    /// The cycle, from 1, where there are cycles.
    pub cycle: Option<i64>,
    /// What is to be reached.
    pub defined: Number,
    /// What is achieved, exactly.
    pub achieved: Total,
    /// What is defined less what is achieved; below zero where more is.
    pub gap: Total,
    /// Whether it is reached: achieved is not below defined.
    pub reached: bool,
    /// The activities for which it is unknown whether they count, or how much
    /// they add.
    pub unknown: Vec<String>,
}

/// What a customer has achieved of the targets of a group together. Its JSON
/// can be read back.
///
/// ```
/// use loyalty_targets::UnifiedProgress;
/// use target_rules::Truth;
/// let json = r#"{"userId":19721,"targetGroupId":7,"periodId":3,"reached":null}"#;
/// let progress: UnifiedProgress = serde_json::from_str(json)?;
/// assert_eq!(progress.reached, Truth::Unknown);
/// assert_eq!(serde_json::to_string(&progress)?, json);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnifiedProgress {
    /// The customer.
    pub user_id: i64,
    /// The group, where it has an id.
    pub target_group_id: Option<i64>,
    /// The period, where there is one.
    pub period_id: Option<i64>,
    /// What the values of the targets together must reach.
    pub defined: Option<Number>,
    /// Their value together, where they are made one.
    pub achieved: Option<Total>,
    /// Whether it is reached; unknown where a target is not in the document.
    pub reached: Truth,
}

/// Writes a number with all its digits: as an integer where it is one, which
/// costs a fraction of any other form.
fn number_entry<S: SerializeMap>(map: &mut S, key: &str, number: Number) -> Result<(), S::Error> {
    match number.as_integer() {
        Some(integer) => map.serialize_entry(key, &integer),
        None => digits(map, key, &number.to_string()),
    }
}

fn total_entry<S: SerializeMap>(map: &mut S, key: &str, total: Total) -> Result<(), S::Error> {
    match total.as_integer() {
        Some(integer) => map.serialize_entry(key, &integer),
        None => digits(map, key, &total.to_string()),
    }
}

fn digits<S: SerializeMap>(map: &mut S, key: &str, number: &str) -> Result<(), S::Error> {
    use serde::ser::Error;
    // INVARIANT: numbers and totals print as JSON numbers.
    let raw = RawValue::from_string(number.to_owned()).map_err(S::Error::custom)?;
    map.serialize_entry(key, &raw)
}

impl Serialize for Progress {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("userId", &self.user_id)?;
        map.serialize_entry("targetId", &self.target_id)?;
        map.serialize_entry("periodId", &self.period_id)?;
        if let Some(cycle) = self.cycle {
            map.serialize_entry("cycle", &cycle)?;
        }
        number_entry(&mut map, "defined", self.defined)?;
        total_entry(&mut map, "achieved", self.achieved)?;
        total_entry(&mut map, "gap", self.gap)?;
        map.serialize_entry("reached", &self.reached)?;
        if !self.unknown.is_empty() {
            map.serialize_entry("unknown", &self.unknown)?;
        }
        map.end()
    }
}

impl Serialize for UnifiedProgress {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("userId", &self.user_id)?;
        map.serialize_entry("targetGroupId", &self.target_group_id)?;
        map.serialize_entry("periodId", &self.period_id)?;
        if let Some(defined) = self.defined {
            number_entry(&mut map, "defined", defined)?;
        }
        if let Some(achieved) = self.achieved {
            total_entry(&mut map, "achieved", achieved)?;
        }
        match self.reached {
            Truth::Unknown => map.serialize_entry("reached", &())?,
            known => map.serialize_entry("reached", &(known == Truth::True))?,
        }
        map.end()
    }
}

/// A number of JSON with all its digits.
fn number<E: Error>(json: &RawValue) -> Result<Number, E> {
    Number::from_json(json.get()).map_err(|_| E::custom(format!("`{}` is no number", json.get())))
}

fn total<E: Error>(json: &RawValue) -> Result<Total, E> {
    json.get().parse().map_err(|_| E::custom(format!("`{}` is no total", json.get())))
}

impl<'de> Deserialize<'de> for Progress {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Progress, D::Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase", expecting = "a line of progress, an object")]
        struct Line {
            user_id: i64,
            target_id: i64,
            #[serde(default)]
            period_id: Option<i64>,
            #[serde(default)]
            cycle: Option<i64>,
            defined: Box<RawValue>,
            achieved: Box<RawValue>,
            gap: Box<RawValue>,
            reached: bool,
            #[serde(default)]
            unknown: Vec<String>,
        }
        let line = Line::deserialize(deserializer)?;
        Ok(Progress {
            user_id: line.user_id,
            target_id: line.target_id,
            period_id: line.period_id,
            cycle: line.cycle,
            defined: number(&line.defined)?,
            achieved: total(&line.achieved)?,
            gap: total(&line.gap)?,
            reached: line.reached,
            unknown: line.unknown,
        })
    }
}

impl<'de> Deserialize<'de> for UnifiedProgress {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<UnifiedProgress, D::Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase", expecting = "a line of unified progress, an object")]
        struct Line {
            user_id: i64,
            #[serde(default)]
            target_group_id: Option<i64>,
            #[serde(default)]
            period_id: Option<i64>,
            #[serde(default)]
            defined: Option<Box<RawValue>>,
            #[serde(default)]
            achieved: Option<Box<RawValue>>,
            reached: Option<bool>,
        }
        let line = Line::deserialize(deserializer)?;
        Ok(UnifiedProgress {
            user_id: line.user_id,
            target_group_id: line.target_group_id,
            period_id: line.period_id,
            defined: line.defined.as_deref().map(number).transpose()?,
            achieved: line.achieved.as_deref().map(total).transpose()?,
            reached: line.reached.map_or(Truth::Unknown, Truth::from),
        })
    }
}
