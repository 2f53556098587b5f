//! Merges a schema file into the known schema: its sections, its profiles, and
//! the checks of names against each other.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::diagnostic::{Found, Repair, Span, excerpt};
use crate::json::Located;
use crate::limits::Limits;
use crate::report::counted;

use super::containers::{EXTENDED, OF_PROFILES};
use super::entry::Owner;
use super::model::{Fields, KnownValues, ListName, Profile, TypeName};
use super::read::{Author, Object, SchemaReader, Word, did_you_mean, instead};
use super::{Definitions, closest};

/// Prefixes of types in an expression tree that are not profiles, and words
/// that cannot be a name before a dot.
const NO_PROFILES: &[&str] = &[
    "boolean", "number", "real", "integer", "string", "enum", "date", "function", "true", "false", "and",
    "or", "not",
];

/// The profile that has the fields of custom events as attributes.
const EVENT: &str = "currentEvent";

/// A schema file that is being merged into a schema.
pub(super) struct Merge<'t> {
    reading: SchemaReader<'t>,
    schema: Definitions,
    /// The other names of profiles: each with those of it.
    aliases: HashMap<String, Vec<String>>,
}

impl Definitions {
    pub(super) const KEYS: &[&str] = &["$schema", "profiles", "inventory", "events", "values", "activities"];
}

impl<'t> Merge<'t> {
    pub(super) fn new(text: &'t str, author: Author, into: Definitions, limits: &Limits) -> Merge<'t> {
        let mut aliases: HashMap<String, Vec<String>> = HashMap::new();
        for (name, profile) in &into.profiles {
            if let Some(of) = &profile.alias_of {
                aliases.entry(of.clone()).or_default().push(name.clone());
            }
        }
        Merge { reading: SchemaReader::new(text, author, limits), schema: into, aliases }
    }

    /// Reads the sections of a file; returns the merged schema, and what is
    /// wrong with the file.
    pub(super) fn file(mut self, root: Located) -> (Definitions, Found) {
        let Some(file) = self.reading.object(root, "a schema file", Definitions::KEYS) else {
            return (self.schema, self.reading.found);
        };
        // Editors find the format of the file by it; it is not used here.
        self.reading.line(&file, "$schema");
        if let Some(profiles) = self.section(&file, "profiles") {
            self.profiles(profiles);
        }
        if let Some(inventory) = self.section(&file, "inventory") {
            self.inventory(inventory);
        }
        if let Some(events) = self.section(&file, "events") {
            self.events(events);
        }
        if let Some(values) = self.section(&file, "values") {
            self.values(values);
        }
        if let Some(activities) = self.section(&file, "activities") {
            self.activities(activities);
        }
        self.schema.join_event_fields();
        (self.schema, self.reading.found)
    }

    fn section(&mut self, file: &Object, key: &str) -> Option<Object> {
        let value = file.get(key)?;
        self.reading.map(value, &format!("`{key}`"))
    }

    fn profiles(&mut self, profiles: Object) {
        let mut declared = Vec::new();
        let mut new = Vec::new();
        // Names are the same in any case.
        let mut in_lower_case: HashMap<String, String> =
            self.schema.profiles.keys().map(|name| (name.to_ascii_lowercase(), name.clone())).collect();
        for (name, value) in profiles {
            let Some(object) = self.reading.object(value, "a profile", Profile::KEYS) else { continue };
            if !self.schema.profiles.contains_key(&name.text) {
                let lower = name.text.to_ascii_lowercase();
                let other_case = in_lower_case.get(&lower).map(String::as_str);
                if !self.reading.may_be_profile(&name, &object, other_case, &self.schema) {
                    continue;
                }
                in_lower_case.insert(lower, name.text.clone());
                new.push(name.span);
            }
            let words = self.profile(&name, &object);
            declared.extend(words);
        }
        let profiles = self.schema.profiles.iter();
        let names =
            Meanings::of(profiles.map(|(name, profile)| (name.as_str(), profile.variants.as_slice())));
        for span in declared.into_iter().chain(new) {
            shared_name(&mut self.reading, span, &names);
        }
    }

    /// Reads a profile; returns where the file gives variants of its name.
    fn profile(&mut self, name: &Word, object: &Object) -> Vec<Span> {
        let what = format!("`{}`", excerpt(&name.text));
        let is_new = !self.schema.profiles.contains_key(&name.text);
        let known = self.schema.profiles.get(&name.text);
        let mut profile = known.map(|known| Profile::clone(known)).unwrap_or_default();
        self.reading.replace(object, "meaning", &mut profile.meaning);
        let variants = self.reading.variants(object, &name.text, &mut profile.variants);
        self.tag(object, &what, is_new, &mut profile);
        if profile.tag.is_empty() {
            profile.tag = format!("{}:object:primitive", name.text);
        }
        if object.get("each").is_some() {
            let each: Option<ListName> = self.reading.choice(object, "each");
            self.reading.settle(&mut profile.each, each, object.place("each"), "each");
        }
        if let Some(value) = object.get("aliasOf")
            && let Some(of) = self.reading.word(value, "`aliasOf`")
        {
            self.reading.settle(&mut profile.alias_of, Some(of.text), of.span, "aliasOf");
        }
        self.fields(object, &what, is_new, &mut profile);
        let section = self.section_of(name, &profile);
        self.schema.profiles.insert(name.text.clone(), profile.into());
        let mut declared = self.attributes(object, name, &what, &section);
        declared.extend(self.methods(object, name, &what, &section));
        if let Some(profile) = self.schema.profiles.get(&name.text) {
            let names = member_names(profile);
            for span in declared {
                shared_name(&mut self.reading, span, &names);
            }
        }
        variants
    }

    /// The names of all profiles that are read from the same keys of a document
    /// as this one.
    fn section_of(&mut self, name: &Word, profile: &Profile) -> Vec<String> {
        let Some(of) = &profile.alias_of else {
            let aliases = self.aliases.get(&name.text).into_iter().flatten().cloned();
            return std::iter::once(name.text.clone()).chain(aliases).collect();
        };
        let aliases = self.aliases.entry(of.clone()).or_default();
        if !aliases.contains(&name.text) {
            aliases.push(name.text.clone());
        }
        std::iter::once(of).chain(&*aliases).cloned().collect()
    }

    /// The type that an expression tree gives the name of a profile. A new
    /// profile may set it; for a known one it must equal the known type.
    fn tag(&mut self, object: &Object, what: &str, is_new: bool, profile: &mut Profile) {
        let tag = object.get("tag").and_then(|value| self.reading.word(value, "`tag`"));
        let Some(tag) = tag else { return };
        if is_new {
            if self.is_profile_tag(&tag) {
                profile.tag = tag.text;
            }
        } else if profile.tag != tag.text {
            let help = format!("leave `tag` away, or write `{}`", profile.tag);
            self.reading.conflict(tag.span, format!("{what} has another `tag` in a tree"), help);
        }
    }

    /// Reads the attributes of a profile; returns where their names stand, and the
    /// variants of them that the file gives. Profiles of one section share their
    /// attributes.
    fn attributes(&mut self, object: &Object, profile: &Word, what: &str, section: &[String]) -> Vec<Span> {
        let mut declared = Vec::new();
        let attributes = object.get("attributes").and_then(|value| self.reading.map(value, "`attributes`"));
        for (attribute, value) in attributes.into_iter().flatten() {
            declared.push(attribute.span);
            let known = self.schema.profiles.get(&profile.text);
            let known = known.and_then(|profile| profile.attributes.get(&attribute.text));
            let owner = Owner { of: what, name: &attribute };
            let Some((entry, variants)) = self.reading.attribute(owner, value, known) else { continue };
            declared.extend(variants);
            self.not_kept(&attribute);
            for name in section {
                if let Some(profile) = self.schema.profiles.get_mut(name) {
                    let profile = Arc::make_mut(profile);
                    profile.attributes.insert(attribute.text.clone(), entry.clone());
                }
            }
        }
        declared
    }

    /// The same for its methods.
    fn methods(&mut self, object: &Object, profile: &Word, what: &str, section: &[String]) -> Vec<Span> {
        let mut declared = Vec::new();
        let methods = object.get("methods").and_then(|value| self.reading.map(value, "`methods`"));
        for (method, value) in methods.into_iter().flatten() {
            declared.push(method.span);
            let known = self.schema.profiles.get(&profile.text);
            let known = known.and_then(|profile| profile.methods.get(&method.text));
            let owner = Owner { of: what, name: &method };
            let Some((entry, variants)) = self.reading.method(owner, value, known) else { continue };
            declared.extend(variants);
            self.not_kept(&method);
            for name in section {
                if let Some(profile) = self.schema.profiles.get_mut(name) {
                    let profile = Arc::make_mut(profile);
                    profile.methods.insert(method.text.clone(), entry.clone());
                }
            }
        }
        declared
    }

    /// Reports a name under which a transaction document stores something else.
    fn not_kept(&mut self, name: &Word) {
        if OF_PROFILES.contains(&name.text.as_str()) {
            let message = format!("a transaction keeps something else under `{}`", name.text);
            self.reading.wrong_entry(name.span, message, "give it another name");
        }
    }

    /// Checks the type that an expression tree gives the name of a profile.
    fn is_profile_tag(&mut self, tag: &Word) -> bool {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_.:".contains(&byte);
        let first = tag.text.split(':').next().unwrap_or("");
        let of_profile = !first.is_empty()
            && tag.text.bytes().all(plain)
            && tag.text.split(':').all(|part| !NO_PROFILES.contains(&part));
        if !of_profile {
            let message = format!("`{}` is not the type of a profile in a tree", excerpt(&tag.text));
            self.reading.wrong_entry(
                tag.span,
                message,
                "such as `customer:object:primitive`, or leave `tag` away",
            );
        }
        of_profile
    }

    /// Attributes of which only the prefix of the name is listed.
    fn fields(&mut self, object: &Object, what: &str, is_new: bool, profile: &mut Profile) {
        let listed = object.get("fields").map(|value| self.reading.list(value, "`fields`"));
        let known = profile.fields.iter().enumerate();
        let mut known: HashMap<String, usize> =
            known.map(|(at, fields)| (fields.prefix.clone(), at)).collect();
        if is_new && listed.is_none() && self.reading.author == Author::Organisation {
            // Every profile of an organisation may have extended fields.
            let meaning = "A field that the organisation added.".to_owned();
            let (prefix, type_name) = (EXTENDED.to_owned(), TypeName::Unknown);
            profile.fields = vec![Fields { prefix, type_name, meaning }];
        }
        for value in listed.into_iter().flatten() {
            let Some(object) = self.reading.object(value, "an entry of `fields`", Fields::KEYS) else {
                continue;
            };
            let type_name = self.reading.type_name(&object, "type", "an entry of `fields`");
            let meaning = self.reading.line(&object, "meaning");
            let prefix = match object.get("prefix") {
                Some(prefix) => self.reading.word(prefix, "`prefix`"),
                None => {
                    let message = "an entry of `fields` lacks its `prefix`";
                    self.reading.wrong_entry(
                        object.head,
                        message,
                        "write how the names begin, such as `extField_`",
                    );
                    None
                }
            };
            let (Some(type_name), Some(prefix)) = (type_name, prefix) else { continue };
            if type_name == TypeName::Enum {
                let help = "list the attribute itself under `attributes`, with its `values`";
                self.reading.wrong_entry(object.place("type"), "an enum needs its values", help);
                continue;
            }
            let before = known.get(&prefix.text).and_then(|at| profile.fields.get_mut(*at));
            if let Some(before) = before {
                let place = object.place("type");
                let title = format!("`{}...` of {what}", prefix.text);
                let same = self.reading.same_type(place, &title, before.type_name, type_name);
                if same {
                    before.type_name = type_name;
                }
                if !meaning.is_empty() {
                    before.meaning = meaning;
                }
                continue;
            }
            let plain = prefix.text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            if self.reading.author == Author::Organisation && !(plain && prefix.text.starts_with(EXTENDED)) {
                let message = format!("names of unlisted fields begin with `{EXTENDED}`");
                self.reading.wrong_entry(
                    prefix.span,
                    message,
                    "list the attributes themselves under `attributes`",
                );
                continue;
            }
            known.insert(prefix.text.clone(), profile.fields.len());
            profile.fields.push(Fields { prefix: prefix.text, type_name, meaning });
        }
        // The longest prefix is tried first.
        profile.fields.sort_by(|a, b| (b.prefix.len(), &a.prefix).cmp(&(a.prefix.len(), &b.prefix)));
    }

    fn inventory(&mut self, inventory: Object) {
        for (name, value) in inventory {
            if !self.has_letters(&name) {
                continue;
            }
            let what = format!("the item attribute `{}`", excerpt(&name.text));
            let Some(object) = self.reading.object(value, &what, KnownValues::KEYS) else { continue };
            let before = self.schema.inventory.remove(&name.text).unwrap_or_default();
            let (values, open) = self.reading.values(&object, &before.values, before.open);
            self.schema.inventory.insert(name.text, KnownValues { values, open });
        }
    }

    fn events(&mut self, events: Object) {
        // The events that the file gives, each with its fields and their types.
        let mut declared: Vec<(String, Vec<(Span, Span)>)> = Vec::new();
        for (event, value) in events {
            if !self.has_letters(&event) {
                continue;
            }
            let what = format!("the event `{}`", excerpt(&event.text));
            let Some(fields) = self.reading.map(value, &what) else { continue };
            let mut read = self.schema.events.remove(&event.text).unwrap_or_default();
            let mut places = Vec::new();
            for (field, value) in fields {
                let owner = Owner { of: &what, name: &field };
                let before = read.get(&field.text);
                let Some((entry, _)) = self.reading.attribute(owner, value, before) else {
                    continue;
                };
                let of_type = crate::json::find(
                    self.reading.text,
                    value,
                    &[crate::json::PathSegment::Key("type".into())],
                );
                places.push((field.span, of_type.0.head()));
                read.insert(field.text, entry);
            }
            declared.push((event.text.clone(), places));
            self.schema.events.insert(event.text, read);
        }
        let Merge { reading, schema, .. } = self;
        // The types of each field, each with the first event that gives it.
        let mut types: HashMap<&str, Vec<(TypeName, &str)>> = HashMap::new();
        for (event, fields) in &schema.events {
            for (field, of) in fields {
                let types = types.entry(field).or_default();
                if types.iter().all(|(type_name, _)| *type_name != of.type_name) {
                    types.push((of.type_name, event));
                }
            }
        }
        for (event, fields) in &declared {
            for (field, place) in fields {
                let Some(field) = reading.again(*field) else { continue };
                let types = types.get(field.text.as_str()).map(Vec::as_slice).unwrap_or_default();
                event_field(reading, schema, (event, &field, *place), types);
            }
        }
    }

    /// Reads the methods of values. They depend on the type of the value only.
    fn values(&mut self, values: Object) {
        for (type_word, value) in values {
            let Some(type_name) = self.reading.type_called(&type_word) else { continue };
            let what = format!("a {} value", type_name.name());
            let Some(methods) = self.reading.map(value, &what) else { continue };
            for (method, value) in methods {
                let before = self.schema.values.get(&type_name).and_then(|methods| methods.get(&method.text));
                if before.is_none() && self.reading.author == Author::Organisation {
                    let message = format!(
                        "{what} has no method `{}`, and a file cannot add one",
                        excerpt(&method.text)
                    );
                    self.reading.wrong_entry(method.span, message, "give a profile the method");
                    continue;
                }
                let owner = Owner { of: &what, name: &method };
                if let Some((entry, _)) = self.reading.method(owner, value, before) {
                    self.schema.values.entry(type_name).or_default().insert(method.text, entry);
                }
            }
        }
    }

    fn activities(&mut self, activities: Object) {
        for (activity, value) in activities {
            if !self.has_letters(&activity) {
                continue;
            }
            let words = self.reading.words(value, "an activity");
            let carried = self.schema.activities.remove(&activity.text).unwrap_or_default();
            let mut carried: BTreeSet<String> = carried.into_iter().collect();
            for word in words {
                if !self.schema.profiles.contains_key(&word.text) {
                    let names = self.schema.profiles.keys().map(String::as_str);
                    let help = did_you_mean(&word.text, word.span, names, "list it under `profiles` first");
                    let message = format!("there is no profile `{}`", excerpt(&word.text));
                    self.reading.wrong_entry(word.span, message, help);
                } else {
                    carried.insert(word.text);
                }
            }
            self.schema.activities.insert(activity.text, carried.into_iter().collect());
        }
    }

    fn has_letters(&mut self, name: &Word) -> bool {
        let blank = name.text.trim().is_empty();
        if blank {
            self.reading.wrong_entry(name.span, "this name is blank", "write the name");
        }
        !blank
    }
}

/// Checks a field of an event: a rule names it without its event, so it must
/// have the same type in all events. `types` are all that it has, each with the
/// first event that gives it.
fn event_field(
    reading: &mut SchemaReader,
    schema: &Definitions,
    (event, field, place): (&str, &Word, Span),
    types: &[(TypeName, &str)],
) {
    let name = excerpt(&field.text);
    let of_event = schema.events.get(event).and_then(|fields| fields.get(&field.text));
    let Some(type_name) = of_event.map(|field| field.type_name) else { return };
    let help = "rules name it without the event: give it one type, or another name";
    if let Some((other_type, other)) = types.iter().find(|(other_type, _)| *other_type != type_name) {
        let message = format!(
            "`{name}` is {} here, but {} in the event `{}`",
            type_name.with_article(),
            other_type.with_article(),
            excerpt(other)
        );
        reading.conflict(place, message, help);
    }
    let Some(profile) = schema.profiles.get(EVENT) else { return };
    if let Some(attribute) = profile.attributes.get(&field.text)
        && attribute.type_name != type_name
    {
        let message = format!("`{EVENT}.{name}` is {}", attribute.type_name.with_article());
        reading.conflict(place, message, help);
    }
    if profile.methods.contains_key(&field.text) {
        reading.conflict(field.span, format!("`{name}` is a method of `{EVENT}`"), "give it another name");
    }
}

/// Names and variants, each with a name that it may mean: sorted by what is
/// written, the names of one spelling in their order.
struct Meanings<'s>(Vec<Meaning<'s>>);

/// A spelling, and a name that it may mean; the name itself for its own.
#[derive(Clone, Copy)]
struct Meaning<'s> {
    written: &'s str,
    of: &'s str,
    is_name: bool,
}

impl<'s> Meanings<'s> {
    fn of(names: impl Iterator<Item = (&'s str, &'s [String])> + Clone) -> Meanings<'s> {
        let count = names.clone().flat_map(|(_, variants)| [1, variants.len()]).sum();
        let mut meanings = Vec::with_capacity(count);
        for (of, variants) in names {
            meanings.push(Meaning { written: of, of, is_name: true });
            meanings.extend(variants.iter().map(|variant| Meaning { written: variant, of, is_name: false }));
        }
        // Those of one spelling keep their order.
        meanings.sort_by_key(|meaning| meaning.written);
        Meanings(meanings)
    }

    /// Everything that one spelling may mean.
    fn all(&self, written: &str) -> &[Meaning<'s>] {
        let start = self.0.partition_point(|meaning| meaning.written < written);
        let from = self.0.get(start..).unwrap_or_default();
        let count = from.partition_point(|meaning| meaning.written == written);
        from.get(..count).unwrap_or_default()
    }
}

/// The names of a profile's attributes and methods, each with everything that
/// it may mean.
fn member_names(profile: &Profile) -> Meanings<'_> {
    let attributes = profile.attributes.iter().map(|(name, of)| (name.as_str(), of.variants.as_slice()));
    let methods = profile.methods.iter().map(|(name, of)| (name.as_str(), of.variants.as_slice()));
    Meanings::of(attributes.chain(methods))
}

/// How many names are told that have one spelling.
const MOST_MEANINGS: usize = 3;

/// Reports a name or a variant that has more than one meaning.
fn shared_name(reading: &mut SchemaReader, span: Span, names: &Meanings<'_>) {
    let Some(word) = reading.again(span) else { return };
    let of = names.all(&word.text);
    if of.len() < 2 {
        return;
    }
    let written = excerpt(&word.text);
    let message = match of.iter().find(|meaning| meaning.of != word.text) {
        None => format!("`{written}` is an attribute and a method"),
        Some(other) if of.iter().any(|meaning| meaning.is_name) => {
            format!("`{written}` is a name, and another spelling of `{}`", excerpt(other.of))
        }
        Some(_) => {
            let shown = of.iter().take(MOST_MEANINGS).map(|meaning| format!("`{}`", excerpt(meaning.of)));
            let more = of.get(MOST_MEANINGS..).map_or(0, <[_]>::len);
            let more = (more > 0).then(|| counted(more, "other"));
            let all: Vec<String> = shown.chain(more).collect();
            format!("`{written}` is another spelling of {}", all.join(" and of "))
        }
    };
    reading.conflict(span, message, "a name means one thing: take another");
}

impl SchemaReader<'_> {
    /// Whether a profile with this name may be added; reports why not.
    fn may_be_profile(
        &mut self,
        name: &Word,
        object: &Object,
        other_case: Option<&str>,
        schema: &Definitions,
    ) -> bool {
        if !self.is_name(name) {
            return false;
        }
        if NO_PROFILES.contains(&name.text.as_str()) {
            let message = format!("a profile cannot be called `{}`", name.text);
            self.wrong_entry(name.span, message, "the word means something else in a rule or a tree");
            return false;
        }
        if let Some(other) = other_case {
            let message = format!("`{}` is spelled `{other}`", name.text);
            let renamed = Repair::from(format!("write `{other}`"));
            self.conflict(name.span, message, renamed.by([instead(name.span, other)]));
            return false;
        }
        if self.author == Author::Ours || object.get("meaning").is_some() {
            return true;
        }
        // A typing error would make a new profile that no document ever has.
        let near = closest(&name.text, schema.profiles.keys().map(String::as_str));
        if let Some(near) = near {
            let message =
                format!("there is no profile `{}` yet, and it is nearly `{near}`", excerpt(&name.text));
            let help = format!("did you mean `{near}`? a new profile of such a name says its `meaning`");
            self.wrong_entry(name.span, message, Repair::from(help).by([instead(name.span, near)]));
        }
        near.is_none()
    }
}
