//! Sets of keys, in the least memory.

use crate::transaction::Key;

/// Keys in ascending order, in the least memory: they are most of what the
/// rules of a set take.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum KeySet {
    /// Whole numbers; ids of stores are such.
    Small(Box<[u16]>),
    Whole(Box<[u32]>),
    Keys(Box<[Key]>),
}

/// The key of the number 1.
pub(super) const UNIT: Key = 1_000_000_000;

impl KeySet {
    pub(super) fn of(mut keys: Vec<Key>) -> KeySet {
        keys.sort_unstable();
        keys.dedup();
        if let Some(small) = keys.iter().map(|key| whole(*key)).collect() {
            KeySet::Small(small)
        } else if let Some(numbers) = keys.iter().map(|key| whole(*key)).collect() {
            KeySet::Whole(numbers)
        } else {
            KeySet::Keys(keys.into())
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Key> {
        let (small, numbers, keys): (&[u16], &[u32], &[Key]) = match self {
            KeySet::Small(small) => (small, &[], &[]),
            KeySet::Whole(numbers) => (&[], numbers, &[]),
            KeySet::Keys(keys) => (&[], &[], keys),
        };
        // INVARIANT: a whole number of 32 bits is a key.
        let key = |number: Key| number.wrapping_mul(UNIT);
        let small = small.iter().map(move |number| key(Key::from(*number)));
        let numbers = numbers.iter().map(move |number| key(Key::from(*number)));
        small.chain(numbers).chain(keys.iter().copied())
    }

    pub(super) fn has(&self, key: Key) -> bool {
        match self {
            KeySet::Small(small) => whole(key).is_some_and(|number| small.binary_search(&number).is_ok()),
            KeySet::Whole(numbers) => whole(key).is_some_and(|number| numbers.binary_search(&number).is_ok()),
            KeySet::Keys(keys) => keys.binary_search(&key).is_ok(),
        }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            KeySet::Small(small) => small.len(),
            KeySet::Whole(numbers) => numbers.len(),
            KeySet::Keys(keys) => keys.len(),
        }
    }
}

/// The whole number of a key, where it is one.
fn whole<N: TryFrom<Key>>(key: Key) -> Option<N> {
    if key.rem_euclid(UNIT) == 0 { N::try_from(key.div_euclid(UNIT)).ok() } else { None }
}
