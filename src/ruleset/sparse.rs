//! A subject that few rules ask: what each requires, asked one after the other.

use crate::transaction::Key;

use super::bits::{clear, set};
use super::ranges::Ranges;
use super::required::Required;

/// What some rules require of a subject.
///
/// To look at one takes about a nanosecond; to look up a bitmap of all rules takes
/// as long as its words.
#[derive(Debug)]
pub(super) struct Sparse {
    ranges: Box<[RangeOfRule]>,
    sets: Box<[SetOfRule]>,
}

#[derive(Debug)]
struct RangeOfRule {
    low: Key,
    high: Key,
    rule: u16,
    /// Whether the keys outside suit.
    negated: bool,
}

#[derive(Debug)]
struct SetOfRule {
    rule: u16,
    /// Whether the keys outside suit.
    negated: bool,
    ranges: Ranges,
}

impl RangeOfRule {
    #[inline]
    fn suits(&self, key: Key) -> bool {
        (self.low <= key && key <= self.high) != self.negated
    }
}

impl SetOfRule {
    fn suits(&self, key: Key) -> bool {
        let at = self.ranges.0.partition_point(|(low, _)| *low <= key);
        let range = at.checked_sub(1).and_then(|at| self.ranges.0.get(at));
        range.is_some_and(|(_, high)| key <= *high) != self.negated
    }
}

impl Sparse {
    pub(super) fn of(required: &[(u16, Required<'_>)]) -> Sparse {
        let (mut ranges, mut sets) = (Vec::new(), Vec::new());
        for (rule, required) in required {
            let (keys, negated) = match required {
                Required::Literal(literal) => (literal.keys.ranges(), literal.negated),
                Required::Ranges(ranges) => {
                    let others = ranges.clone().others();
                    if others.0.len() < ranges.0.len() { (others, true) } else { (ranges.clone(), false) }
                }
            };
            match *keys.0 {
                [] => ranges.push(RangeOfRule { low: 1, high: 0, rule: *rule, negated }),
                [(low, high)] => ranges.push(RangeOfRule { low, high, rule: *rule, negated }),
                _ => sets.push(SetOfRule { rule: *rule, negated, ranges: keys }),
            }
        }
        Sparse { ranges: ranges.into(), sets: sets.into() }
    }

    /// Takes away the candidates that a key does not suit.
    #[inline]
    pub(super) fn narrow(&self, key: Key, candidates: &mut [u64]) {
        for range in &self.ranges {
            if !range.suits(key) {
                clear(candidates, usize::from(range.rule));
            }
        }
        for set in &self.sets {
            if !set.suits(key) {
                clear(candidates, usize::from(set.rule));
            }
        }
    }

    /// Takes away those that a key suits.
    #[inline]
    pub(super) fn settle(&self, key: Key, bits: &mut [u64]) {
        for range in &self.ranges {
            if range.suits(key) {
                clear(bits, usize::from(range.rule));
            }
        }
        for set in &self.sets {
            if set.suits(key) {
                clear(bits, usize::from(set.rule));
            }
        }
    }

    pub(super) fn rules(&self) -> impl Iterator<Item = usize> {
        let ranges = self.ranges.iter().map(|range| usize::from(range.rule));
        ranges.chain(self.sets.iter().map(|set| usize::from(set.rule)))
    }

    /// Adds all that require something.
    #[inline]
    pub(super) fn join(&self, bits: &mut [u64]) {
        self.rules().for_each(|rule| set(bits, rule));
    }
}
