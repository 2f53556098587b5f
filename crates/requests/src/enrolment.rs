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

/// The values of an enrolment as they are written: numbers, and texts without
/// their quotes.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Written<'t> {
    pub(super) user_id: Option<&'t str>,
    pub(super) target_id: Option<&'t str>,
    pub(super) target_group_id: Option<&'t str>,
    pub(super) period_id: Option<&'t str>,
    pub(super) value: Option<&'t str>,
    pub(super) enrolled_on: Option<&'t str>,
    pub(super) enrolment_method: Option<&'t str>,
}

impl Written<'_> {
    /// What they say. Fails at the first that is none.
    pub(super) fn read(&self) -> Result<Enrolment, Fault> {
        let customer = match self.user_id {
            None => None,
            Some(text) => Some(id_of(text).ok_or_else(|| Fault::plain(Code::InvalidUser))?),
        };
        let missing = || Fault::invalid("`targetId` is missing: the target to enrol in");
        let target = id("targetId", self.target_id)?.ok_or_else(missing)?;
        let method = match self.enrolment_method {
            None | Some("IMPORT") => EnrolmentMethod::Import,
            Some("AUDIENCE_FILTER") => EnrolmentMethod::AudienceFilter,
            // By a transaction only a transaction enrols.
            Some(_) => return Err(Fault::plain(Code::InvalidEnrolmentType)),
        };
        let mut request = EnrolmentRequest::new(target, method);
        request.target_group_id = id("targetGroupId", self.target_group_id)?;
        request.period_id = id("periodId", self.period_id)?;
        request.value = self.value.map(number).transpose()?;
        request.enrolled_on = self.enrolled_on.map(|text| date("enrolledOn", text)).transpose()?;
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

/// An enrolment as JSON has it, each value as it is written.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object")]
struct Members<'t> {
    #[serde(borrow)]
    user_id: Option<&'t RawValue>,
    #[serde(borrow)]
    target_id: Option<&'t RawValue>,
    #[serde(borrow)]
    target_group_id: Option<&'t RawValue>,
    #[serde(borrow)]
    period_id: Option<&'t RawValue>,
    #[serde(borrow)]
    value: Option<&'t RawValue>,
    #[serde(borrow)]
    enrolled_on: Option<&'t RawValue>,
    #[serde(borrow)]
    enrolment_method: Option<&'t RawValue>,
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
pub fn enrolment<'t>(bytes: &'t [u8]) -> Result<Enrolment, Fault> {
    let text = std::str::from_utf8(bytes).map_err(|_| Fault::invalid("the enrolment is not UTF-8"))?;
    if !text.trim_ascii_start().starts_with('{') {
        return Err(Fault::invalid(
            "it is no enrolment: it is such as `{\"userId\": 19721, \"targetId\": 101}`",
        ));
    }
    let members: Members<'t> = serde_json::from_str(text)
        .map_err(|error| Fault::invalid(format!("it is no enrolment: {}", json_fault(&error))))?;
    let plain = |value: Option<&'t RawValue>| value.map(RawValue::get);
    let [value, enrolled_on, method] = [members.value, members.enrolled_on, members.enrolment_method]
        .map(|value| plain(value).map(unquoted));
    let written = Written {
        user_id: plain(members.user_id),
        target_id: plain(members.target_id),
        target_group_id: plain(members.target_group_id),
        period_id: plain(members.period_id),
        value: value.as_deref(),
        enrolled_on: enrolled_on.as_deref(),
        enrolment_method: method.as_deref(),
    };
    written.read()
}

/// The text of a string of JSON; what is none as it is written.
fn unquoted(value: &str) -> Cow<'_, str> {
    match value.starts_with('"') {
        true => serde_json::from_str(value).map_or(Cow::Borrowed(value), Cow::Owned),
        false => Cow::Borrowed(value),
    }
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
