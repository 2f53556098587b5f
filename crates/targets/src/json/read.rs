//! Values of a document, read into types.
//!
//! What is read calls what reads its parts, so that the stack follows how the
//! types nest, and never how the document does.

use std::collections::BTreeMap;

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use target_rules::json::{Kind, PathSegment};

use super::parsed::{Node, Parsed};
use super::shape::{ShapeFault, WHOLE_NUMBER};

/// What can be read from a value of a document.
pub(crate) trait ReadJson: Sized {
    /// Fails with the first thing of another shape.
    fn read(value: Node<'_>) -> Result<Self, ShapeFault>;
}

impl ReadJson for i64 {
    fn read(value: Node<'_>) -> Result<i64, ShapeFault> {
        // `-0` would be written back as `0`.
        let number = value.text().parse().ok().filter(|number: &i64| number.to_string() == value.text());
        number.ok_or_else(|| ShapeFault::of_type(value, WHOLE_NUMBER))
    }
}

impl ReadJson for bool {
    fn read(value: Node<'_>) -> Result<bool, ShapeFault> {
        match value.kind() {
            Kind::Boolean(constant) => Ok(constant),
            _ => Err(ShapeFault::of_type(value, "a boolean")),
        }
    }
}

impl ReadJson for String {
    fn read(value: Node<'_>) -> Result<String, ShapeFault> {
        match value.kind() {
            Kind::String => value.string().map_err(|_| ShapeFault::half_a_character(value)),
            _ => Err(ShapeFault::of_type(value, "a string")),
        }
    }
}

impl<T: ReadJson> ReadJson for Vec<T> {
    fn read(value: Node<'_>) -> Result<Vec<T>, ShapeFault> {
        if value.kind() != Kind::Array {
            return Err(ShapeFault::of_type(value, "a list"));
        }
        read_list(value)
    }
}

/// The entries of an array.
pub(crate) fn read_list<T: ReadJson>(array: Node<'_>) -> Result<Vec<T>, ShapeFault> {
    let entry = |(index, entry)| T::read(entry).map_err(|fault| fault.within(PathSegment::Index(index)));
    array.entries().enumerate().map(entry).collect()
}

/// Of a key that stands twice the last value is taken.
impl<T: ReadJson> ReadJson for BTreeMap<String, T> {
    fn read(value: Node<'_>) -> Result<BTreeMap<String, T>, ShapeFault> {
        if value.kind() != Kind::Object {
            return Err(ShapeFault::of_type(value, "an object"));
        }
        let member = |member: Node<'_>| {
            let key = member.key().into_owned();
            match T::read(member) {
                Ok(read) => Ok((key, read)),
                Err(fault) => Err(fault.within(PathSegment::Key(key))),
            }
        };
        value.members().map(member).collect()
    }
}

/// Reads what serde asks for, so that there is one reader of every type: its
/// JSON is taken whole, and read here.
pub(crate) fn from_serde<'de, T: ReadJson, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let json = Box::<RawValue>::deserialize(deserializer)?;
    let parsed =
        Parsed::parse(json.get().into(), 0, usize::MAX).map_err(|fault| D::Error::custom(fault.message))?;
    T::read(parsed.root()).map_err(D::Error::custom)
}
