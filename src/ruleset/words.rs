//! What many rules have alike, each kept once: sets of words, and what is read.

use std::sync::Arc;

use hashbrown::{HashMap, HashSet};

use crate::rule::Reference;
use crate::transaction::Quick;

/// Words in ascending order.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum WordSet {
    /// Whole numbers, which take half the space: ids of stores are such.
    Whole(Box<[u32]>),
    Words(Box<[Quick]>),
}

const UNIT: Quick = 1_000_000_000;

impl WordSet {
    pub(super) fn of(mut words: Vec<Quick>) -> WordSet {
        words.sort_unstable();
        words.dedup();
        let whole = |word: &Quick| match word.rem_euclid(UNIT) {
            0 => u32::try_from(word.div_euclid(UNIT)).ok(),
            _ => None,
        };
        match words.iter().map(whole).collect::<Option<Box<[u32]>>>() {
            Some(whole) => WordSet::Whole(whole),
            None => WordSet::Words(words.into()),
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Quick> {
        let (whole, words): (&[u32], &[Quick]) = match self {
            WordSet::Whole(whole) => (whole, &[]),
            WordSet::Words(words) => (&[], words),
        };
        whole.iter().map(|whole| Quick::from(*whole).saturating_mul(UNIT)).chain(words.iter().copied())
    }

    pub(super) fn has(&self, word: Quick) -> bool {
        match self {
            WordSet::Whole(whole) => {
                word.rem_euclid(UNIT) == 0
                    && u32::try_from(word.div_euclid(UNIT))
                        .is_ok_and(|word| whole.binary_search(&word).is_ok())
            }
            WordSet::Words(words) => words.binary_search(&word).is_ok(),
        }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            WordSet::Whole(whole) => whole.len(),
            WordSet::Words(words) => words.len(),
        }
    }
}

/// What rules read, each kept once and known by a number.
#[derive(Debug, Clone, Default)]
pub(super) struct ReferencePool(HashMap<Reference, u32>);

impl ReferencePool {
    pub(super) fn number(&mut self, reference: Reference) -> u32 {
        let next = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        *self.0.entry(reference).or_insert(next)
    }

    /// The number of what some rule reads.
    pub(super) fn known(&self, reference: &Reference) -> Option<u32> {
        self.0.get(reference).copied()
    }
}

/// The sets that rules share. Identity is by equality: the table compares.
#[derive(Debug, Clone, Default)]
pub(super) struct WordPool(HashSet<Arc<WordSet>>);

impl WordPool {
    pub(super) fn shared(&mut self, words: WordSet) -> Arc<WordSet> {
        self.0.get_or_insert_with(&words, |words| Arc::new(words.clone())).clone()
    }
}
