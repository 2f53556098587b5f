//! What a schema holds, for those who read it: completion, other languages,
//! mappers of documents.

use super::lookup::{Member, closest, find, find_member, nearest_member};
use super::member::{Attribute, Method, UnlistedAttributes, ValueType, words};
use super::name::{NameError, resolved};
use super::{Schema, model};

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

    /// The profile that a rule means by a name: the one of that name, else the
    /// one with that variant of its name, else the one that differs in case
    /// alone. Its own [`name`](Profile::name) tells whether it was respelled.
    ///
    /// Fails with the closest name where there is none.
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

    /// The custom events that are known, by name.
    pub fn events(&self) -> impl Iterator<Item = Event<'_>> {
        self.definitions().events.iter().map(|(name, fields)| Event { name, fields })
    }

    /// The attributes of line items that are known, by name: what a rule gives
    /// the `basket` methods as an argument. Others may come.
    pub fn item_attributes(&self) -> impl Iterator<Item = ItemAttribute<'_>> {
        self.definitions().inventory.iter().map(|(name, entry)| ItemAttribute { name, entry })
    }

    /// The methods that every value of a type offers, by name. A value of
    /// unknown type offers none: it is of one of the other types.
    pub fn value_methods(&self, of: ValueType) -> impl Iterator<Item = Method<'_>> {
        let methods = self.definitions().values.get(&of.of_files()).into_iter().flatten();
        methods.map(|(name, entry)| Method::of(name, entry))
    }

    /// The method of a value that a rule means by a name; found as
    /// [`Schema::profile`] finds a profile.
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

    /// The activities, each with the profiles that its transactions carry.
    pub fn activities(&self) -> impl Iterator<Item = Activity<'_>> {
        self.definitions().activities.iter().map(|(name, profiles)| Activity { name, profiles })
    }
}

/// What rules speak about, such as the transaction or the customer.
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

    /// What it is, in one line; empty where nobody has said it.
    pub fn meaning(self) -> &'s str {
        &self.entry.meaning
    }

    /// Other spellings of its name, which are accepted with a warning.
    pub fn variants(self) -> impl Iterator<Item = &'s str> {
        self.entry.variants.iter().map(String::as_str)
    }

    /// The profile of which this is another name.
    pub fn alias_of(self) -> Option<&'s str> {
        self.entry.alias_of.as_deref()
    }

    /// The list of the transaction that a rule with this profile is decided for
    /// one by one, such as `lineItems`: its key in a document.
    pub fn unrolls_over(self) -> Option<&'static str> {
        self.entry.each.map(model::ListName::key)
    }

    /// The attributes that are listed, by name; those of `currentEvent` with the
    /// fields of all custom events after them.
    pub fn attributes(self) -> impl Iterator<Item = Attribute<'s>> {
        let own = &self.entry.attributes;
        let event_fields = self.has_any_field().then_some(&self.schema.definitions().event_fields);
        let event_fields = event_fields.into_iter().flatten().filter(|(name, _)| !own.contains_key(*name));
        own.iter().chain(event_fields).map(|(name, entry)| Attribute::listed(name, entry))
    }

    /// Whether any name is a field of it.
    fn has_any_field(self) -> bool {
        self.entry.fields.iter().any(|fields| fields.prefix.is_empty())
    }

    /// The attributes that are not listed one by one.
    pub fn unlisted_attributes(self) -> impl Iterator<Item = UnlistedAttributes<'s>> {
        self.entry.fields.iter().map(UnlistedAttributes::of)
    }

    /// The attribute that a rule means by a name, found as [`Schema::profile`]
    /// finds a profile; also one that is not listed, where the profile has such.
    ///
    /// Fails with the closest name where there is none: a slip in what maps
    /// documents to attributes shows here, and not as a value that is absent.
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

    /// What can be asked of it, by name.
    pub fn methods(self) -> impl Iterator<Item = Method<'s>> {
        self.entry.methods.iter().map(|(name, entry)| Method::of(name, entry))
    }

    /// The method that a rule means by a name; found as [`Schema::profile`]
    /// finds a profile.
    pub fn method(self, name: &str) -> Result<Method<'s>, NameError> {
        let (name, entry) = resolved(find(&self.entry.methods, name), name, || {
            let close = nearest_member(self.schema.definitions(), self.entry, name);
            NameError::unknown(format!("`{}` has no method", self.name), name, close)
        })?;
        Ok(Method::of(name, entry))
    }
}

/// An attribute of line items that an organisation knows.
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

    /// The values that are known; none: any.
    pub fn values(self) -> impl Iterator<Item = &'s str> {
        words(Some(&self.entry.values))
    }

    /// Whether other values than the known ones may come.
    pub fn is_open(self) -> bool {
        self.entry.open || self.entry.values.is_empty()
    }
}

/// A custom event, whose fields rules name of `currentEvent`.
#[derive(Debug, Clone, Copy)]
pub struct Event<'s> {
    name: &'s str,
    fields: &'s std::collections::BTreeMap<String, model::Attribute>,
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

/// An activity that makes transactions, such as a purchase.
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

    /// The names of the profiles that its transactions carry.
    pub fn profiles(self) -> impl Iterator<Item = &'s str> {
        self.profiles.iter().map(String::as_str)
    }
}
