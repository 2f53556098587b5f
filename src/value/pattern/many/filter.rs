//! What length and single bytes say of a text before a pattern is asked.

use regex_syntax::hir::{Class, Hir, HirKind, Look};

/// A set of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(super) struct ByteSet([u64; 4]);

impl ByteSet {
    pub(super) fn of(bytes: &[u8]) -> ByteSet {
        let mut set = ByteSet::default();
        bytes.iter().for_each(|byte| set.add(*byte));
        set
    }

    fn add(&mut self, byte: u8) {
        if let Some(word) = self.0.get_mut(usize::from(byte >> 6)) {
            *word |= 1 << (byte & 63);
        }
    }

    fn add_range(&mut self, from: u8, to: u8) {
        (from..=to).for_each(|byte| self.add(byte));
    }

    fn add_all(&mut self, other: ByteSet) {
        self.0.iter_mut().zip(other.0).for_each(|(word, more)| *word |= more);
    }

    fn has(&self, byte: u8) -> bool {
        self.0.get(usize::from(byte >> 6)).is_some_and(|word| word >> (byte & 63) & 1 == 1)
    }

    fn meets(&self, other: &ByteSet) -> bool {
        self.0.iter().zip(other.0).any(|(word, other)| word & other != 0)
    }

    fn within(&self, other: &ByteSet) -> bool {
        self.0.iter().zip(other.0).all(|(word, other)| word & !other == 0)
    }

    fn len(&self) -> u32 {
        self.0.iter().fold(0, |sum: u32, word| sum.saturating_add(word.count_ones()))
    }
}

/// Length and bytes that every text has that a pattern matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct TextFilter {
    least: usize,
    most: usize,
    first: Option<ByteSet>,
    last: Option<ByteSet>,
    somewhere: Option<ByteSet>,
    /// All bytes of the text are among these.
    every: Option<ByteSet>,
}

impl TextFilter {
    /// Every text passes.
    pub(super) const NONE: TextFilter =
        TextFilter { least: 0, most: usize::MAX, first: None, last: None, somewhere: None, every: None };

    /// Of texts that hold another one of so many bytes.
    pub(super) fn at_least(least: usize) -> TextFilter {
        TextFilter { least, ..TextFilter::NONE }
    }

    /// INVARIANT: it is necessary only. A text that passes need not match.
    pub(super) fn of(hir: &Hir) -> TextFilter {
        let properties = hir.properties();
        let at_start = properties.look_set_prefix().contains(Look::Start);
        let at_end = properties.look_set_suffix().contains(Look::End);
        let most = if at_start && at_end { properties.maximum_len() } else { None };
        let ends = |side| match EndBytes::of(hir, side) {
            EndBytes { bytes, may_be_empty: false } => Some(bytes),
            EndBytes { may_be_empty: true, .. } => None,
        };
        let (first, last) = (ends(Side::First), ends(Side::Last));
        let mut somewhere = None;
        rarest_byte(hir, &mut somewhere);
        if !at_start {
            somewhere = rarer(somewhere, first);
        }
        if !at_end {
            somewhere = rarer(somewhere, last);
        }
        TextFilter {
            // Of an alternation none is known where one branch never matches.
            least: properties.minimum_len().unwrap_or(0),
            most: most.unwrap_or(usize::MAX),
            first: first.filter(|_| at_start),
            last: last.filter(|_| at_end),
            somewhere,
            every: if at_start && at_end { Some(all_bytes(hir)) } else { None },
        }
    }

    /// The filter that passes exactly the texts that a class matches, which is
    /// repeated, where the pattern consists of nothing else: `[a-z]`, `^\d+$`.
    pub(super) fn exactly(at_start: bool, parts: &[Hir], at_end: bool) -> Option<TextFilter> {
        let [part] = parts else { return None };
        let (class, least, most) = match part.kind() {
            HirKind::Repetition(repetition) if at_start && at_end => {
                let most = repetition.max.map_or(usize::MAX, |most| most as usize);
                (&*repetition.sub, repetition.min as usize, most)
            }
            _ => (part, 1, if at_start && at_end { 1 } else { usize::MAX }),
        };
        // Of other characters the bytes of one may be found in two.
        let class = match class.kind() {
            HirKind::Class(ascii @ Class::Unicode(class)) if class.is_ascii() => ascii,
            HirKind::Class(ascii @ Class::Bytes(class)) if class.is_ascii() => ascii,
            _ => return None,
        };
        let set = Some(end_bytes_of_class(class, Side::First));
        let filter = TextFilter { least, most, ..TextFilter::NONE };
        Some(match (at_start, at_end) {
            (false, false) => TextFilter { somewhere: set, ..filter },
            (true, false) => TextFilter { first: set, ..filter },
            (false, true) => TextFilter { last: set, ..filter },
            (true, true) => TextFilter { every: set, ..filter },
        })
    }

    /// Whether it asks for the bytes of the whole text.
    pub(super) fn asks_for_bytes(&self) -> bool {
        self.somewhere.is_some() || self.every.is_some()
    }

    /// Whether a text passes; `bytes` are those that it has, where the filter
    /// asks for them.
    pub(super) fn passes(&self, text: &[u8], bytes: &ByteSet) -> bool {
        let allows = |set: &Option<ByteSet>, byte: Option<&u8>| match set {
            Some(set) => byte.is_some_and(|byte| set.has(*byte)),
            None => true,
        };
        (self.least..=self.most).contains(&text.len())
            && allows(&self.first, text.first())
            && allows(&self.last, text.last())
            && self.somewhere.as_ref().is_none_or(|set| set.meets(bytes))
            && self.every.as_ref().is_none_or(|set| bytes.within(set))
    }
}

fn rarer(one: Option<ByteSet>, other: Option<ByteSet>) -> Option<ByteSet> {
    one.into_iter().chain(other).min_by_key(ByteSet::len)
}

/// The smallest set of which each match has a byte, among those of the parts
/// that every match has.
fn rarest_byte(hir: &Hir, rarest: &mut Option<ByteSet>) {
    match hir.kind() {
        HirKind::Literal(literal) => {
            for byte in &literal.0 {
                *rarest = rarer(*rarest, Some(ByteSet::of(&[*byte])));
            }
        }
        HirKind::Class(_) => *rarest = rarer(*rarest, Some(EndBytes::of(hir, Side::First).bytes)),
        HirKind::Repetition(repetition) if repetition.min > 0 => rarest_byte(&repetition.sub, rarest),
        HirKind::Capture(capture) => rarest_byte(&capture.sub, rarest),
        HirKind::Concat(parts) => parts.iter().for_each(|part| rarest_byte(part, rarest)),
        HirKind::Alternation(branches) => {
            let mut union = Some(ByteSet::default());
            for branch in branches {
                let mut of_branch = None;
                rarest_byte(branch, &mut of_branch);
                union = match (union, of_branch) {
                    (Some(mut union), Some(set)) => {
                        union.add_all(set);
                        Some(union)
                    }
                    _ => None,
                };
            }
            *rarest = rarer(*rarest, union);
        }
        HirKind::Empty | HirKind::Look(_) | HirKind::Repetition(_) => {}
    }
}

/// All bytes that a match may have.
fn all_bytes(hir: &Hir) -> ByteSet {
    let mut bytes = ByteSet::default();
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => bytes.add_all(ByteSet::of(&literal.0)),
        HirKind::Class(class) => {
            bytes.add_all(end_bytes_of_class(class, Side::First));
            bytes.add_all(end_bytes_of_class(class, Side::Last));
            // Between the first and the last byte of a character.
            if !matches!(class, Class::Unicode(class) if class.is_ascii()) {
                bytes.add_range(0x80, 0xBF);
            }
        }
        HirKind::Repetition(repetition) => bytes = all_bytes(&repetition.sub),
        HirKind::Capture(capture) => bytes = all_bytes(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            parts.iter().for_each(|part| bytes.add_all(all_bytes(part)));
        }
    }
    bytes
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    First,
    Last,
}

/// The bytes that a match may begin or end with.
struct EndBytes {
    bytes: ByteSet,
    /// A match may be empty, so that what stands beside it decides.
    may_be_empty: bool,
}

impl EndBytes {
    fn of(hir: &Hir, side: Side) -> EndBytes {
        let mut bytes = ByteSet::default();
        let may_be_empty = match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => true,
            HirKind::Literal(literal) => {
                let end = if side == Side::First { literal.0.first() } else { literal.0.last() };
                end.into_iter().for_each(|byte| bytes.add(*byte));
                false
            }
            HirKind::Class(class) => {
                bytes = end_bytes_of_class(class, side);
                false
            }
            HirKind::Repetition(repetition) => {
                let sub = EndBytes::of(&repetition.sub, side);
                bytes = sub.bytes;
                sub.may_be_empty || repetition.min == 0
            }
            HirKind::Capture(capture) => return EndBytes::of(&capture.sub, side),
            HirKind::Concat(parts) => {
                let add = |part: &Hir| {
                    let part = EndBytes::of(part, side);
                    bytes.add_all(part.bytes);
                    part.may_be_empty
                };
                match side {
                    Side::First => parts.iter().all(add),
                    Side::Last => parts.iter().rev().all(add),
                }
            }
            HirKind::Alternation(branches) => branches.iter().fold(false, |may_be_empty, branch| {
                let branch = EndBytes::of(branch, side);
                bytes.add_all(branch.bytes);
                may_be_empty || branch.may_be_empty
            }),
        };
        EndBytes { bytes, may_be_empty }
    }
}

fn end_bytes_of_class(class: &Class, side: Side) -> ByteSet {
    let mut bytes = ByteSet::default();
    match class {
        Class::Bytes(class) => {
            class.ranges().iter().for_each(|range| bytes.add_range(range.start(), range.end()));
        }
        Class::Unicode(class) => {
            for range in class.ranges() {
                let ends = [range.start(), range.end()].map(first_byte);
                match side {
                    // First bytes ascend with the characters.
                    Side::First => bytes.add_range(ends[0], ends[1]),
                    Side::Last if range.end().is_ascii() => bytes.add_range(ends[0], ends[1]),
                    Side::Last => {
                        if range.start().is_ascii() {
                            bytes.add_range(ends[0], 0x7F);
                        }
                        bytes.add_range(0x80, 0xBF);
                    }
                }
            }
        }
    }
    bytes
}

fn first_byte(character: char) -> u8 {
    let mut buffer = [0; 4];
    character.encode_utf8(&mut buffer).bytes().next().unwrap_or_default()
}
