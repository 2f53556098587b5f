//! One enrolment, as a JSON object.

use std::borrow::Cow;

use loyalty_targets::EnrolmentMethod;
use loyalty_targets::store::EnrolmentRequest;
use serde::Deserialize;
use serde_json::value::RawValue;
use target_rules::Number;
use target_rules::value::DateText;

use super::code::Code;
use super::fault::{Fault, json_fault, quoted};

/// That a customer is to be enrolled.
#[derive(Debug, Clone, PartialEq)]
pub struct Enrolment {
    /// The customer, where it says so: it may stand in the path of the request.
    pub customer: Option<i64>,
    /// In what, and how.
    pub request: EnrolmentRequest,
}

/// The fields of an enrolment, each as it is written.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object")]
pub(super) struct Written<V> {
    user_id: Option<V>,
    target_id: Option<V>,
    target_group_id: Option<V>,
    period_id: Option<V>,
    value: Option<V>,
    enrolled_on: Option<V>,
    enrolment_method: Option<V>,
}

/// The value of a field.
pub(super) trait Value {
    /// As it is written.
    fn plain(&self) -> &str;

    /// The same without the quotes of a string.
    fn text(&self) -> Cow<'_, str>;
}

/// A cell of a CSV.
impl Value for &str {
    fn plain(&self) -> &str {
        self
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(self)
    }
}

/// A value of JSON.
impl Value for &RawValue {
    fn plain(&self) -> &str {
        self.get()
    }

    fn text(&self) -> Cow<'_, str> {
        let plain = self.get();
        match plain.starts_with('"') {
            true => serde_json::from_str(plain).map_or(Cow::Borrowed(plain), Cow::Owned),
            false => Cow::Borrowed(plain),
        }
    }
}

impl<V: Value> Written<V> {
    /// What they say. Fails at the first that is none.
    pub(super) fn read<'w>(&'w self) -> Result<Enrolment, Fault> {
        let plain = |value: &'w Option<V>| value.as_ref().map(V::plain);
        let text = |value: &'w Option<V>| value.as_ref().map(V::text);
        let customer = match plain(&self.user_id) {
            None => None,
            Some(text) => Some(id_of(text).ok_or_else(|| Fault::plain(Code::InvalidUser))?),
        };
        let missing = || Fault::invalid("`targetId` is missing: the target to enrol in");
        let target = id("targetId", plain(&self.target_id))?.ok_or_else(missing)?;
        let method = match text(&self.enrolment_method).as_deref() {
            None | Some("IMPORT") => EnrolmentMethod::Import,
            Some("AUDIENCE_FILTER") => EnrolmentMethod::AudienceFilter,
            // By a transaction only a transaction enrols.
            Some(_) => return Err(Fault::plain(Code::InvalidEnrolmentType)),
        };
        let mut request = EnrolmentRequest::new(target, method);
        request.target_group_id = id("targetGroupId", plain(&self.target_group_id))?;
        request.period_id = id("periodId", plain(&self.period_id))?;
        request.value = text(&self.value).map(|text| number(&text)).transpose()?;
        request.enrolled_on = text(&self.enrolled_on).map(|text| date("enrolledOn", &text)).transpose()?;
        Ok(Enrolment { customer, request })
    }
}

fn id_of(text: &str) -> Option<i64> {
    text.parse().ok().filter(|id| *id > 0)
}

fn id(name: &str, text: Option<&str>) -> Result<Option<i64>, Fault> {
    let Some(text) = text else { return Ok(None) };
    let wrong = || {
        Fault::invalid(format!("`{name}` is a whole number from 1, such as 101, and not {}", quoted(text)))
    };
    id_of(text).map(Some).ok_or_else(wrong)
}

fn number(text: &str) -> Result<Number, Fault> {
    text.parse().map_err(|_| Fault::invalid(format!("`value` is a number, and not {}", quoted(text))))
}

/// A date or an instant of a request.
///
/// Fails where it is neither; the message begins with the name of the field.
///
/// ```
/// use target_rules_requests::date;
/// assert!(date("enrolledOn", "2026-03-07").is_ok());
/// let refused = date("enrolledOn", "tomorrow").unwrap_err();
/// assert!(refused.message.starts_with("`enrolledOn` is a date"));
/// ```
pub fn date(name: &str, text: &str) -> Result<DateText, Fault> {
    let wrong = |_| {
        Fault::invalid(format!(
            "`{name}` is a date such as `2026-03-07` or `2026-03-07T12:20:20Z`, and not {}",
            quoted(text)
        ))
    };
    text.parse().map_err(wrong)
}

/// Reads one enrolment, a JSON object. Its cost is linear in the text.
///
/// Fails where it is no such object, and at the first field with another value
/// than it has.
///
/// ```
/// use target_rules_requests::enrolment;
/// let read = enrolment(br#"{"targetId": 101, "value": "12.50"}"#)?;
/// assert_eq!((read.customer, read.request.target_id), (None, 101));
/// let refused = enrolment(br#"{"targetId": "101"}"#).unwrap_err();
/// assert_eq!(refused.message, "`targetId` is a whole number from 1, such as 101, and not `\"101\"`");
/// # Ok::<(), target_rules_requests::Fault>(())
/// ```
pub fn enrolment(bytes: &[u8]) -> Result<Enrolment, Fault> {
    let text = std::str::from_utf8(bytes).map_err(|_| Fault::invalid("the enrolment is not UTF-8"))?;
    if !text.trim_ascii_start().starts_with('{') {
        return Err(Fault::invalid(
            "it is no enrolment: it is such as `{\"userId\": 19721, \"targetId\": 101}`",
        ));
    }
    let written: Written<&RawValue> = serde_json::from_str(text)
        .map_err(|error| Fault::invalid(format!("it is no enrolment: {}", json_fault(&error))))?;
    written.read()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fault_names_its_field_and_what_is_expected() {
        for (text, expected) in [
            ("", "it is no enrolment: it is such as `{\"userId\": 19721, \"targetId\": 101}`"),
            ("[1]", "it is no enrolment: it is such as `{\"userId\": 19721, \"targetId\": 101}`"),
            ("{\"targetId\": 1", "it is no enrolment: EOF while parsing an object at line 1 column 14"),
            ("{}", "`targetId` is missing: the target to enrol in"),
            ("{\"targetId\": null}", "`targetId` is missing: the target to enrol in"),
            ("{\"targetId\": 0}", "`targetId` is a whole number from 1, such as 101, and not `0`"),
            (
                "{\"targetId\": 1, \"periodId\": []}",
                "`periodId` is a whole number from 1, such as 101, and not `[]`",
            ),
            ("{\"targetId\": 1, \"userId\": \"7\"}", "Invalid userId"),
            ("{\"targetId\": 1, \"value\": \"much\"}", "`value` is a number, and not `much`"),
            ("{\"targetId\": 1, \"value\": {}}", "`value` is a number, and not `{}`"),
            ("{\"targetId\": 1, \"enrolmentMethod\": \"TRANSACTION\"}", "Invalid enrollment type as input"),
            (
                "{\"targetId\": 1, \"enrolledOn\": 7}",
                "`enrolledOn` is a date such as `2026-03-07` or `2026-03-07T12:20:20Z`, and not `7`",
            ),
            (
                "{\"targetId\": 1, \"targetId\": 2}",
                "it is no enrolment: duplicate field `targetId` at line 1 column 26",
            ),
        ] {
            assert_eq!(enrolment(text.as_bytes()).unwrap_err().message, expected, "{text}");
        }
        let unknown = enrolment(b"{\"target\": 1}").unwrap_err().message;
        assert!(
            unknown.starts_with("it is no enrolment: unknown field `target`, expected one of"),
            "{unknown}"
        );
        let long = format!("{{\"{}\": 1}}", "x".repeat(100_000));
        let message = enrolment(long.as_bytes()).unwrap_err().message;
        assert!(message.len() < 200 && message.ends_with(" column 100003"), "{message}");
    }

    #[test]
    fn numbers_are_taken_as_texts_too_where_they_are_to_be_exact() {
        let value = |text: &str| {
            let read = enrolment(format!("{{\"targetId\": 1, \"value\": {text}}}").as_bytes()).unwrap();
            read.request.value.unwrap().to_string()
        };
        assert_eq!((value("12.50"), value("\"12.50\"")), (value("12.50"), value("12.50")));
        assert_eq!(value("\"1\\u0032\""), "12");
    }
}
