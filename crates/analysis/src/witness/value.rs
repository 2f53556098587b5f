//! States as values of a document.

use crate::document::Json;
use crate::model::Sample;

/// What is written for a date that is none.
const NO_DATE: &str = "no date";

/// A state as a value of a document; `None` where it is left out.
pub(super) fn json(state: &Sample) -> Option<Json> {
    match state {
        Sample::Number(number) => Json::number(number.to_string()),
        Sample::Text(text) => Some(Json::Text(text.to_string())),
        Sample::Date(date) => Some(Json::Text(date.to_string())),
        Sample::Boolean(value) => Some(Json::Boolean(*value)),
        // Of what the document states only dates can be at fault.
        Sample::Fault => Some(Json::Text(NO_DATE.to_owned())),
        _ => None,
    }
}
