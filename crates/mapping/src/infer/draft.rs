//! Places given to the values of a standard document.

use std::collections::{BTreeMap, BTreeSet};

use target_rules::Schema;
use target_rules::diagnostic::excerpt;
use target_rules::json::Kind;
use target_rules::schema::closest;

use crate::file::{All, Condition, Constant, Mapping, Profile, ProfileList, Source};
use crate::read::{Wanted, wanted_of};

use super::names::{ATTRIBUTES, CUSTOM_FIELDS, EXTENDED_FIELDS, KnownList, LISTS, plain};
use super::sample::{Sample, Seen};
use super::values::guess;

/// A mapping that was drafted.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// The mapping; its `notes` say what was guessed and what could not be.
    pub mapping: Mapping,
    /// How many documents it is drafted from.
    pub documents: usize,
}

/// Drafts a mapping of one sample.
pub(super) struct Drafter<'s> {
    schema: &'s Schema,
    sample: &'s Sample,
    mapping: Mapping,
    /// The places that are taken.
    taken: BTreeSet<String>,
}

/// Words for transactions that are none.
const VOID: [&str; 7] = ["cancelled", "canceled", "failed", "void", "voided", "pending", "trash"];
/// Words for returns.
const RETURNS: [&str; 4] = ["return", "refund", "returned", "credit"];

impl<'s> Drafter<'s> {
    pub(super) fn new(schema: &'s Schema, sample: &'s Sample) -> Drafter<'s> {
        Drafter { schema, sample, mapping: Mapping::default(), taken: BTreeSet::new() }
    }

    pub(super) fn draft(mut self) -> Draft {
        self.attributes();
        self.near_names();
        for list in LISTS {
            self.list(list);
        }
        self.containers();
        self.conditions();
        self.what_is_left();
        if self.mapping.document.is_empty() {
            // A mapping must say something, so that it can be gone on with.
            let number = BTreeMap::from([("number".to_owned(), Source::at("/number"))]);
            self.profile("currentTxn").attributes = number;
            self.note("nothing was recognised; `currentTxn.number` stands here as an example");
        }
        Draft { documents: self.sample.documents, mapping: self.mapping }
    }

    fn note(&mut self, note: impl Into<String>) {
        self.mapping.notes.push(note.into());
    }

    fn profile(&mut self, name: &str) -> &mut Profile {
        self.mapping.document.entry(name.to_owned()).or_default()
    }

    /// A place as a mapping writes it: a column by its name.
    fn written(&self, pointer: &str) -> String {
        let name = pointer.trim_start_matches('/').replace("~1", "/").replace("~0", "~");
        if self.sample.is_table && !name.starts_with('/') && !name.is_empty() {
            name
        } else {
            pointer.to_owned()
        }
    }

    fn attributes(&mut self) {
        for known in ATTRIBUTES {
            let mut other = None;
            let found = known.called.iter().find_map(|called| {
                self.places_called(called).into_iter().find_map(|(pointer, seen)| {
                    let made = guess(&self.written(&pointer), seen, known.wanted);
                    if made.is_none() && other.is_none() && !seen.values.is_empty() {
                        other = Some(pointer.clone());
                    }
                    made.map(|made| (pointer, made, *called))
                })
            });
            let name = format!("{}.{}", known.profile, known.name);
            match (found, other) {
                (Some((pointer, made, called)), _) => {
                    if called == "id" || called == "name" || called == "store" {
                        self.note(format!(
                            "`{name}` is taken from `{pointer}`, which is a guess by a usual name"
                        ));
                    }
                    if let Some(note) = made.note {
                        self.note(format!("`{name}` from `{pointer}`: {note}"));
                    }
                    self.taken.insert(pointer);
                    self.profile(known.profile).attributes.insert(known.name.to_owned(), made.source);
                }
                (None, Some(pointer)) if name == "currentCustomer.id" => {
                    let source = Source::at(self.written(&pointer));
                    self.note(format!("`{pointer}` is no number, so it is `currentCustomer.externalId`; a ledger needs `currentCustomer.id`"));
                    self.taken.insert(pointer);
                    self.profile("currentCustomer").attributes.insert("externalId".to_owned(), source);
                }
                (None, Some(pointer)) => {
                    self.note(format!(
                        "`{name}` may stand in `{pointer}`, whose values could not be read as {}",
                        known.wanted.in_words()
                    ));
                }
                (None, None)
                    if ["number", "value", "date", "id"].contains(&known.name)
                        && known.profile != "currentStore" =>
                {
                    self.note(format!("no place was found for `{name}`"));
                }
                (None, None) => {}
            }
        }
    }

    /// Places that are not taken and have a name, those on top first.
    fn places_called(&self, called: &str) -> Vec<(String, &'s Seen)> {
        let within = format!("/{called}");
        let mut found: Vec<(String, &Seen)> = self
            .sample
            .places
            .iter()
            .filter(|(pointer, _)| !self.taken.contains(*pointer) && plain(pointer).ends_with(&within))
            .map(|(pointer, seen)| (pointer.clone(), seen))
            .collect();
        // Deep inside, a common word such as `total` is that of something else.
        found.retain(|(pointer, _)| called.contains('/') || depth(pointer) <= 2);
        found.sort_by_key(|(pointer, _)| depth(pointer));
        found
    }

    /// What is called as the standard document calls it, or nearly so.
    fn near_names(&mut self) {
        for profile in ["currentTxn", "currentCustomer"] {
            let Ok(view) = self.schema.profile(profile) else { continue };
            let names: Vec<(String, Wanted)> = view
                .attributes()
                .map(|known| (known.name().to_owned(), wanted_of(known.value_type())))
                .collect();
            for (pointer, seen) in &self.sample.places {
                let Some(key) = pointer.rsplit('/').next().filter(|_| depth(pointer) <= 2) else { continue };
                if self.taken.contains(pointer) || key.len() < 5 {
                    continue;
                }
                let of_customer = plain(pointer).contains("customer");
                if (profile == "currentCustomer") != of_customer && depth(pointer) == 2 {
                    continue;
                }
                let Some(close) = closest(key, names.iter().map(|(name, _)| name.as_str())) else { continue };
                let Some((name, wanted)) = names.iter().find(|(name, _)| name == close) else { continue };
                if self.mapping.document.get(profile).is_some_and(|held| held.attributes.contains_key(name)) {
                    continue;
                }
                let Some(made) = guess(&self.written(pointer), seen, *wanted) else { continue };
                if plain(key) != plain(name) {
                    self.note(format!("`{profile}.{name}` is taken from `{pointer}`, whose name is near"));
                }
                self.taken.insert(pointer.clone());
                self.profile(profile).attributes.insert(name.clone(), made.source);
            }
        }
    }

    fn list(&mut self, known: &KnownList) {
        let found = known.called.iter().find_map(|called| {
            let is =
                |pointer: &&String| depth(pointer) <= 2 && plain(pointer).ends_with(&format!("/{called}"));
            self.sample.lists.keys().find(is)
        });
        let Some(pointer) = found else { return };
        let Some(places) = self.sample.lists.get(pointer) else { return };
        let mut list = ProfileList { at: pointer.clone(), ..ProfileList::default() };
        let mut taken = BTreeSet::new();
        let of_entry = |taken: &BTreeSet<String>, called: &str| {
            let is = |(place, _): &(&String, &Seen)| {
                depth(place) == 1 && plain(place) == format!("/{called}") && !taken.contains(*place)
            };
            places.iter().find(is).map(|(place, seen)| (place.clone(), seen))
        };
        for (name, wanted, called) in known.fields {
            let made = called.iter().find_map(|called| {
                let (place, seen) = of_entry(&taken, called)?;
                guess(&place, seen, *wanted).map(|made| (place, made))
            });
            if let Some((place, made)) = made {
                if let Some(note) = made.note {
                    self.note(format!("`{}.{name}` from `{place}`: {note}", known.key));
                }
                taken.insert(place);
                list.fields.insert((*name).to_owned(), made.source);
            }
        }
        for (name, called) in known.attributes {
            if let Some((place, _)) = called.iter().find_map(|called| of_entry(&taken, called)) {
                list.attributes.named.insert((*name).to_owned(), Source::at(&place));
                taken.insert(place);
            }
        }
        let left: Vec<String> =
            places.keys().filter(|place| !taken.contains(*place)).map(|place| format!("`{place}`")).collect();
        if !left.is_empty() {
            self.note(format!("of `{pointer}` nothing is taken from {}", shown(&left)));
        }
        let profile = self.profile("currentTxn");
        if known.key == "tenders" {
            profile.tenders = Some(list)
        } else {
            profile.line_items = Some(list)
        }
        let pointer = pointer.clone();
        self.taken.insert(pointer);
    }

    /// Objects and lists of what an organisation defines.
    fn containers(&mut self) {
        let is = |pointer: &str, names: &[&str]| {
            depth(pointer) == 1 && names.contains(&plain(pointer).trim_start_matches('/'))
        };
        let sample = self.sample;
        for pointer in &sample.objects {
            if is(pointer, CUSTOM_FIELDS) {
                self.profile("currentTxn").custom_fields.all.push(All::Object(pointer.clone()));
                self.taken.insert(pointer.clone());
            } else if is(pointer, EXTENDED_FIELDS) {
                self.profile("currentTxn").extended_fields.all.push(All::Object(pointer.clone()));
                self.taken.insert(pointer.clone());
            }
        }
        for (pointer, places) in &sample.lists {
            if !is(pointer, CUSTOM_FIELDS) && !is(pointer, EXTENDED_FIELDS) {
                continue;
            }
            let name =
                ["name", "key", "code"].into_iter().find(|key| places.contains_key(&format!("/{key}")));
            if let (Some(name), true) = (name, places.contains_key("/value")) {
                let (at, name, value) = (pointer.clone(), name.to_owned(), "value".to_owned());
                self.profile("currentTxn").custom_fields.all.push(All::Pairs { at, name, value });
                self.taken.insert(pointer.clone());
            }
        }
    }

    /// What may be no transaction, or a return.
    fn conditions(&mut self) {
        let sample = self.sample;
        for (pointer, seen) in sample.places.iter().filter(|(pointer, _)| depth(pointer) == 1) {
            let (key, at) = (plain(pointer), self.written(pointer));
            let is_boolean = seen.values.iter().any(|(kind, _)| matches!(kind, Kind::Boolean(_)));
            if matches!(key.as_str(), "/test" | "/istest") && is_boolean {
                let equals = Some(Constant::Boolean(true));
                self.mapping.skip.push(Condition { at, equals, ..Condition::default() });
                self.note(format!("documents with `{pointer}` are skipped"));
            } else if key.contains("status")
                || key.contains("state")
                || key == "/type"
                || key.ends_with("type")
            {
                let met = |words: &[&str]| {
                    let texts: BTreeSet<&str> = seen.values.iter().map(|(_, text)| text.as_str()).collect();
                    let met = texts.into_iter().filter(|text| words.contains(&text.to_lowercase().as_str()));
                    met.map(|text| Constant::Text(text.to_owned())).collect::<Vec<_>>()
                };
                let (void, returned) = (met(&VOID), met(&RETURNS));
                if !void.is_empty() {
                    self.note(format!(
                        "documents are skipped by `{pointer}`, which is a guess by its values"
                    ));
                    self.mapping.skip.push(Condition {
                        at: at.clone(),
                        one_of: void,
                        ..Condition::default()
                    });
                }
                if !returned.is_empty() {
                    self.note(format!(
                        "documents are returns by `{pointer}`, which is a guess by its values"
                    ));
                    self.mapping.returns.push(Condition { at, one_of: returned, ..Condition::default() });
                }
            }
        }
    }

    fn what_is_left(&mut self) {
        let held = |pointer: &str| {
            self.taken.iter().any(|taken| {
                pointer
                    .strip_prefix(taken.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            })
        };
        let left: Vec<String> = self
            .sample
            .places
            .keys()
            .chain(self.sample.lists.keys())
            .filter(|pointer| !held(pointer))
            .map(|pointer| format!("`{pointer}`"))
            .collect();
        if !left.is_empty() {
            self.note(format!("nothing is taken from {}", shown(&left)));
        }
    }
}

/// The first of some places, and how many more there are.
fn shown(places: &[String]) -> String {
    const MOST: usize = 12;
    let first: Vec<String> = places.iter().take(MOST).map(|place| excerpt(place)).collect();
    match places.len().saturating_sub(MOST) {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}

/// How many keys lead to a place.
fn depth(pointer: &str) -> usize {
    pointer.matches('/').count()
}
