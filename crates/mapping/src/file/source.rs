//! Where a value comes from, and what is made of it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::condition::Condition;
use super::constant::Constant;

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Source {
    /// A JSON pointer such as `/customer/id`, or the name of a column or of a key of the document.
    At(String),
    /// A place with conversions, or a constant.
    Detailed(Box<Detailed>),
}

/// A place with conversions, or a constant. What is said here is done from top to bottom.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Detailed {
    /// A JSON pointer such as `/customer/id`, or the name of a column or of a key of the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// The value of every document, in the place of `at`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub constant: Option<Constant>,
    /// The value is taken only where this holds; not within line items and tenders.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// The text between the values of a list that is written as one text, such as `,`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub split: Option<String>,
    /// Texts that say that there is no value, such as `""` or `N/A`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub absent_when: Vec<String>,
    /// What texts stand for: `{"F": "Female"}`. `null` makes a value absent.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, Option<Constant>>,
    /// What becomes of texts that `values` does not list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other_values: Option<Others>,
    /// The letters of a text made upper or lower case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<Case>,
    /// The character between the digits of a number, such as `.` in `1.234,50`, which is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thousands: Option<char>,
    /// The decimal mark of a number, such as `,`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimal: Option<char>,
    /// The number counts the smallest unit of a currency, of which so many digits stand behind the point: 2 for cents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(range(min = 0, max = 9)))]
    pub minor_digits: Option<u32>,
    /// Whether the sign of a number is left out: returns count what is taken back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unsigned: bool,
    /// How a date is written, in the words of `strptime`: `%d/%m/%Y %H:%M`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// A date is a number of these since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<Epoch>,
    /// The zone of dates that name no offset: an IANA name, or an offset such as `+05:30`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// A remark for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What becomes of texts that a table does not list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Others {
    /// They stay as they are, which is so where nothing is said.
    Keep,
    /// They are absent.
    Absent,
    /// The document is refused.
    Refuse,
}

/// The case of letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "a comment on a variant would change the JSON Schema that is made of this")]
pub enum Case {
    Upper,
    Lower,
}

/// What a date is counted in, from 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "a comment on a variant would change the JSON Schema that is made of this")]
pub enum Epoch {
    Seconds,
    Milliseconds,
}

impl Source {
    /// A place without conversions.
    pub fn at(place: impl Into<String>) -> Source {
        Source::At(place.into())
    }

    /// The place, where it is no constant.
    pub fn place(&self) -> Option<&str> {
        match self {
            Source::At(at) => Some(at),
            Source::Detailed(detailed) => detailed.at.as_deref(),
        }
    }
}
