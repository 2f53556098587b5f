//! Which rules of a block each key of a subject suits, as bitmaps.

use std::hash::BuildHasher;
use std::sync::Arc;

use hashbrown::{DefaultHashBuilder, HashMap, HashSet, HashTable};

use crate::program::Evaluation;
use crate::transaction::Key;

use super::bits::{drop_from, flip, join, keep, meet, set};
use super::conjunction::{LiteralRef, Ranges};
use super::key_predicate::{KeyPredicate, KeySubject, SubjectValue};

/// Rules in a block.
///
/// Each block looks each value up anew, which is what a decision costs where
/// few rules match; bitmaps of more rules would be wide for sets of few. Other
/// sizes were not compared on a quiet machine.
pub(super) const BLOCK: usize = 4_096;

/// One bit a rule, for the rules of one block.
type Bits = [u64; BLOCK / 64];

const NONE: Bits = [0; BLOCK / 64];

/// Whether rules are wanted that are true, or those that are not false.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    True,
    NotFalse,
}

/// Which rules suit each key of a subject.
#[derive(Debug)]
pub(super) struct Bitmaps {
    subject: KeySubject,
    /// One of the predicates that ask the subject: it knows how.
    predicate: Arc<KeyPredicate>,
    /// The rules that require something of the subject.
    requiring: Box<[u64]>,
    /// The keys at which the suiting rules change, ascending.
    cuts: Box<[Key]>,
    /// How many cuts share a bitmap.
    stretch: usize,
    /// The bitmap of each stretch: the rules that suit before its first cut.
    bitmap_of: Box<[u32]>,
    /// Each bitmap once, one after the other.
    bitmaps: Box<[u64]>,
    /// The rules that change at each cut; empty where a stretch is one cut.
    changes: Changes,
}

/// The positions of the rules that begin or cease to suit, by cut.
#[derive(Debug, Default)]
struct Changes {
    /// Where those of each cut begin, and where the last end.
    starts: Box<[u32]>,
    positions: Box<[u16]>,
}

impl Changes {
    fn at(&self, cut: usize) -> &[u16] {
        match self.starts.get(cut..) {
            Some([start, end, ..]) => self.positions.get(*start as usize..*end as usize).unwrap_or_default(),
            _ => &[],
        }
    }

    fn apply(&self, cut: usize, bitmap: &mut [u64]) {
        for position in self.at(cut) {
            flip(bitmap, usize::from(*position));
        }
    }
}

/// What a subject says of the rules that require something of it.
enum Suits<'r> {
    Bitmap(&'r [u64]),
    All,
    None,
}

impl Suits<'_> {
    #[inline]
    fn narrow(self, candidates: &mut [u64], requiring: &[u64]) {
        match self {
            Suits::Bitmap(bitmap) => keep(candidates, bitmap),
            Suits::All => {}
            Suits::None => drop_from(candidates, requiring),
        }
    }

    #[inline]
    fn widen(self, suiting: &mut [u64], requiring: &[u64]) {
        match self {
            Suits::Bitmap(bitmap) => join(suiting, bitmap),
            Suits::All => join(suiting, requiring),
            Suits::None => {}
        }
    }
}

impl Bitmaps {
    /// Takes away the candidates that do not suit. `unsure` gets those that
    /// must be asked all the same.
    ///
    /// INVARIANT: the bitmaps are [`Without::Included`].
    #[inline]
    pub(super) fn narrow(
        &self,
        candidates: &mut [u64],
        unsure: &mut [u64],
        wanted: Wanted,
        evaluation: &mut Evaluation<'_>,
    ) {
        if self.concern(candidates) {
            self.ask(wanted, unsure, evaluation, |suits| suits.narrow(candidates, &self.requiring));
        }
    }

    /// Adds those of the candidates that suit.
    ///
    /// INVARIANT: the bitmaps are [`Without::LeftOut`].
    #[inline]
    pub(super) fn widen(
        &self,
        suiting: &mut [u64],
        candidates: &[u64],
        unsure: &mut [u64],
        wanted: Wanted,
        evaluation: &mut Evaluation<'_>,
    ) {
        if self.concern(candidates) {
            self.ask(wanted, unsure, evaluation, |suits| suits.widen(suiting, &self.requiring));
        }
    }

    /// What must be computed is not where no candidate asks for it.
    #[inline]
    fn concern(&self, candidates: &[u64]) -> bool {
        self.subject.is_read() || meet(candidates, &self.requiring)
    }

    /// Calls with what the subject says.
    #[inline]
    fn ask(
        &self,
        wanted: Wanted,
        unsure: &mut [u64],
        evaluation: &mut Evaluation<'_>,
        then: impl FnOnce(Suits<'_>),
    ) {
        let value = match self.subject {
            KeySubject::Slot(slot) => SubjectValue::of_slot(evaluation.transaction(), slot),
            KeySubject::Entry { list, slot } => {
                return self.with_entries(list, slot, wanted, unsure, evaluation, then);
            }
            _ => self.predicate.value(evaluation),
        };
        self.with(value, wanted, unsure, then);
    }

    /// Calls with what some entry of a list says.
    #[inline(never)]
    fn with_entries(
        &self,
        list: u32,
        slot: u32,
        wanted: Wanted,
        unsure: &mut [u64],
        evaluation: &Evaluation<'_>,
        then: impl FnOnce(Suits<'_>),
    ) {
        let Some(entries) = SubjectValue::of_entries(evaluation.transaction(), list, slot) else {
            return then(if wanted == Wanted::True { Suits::None } else { Suits::All });
        };
        let mut found = NONE;
        let (mut some, mut all) = (false, false);
        for value in entries {
            self.with(value, wanted, unsure, |suits| match suits {
                Suits::Bitmap(bitmap) => {
                    some = true;
                    join(&mut found, bitmap);
                }
                Suits::All => all = true,
                Suits::None => {}
            });
        }
        then(match (all, some) {
            (true, _) => Suits::All,
            (false, true) => Suits::Bitmap(&found),
            (false, false) => Suits::None,
        });
    }

    #[inline]
    fn with(&self, value: SubjectValue, wanted: Wanted, unsure: &mut [u64], then: impl FnOnce(Suits<'_>)) {
        match value {
            SubjectValue::Key(key) => {
                let passed = self.cuts.partition_point(|cut| *cut <= key);
                if self.stretch == 1 {
                    return then(Suits::Bitmap(self.bitmap(passed)));
                }
                self.with_changed_bitmap(passed, then);
            }
            SubjectValue::Number(_) => {
                join(unsure, &self.requiring);
                then(Suits::All);
            }
            SubjectValue::Unknown if wanted == Wanted::True => then(Suits::None),
            SubjectValue::Unknown => then(Suits::All),
        }
    }

    /// The bitmap that a stretch begins with.
    #[inline]
    fn bitmap(&self, stretch: usize) -> &[u64] {
        let number = self.bitmap_of.get(stretch).copied().unwrap_or(0);
        nth(&self.bitmaps, number, self.requiring.len())
    }

    /// Calls with the bitmap after so many cuts, made from that of their stretch.
    #[inline(never)]
    fn with_changed_bitmap(&self, passed: usize, then: impl FnOnce(Suits<'_>)) {
        let stretch = passed.checked_div(self.stretch).unwrap_or(0);
        let mut buffer = NONE;
        let bitmap = buffer.get_mut(..self.requiring.len()).unwrap_or_default();
        bitmap.copy_from_slice(self.bitmap(stretch));
        // A rule that changes twice is as it was, whatever the order.
        let since = passed.checked_rem(self.stretch).unwrap_or(0);
        for cut in (0..passed).rev().take(since) {
            self.changes.apply(cut, bitmap);
        }
        then(Suits::Bitmap(bitmap));
    }
}

/// One of bitmaps of a width that stand one after the other.
#[inline]
fn nth(bitmaps: &[u64], number: u32, width: usize) -> &[u64] {
    bitmaps.chunks_exact(width.max(1)).nth(number as usize).unwrap_or_default()
}

/// Whether bitmaps have the rules that require nothing of their subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Without {
    Included,
    LeftOut,
}

/// What a rule requires of a subject.
pub(super) enum Required<'t> {
    One(LiteralRef<'t>),
    /// Several literals, joined.
    Keys(Ranges),
}

/// The bitmaps of a subject, in the making.
pub(super) struct BitmapsBuilder<'t> {
    predicate: Arc<KeyPredicate>,
    width: usize,
    /// By the position of a rule.
    required: Vec<(usize, Required<'t>)>,
}

/// Bitmaps of a subject at most; with more distinct keys than these, several
/// share a bitmap.
const MOST_BITMAPS: usize = BLOCK;

/// Cuts share a bitmap where so few rules change between them: to change a bitmap
/// takes about a nanosecond a rule, and a bitmap of a block takes 512 bytes.
const FEW_CHANGES: usize = 32;
const LONGEST_STRETCH: usize = 16;

/// With fewer cuts than these each has its bitmap.
const FEW_CUTS: usize = 64;

impl<'t> BitmapsBuilder<'t> {
    pub(super) fn new(predicate: Arc<KeyPredicate>, width: usize) -> BitmapsBuilder<'t> {
        BitmapsBuilder { predicate, width, required: Vec::new() }
    }

    pub(super) fn add(&mut self, position: usize, required: Required<'t>) {
        self.required.push((position, required));
    }

    pub(super) fn bitmaps(self, without: Without) -> Bitmaps {
        let cuts = self.cuts();
        let mut requiring = vec![0; self.width];
        self.required.iter().for_each(|(position, _)| set(&mut requiring, *position));
        let mut current = vec![0; self.width];
        if without == Without::Included {
            current.iter_mut().zip(&requiring).for_each(|(word, requiring)| *word = !requiring);
        }
        let changes = self.changes(&cuts, &mut current);

        let each = changes.positions.len().checked_div(cuts.len()).unwrap_or(0).max(1);
        let longest = if cuts.len() <= FEW_CUTS { 1 } else { LONGEST_STRETCH };
        let stretch = FEW_CHANGES
            .checked_div(each)
            .unwrap_or(1)
            .clamp(1, longest)
            .max(cuts.len().div_ceil(MOST_BITMAPS));
        let mut distinct = Distinct::default();
        let mut bitmap_of = vec![distinct.number(&current)];
        for (cut, passed) in (0..cuts.len()).zip(1_usize..) {
            changes.apply(cut, &mut current);
            if passed.is_multiple_of(stretch) {
                bitmap_of.push(distinct.number(&current));
            }
        }
        Bitmaps {
            subject: self.predicate.subject,
            predicate: self.predicate,
            requiring: requiring.into(),
            cuts: cuts.into(),
            stretch,
            bitmap_of: bitmap_of.into(),
            bitmaps: distinct.bitmaps.into(),
            changes: if stretch == 1 { Changes::default() } else { changes },
        }
    }

    /// Which rules change at each cut; those that suit from the lowest key on
    /// change in `first`.
    fn changes(&self, cuts: &[Key], first: &mut [u64]) -> Changes {
        let numbers: HashMap<Key, usize> = cuts.iter().copied().zip(0..).collect();
        // Counted first: so the positions of a cut go where they belong.
        // INVARIANT: a block has fewer changes than 32 bits can count: 4 096
        // rules, of a thousand keys and a few literals each at most.
        let mut counts = vec![0_u32; cuts.len()];
        for (position, required) in &self.required {
            required.each_change(|key| match key.and_then(|key| numbers.get(&key)) {
                Some(cut) => {
                    if let Some(count) = counts.get_mut(*cut) {
                        *count = count.wrapping_add(1);
                    }
                }
                None => flip(first, *position),
            });
        }
        let mut all = 0_u32;
        let mut starts = vec![all];
        starts.extend(counts.iter().map(|count| {
            all = all.wrapping_add(*count);
            all
        }));
        let mut next = starts.clone();
        let mut positions = vec![0_u16; all as usize];
        for (position, required) in &self.required {
            required.each_change(|key| {
                let cut = key.and_then(|key| numbers.get(&key));
                let Some(next) = cut.and_then(|cut| next.get_mut(*cut)) else { return };
                if let Some(held) = positions.get_mut(*next as usize) {
                    // INVARIANT: a block has fewer rules than 16 bits can count.
                    *held = u16::try_from(*position).unwrap_or(u16::MAX);
                }
                *next = next.wrapping_add(1);
            });
        }
        Changes { starts: starts.into(), positions: positions.into() }
    }

    /// Every key at which some rule begins or ceases to suit, ascending.
    fn cuts(&self) -> Vec<Key> {
        // Most keys come again and again, and so do whole predicates.
        let mut cuts: HashSet<Key> = HashSet::new();
        let mut seen: HashSet<*const KeyPredicate> = HashSet::new();
        for (_, required) in &self.required {
            let known = match required {
                Required::One(literal) => !seen.insert(Arc::as_ptr(literal.predicate)),
                Required::Keys(_) => false,
            };
            if !known {
                required.each_change(|key| cuts.extend(key));
            }
        }
        let mut cuts: Vec<Key> = cuts.into_iter().collect();
        cuts.sort_unstable();
        cuts
    }
}

impl Required<'_> {
    /// Calls with every key at which the rule begins or ceases to suit, with
    /// none where it does so before every key.
    fn each_change(&self, mut with: impl FnMut(Option<Key>)) {
        let range = |(low, high): (Key, Key)| {
            with(Some(low).filter(|low| *low != Key::MIN));
            if let Some(after) = high.checked_add(1) {
                with(Some(after));
            }
        };
        match self {
            Required::One(literal) => literal.each_range(range),
            Required::Keys(keys) => keys.iter().for_each(range),
        }
        if matches!(self, Required::One(literal) if literal.negated) {
            with(None);
        }
    }
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
        if let Some(number) = numbers.find(hash, |number| nth(bitmaps, *number, width) == bitmap) {
            return *number;
        }
        let number = u32::try_from(bitmaps.len().checked_div(width).unwrap_or(0)).unwrap_or(u32::MAX);
        bitmaps.extend_from_slice(bitmap);
        numbers.insert_unique(hash, number, |number| hasher.hash_one(nth(bitmaps, *number, width)));
        number
    }
}
