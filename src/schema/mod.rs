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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schema {
    /// By name, such as `currentTxn`.
    pub(crate) profiles: BTreeMap<String, Profile>,
    /// The methods that a value offers, by the name of its type.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) values: BTreeMap<TypeName, BTreeMap<String, Method>>,
}

/// What a rule speaks about: the transaction, the customer, a line item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Profile {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) meaning: String,
    /// The type of the profile's name in an expression tree.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) tag: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) variants: Vec<String>,
    #[serde(default)]
    pub(crate) attributes: BTreeMap<String, Attribute>,
    #[serde(default)]
    pub(crate) methods: BTreeMap<String, Method>,
}

/// A value that a profile has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Attribute {
    #[serde(rename = "type")]
    pub(crate) type_name: TypeName,
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

/// The type of an attribute or a result, as the schema file names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum TypeName {
    Boolean,
    Number,
    String,
    Date,
    Enum,
}

impl TypeName {
    pub(crate) fn name(self) -> &'static str {
        match self {
            TypeName::Boolean => "boolean",
            TypeName::Number => "number",
            TypeName::String => "string",
            TypeName::Date => "date",
            TypeName::Enum => "enum",
        }
    }
}

/// How an attribute follows from line items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
    pub(crate) params: Vec<Param>,
    pub(crate) returns: TypeName,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) meaning: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) variants: Vec<String>,
    /// The function that decides it.
    pub(crate) function: Function,
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) minimum: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) maximum: Option<i64>,
}

/// What an argument is used as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Role {
    /// A constant of the parameter's type.
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
}

impl Role {
    fn is_literal(&self) -> bool {
        *self == Role::Literal
    }
}

/// The functions that methods are decided by, one each in the evaluator. Each
/// bears the name of its method, whose meaning stands in the schema file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Function {
    BasketCount,
    BasketExcludes,
    BasketIncludes,
    BasketQty,
    BasketSum,
    Contains,
    CustomFieldValueIncludes,
    DateDiff,
    Day,
    DoesItemMatch,
    Exists,
    IsEmpty,
    IsHourBetween,
    IsNotNull,
    IsNull,
    IsWeekday,
    IsWeekend,
    Matches,
    NotExists,
}

static STANDARD: LazyLock<Arc<Schema>> = LazyLock::new(|| {
    // INVARIANT: the embedded file reads; a test holds it. An empty schema
    // would refuse every name, so nothing could be decided wrongly.
    let schema = serde_json::from_str(include_str!("standard.json"));
    Arc::new(schema.unwrap_or(Schema { profiles: BTreeMap::new(), values: BTreeMap::new() }))
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
        Some(Schema { profiles: BTreeMap::from([(name.clone(), found.clone())]), values: BTreeMap::new() })
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
                rows.push([format!("{profile_name}.{name}"), type_name, attribute.meaning.clone()]);
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
