//! Conditions on a value of a document.

use serde::Serialize;

use super::constant::Constant;

/// What is asked of a value. Exactly one question is asked.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Condition {
    /// Where the value stands: a JSON pointer such as `/status`, or a column.
    pub at: String,
    /// Whether it is this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub equals: Option<Constant>,
    /// Whether it is one of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub one_of: Vec<Constant>,
    /// Whether it is none of these, or is not there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_one_of: Vec<Constant>,
    /// Whether it is there: neither left out nor `null`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub there: Option<bool>,
}
