//! What a rule reads, as people and tools are told it: by name, with the type
//! and what the schema says of it.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::condition::Condition;
use crate::schema::{EXTENDED, Profile, Schema, ValueType};
use crate::typed::{Read, ValueKind};

use super::reference::Reference;

/// A value that a rule reads, by its name in a transaction document, with what
/// the schema says of it.
///
/// ```
/// use target_rules::{Ast, Limits, Schema};
/// let (limits, schema) = (Limits::default(), Schema::standard());
/// let ast = Ast::from_text("currentCustomer.currentPoints > 500", &limits)?;
/// let rule = ast.check(&schema, &limits).into_rule()?;
/// let [points] = rule.named_references(&schema).try_into().unwrap();
/// assert_eq!(points.name, "currentCustomer.currentPoints");
/// assert_eq!((points.of, points.unit.as_deref()), ("number", Some("points")));
/// assert!(points.meaning.starts_with("Redeemable points"));
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub struct NamedReference {
    /// Its name: `currentTxn.value`, `currentTxn.extField_gift`,
    /// `currentTxn.customFields.wallet`, `currentTxn.lineItems[].qty`,
    /// `currentEvent.targetAchieved("Spring")`. A part that is no plain word
    /// stands as `["Home town"]`.
    pub name: String,
    /// What kind of value it is: `attribute`, `extendedField`, `customField`,
    /// `segment`, `answer`, `list`, `entryField` or `itemAttribute`.
    pub kind: &'static str,
    /// The type: `boolean`, `number`, `string`, `date`, `enum` or `list`.
    #[serde(rename = "type")]
    pub of: &'static str,
    /// What its numbers count, where the schema says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// What it means, in a sentence; empty where the schema does not say.
    pub meaning: String,
    /// The same as data.
    #[serde(skip)]
    pub reference: Reference,
}

/// What a schema says of a value.
struct ValueMeaning {
    of: &'static str,
    unit: Option<String>,
    meaning: String,
}

impl ValueMeaning {
    fn plain(of: &'static str, meaning: &str) -> ValueMeaning {
        ValueMeaning { of, unit: None, meaning: meaning.to_owned() }
    }
}

impl NamedReference {
    /// A reference to a value of that kind, with what the schema says of it.
    ///
    /// ```
    /// use target_rules::rule::NamedReference;
    /// use target_rules::transaction::ValueKind;
    /// use target_rules::{Reference, Schema};
    /// let profile = "currentTxn".to_owned();
    /// let field = Reference::Attribute { profile, name: "value".to_owned() };
    /// let value = NamedReference::of(field, ValueKind::Number, &Schema::standard());
    /// assert_eq!((value.kind, value.of), ("attribute", "number"));
    /// assert_eq!(value.meaning, "Value of the transaction.");
    /// ```
    pub fn of(reference: Reference, kind: ValueKind, schema: &Schema) -> NamedReference {
        let ValueMeaning { of, unit, meaning } = said(&reference, kind, schema);
        NamedReference { name: name(&reference), kind: kind_name(&reference), of, unit, meaning, reference }
    }
}

/// What a condition reads, sorted, without duplicates.
pub(super) fn named_references(condition: &Condition, schema: &Schema) -> Vec<NamedReference> {
    let mut kinds: BTreeMap<Reference, ValueKind> = BTreeMap::new();
    condition.each_read(&mut |read| {
        let kind = match &read {
            Read::Field { kind, .. } | Read::Answer { kind, .. } | Read::EntryField { kind, .. } => *kind,
            _ => ValueKind::Text,
        };
        kinds.insert(Reference::from(read), kind);
    });
    kinds.into_iter().map(|(reference, kind)| NamedReference::of(reference, kind, schema)).collect()
}

fn kind_name(reference: &Reference) -> &'static str {
    match reference {
        Reference::Attribute { .. } => "attribute",
        Reference::ExtendedField { .. } => "extendedField",
        Reference::CustomField { .. } => "customField",
        Reference::Segment { .. } => "segment",
        Reference::Answer { .. } => "answer",
        Reference::List { .. } => "list",
        Reference::EntryField { .. } => "entryField",
        Reference::ItemAttribute { .. } => "itemAttribute",
    }
}

fn name(reference: &Reference) -> String {
    match reference {
        Reference::Attribute { profile, name } => format!("{profile}{}", step(name)),
        Reference::ExtendedField { profile, name } => format!("{profile}.{EXTENDED}{name}"),
        Reference::CustomField { profile, name } => format!("{profile}.customFields{}", step(name)),
        Reference::Segment { profile, name } => format!("{profile}.clusters{}", step(name)),
        Reference::Answer { profile, method, arguments } => {
            let arguments: Vec<String> = arguments.iter().map(|argument| quoted(argument)).collect();
            format!("{profile}.{method}({})", arguments.join(","))
        }
        Reference::List { profile, list } => format!("{profile}.{list}"),
        Reference::EntryField { profile, list, name, extended } => {
            let extended = if *extended { ".extendedFields" } else { "" };
            format!("{profile}.{list}[]{extended}{}", step(name))
        }
        Reference::ItemAttribute { profile, name } => {
            format!("{profile}.lineItems[].attributes{}", step(name))
        }
    }
}

/// A key of a document after the object that has it.
fn step(key: &str) -> String {
    let mut characters = key.chars();
    let is_word = characters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && characters.all(|other| other.is_ascii_alphanumeric() || other == '_');
    if is_word { format!(".{key}") } else { format!("[{}]", quoted(key)) }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn said(reference: &Reference, kind: ValueKind, schema: &Schema) -> ValueMeaning {
    let profile = |name: &str| schema.profile(name).ok();
    match reference {
        Reference::Attribute { profile: of, name } => attribute(profile(of), name, kind),
        Reference::ExtendedField { profile: of, name } => {
            attribute(profile(of), &format!("{EXTENDED}{name}"), kind)
        }
        Reference::CustomField { .. } => ValueMeaning::plain("string", "A custom field of the organisation."),
        Reference::Segment { .. } => ValueMeaning::plain("string", "A segment of the organisation."),
        Reference::Answer { profile: of, method, .. } => match profile(of).map(|of| of.method(method)) {
            Some(Ok(method)) => ValueMeaning {
                of: type_name(method.returns(), kind),
                unit: method.unit().map(str::to_owned),
                meaning: method.meaning().to_owned(),
            },
            _ => ValueMeaning::plain(type_name(ValueType::Unknown, kind), ""),
        },
        Reference::List { list, .. } if list == "tenders" => {
            ValueMeaning::plain("list", "The payments of the bill.")
        }
        Reference::List { .. } => ValueMeaning::plain("list", "The line items of the bill."),
        Reference::EntryField { list, name, extended, .. } => {
            let entry = schema.profiles().find(|profile| profile.unrolls_over() == Some(list));
            let field = if *extended { format!("{EXTENDED}{name}") } else { name.clone() };
            let said = attribute(entry, &field, kind);
            match (name.as_str(), said.meaning.is_empty()) {
                // Rules ask for it by sums only, so that no profile lists it.
                ("amount", true) => {
                    let unit = Some("currency".to_owned());
                    ValueMeaning {
                        unit,
                        ..ValueMeaning::plain(said.of, "Net value of the line item: after discount.")
                    }
                }
                _ => said,
            }
        }
        Reference::ItemAttribute { .. } => ValueMeaning::plain("string", "An attribute of the line items."),
    }
}

fn attribute(profile: Option<Profile<'_>>, name: &str, kind: ValueKind) -> ValueMeaning {
    match profile.map(|profile| profile.attribute(name)) {
        Some(Ok(attribute)) => ValueMeaning {
            of: type_name(attribute.value_type(), kind),
            unit: attribute.unit().map(str::to_owned),
            meaning: attribute.meaning().to_owned(),
        },
        _ => ValueMeaning::plain(type_name(ValueType::Unknown, kind), ""),
    }
}

/// The type that the schema gives; where it gives none, that of its use.
fn type_name(of: ValueType, kind: ValueKind) -> &'static str {
    match (of, kind) {
        (ValueType::Unknown, ValueKind::Boolean) => ValueType::Boolean.name(),
        (ValueType::Unknown, ValueKind::Number) => ValueType::Number.name(),
        (ValueType::Unknown, ValueKind::Date) => ValueType::Date.name(),
        (ValueType::Unknown, ValueKind::Numbers) => "list",
        (ValueType::Unknown, _) => ValueType::String.name(),
        (known, _) => known.name(),
    }
}
