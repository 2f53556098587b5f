//! The first so many of very many things, in whatever order they come.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// The smallest of all that were added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound(deserialize = "T: Ord + Deserialize<'de>"))]
pub(crate) struct Smallest<T: Ord> {
    most: usize,
    held: BTreeSet<T>,
}

impl<T: Ord> Smallest<T> {
    pub(crate) fn of(most: usize) -> Smallest<T> {
        Smallest { most, held: BTreeSet::new() }
    }

    /// Whether something would be kept, by a part of it that decides.
    pub(crate) fn keeps(&self, is_less_than: impl FnOnce(&T) -> bool) -> bool {
        self.held.len() < self.most || self.held.last().is_some_and(is_less_than)
    }

    pub(crate) fn add(&mut self, one: T) {
        self.held.insert(one);
        if self.held.len() > self.most {
            self.held.pop_last();
        }
    }

    pub(crate) fn join(&mut self, other: Smallest<T>) {
        other.held.into_iter().for_each(|one| self.add(one));
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.held.iter()
    }
}
