//! Keys in ascending order that are searched for a key, in the least memory.

use std::ops::Range;

use crate::transaction::Key;

use super::key_set::UNIT;

/// The keys at which rules begin or cease to suit.
#[derive(Debug)]
pub(super) enum Cuts {
    /// Keys of 32 bits, as symbols are.
    Small(Box<[u32]>),
    /// Twice a whole number, and one more for the key that follows it: where
    /// what is above the number begins.
    Halves(Box<[u32]>),
    Wide(Box<[Key]>),
}

fn half(cut: Key) -> Option<u32> {
    let (whole, rest) = (cut.div_euclid(UNIT), cut.rem_euclid(UNIT));
    let rest = u32::try_from(rest).ok().filter(|rest| *rest < 2)?;
    u32::try_from(whole).ok()?.checked_mul(2)?.checked_add(rest)
}

impl Cuts {
    /// INVARIANT: the keys ascend; one may come several times.
    pub(super) fn of(keys: &[Key]) -> Cuts {
        if let Some(small) = keys.iter().map(|key| u32::try_from(*key).ok()).collect() {
            Cuts::Small(small)
        } else if let Some(halves) = keys.iter().map(|key| half(*key)).collect() {
            Cuts::Halves(halves)
        } else {
            Cuts::Wide(keys.into())
        }
    }

    /// How many of those in a range are not above a key.
    #[inline]
    pub(super) fn passed(&self, among: Range<usize>, key: Key) -> usize {
        let of = |cuts: &[u32], end: Option<u32>| {
            let cuts = cuts.get(among.clone()).unwrap_or_default();
            end.map_or(0, |end| cuts.partition_point(|cut| *cut <= end))
        };
        match self {
            Cuts::Small(cuts) => of(cuts, (key >= 0).then(|| u32::try_from(key).unwrap_or(u32::MAX))),
            Cuts::Halves(cuts) => {
                let end = u32::try_from(key.div_euclid(UNIT)).ok().and_then(|whole| {
                    let rest = u32::from(key.rem_euclid(UNIT) > 0);
                    whole.checked_mul(2)?.checked_add(rest)
                });
                of(cuts, (key >= 0).then(|| end.unwrap_or(u32::MAX)))
            }
            Cuts::Wide(cuts) => {
                let cuts = cuts.get(among).unwrap_or_default();
                cuts.partition_point(|cut| *cut <= key)
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Cuts::Small(cuts) | Cuts::Halves(cuts) => cuts.len(),
            Cuts::Wide(cuts) => cuts.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Cuts, Key, UNIT};

    #[test]
    fn every_form_is_searched_alike() {
        let small = [0, 1, 7, 7, 4_294_967_295];
        let halves = [0, 1, 5 * UNIT, 5 * UNIT + 1, 5 * UNIT + 1, 2_147_483_647 * UNIT + 1];
        let wide = [Key::MIN + 1, -UNIT, -1, 0, 3, UNIT / 2, 7_000_000_000 * UNIT, Key::MAX];
        for keys in [small.as_slice(), &halves, &wide, &[]] {
            let cuts = Cuts::of(keys);
            assert_eq!(cuts.len(), keys.len());
            let probes = keys.iter().flat_map(|key| [key.wrapping_sub(1), *key, key.wrapping_add(1)]);
            for probe in probes.chain([Key::MIN, -1, 0, 1, 2, UNIT, 4_294_967_296, Key::MAX]) {
                let expected = keys.iter().filter(|key| **key <= probe).count();
                assert_eq!(cuts.passed(0..keys.len(), probe), expected, "{probe} among {keys:?}");
                let some = keys.len() / 2;
                let expected = keys.iter().take(some).filter(|key| **key <= probe).count();
                assert_eq!(cuts.passed(0..some, probe), expected, "{probe} among some of {keys:?}");
            }
        }
        assert!(matches!(Cuts::of(&small), Cuts::Small(_)));
        assert!(matches!(Cuts::of(&halves), Cuts::Halves(_)));
        assert!(matches!(Cuts::of(&wide), Cuts::Wide(_)));
    }
}
