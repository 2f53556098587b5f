//! What many rules have alike, each kept once: predicates, and what is read.

use std::collections::BTreeSet;
use std::sync::Arc;

use hashbrown::{HashMap, HashSet};

use crate::rule::Reference;

use super::key_predicate::KeyPredicate;

/// What rules read, each kept once and known by a number; and each set of
/// numbers kept once, for most rules read what others do.
#[derive(Debug, Clone, Default)]
pub(super) struct ReferencePool {
    numbers: HashMap<Reference, u32>,
    sets: HashSet<Arc<[u32]>>,
}

impl ReferencePool {
    pub(super) fn shared(&mut self, references: BTreeSet<Reference>) -> Arc<[u32]> {
        let mut number = |reference| {
            let next = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
            *self.numbers.entry(reference).or_insert(next)
        };
        let set: Vec<u32> = references.into_iter().map(&mut number).collect();
        self.sets.get_or_insert_with(&*set, |set| set.into()).clone()
    }

    /// The number of what some rule reads.
    pub(super) fn known(&self, reference: &Reference) -> Option<u32> {
        self.numbers.get(reference).copied()
    }
}

/// The predicates that rules share. Identity is by equality: the table compares.
#[derive(Debug, Clone, Default)]
pub(super) struct PredicatePool {
    held: HashSet<Arc<KeyPredicate>>,
    /// How many there may be before those are dropped that no rule has.
    full: usize,
}

impl PredicatePool {
    pub(super) fn shared(&mut self, predicate: KeyPredicate) -> Arc<KeyPredicate> {
        if let Some(held) = self.held.get(&predicate) {
            return held.clone();
        }
        if self.held.len() >= self.full {
            // A set that is edited for months would otherwise gather the
            // predicates of every rule it ever had.
            self.held.retain(|held| Arc::strong_count(held) > 1);
            self.full = self.held.capacity().max(64);
        }
        let predicate = Arc::new(predicate);
        self.held.insert(predicate.clone());
        predicate
    }
}
