//! How cases of the conformance suite are written: `tests/conformance`.

use serde_json::Value;
use serde_json::value::RawValue;

/// The text of a rule or a document: a string, an object taken as its own text, or a list
/// of pieces, of which one in a list of its own is repeated so often.
pub fn text_of(raw: &RawValue) -> String {
    match raw.get().as_bytes().first() {
        Some(b'"') => serde_json::from_str(raw.get()).unwrap(),
        Some(b'[') => serde_json::from_str::<Vec<Value>>(raw.get()).unwrap().iter().map(piece).collect(),
        _ => raw.get().to_owned(),
    }
}

fn piece(piece: &Value) -> String {
    match piece {
        Value::String(text) => text.clone(),
        Value::Array(repeated) => {
            let times = repeated[1].as_u64().and_then(|times| usize::try_from(times).ok());
            repeated[0].as_str().unwrap().repeat(times.unwrap())
        }
        _ => panic!("no piece of a text: {piece}"),
    }
}
