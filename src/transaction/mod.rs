//! A transaction document: exactly what the loaded rules read of it.

mod item;
mod layout;
mod read;

use std::collections::BTreeMap;

use crate::value::{DateText, Number};

pub use layout::Layout;

pub(crate) use item::LineItem;

/// One activity of one customer, read from its document.
///
/// Made by [`Layout::read`]. It holds what the rules of that layout read;
/// everything else is absent, as it is where the document does not carry it.
#[derive(Debug, Clone, Default)]
pub struct Transaction {
    profiles: BTreeMap<String, ProfileValues>,
}

/// What a document says of one profile.
#[derive(Debug, Clone, Default)]
pub(crate) struct ProfileValues {
    fields: BTreeMap<String, FieldValue>,
    /// The values of each custom field that is there; `None` without the container.
    custom_fields: Option<BTreeMap<String, Vec<String>>>,
    items: Option<Vec<LineItem>>,
}

/// The value of a field, of the type that the rules expect.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum FieldValue {
    Boolean(bool),
    Number(Number),
    Text(String),
    Date(DateText),
    Numbers(Vec<Number>),
}

impl Transaction {
    fn profile(&self, profile: &str) -> Option<&ProfileValues> {
        self.profiles.get(profile)
    }

    /// A field of a profile; `None` where it is absent.
    pub(crate) fn field(&self, profile: &str, name: &str) -> Option<&FieldValue> {
        self.profile(profile)?.fields.get(name)
    }

    /// The custom fields of a profile; `None` without their container.
    pub(crate) fn custom_fields(&self, profile: &str) -> Option<&BTreeMap<String, Vec<String>>> {
        self.profile(profile)?.custom_fields.as_ref()
    }

    /// The line items of a profile; `None` where the document has no list.
    pub(crate) fn items(&self, profile: &str) -> Option<&[LineItem]> {
        self.profile(profile)?.items.as_deref()
    }

    /// The transaction's number, `currentTxn.number`.
    pub fn number(&self) -> Option<&str> {
        match self.field("currentTxn", "number") {
            Some(FieldValue::Text(number)) => Some(number),
            _ => None,
        }
    }
}
