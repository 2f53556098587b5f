//! What a rule requires of one subject.

use crate::transaction::Key;

use super::code::LiteralRef;
use super::ranges::Ranges;

pub(super) enum Required<'c> {
    Literal(LiteralRef<'c>),
    /// Several literals, joined.
    Ranges(Ranges),
}

impl<'c> Required<'c> {
    /// The keys that suit.
    pub(super) fn ranges(&self) -> Ranges {
        match self {
            Required::Literal(literal) if literal.negated => literal.keys.ranges().others(),
            Required::Literal(literal) => literal.keys.ranges(),
            Required::Ranges(ranges) => ranges.clone(),
        }
    }

    /// What several require of one subject, of which all must hold or any.
    pub(super) fn joined(mut several: Vec<Required<'c>>, all: bool) -> Required<'c> {
        if several.len() == 1
            && let Some(one) = several.pop()
        {
            return one;
        }
        let ranges = several.iter().map(Required::ranges);
        Required::Ranges(match all {
            true => Ranges::union(ranges.map(|ranges| ranges.others())).others(),
            false => Ranges::union(ranges),
        })
    }

    /// Whether it is that a literal does not hold.
    pub(super) fn is_negated(&self) -> bool {
        matches!(self, Required::Literal(literal) if literal.negated)
    }

    /// The one range of keys that suits, or does not where that is said; `None` where
    /// there are several.
    pub(super) fn single(&self) -> Option<(Key, Key, bool)> {
        let single = |ranges: &Ranges| match *ranges.0 {
            [] => Some((1, 0)),
            [range] => Some(range),
            _ => None,
        };
        match self {
            Required::Literal(literal) if literal.keys.len() > 1 => None,
            Required::Literal(literal) => {
                single(&literal.keys.ranges()).map(|(low, high)| (low, high, literal.negated))
            }
            Required::Ranges(ranges) => {
                let others = || single(&ranges.clone().others()).map(|(low, high)| (low, high, true));
                single(ranges).map(|(low, high)| (low, high, false)).or_else(others)
            }
        }
    }

    /// Whether a key suits.
    pub(super) fn suits(&self, key: Key) -> bool {
        match self {
            Required::Literal(literal) => literal.keys.have(key) != literal.negated,
            Required::Ranges(ranges) => ranges.iter().any(|(low, high)| low <= key && key <= high),
        }
    }

    /// How many ranges they are, or their complement is.
    pub(super) fn len(&self) -> usize {
        match self {
            Required::Literal(literal) => literal.keys.len(),
            Required::Ranges(ranges) => ranges.0.len(),
        }
    }

    /// Calls with every key at which the rule begins or ceases to suit, with
    /// none where it does so before every key.
    pub(super) fn each_change(&self, mut with: impl FnMut(Option<Key>)) {
        let range = |(low, high): (Key, Key)| {
            with(Some(low).filter(|low| *low != Key::MIN));
            if let Some(after) = high.checked_add(1) {
                with(Some(after));
            }
        };
        match self {
            Required::Literal(literal) => literal.keys.each_range(range),
            Required::Ranges(ranges) => ranges.iter().for_each(range),
        }
        if matches!(self, Required::Literal(literal) if literal.negated) {
            with(None);
        }
    }
}
