//! Views of a schema: for completion, for other languages, and for code that
//! maps documents.

use super::lookup::{Member, closest, equal_name, find, find_member, nearest_member};
use super::member::{Attribute, Method, UnlistedAttributes, ValueType, is_bought, words};
use super::name::{NameError, resolved};
use super::{Schema, model};

/// The profile of the bill.
const TRANSACTION: &str = "currentTxn";

impl Schema {
    /// The profiles, by name.
    ///
    /// ```
    /// let schema = target_rules::Schema::standard();
    /// assert!(schema.profiles().any(|profile| profile.name() == "currentTxn"));
    /// ```
    pub fn profiles(&self) -> impl Iterator<Item = Profile<'_>> {
        let entries = self.definitions().profiles.iter();
        entries.map(|(name, entry)| Profile { schema: self, name, entry })
    }

    /// The profile that a name means in a rule: the one with exactly that name,
    /// else the one with that variant, else the one that differs only in case.
    /// Its own [`name`](Profile::name) tells whether it was respelled.
    ///
    /// Fails with the closest name where there is no such profile.
    ///
    /// ```
    /// let schema = target_rules::Schema::standard();
    /// assert_eq!(schema.profile("currenttxn")?.name(), "currentTxn");
    /// let slip = schema.profile("currentTnx").unwrap_err();
    /// assert_eq!(slip.closest(), Some("currentTxn"));
    /// # Ok::<(), target_rules::schema::NameError>(())
    /// ```
    pub fn profile(&self, name: &str) -> Result<Profile<'_>, NameError> {
        let profiles = &self.definitions().profiles;
        let (name, entry) = resolved(find(profiles, name), name, || {
            let close = closest(name, profiles.keys().map(String::as_str));
            NameError::unknown("there is no profile", name, close)
        })?;
        Ok(Profile { schema: self, name, entry })
    }

    /// The known custom events, by name.
    pub fn events(&self) -> impl Iterator<Item = Event<'_>> {
        self.definitions().events.iter().map(|(name, fields)| Event { name, fields })
    }

    /// The known attributes of line items, by name: what a rule gives the
    /// `basket` methods as an argument. Others are allowed.
    pub fn item_attributes(&self) -> impl Iterator<Item = ItemAttribute<'_>> {
        self.definitions().inventory.iter().map(|(name, entry)| ItemAttribute { name, entry })
    }

    /// The methods that every value of a type has, by name. A value of unknown
    /// type has none: its type must be inferred first.
    pub fn value_methods(&self, of: ValueType) -> impl Iterator<Item = Method<'_>> {
        let methods = self.definitions().values.get(&of.of_files()).into_iter().flatten();
        methods.map(|(name, entry)| Method::of(name, entry))
    }

    /// The method of a value that a name means in a rule; looked up as
    /// [`Schema::profile`] does.
    pub fn value_method(&self, of: ValueType, name: &str) -> Result<Method<'_>, NameError> {
        let lacking = || format!("a value of type {of} has no method");
        let Some(methods) = self.definitions().values.get(&of.of_files()) else {
            return Err(NameError::unknown(lacking(), name, None));
        };
        let (name, entry) = resolved(find(methods, name), name, || {
            NameError::unknown(lacking(), name, closest(name, methods.keys().map(String::as_str)))
        })?;
        Ok(Method::of(name, entry))
    }

    /// The activities, each with the profiles that its transactions have.
    pub fn activities(&self) -> impl Iterator<Item = Activity<'_>> {
        self.definitions().activities.iter().map(|(name, profiles)| Activity { name, profiles })
    }
}

/// A profile: what rules are about, such as the transaction or the customer.
///
/// ```
/// let schema = target_rules::Schema::standard();
/// let txn = schema.profile("currentTxn")?;
/// assert_eq!(txn.meaning(), "The transaction that is evaluated.");
/// assert!(txn.attributes().any(|attribute| attribute.name() == "grossAmount"));
/// assert!(txn.methods().any(|method| method.name() == "basketSum"));
/// // A rule with this profile is decided for each line item.
/// let item = schema.profile("currentLineItem")?;
/// assert_eq!(item.unrolls_over(), Some("lineItems"));
/// # Ok::<(), target_rules::schema::NameError>(())
/// ```
#[derive(Clone, Copy)]
pub struct Profile<'s> {
    schema: &'s Schema,
    name: &'s str,
    entry: &'s model::Profile,
}

impl std::fmt::Debug for Profile<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Profile").field("name", &self.name).finish_non_exhaustive()
    }
}

impl<'s> Profile<'s> {
    /// Its name, as rules write it.
    pub fn name(self) -> &'s str {
        self.name
    }

    /// What it is, in one line; empty where the schema does not say.
    pub fn meaning(self) -> &'s str {
        &self.entry.meaning
    }

    /// Other spellings of its name, which are accepted with a warning.
    pub fn variants(self) -> impl Iterator<Item = &'s str> {
        self.entry.variants.iter().map(String::as_str)
    }

    /// The profile of which this is an alias.
    pub fn alias_of(self) -> Option<&'s str> {
        self.entry.alias_of.as_deref()
    }

    /// The list for whose entries a rule with this profile is decided one by
    /// one, such as `lineItems`: its key in a document.
    pub fn unrolls_over(self) -> Option<&'static str> {
        self.entry.each.map(model::ListName::key)
    }

    /// The listed attributes, by name. For `currentEvent` the fields of all
    /// custom events follow.
    pub fn attributes(self) -> impl Iterator<Item = Attribute<'s>> {
        let own = &self.entry.attributes;
        let event_fields = self.has_any_field().then_some(&self.schema.definitions().event_fields);
        let event_fields = event_fields.into_iter().flatten().filter(|(name, _)| !own.contains_key(*name));
        own.iter().chain(event_fields).map(|(name, entry)| Attribute::listed(name, entry))
    }

    /// Whether every name is a field of it.
    fn has_any_field(self) -> bool {
        self.entry.fields.iter().any(|fields| fields.prefix.is_empty())
    }

    /// The attributes that are not listed one by one.
    pub fn unlisted_attributes(self) -> impl Iterator<Item = UnlistedAttributes<'s>> {
        self.entry.fields.iter().map(UnlistedAttributes::of)
    }

    /// The attribute that a name means in a rule, looked up as
    /// [`Schema::profile`] does. It may be one that is not listed, where the
    /// profile allows that.
    ///
    /// Fails with the closest name where there is none: a typing error in code
    /// that maps documents to attributes shows here, and not as an absent
    /// value.
    ///
    /// ```
    /// let schema = target_rules::Schema::standard();
    /// let txn = schema.profile("currentTxn")?;
    /// assert_eq!(txn.attribute("Value")?.name(), "value");
    /// assert!(!txn.attribute("extField_channel")?.is_listed());
    /// let slip = txn.attribute("vlaue").unwrap_err();
    /// assert_eq!(
    ///     slip.to_string(),
    ///     "`currentTxn` has no attribute `vlaue`; did you mean `value`?"
    /// );
    /// # Ok::<(), target_rules::schema::NameError>(())
    /// ```
    pub fn attribute(self, name: &str) -> Result<Attribute<'s>, NameError> {
        let definitions = self.schema.definitions();
        match find_member(definitions, self.entry, name) {
            Member::Listed(name, entry) => Ok(Attribute::listed(name, entry)),
            Member::Field(name, fields) => Ok(Attribute::unlisted(name, fields)),
            Member::Ambiguous(names) => Err(NameError::ambiguous(name, names)),
            Member::Missing => {
                let close = nearest_member(definitions, self.entry, name);
                Err(NameError::unknown(format!("`{}` has no attribute", self.name), name, close))
            }
        }
    }

    /// Whether a customer can bring about another value of an attribute: what
    /// the schema says of it, else true for amounts, quantities and dates of the
    /// bill and of its line items, and false elsewhere.
    ///
    /// ```
    /// let schema = target_rules::Schema::standard();
    /// let txn = schema.profile("currentTxn")?;
    /// assert!(txn.can_change(&txn.attribute("value")?));
    /// assert!(!txn.can_change(&txn.attribute("points")?));
    /// # Ok::<(), target_rules::schema::NameError>(())
    /// ```
    pub fn can_change(self, attribute: &Attribute<'_>) -> bool {
        let of_bill = self.name == TRANSACTION || self.entry.each == Some(model::ListName::LineItems);
        let bought = match attribute.value_type() {
            ValueType::Number => is_bought(attribute.unit()),
            of => of == ValueType::Date,
        };
        attribute.said_to_change().unwrap_or(of_bill && bought)
    }

    /// The other attribute that is the same computed number, as `grossAmount` is
    /// `basketAmountSumNonDiscounted`.
    pub(crate) fn equal_name(self, attribute: &str) -> Option<&'s str> {
        let computed = self.entry.attributes.get(attribute)?.computed?;
        equal_name(self.entry, attribute, computed)
    }

    /// The methods that it has, by name.
    pub fn methods(self) -> impl Iterator<Item = Method<'s>> {
        self.entry.methods.iter().map(|(name, entry)| Method::of(name, entry))
    }

    /// The method that a name means in a rule; looked up as [`Schema::profile`]
    /// does.
    pub fn method(self, name: &str) -> Result<Method<'s>, NameError> {
        let (name, entry) = resolved(find(&self.entry.methods, name), name, || {
            let close = nearest_member(self.schema.definitions(), self.entry, name);
            NameError::unknown(format!("`{}` has no method", self.name), name, close)
        })?;
        Ok(Method::of(name, entry))
    }
}

/// A known attribute of line items.
///
/// ```
/// use target_rules::{Limits, Schema};
/// let file = r#"{"inventory": {"brand": {"values": ["Puma", "Asics"], "open": true}}}"#;
/// let schema = Schema::standard().with(file, &Limits::default())?;
/// let brand = schema.item_attributes().find(|one| one.name() == "brand").unwrap();
/// assert!(brand.values().eq(["Puma", "Asics"]));
/// assert!(brand.is_open(), "a rule may ask for another brand");
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct ItemAttribute<'s> {
    name: &'s str,
    entry: &'s model::KnownValues,
}

impl<'s> ItemAttribute<'s> {
    /// Its name, as documents and the arguments of methods write it.
    pub fn name(self) -> &'s str {
        self.name
    }

    /// The known values; empty if any value is allowed.
    pub fn values(self) -> impl Iterator<Item = &'s str> {
        words(Some(&self.entry.values))
    }

    /// Whether values other than the known ones are allowed.
    pub fn is_open(self) -> bool {
        self.entry.open || self.entry.values.is_empty()
    }
}

/// A custom event. Rules name its fields as attributes of `currentEvent`.
///
/// ```
/// use target_rules::{Limits, Schema};
/// let file = r#"{"events": {"spinTheWheel": {
///     "minutes": {"type": "number", "unit": "minutes"}}}}"#;
/// let schema = Schema::standard().with(file, &Limits::default())?;
/// let event = schema.events().next().unwrap();
/// assert_eq!(event.name(), "spinTheWheel");
/// // A rule writes `currentEvent.minutes < 5`, without the event's name.
/// assert!(event.fields().map(|field| field.name().to_owned()).eq(["minutes"]));
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Event<'s> {
    name: &'s str,
    fields: &'s std::collections::BTreeMap<String, std::sync::Arc<model::Attribute>>,
}

impl<'s> Event<'s> {
    /// Its name.
    pub fn name(self) -> &'s str {
        self.name
    }

    /// Its fields, by name.
    pub fn fields(self) -> impl Iterator<Item = Attribute<'s>> {
        self.fields.iter().map(|(name, entry)| Attribute::listed(name, entry))
    }
}

/// An activity that creates transactions, such as a purchase.
///
/// ```
/// let schema = target_rules::Schema::standard();
/// let profiles = |name: &str| {
///     let activity = schema.activities().find(|activity| activity.name() == name);
///     activity.unwrap().profiles().collect::<Vec<_>>()
/// };
/// // A return has the bill that it takes back in place of one of its own.
/// assert!(profiles("TransactionAdd").contains(&"currentTxn"));
/// assert!(profiles("ReturnTransaction").contains(&"returnBill"));
/// assert!(!profiles("ReturnTransaction").contains(&"currentTxn"));
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Activity<'s> {
    name: &'s str,
    profiles: &'s [String],
}

impl<'s> Activity<'s> {
    /// Its name.
    pub fn name(self) -> &'s str {
        self.name
    }

    /// The names of the profiles that its transactions have.
    pub fn profiles(self) -> impl Iterator<Item = &'s str> {
        self.profiles.iter().map(String::as_str)
    }
}
