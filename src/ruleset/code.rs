//! A rule of a set as words: how it joins its literals, and the keys of each.
//!
//! Rules are held by the hundred thousand, so a literal takes two to five words of 32
//! bits: most constants are whole numbers.

use crate::transaction::Key;

use super::key_set::{KeySet, UNIT};
use super::keys::{KeyRange, LiteralKeys};

/// Literals joined by `&&` and `||`: nodes that must all hold, each followed by
/// those below it.
#[derive(Debug, Default)]
pub(super) struct Code {
    words: Box<[u32]>,
    /// The keys of literals that have several, by number.
    sets: Option<Box<[KeySet]>>,
}

/// What a word begins. The words that follow hold the keys.
mod form {
    /// With how many words stand below it.
    pub(super) const ALL: u32 = 0;
    pub(super) const ANY: u32 = 1;
    /// A first and a last key of 32 bits each.
    pub(super) const SMALL: u32 = 2;
    /// A first and a last whole number.
    pub(super) const WHOLE: u32 = 3;
    /// Whole numbers without a last one, and without a first one.
    pub(super) const FROM: u32 = 4;
    pub(super) const UP_TO: u32 = 5;
    /// A first and a last key of 64 bits each.
    pub(super) const WIDE: u32 = 6;
    /// The number of a set.
    pub(super) const SET: u32 = 7;
}

const FORM: u32 = 0b111;
const NEGATED: u32 = 0b1000;
const ABOVE: u32 = 0b1_0000;
const BELOW: u32 = 0b10_0000;
/// How many bits of a word stand before a count, and before a subject.
const COUNT_AT: u32 = 3;
const SUBJECT_AT: u32 = 6;

/// A rule of a set has so many words at most, and a set so many subjects: what
/// the first word of a node can count. Beyond, its host has allowed rules of
/// more than a hundred million nodes.
const MOST_WORDS: usize = 1 << 29;
const MOST_SUBJECTS: u32 = 1 << 26;

/// A literal: whether the key of a subject is one of some.
#[derive(Debug, Clone, Copy)]
pub(super) struct LiteralRef<'c> {
    pub(super) subject: u32,
    pub(super) negated: bool,
    pub(super) keys: LiteralKeys<'c>,
}

/// A node.
pub(super) enum Branch<'c> {
    All(Branches<'c>),
    Any(Branches<'c>),
    Leaf(LiteralRef<'c>),
}

/// The nodes that stand side by side.
#[derive(Debug, Clone, Copy)]
pub(super) struct Branches<'c> {
    words: &'c [u32],
    sets: &'c [KeySet],
}

impl Code {
    pub(super) fn branches(&self) -> Branches<'_> {
        Branches { words: &self.words, sets: self.sets.as_deref().unwrap_or_default() }
    }
}

fn wide(low: u32, high: u32) -> Key {
    let bytes = (low.to_le_bytes(), high.to_le_bytes());
    let ([a, b, c, d], [e, f, g, h]) = bytes;
    Key::from_le_bytes([a, b, c, d, e, f, g, h])
}

fn narrow(key: Key) -> [u32; 2] {
    let [a, b, c, d, e, f, g, h] = key.to_le_bytes();
    [u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h])]
}

/// INVARIANT: a whole number of 32 bits is a key.
fn unit(number: u32) -> Key {
    Key::from(number).wrapping_mul(UNIT)
}

impl<'c> Iterator for Branches<'c> {
    type Item = Branch<'c>;

    #[inline]
    fn next(&mut self) -> Option<Branch<'c>> {
        let (head, rest) = self.words.split_first()?;
        let form = head & FORM;
        if form == form::ALL || form == form::ANY {
            let count = head.wrapping_shr(COUNT_AT) as usize;
            let (below, after) = rest.split_at_checked(count).unwrap_or((rest, &[]));
            self.words = after;
            let below = Branches { words: below, sets: self.sets };
            return Some(if form == form::ALL { Branch::All(below) } else { Branch::Any(below) });
        }
        let (above, below) = (head & ABOVE != 0, head & BELOW != 0);
        let (low_end, high_end) = (Key::from(above), Key::from(below));
        let range = |low: Key, high: Key| LiteralKeys::Range(KeyRange { low, high, above, below });
        // A strict end is the neighbour of the constant that is written.
        let (keys, rest) = match (form, rest) {
            (form::SMALL, [low, high, rest @ ..]) => {
                (range(Key::from(*low).wrapping_add(low_end), Key::from(*high).wrapping_sub(high_end)), rest)
            }
            (form::WHOLE, [low, high, rest @ ..]) => {
                (range(unit(*low).wrapping_add(low_end), unit(*high).wrapping_sub(high_end)), rest)
            }
            (form::FROM, [low, rest @ ..]) => (range(unit(*low).wrapping_add(low_end), Key::MAX), rest),
            (form::UP_TO, [high, rest @ ..]) => (range(Key::MIN, unit(*high).wrapping_sub(high_end)), rest),
            (form::WIDE, [a, b, c, d, rest @ ..]) => (range(wide(*a, *b), wide(*c, *d)), rest),
            (form::SET, [number, rest @ ..]) => (LiteralKeys::Set(self.sets.get(*number as usize)?), rest),
            // INVARIANT: the words of a node are complete.
            _ => return None,
        };
        self.words = rest;
        let subject = head.wrapping_shr(SUBJECT_AT);
        Some(Branch::Leaf(LiteralRef { subject, negated: head & NEGATED != 0, keys }))
    }
}

/// The keys of a literal that is added.
#[derive(Debug, Clone)]
pub(super) enum OwnedKeys {
    Range(KeyRange),
    Set(KeySet),
}

/// A node that was begun, to be ended.
pub(super) struct Begun(usize);

/// Writes code, node by node.
#[derive(Debug, Default)]
pub(super) struct CodeBuilder {
    words: Vec<u32>,
    sets: Vec<KeySet>,
    /// Whether there was more than can be counted.
    full: bool,
}

impl CodeBuilder {
    /// Begins a node of others: those that are added until it is ended.
    pub(super) fn begin(&mut self, all: bool) -> Begun {
        let at = self.words.len();
        self.words.push(if all { form::ALL } else { form::ANY });
        Begun(at)
    }

    pub(super) fn end(&mut self, node: Begun) {
        let below = self.words.len().wrapping_sub(node.0).wrapping_sub(1);
        self.full |= below >= MOST_WORDS;
        if let (Some(head), Ok(below)) = (self.words.get_mut(node.0), u32::try_from(below)) {
            *head |= below.wrapping_shl(COUNT_AT);
        }
    }

    pub(super) fn literal(&mut self, subject: u32, negated: bool, keys: OwnedKeys) {
        self.full |= subject >= MOST_SUBJECTS;
        let head = subject.wrapping_shl(SUBJECT_AT) | if negated { NEGATED } else { 0 };
        match keys {
            OwnedKeys::Range(range) => self.range(head, range),
            OwnedKeys::Set(keys) => {
                let number = u32::try_from(self.sets.len()).unwrap_or(u32::MAX);
                self.sets.push(keys);
                self.words.extend([head | form::SET, number]);
            }
        }
    }

    fn range(&mut self, head: u32, KeyRange { low, high, above, below }: KeyRange) {
        let head = head | if above { ABOVE } else { 0 } | if below { BELOW } else { 0 };
        let low_end = low.checked_sub(i64::from(above));
        let high_end = high.checked_add(i64::from(below));
        let small = |key: Option<Key>| u32::try_from(key?).ok();
        let whole = |key: Option<Key>| {
            let key = key.filter(|key| key.checked_rem(UNIT) == Some(0))?;
            small(key.checked_div(UNIT))
        };
        if let (Some(low), Some(high)) = (small(low_end), small(high_end)) {
            self.words.extend([head | form::SMALL, low, high]);
        } else if let (Some(low), Some(high)) = (whole(low_end), whole(high_end)) {
            self.words.extend([head | form::WHOLE, low, high]);
        } else if let (Some(low), Key::MAX) = (whole(low_end), high) {
            self.words.extend([head | form::FROM, low]);
        } else if let (Key::MIN, Some(high)) = (low, whole(high_end)) {
            self.words.extend([head | form::UP_TO, high]);
        } else {
            let ([a, b], [c, d]) = (narrow(low), narrow(high));
            self.words.extend([head | form::WIDE, a, b, c, d]);
        }
    }

    /// The code; `None` where it is larger than can be counted.
    pub(super) fn finished(self) -> Option<Code> {
        let sets = (!self.sets.is_empty()).then(|| self.sets.into());
        (!self.full).then(|| Code { words: self.words.into(), sets })
    }
}

#[cfg(test)]
#[allow(clippy::panic, reason = "a test fails by panicking")]
mod tests {
    use super::{Branch, Code, CodeBuilder, KeyRange, LiteralKeys, OwnedKeys, UNIT};

    #[test]
    fn ranges_come_back_as_they_were() {
        let whole = |number: i64| number * UNIT;
        let ends = [
            (0, 0),
            (1, 7),
            (whole(5), whole(5)),
            (whole(5) + 1, whole(9) - 1),
            (whole(5) + 1, i64::MAX),
            (i64::MIN, whole(9) - 1),
            (i64::MIN, i64::MAX),
            (whole(-3), whole(4)),
            (whole(4_294_967_295), whole(4_294_967_296)),
            (12, whole(1)),
            (7, 3),
        ];
        for (low, high) in ends {
            for (above, below) in [(false, false), (true, false), (false, true), (true, true)] {
                let range = KeyRange { low, high, above, below };
                let mut builder = CodeBuilder::default();
                let node = builder.begin(false);
                builder.literal(70_000, true, OwnedKeys::Range(range));
                builder.end(node);
                let code: Code = builder.finished().unwrap_or_default();
                let Some(Branch::Any(mut below)) = code.branches().next() else { panic!("no node") };
                let Some(Branch::Leaf(literal)) = below.next() else { panic!("no literal") };
                let LiteralKeys::Range(found) = literal.keys else { panic!("no range") };
                assert_eq!((literal.subject, literal.negated, found), (70_000, true, range));
                assert!(below.next().is_none());
            }
        }
    }
}
