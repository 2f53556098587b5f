//! What rules may ask of the documents that are given: the attributes that stand
//! in them, and what their line items have.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use target_rules::Schema;
use target_rules::schema::{Profile, ValueType};

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

/// The terms of documents, in a fixed order; and whether there are more than are
/// told.
pub(super) fn of(documents: &[Value], schema: &Schema) -> (Vec<Term>, bool) {
    let mut found: BTreeMap<String, Term> = BTreeMap::new();
    for profile in
        schema.profiles().filter(|profile| profile.alias_of().is_none() && profile.unrolls_over().is_none())
    {
        let sections = documents.iter().filter_map(|document| document.get(profile.name())?.as_object());
        for section in sections {
            for (key, value) in section {
                match (key.as_str(), value) {
                    ("extendedFields", Value::Object(fields)) => {
                        for (name, value) in fields {
                            attribute(&mut found, profile, &format!("extField_{name}"), value);
                        }
                    }
                    ("lineItems", Value::Array(items)) => of_items(&mut found, profile, items),
                    ("customFields", Value::Object(fields)) => {
                        container(&mut found, profile, "customFieldValueIncludes", fields);
                    }
                    ("clusters", Value::Object(fields)) => container(&mut found, profile, SEGMENTS, fields),
                    (name, value) => attribute(&mut found, profile, name, value),
                }
            }
        }
    }
    let left_out = found.len() > MOST_TERMS;
    let mut terms: Vec<Term> = found.into_values().collect();
    // Numbers before texts: a rule that compares amounts says more than one that
    // names the bill.
    terms.sort();
    terms.truncate(MOST_TERMS);
    (terms, left_out)
}

/// The method that asks for a segment.
const SEGMENTS: &str = "clusterValueIncludes";

fn attribute(found: &mut BTreeMap<String, Term>, profile: Profile<'_>, name: &str, value: &Value) {
    let Ok(attribute) = profile.attribute(name) else { return };
    if attribute.name() != name {
        return;
    }
    let of = match (attribute.value_type(), value) {
        (ValueType::Number, _) => TermType::Number,
        (ValueType::Date, _) => TermType::Date,
        (ValueType::Boolean, _) => TermType::Boolean,
        (ValueType::String | ValueType::Enum, _) => TermType::Text,
        (ValueType::Unknown, Value::Number(_)) => TermType::Number,
        (ValueType::Unknown, Value::String(_)) => TermType::Text,
        _ => return,
    };
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Null => return,
        other => other.to_string(),
    };
    let name = format!("{}.{name}", profile.name());
    let term = found.entry(name.clone()).or_insert_with(|| Term {
        of,
        text: name,
        nodes: 1,
        texts: BTreeSet::new(),
        is_attribute: true,
    });
    if term.of == TermType::Text {
        term.texts.insert(text);
    }
}

/// A text as a rule writes it.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn call(
    found: &mut BTreeMap<String, Term>,
    profile: Profile<'_>,
    method: &str,
    arguments: [&str; 2],
    of: TermType,
) {
    if profile.method(method).is_err() {
        return;
    }
    let [first, second] = arguments.map(quoted);
    let text = format!("{}.{method}({first},{second})", profile.name());
    let term = Term { of, text: text.clone(), nodes: 3, texts: BTreeSet::new(), is_attribute: false };
    found.insert(text, term);
}

/// Texts longer than this are not asked for.
const LONGEST_TEXT: usize = 200;

fn of_items(found: &mut BTreeMap<String, Term>, profile: Profile<'_>, items: &[Value]) {
    for name in ["basketSize", "totalQty", "grossAmount"] {
        // A number, which the items give.
        attribute(found, profile, name, &Value::from(0));
    }
    for item in items {
        let attributes = item.get("attributes").and_then(Value::as_object).into_iter().flatten();
        let code = item.get("code").map(|code| ("code", code));
        let named = attributes.map(|(name, value)| (name.as_str(), value)).chain(code);
        for (name, value) in named {
            let Some(value) = value.as_str().filter(|value| value.len() <= LONGEST_TEXT) else { continue };
            call(found, profile, "basketIncludes", [name, value], TermType::Boolean);
            for method in ["basketCount", "basketQty", "basketSum"] {
                call(found, profile, method, [name, value], TermType::Number);
            }
        }
    }
}

fn container(
    found: &mut BTreeMap<String, Term>,
    profile: Profile<'_>,
    method: &str,
    fields: &serde_json::Map<String, Value>,
) {
    for (name, value) in fields {
        let values = match value {
            Value::Array(values) => values.iter().collect(),
            value => vec![value],
        };
        for value in values.into_iter().filter_map(Value::as_str).filter(|value| value.len() <= LONGEST_TEXT)
        {
            call(found, profile, method, [name, value], TermType::Boolean);
        }
    }
}
