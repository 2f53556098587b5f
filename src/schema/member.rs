//! Attributes and methods as the public API shows them.

use std::borrow::Cow;
use std::sync::Arc;

use super::{Role, model};

/// The type of a value.
///
/// ```
/// use target_rules::Schema;
/// use target_rules::schema::ValueType;
/// let schema = Schema::standard();
/// let txn = schema.profile("currentTxn")?;
/// assert_eq!(txn.attribute("value")?.value_type(), ValueType::Number);
/// assert_eq!(txn.attribute("date")?.value_type(), ValueType::Date);
/// // A field of the organisation's own: rules say what it is.
/// assert_eq!(txn.attribute("extField_channel")?.value_type(), ValueType::Unknown);
/// assert_eq!(ValueType::Number.name(), "number");
/// # Ok::<(), target_rules::schema::NameError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ValueType {
    /// True or false.
    Boolean,
    /// An exact decimal.
    Number,
    /// A text.
    String,
    /// An instant.
    Date,
    /// One of a list of constants.
    Enum,
    /// Not listed: it is inferred from how a rule uses the value.
    Unknown,
}

impl ValueType {
    /// Every type.
    pub const ALL: [ValueType; 6] = [
        ValueType::Boolean,
        ValueType::Number,
        ValueType::String,
        ValueType::Date,
        ValueType::Enum,
        ValueType::Unknown,
    ];

    /// The name in schema files, such as `number`.
    pub fn name(self) -> &'static str {
        self.of_files().name()
    }

    pub(super) fn of_files(self) -> model::TypeName {
        match self {
            ValueType::Boolean => model::TypeName::Boolean,
            ValueType::Number => model::TypeName::Number,
            ValueType::String => model::TypeName::String,
            ValueType::Date => model::TypeName::Date,
            ValueType::Enum => model::TypeName::Enum,
            ValueType::Unknown => model::TypeName::Unknown,
        }
    }

    fn of(name: model::TypeName) -> ValueType {
        match name {
            model::TypeName::Boolean => ValueType::Boolean,
            model::TypeName::Number => ValueType::Number,
            model::TypeName::String => ValueType::String,
            model::TypeName::Date => ValueType::Date,
            model::TypeName::Enum => ValueType::Enum,
            model::TypeName::Unknown => ValueType::Unknown,
        }
    }
}

impl std::fmt::Display for ValueType {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.name())
    }
}

/// An attribute: a value that a profile has.
///
/// ```
/// let schema = target_rules::Schema::standard();
/// let customer = schema.profile("currentCustomer")?;
/// let points = customer.attribute("LifetimePoints")?;
/// assert_eq!(points.name(), "lifetimePoints"); // as rules should write it
/// assert_eq!(points.unit(), Some("points"));
/// let member = customer.attribute("isGroupMember")?;
/// assert!(member.values().eq(["Yes", "No"]));
/// assert!(!member.is_open(), "an enum has no other values");
/// # Ok::<(), target_rules::schema::NameError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Attribute<'s> {
    name: Cow<'s, str>,
    entry: AttributeDefinition<'s>,
}

#[derive(Debug, Clone, Copy)]
enum AttributeDefinition<'s> {
    Listed(&'s model::Attribute),
    Field(&'s model::Fields),
}

impl<'s> Attribute<'s> {
    pub(super) fn listed(name: &'s str, entry: &'s model::Attribute) -> Attribute<'s> {
        Attribute { name: Cow::Borrowed(name), entry: AttributeDefinition::Listed(entry) }
    }

    pub(super) fn unlisted(name: String, fields: &'s model::Fields) -> Attribute<'s> {
        Attribute { name: Cow::Owned(name), entry: AttributeDefinition::Field(fields) }
    }

    fn entry(&self) -> Option<&'s model::Attribute> {
        match self.entry {
            AttributeDefinition::Listed(entry) => Some(entry),
            AttributeDefinition::Field(_) => None,
        }
    }

    /// Its name, as rules write it after the profile's.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its type; for an attribute that is not listed, usually unknown.
    pub fn value_type(&self) -> ValueType {
        match self.entry {
            AttributeDefinition::Listed(entry) => ValueType::of(entry.type_name),
            AttributeDefinition::Field(fields) => ValueType::of(fields.type_name),
        }
    }

    /// The unit of its number, such as `currency`, `points` or `days`.
    pub fn unit(&self) -> Option<&'s str> {
        self.entry().and_then(|entry| said(&entry.unit))
    }

    /// How many digits its number has after the point: what the schema says, else
    /// 2 for the unit `currency` and 0 for units that count, such as `pieces`; `None`
    /// of other units, of which nothing is known, and of points.
    ///
    /// ```
    /// let schema = target_rules::Schema::standard();
    /// let txn = schema.profile("currentTxn")?;
    /// assert_eq!(txn.attribute("value")?.scale(), Some(2));
    /// assert_eq!(txn.attribute("totalQty")?.scale(), Some(0));
    /// assert_eq!(txn.attribute("extField_km")?.scale(), None);
    /// # Ok::<(), target_rules::schema::NameError>(())
    /// ```
    pub fn scale(&self) -> Option<u32> {
        self.entry().and_then(|entry| entry.scale).or_else(|| scale_of(self.unit()))
    }

    /// What the schema says on whether a customer can bring about another value;
    /// [`Profile::can_change`](super::Profile::can_change) knows what holds
    /// where it doesn't say.
    pub(super) fn said_to_change(&self) -> Option<bool> {
        self.entry().and_then(|entry| entry.can_change)
    }

    /// What it is, in one line; empty where the schema does not say.
    pub fn meaning(&self) -> &'s str {
        match self.entry {
            AttributeDefinition::Listed(entry) => &entry.meaning,
            AttributeDefinition::Field(fields) => &fields.meaning,
        }
    }

    /// The constants of an enum, or the known values of a string.
    pub fn values(&self) -> impl Iterator<Item = &'s str> + use<'s> {
        words(self.entry().map(|entry| &entry.values))
    }

    /// Whether values other than the known ones are allowed.
    pub fn is_open(&self) -> bool {
        self.entry().is_none_or(|entry| is_open(entry.type_name, &entry.values, entry.open))
    }

    /// Other spellings of its name, which are accepted with a warning.
    pub fn variants(&self) -> impl Iterator<Item = &'s str> + use<'s> {
        self.entry().into_iter().flat_map(|entry| &entry.variants).map(String::as_str)
    }

    /// Whether the schema lists it by its name.
    pub fn is_listed(&self) -> bool {
        self.entry().is_some()
    }

    /// Whether it is computed from line items where the document does not state
    /// it.
    pub fn is_computed(&self) -> bool {
        self.entry().is_some_and(|entry| entry.computed.is_some())
    }
}

/// Attributes that share a prefix of their name and are not listed one by one.
///
/// ```
/// let schema = target_rules::Schema::standard();
/// let store = schema.profile("currentStore")?;
/// let prefixes = store.unlisted_attributes().map(|fields| fields.prefix());
/// assert!(prefixes.eq(["extField_"]));
/// // So this is a field of the organisation's own, and that is a slip.
/// assert!(store.attribute("extField_region").is_ok());
/// assert!(store.attribute("region").is_err());
/// # Ok::<(), target_rules::schema::NameError>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct UnlistedAttributes<'s> {
    entry: &'s model::Fields,
}

impl<'s> UnlistedAttributes<'s> {
    pub(super) fn of(entry: &'s model::Fields) -> UnlistedAttributes<'s> {
        UnlistedAttributes { entry }
    }

    /// The prefix of their names, such as `extField_`; empty where any name is
    /// allowed.
    pub fn prefix(self) -> &'s str {
        &self.entry.prefix
    }

    /// The type of each; usually unknown.
    pub fn value_type(self) -> ValueType {
        ValueType::of(self.entry.type_name)
    }

    /// What they are, in one line.
    pub fn meaning(self) -> &'s str {
        &self.entry.meaning
    }
}

/// A method of a profile or of a value.
///
/// ```
/// let schema = target_rules::Schema::standard();
/// let txn = schema.profile("currentTxn")?;
/// // currentTxn.basketCount("brand", "Puma") >= 2
/// let count = txn.method("basketCount")?;
/// let takes: Vec<&str> = count.parameters().map(|one| one.name()).collect();
/// assert_eq!(takes, ["inventoryAttribute", "inventoryValue"]);
/// assert_eq!(count.unit(), Some("line items"));
/// assert!(!count.is_answered_by_document(), "it is computed from the line items");
/// # Ok::<(), target_rules::schema::NameError>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Method<'s> {
    name: &'s str,
    entry: &'s model::Method,
}

impl<'s> Method<'s> {
    pub(super) fn of(name: &'s str, entry: &'s model::Method) -> Method<'s> {
        Method { name, entry }
    }

    /// Its name.
    pub fn name(self) -> &'s str {
        self.name
    }

    /// Its parameters, in order.
    pub fn parameters(self) -> impl Iterator<Item = Parameter<'s>> {
        self.entry.params.iter().map(|entry| Parameter { entry })
    }

    /// The type of its result.
    pub fn returns(self) -> ValueType {
        ValueType::of(self.entry.returns)
    }

    /// The unit of the number that it returns, such as `currency` or `days`.
    pub fn unit(self) -> Option<&'s str> {
        said(&self.entry.unit)
    }

    /// What it returns, in one line; empty where the schema does not say.
    pub fn meaning(self) -> &'s str {
        &self.entry.meaning
    }

    /// The constants of an enum that it returns, or the known values of a
    /// string.
    pub fn values(self) -> impl Iterator<Item = &'s str> {
        words(Some(&self.entry.values))
    }

    /// How many digits its number has after the point: 2 for the unit `currency`, 0
    /// for units that count, such as `pieces`; `None` of others.
    ///
    /// ```
    /// let schema = target_rules::Schema::standard();
    /// assert_eq!(schema.profile("currentTxn")?.method("basketQty")?.scale(), Some(0));
    /// # Ok::<(), target_rules::schema::NameError>(())
    /// ```
    pub fn scale(self) -> Option<u32> {
        scale_of(self.unit())
    }

    /// Whether it may return values other than the known ones.
    pub fn is_open(self) -> bool {
        is_open(self.entry.returns, &self.entry.values, self.entry.open)
    }

    /// Other spellings of its name, which are accepted with a warning.
    pub fn variants(self) -> impl Iterator<Item = &'s str> {
        self.entry.variants.iter().map(String::as_str)
    }

    /// Whether the transaction document states its answers; otherwise they are
    /// computed from other values of the document.
    pub fn is_answered_by_document(self) -> bool {
        self.entry.function == model::Function::Answered
    }

    /// The attribute of line items that its regular expression is matched with,
    /// where that is not a parameter.
    pub fn item_attribute(self) -> Option<&'s str> {
        self.entry.attribute.as_deref()
    }
}

/// One parameter of a method.
///
/// ```
/// use target_rules::Schema;
/// use target_rules::schema::{Role, ValueType};
/// let schema = Schema::standard();
/// // currentTxn.date.isHourBetween(18, 22)
/// let happy_hour = schema.value_method(ValueType::Date, "isHourBetween")?;
/// let hours: Vec<_> = happy_hour.parameters().collect();
/// assert_eq!((hours[0].minimum(), hours[0].maximum()), (Some(0), Some(23)));
/// assert_eq!((hours[1].name(), hours[1].maximum()), ("to", Some(24)));
/// // currentTxn.basketCount("brand", "Puma")
/// let count = schema.profile("currentTxn")?.method("basketCount")?;
/// let roles = count.parameters().map(|one| one.role());
/// assert!(roles.eq([Role::ItemAttribute, Role::ItemValue]));
/// # Ok::<(), target_rules::schema::NameError>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Parameter<'s> {
    entry: &'s model::Param,
}

impl<'s> Parameter<'s> {
    /// Its name, for messages.
    pub fn name(self) -> &'s str {
        &self.entry.name
    }

    /// The type of the argument.
    pub fn value_type(self) -> ValueType {
        ValueType::of(self.entry.type_name)
    }

    /// Whether the argument may be left out.
    pub fn is_optional(self) -> bool {
        self.entry.optional
    }

    /// What the argument is used as.
    pub fn role(self) -> Role {
        self.entry.role
    }

    /// The values that are allowed, or known if other values are allowed too;
    /// empty if any value is.
    pub fn values(self) -> impl Iterator<Item = &'s str> {
        words(Some(&self.entry.values))
    }

    /// Whether values other than those are allowed.
    pub fn is_open(self) -> bool {
        self.entry.open || self.entry.values.is_empty()
    }

    /// The smallest whole number that is allowed.
    pub fn minimum(self) -> Option<i64> {
        self.entry.minimum
    }

    /// The largest whole number that is allowed.
    pub fn maximum(self) -> Option<i64> {
        self.entry.maximum
    }
}

/// A line of text; `None` where it is empty, because the schema does not say.
fn said(line: &str) -> Option<&str> {
    Some(line).filter(|line| !line.is_empty())
}

/// The entries of a list; empty where there is no list.
pub(super) fn words(values: Option<&Arc<[String]>>) -> impl Iterator<Item = &str> {
    values.into_iter().flat_map(|values| values.iter()).map(String::as_str)
}

/// The digits after the point of a number in a unit, where nothing else is said. Of
/// units that are not known here nothing is: half a star may be given, and half a
/// kilogram bought.
fn scale_of(unit: Option<&str>) -> Option<u32> {
    match unit? {
        CURRENCY => Some(2),
        unit if COUNTS.contains(&unit) => Some(0),
        _ => None,
    }
}

/// The unit of amounts.
const CURRENCY: &str = "currency";

/// The units of what is counted, of which there are no parts.
const COUNTS: [&str; 12] = [
    "benefits",
    "coupons",
    "customers",
    "days",
    "line items",
    "members",
    "minutes",
    "pieces",
    "redemptions",
    "targets",
    "transactions",
    "visits",
];

/// The units of what a customer brings about by buying more or less.
const BOUGHT: [&str; 3] = [CURRENCY, "pieces", "line items"];

/// Whether a number in a unit, of a bill or its items, is changed by buying.
pub(super) fn is_bought(unit: Option<&str>) -> bool {
    unit.is_some_and(|unit| BOUGHT.contains(&unit))
}

/// Whether other values are allowed: never for an enum, always for a string
/// without known values.
fn is_open(of: model::TypeName, values: &[String], open: bool) -> bool {
    of != model::TypeName::Enum && (open || values.is_empty())
}
