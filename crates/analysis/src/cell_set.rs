//! Sets of cells of one variable: a bit for each.

use smallvec::{SmallVec, smallvec};

const BITS: usize = 64;

/// A set of the cells of one variable. Sets of one variable have one length.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct CellSet(SmallVec<[u64; 1]>);

impl CellSet {
    /// No cell of so many.
    pub(crate) fn empty(cells: usize) -> CellSet {
        CellSet(smallvec![0; cells.div_ceil(BITS)])
    }

    /// All of so many cells.
    pub(crate) fn full(cells: usize) -> CellSet {
        let mut set = CellSet(smallvec![u64::MAX; cells.div_ceil(BITS)]);
        let unused = set.0.len().saturating_mul(BITS).saturating_sub(cells);
        if let Some(last) = set.0.last_mut() {
            *last = last.wrapping_shr(u32::try_from(unused).unwrap_or(0));
        }
        set
    }

    pub(crate) fn insert(&mut self, cell: usize) {
        if let Some(word) = self.0.get_mut(cell.wrapping_div(BITS)) {
            *word |= 1_u64.wrapping_shl(u32::try_from(cell.wrapping_rem(BITS)).unwrap_or(0));
        }
    }

    pub(crate) fn contains(&self, cell: usize) -> bool {
        let shift = u32::try_from(cell.wrapping_rem(BITS)).unwrap_or(0);
        self.0.get(cell.wrapping_div(BITS)).is_some_and(|word| word.wrapping_shr(shift) & 1 == 1)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    /// Whether the other set has all of these cells, and whether it has one of them: most
    /// of what a search does.
    #[inline]
    pub(crate) fn within_and_meets(&self, other: &CellSet) -> (bool, bool) {
        let both = |mine: u64, other: u64| (mine & !other == 0, mine & other != 0);
        if let ([mine], [other]) = (self.0.as_slice(), other.0.as_slice()) {
            return both(*mine, *other);
        }
        (self.is_within(other), self.meets(other))
    }

    /// Whether the other set has all of these cells.
    pub(crate) fn is_within(&self, other: &CellSet) -> bool {
        self.0.iter().zip(&other.0).all(|(mine, other)| mine & !other == 0)
    }

    pub(crate) fn meets(&self, other: &CellSet) -> bool {
        self.0.iter().zip(&other.0).any(|(mine, other)| mine & other != 0)
    }

    pub(crate) fn and(&self, other: &CellSet) -> CellSet {
        self.with(other, |mine, other| mine & other)
    }

    pub(crate) fn or(&self, other: &CellSet) -> CellSet {
        self.with(other, |mine, other| mine | other)
    }

    pub(crate) fn without(&self, other: &CellSet) -> CellSet {
        self.with(other, |mine, other| mine & !other)
    }

    #[inline]
    fn with(&self, other: &CellSet, word: impl Fn(u64, u64) -> u64) -> CellSet {
        if let ([mine], [other]) = (self.0.as_slice(), other.0.as_slice()) {
            return CellSet(smallvec![word(*mine, *other)]);
        }
        CellSet(self.0.iter().zip(&other.0).map(|(mine, other)| word(*mine, *other)).collect())
    }

    /// The cells, ascending.
    pub(crate) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(at, word)| {
            let after = |word: &u64| Some(word & word.wrapping_sub(1)).filter(|word| *word != 0);
            let words = std::iter::successors(Some(*word).filter(|word| *word != 0), after);
            words.map(move |word| {
                let bit = usize::try_from(word.trailing_zeros()).unwrap_or(0);
                at.wrapping_mul(BITS).wrapping_add(bit)
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::CellSet;

    #[test]
    #[allow(clippy::indexing_slicing, reason = "a test fails by panicking")]
    fn sets_are_those_of_their_cells() {
        let mut low = CellSet::empty(130);
        [0, 64, 129].into_iter().for_each(|cell| low.insert(cell));
        assert_eq!(low.iter().collect::<Vec<_>>(), [0, 64, 129]);
        let full = CellSet::full(130);
        assert!(low.is_within(&full) && !full.is_within(&low) && !full.contains(130));
        assert_eq!((low.within_and_meets(&full), full.within_and_meets(&low)), ((true, true), (false, true)));
        let mut few = [CellSet::empty(3), CellSet::empty(3), CellSet::full(3)];
        few[0].insert(1);
        few[1].insert(2);
        assert_eq!(few[0].within_and_meets(&few[1]), (false, false));
        assert_eq!(few[0].within_and_meets(&few[2]), (true, true));
        let rest = full.without(&low);
        assert_eq!(rest.iter().count(), 127);
        assert!(!rest.meets(&low) && rest.and(&low).is_empty());
        assert_eq!(rest.or(&low), full);
    }
}
