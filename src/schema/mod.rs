//! The schema as a public API: what rules can name. Profiles with their
//! attributes and methods, types, units, meanings, known values and spellings.
//!
//! Start at [`Schema`]. The other types are views into it, which cost nothing
//! to make or copy. They are for completion, for bindings and translations of
//! rules, and for code that maps documents to names. A name is looked up as it
//! is in a rule, so a typing error is an error that gives the closest name.
//!
//! ```
//! use target_rules::{Schema, schema::ValueType};
//!
//! let schema = Schema::standard();
//! let customer = schema.profile("currentCustomer")?;
//! for attribute in customer.attributes() {
//!     let (name, of) = (attribute.name(), attribute.value_type());
//!     let unit = attribute.unit().unwrap_or("");
//!     println!("{}.{name}: {of} {unit} {}", customer.name(), attribute.meaning());
//! }
//! let points = customer.attribute("currentPoints")?;
//! assert_eq!((points.value_type(), points.unit()), (ValueType::Number, Some("points")));
//! assert!(points.meaning().starts_with("Redeemable points"));
//!
//! // What can be asked of a date, and what such a method takes.
//! let asked: Vec<&str> =
//!     schema.value_methods(ValueType::Date).map(|method| method.name()).collect();
//! assert!(asked.contains(&"isHourBetween") && asked.contains(&"isWeekend"));
//! let between = schema.value_method(ValueType::Date, "isHourBetween")?;
//! let takes: Vec<&str> = between.parameters().map(|parameter| parameter.name()).collect();
//! assert_eq!((takes, between.returns()), (vec!["from", "to"], ValueType::Boolean));
//!
//! // A slip in a mapper's path is told, not read as a value that is absent.
//! let slip = schema.profile("currentTxn")?.attribute("vlaue").unwrap_err();
//! assert_eq!(slip.closest(), Some("value"));
//! # Ok::<(), target_rules::schema::NameError>(())
//! ```

// The standard schema is `standard.json` beside this file, embedded in the
// crate. Each computed method is one function of the evaluator; everything else
// about a name is data. What an organisation adds comes from schema files of
// the same format.

mod containers;
mod entries;
mod entry;
mod lookup;
mod member;
mod merge;
pub(crate) mod model;
mod name;
mod names;
mod near;
mod read;
mod table;
mod view;

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, LazyLock};

use serde::{Serialize, Serializer};

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Form, Found, Input, Source, Span, utf8_of};
use crate::json::{Located, Reader};
use crate::limits::Limits;

use merge::Merge;
use read::Author;

pub use lookup::closest;
pub use member::{Attribute, Method, Parameter, UnlistedAttributes, ValueType};
pub use model::{ListName, Role};
pub use name::NameError;
pub use view::{Activity, Event, ItemAttribute, Profile};

pub(crate) use containers::EXTENDED;
pub use containers::{ATTRIBUTES, CUSTOM_FIELDS, EXTENDED_FIELDS, SEGMENTS};
pub(crate) use entries::ITEM_ATTRIBUTES;
pub(crate) use lookup::{Member, NameMatch, equal_name, find, find_member, find_profile, nearest_member};
pub(crate) use model::{Computed, Definitions, Function, TypeName};
pub(crate) use names::{Listed, Names};

/// The names that rules may use: profiles, their attributes and methods, each
/// with its type, its unit where it has one, and its meaning.
///
/// [`Schema::standard`] is what the platform documents. An organisation extends
/// it with schema files: its extended fields, the fields of its custom events,
/// its tiers, segments and item attributes with their known values, and its own
/// profiles and methods. `target-rules schema` prints the schema in force;
/// [`std::fmt::Display`] prints the same table, and serde writes it as a schema
/// file. [`schema`](self) tells how to query it. A clone shares the same data.
///
/// It holds its data behind an `Arc`, so a host need not wrap it in one.
///
/// ```
/// use target_rules::{Ast, Limits, Schema};
///
/// let limits = Limits::default();
/// let schema = Schema::standard().with(
///     r#"{"profiles": {"currentCustomer": {"attributes": {
///           "slabName": {"type": "string", "values": ["Silver", "Gold"], "open": true},
///           "extField_visits": {"type": "number", "unit": "visits",
///                               "meaning": "Visits to the club house."}}}},
///         "inventory": {"brand": {"values": ["Puma"], "open": true}},
///         "events": {"spinTheWheel": {
///           "minutes": {"type": "number", "unit": "minutes"}}}}"#,
///     &limits,
/// )?;
/// let text = r#"currentCustomer.slabName=="Glod"&&currentEvent.minutes<5"#;
/// let ast = Ast::from_text(text, &limits)?;
/// let checked = ast.check(&schema, &limits);
/// let warning = checked.diagnostics().iter().next().unwrap();
/// assert_eq!(warning.code.name(), "unknown-value");
/// assert_eq!(warning.help.as_deref(), Some("did you mean `Gold`?"));
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Schema {
    definitions: Arc<Definitions>,
}

static STANDARD: LazyLock<Schema> = LazyLock::new(|| {
    // INVARIANT: the embedded file is valid; a test checks it. If it were not,
    // the schema would be empty and refuse every name, so no rule would be
    // decided wrongly.
    let limits = Limits { schema: usize::MAX, ..Limits::default() };
    let read = merged(include_str!("standard.json"), Author::Ours, Definitions::default(), &limits);
    read.map(Schema::of).unwrap_or_default()
});

impl Schema {
    /// The format of schema files, as a JSON Schema: editors use it to offer
    /// keys and to mark errors while a file is written.
    ///
    /// It describes the shape of a file. Only [`Schema::with`] can tell whether
    /// its entries fit those that are known.
    pub const FORMAT: &'static str = include_str!("format.json");

    /// The schema of the platform, without what an organisation adds.
    ///
    /// Parses the embedded file once per process; a clone shares the same data.
    /// Its contents are listed in [`names`](super::names).
    ///
    /// ```
    /// use target_rules::Schema;
    /// let schema = Schema::standard();
    /// assert!(schema.profiles().any(|profile| profile.name() == "currentTxn"));
    /// ```
    pub fn standard() -> Schema {
        STANDARD.clone()
    }

    /// This schema, extended by a schema file.
    ///
    /// Takes the text or the bytes of the file. An entry for a known name adds
    /// its values and spellings, and replaces the meaning and the unit; its
    /// type must be the known one. A new attribute or method is read from
    /// transaction documents, under its name. A schema's own serialised form
    /// adds nothing to it.
    ///
    /// Fails with all errors in the file, each with its place: unknown keys,
    /// unknown types, entries that lack a part, and entries that contradict
    /// each other or what is known. Cost is linear in the size of the file; a
    /// file above [`Limits::schema`](field@Limits::schema) is not read.
    ///
    /// ```
    /// use target_rules::{Limits, Schema};
    ///
    /// let file = r#"{"profiles": {"currentTxn": {"attributes": {
    ///     "storeId": {"type": "decimal"}}}}}"#;
    /// let refused = Schema::standard().with(file, &Limits::default()).unwrap_err();
    /// let fault = refused.iter().next().unwrap();
    /// assert_eq!(fault.message, "there is no type `decimal`");
    /// assert_eq!(fault.help.as_deref(), Some("did you mean `number`?"));
    /// let pointer = "/profiles/currentTxn/attributes/storeId/type";
    /// assert_eq!(fault.pointer.as_deref(), Some(pointer));
    /// ```
    pub fn with(&self, file: &(impl Input + ?Sized), limits: &Limits) -> Result<Schema, Diagnostics> {
        let file = utf8_of(file, Form::Payload, limits.schema())?;
        merged(file, Author::Organisation, Definitions::clone(&self.definitions), limits).map(Schema::of)
    }

    /// The part of the schema about one profile, by its listed name; `None`
    /// where there is no such profile.
    pub fn only(&self, profile: &str) -> Option<Schema> {
        let (name, found) = self.definitions.profiles.get_key_value(profile)?;
        let mut profiles = Names::default();
        profiles.insert(name.clone(), found.clone());
        Some(Schema::of(Definitions { profiles, ..Definitions::default() }))
    }

    fn of(definitions: Definitions) -> Schema {
        Schema { definitions: Arc::new(definitions) }
    }

    /// The data, as the checker reads it.
    pub(crate) fn definitions(&self) -> &Definitions {
        &self.definitions
    }
}

/// Serialises as a schema file.
impl Serialize for Schema {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.definitions.serialize(serializer)
    }
}

impl Definitions {
    /// Collects the fields of all custom events by name.
    fn join_event_fields(&mut self) {
        let mut of_name: Vec<(&String, &Arc<model::Attribute>)> = self.events.values().flatten().collect();
        // Those of one name keep the order of their events.
        of_name.sort_by_key(|(name, _)| *name);
        let of_one = of_name.chunk_by(|(name, _), (other, _)| name == other);
        let joined = of_one.filter_map(|fields| {
            let (name, first) = *fields.first()?;
            let mut joined = Arc::clone(first);
            let of_each = || fields.iter().map(|(_, field)| *field);
            if of_each().any(|field| !Arc::ptr_eq(field, first)) {
                let joined = Arc::make_mut(&mut joined);
                joined.values = each_once(of_each().flat_map(|field| field.values.iter())).into();
                joined.variants = each_once(of_each().flat_map(|field| &field.variants));
                joined.open = of_each().any(|field| field.open);
            }
            Some((name.clone(), joined))
        });
        let joined: BTreeMap<String, Arc<model::Attribute>> = joined.collect();
        *self.event_fields = joined;
    }
}

/// Texts in order, each once.
fn each_once<'t>(texts: impl Iterator<Item = &'t String>) -> Vec<String> {
    let mut seen = HashSet::new();
    texts.filter(|text| seen.insert(text.as_str())).cloned().collect()
}

/// A schema merged with a file.
fn merged(
    text: &str,
    author: Author,
    into: Definitions,
    limits: &Limits,
) -> Result<Definitions, Diagnostics> {
    let located = locate(text, limits);
    let (schema, found) = match located {
        Ok(root) => Merge::new(text, author, into, limits).file(root),
        Err(fault) => (into, Found::one(fault)),
    };
    match found.is_empty() {
        true => Ok(schema),
        false => Err(Diagnostics::of(&Source::new(Form::Payload, text), found, limits.errors)),
    }
}

/// The document of a file, once all of it is known to be valid JSON.
fn locate(text: &str, limits: &Limits) -> Result<Located, Diagnostic> {
    let most = limits.schema();
    if text.len() > most {
        let message = format!("the schema file has {} bytes; at most {most} are read", text.len());
        return Err(Diagnostic::new(Code::Limit, Span::new(most, text.len()), message));
    }
    // Editors on Windows put a byte order mark at the start of a file.
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut json = Reader::within(text, Span::new(start, text.len()));
    let root = Located::read(&mut json)?;
    json.finish()?;
    Ok(root)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]
mod tests;
