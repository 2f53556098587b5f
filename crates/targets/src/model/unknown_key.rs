//! Keys that nothing reads and that are nearly ones that something reads.
//!
//! A newer platform may have more keys, which are kept and written back; a slip
//! of the pen would be kept too, and never be noticed.

use std::cell::OnceCell;
use std::collections::HashSet;

use target_rules::diagnostic::{Code, Confidence, Diagnostic, Repair, Severity, Suggestion, excerpt};
use target_rules::json::{Kind, PathSegment};
use target_rules::schema::closest;

use crate::json::Node;

use super::group::{Period, TargetGroup, UnifiedTargetExpression};
use super::target::{AggregateWindow, DefaultValue, ExtendedFieldInfo, Filter, Target};

/// The keys of an object, and of the objects within it.
pub(crate) struct KnownKeys {
    known: &'static [&'static str],
    within: &'static [(&'static str, Within, &'static KnownKeys)],
    /// What people write for known keys.
    other_words: &'static [(&'static str, &'static str)],
}

/// How objects stand under a key.
#[derive(Clone, Copy)]
enum Within {
    /// The value is one.
    Object,
    /// The entries of a list, or the values of a map.
    Each,
}

impl KnownKeys {
    /// Of an object that holds no other one.
    pub(crate) const fn plain(known: &'static [&'static str]) -> KnownKeys {
        KnownKeys { known, within: &[], other_words: &[] }
    }

    /// The same with what people write for known keys.
    pub(crate) const fn with(mut self, other_words: &'static [(&'static str, &'static str)]) -> KnownKeys {
        self.other_words = other_words;
        self
    }

    /// The same, for the keys of one object.
    pub(crate) fn of<'k, 'd>(&'k self, object: Node<'d>) -> KeysOf<'k, 'd> {
        KeysOf { keys: self, object, there: OnceCell::new() }
    }
}

/// The keys of an object, beside those that are known.
pub(crate) struct KeysOf<'k, 'd> {
    keys: &'k KnownKeys,
    object: Node<'d>,
    /// The known keys that it has: found once, however many others it has.
    there: OnceCell<HashSet<&'static str>>,
}

impl KeysOf<'_, '_> {
    /// The known key that is most likely meant by one of the object that is not
    /// known.
    pub(crate) fn meant(&self, key: &str) -> Option<&'static str> {
        let other = self.keys.other_words.iter().find(|(other, _)| other.eq_ignore_ascii_case(key));
        let other = other.map(|(_, known)| *known).filter(|known| self.lacks(known));
        near(key, self.keys.known, |known| self.lacks(known)).or(other)
    }

    fn lacks(&self, known: &str) -> bool {
        let there = self.there.get_or_init(|| {
            let members: HashSet<_> = self.object.members().map(Node::key).collect();
            self.keys.known.iter().copied().filter(|known| members.contains(*known)).collect()
        });
        !there.contains(known)
    }
}

static DEFAULT: KnownKeys =
    KnownKeys::plain(DefaultValue::KEYS).with(&[("value", "defaultValue"), ("period", "periodId")]);
static FILTER: KnownKeys = KnownKeys::plain(Filter::KEYS).with(&[
    ("kind", "entityType"),
    ("stores", "entityIds"),
    ("values", "entityIds"),
]);
static WINDOW: KnownKeys = KnownKeys::plain(AggregateWindow::KEYS);
static FIELD: KnownKeys = KnownKeys {
    known: ExtendedFieldInfo::KEYS,
    within: &[("aggregateWindow", Within::Object, &WINDOW)],
    other_words: &[("field", "name"), ("fieldName", "name"), ("function", "aggregateFunction")],
};
static PERIOD: KnownKeys = KnownKeys::plain(Period::KEYS);
static UNIFIED: KnownKeys = KnownKeys::plain(UnifiedTargetExpression::KEYS);

/// Of a target.
pub(crate) static TARGET: KnownKeys = KnownKeys {
    known: Target::KEYS,
    within: &[
        ("filters", Within::Each, &FILTER),
        ("defaultValues", Within::Each, &DEFAULT),
        ("targetPeriodDefaultValuesMap", Within::Each, &DEFAULT),
        ("extendedFieldInfo", Within::Object, &FIELD),
    ],
    other_words: &[
        ("rule", "expression"),
        ("condition", "expression"),
        ("criteria", "expression"),
        ("formula", "expression"),
        ("dsl", "expression"),
        ("tree", "expressionJson"),
        ("enabled", "active"),
        ("isActive", "active"),
        ("title", "name"),
        ("event", "eventName"),
        ("enrolment", "enrolmentMethod"),
        ("enrollment", "enrolmentMethod"),
        ("enrollmentType", "enrolmentMethod"),
        ("enrolmentType", "enrolmentMethod"),
        ("defaultValue", "defaultValues"),
        ("defaults", "defaultValues"),
    ],
};

/// Of a group, without its targets.
pub(crate) static GROUP: KnownKeys = KnownKeys {
    known: TargetGroup::KEYS,
    within: &[
        ("periods", Within::Each, &PERIOD),
        ("activePeriod", Within::Object, &PERIOD),
        ("unifiedTargetExpression", Within::Object, &UNIFIED),
    ],
    other_words: &[("rules", "targets"), ("targetRules", "targets"), ("window", "targetEvaluationType")],
};

/// Warnings of the keys of an object that are nearly known ones, each with its
/// pointer from the object; at most so many.
pub(crate) fn unknown_keys(object: Node<'_>, keys: &KnownKeys, most: usize) -> Vec<(String, Diagnostic)> {
    let mut found = Vec::new();
    look(object, keys, "", most, &mut found);
    found
}

/// Types nest a few levels deep, and so does this.
fn look(
    object: Node<'_>,
    keys: &KnownKeys,
    pointer: &str,
    most: usize,
    found: &mut Vec<(String, Diagnostic)>,
) {
    if object.kind() != Kind::Object {
        return;
    }
    let of_object = keys.of(object);
    for member in object.members() {
        if found.len() >= most {
            return;
        }
        let key = member.key();
        let pointer = format!("{pointer}{}", PathSegment::Key(key.clone().into_owned()).pointer());
        if let Some((_, within, inner)) = keys.within.iter().find(|(name, ..)| *name == key) {
            match within {
                Within::Object => look(member, inner, &pointer, most, found),
                Within::Each => {
                    for (at, entry) in member.inner().enumerate() {
                        let step = match member.kind() {
                            Kind::Array => PathSegment::Index(at),
                            _ => PathSegment::Key(entry.key().into_owned()),
                        };
                        look(entry, inner, &format!("{pointer}{}", step.pointer()), most, found);
                    }
                }
            }
        } else if !keys.known.contains(&key.as_ref())
            && let Some(known) = of_object.meant(&key)
        {
            let span = member.key_span();
            let mut warning =
                Diagnostic::new(Code::UnknownKey, span, format!("nothing reads the key `{}`", excerpt(&key)))
                    .note("not a known key")
                    .help(Repair::did_you_mean(
                        known,
                        [Suggestion::json_string(span, known, Confidence::Guess)],
                    ));
            warning.severity = Severity::Warning;
            found.push((pointer, warning));
        }
    }
}

/// Letters and digits alone, regardless of case. A document may have hundreds of
/// thousands of keys that nothing reads, so they are compared as they come.
fn letters(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|one| one.is_alphanumeric()).flat_map(char::to_lowercase)
}

/// The known key that is most likely meant.
fn near(
    key: &str,
    known: &'static [&'static str],
    lacks: impl Fn(&'static str) -> bool,
) -> Option<&'static str> {
    let same = known.iter().find(|known| letters(known).eq(letters(key))).copied();
    same.or_else(|| closest(key, known.iter().copied())).or_else(|| {
        // Its last word, where the object lacks the whole.
        let last_word = |known: &&&str| {
            let rest = known.len().checked_sub(key.len()).and_then(|at| Some((at, known.get(at..)?)));
            rest.is_some_and(|(at, rest)| {
                at > 0 && rest.eq_ignore_ascii_case(key) && rest.starts_with(char::is_uppercase)
            })
        };
        let mut ends = known.iter().filter(last_word).filter(|known| lacks(known));
        let only = ends.next().filter(|_| key.len() > 1)?;
        ends.next().is_none().then_some(*only)
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::json::Parsed;

    fn meant(object: &str, keys: &KnownKeys) -> Vec<String> {
        let document = Parsed::parse(object.into(), 0, usize::MAX).unwrap();
        let found = unknown_keys(document.root(), keys, 20);
        found.into_iter().map(|(pointer, found)| format!("{pointer} {}", found.help.unwrap())).collect()
    }

    #[test]
    fn slips_are_found_and_other_keys_are_not() {
        assert_eq!(
            meant(
                r#"{"actve": false, "Active": false, "targettype": "x", "expresion": "true", "target_entity": "x",
                    "filters": [{"type": "STORE", "ids": [1]}, {"entityType": "STORE", "entityIDs": [1]}],
                    "extendedFieldInfo": {"name": "x", "aggregateWindow": {"windowtype": "MIN"}},
                    "targetPeriodDefaultValuesMap": {"3": {"defaultvalue": 1}}}"#,
                &TARGET,
            ),
            [
                "/actve did you mean `active`?",
                "/Active did you mean `active`?",
                "/targettype did you mean `targetType`?",
                "/expresion did you mean `expression`?",
                "/target_entity did you mean `targetEntity`?",
                "/filters/0/type did you mean `entityType`?",
                "/filters/0/ids did you mean `entityIds`?",
                "/filters/1/entityIDs did you mean `entityIds`?",
                "/extendedFieldInfo/aggregateWindow/windowtype did you mean `windowType`?",
                "/targetPeriodDefaultValuesMap/3/defaultvalue did you mean `defaultValue`?",
            ]
        );
        let silent =
            r#"{"id": 1, "targetType": "SALES", "type": "x", "priority": 3, "budget": 1, "x": {"actve": 1}}"#;
        assert!(meant(silent, &TARGET).is_empty());
        assert_eq!(
            meant(r#"{"periods": [{"startdate": "x"}], "offsetdays": 3, "targets": [{"actve": 1}]}"#, &GROUP),
            ["/periods/0/startdate did you mean `startDate`?", "/offsetdays did you mean `offsetDays`?"]
        );
    }
}
