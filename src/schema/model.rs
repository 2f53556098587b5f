//! The data model of a schema: what a schema file contains, and what the
//! checker reads. The doc comments of serialised types become descriptions in
//! `format.json`.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::names::Names;

/// Everything that a schema holds.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Definitions {
    /// What rules speak about, by name, such as `currentTxn`.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "BTreeMap<String, Profile>"))]
    pub(crate) profiles: Names<Arc<Profile>>,
    /// The attributes of line items that an organisation knows, by name.
    #[serde(default, skip_serializing_if = "no_names")]
    #[cfg_attr(test, schemars(with = "BTreeMap<String, KnownValues>"))]
    pub(crate) inventory: Names<KnownValues>,
    /// The fields of custom events, by the event's name; rules name them of
    /// `currentEvent`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(test, schemars(with = "BTreeMap<String, BTreeMap<String, Attribute>>"))]
    pub(crate) events: BTreeMap<String, BTreeMap<String, Arc<Attribute>>>,
    /// The methods that a value offers, by the name of its type.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(test, schemars(with = "BTreeMap<TypeName, BTreeMap<String, Method>>"))]
    pub(crate) values: BTreeMap<TypeName, Names<Arc<Method>>>,
    /// Which profiles a transaction document carries, by the activity.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) activities: BTreeMap<String, Vec<String>>,
    /// The fields of all custom events by name, because rules name them without
    /// the event. A field of several events has the known values of all of
    /// them.
    #[serde(skip)]
    pub(crate) event_fields: Names<Arc<Attribute>>,
}

/// What a rule speaks about: the transaction, the customer, a line item.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Profile {
    /// What it is, in one line.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) meaning: String,
    /// The type of the profile's name in an expression tree.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) tag: String,
    /// Other spellings of the name, which are accepted with a warning.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) variants: Vec<String>,
    /// The profile of which this is another name; a file cannot add one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) alias_of: Option<String>,
    /// The list of the transaction that a rule naming this profile unrolls over;
    /// a file cannot add one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) each: Option<ListName>,
    /// The values that it has, by name.
    #[serde(default, skip_serializing_if = "no_names")]
    #[cfg_attr(test, schemars(with = "BTreeMap<String, Attribute>"))]
    pub(crate) attributes: Names<Arc<Attribute>>,
    /// Attributes that are not listed one by one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) fields: Vec<Fields>,
    /// What can be asked of it, by name.
    #[serde(default, skip_serializing_if = "no_names")]
    #[cfg_attr(test, schemars(with = "BTreeMap<String, Method>"))]
    pub(crate) methods: Names<Arc<Method>>,
}

impl Profile {
    pub(super) const KEYS: &[&str] =
        &["meaning", "tag", "variants", "aliasOf", "each", "attributes", "fields", "methods"];
}

/// A list of the transaction that rules are decided for one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
// The JSON Schema calls it by the key that it stands under.
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "Each"))]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "a comment on a variant would change the JSON Schema that is made of this")]
pub enum ListName {
    LineItems,
    Tenders,
}

impl ListName {
    /// The key of the list in a document.
    ///
    /// ```
    /// use target_rules::schema::ListName;
    /// assert_eq!(ListName::LineItems.key(), "lineItems");
    /// assert_eq!(ListName::Tenders.key(), "tenders");
    /// ```
    pub const fn key(self) -> &'static str {
        match self {
            ListName::LineItems => "lineItems",
            ListName::Tenders => "tenders",
        }
    }

    /// What people call an entry of it.
    ///
    /// ```
    /// use target_rules::schema::ListName;
    /// assert_eq!(ListName::LineItems.entry(), "line item");
    /// assert_eq!(ListName::LineItems.entries(), "line items");
    /// ```
    pub fn entry(self) -> &'static str {
        match self {
            ListName::LineItems => "line item",
            ListName::Tenders => "tender",
        }
    }

    /// What people call its entries.
    pub fn entries(self) -> &'static str {
        match self {
            ListName::LineItems => "line items",
            ListName::Tenders => "tenders",
        }
    }
}

/// Attributes that share the beginning of their name and are not listed.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Fields {
    /// How their names begin; empty for any name.
    pub(crate) prefix: String,
    #[serde(rename = "type")]
    pub(crate) type_name: TypeName,
    /// What they are, in one line.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) meaning: String,
}

impl Fields {
    pub(super) const KEYS: &[&str] = &["prefix", "type", "meaning"];
}

/// A value that a profile has.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Attribute {
    #[serde(rename = "type")]
    pub(crate) type_name: TypeName,
    /// What its number counts, such as `currency`, `points` or `days`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) unit: String,
    /// What it is, in one line.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) meaning: String,
    /// The constants of an enumeration, or the known values of a string.
    #[serde(default, skip_serializing_if = "no_values")]
    pub(crate) values: Arc<[String]>,
    /// Whether other values than the known ones may come.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) open: bool,
    /// Other spellings of the name, which are accepted with a warning.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) variants: Vec<String>,
    /// How many digits its number has after the point; without it 2 for the unit
    /// `currency`, 0 for counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(range(min = 0, max = 28)))]
    pub(crate) scale: Option<u32>,
    /// Whether a customer can bring about another value; without it true for
    /// amounts, quantities and dates of the bill and of its items.
    #[serde(default, rename = "canChange", skip_serializing_if = "Option::is_none")]
    pub(crate) can_change: Option<bool>,
    /// How it follows from the line items where the document does not state it;
    /// a file cannot add one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) computed: Option<Computed>,
}

impl Attribute {
    pub(super) const KEYS: &[&str] =
        &["type", "unit", "meaning", "values", "open", "variants", "scale", "canChange", "computed"];

    /// One of which only the type is known.
    pub(super) fn plain(type_name: TypeName) -> Attribute {
        Attribute {
            type_name,
            unit: String::new(),
            meaning: String::new(),
            values: Arc::from([]),
            open: false,
            variants: Vec::new(),
            scale: None,
            can_change: None,
            computed: None,
        }
    }
}

fn no_names<T>(names: &Names<T>) -> bool {
    names.is_empty()
}

fn no_values(values: &Arc<[String]>) -> bool {
    values.is_empty()
}

/// The known values of an attribute of line items.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "Values"))]
#[serde(deny_unknown_fields)]
pub(crate) struct KnownValues {
    /// The values that are known; none: any.
    #[serde(default, skip_serializing_if = "no_values")]
    pub(crate) values: Arc<[String]>,
    /// Whether other values than the known ones may come.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) open: bool,
}

impl KnownValues {
    pub(super) const KEYS: &[&str] = &["values", "open"];
}

/// The type of an attribute or a result, as the schema file names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
    /// Every type that a schema file may name.
    pub(super) const ALL: &[TypeName] = &[
        TypeName::Boolean,
        TypeName::Number,
        TypeName::String,
        TypeName::Date,
        TypeName::Enum,
        TypeName::Unknown,
    ];

    /// The type that other languages and systems call by this name.
    pub(super) fn called_elsewhere(name: &str) -> Option<TypeName> {
        match name.to_ascii_lowercase().as_str() {
            "bool" => Some(TypeName::Boolean),
            "integer" | "int" | "long" | "decimal" | "float" | "double" | "real" | "money" => {
                Some(TypeName::Number)
            }
            "text" | "varchar" | "char" => Some(TypeName::String),
            "datetime" | "date-time" | "timestamp" | "time" | "instant" => Some(TypeName::Date),
            "enumeration" | "list" => Some(TypeName::Enum),
            "any" | "object" => Some(TypeName::Unknown),
            _ => None,
        }
    }

    /// The name with its article, for messages.
    pub(super) fn with_article(self) -> &'static str {
        match self {
            TypeName::Boolean => "a boolean",
            TypeName::Number => "a number",
            TypeName::String => "a string",
            TypeName::Date => "a date",
            TypeName::Enum => "an enum",
            TypeName::Unknown => "a value of unknown type",
        }
    }

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
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Method {
    /// What it takes, in order.
    #[serde(default)]
    pub(crate) params: Vec<Param>,
    /// The type of what it answers.
    pub(crate) returns: TypeName,
    /// What its number counts, such as `currency`, `points` or `days`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) unit: String,
    /// What it answers, in one line.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) meaning: String,
    /// The constants of an enumeration, or the known values of a string.
    #[serde(default, skip_serializing_if = "no_values")]
    pub(crate) values: Arc<[String]>,
    /// Whether other values than the known ones may come.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) open: bool,
    /// Other spellings of the name, which are accepted with a warning.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) variants: Vec<String>,
    /// The function that decides it; none: the document carries its answers. A
    /// file cannot add one.
    #[serde(default, skip_serializing_if = "Function::is_answered")]
    pub(crate) function: Function,
    /// The attribute of line items that its regular expression looks at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) attribute: Option<String>,
}

impl Method {
    pub(super) const KEYS: &[&str] =
        &["params", "returns", "unit", "meaning", "values", "open", "variants", "function", "attribute"];

    /// One of which only the type of its answer is known.
    pub(super) fn plain(returns: TypeName) -> Method {
        Method {
            params: Vec::new(),
            returns,
            unit: String::new(),
            meaning: String::new(),
            values: Arc::from([]),
            open: false,
            variants: Vec::new(),
            function: Function::Answered,
            attribute: None,
        }
    }
}

/// One parameter of a method.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Param {
    /// What messages call it.
    pub(crate) name: String,
    #[serde(rename = "type")]
    pub(crate) type_name: TypeName,
    /// Whether the argument may be left away.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) optional: bool,
    /// What the argument is used as. A new method takes constants and regular
    /// expressions.
    #[serde(default, skip_serializing_if = "Role::is_literal")]
    pub(crate) role: Role,
    /// The values that are allowed; none: any.
    #[serde(default, skip_serializing_if = "no_values")]
    pub(crate) values: Arc<[String]>,
    /// Whether other values than the known ones may come.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) open: bool,
    /// The least whole number that is allowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) minimum: Option<i64>,
    /// The greatest whole number that is allowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) maximum: Option<i64>,
}

impl Param {
    pub(super) const KEYS: &[&str] =
        &["name", "type", "optional", "role", "values", "open", "minimum", "maximum"];
}

/// What an argument is used as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Role {
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
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
