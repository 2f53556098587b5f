//! What a mapping file says, as types. The JSON Schema of mapping files is made
//! of them.

mod condition;
mod constant;
mod place;
mod source;

use std::collections::BTreeMap;

use serde::Serialize;

pub use condition::Condition;
pub use constant::{Constant, Digits};
pub use place::{All, Fields, Named, Profile, ProfileList};
pub use source::{Case, Detailed, Epoch, Others, Source};

/// Where documents of another shape have the values of a standard one.
///
/// [`Mapping::read`] reads a file and checks it; [`Mapping::ready_made`] has those
/// for shapes that many systems write. It serialises as its file.
///
/// ```
/// use target_rules::{Layout, Limits, Reference, Schema, transaction::ValueKind};
/// use target_rules_mapping::{MappedReader, Mapping};
/// let file = r#"{"document": {"currentTxn": {"number": "/id", "value": "/total"}}}"#;
/// let limits = Limits::default();
/// let mapping = Mapping::read(file, &Schema::standard(), &limits)?;
///
/// let (profile, name) = ("currentTxn".to_owned(), "value".to_owned());
/// let value = Reference::Attribute { profile, name };
/// let layout = Layout::builder().reading(&value, ValueKind::Number).build();
/// let reader = MappedReader::new(&mapping, &layout);
/// let mut bill = layout.blank();
/// reader.read_into(r#"{"id": "n-1", "total": "730.50"}"#, &limits, &mut bill)?;
/// assert_eq!(bill.number(), Some("n-1"));
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// What the documents are, in a sentence.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub about: String,
    /// Remarks for people, such as what was guessed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// The standard document by its profiles; in the place of each value stands where it comes from.
    pub document: BTreeMap<String, Profile>,
    /// A document for which one of these holds is no transaction, and is skipped.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skip: Vec<Condition>,
    /// A document for which one of these holds is a return: what is said of `currentTxn` is then of `returnBill`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub returns: Vec<Condition>,
}
