//! JSON objects as texts whose members stay as they were written.

use std::collections::HashSet;
use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use target_rules::diagnostic::excerpt;
use target_rules_requests::json_fault;

use crate::http::Failure;

/// The largest id that is taken from elsewhere: half of what every reader of JSON
/// holds exactly. Ids that are given here are above all of those, and have the other half.
pub(super) const LARGEST_ID: i64 = (1 << 52) - 1;

/// The members of an object, in their order.
#[derive(Debug)]
pub(super) struct Members<'t>(Vec<(String, &'t RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Members<'de>, D::Error> {
        struct Gather;
        impl<'de> Visitor<'de> for Gather {
            type Value = Members<'de>;

            fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
                to.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry::<String, &RawValue>()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Gather)
    }
}

impl<'t> Members<'t> {
    /// Those of a text that is an object.
    pub(super) fn of(text: &'t str, what: &str) -> Result<Members<'t>, Failure> {
        let wrong = |why: &dyn fmt::Display| Failure::invalid(format!("{what} is no JSON object: {why}"));
        let members: Members<'t> = serde_json::from_str(text).map_err(|error| wrong(&json_fault(&error)))?;
        let mut seen = HashSet::with_capacity(members.0.len());
        if let Some((key, _)) = members.0.iter().find(|(key, _)| !seen.insert(key.as_str())) {
            return Err(wrong(&format_args!("`{}` stands there twice", excerpt(key))));
        }
        Ok(members)
    }

    /// The text of a member; `null` is none.
    pub(super) fn get(&self, key: &str) -> Option<&'t str> {
        let found = self.0.iter().find(|(name, _)| name == key);
        found.map(|(_, value)| value.get()).filter(|text| *text != "null")
    }

    /// Whether there is such a member, `null` or not.
    pub(super) fn has(&self, key: &str) -> bool {
        self.0.iter().any(|(name, _)| name == key)
    }

    /// A member that is an id: a whole number from 1 to [`LARGEST_ID`].
    pub(super) fn id(&self, key: &str) -> Result<Option<i64>, Failure> {
        let wrong = || Failure::invalid(format!("`{key}` is a whole number from 1 to {LARGEST_ID}"));
        let read =
            |text: &str| text.parse().ok().filter(|id| (1..=LARGEST_ID).contains(id)).ok_or_else(wrong);
        self.get(key).map(read).transpose()
    }

    /// A member that is a text.
    pub(super) fn string(&self, key: &str) -> Option<String> {
        serde_json::from_str(self.get(key)?).ok()
    }

    /// The entries of a member that is a list; none where it is not there.
    pub(super) fn list(&self, key: &str) -> Result<Vec<&'t str>, Failure> {
        let Some(text) = self.get(key) else { return Ok(Vec::new()) };
        let list: Vec<&'t RawValue> =
            serde_json::from_str(text).map_err(|_| Failure::invalid(format!("`{key}` is a list")))?;
        Ok(list.into_iter().map(RawValue::get).collect())
    }

    /// The object without some members.
    pub(super) fn without(&self, keys: &[&str]) -> String {
        let kept = self.0.iter().filter(|(key, _)| !keys.contains(&key.as_str()));
        written(kept.map(|(key, value)| (key.as_str(), value.get())))
    }

    /// The object with another value for a member.
    pub(super) fn with(&self, changed: &str, value: &str) -> String {
        let members = self.0.iter().map(|(key, old)| {
            let value = if key == changed { value } else { old.get() };
            (key.as_str(), value)
        });
        let added = self.0.iter().all(|(key, _)| key != changed).then_some((changed, value));
        written(members.chain(added))
    }
}

fn written<'m>(members: impl Iterator<Item = (&'m str, &'m str)>) -> String {
    let members: Vec<String> = members.map(|(key, value)| format!("{}:{value}", quoted(&key))).collect();
    format!("{{{}}}", members.join(","))
}

/// A JSON text, to be answered byte for byte.
pub(super) fn raw(text: &str) -> Result<Box<RawValue>, Failure> {
    RawValue::from_string(text.to_owned()).map_err(|error| Failure::internal(&error))
}

/// A value as JSON.
pub(super) fn quoted(value: &impl Serialize) -> String {
    // INVARIANT: texts and numbers can always be written.
    serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned())
}

/// The object with one more member in front; every other byte is kept.
pub(super) fn with_first(text: &str, key: &str, value: &str) -> String {
    let inside = text.trim_start().strip_prefix('{').unwrap_or(text);
    let comma = if inside.trim_start().starts_with('}') { "" } else { "," };
    format!("{{{}:{value}{comma}{inside}", quoted(&key))
}

/// The object with one more member at its end; every other byte is kept.
pub(super) fn with_last(text: &str, key: &str, value: &str) -> String {
    let inside = text.trim_end().strip_suffix('}').unwrap_or(text).trim_end();
    let comma = if inside.ends_with('{') { "" } else { "," };
    format!("{inside}{comma}{}:{value}}}", quoted(&key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_stay_as_they_were_written() {
        let text = "{ \"a\": 1.50, \"b\" : [1,  2], \"c\":null }";
        let members = Members::of(text, "it").unwrap();
        assert_eq!((members.get("a"), members.get("c")), (Some("1.50"), None));
        assert_eq!(members.list("b").unwrap(), ["1", "2"]);
        assert_eq!(members.without(&["a"]), "{\"b\":[1,  2],\"c\":null}");
        assert_eq!(members.with("a", "7"), "{\"a\":7,\"b\":[1,  2],\"c\":null}");
        assert_eq!(with_first("{ }", "id", "7"), "{\"id\":7 }");
        assert_eq!(with_first(text, "id", "7"), format!("{{\"id\":7,{}", text.trim_start_matches('{')));
        assert_eq!(with_last("{ }", "id", "7"), "{\"id\":7}");
        assert!(Members::of("{\"a\":1,\"a\":2}", "it").is_err());
        assert!(Members::of("[1]", "it").is_err());
    }

    #[test]
    fn very_many_keys_are_held_against_each_other_in_linear_time() {
        let time = |count: usize| {
            let keys: Vec<String> = (0..count).map(|at| format!("\"{at:x}\":0")).collect();
            let keys = keys.join(",");
            let (once, twice) = (format!("{{{keys}}}"), format!("{{\"{:x}\":1,{keys}}}", count - 1));
            // The shortest of some times is what it takes on a machine with nothing else to do.
            let tried = (0..5).map(|_| {
                let began = std::time::Instant::now();
                assert!(Members::of(&once, "it").is_ok());
                assert!(Members::of(&twice, "it").is_err());
                began.elapsed()
            });
            tried.min().unwrap()
        };
        let (few, many) = (time(10_000), time(100_000));
        // Ten times as many: each with each takes a hundred times as long.
        assert!(many < few * 40, "{few:?} and {many:?}");
    }

    #[test]
    fn an_id_from_elsewhere_leaves_room_for_those_that_are_given() {
        let id = |text: &str| Members::of(text, "it").unwrap().id("id").ok();
        assert_eq!(id("{\"id\": 4503599627370495}"), Some(Some(LARGEST_ID)));
        for wrong in ["4503599627370496", "9223372036854775807", "0", "-1", "1.5", "\"7\""] {
            assert_eq!(id(&format!("{{\"id\": {wrong}}}")), None, "{wrong}");
        }
    }
}
