//! What of a standard document comes from where, profile by profile.

use std::collections::BTreeMap;

use serde::Serialize;

use super::source::Source;

/// Values by their names in a standard document.
pub type Named = BTreeMap<String, Source>;

/// Where the values of a profile come from.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Profile {
    /// Where all attributes stand that are not named, under their own names.
    #[serde(rename = "*", default, skip_serializing_if = "Vec::is_empty")]
    pub all: Vec<All>,
    /// Values that an organisation defines, under names without `extField_`.
    #[serde(default, skip_serializing_if = "Fields::is_empty")]
    pub extended_fields: Fields,
    /// Custom fields: a value or a list of values each.
    #[serde(default, skip_serializing_if = "Fields::is_empty")]
    pub custom_fields: Fields,
    /// Segments: a value or a list of values each.
    #[serde(default, skip_serializing_if = "Fields::is_empty")]
    pub clusters: Fields,
    /// The line items of a bill.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line_items: Option<ProfileList>,
    /// The payments of a bill.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenders: Option<ProfileList>,
    /// Attributes by name.
    #[serde(flatten)]
    pub attributes: Named,
}

/// Values under names, which an organisation defines.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Fields {
    /// Where all stand that are not named, under their own names.
    #[serde(rename = "*", default, skip_serializing_if = "Vec::is_empty")]
    pub all: Vec<All>,
    /// Each by its name.
    #[serde(flatten)]
    pub named: Named,
}

/// Several values under names.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum All {
    /// All keys of the object at a JSON pointer; the empty one is the whole document or entry.
    Object(String),
    /// A list of objects that have a name and a value each.
    Pairs {
        /// The JSON pointer of the list.
        at: String,
        /// The key of the name.
        name: String,
        /// The key of the value.
        value: String,
    },
}

/// Line items or tenders.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ProfileList {
    /// The JSON pointer of the array, or the name of a column that has it as JSON.
    pub at: String,
    /// Where all fields of an entry stand that are not named, under their own names.
    #[serde(rename = "*", default, skip_serializing_if = "Vec::is_empty")]
    pub all: Vec<All>,
    /// What rules select line items by, such as `brand`. Of line items only.
    #[serde(default, skip_serializing_if = "Fields::is_empty")]
    pub attributes: Fields,
    /// Extended fields of an entry.
    #[serde(default, skip_serializing_if = "Fields::is_empty")]
    pub extended_fields: Fields,
    /// Fields of an entry by name, each from a place in the entry.
    #[serde(flatten)]
    pub fields: Named,
}

impl Fields {
    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty() && self.named.is_empty()
    }
}

impl All {
    /// Where they stand.
    pub fn place(&self) -> &str {
        match self {
            All::Object(at) | All::Pairs { at, .. } => at,
        }
    }
}
