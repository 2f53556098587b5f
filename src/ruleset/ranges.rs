//! Sets of keys as ranges.

use crate::transaction::Key;

/// Keys from a first to a last one, ascending, none of them twice.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Ranges(pub(super) Vec<(Key, Key)>);

impl Ranges {
    pub(super) fn iter(&self) -> impl Iterator<Item = (Key, Key)> {
        self.0.iter().copied()
    }

    /// The keys that are not in these.
    pub(super) fn others(&self) -> Ranges {
        let mut others = Vec::with_capacity(self.0.len());
        let mut next = Some(Key::MIN);
        for (low, high) in self.iter() {
            if let Some(first) = next.filter(|first| *first < low) {
                others.extend(low.checked_sub(1).map(|last| (first, last)));
            }
            next = high.checked_add(1);
        }
        others.extend(next.map(|first| (first, Key::MAX)));
        Ranges(others)
    }

    /// The keys that are in any of some.
    pub(super) fn union(some: impl Iterator<Item = Ranges>) -> Ranges {
        let mut all: Vec<(Key, Key)> = some.flat_map(|ranges| ranges.0).collect();
        all.sort_unstable();
        let mut joined: Vec<(Key, Key)> = Vec::with_capacity(all.len());
        for (low, high) in all {
            match joined.last_mut() {
                Some((_, last)) if low.checked_sub(1).is_none_or(|before| *last >= before) => {
                    *last = (*last).max(high);
                }
                _ => joined.push((low, high)),
            }
        }
        Ranges(joined)
    }
}

#[cfg(test)]
mod tests {
    use super::Ranges;

    #[test]
    fn ranges_are_sets_of_keys() {
        let (min, max) = (i64::MIN, i64::MAX);
        let ranges = |ranges: &[(i64, i64)]| Ranges(ranges.to_vec());
        let shown = |ranges: Ranges| ranges.0;
        assert_eq!(shown(ranges(&[(1, 3), (5, 5)]).others()), [(min, 0), (4, 4), (6, max)]);
        assert_eq!(shown(ranges(&[(min, 3), (9, max)]).others()), [(4, 8)]);
        assert_eq!(shown(ranges(&[]).others()), [(min, max)]);
        assert_eq!(shown(ranges(&[(min, max)]).others()), []);
        let union = |some: &[&[(i64, i64)]]| shown(Ranges::union(some.iter().map(|one| ranges(one))));
        assert_eq!(union(&[&[(1, 3), (8, 9)], &[(4, 5), (9, 12)]]), [(1, 5), (8, 12)]);
        assert_eq!(union(&[&[(min, 0)], &[(5, 6)], &[(1, 4)]]), [(min, 6)]);
        assert_eq!(union(&[]), []);
    }
}
