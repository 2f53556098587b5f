//! How aggregates select line items by an attribute, numbered where several
//! select in the same way.

use std::sync::Arc;

use hashbrown::{HashMap, HashSet};

use crate::condition::Aggregate;
use crate::typed::Selection;

/// What a line item is selected by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Selector {
    /// The value of an attribute, whichever it is.
    Value { section: Arc<str>, attribute: Arc<str> },
    /// That a pattern is found in an attribute.
    Pattern { section: Arc<str>, selection: Selection },
}

impl Selector {
    /// By what a selection selects; `None` where it is by no attribute.
    pub(crate) fn of(section: &Arc<str>, selection: &Selection) -> Option<Selector> {
        let section = section.clone();
        match selection {
            Selection::Equals { attribute, .. } | Selection::EqualsAndMatches { attribute, .. } => {
                Some(Selector::Value { section, attribute: attribute.clone() })
            }
            Selection::Matches { .. } => Some(Selector::Pattern { section, selection: selection.clone() }),
            Selection::Compares { .. } => None,
        }
    }
}

/// The selectors of a layout. One has a number from the second aggregate on
/// that selects by it: what a single aggregate selects need not be kept.
#[derive(Debug, Clone, Default)]
pub(super) struct Selectors {
    asked_once: HashSet<Selector>,
    numbers: HashMap<Selector, usize>,
}

impl Selectors {
    /// Adds an aggregate that the layout does not have yet.
    pub(super) fn add(&mut self, aggregate: &Aggregate) {
        let selection = aggregate.selection.as_ref();
        let Some(selector) = selection.and_then(|selection| Selector::of(&aggregate.section, selection))
        else {
            return;
        };
        if self.numbers.contains_key(&selector) {
            return;
        }
        if self.asked_once.remove(&selector) {
            self.numbers.insert(selector, self.numbers.len());
        } else {
            self.asked_once.insert(selector);
        }
    }

    pub(super) fn number(&self, selector: &Selector) -> Option<usize> {
        self.numbers.get(selector).copied()
    }

    pub(super) fn count(&self) -> usize {
        self.numbers.len()
    }
}
