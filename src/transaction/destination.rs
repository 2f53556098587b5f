//! Where a value that is read goes.

use std::collections::BTreeSet;

use crate::typed::ValueKind;

use super::names::Names;

/// Where a value goes, and what it must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Destination {
    pub(super) slot: usize,
    pub(super) kind: ValueKind,
    /// Whether the text is compared, and so needs its symbol.
    pub(super) compared: bool,
}

impl Destination {
    /// A slot that nothing compares so far.
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
