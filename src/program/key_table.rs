//! A few keys or many, and whether one is among them.

use hashbrown::HashSet;

use crate::transaction::{Key, NO_KEY};

/// Keys that are looked for.
///
/// Few of them stand in a table in which no two share a place, so that one
/// place is looked at. Measured on one core for a rule that asks nothing else:
/// with 10 000 keys a hash set takes 6 ns where a search takes 34.
#[derive(Debug)]
pub(crate) enum KeyTable {
    Few(Places),
    Sorted(Box<[Key]>),
    Many(Box<HashSet<Key>>),
}

/// A table with one place for each key.
///
/// INVARIANT: places that hold no key hold `NO_KEY`.
#[derive(Debug)]
pub(crate) struct Places {
    multiplier: u64,
    shift: u32,
    keys: Box<[Key]>,
}

impl Places {
    /// How many multipliers are tried for each size of the table.
    const TRIES: u32 = 64;
    /// How many times as large as the keys it may become.
    const LARGEST: usize = 8;

    /// `None` where no multiplier was found.
    fn of(keys: &[Key]) -> Option<Places> {
        let count = keys.len().checked_next_power_of_two().filter(|_| !keys.is_empty())?;
        let largest = count.checked_mul(Places::LARGEST)?;
        // From the size on at which one multiplier in twenty fits: where there are
        // as many places as the square of the keys divided by 6.
        let pairs = keys.len().checked_mul(keys.len())?.checked_div(6)?;
        let mut size = pairs.checked_next_power_of_two()?.max(count.checked_mul(2)?);
        let mut places = Places { multiplier: 0x9E37_79B9_7F4A_7C15, shift: 0, keys: Box::default() };
        while size <= largest {
            places.shift = 64_u32.checked_sub(size.trailing_zeros())?;
            places.keys = vec![NO_KEY; size].into();
            for _ in 0..Places::TRIES {
                if places.hold(keys) {
                    return Some(places);
                }
                places.multiplier = places.multiplier.wrapping_mul(0xD134_2543_DE82_EF95).wrapping_add(2);
                places.keys.fill(NO_KEY);
            }
            size = size.checked_mul(2)?;
        }
        None
    }

    /// Stores the keys; false where two of them share a place.
    fn hold(&mut self, keys: &[Key]) -> bool {
        keys.iter().all(|key| {
            let place = self.place(*key);
            match self.keys.get_mut(place) {
                Some(held) if *held == NO_KEY => {
                    *held = *key;
                    true
                }
                _ => false,
            }
        })
    }

    #[inline]
    fn place(&self, key: Key) -> usize {
        let hash = key.cast_unsigned().wrapping_mul(self.multiplier).wrapping_shr(self.shift);
        // INVARIANT: what the shift leaves is below the size of the table.
        usize::try_from(hash).unwrap_or(usize::MAX)
    }
}

impl KeyTable {
    const FEW: usize = 32;

    /// The keys as a table; where `hashed` is off, as a list that is searched.
    pub(crate) fn of(keys: impl ExactSizeIterator<Item = Key>, hashed: bool) -> KeyTable {
        if hashed && keys.len() > KeyTable::FEW {
            return KeyTable::Many(Box::new(keys.collect()));
        }
        let mut sorted: Vec<Key> = keys.filter(|key| *key != NO_KEY).collect();
        sorted.sort_unstable();
        sorted.dedup();
        match Places::of(&sorted).filter(|_| hashed) {
            Some(places) => KeyTable::Few(places),
            None => KeyTable::Sorted(sorted.into()),
        }
    }

    /// Whether a key, which is not `NO_KEY`, is one of them.
    #[inline(always)]
    pub(super) fn have(&self, key: Key) -> bool {
        match self {
            KeyTable::Few(places) => places.keys.get(places.place(key)) == Some(&key),
            KeyTable::Sorted(keys) => keys.binary_search(&key).is_ok(),
            KeyTable::Many(keys) => is_among_many(keys, key),
        }
    }
}

// A call of its own, so that the loop that asks keys stays small.
#[inline(never)]
fn is_among_many(keys: &HashSet<Key>, key: Key) -> bool {
    keys.contains(&key)
}

#[cfg(test)]
mod tests {
    use super::KeyTable;
    use crate::transaction::{Key, NO_KEY};

    #[test]
    fn a_table_has_its_keys_and_no_others() {
        // Whole numbers in billionths, symbols that follow each other, and both
        // ends.
        let whole = |count: Key| (1..=count).map(|at| at * 7_000_000_000).collect::<Vec<Key>>();
        let symbols = |count: Key| (1..=count).collect::<Vec<Key>>();
        let ends = vec![Key::MIN + 1, Key::MAX, 0, -1];
        let mut lists = vec![Vec::new(), vec![5], vec![5, 5], ends];
        lists.extend([2, 3, 10, 31, 32, 33, 1_000].map(whole));
        lists.extend([2, 3, 10, 31, 32, 33, 1_000].map(symbols));
        for keys in lists {
            for hashed in [true, false] {
                let table = KeyTable::of(keys.iter().copied(), hashed);
                let few = matches!(table, KeyTable::Few(_));
                assert_eq!(few, hashed && (1..=32).contains(&keys.len()), "{keys:?}");
                for key in &keys {
                    assert!(table.have(*key), "{key} of {keys:?}");
                    for near in [key.wrapping_sub(1), key.wrapping_add(1), key.wrapping_mul(2)] {
                        let expected = keys.contains(&near);
                        assert!(near == NO_KEY || table.have(near) == expected, "{near} of {keys:?}");
                    }
                }
            }
        }
    }
}
