//! A transaction document with something else at a place: every other value
//! keeps its digits.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

/// An object of which each value stays as it is written.
type Keys = BTreeMap<String, Box<RawValue>>;

/// One step of the way to a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Key(String),
    /// An entry of a list, from 0.
    Entry(usize),
}

/// What is done at a place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Edit {
    /// This JSON instead of what is there.
    Put(String),
    /// These JSON values at the end of the list that is there.
    Append(Vec<String>),
}

/// The document after an edit; `None` where it has another shape than the path
/// says.
pub(super) fn edited(document: &str, path: &[Step], edit: &Edit) -> Option<String> {
    let Some((step, rest)) = path.split_first() else {
        return match edit {
            Edit::Put(value) => Some(value.clone()),
            Edit::Append(values) => {
                let mut list = entries(document)?;
                for value in values {
                    list.push(RawValue::from_string(value.clone()).ok()?);
                }
                serde_json::to_string(&list).ok()
            }
        };
    };
    match step {
        Step::Key(key) => {
            let mut keys: Keys =
                if document == NULL { Keys::new() } else { serde_json::from_str(document).ok()? };
            let inner = keys.get(key).map_or(NULL, |value| value.get());
            let inner = RawValue::from_string(edited(inner, rest, edit)?).ok()?;
            keys.insert(key.clone(), inner);
            serde_json::to_string(&keys).ok()
        }
        Step::Entry(at) => {
            let mut list = entries(document)?;
            let entry = list.get_mut(*at)?;
            *entry = RawValue::from_string(edited(entry.get(), rest, edit)?).ok()?;
            serde_json::to_string(&list).ok()
        }
    }
}

const NULL: &str = "null";

fn entries(list: &str) -> Option<Vec<Box<RawValue>>> {
    if list == NULL { Some(Vec::new()) } else { serde_json::from_str(list).ok() }
}

#[cfg(test)]
mod tests {
    use super::{Edit, Step, edited};

    #[test]
    fn what_is_not_edited_keeps_its_digits() {
        let document = r#"{"a": {"b": 1.50, "list": [{"x": 2.0}]}, "c": 1e2}"#;
        let key = |key: &str| Step::Key(key.to_owned());
        let put = |path: &[Step], value: &str| edited(document, path, &Edit::Put(value.to_owned()));
        assert_eq!(
            put(&[key("a"), key("b")], "7.10").as_deref(),
            Some(r#"{"a":{"b":7.10,"list":[{"x": 2.0}]},"c":1e2}"#)
        );
        assert_eq!(
            put(&[key("d"), key("e")], "true").as_deref(),
            Some(r#"{"a":{"b": 1.50, "list": [{"x": 2.0}]},"c":1e2,"d":{"e":true}}"#)
        );
        let inside = [key("a"), key("list"), Step::Entry(0), key("x")];
        assert_eq!(put(&inside, "3").as_deref(), Some(r#"{"a":{"b":1.50,"list":[{"x":3}]},"c":1e2}"#));
        let more = Edit::Append(vec!["1".to_owned()]);
        assert_eq!(
            edited(document, &[key("a"), key("list")], &more).as_deref(),
            Some(r#"{"a":{"b":1.50,"list":[{"x": 2.0},1]},"c":1e2}"#)
        );
        assert_eq!(put(&[key("c"), key("b")], "1"), None);
        assert_eq!(put(&[key("a"), key("list"), Step::Entry(1)], "1"), None);
    }
}
