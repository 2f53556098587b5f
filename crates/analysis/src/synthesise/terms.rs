//! What rules may ask of the documents that are given: the attributes that stand
//! in them, and what their line items have.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::value::RawValue;
use target_rules::Schema;
use target_rules::schema::{
    ATTRIBUTES, CUSTOM_FIELDS, EXTENDED_FIELDS, ListName, Profile, SEGMENTS, ValueType,
};

/// What a term gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum TermType {
    Number,
    Boolean,
    Date,
    Text,
}

/// Something that has a value for an example, as rules write it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Term {
    pub(super) of: TermType,
    pub(super) text: String,
    /// Its nodes, as the limit counts them.
    pub(super) nodes: usize,
    /// The texts that examples have for it.
    pub(super) texts: BTreeSet<String>,
    /// Whether null tests can be asked of it.
    pub(super) is_attribute: bool,
}

/// More terms than this are not asked for.
pub(super) const MOST_TERMS: usize = 5_000;

/// The terms of documents, in a fixed order, and the nodes of the smallest
/// question that can't be asked for what is left out.
pub(super) fn of(documents: &[&str], schema: &Schema, most: usize) -> (Vec<Term>, Option<usize>) {
    let mut found = Found { schema, terms: BTreeMap::new(), left_out: None };
    for document in documents {
        found.document(document);
    }
    let left_out = if found.terms.len() > most { Some(1) } else { found.left_out };
    let mut terms: Vec<Term> = found.terms.into_values().collect();
    // Numbers before texts: a rule that compares amounts says more than one that
    // names the bill.
    terms.sort();
    terms.truncate(most);
    (terms, left_out)
}

/// The method that asks for a segment.
const SEGMENT_INCLUDES: &str = "clusterValueIncludes";

/// Texts longer than this are not asked for.
const LONGEST_TEXT: usize = 200;

/// An object of which each value stays as it is written.
type Keys<'d> = BTreeMap<Cow<'d, str>, &'d RawValue>;

/// The terms so far.
struct Found<'s> {
    schema: &'s Schema,
    terms: BTreeMap<String, Term>,
    /// The nodes of the smallest question that is not asked, of the forms that are.
    left_out: Option<usize>,
}

/// A question about a text or an item has so many nodes at least.
const ABOUT_A_TEXT: usize = 3;

impl Found<'_> {
    fn leave_out(&mut self, nodes: usize) {
        self.left_out = Some(self.left_out.map_or(nodes, |smallest| smallest.min(nodes)));
    }

    fn document(&mut self, document: &str) {
        let schema = self.schema;
        let Some(sections) = self.keys(document) else { return };
        for profile in schema
            .profiles()
            .filter(|profile| profile.alias_of().is_none() && profile.unrolls_over().is_none())
        {
            let section = sections.get(profile.name()).and_then(|section| self.keys(section.get()));
            for (key, value) in section.into_iter().flatten() {
                let text = value.get();
                match &*key {
                    EXTENDED_FIELDS => {
                        for (name, value) in self.keys(text).into_iter().flatten() {
                            self.attribute(profile, &format!("extField_{name}"), value.get());
                        }
                    }
                    _ if key == ListName::LineItems.key() => self.items(profile, text),
                    CUSTOM_FIELDS => self.container(profile, "customFieldValueIncludes", text),
                    SEGMENTS => self.container(profile, SEGMENT_INCLUDES, text),
                    name => self.attribute(profile, name, text),
                }
            }
        }
    }

    /// The values of an object; nothing of what is none.
    fn keys<'d>(&mut self, text: &'d str) -> Option<Keys<'d>> {
        if !text.trim_start().starts_with('{') {
            return None;
        }
        let keys = serde_json::from_str(text).ok();
        if keys.is_none() {
            // Half a character, which a rule can't write.
            self.leave_out(1);
        }
        keys
    }

    fn list<'d>(&mut self, text: &'d str) -> Option<Vec<&'d RawValue>> {
        if !text.starts_with('[') {
            return None;
        }
        let list = serde_json::from_str(text).ok();
        if list.is_none() {
            self.leave_out(1);
        }
        list
    }

    /// A text, or a number or truth value as the document writes it.
    fn scalar(&mut self, text: &str) -> Option<String> {
        match text.chars().next()? {
            '{' | '[' | 'n' => None,
            '"' => {
                let read: Option<String> = serde_json::from_str(text).ok();
                if read.is_none() {
                    self.leave_out(ABOUT_A_TEXT);
                }
                read
            }
            _ => Some(text.to_owned()),
        }
    }

    /// The same, unless it is too long to be asked for.
    fn short(&mut self, text: &str) -> Option<String> {
        let text = self.scalar(text)?;
        if text.len() > LONGEST_TEXT {
            self.leave_out(ABOUT_A_TEXT);
            return None;
        }
        Some(text)
    }

    fn attribute(&mut self, profile: Profile<'_>, name: &str, value: &str) {
        let Ok(attribute) = profile.attribute(name) else { return };
        if attribute.name() != name {
            return;
        }
        let is_text = value.starts_with('"');
        let is_number = value.starts_with(|first: char| first == '-' || first.is_ascii_digit());
        let of = match attribute.value_type() {
            ValueType::Number => TermType::Number,
            ValueType::Date => TermType::Date,
            ValueType::Boolean => TermType::Boolean,
            ValueType::String | ValueType::Enum => TermType::Text,
            ValueType::Unknown if is_number => TermType::Number,
            ValueType::Unknown if is_text => TermType::Text,
            _ => return,
        };
        if value == "null" {
            return;
        }
        let text = if of == TermType::Text { self.short(value) } else { None };
        let name = format!("{}.{name}", profile.name());
        let term = self.terms.entry(name.clone()).or_insert_with(|| Term {
            of,
            text: name,
            nodes: 1,
            texts: BTreeSet::new(),
            is_attribute: true,
        });
        if term.of == TermType::Text {
            term.texts.extend(text);
        }
    }

    fn call(&mut self, profile: Profile<'_>, method: &str, arguments: [&str; 2], of: TermType) {
        if profile.method(method).is_err() {
            return;
        }
        let [first, second] = arguments.map(quoted);
        let text = format!("{}.{method}({first},{second})", profile.name());
        let term = Term { of, text: text.clone(), nodes: 3, texts: BTreeSet::new(), is_attribute: false };
        self.terms.insert(text, term);
    }

    /// What items have under `attributes` and `extendedFields`, and their own
    /// texts.
    fn items(&mut self, profile: Profile<'_>, items: &str) {
        let Some(items) = self.list(items) else { return };
        for name in ["basketSize", "totalQty", "grossAmount"] {
            // A number, which the items give.
            self.attribute(profile, name, "0");
        }
        for item in items {
            for (key, value) in self.keys(item.get()).into_iter().flatten() {
                let text = value.get();
                if &*key == ATTRIBUTES || &*key == EXTENDED_FIELDS {
                    for (name, value) in self.keys(text).into_iter().flatten() {
                        self.item_value(profile, &name, value.get());
                    }
                } else if text.starts_with('"') {
                    self.item_value(profile, &key, text);
                }
            }
        }
    }

    fn item_value(&mut self, profile: Profile<'_>, name: &str, value: &str) {
        let Some(value) = self.short(value) else { return };
        self.call(profile, "basketIncludes", [name, &value], TermType::Boolean);
        for method in ["basketCount", "basketQty", "basketSum"] {
            self.call(profile, method, [name, &value], TermType::Number);
        }
    }

    fn container(&mut self, profile: Profile<'_>, method: &str, fields: &str) {
        for (name, value) in self.keys(fields).into_iter().flatten() {
            let values = self.list(value.get()).unwrap_or_else(|| vec![value]);
            for value in values {
                if let Some(value) = self.short(value.get()) {
                    self.call(profile, method, [&name, &value], TermType::Boolean);
                }
            }
        }
    }
}

/// A text as a rule writes it.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
