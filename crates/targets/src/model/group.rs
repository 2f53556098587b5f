//! Target groups, and documents that hold targets or groups, as types that lose
//! nothing.

use serde::{Deserialize, Deserializer, Serialize};

use target_rules::Limits;
use target_rules::diagnostic::{Diagnostics, Input};
use target_rules::json::Kind;

use crate::json::{Node, ReadJson, ShapeFault, from_serde, read_document, read_list};

use super::entry_kind::EntryKind;
use super::record::record;
use super::target::{Attribution, ServiceError, Target};
use super::vocabulary::{
    Aggregation, CombinationType, EvaluationType, FrequencyType, PeriodStatus, TrackingType,
};
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
/// let text = r#"{"data":{"targets":[{"id":50,"stars":5.00}]},"errors":null}"#;
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
///
/// ```
/// use loyalty_targets::{TargetData, TargetDocument};
/// use target_rules::Limits;
/// // The answer for one target, and the answer for all of them.
/// let one = TargetDocument::read(r#"{"data": {"id": 50}}"#, &Limits::default())?;
/// let all = TargetDocument::read(r#"{"data": [{"id": 50}]}"#, &Limits::default())?;
/// let data = |document| match document {
///     TargetDocument::Answer(answer) => answer.data,
///     TargetDocument::Bare(data) => Some(data),
/// };
/// assert_eq!((one.entries().len(), all.entries().len()), (1, 1));
/// assert!(matches!(data(one), Some(TargetData::One(_))));
/// assert!(matches!(data(all), Some(TargetData::Many(_))));
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum TargetData {
    /// One.
    One(Box<TargetEntry>),
    /// A list.
    Many(Vec<TargetEntry>),
}

/// A target, a group, or what is neither.
///
/// ```
/// use loyalty_targets::{TargetDocument, TargetEntry};
/// use target_rules::Limits;
/// let text = r#"[{"id": 50, "expression": "currentTxn.value>500"},
///               {"id": 7, "targets": [{"id": 51}, {"id": 52}]}]"#;
/// let document = TargetDocument::read(text, &Limits::default())?;
/// let mut ids = Vec::new();
/// for entry in document.entries() {
///     match entry {
///         TargetEntry::Target(target) => ids.push(target.id),
///         TargetEntry::Group(group) => {
///             ids.extend(group.targets.iter().flatten().map(|target| target.id));
///         }
///         TargetEntry::Other(json) => eprintln!("passed over: {}", json.text()),
///     }
/// }
/// assert_eq!(ids, [50, 51, 52]);
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
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
    /// Reads a document, from text or bytes. What is neither target nor group is
    /// kept as it is. Cost is linear in the document.
    ///
    /// Fails with the path of what has another shape and what was expected.
    pub fn read(payload: &(impl Input + ?Sized), limits: &Limits) -> Result<TargetDocument, Diagnostics> {
        read_document(payload, limits)
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

impl ReadJson for TargetDocument {
    fn read(value: Node<'_>) -> Result<TargetDocument, ShapeFault> {
        let keyed = |key| value.member(key).is_some();
        if keyed("data") || (keyed("errors") && EntryKind::of(value) == EntryKind::Other) {
            return Answer::read(value).map(|answer| TargetDocument::Answer(Box::new(answer)));
        }
        TargetData::read(value).map(TargetDocument::Bare)
    }
}

impl ReadJson for TargetData {
    fn read(value: Node<'_>) -> Result<TargetData, ShapeFault> {
        if value.kind() == Kind::Array {
            return read_list(value).map(TargetData::Many);
        }
        TargetEntry::read(value).map(|entry| TargetData::One(Box::new(entry)))
    }
}

impl ReadJson for TargetEntry {
    fn read(value: Node<'_>) -> Result<TargetEntry, ShapeFault> {
        match EntryKind::of(value) {
            EntryKind::Target => Target::read(value).map(TargetEntry::Target),
            EntryKind::Group => TargetGroup::read(value).map(TargetEntry::Group),
            EntryKind::Promotion | EntryKind::Other => Raw::read(value).map(TargetEntry::Other),
        }
    }
}

impl<'de> Deserialize<'de> for TargetDocument {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<TargetDocument, D::Error> {
        from_serde(deserializer)
    }
}

impl<'de> Deserialize<'de> for TargetData {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<TargetData, D::Error> {
        from_serde(deserializer)
    }
}

impl<'de> Deserialize<'de> for TargetEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<TargetEntry, D::Error> {
        from_serde(deserializer)
    }
}
