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
    pub(crate) fn put(&mut self, path: &[&str], value: Json) -> bool {
        let Some((last, above)) = path.split_last() else { return false };
        match self.at(above) {
            Some(Json::Object(keys)) if !keys.contains_key(*last) => {
                keys.insert((*last).to_owned(), value);
                true
            }
            _ => false,
        }
    }

    /// Whether an object is at a path, which is made where there is none.
    pub(crate) fn touch(&mut self, path: &[&str]) -> bool {
        matches!(self.at(path), Some(Json::Object(_)))
    }

    /// What is at a path, an object where there was nothing; `None` where something
    /// else stands in the way.
    fn at(&mut self, path: &[&str]) -> Option<&mut Json> {
        let mut at = self;
        for key in path {
            let Json::Object(keys) = at else { return None };
            if !keys.contains_key(*key) {
                keys.insert((*key).to_owned(), Json::object());
            }
            at = keys.get_mut(*key)?;
        }
        Some(at)
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
