//! The answer of `GET /v3/users/{userId}/enrolledTargets`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Form, Source, Span};
use crate::json::HALF_A_CHARACTER;
use crate::limits::Limits;

use super::findings::shortened;

/// The answer whole: targets, or the errors in their place.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(expecting = "the answer to a request for enrolled targets, an object")]
pub struct EnrolledTargets {
    /// The targets; `null` where the request failed.
    pub data: Option<Vec<Target>>,
    /// Why the request failed.
    #[serde(default)]
    pub errors: Option<Vec<ServiceError>>,
    /// What the platform warns of, as it is.
    #[serde(default)]
    pub warnings: Option<Box<RawValue>>,
}

/// An error of the platform's service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(expecting = "an error, an object")]
pub struct ServiceError {
    /// The platform's code, such as 310011.
    pub code: i64,
    /// What went wrong.
    pub message: String,
}

/// A target, also called a target rule.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a target, an object")]
pub struct Target {
    /// Its id.
    pub id: i64,
    /// Who made it, and when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribution: Option<Attribution>,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The rule set that the platform keeps for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emf_rule_set_id: Option<i64>,
    /// The same, unrolled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emf_unrolled_ruleset_id: Option<i64>,
    /// What counts: `SALES`, `GROSS_SALES`, `COUNT` and others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_type: Option<String>,
    /// Of what it counts: `TRANSACTION`, `LINEITEM`, `EVENT` and others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_entity: Option<String>,
    /// The activity that counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_name: Option<String>,
    /// The group it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_group_id: Option<i64>,
    /// A text for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether it counts at all; one that does not say counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    /// The rule as text; some payloads carry a JSON boolean.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expression: Option<Expression>,
    /// The rule as a tree: JSON inside a string.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expression_json: Option<String>,
    /// Where it counts; none: everywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filters: Option<Vec<Filter>>,
    /// How customers come to it: `TRANSACTION`, `IMPORT` or `AUDIENCE_FILTER`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enrolment_method: Option<String>,
    /// What is to be reached, by period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_values: Option<Vec<DefaultValue>>,
    /// The same, by the period's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_period_default_values_map: Option<BTreeMap<String, DefaultValue>>,
    /// Milestones, as they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_milestone_triggers: Option<Box<RawValue>>,
    /// The extended field that counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extended_field_info: Option<ExtendedFieldInfo>,
}

/// Who made a target and who changed it last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an attribution, an object")]
pub struct Attribution {
    /// When it was made, as the platform writes it.
    #[serde(default)]
    pub created_on: Option<String>,
    /// When it was changed last.
    #[serde(default)]
    pub last_updated_on: Option<String>,
    /// Who changed it last.
    #[serde(default)]
    pub last_updated_by: Option<User>,
    /// Who made it.
    #[serde(default)]
    pub created_by: Option<User>,
}

/// A user of the platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(expecting = "a user, an object")]
pub struct User {
    /// The user's id.
    #[serde(default)]
    pub id: Option<i64>,
    /// The user's code.
    #[serde(default)]
    pub code: Option<String>,
    /// A text for people.
    #[serde(default)]
    pub description: Option<String>,
    /// The user's name.
    #[serde(default)]
    pub name: Option<String>,
    /// The kind of user, free text such as `ADMIN_USER`.
    #[serde(default, rename = "type")]
    pub user_type: Option<String>,
}

/// A rule's text, or the boolean that stands for `true` or `false`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "the text of a rule, or a boolean")]
pub enum Expression {
    /// The rule that always or never holds.
    Boolean(bool),
    /// The text of the rule.
    Text(String),
}

impl Expression {
    /// The rule's text.
    pub fn text(&self) -> &str {
        match self {
            Expression::Boolean(true) => "true",
            Expression::Boolean(false) => "false",
            Expression::Text(text) => text,
        }
    }
}

/// Stores, zones or concepts that a target counts in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a filter, an object")]
pub struct Filter {
    /// `STORE`, `ZONE` or `CONCEPT`.
    pub entity_type: String,
    /// Any of these admits.
    pub entity_ids: Vec<i64>,
}

/// What is to be reached in a period.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a default value, an object")]
pub struct DefaultValue {
    /// The record's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// The period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period_id: Option<i64>,
    /// The value, with the digits that the platform wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_value: Option<Box<RawValue>>,
}

/// Which extended field counts, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "the extended field, an object")]
pub struct ExtendedFieldInfo {
    /// The field's name.
    pub name: String,
    /// `COUNT` or `SUM`.
    pub aggregate_function: String,
    /// Which of a day's figures count; none: all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aggregate_window: Option<AggregateWindow>,
}

/// That only the lowest or highest figure of each day counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "the window of an extended field, an object")]
pub struct AggregateWindow {
    /// `MIN` or `MAX`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window_type: Option<String>,
    /// `DAY`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window_time_unit: Option<String>,
}

impl EnrolledTargets {
    /// Reads the answer. Unknown fields are skipped.
    ///
    /// Fails with the path of what has another shape and what was expected.
    pub fn read(payload: &str, limits: &Limits) -> Result<EnrolledTargets, Diagnostics> {
        let fail =
            |fault| Diagnostics::gather(&Source::new(Form::Payload, payload), vec![fault], limits.errors);
        if payload.len() > limits.payload {
            return Err(fail(Diagnostic::new(
                Code::Limit,
                Span::new(limits.payload, payload.len()),
                format!("the payload has {} bytes; at most {} are read", payload.len(), limits.payload),
            )));
        }
        let mut json = serde_json::Deserializer::from_str(payload);
        let answer = serde_path_to_error::deserialize(&mut json)
            .map_err(|error| fail(shape_fault(payload, &error)))?;
        json.end().map_err(|error| fail(json_fault(payload, &error)))?;
        Ok(answer)
    }
}

fn shape_fault(payload: &str, error: &serde_path_to_error::Error<serde_json::Error>) -> Diagnostic {
    let inner = error.inner();
    if !inner.is_data() {
        return json_fault(payload, inner);
    }
    let path = error.path().to_string();
    let place = if path == "." { "the payload".to_owned() } else { format!("`{path}`") };
    let span = span_of(payload, inner);
    Diagnostic::new(Code::PayloadShape, span, format!("{place}: {}", for_people(inner)))
        .note("of another shape")
}

fn json_fault(payload: &str, error: &serde_json::Error) -> Diagnostic {
    Diagnostic::new(
        Code::JsonSyntax,
        span_of(payload, error),
        format!("this is not JSON: {}", for_people(error)),
    )
}

/// serde's message without its place and in words of the field.
pub(super) fn for_people(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message);
    if message.contains("hex escape") {
        return HALF_A_CHARACTER.to_owned();
    }
    if let Some(field) = message.strip_prefix("missing field ") {
        return format!("the field {field} is missing");
    }
    let wrong = message.strip_prefix("invalid type: ").or_else(|| message.strip_prefix("invalid value: "));
    let Some((found, expected)) = wrong.and_then(|wrong| wrong.rsplit_once(", expected ")) else {
        return shortened(message);
    };
    let expected = match expected {
        "i64" => "a whole number",
        "a sequence" => "a list",
        "a map" => "an object",
        other => other,
    };
    const WORDS: [(&str, &str); 6] = [
        ("string ", "the text "),
        ("integer ", "the number "),
        ("floating point ", "the number "),
        ("boolean ", "the constant "),
        ("sequence", "a list"),
        ("map", "an object"),
    ];
    let found = WORDS
        .iter()
        .find_map(|(word, ours)| Some(format!("{ours}{}", found.strip_prefix(word)?)))
        .unwrap_or_else(|| found.to_owned());
    format!("{expected} belongs here, not {}", shortened(&found))
}

fn span_of(payload: &str, error: &serde_json::Error) -> Span {
    let line_start: usize =
        payload.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let at = line_start.saturating_add(error.column().saturating_sub(1)).min(payload.len());
    Span::new(at, at.saturating_add(1))
}

/// The diagnostic of a line that is not the object it should be.
pub fn unreadable_line(line: &str, error: &serde_json::Error) -> Diagnostics {
    let fault = if error.is_data() {
        Diagnostic::new(Code::PayloadShape, span_of(line, error), format!("this line: {}", for_people(error)))
    } else {
        json_fault(line, error)
    };
    Diagnostics::gather(&Source::new(Form::Payload, line), vec![fault], 1)
}
