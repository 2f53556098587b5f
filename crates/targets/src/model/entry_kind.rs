//! What an entry of a document is: recognised by its keys, before any of its
//! values is read.

use crate::json::Node;

/// What an entry of a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EntryKind {
    /// A target, as it stands in answers to requests for targets.
    Target,
    /// A target group, with or without its targets.
    Group,
    /// A promotion, which people give in place of a target.
    Promotion,
    /// Anything else.
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

impl EntryKind {
    /// Whether a key shows that an object is a target, or a group with targets.
    pub(crate) fn is_shown_by(key: &str) -> bool {
        key == "targets" || TARGET_KEYS.contains(&key)
    }

    pub(crate) fn of(entry: Node<'_>) -> EntryKind {
        let (mut target, mut group, mut promotion) = (false, false, false);
        let (mut id, mut plain) = (false, true);
        for member in entry.members() {
            let key = member.key();
            let key = key.as_ref();
            if key == "targets" {
                return EntryKind::Group;
            }
            target |= TARGET_KEYS.contains(&key);
            group |= GROUP_KEYS.contains(&key);
            promotion |= PROMOTION_KEYS.contains(&key);
            id |= key == "id";
            plain &= PLAIN_KEYS.contains(&key);
        }
        match (target, group, promotion) {
            (true, _, _) => EntryKind::Target,
            (_, true, _) => EntryKind::Group,
            (_, _, true) => EntryKind::Promotion,
            _ if id && plain => EntryKind::Target,
            _ => EntryKind::Other,
        }
    }
}
