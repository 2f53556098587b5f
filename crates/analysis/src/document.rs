//! Transaction documents that witnesses are: JSON with its digits.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::value::RawValue;

/// A value of a document.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub(crate) enum Json {
    /// A number, as its digits.
    Number(Box<RawValue>),
    Text(String),
    Boolean(bool),
    List(Vec<Json>),
    Object(BTreeMap<String, Json>),
}

impl Json {
    pub(crate) fn object() -> Json {
        Json::Object(BTreeMap::new())
    }

    /// A number of these digits.
    pub(crate) fn number(digits: String) -> Option<Json> {
        RawValue::from_string(digits).ok().map(Json::Number)
    }

    /// Puts a value at a path; false where something else stands in the way.
    #[must_use]
    pub(crate) fn put(&mut self, path: &[String], value: Json) -> bool {
        let Some((last, above)) = path.split_last() else { return false };
        let mut at = self;
        for key in above {
            let Json::Object(keys) = at else { return false };
            at = keys.entry(key.clone()).or_insert_with(Json::object);
        }
        match at {
            Json::Object(keys) => match keys.contains_key(last) {
                true => false,
                false => {
                    keys.insert(last.clone(), value);
                    true
                }
            },
            _ => false,
        }
    }

    /// The object at a path, made where there is none.
    pub(crate) fn touch(&mut self, path: &[String]) -> bool {
        let mut at = self;
        for key in path {
            let Json::Object(keys) = at else { return false };
            at = keys.entry(key.clone()).or_insert_with(Json::object);
        }
        matches!(at, Json::Object(_))
    }

    /// Takes away what is at a path of two keys.
    pub(crate) fn remove(&mut self, path: &[&str; 2]) {
        let [above, last] = path;
        if let Json::Object(keys) = self
            && let Some(Json::Object(inner)) = keys.get_mut(*above)
        {
            inner.remove(*last);
        }
    }

    /// The text at a path.
    pub(crate) fn text_at(&self, path: &[&str]) -> Option<&str> {
        let mut at = self;
        for key in path {
            let Json::Object(keys) = at else { return None };
            at = keys.get(*key)?;
        }
        match at {
            Json::Text(text) => Some(text),
            _ => None,
        }
    }
}
