//! Where a value of the document is stored.

use std::collections::BTreeSet;

use crate::typed::ValueKind;

use super::names::Names;

/// The slot that a value is stored in, and the type that it must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Destination {
    pub(super) slot: usize,
    pub(super) kind: ValueKind,
    /// Whether rules compare the text, so that it needs its symbol.
    pub(super) compared: bool,
}

impl Destination {
    /// A destination whose text is not compared so far.
    pub(super) fn new(slot: usize, kind: ValueKind) -> Destination {
        Destination { slot, kind, compared: false }
    }

    /// Marks the destinations whose text is compared.
    pub(super) fn mark(destinations: &mut [Destination], compared: &BTreeSet<usize>) {
        for destination in destinations {
            destination.compared = compared.contains(&destination.slot);
        }
    }
}

impl Names<Vec<Destination>> {
    pub(super) fn push(&mut self, name: &str, destination: Destination) {
        if let Some(destinations) = self.entry(name, Vec::new) {
            destinations.push(destination);
        }
    }

    /// Marks the destinations whose text is compared.
    pub(super) fn mark(&mut self, compared: &BTreeSet<usize>) {
        self.entries_mut().for_each(|destinations| Destination::mark(destinations, compared));
    }
}
