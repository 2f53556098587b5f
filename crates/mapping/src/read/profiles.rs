//! Reads the parts of `document`: profiles, fields, line items and tenders.

use target_rules::json::{Kind, Located};

use crate::file::{All, Fields, Profile, ProfileList};

use super::file_reader::FileReader;
use super::file_reader::Word;
use super::names::Wanted;

/// The profiles that have lists.
const BILLS: [&str; 2] = ["currentTxn", "returnBill"];

/// Line items or tenders.
#[derive(Clone, Copy)]
struct ListKind {
    key: &'static str,
    /// The profile that rules call an entry.
    profile: &'static str,
    entry: &'static str,
}

const LINE_ITEMS: ListKind = ListKind { key: "lineItems", profile: "currentLineItem", entry: "line item" };
const TENDERS: ListKind = ListKind { key: "tenders", profile: "tenderProfile", entry: "tender" };

impl FileReader<'_> {
    pub(super) fn profile(&mut self, name: &str, value: Located) -> Option<Profile> {
        let mut profile = Profile::default();
        let scope = name.to_owned();
        for (key, value) in self.members(value, &format!("`{name}`")) {
            match key.text.as_str() {
                "*" => profile.all = self.all(value, &scope),
                "extendedFields" => {
                    profile.extended_fields = self.fields(value, name, &key, Wanted::Any, &scope)
                }
                "customFields" => {
                    profile.custom_fields = self.fields(value, name, &key, Wanted::Several, &scope)
                }
                "clusters" => profile.clusters = self.fields(value, name, &key, Wanted::Several, &scope),
                "lineItems" if BILLS.contains(&name) => {
                    profile.line_items = self.list(value, name, LINE_ITEMS);
                }
                "tenders" if BILLS.contains(&name) => profile.tenders = self.list(value, name, TENDERS),
                "lineItems" | "tenders" => {
                    let message = format!("`{name}` has no `{}`", key.text);
                    self.wrong(key.span, message, "bills have them: `currentTxn` and `returnBill`");
                }
                _ => {
                    let Some(wanted) = self.attribute(name, &key) else { continue };
                    let what = format!("{name}.{}", key.text);
                    if let Some(source) = self.source(value, &what, wanted, &scope) {
                        profile.attributes.insert(key.text, source);
                    }
                }
            }
        }
        Some(profile)
    }

    fn fields(&mut self, value: Located, of: &str, key: &Word, wanted: Wanted, scope: &str) -> Fields {
        let mut fields = Fields::default();
        let what = format!("{of}.{}", key.text);
        for (name, value) in self.members(value, &format!("`{what}`")) {
            if name.text == "*" {
                fields.all = self.all(value, scope);
                continue;
            }
            if key.text == "extendedFields" && name.text.starts_with("extField_") {
                let plain = name.text.trim_start_matches("extField_").to_owned();
                let message =
                    format!("documents call the extended field `{plain}`; `extField_` is for rules");
                self.wrong(name.span, message, format!("write `{plain}`"));
                continue;
            }
            if let Some(source) = self.source(value, &format!("{what}.{}", name.text), wanted, scope) {
                fields.named.insert(name.text, source);
            }
        }
        fields
    }

    /// Where all stand: one place, or a list of them.
    fn all(&mut self, value: Located, scope: &str) -> Vec<All> {
        let places = match value.kind {
            Kind::Array => self.entries(value, "`*`"),
            _ => vec![value],
        };
        places.into_iter().filter_map(|place| self.place_of_all(place, scope)).collect()
    }

    fn place_of_all(&mut self, value: Located, scope: &str) -> Option<All> {
        if value.kind == Kind::String {
            let at = self.place(value, "`*`", scope, false)?;
            return Some(All::Object(at));
        }
        let members = self.object(value, "`*`", &["at", "name", "value"])?;
        let (mut at, mut name, mut of_value) = (None, None, None);
        for (key, value) in members {
            match key.text.as_str() {
                "at" => at = self.place(value, "`at`", scope, false),
                "name" => name = self.text_of(value, "`name`"),
                _ => of_value = self.text_of(value, "`value`"),
            }
        }
        match (at, name, of_value) {
            (Some(at), Some(name), Some(value)) => Some(All::Pairs { at, name, value }),
            (Some(at), None, None) => Some(All::Object(at)),
            _ => {
                let message = "a list of pairs says where it stands and under which keys its entries have name and value";
                self.wrong(
                    value.head(),
                    message,
                    "write `{\"at\": \"/notes\", \"name\": \"key\", \"value\": \"value\"}`",
                );
                None
            }
        }
    }

    fn list(&mut self, value: Located, of: &str, kind: ListKind) -> Option<ProfileList> {
        let what = format!("`{of}.{}`", kind.key);
        let mut list = ProfileList::default();
        let mut at = None;
        // Places of an entry begin in it, so they are held against each other only.
        let scope = format!("{of}.{}", kind.key);
        for (key, value) in self.members(value, &what) {
            match key.text.as_str() {
                "at" => at = self.place(value, "`at`", of, true),
                "*" => list.all = self.all(value, &scope),
                "attributes" if kind.key == LINE_ITEMS.key => {
                    list.attributes = self.fields(value, &scope, &key, Wanted::Text, &scope);
                }
                "extendedFields" => {
                    list.extended_fields = self.fields(value, &scope, &key, Wanted::Any, &scope);
                }
                _ => {
                    let Some(wanted) = self.entry_field(kind.profile, kind.entry, &key) else { continue };
                    let name = format!("{scope}.{}", key.text);
                    if let Some(source) = self.source(value, &name, wanted, &scope) {
                        list.fields.insert(key.text, source);
                    }
                }
            }
        }
        let Some(at) = at else {
            if value.kind == Kind::Object
                && !self.found.iter().any(|fault| {
                    value.span.start() <= fault.span.start() && fault.span.end() <= value.span.end()
                })
            {
                let message = format!("{what} does not say where its entries stand");
                self.wrong(value.head(), message, "add `\"at\": \"/line_items\"`");
            }
            return None;
        };
        Some(ProfileList { at, ..list })
    }
}
