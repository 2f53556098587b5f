//! Progress: what the accounts say that customers have achieved.

use std::collections::BTreeMap;

use serde::de::Error;
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;
use target_rules::value::Total;
use target_rules::{Number, Truth};

use crate::eligibility::{CheckedGroup, CheckedTarget, Unified, Window};
use crate::model::Aggregation;

use super::account::AccountKey;
use super::booking::Ledger;
use super::cycles::{period_of_cycle, window_of};
use super::enrolment::Enrolled;

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
        digits(&mut map, "defined", &self.defined.to_string())?;
        digits(&mut map, "achieved", &self.achieved.to_string())?;
        digits(&mut map, "gap", &self.gap.to_string())?;
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
            digits(&mut map, "defined", &defined.to_string())?;
        }
        if let Some(achieved) = self.achieved {
            digits(&mut map, "achieved", &achieved.to_string())?;
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

impl Ledger {
    /// What every customer has achieved, by customer, target, period and
    /// cycle. A target without an activity is there with nothing achieved.
    pub fn progress(&self) -> impl Iterator<Item = Progress> {
        self.enrolments.by_customer.iter().flat_map(move |(user, enrolled)| {
            let mut enrolled: Vec<&Enrolled> = enrolled.values().flatten().collect();
            let id = |enrolled: &Enrolled| self.targets.get(enrolled.target).map_or(0, CheckedTarget::id);
            enrolled.sort_by_key(|enrolled| (id(enrolled), enrolled.period));
            enrolled.into_iter().flat_map(move |enrolled| self.progress_of(*user, enrolled))
        })
    }

    fn progress_of(&self, user: i64, enrolled: &Enrolled) -> Vec<Progress> {
        let Some(target) = self.targets.get(enrolled.target) else { return Vec::new() };
        let key = |cycle| AccountKey { user, target: target.id(), period: enrolled.period, cycle };
        if *window_of(target) == Window::Fixed {
            return vec![self.line(target, enrolled, &key(0))];
        }
        let mut keys: Vec<AccountKey> =
            self.accounts.range(key(1)..=key(i64::MAX)).map(|(key, _)| key.clone()).collect();
        if keys.is_empty() {
            keys.push(key(1));
        }
        keys.iter().map(|key| self.line(target, enrolled, key)).collect()
    }

    fn line(&self, target: &CheckedTarget, enrolled: &Enrolled, key: &AccountKey) -> Progress {
        let account = self.accounts.get(key);
        // INVARIANT: a figure too large for a total was not booked.
        let achieved = account.and_then(|account| account.achieved()).unwrap_or(Total::ZERO);
        let defined = enrolled.value;
        Progress {
            user_id: key.user,
            target_id: key.target,
            period_id: match key.cycle {
                0 => key.period,
                cycle => period_of_cycle(target, enrolled, cycle),
            },
            cycle: Some(key.cycle).filter(|cycle| *cycle > 0),
            defined,
            achieved,
            gap: Total::from(defined).minus(achieved).unwrap_or(Total::ZERO),
            reached: achieved >= defined.into(),
            unknown: account
                .map(|account| account.unknown.iter().map(|number| number.text.to_string()).collect())
                .unwrap_or_default(),
        }
    }

    /// What every customer has achieved of unified targets, by the order of
    /// the groups, then customer and period. A target that the customer does
    /// not take part in is not achieved.
    pub fn unified_progress(&self) -> Vec<UnifiedProgress> {
        let mut groups: Vec<(&CheckedGroup, &Unified, Vec<usize>)> = Vec::new();
        for (at, target) in self.targets.iter().enumerate() {
            let Some(group) = target.group() else { continue };
            let Some(unified) = &group.unified else { continue };
            match groups.last_mut().filter(|(last, ..)| std::ptr::eq(*last, group)) {
                Some((_, _, members)) => members.push(at),
                None => groups.push((group, unified, vec![at])),
            }
        }
        let mut lines = Vec::new();
        let by_id = self.by_id();
        for (group, unified, members) in groups {
            for (user, enrolled) in &self.enrolments.by_customer {
                let mut periods: BTreeMap<Option<i64>, BTreeMap<i64, &Enrolled>> = BTreeMap::new();
                for enrolled in members.iter().filter_map(|at| enrolled.get(at)).flatten() {
                    let Some(target) = self.targets.get(enrolled.target) else { continue };
                    periods.entry(enrolled.period).or_default().insert(target.id(), enrolled);
                }
                for (period, members) in periods {
                    let progress = |id: i64| {
                        let enrolled = members.get(&id)?;
                        let target = self.targets.get(enrolled.target)?;
                        let key = AccountKey { user: *user, target: id, period, cycle: 0 };
                        Some(self.line(target, enrolled, &key))
                    };
                    let there = |id: i64| by_id.contains_key(&id);
                    lines.push(together(*user, group, unified, period, progress, there));
                }
            }
        }
        lines
    }
}

fn together(
    user: i64,
    group: &CheckedGroup,
    unified: &Unified,
    period: Option<i64>,
    progress: impl Fn(i64) -> Option<Progress>,
    there: impl Fn(i64) -> bool,
) -> UnifiedProgress {
    let mut reached = unified.expression.decide(|id| match progress(id) {
        Some(progress) => progress.reached.into(),
        None if there(id) => Truth::False,
        None => Truth::Unknown,
    });
    let known = unified.expression.operands().all(&there);
    let members = unified.expression.operands().filter_map(&progress);
    let achieved = match unified.aggregation.filter(|_| known) {
        None => None,
        Some(Aggregation::Sum) => {
            let mut members = members;
            members.try_fold(Total::ZERO, |sum, member| sum.plus(member.achieved)).ok()
        }
        Some(Aggregation::Count) => {
            Some(Number::from_count(members.filter(|member| member.reached).count()).into())
        }
    };
    if unified.unknown_aggregation.is_some() {
        reached = reached.and(Truth::Unknown);
    }
    if unified.aggregation.is_some()
        && let Some(threshold) = unified.threshold
    {
        let enough = achieved.map_or(Truth::Unknown, |achieved| (achieved >= threshold.into()).into());
        reached = reached.and(enough);
    }
    UnifiedProgress {
        user_id: user,
        target_group_id: group.id,
        period_id: period,
        defined: unified.threshold.filter(|_| unified.aggregation.is_some()),
        achieved,
        reached,
    }
}
