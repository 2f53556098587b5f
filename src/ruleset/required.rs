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

    pub(super) fn and(self, other: Required<'c>) -> Required<'c> {
        Required::Ranges(self.ranges().and(other.ranges()))
    }

    pub(super) fn or(self, other: Required<'c>) -> Required<'c> {
        Required::Ranges(self.ranges().or(other.ranges()))
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
