//! The keys of a subject for which a literal is true.

use crate::transaction::Key;
use crate::value::{Bounds, Fixed, Number};

use super::key_set::KeySet;
use super::ranges::Ranges;

/// Keys from the first to the last.
///
/// Where an end is strict, a number of more digits than a key has may lie
/// between it and the constant of the rule, which is its neighbour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct KeyRange {
    pub(super) low: Key,
    pub(super) high: Key,
    pub(super) above: bool,
    pub(super) below: bool,
}

impl KeyRange {
    /// The key of what is true.
    pub(super) const TRUE: KeyRange = KeyRange::of(1, 1);

    pub(super) const fn of(low: Key, high: Key) -> KeyRange {
        KeyRange { low, high, above: false, below: false }
    }

    /// Numbers within bounds, where keys can say them.
    pub(super) fn within(bounds: Bounds) -> Option<KeyRange> {
        let (low, high) = bounds.small_ends()?;
        let (above, below) = bounds.strict_ends();
        Some(KeyRange { low, high, above, below })
    }

    #[inline]
    pub(super) fn has(&self, key: Key) -> bool {
        self.low <= key && key <= self.high
    }

    /// The same for a number that is no key.
    #[cold]
    fn has_number(&self, number: Number) -> bool {
        let mut bounds = Bounds::ALL;
        if self.low != Key::MIN {
            let constant = self.low.wrapping_sub(i64::from(self.above));
            bounds = bounds.and(Bounds::from(Fixed::of_small(constant), self.above));
        }
        if self.high != Key::MAX {
            let constant = self.high.wrapping_add(i64::from(self.below));
            bounds = bounds.and(Bounds::up_to(Fixed::of_small(constant), self.below));
        }
        bounds.hold_number(number)
    }
}

/// The keys of a literal, as a member holds them.
#[derive(Debug, Clone, Copy)]
pub(super) enum LiteralKeys<'c> {
    Range(KeyRange),
    Set(&'c KeySet),
}

impl LiteralKeys<'_> {
    #[inline]
    pub(super) fn have(&self, key: Key) -> bool {
        match self {
            LiteralKeys::Range(range) => range.has(key),
            LiteralKeys::Set(keys) => keys.has(key),
        }
    }

    /// The same for a number that is no key.
    #[cold]
    pub(super) fn have_number(&self, number: Number) -> bool {
        match self {
            LiteralKeys::Range(range) => range.has_number(number),
            LiteralKeys::Set(_) => false,
        }
    }

    /// How many ranges they are.
    pub(super) fn len(&self) -> usize {
        match self {
            LiteralKeys::Range(_) => 1,
            LiteralKeys::Set(keys) => keys.len(),
        }
    }

    /// Calls with each range of them.
    pub(super) fn each_range(&self, mut with: impl FnMut((Key, Key))) {
        match self {
            LiteralKeys::Range(range) if range.low <= range.high => with((range.low, range.high)),
            LiteralKeys::Range(_) => {}
            LiteralKeys::Set(keys) => keys.iter().for_each(|key| with((key, key))),
        }
    }

    pub(super) fn ranges(&self) -> Ranges {
        let mut ranges = Ranges(Vec::with_capacity(self.len()));
        self.each_range(|range| ranges.0.push(range));
        ranges
    }
}
