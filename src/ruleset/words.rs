//! What many rules have alike, each kept once: predicates, and what is read.

use std::collections::BTreeSet;
use std::sync::Arc;

use hashbrown::{HashMap, HashSet};

use crate::rule::Reference;
use crate::transaction::Quick;

use super::predicate::Predicate;

/// Words in ascending order, in the least room: they are most of what the
/// rules of a set take.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum WordSet {
    /// Whole numbers; ids of stores are such.
    Small(Box<[u16]>),
    Whole(Box<[u32]>),
    Words(Box<[Quick]>),
}

/// The word of the number 1.
pub(super) const UNIT: Quick = 1_000_000_000;

impl WordSet {
    pub(super) fn of(mut words: Vec<Quick>) -> WordSet {
        words.sort_unstable();
        words.dedup();
        if let Some(small) = words.iter().map(|word| whole(*word)).collect() {
            WordSet::Small(small)
        } else if let Some(numbers) = words.iter().map(|word| whole(*word)).collect() {
            WordSet::Whole(numbers)
        } else {
            WordSet::Words(words.into())
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Quick> {
        let (small, numbers, words): (&[u16], &[u32], &[Quick]) = match self {
            WordSet::Small(small) => (small, &[], &[]),
            WordSet::Whole(numbers) => (&[], numbers, &[]),
            WordSet::Words(words) => (&[], &[], words),
        };
        let word = |number: Quick| number.saturating_mul(UNIT);
        let small = small.iter().map(move |number| word(Quick::from(*number)));
        let numbers = numbers.iter().map(move |number| word(Quick::from(*number)));
        small.chain(numbers).chain(words.iter().copied())
    }

    pub(super) fn has(&self, word: Quick) -> bool {
        match self {
            WordSet::Small(small) => whole(word).is_some_and(|number| small.binary_search(&number).is_ok()),
            WordSet::Whole(numbers) => {
                whole(word).is_some_and(|number| numbers.binary_search(&number).is_ok())
            }
            WordSet::Words(words) => words.binary_search(&word).is_ok(),
        }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            WordSet::Small(small) => small.len(),
            WordSet::Whole(numbers) => numbers.len(),
            WordSet::Words(words) => words.len(),
        }
    }
}

/// The whole number of a word, where it is one.
fn whole<N: TryFrom<Quick>>(word: Quick) -> Option<N> {
    if word.rem_euclid(UNIT) == 0 { N::try_from(word.div_euclid(UNIT)).ok() } else { None }
}

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
    held: HashSet<Arc<Predicate>>,
    /// How many there may be before those are dropped that no rule has.
    full: usize,
}

impl PredicatePool {
    pub(super) fn shared(&mut self, predicate: Predicate) -> Arc<Predicate> {
        if let Some(held) = self.held.get(&predicate) {
            return held.clone();
        }
        if self.held.len() >= self.full {
            // A set that is edited for months would otherwise gather the
            // predicates of every rule it ever had.
            self.held.retain(|held| Arc::strong_count(held) > 1);
            self.full = self.held.len().saturating_mul(2).max(64);
        }
        let predicate = Arc::new(predicate);
        self.held.insert(predicate.clone());
        predicate
    }
}
