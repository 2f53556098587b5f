//! The standard document, put together.

use std::collections::{BTreeMap, HashSet};

use target_rules::diagnostic::{Code, Diagnostic};
use target_rules::json::Kind;

use crate::file::{All, Fields, Named, Profile, ProfileList, Source};
use crate::pointer::path;
use crate::tree::{Inner, Tree};

use super::conditions::holds;
use super::values::{Several, value};

/// A standard document that is being written.
pub(super) struct Standard<'t> {
    /// The text of the document of another shape.
    text: &'t str,
    written: BTreeMap<String, Object>,
}

/// An object of it: JSON by key.
#[derive(Default)]
struct Object(BTreeMap<String, String>);

/// Keys of a profile and of an entry that hold something else than one value.
const OF_PROFILES: [&str; 5] = ["extendedFields", "customFields", "clusters", "lineItems", "tenders"];
const OF_ENTRIES: [&str; 2] = ["extendedFields", "attributes"];

impl<'t> Standard<'t> {
    pub(super) fn new(text: &'t str) -> Standard<'t> {
        Standard { text, written: BTreeMap::new() }
    }

    pub(super) fn finish(self) -> String {
        let profiles = self.written.into_iter().filter(|(_, object)| !object.0.is_empty());
        Object(profiles.map(|(name, object)| (name, object.finish())).collect()).finish()
    }

    /// Writes the values of a profile.
    pub(super) fn profile(&mut self, name: &str, profile: &Profile, tree: &Tree) -> Result<(), Diagnostic> {
        let mut object = Object::default();
        object.named(self.text, &profile.attributes, tree, Several::Numbers)?;
        for all in &profile.all {
            object.all(self.text, all, tree, (&profile.attributes, &OF_PROFILES))?;
        }
        for (key, fields, several) in [
            ("extendedFields", &profile.extended_fields, Several::No),
            ("customFields", &profile.custom_fields, Several::Texts),
            ("clusters", &profile.clusters, Several::Texts),
        ] {
            object.fields(self.text, key, fields, tree, several)?;
        }
        for (key, list) in [("lineItems", &profile.line_items), ("tenders", &profile.tenders)] {
            if let Some(list) = list {
                object.list(self.text, key, list, tree)?;
            }
        }
        self.written.insert(name.to_owned(), object);
        Ok(())
    }
}

impl Object {
    fn finish(self) -> String {
        let members: Vec<String> = self
            .0
            .into_iter()
            .map(|(key, value)| format!("{}:{value}", serde_json::Value::from(key)))
            .collect();
        format!("{{{}}}", members.join(","))
    }

    fn named(&mut self, text: &str, named: &Named, tree: &Tree, several: Several) -> Result<(), Diagnostic> {
        for (name, source) in named {
            if let Source::Detailed(detailed) = source
                && let Some(when) = &detailed.when
                && !holds(std::slice::from_ref(when), tree)?
            {
                continue;
            }
            let json = match source {
                Source::Detailed(detailed) if detailed.at.is_none() => detailed
                    .constant
                    .as_ref()
                    .map(|constant| serde_json::to_string(constant).unwrap_or_default()),
                source => match tree.find(&path(source.place().unwrap_or_default()))? {
                    Some(found) => value(text, source, found, several)?,
                    None => None,
                },
            };
            if let Some(json) = json {
                self.0.insert(name.clone(), json);
            }
        }
        Ok(())
    }

    fn fields(
        &mut self,
        text: &str,
        key: &str,
        fields: &Fields,
        tree: &Tree,
        several: Several,
    ) -> Result<(), Diagnostic> {
        let mut object = Object::default();
        object.named(text, &fields.named, tree, several)?;
        let mut there = !object.0.is_empty();
        for all in &fields.all {
            there |= object.all(text, all, tree, (&fields.named, &[]))?;
        }
        if there {
            self.0.insert(key.to_owned(), object.finish());
        }
        Ok(())
    }

    /// All values of an object or a list of pairs; whether it is there.
    fn all(
        &mut self,
        text: &str,
        all: &All,
        tree: &Tree,
        (named, reserved): (&Named, &[&str]),
    ) -> Result<bool, Diagnostic> {
        let is_else = |key: &str| named.contains_key(key) || reserved.contains(&key);
        let Some(found) = tree.find(&path(all.place()))? else { return Ok(false) };
        match (all, &found.inner) {
            (_, Inner::Scalar(_)) if found.kind() == Kind::Null => Ok(false),
            (All::Object(_), Inner::Object(members)) => {
                let mut seen = HashSet::new();
                for (key, _, value) in members {
                    if is_else(key) || !seen.insert(key) {
                        continue;
                    }
                    self.0.insert(key.clone(), value.written(text).to_owned());
                }
                Ok(true)
            }
            (All::Pairs { name, value, .. }, Inner::Array(entries)) => {
                for entry in entries {
                    if entry.kind() != Kind::Object {
                        return Err(of_another_type("an entry", "an object", entry));
                    }
                    let (Some(name), Some(value)) = (entry.member(name)?, entry.member(value)?) else {
                        continue;
                    };
                    let Some(name) = name.scalar().filter(|_| name.kind() != Kind::Null) else { continue };
                    if !is_else(name) {
                        self.0.insert(name.to_owned(), value.written(text).to_owned());
                    }
                }
                Ok(true)
            }
            (All::Object(at), _) => Err(of_another_type(&format!("`{at}`"), "an object", found)),
            (All::Pairs { at, .. }, _) => Err(of_another_type(&format!("`{at}`"), "an array", found)),
        }
    }

    fn list(&mut self, text: &str, key: &str, list: &ProfileList, tree: &Tree) -> Result<(), Diagnostic> {
        let Some(found) = tree.find(&path(&list.at))?.filter(|found| found.kind() != Kind::Null) else {
            return Ok(());
        };
        let Inner::Array(entries) = &found.inner else {
            return Err(of_another_type(&format!("`{}`", list.at), "an array", found));
        };
        let mut written = Vec::new();
        for entry in entries {
            if entry.kind() != Kind::Object {
                return Err(of_another_type(&format!("an entry of `{}`", list.at), "an object", entry));
            }
            let mut object = Object::default();
            object.named(text, &list.fields, entry, Several::No)?;
            for all in &list.all {
                object.all(text, all, entry, (&list.fields, &OF_ENTRIES))?;
            }
            object.fields(text, "attributes", &list.attributes, entry, Several::No)?;
            object.fields(text, "extendedFields", &list.extended_fields, entry, Several::No)?;
            written.push(object.finish());
        }
        self.0.insert(key.to_owned(), format!("[{}]", written.join(",")));
        Ok(())
    }
}

fn of_another_type(what: &str, wanted: &str, found: &Tree) -> Diagnostic {
    let message = format!("{what} must be {wanted}, is {}", found.kind().name());
    Diagnostic::new(Code::WrongType, found.located.head(), message).note("of another type")
}
