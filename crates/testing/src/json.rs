//! JSON compared as values, numbers by their digits.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

/// The text with the members of objects sorted, strings written one way and
/// no white space; digits stay as they are.
pub fn canonical(text: &str) -> String {
    let text = text.trim();
    match text.as_bytes().first() {
        Some(b'{') => {
            let members: BTreeMap<String, Box<RawValue>> = serde_json::from_str(text).unwrap();
            let members = members.iter().map(|(key, value)| format!("{key:?}:{}", canonical(value.get())));
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        }
        Some(b'[') => {
            let entries: Vec<Box<RawValue>> = serde_json::from_str(text).unwrap();
            format!("[{}]", entries.iter().map(|entry| canonical(entry.get())).collect::<Vec<_>>().join(","))
        }
        Some(b'"') => format!("{:?}", serde_json::from_str::<String>(text).unwrap()),
        _ => text.to_owned(),
    }
}
