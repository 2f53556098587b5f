//! What the rules of a block require of one subject.

use crate::transaction::Key;

use super::bits::{drop_from, has, join, keep, meet, meet_without, positions};
use super::dense::{Dense, Without};
use super::required::Required;
use super::sparse::Sparse;
use super::switches::Switches;

#[derive(Debug)]
pub(super) enum Table {
    Dense(Dense),
    Sparse(Sparse),
}

/// Rules that stand for themselves are asked one by one where it costs less than
/// to join a bitmap: they take a nanosecond each, sets of keys several, and a
/// bitmap about a third of one a word, and some twenty to be found. Measured on
/// 1 000 rules that people wrote: 10 in the place of 20 is as fast, less is slower.
const OF_A_SET: usize = 4;
const OF_A_BITMAP: usize = 20;
const WORDS_AT_ONCE: usize = 3;

impl Table {
    pub(super) fn of(
        width: usize,
        without: Without,
        required: &[(u16, Required<'_>)],
        switches: Switches,
    ) -> Table {
        if Table::is_dense(width, required.iter().map(|(_, required)| required), switches) {
            Table::Dense(Dense::of(width, without, required))
        } else {
            Table::Sparse(Sparse::of(required))
        }
    }

    /// Whether a bitmap of so many words costs less than to ask one by one.
    pub(super) fn is_dense<'r, 'c: 'r>(
        width: usize,
        required: impl Iterator<Item = &'r Required<'c>>,
        switches: Switches,
    ) -> bool {
        let cost = required
            .map(|required| if required.len() > 1 { OF_A_SET } else { 1 })
            .fold(0, usize::wrapping_add);
        let of_bitmap = OF_A_BITMAP.wrapping_add(width / WORDS_AT_ONCE);
        match (switches.dense, switches.sparse) {
            (true, true) => cost > of_bitmap,
            (dense, _) => dense,
        }
    }

    /// Takes away the candidates that a key does not suit.
    ///
    /// INVARIANT: the table is [`Without::Included`].
    #[inline]
    pub(super) fn narrow(&self, key: Key, candidates: &mut [u64], buffer: &mut [u64]) {
        match self {
            Table::Dense(dense) => dense.with_suiting(key, buffer, |suiting| keep(candidates, suiting)),
            Table::Sparse(sparse) => sparse.narrow(key, candidates),
        }
    }

    /// Takes away those that a key suits.
    ///
    /// INVARIANT: the table is [`Without::LeftOut`].
    #[inline]
    pub(super) fn settle(&self, key: Key, bits: &mut [u64], buffer: &mut [u64]) {
        match self {
            Table::Dense(dense) => dense.with_suiting(key, buffer, |found| drop_from(bits, found)),
            Table::Sparse(sparse) => sparse.settle(key, bits),
        }
    }

    /// Adds all that require something.
    #[inline]
    pub(super) fn join(&self, bits: &mut [u64]) {
        match self {
            Table::Dense(dense) => join(bits, &dense.requiring),
            Table::Sparse(sparse) => sparse.join(bits),
        }
    }

    /// Whether any that requires something is among some, and not among others.
    pub(super) fn meets(&self, some: &[u64], others: &[u64]) -> bool {
        match self {
            Table::Dense(dense) if others.is_empty() => meet(some, &dense.requiring),
            Table::Dense(dense) => meet_without(some, &dense.requiring, others),
            Table::Sparse(sparse) => sparse.rules().any(|rule| has(some, rule) && !has(others, rule)),
        }
    }

    /// Whether any that requires something is as it is asked.
    pub(super) fn any(&self, is: impl FnMut(usize) -> bool) -> bool {
        match self {
            Table::Dense(dense) => positions(&dense.requiring).any(is),
            Table::Sparse(sparse) => sparse.rules().any(is),
        }
    }
}
