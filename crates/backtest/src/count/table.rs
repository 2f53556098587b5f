//! Counts by a key that documents bring, such as a day or a store: bounded however many
//! there are.

use std::borrow::Borrow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// So many counts are held at most, about.
const MOST_CELLS: usize = 2 * 1024 * 1024;
/// So many keys are held where targets are few.
const MOST_KEYS: usize = 4096;
/// So many keys are held in any case.
const FEWEST_KEYS: usize = 64;

/// A row of counts for each key: of all transactions, then of each tally's hits.
///
/// INVARIANT: held are the smallest keys of all that came. One that is held now was so from
/// the beginning, in each part, so its counts are whole however the parts are put together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound(deserialize = "K: Ord + Deserialize<'de>"))]
pub(crate) struct Table<K: Ord> {
    width: usize,
    most: usize,
    rows: BTreeMap<K, Vec<u64>>,
}

impl<K: Ord> Table<K> {
    /// How many keys are held follows from the targets, so that it doesn't matter to a
    /// report which of them are counted together.
    pub(crate) fn of(targets: usize, tallies: usize) -> Table<K> {
        let most = (MOST_CELLS / (targets + 1)).clamp(FEWEST_KEYS, MOST_KEYS);
        Table { width: tallies + 1, most, rows: BTreeMap::new() }
    }

    /// The row of a key; `None` where it isn't among the smallest.
    pub(crate) fn row<Q>(&mut self, key: &Q) -> Option<&mut Vec<u64>>
    where
        K: Borrow<Q>,
        Q: Ord + ToOwned<Owned = K> + ?Sized,
    {
        if !self.rows.contains_key(key) {
            let full = self.rows.len() >= self.most;
            if full && self.rows.last_key_value().is_some_and(|(last, _)| last.borrow() < key) {
                return None;
            }
            if full {
                self.rows.pop_last();
            }
            self.rows.insert(key.to_owned(), vec![0; self.width]);
        }
        self.rows.get_mut(key)
    }

    pub(crate) fn join(&mut self, other: Table<K>) {
        for (key, row) in other.rows {
            match self.rows.get_mut(&key) {
                Some(mine) => mine.iter_mut().zip(row).for_each(|(count, more)| *count += more),
                None => {
                    self.rows.insert(key, row);
                }
            }
        }
        while self.rows.len() > self.most {
            self.rows.pop_last();
        }
    }

    /// The counts of a column that aren't zero: 0 for all transactions, and for a tally its
    /// number and one.
    pub(crate) fn column(&self, column: usize) -> impl Iterator<Item = (&K, u64)> {
        let counts =
            self.rows.iter().map(move |(key, row)| (key, row.get(column).copied().unwrap_or_default()));
        counts.filter(|(_, count)| *count > 0)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    /// What is held is the same in whatever order keys come and parts are joined.
    #[test]
    fn the_smallest_keys_are_held_whole() {
        let keys: Vec<i64> = (0..30_000).map(|step| (step * 7919) % 9_001).collect();
        let table = |keys: &[i64]| {
            let mut table = Table::of(0, 0);
            for key in keys {
                if let Some(row) = table.row(key) {
                    row[0] += 1;
                }
            }
            table
        };
        let whole = table(&keys);
        let (first, second) = keys.split_at(11_111);
        let mut joined = table(second);
        joined.join(table(first));
        assert_eq!(whole, joined);
        assert_eq!(whole.rows.len(), MOST_KEYS);
        for (key, count) in whole.column(0) {
            assert_eq!(count, keys.iter().filter(|one| *one == key).count() as u64);
        }
    }
}
