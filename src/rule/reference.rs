//! What must be fetched to decide a rule, in a form for hosts.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::condition::Condition;
use crate::typed::Read;

/// Something that must be fetched to decide a rule.
///
/// Written as JSON, `kind` says what it is:
/// `{"kind": "attribute", "profile": "currentTxn", "name": "value"}`.
///
/// ```
/// use target_rules::Reference;
/// let profile = "currentTxn".to_owned();
/// let value = Reference::Attribute { profile, name: "value".to_owned() };
/// let json = r#"{"kind":"attribute","profile":"currentTxn","name":"value"}"#;
/// assert_eq!(serde_json::to_string(&value)?, json);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
#[non_exhaustive]
pub enum Reference {
    /// An attribute under its own name.
    Attribute {
        /// The profile, such as `currentTxn`.
        profile: String,
        /// The attribute, such as `value`.
        name: String,
    },
    /// A value under `extendedFields`.
    ExtendedField {
        /// The profile.
        profile: String,
        /// The field's name, without `extField_`.
        name: String,
    },
    /// A value, or a list of values, under `customFields`.
    CustomField {
        /// The profile.
        profile: String,
        /// The field's name.
        name: String,
    },
    /// A value, or a list of values, under `clusters`.
    Segment {
        /// The profile.
        profile: String,
        /// The segment's name.
        name: String,
    },
    /// The answer of a method, under its name and its arguments.
    Answer {
        /// The profile.
        profile: String,
        /// The method.
        method: String,
        /// Its arguments in order, as keys of the document.
        arguments: Vec<String>,
    },
    /// A list, such as `lineItems`.
    List {
        /// The profile.
        profile: String,
        /// The key of the list.
        list: String,
    },
    /// A field of every entry of a list.
    EntryField {
        /// The profile.
        profile: String,
        /// The key of the list.
        list: String,
        /// The field.
        name: String,
        /// Whether it stands under the entry's `extendedFields`.
        extended: bool,
    },
    /// An attribute of every line item: under `attributes`, the item's own
    /// fields or its `extendedFields`.
    ItemAttribute {
        /// The profile.
        profile: String,
        /// The attribute, such as `brand`.
        name: String,
    },
}

impl From<Read> for Reference {
    fn from(read: Read) -> Reference {
        match read {
            Read::Field { section, field, .. } if field.extended => {
                Reference::ExtendedField { profile: section.to_string(), name: field.name.to_string() }
            }
            Read::Field { section, field, .. } => {
                Reference::Attribute { profile: section.to_string(), name: field.name.to_string() }
            }
            Read::CustomField { section, name } => {
                Reference::CustomField { profile: section.to_string(), name: name.to_string() }
            }
            Read::Segment { section, name } => {
                Reference::Segment { profile: section.to_string(), name: name.to_string() }
            }
            Read::Answer { section, method, arguments, .. } => {
                Reference::Answer { profile: section.to_string(), method: method.to_string(), arguments }
            }
            Read::List { section, list } => {
                Reference::List { profile: section.to_string(), list: list.key().to_owned() }
            }
            Read::EntryField { section, list, field, .. } => Reference::EntryField {
                profile: section.to_string(),
                list: list.key().to_owned(),
                name: field.name.to_string(),
                extended: field.extended,
            },
            Read::ItemAttribute { section, name } => {
                Reference::ItemAttribute { profile: section.to_string(), name: name.to_string() }
            }
        }
    }
}

/// The references of everything that a condition reads, sorted, without
/// duplicates.
pub(super) fn references(condition: &Condition) -> Vec<Reference> {
    let mut reads = BTreeSet::new();
    condition.each_read(&mut |read| {
        reads.insert(read);
    });
    let references: BTreeSet<Reference> = reads.into_iter().map(Reference::from).collect();
    references.into_iter().collect()
}
