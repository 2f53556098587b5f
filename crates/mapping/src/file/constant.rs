//! Constants of a mapping.

use serde::Serialize;
use serde_json::Number;

/// A constant of a mapping.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Constant {
    /// `true` or `false`.
    Boolean(bool),
    /// A number, its digits as they are written.
    Number(#[cfg_attr(test, schemars(with = "f64"))] Digits),
    /// A text.
    Text(String),
}

/// The digits of a number, which is never made a binary fraction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digits(pub String);

impl Serialize for Digits {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match serde_json::value::RawValue::from_string(self.0.clone()) {
            Ok(raw) => raw.serialize(serializer),
            Err(_) => Number::from(0).serialize(serializer),
        }
    }
}

impl Constant {
    /// Its text, as a JSON document has it without quotes.
    pub fn text(&self) -> &str {
        match self {
            Constant::Boolean(true) => "true",
            Constant::Boolean(false) => "false",
            Constant::Number(Digits(digits)) => digits,
            Constant::Text(text) => text,
        }
    }

    /// Its type in JSON.
    pub fn kind(&self) -> target_rules::json::Kind {
        use target_rules::json::Kind;
        match self {
            Constant::Boolean(value) => Kind::Boolean(*value),
            Constant::Number(_) => Kind::Number,
            Constant::Text(_) => Kind::String,
        }
    }
}
