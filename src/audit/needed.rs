//! What a host needs of documents beside its rules.

use crate::rule::Reference;
use crate::transaction::{Figure, LayoutBuilder, ValueKind};

/// A value that a host needs of a document, alone or as one of several that
/// will do: [`Audit::needing`](super::Audit::needing).
///
/// ```
/// use target_rules::Layout;
/// use target_rules::audit::Needed;
/// use target_rules::transaction::Figure;
/// let profile = "currentTxn".to_owned();
/// let amounts = Needed::ItemFigure { profile, figure: Figure::Amount };
/// let layout = amounts.add_to(Layout::builder()).build();
/// assert!(layout.list("currentTxn.lineItems").is_some());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Needed {
    /// A value that is read as this type.
    Value(Reference, ValueKind),
    /// A figure of every line item of a profile.
    ItemFigure {
        /// The profile, such as `currentTxn`.
        profile: String,
        /// The figure, stated or computed.
        figure: Figure,
    },
    /// An extended field of every line item of a profile: a number.
    ItemField {
        /// The profile, such as `currentTxn`.
        profile: String,
        /// The field, without `extField_`.
        name: String,
    },
}

impl Needed {
    /// Adds it to a layout, which then reads it.
    pub fn add_to(&self, builder: LayoutBuilder) -> LayoutBuilder {
        match self {
            Needed::Value(reference, kind) => builder.reading(reference, *kind),
            Needed::ItemFigure { profile, figure } => builder.item_figure(profile, *figure),
            Needed::ItemField { profile, name } => {
                let [list, field] = item_field(profile, name);
                builder.reading(&list, ValueKind::Number).reading(&field, ValueKind::Number)
            }
        }
    }
}

/// The line items of a profile, and an extended field of each.
pub(super) fn item_field(profile: &str, name: &str) -> [Reference; 2] {
    let (profile, list) = (profile.to_owned(), ITEMS.to_owned());
    let items = Reference::List { profile: profile.clone(), list: list.clone() };
    [items, Reference::EntryField { profile, list, name: name.to_owned(), extended: true }]
}

const ITEMS: &str = "lineItems";
