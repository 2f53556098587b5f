//! Which names a rule may use, and what they mean: data, read from a file.
//!
//! The standard schema is `standard.json` beside this file, embedded in the
//! crate. The meaning of its computed methods is one function each in the
//! evaluator; everything else about a name is in the data.

mod lookup;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use serde::{Deserialize, Serialize};

pub(crate) use lookup::{Found, Listed, closest, find};

/// The profiles, attributes and methods that rules may name.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schema {
    /// By name, such as `currentTxn`.
    #[serde(default)]
    pub(crate) profiles: BTreeMap<String, Profile>,
    /// The attributes of line items that an organisation knows, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) inventory: BTreeMap<String, Values>,
    /// The fields of custom events, by the event's name; rules name them of
    /// `currentEvent`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) events: BTreeMap<String, BTreeMap<String, Attribute>>,
    /// The methods that a value offers, by the name of its type.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) values: BTreeMap<TypeName, BTreeMap<String, Method>>,
    /// Which profiles a transaction document carries, by the activity.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) activities: BTreeMap<String, Vec<String>>,
}

/// What a rule speaks about: the transaction, the customer, a line item.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Profile {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) meaning: String,
    /// The type of the profile's name in an expression tree.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) tag: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) variants: Vec<String>,
    /// The profile of which this is another name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) alias_of: Option<String>,
    /// The list of the transaction that a rule naming this profile unrolls over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) each: Option<Each>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) attributes: BTreeMap<String, Attribute>,
    /// Attributes that are not listed one by one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) fields: Vec<Fields>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) methods: BTreeMap<String, Method>,
}

/// A list of the transaction that rules are decided for one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Each {
    LineItems,
    Tenders,
}

impl Each {
    /// The key of the list in a document.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Each::LineItems => "lineItems",
            Each::Tenders => "tenders",
        }
    }
}

/// Attributes that share the beginning of their name and are not listed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fields {
    /// How their names begin; empty for any name.
    pub(crate) prefix: String,
    #[serde(rename = "type")]
    pub(crate) type_name: TypeName,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) meaning: String,
}

/// A value that a profile has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Attribute {
    #[serde(rename = "type")]
    pub(crate) type_name: TypeName,
    /// What its number counts, such as `currency`, `points` or `days`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) unit: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) meaning: String,
    /// The constants of an enumeration, or the known values of a string.
    #[serde(default, skip_serializing_if = "no_values")]
    pub(crate) values: Arc<[String]>,
    /// Whether other values than the known ones may come.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) open: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) variants: Vec<String>,
    /// How it follows from the line items where the document does not state it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) computed: Option<Computed>,
}

fn no_values(values: &Arc<[String]>) -> bool {
    values.is_empty()
}

/// The known values of an attribute of line items.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Values {
    #[serde(default, skip_serializing_if = "no_values")]
    pub(crate) values: Arc<[String]>,
    /// Whether other values than the known ones may come.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) open: bool,
}

/// The type of an attribute or a result, as the schema file names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum TypeName {
    Boolean,
    Number,
    String,
    Date,
    Enum,
    /// Concluded from how a rule uses it.
    Unknown,
}

impl TypeName {
    pub(crate) fn name(self) -> &'static str {
        match self {
            TypeName::Boolean => "boolean",
            TypeName::Number => "number",
            TypeName::String => "string",
            TypeName::Date => "date",
            TypeName::Enum => "enum",
            TypeName::Unknown => "unknown",
        }
    }
}

/// How an attribute follows from line items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Computed {
    /// The number of line items.
    ItemCount,
    /// The sum of their quantities.
    ItemQuantity,
    /// The sum of their gross values.
    ItemValue,
    /// Gross value of the line item at hand.
    Value,
    /// Discount in percent of the value of the line item at hand.
    DiscountPercentage,
}

/// What can be asked of a profile or of a value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Method {
    #[serde(default)]
    pub(crate) params: Vec<Param>,
    pub(crate) returns: TypeName,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) meaning: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) variants: Vec<String>,
    /// The function that decides it; none: the document carries its answers.
    #[serde(default, skip_serializing_if = "Function::is_answered")]
    pub(crate) function: Function,
    /// The attribute of line items that its regular expression looks at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) attribute: Option<String>,
}

/// One parameter of a method.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Param {
    pub(crate) name: String,
    #[serde(rename = "type")]
    pub(crate) type_name: TypeName,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) optional: bool,
    #[serde(default, skip_serializing_if = "Role::is_literal")]
    pub(crate) role: Role,
    /// The values that are allowed; none: any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) values: Vec<String>,
    /// Whether other values than the known ones may come.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) open: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) minimum: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) maximum: Option<i64>,
}

/// What an argument is used as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Role {
    /// A constant of the parameter's type; for a date also a date attribute.
    #[default]
    Literal,
    /// Any expression of the parameter's type.
    Expression,
    /// A regular expression.
    Regex,
    /// The name of an attribute of line items.
    ItemAttribute,
    /// A value of that attribute.
    ItemValue,
    /// The name of a figure of line items, such as `AMOUNT`.
    ItemFigure,
    /// How that figure is compared, such as `GREATER_THAN`.
    ItemComparison,
    /// A number in quotes.
    QuotedNumber,
    /// Numbers in ascending order, joined by commas.
    Edges,
    /// A date as a string: a constant or an attribute.
    DateText,
    /// A date that may carry hour, minute and second.
    Time,
}

impl Role {
    fn is_literal(&self) -> bool {
        *self == Role::Literal
    }
}

/// The functions that methods are decided by, one each in the evaluator. Most
/// bear the name of their method, whose meaning stands in the schema file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Function {
    /// Stands in the document, under the method's name and its arguments.
    #[default]
    Answered,
    /// The sum of the amount of the selected items.
    BasketAmount,
    BasketCount,
    BasketExcludes,
    BasketIncludes,
    BasketQuantity,
    /// The sum of the gross value of the selected items.
    BasketValue,
    Contains,
    CustomFieldExcludes,
    CustomFieldExists,
    CustomFieldIncludes,
    DateDiff,
    Day,
    DayOfMonth,
    DaysDiff,
    Exists,
    Interval,
    IsAfter,
    IsBefore,
    IsEmpty,
    IsHourBetween,
    IsNotNull,
    IsNull,
    IsTimeBetween,
    IsValid,
    IsWeekday,
    IsWeekend,
    /// Whether the item at hand is one that the arguments select.
    ItemMatches,
    Matches,
    MinutesDiff,
    Month,
    SegmentExcludes,
    SegmentIncludes,
    Year,
}

impl Function {
    fn is_answered(&self) -> bool {
        *self == Function::Answered
    }
}

static STANDARD: LazyLock<Arc<Schema>> = LazyLock::new(|| {
    // INVARIANT: the embedded file reads; a test holds it. An empty schema
    // would refuse every name, so nothing could be decided wrongly.
    let schema = serde_json::from_str(include_str!("standard.json"));
    Arc::new(schema.unwrap_or_default())
});

impl Schema {
    /// The schema of the platform, without what an organisation adds to it.
    ///
    /// Reads the embedded file once in the life of the process.
    pub fn standard() -> Arc<Schema> {
        STANDARD.clone()
    }

    /// The names of the profiles.
    pub fn profiles(&self) -> impl Iterator<Item = &str> {
        self.profiles.keys().map(String::as_str)
    }

    /// The part of the schema that speaks of one profile; `None` where there
    /// is no such profile.
    pub fn only(&self, profile: &str) -> Option<Schema> {
        let (name, found) = self.profiles.get_key_value(profile)?;
        Some(Schema { profiles: BTreeMap::from([(name.clone(), found.clone())]), ..Schema::default() })
    }

    /// Every attribute and method as rows of (name, type, meaning), the names
    /// as rules write them.
    pub fn rows(&self) -> Vec<[String; 3]> {
        let mut rows = Vec::new();
        let signature = |method: &Method| {
            let params: Vec<String> = method
                .params
                .iter()
                .map(|param| if param.optional { format!("{}?", param.name) } else { param.name.clone() })
                .collect();
            params.join(", ")
        };
        for (profile_name, profile) in &self.profiles {
            for (name, attribute) in &profile.attributes {
                let mut type_name = attribute.type_name.name().to_owned();
                if !attribute.values.is_empty() {
                    type_name = format!("{type_name}: {}", attribute.values.join(", "));
                }
                if !attribute.unit.is_empty() {
                    type_name = format!("{type_name} ({})", attribute.unit);
                }
                rows.push([format!("{profile_name}.{name}"), type_name, attribute.meaning.clone()]);
            }
            for fields in &profile.fields {
                rows.push([
                    format!("{profile_name}.{}<name>", fields.prefix),
                    fields.type_name.name().to_owned(),
                    fields.meaning.clone(),
                ]);
            }
            for (name, method) in &profile.methods {
                rows.push([
                    format!("{profile_name}.{name}({})", signature(method)),
                    method.returns.name().to_owned(),
                    method.meaning.clone(),
                ]);
            }
        }
        for (type_name, methods) in &self.values {
            for (name, method) in methods {
                rows.push([
                    format!("<{}>.{name}({})", type_name.name(), signature(method)),
                    method.returns.name().to_owned(),
                    method.meaning.clone(),
                ]);
            }
        }
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::Schema;

    #[test]
    fn the_embedded_schema_reads_and_writes_back() {
        let schema: Schema = serde_json::from_str(include_str!("standard.json")).unwrap();
        assert!(schema.profiles.contains_key("currentTxn"));
        let written = serde_json::to_string(&schema).unwrap();
        assert_eq!(serde_json::from_str::<Schema>(&written).unwrap(), schema);
    }
}
