//! Where documents of another shape have what standard documents have.

use std::fmt;
use std::sync::Arc;

use crate::json::{Kind, PathSegment};
use crate::rule::Reference;

use super::conversion::{Conversion, Written};

/// Where documents of another shape have what standard documents have under
/// their own keys.
///
/// A document is read as if its values stood in a standard document; what has no
/// place is absent.
///
/// ```
/// use target_rules::json::PathSegment;
/// use target_rules::transaction::Places;
/// use target_rules::{Ast, Layout, Limits, Reference, Schema, Truth, Zone};
/// let limits = Limits::default();
/// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
///
/// let (profile, name) = ("currentTxn".to_owned(), "value".to_owned());
/// let value = Reference::Attribute { profile, name };
/// let path = ["order", "total"].map(|key| PathSegment::Key(key.to_owned()));
/// let mut places = Places::default();
/// places.value(&path, &value, None);
///
/// let layout = Layout::of([&rule]).placed(&places);
/// let mut bill = layout.layout().blank();
/// layout.read_into(r#"{"order": {"total": "730.50"}}"#, &limits, &mut bill)?;
/// assert_eq!(rule.decide(&bill, &Zone::UTC).result, Truth::True);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Places {
    pub(super) values: Vec<PlacedValue>,
    pub(super) containers: Vec<PlacedContainer>,
    pub(super) lists: Vec<PlacedList>,
    pub(super) constants: Vec<PlacedConstant>,
    pub(super) watches: Vec<Watched>,
}

#[derive(Debug, Clone)]
pub(super) struct PlacedValue {
    pub(super) path: Box<[PathSegment]>,
    pub(super) to: Reference,
    pub(super) conversion: Option<Arc<dyn Conversion>>,
    /// The watch that must answer so.
    pub(super) when: Option<(u32, bool)>,
}

#[derive(Debug, Clone)]
pub(super) struct PlacedContainer {
    pub(super) path: Box<[PathSegment]>,
    pub(super) form: Form,
    pub(super) to: Container,
}

#[derive(Debug, Clone)]
pub(super) struct PlacedList {
    pub(super) path: Box<[PathSegment]>,
    pub(super) to: Reference,
    pub(super) entries: Places,
}

#[derive(Debug, Clone)]
pub(super) struct PlacedConstant {
    pub(super) to: Reference,
    pub(super) kind: Kind,
    pub(super) text: String,
}

#[derive(Clone)]
pub(super) struct Watched {
    pub(super) path: Box<[PathSegment]>,
    pub(super) test: Test,
}

impl fmt::Debug for Watched {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Watched").field("path", &self.path).finish_non_exhaustive()
    }
}

/// What is asked of a value, by its type and, of a scalar, its text.
pub type Test = Arc<dyn Fn(Written<'_>) -> bool + Send + Sync>;

/// How a document keeps several values under names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// As an object from name to value.
    Object,
    /// As a list of objects that have a name and a value each, under these keys.
    /// Of a name that stands twice the last value counts.
    Pairs {
        /// The key of the name.
        name: String,
        /// The key of the value.
        value: String,
    },
}

/// Several values of a standard document that stand under names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Container {
    /// The attributes of a profile.
    Attributes {
        /// The profile, such as `currentCustomer`.
        profile: String,
    },
    /// Its extended fields.
    ExtendedFields {
        /// The profile.
        profile: String,
    },
    /// Its custom fields.
    CustomFields {
        /// The profile.
        profile: String,
    },
    /// Its segments.
    Segments {
        /// The profile.
        profile: String,
    },
    /// The fields of an entry of a list.
    Fields,
    /// What rules select line items by.
    ItemAttributes,
    /// The extended fields of an entry of a list.
    EntryExtendedFields,
}

impl Places {
    /// How many values may be watched.
    pub const MOST_WATCHES: usize = 64;

    /// How many segments a path has at most. A longer one leads nowhere.
    pub const DEEPEST: usize = 60;

    /// The place of a value. Of the entries of a list the path begins in the
    /// entry, and `to` is a field of it or an attribute of items.
    ///
    /// An index of a path is the entry of an array, or a key of that spelling.
    pub fn value(&mut self, path: &[PathSegment], to: &Reference, conversion: Option<Arc<dyn Conversion>>) {
        self.values.push(PlacedValue { path: path.into(), to: to.clone(), conversion, when: None });
    }

    /// The same of a value that is taken only where a watched value holds, or
    /// does not: `when` has the number of the watch and the answer that counts.
    /// Of the entries of a list nothing is taken so.
    pub fn value_when(
        &mut self,
        path: &[PathSegment],
        to: &Reference,
        conversion: Option<Arc<dyn Conversion>>,
        when: (u32, bool),
    ) {
        let (path, to, when) = (path.into(), to.clone(), Some(when));
        self.values.push(PlacedValue { path, to, conversion, when });
    }

    /// The place of several values under names. Each name is one of the standard
    /// document.
    pub fn container(&mut self, path: &[PathSegment], form: Form, to: Container) {
        self.containers.push(PlacedContainer { path: path.into(), form, to });
    }

    /// The place of line items or tenders. `entries` has the places in each of
    /// them.
    pub fn list(&mut self, path: &[PathSegment], to: &Reference, entries: Places) {
        self.lists.push(PlacedList { path: path.into(), to: to.clone(), entries });
    }

    /// A value that all documents have, or all entries of a list.
    pub fn constant(&mut self, to: &Reference, value: Written<'_>) {
        let text = value.text.to_owned();
        self.constants.push(PlacedConstant { to: to.clone(), kind: value.kind, text });
    }

    /// Has a value asked something, and returns the number by which
    /// [`Marks::holds`](super::Marks::holds) tells the answer. It is asked where
    /// it stands in the document, also as an object, an array or `null`.
    /// `None` where there are [`Places::MOST_WATCHES`] already. Entries of lists
    /// are not watched.
    pub fn watch(&mut self, path: &[PathSegment], test: Test) -> Option<u32> {
        let number = u32::try_from(self.watches.len()).ok()?;
        if self.watches.len() >= Places::MOST_WATCHES {
            return None;
        }
        self.watches.push(Watched { path: path.into(), test });
        Some(number)
    }
}
