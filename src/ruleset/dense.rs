//! A subject that many rules ask: which rules each key suits, as bitmaps.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

use crate::transaction::Key;

use super::bits::{flip, set};
use super::cuts::Cuts;
use super::required::Required;

/// Whether bitmaps have the rules that require nothing of their subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Without {
    Included,
    LeftOut,
}

/// Which rules suit each key.
#[derive(Debug)]
pub(super) struct Dense {
    /// The rules that require something of the subject.
    pub(super) requiring: Box<[u64]>,
    /// The keys at which the suiting rules change, ascending.
    cuts: Cuts,
    /// One after the other.
    bitmaps: Box<[u64]>,
    form: Form,
}

#[derive(Debug)]
enum Form {
    /// Each range between cuts has a bitmap: its number.
    Ranges(Box<[u32]>),
    /// A bitmap each so many changes, and the changes between: a cut stands
    /// once for each rule that begins or ceases to suit there.
    Segments {
        step: usize,
        /// The first cut of each segment.
        heads: Cuts,
        /// By change: the rule.
        rules: Box<[u16]>,
    },
}

/// Each range between cuts has a bitmap of its own where those take no more than
/// so many words, or so many a change: then nothing need be mended, and bitmaps that
/// are alike are kept once.
const FEW_WORDS: usize = 4_096;
const WORDS_A_CHANGE: usize = 2;

/// A segment has as many changes as a bitmap has words, so that to copy a bitmap
/// and to mend it from the nearer end cost alike, and the bitmaps take eight
/// bytes a change; in narrow blocks no fewer than these.
const LEAST_CHANGES: usize = 64;

impl Dense {
    /// INVARIANT: each rule is there once, and below 64 x `width`.
    pub(super) fn of(width: usize, without: Without, required: &[(u16, Required<'_>)]) -> Dense {
        let mut requiring = vec![0; width];
        required.iter().for_each(|(rule, _)| set(&mut requiring, usize::from(*rule)));
        let mut first: Vec<u64> = match without {
            Without::Included => requiring.iter().map(|word: &u64| !word).collect(),
            Without::LeftOut => vec![0; width],
        };
        let mut changes: Vec<(Key, u16)> = Vec::new();
        for (rule, required) in required {
            required.each_change(|key| match key {
                Some(key) => changes.push((key, *rule)),
                None => flip(&mut first, usize::from(*rule)),
            });
        }
        changes.sort_unstable();
        let requiring = requiring.into();
        let ranges = changes.chunk_by(|one, other| one.0 == other.0).count().wrapping_add(1);
        let most = changes.len().wrapping_mul(WORDS_A_CHANGE).max(FEW_WORDS);
        match ranges.checked_mul(width) {
            Some(words) if words <= most => Dense::with_ranges(requiring, first, &changes),
            _ => Dense::with_segments(requiring, first, &changes),
        }
    }

    fn with_ranges(requiring: Box<[u64]>, first: Vec<u64>, changes: &[(Key, u16)]) -> Dense {
        let mut distinct = Distinct::default();
        let mut current = first;
        let mut bitmap_of = vec![distinct.number(&current)];
        let mut cuts = Vec::new();
        for at_cut in changes.chunk_by(|one, other| one.0 == other.0) {
            cuts.extend(at_cut.first().map(|(key, _)| *key));
            at_cut.iter().for_each(|(_, rule)| flip(&mut current, usize::from(*rule)));
            bitmap_of.push(distinct.number(&current));
        }
        Dense {
            requiring,
            cuts: Cuts::of(&cuts),
            bitmaps: distinct.bitmaps.into(),
            form: Form::Ranges(bitmap_of.into()),
        }
    }

    fn with_segments(requiring: Box<[u64]>, first: Vec<u64>, changes: &[(Key, u16)]) -> Dense {
        let step = first.len().max(LEAST_CHANGES);
        let mut current = first;
        let mut bitmaps = Vec::new();
        let mut heads = Vec::new();
        for segment in changes.chunks(step) {
            heads.extend(segment.first().map(|(key, _)| *key));
            bitmaps.extend_from_slice(&current);
            segment.iter().for_each(|(_, rule)| flip(&mut current, usize::from(*rule)));
        }
        bitmaps.extend_from_slice(&current);
        let cuts: Vec<Key> = changes.iter().map(|(key, _)| *key).collect();
        let rules = changes.iter().map(|(_, rule)| *rule).collect();
        Dense {
            requiring,
            cuts: Cuts::of(&cuts),
            bitmaps: bitmaps.into(),
            form: Form::Segments { step, heads: Cuts::of(&heads), rules },
        }
    }

    /// Calls with the bitmap of those that suit a key. `buffer` has room for one.
    #[inline]
    pub(super) fn with_suiting(&self, key: Key, buffer: &mut [u64], then: impl FnOnce(&[u64])) {
        match &self.form {
            Form::Ranges(bitmap_of) => {
                let passed = self.cuts.passed(0..self.cuts.len(), key);
                then(self.bitmap(bitmap_of.get(passed).map_or(0, |number| *number as usize)));
            }
            Form::Segments { step, heads, rules } => {
                let buffer = buffer.get_mut(..self.requiring.len()).unwrap_or_default();
                self.mended(key, *step, heads, rules, buffer);
                then(buffer);
            }
        }
    }

    /// Copies the nearest bitmap and mends it.
    fn mended(&self, key: Key, step: usize, heads: &Cuts, rules: &[u16], buffer: &mut [u64]) {
        let last = heads.passed(0..heads.len(), key).max(1).wrapping_sub(1);
        let start = last.wrapping_mul(step);
        let end = start.wrapping_add(step).min(self.cuts.len());
        let within = self.cuts.passed(start..end, key);
        let passed = start.wrapping_add(within);
        let left = end.wrapping_sub(passed);
        let (segment, changes) =
            if within <= left { (last, start..passed) } else { (last.wrapping_add(1), passed..end) };
        buffer.copy_from_slice(self.bitmap(segment));
        // A rule that changes twice is as it was, whatever the order.
        for rule in rules.get(changes).unwrap_or_default() {
            flip(buffer, usize::from(*rule));
        }
    }

    #[inline]
    fn bitmap(&self, number: usize) -> &[u64] {
        nth(&self.bitmaps, number, self.requiring.len())
    }
}

/// One of bitmaps of a width that stand one after the other.
#[inline]
fn nth(bitmaps: &[u64], number: usize, width: usize) -> &[u64] {
    let start = number.wrapping_mul(width);
    bitmaps.get(start..start.wrapping_add(width)).unwrap_or_default()
}

/// Bitmaps one after the other, each once: many keys suit the same rules.
#[derive(Default)]
struct Distinct {
    bitmaps: Vec<u64>,
    numbers: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl Distinct {
    /// The number of a bitmap. All have one width. Identity is by equality: the
    /// table compares.
    fn number(&mut self, bitmap: &[u64]) -> u32 {
        let Distinct { bitmaps, numbers, hasher } = self;
        let width = bitmap.len();
        let hash = hasher.hash_one(bitmap);
        if let Some(number) = numbers.find(hash, |number| nth(bitmaps, *number as usize, width) == bitmap) {
            return *number;
        }
        let number = u32::try_from(bitmaps.len().checked_div(width).unwrap_or(0)).unwrap_or(u32::MAX);
        bitmaps.extend_from_slice(bitmap);
        numbers.insert_unique(hash, number, |number| hasher.hash_one(nth(bitmaps, *number as usize, width)));
        number
    }
}
