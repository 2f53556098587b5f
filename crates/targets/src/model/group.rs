//! Target groups, and documents that hold targets or groups, as serde types
//! that lose nothing.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use target_rules::Limits;
use target_rules::diagnostic::Diagnostics;
use target_rules::json::{Located, Reader};

use super::record::record;
use super::shape::{for_people, placed, read_whole};
use super::sort::Sort;
use super::target::{Attribution, ServiceError, Target};
use super::words::{Aggregation, CombinationType, EvaluationType, FrequencyType, PeriodStatus, TrackingType};
use super::written::{Raw, Word, WrittenDate, WrittenNumber};

record! {
    /// Targets that are evaluated in the same windows.
    #[derive(Default)]
    pub struct TargetGroup, "a target group, an object" {
        /// Its id.
        id "id": Option<i64>,
        /// Who made it, and when.
        attribution "attribution": Option<Attribution>,
        /// Its name.
        name "name": Option<String>,
        /// Its first day.
        from_date "fromDate": Option<WrittenDate>,
        /// Its last day.
        to_date "toDate": Option<WrittenDate>,
        /// Whether anything of it counts; one that does not say counts.
        active "active": Option<bool>,
        /// The till that the platform books on.
        preferred_till_id "preferredTillId": Option<i64>,
        /// Its periods, in the order of time.
        periods "periods": Option<Vec<Period>>,
        /// The levels of a group of streaks.
        streaks "streaks": Option<Vec<Streak>>,
        /// The period that runs.
        active_period "activePeriod": Option<Period>,
        /// How many periods there are.
        total_periods "totalPeriods": Option<i64>,
        /// A text for people.
        description "description": Option<String>,
        /// What its windows are; the periods where it does not say.
        target_evaluation_type "targetEvaluationType": Option<Word<EvaluationType>>,
        /// How many cycles there are.
        recurring_cycles "recurringCycles": Option<i64>,
        /// How many units of the frequency type a cycle has.
        frequency "frequency": Option<i64>,
        /// When its first cycle starts.
        target_cycle_start_date "targetCycleStartDate": Option<WrittenDate>,
        /// When its last cycle ends.
        target_cycle_end_date "targetCycleEndDate": Option<WrittenDate>,
        /// How long a cycle is.
        frequency_type "frequencyType": Option<Word<FrequencyType>>,
        /// For how many days after a cycle its late bills still count in it.
        offset_days "offsetDays": Option<i64>,
        /// What its targets are tracked for.
        tracking_type "trackingType": Option<Word<TrackingType>>,
        /// When it was made.
        created_on "createdOn": Option<WrittenDate>,
        /// How unified targets are combined where no expression says it.
        combination_type "combinationType": Option<Word<CombinationType>>,
        /// How its targets together are achieved.
        unified_target_expression "unifiedTargetExpression": Option<UnifiedTargetExpression>,
        /// Its targets.
        targets "targets": Option<Vec<Target>>,
        /// Targets that a change switches off.
        deactivate_target_ids "deactivateTargetIds": Option<Vec<i64>>,
        /// Whether there is a leaderboard.
        leaderboard_enabled "leaderboardEnabled": Option<bool>,
        /// Whether a customer made it.
        user_created "userCreated": Option<bool>,
    }
}

record! {
    /// A span of local days.
    pub struct Period, "a period, an object" {
        /// Its id.
        id "id": i64,
        /// Who made it, and when.
        attribution "attribution": Option<Attribution>,
        /// Its first day.
        start_date "startDate": Option<WrittenDate>,
        /// Its last day.
        end_date "endDate": Option<WrittenDate>,
        /// Its name for scripts.
        ref_code "refCode": Option<String>,
        /// Where it stands.
        period_status "periodStatus": Option<Word<PeriodStatus>>,
        /// The group it belongs to.
        target_group_id "targetGroupId": Option<i64>,
        /// A text for people.
        description "description": Option<String>,
        /// Whether anything counts in it; one that does not say counts.
        active "active": Option<bool>,
    }
}

record! {
    /// A level of a group of streaks.
    pub struct Streak, "a streak, an object" {
        /// Its id.
        id "id": i64,
        /// Who made it, and when.
        attribution "attribution": Option<Attribution>,
        /// The group it belongs to.
        target_group_id "targetGroupId": Option<i64>,
        /// Its name.
        name "name": Option<String>,
        /// How many periods in sequence it asks for.
        target_count_of_sequence "targetCountOfSequence": Option<i64>,
    }
}

record! {
    /// How the targets of a group together are achieved.
    pub struct UnifiedTargetExpression, "a unified expression, an object" {
        /// How the values of the targets become one; none: they do not.
        aggregation "aggregation": Option<Word<Aggregation>>,
        /// What the one value must reach.
        threshold_value "thresholdValue": Option<WrittenNumber>,
        /// How they are combined where there is no expression.
        combination_type "combinationType": Option<Word<CombinationType>>,
        /// Which of them must be achieved, such as `(31132 & 31133)`.
        rule_expression "ruleExpression": Option<String>,
    }
}

record! {
    /// The answer to a request: what was asked for, or the errors in its place.
    pub struct Answer, "an answer with targets, an object" {
        /// What was asked for.
        data "data": Option<TargetData>,
        /// Why the request failed.
        errors "errors": Option<Vec<ServiceError>>,
        /// What the platform warns of, as it is.
        warnings "warnings": Option<Raw>,
    }
}

/// A document with targets, whole: an answer, or what else holds targets.
///
/// Written back it is the same JSON, compared as values with numbers by their
/// digits. To find what is wrong in a document, and where, read it as a
/// [`Payload`](crate::Payload): one broken part makes this type refuse it.
///
/// ```
/// use loyalty_targets::TargetDocument;
/// use target_rules::Limits;
/// let text = r#"{"data":{"targets":[{"id":50,"expression":"true","stars":5.00}]}}"#;
/// let document = TargetDocument::read(text, &Limits::default())?;
/// assert_eq!(serde_json::to_string(&document)?, text);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum TargetDocument {
    /// The answer to a request.
    Answer(Box<Answer>),
    /// Targets or groups without the answer around them.
    Bare(TargetData),
}

/// One target or group, or a list of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum TargetData {
    /// One.
    One(Box<TargetEntry>),
    /// A list.
    Many(Vec<TargetEntry>),
}

/// A target, a group, or what is neither.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
#[expect(clippy::large_enum_variant, reason = "lists of targets are what this is for")]
pub enum TargetEntry {
    /// A target.
    Target(Target),
    /// A target group.
    Group(TargetGroup),
    /// Something else, as it is written.
    Other(Raw),
}

impl TargetDocument {
    /// Reads a document. What is neither target nor group is kept as it is.
    ///
    /// Fails with the path of what has another shape and what was expected.
    pub fn read(payload: &str, limits: &Limits) -> Result<TargetDocument, Diagnostics> {
        read_whole(payload, limits)
    }

    /// The targets and groups in the order of the document.
    pub fn entries(&self) -> &[TargetEntry] {
        let data = match self {
            TargetDocument::Answer(answer) => answer.data.as_ref(),
            TargetDocument::Bare(data) => Some(data),
        };
        match data {
            Some(TargetData::One(entry)) => std::slice::from_ref(entry.as_ref()),
            Some(TargetData::Many(entries)) => entries,
            None => &[],
        }
    }
}

/// Reads a part that was kept as text, with the path inside it.
fn part<T: serde::de::DeserializeOwned, E: Error>(text: &str) -> Result<T, E> {
    let mut json = serde_json::Deserializer::from_str(text);
    serde_path_to_error::deserialize(&mut json)
        .map_err(|error| E::custom(placed(&error.path().to_string(), for_people(error.inner()))))
}

impl<'de> Deserialize<'de> for TargetDocument {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<TargetDocument, D::Error> {
        let raw = Raw::deserialize(deserializer)?;
        // INVARIANT: serde_json has read the text as JSON.
        let root = Located::read(&mut Reader::new(raw.text()));
        let root = root.map_err(|fault| D::Error::custom(fault.message))?;
        let keyed = |key| super::sort::member(raw.text(), root, key).is_some();
        if keyed("data") || (keyed("errors") && Sort::of(raw.text(), root) == Sort::Other) {
            return part(raw.text()).map(|answer| TargetDocument::Answer(Box::new(answer)));
        }
        part(raw.text()).map(TargetDocument::Bare)
    }
}

impl<'de> Deserialize<'de> for TargetData {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<TargetData, D::Error> {
        let raw = Raw::deserialize(deserializer)?;
        if raw.text().starts_with('[') {
            return part(raw.text()).map(TargetData::Many);
        }
        part(raw.text()).map(|entry| TargetData::One(Box::new(entry)))
    }
}

impl<'de> Deserialize<'de> for TargetEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<TargetEntry, D::Error> {
        let raw = Raw::deserialize(deserializer)?;
        let text = raw.text();
        let root = Located::read(&mut Reader::new(text));
        match root.map(|root| Sort::of(text, root)) {
            Ok(Sort::Target) => part(text).map(TargetEntry::Target),
            Ok(Sort::Group) => part(text).map(TargetEntry::Group),
            _ => Ok(TargetEntry::Other(raw)),
        }
    }
}
