//! The filters of targets, for hosts that decide the rules themselves.

use target_rules::transaction::LayoutBuilder;
use target_rules::{Layout, Transaction, Truth};

use super::checked::{CheckedTarget, StoreSlots, reading_stores};

/// What filters of targets look at, in transactions of one layout.
///
/// ```
/// use loyalty_targets::{CheckedTarget, StoreFilters, Target};
/// use target_rules::{Layout, Limits, Schema, Truth};
/// let limits = Limits::default();
/// let target = r#"{"id": 50, "expression": "true",
///     "filters": [{"entityType": "STORE", "entityIds": [7]}]}"#;
/// let target: Target = serde_json::from_str(target)?;
/// let target: CheckedTarget = target.check(&Schema::standard(), &limits)?;
/// let layout = StoreFilters::reading(Layout::builder()).build();
/// let filters = StoreFilters::of(&layout);
/// let bill = layout.read(r#"{"currentStore": {"id": 8}}"#, &limits)?;
/// assert_eq!(filters.admit(&target, &bill), Truth::False);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct StoreFilters {
    store: StoreSlots,
}

impl StoreFilters {
    /// Adds to a layout what filters look at.
    pub fn reading(builder: LayoutBuilder) -> LayoutBuilder {
        reading_stores(builder)
    }

    /// Where it stands in transactions of a layout.
    pub fn of(layout: &Layout) -> StoreFilters {
        StoreFilters { store: StoreSlots::of(layout) }
    }

    /// Whether the filters of a target admit the store of a transaction; true where it has none.
    #[inline]
    pub fn admit(&self, target: &CheckedTarget, transaction: &Transaction) -> Truth {
        if target.has_filters() { target.admits(transaction, &self.store) } else { Truth::True }
    }

    /// What is absent where they leave that unknown, by its names in rules.
    pub fn absent(&self, target: &CheckedTarget, transaction: &Transaction) -> Vec<String> {
        target.absent_with(transaction, &self.store, std::iter::empty())
    }

    /// The filters of a target in words, one after the other; `None` where it has none.
    pub fn in_words(target: &CheckedTarget) -> Option<String> {
        target.has_filters().then(|| target.filters_in_words().join("; "))
    }
}
