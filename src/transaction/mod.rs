//! A transaction document: exactly what the loaded rules read of it.

mod entry;
mod layout;
mod lookup;
mod read;

use crate::rule::Read;
use crate::schema::Each;
use crate::value::{DateText, Number};

pub use layout::Layout;

pub(crate) use entry::Entry;

/// One activity of one customer, read from its document.
///
/// Made by [`Layout::read`]. It holds what the rules of that layout read;
/// everything else is absent, as it is where the document does not carry it.
#[derive(Debug, Clone)]
pub struct Transaction {
    layout: Layout,
    /// By slot of the layout.
    values: Vec<FieldValue>,
    /// By list of the layout; `None` where the document has no such list.
    lists: Vec<Option<Rows>>,
}

/// The entries of a list, one after the other.
#[derive(Debug, Clone, Default)]
struct Rows {
    count: usize,
    values: Vec<FieldValue>,
}

/// The value of a slot, of the type that the rules expect.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) enum FieldValue {
    #[default]
    Absent,
    Boolean(bool),
    Number(Number),
    Text(String),
    Date(DateText),
    Numbers(Vec<Number>),
    /// The values of a custom field or segment.
    Texts(Vec<String>),
    /// A custom field or segment that its container does not have.
    NoEntry,
}

impl Transaction {
    /// A single value; absent where the document or the layout lacks it.
    pub(crate) fn value(&self, read: &Read) -> &FieldValue {
        const ABSENT: &FieldValue = &FieldValue::Absent;
        self.layout.plan.slot(read).and_then(|slot| self.values.get(slot)).unwrap_or(ABSENT)
    }

    /// The entries of a list; `None` where the document has no list.
    pub(crate) fn entries(
        &self,
        section: &str,
        each: Each,
    ) -> Option<impl ExactSizeIterator<Item = Entry<'_>>> {
        let (index, plan) = self.layout.plan.list(section, each)?;
        let rows = self.lists.get(index)?.as_ref()?;
        Some((0..rows.count).map(move |at| {
            let start = at.saturating_mul(plan.width);
            let row = rows.values.get(start..start.saturating_add(plan.width)).unwrap_or_default();
            Entry::new(plan, row)
        }))
    }

    /// The transaction's number, `currentTxn.number`.
    pub fn number(&self) -> Option<&str> {
        match self.value(&layout::number_of_transaction()) {
            FieldValue::Text(number) => Some(number),
            _ => None,
        }
    }
}

impl Layout {
    /// A transaction of which nothing is known yet.
    fn empty(&self) -> Transaction {
        Transaction {
            layout: self.clone(),
            values: vec![FieldValue::Absent; self.plan.slots.len()],
            lists: vec![None; self.plan.list_plans.len()],
        }
    }
}
