//! What a document is: recognised by its keys, before any of it is read.

use target_rules::json::{Located, Members};

/// What a value of a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sort {
    Target,
    Group,
    Promotion,
    Other,
}

/// A target has at least one of these.
const TARGET_KEYS: [&str; 8] = [
    "expression",
    "expressionJson",
    "targetType",
    "targetEntity",
    "enrolmentMethod",
    "emfRuleSetId",
    "defaultValues",
    "targetPeriodDefaultValuesMap",
];
/// An object with an id and nothing but these is a target that lacks its rule.
const PLAIN_KEYS: [&str; 7] = ["id", "attribution", "name", "eventName", "description", "active", "filters"];
/// A group that lists no targets has one of these.
const GROUP_KEYS: [&str; 4] = ["trackingType", "targetEvaluationType", "periods", "unifiedTargetExpression"];
const PROMOTION_KEYS: [&str; 5] =
    ["promotionStatus", "promotionRestrictions", "rulesetInfos", "campaignId", "earningCriteria"];

impl Sort {
    pub(crate) fn of(text: &str, value: Located) -> Sort {
        let (mut target, mut group, mut promotion) = (false, false, false);
        let (mut id, mut plain) = (false, true);
        for (key, _) in Members::of(text, value) {
            let key = key.text.as_str();
            if key == "targets" {
                return Sort::Group;
            }
            target |= TARGET_KEYS.contains(&key);
            group |= GROUP_KEYS.contains(&key);
            promotion |= PROMOTION_KEYS.contains(&key);
            id |= key == "id";
            plain &= PLAIN_KEYS.contains(&key);
        }
        match (target, group, promotion) {
            (true, _, _) => Sort::Target,
            (_, true, _) => Sort::Group,
            (_, _, true) => Sort::Promotion,
            _ if id && plain => Sort::Target,
            _ => Sort::Other,
        }
    }
}

/// The value of a key; of a key that stands twice the first.
pub(crate) fn member(text: &str, object: Located, key: &str) -> Option<Located> {
    Members::of(text, object).find(|(found, _)| found.text == key).map(|(_, value)| value)
}
