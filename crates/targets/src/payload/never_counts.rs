//! What a target says that lets nothing count for it: no fault of its shape,
//! and told nowhere else.

use std::collections::{BTreeMap, HashSet};

use target_rules::diagnostic::{Code, Diagnostic, Span};
use target_rules::json::PathSegment;

use crate::eligibility::CheckedGroup;
use crate::json::numbers;
use crate::model::{DefaultValue, EnrolmentMethod, FilterKind, Target, Word};

/// The steps from a target to a value, and what is found there.
type Warned = (Vec<PathSegment>, Diagnostic);

/// What lets nothing count for a target of a group, if it is of one; at most so
/// many values of periods that are not there.
pub(super) fn never_counts(target: &Target, group: Option<&CheckedGroup>, most: usize) -> Vec<Warned> {
    let mut found: Vec<Warned> = no_store(target).into_iter().collect();
    found.extend(nothing_to_count(target));
    found.extend(periods(target, group, most));
    found.extend(nobody_enrolled(target, group));
    found
}

fn warning(path: Vec<PathSegment>, code: Code, message: String, note: &str, help: String) -> Warned {
    let diagnostic = Diagnostic::new(code, Span::default(), message).note(note.to_owned()).help(help);
    (path, diagnostic)
}

fn key(key: &str) -> PathSegment {
    PathSegment::Key(key.to_owned())
}

/// A transaction has one store, which several filters of stores must all admit.
/// Zones and concepts are lists, so that any filters of those can be met.
fn no_store(target: &Target) -> Option<Warned> {
    let filters = target.filters.iter().flatten().enumerate();
    let of_stores = filters.filter(|(_, filter)| filter.entity_type.known() == Some(FilterKind::Store));
    let mut common: Option<Vec<i64>> = None;
    for (index, filter) in of_stores {
        // One without ids is an error of its own.
        if filter.entity_ids.is_empty() {
            return None;
        }
        let admitted = match common {
            None => filter.entity_ids.clone(),
            Some(common) => {
                let ids: HashSet<&i64> = filter.entity_ids.iter().collect();
                common.into_iter().filter(|id| ids.contains(id)).collect()
            }
        };
        if admitted.is_empty() {
            return Some(warning(
                vec![key("filters"), PathSegment::Index(index), key("entityIds")],
                Code::NeverCounts,
                "no store is admitted by this filter and by those of stores before it, so the target never \
                 counts"
                    .to_owned(),
                "no store in common",
                "put all stores into one filter: within one filter any id admits".to_owned(),
            ));
        }
        common = Some(admitted);
    }
    None
}

/// A target without a type counts nothing. One that only says its rule is there
/// to decide, and needs none.
fn nothing_to_count(target: &Target) -> Option<Warned> {
    let says = [
        ("targetEntity", target.target_entity.is_some()),
        ("enrolmentMethod", target.enrolment_method.is_some()),
        ("defaultValues", target.default_values.as_ref().is_some_and(|values| !values.is_empty())),
        (
            "targetPeriodDefaultValuesMap",
            target.target_period_default_values_map.as_ref().is_some_and(|values| !values.is_empty()),
        ),
        ("extendedFieldInfo", target.extended_field_info.is_some()),
    ];
    let (first, _) = says.into_iter().find(|(_, says)| *says).filter(|_| target.target_type.is_none())?;
    Some(warning(
        vec![key(first)],
        Code::NeverCounts,
        format!("this target has `{first}` and no `targetType`, so there is nothing that it counts"),
        "counts what?",
        "add a `targetType`, such as `SALES` for amounts or `COUNT` for activities".to_owned(),
    ))
}

/// More ids of periods than a message tells.
const SOME: usize = 100;

/// Values of periods that the group does not list, at most so many.
fn periods(target: &Target, group: Option<&CheckedGroup>, most: usize) -> Vec<Warned> {
    let Some(group) = group.filter(|group| group.complete) else { return Vec::new() };
    let listed = target.default_values.iter().flatten().enumerate().map(|(index, value)| {
        (value.period_id, vec![key("defaultValues"), PathSegment::Index(index), key("periodId")])
    });
    let map = "targetPeriodDefaultValuesMap";
    let mapped = target.target_period_default_values_map.iter().flatten();
    let mapped = mapped.map(|(period, value)| {
        let at = vec![key(map), key(period)];
        match value.period_id {
            Some(id) => (Some(id), at.into_iter().chain([key("periodId")]).collect()),
            None => (period.parse().ok(), at),
        }
    });
    let unknown = listed.chain(mapped).filter_map(|(period, path)| Some((period?, path)));
    let unknown = unknown.filter(|(period, _)| !group.period_ids.contains(period));
    let first: Vec<i64> = group.periods.iter().take(SOME).map(|period| period.id).collect();
    let finding = |(period, path)| {
        warning(
            path,
            Code::UnknownPeriod,
            format!("the group has no period {period}, so this value is never used"),
            "not a period of the group",
            format!("the periods of the group are {}", numbers(&first)),
        )
    };
    unknown.map(finding).take(most).collect()
}

/// Bills enrol nobody where nothing is to be reached.
fn nobody_enrolled(target: &Target, group: Option<&CheckedGroup>) -> Option<Warned> {
    let by_bills =
        target.enrolment_method.as_ref().and_then(Word::known) == Some(EnrolmentMethod::Transaction);
    let periods = group.filter(|group| group.complete).map(|group| &group.period_ids);
    let reaches = |period: Option<i64>, value: &DefaultValue| {
        let is_there = period.zip(periods).is_none_or(|(id, periods)| periods.contains(&id));
        value.default_value.is_some() && is_there
    };
    let mut listed = target.default_values.iter().flatten();
    let mut mapped = target.target_period_default_values_map.iter().flatten();
    let reached = listed.any(|value| reaches(value.period_id, value))
        || mapped.any(|(period, value)| reaches(value.period_id.or_else(|| period.parse().ok()), value));
    // The answer with a customer's targets has the key, and says nothing there.
    let elsewhere = target.default_values.as_ref().is_some_and(Vec::is_empty)
        || target.target_period_default_values_map.as_ref().is_some_and(BTreeMap::is_empty);
    (by_bills && target.target_type.is_some() && !reached && !elsewhere).then(|| {
        warning(
            vec![key("enrolmentMethod")],
            Code::NeverCounts,
            "bills enrol nobody in this target, since it does not say what is to be reached".to_owned(),
            "enrols nobody",
            "give it `defaultValues`, such as `[{\"periodId\": 3, \"defaultValue\": 5000}]`".to_owned(),
        )
    })
}
