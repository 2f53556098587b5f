//! Which rules of a block each word of a subject suits, as rows of bits.

use std::hash::BuildHasher;
use std::sync::Arc;

use hashbrown::{DefaultHashBuilder, HashMap, HashSet, HashTable};

use crate::program::Evaluation;
use crate::transaction::Quick;

use super::clauses::{Literal, Ranges};
use super::predicate::{Met, Predicate, Subject};

/// Rules in a block.
///
/// Each block looks each value up anew, which is what a decision costs where
/// few rules match; rows of more rules would be wide for sets of few. Other
/// sizes were not compared on a quiet machine.
pub(super) const BLOCK: usize = 4_096;

/// One bit a rule, for the rules of one block.
type Bits = [u64; BLOCK / 64];

const NONE: Bits = [0; BLOCK / 64];

/// How many words of bits rows of so many rules have.
pub(super) fn width(rules: usize) -> usize {
    rules.div_ceil(64)
}

pub(super) fn set(row: &mut [u64], position: usize) {
    if let Some(word) = row.get_mut(position / 64) {
        *word |= 1 << (position % 64);
    }
}

pub(super) fn clear(row: &mut [u64], position: usize) {
    if let Some(word) = row.get_mut(position / 64) {
        *word &= !(1 << (position % 64));
    }
}

pub(super) fn has(row: &[u64], position: usize) -> bool {
    row.get(position / 64).is_some_and(|word| word >> (position % 64) & 1 == 1)
}

#[inline]
pub(super) fn keep(row: &mut [u64], other: &[u64]) {
    row.iter_mut().zip(other).for_each(|(word, other)| *word &= other);
}

#[inline]
pub(super) fn drop_from(row: &mut [u64], other: &[u64]) {
    row.iter_mut().zip(other).for_each(|(word, other)| *word &= !other);
}

#[inline]
pub(super) fn join(row: &mut [u64], other: &[u64]) {
    row.iter_mut().zip(other).for_each(|(word, other)| *word |= other);
}

fn meet(row: &[u64], other: &[u64]) -> bool {
    row.iter().zip(other).any(|(word, other)| word & other != 0)
}

/// The positions of its bits, ascending.
pub(super) fn positions(row: &[u64]) -> impl Iterator<Item = usize> {
    row.iter().enumerate().flat_map(|(index, word)| {
        let mut left = *word;
        std::iter::from_fn(move || {
            let bit = (left != 0).then(|| left.trailing_zeros() as usize)?;
            left &= left.wrapping_sub(1);
            Some(index.saturating_mul(64).saturating_add(bit))
        })
    })
}

/// Whether rules are sought that are true, or those that are not false.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sought {
    True,
    NotFalse,
}

/// Which rules suit each word of a subject.
#[derive(Debug)]
pub(super) struct Rows {
    subject: Subject,
    /// One of the predicates that ask the subject: it knows how.
    predicate: Arc<Predicate>,
    /// The rules that require something of the subject.
    requiring: Box<[u64]>,
    /// The words at which the suiting rules change, ascending.
    cuts: Box<[Quick]>,
    /// How many cuts share a row.
    stretch: usize,
    /// The row of each stretch: the rules that suit before its first cut.
    row_of: Box<[u32]>,
    /// Each row once, one after the other.
    rows: Box<[u64]>,
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
        let start = |cut: usize| self.starts.get(cut).map_or(0, |start| *start as usize);
        self.positions.get(start(cut)..start(cut.saturating_add(1))).unwrap_or_default()
    }

    fn apply(&self, cut: usize, row: &mut [u64]) {
        for position in self.at(cut) {
            flip(row, usize::from(*position));
        }
    }
}

/// What a subject says of the rules that require something of it.
enum Suits<'r> {
    Row(&'r [u64]),
    All,
    None,
}

impl Suits<'_> {
    #[inline]
    fn narrow(self, candidates: &mut [u64], requiring: &[u64]) {
        match self {
            Suits::Row(row) => keep(candidates, row),
            Suits::All => {}
            Suits::None => drop_from(candidates, requiring),
        }
    }

    #[inline]
    fn widen(self, suiting: &mut [u64], requiring: &[u64]) {
        match self {
            Suits::Row(row) => join(suiting, row),
            Suits::All => join(suiting, requiring),
            Suits::None => {}
        }
    }
}

impl Rows {
    /// Takes away the candidates that do not suit. `unsure` gets those that
    /// must be asked all the same.
    ///
    /// INVARIANT: the rows are [`Without::Included`].
    #[inline]
    pub(super) fn narrow(
        &self,
        candidates: &mut [u64],
        unsure: &mut [u64],
        sought: Sought,
        evaluation: &mut Evaluation<'_>,
    ) {
        if self.concern(candidates) {
            self.ask(sought, unsure, evaluation, |suits| suits.narrow(candidates, &self.requiring));
        }
    }

    /// Adds those of the candidates that suit.
    ///
    /// INVARIANT: the rows are [`Without::LeftOut`].
    #[inline]
    pub(super) fn widen(
        &self,
        suiting: &mut [u64],
        candidates: &[u64],
        unsure: &mut [u64],
        sought: Sought,
        evaluation: &mut Evaluation<'_>,
    ) {
        if self.concern(candidates) {
            self.ask(sought, unsure, evaluation, |suits| suits.widen(suiting, &self.requiring));
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
        sought: Sought,
        unsure: &mut [u64],
        evaluation: &mut Evaluation<'_>,
        then: impl FnOnce(Suits<'_>),
    ) {
        let met = match self.subject {
            Subject::Slot(slot) => Met::of_slot(evaluation.transaction(), slot),
            Subject::Entry { list, slot } => {
                return self.with_entries(list, slot, sought, unsure, evaluation, then);
            }
            _ => self.predicate.met(evaluation),
        };
        self.with(met, sought, unsure, then);
    }

    /// Calls with what some entry of a list says.
    #[inline(never)]
    fn with_entries(
        &self,
        list: u32,
        slot: u32,
        sought: Sought,
        unsure: &mut [u64],
        evaluation: &Evaluation<'_>,
        then: impl FnOnce(Suits<'_>),
    ) {
        let Some(entries) = Met::of_entries(evaluation.transaction(), list, slot) else {
            return then(if sought == Sought::True { Suits::None } else { Suits::All });
        };
        let mut found = NONE;
        let (mut some, mut all) = (false, false);
        for met in entries {
            self.with(met, sought, unsure, |suits| match suits {
                Suits::Row(row) => {
                    some = true;
                    join(&mut found, row);
                }
                Suits::All => all = true,
                Suits::None => {}
            });
        }
        then(match (all, some) {
            (true, _) => Suits::All,
            (false, true) => Suits::Row(&found),
            (false, false) => Suits::None,
        });
    }

    #[inline]
    fn with(&self, met: Met, sought: Sought, unsure: &mut [u64], then: impl FnOnce(Suits<'_>)) {
        match met {
            Met::Word(word) => {
                let passed = self.cuts.partition_point(|cut| *cut <= word);
                if self.stretch == 1 {
                    return then(Suits::Row(self.row(passed)));
                }
                self.with_changed_row(passed, then);
            }
            Met::Number(_) => {
                join(unsure, &self.requiring);
                then(Suits::All);
            }
            Met::Unknown if sought == Sought::True => then(Suits::None),
            Met::Unknown => then(Suits::All),
        }
    }

    /// The row that a stretch begins with.
    #[inline]
    fn row(&self, stretch: usize) -> &[u64] {
        let width = self.requiring.len();
        let start = self.row_of.get(stretch).map_or(0, |row| (*row as usize).saturating_mul(width));
        self.rows.get(start..start.saturating_add(width)).unwrap_or_default()
    }

    /// Calls with the row after so many cuts, made from that of their stretch.
    #[inline(never)]
    fn with_changed_row(&self, passed: usize, then: impl FnOnce(Suits<'_>)) {
        let stretch = passed.checked_div(self.stretch).unwrap_or(0);
        let mut buffer = NONE;
        let row = buffer.get_mut(..self.requiring.len()).unwrap_or_default();
        row.copy_from_slice(self.row(stretch));
        for cut in stretch.saturating_mul(self.stretch)..passed {
            self.changes.apply(cut, row);
        }
        then(Suits::Row(row));
    }
}

/// Whether rows have the rules that require nothing of their subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Without {
    Included,
    LeftOut,
}

/// What a rule requires of a subject.
pub(super) enum Required<'t> {
    One(Literal<'t>),
    /// Several literals, joined.
    Words(Ranges),
}

/// The rows of a subject, in the making.
pub(super) struct RowsBuilder<'t> {
    predicate: Arc<Predicate>,
    width: usize,
    /// By the position of a rule.
    required: Vec<(usize, Required<'t>)>,
}

/// Rows of a subject at most; with more distinct words than these, several
/// share a row.
const MOST_ROWS: usize = BLOCK;

/// Cuts share a row where so few rules change between them: to change a row
/// takes about a nanosecond a rule, and a row of a block takes 512 bytes.
const FEW_CHANGES: usize = 32;
const LONGEST_STRETCH: usize = 16;

/// With fewer cuts than these each has its row.
const FEW_CUTS: usize = 64;

impl<'t> RowsBuilder<'t> {
    pub(super) fn new(predicate: Arc<Predicate>, width: usize) -> RowsBuilder<'t> {
        RowsBuilder { predicate, width, required: Vec::new() }
    }

    pub(super) fn add(&mut self, position: usize, required: Required<'t>) {
        self.required.push((position, required));
    }

    pub(super) fn rows(self, without: Without) -> Rows {
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
            .unwrap_or(longest)
            .clamp(1, longest)
            .max(cuts.len().div_ceil(MOST_ROWS));
        let mut distinct = Distinct::default();
        let mut row_of = vec![distinct.number(&current)];
        for cut in 0..cuts.len() {
            changes.apply(cut, &mut current);
            if cut.saturating_add(1).is_multiple_of(stretch) {
                row_of.push(distinct.number(&current));
            }
        }
        Rows {
            subject: self.predicate.subject,
            predicate: self.predicate,
            requiring: requiring.into(),
            cuts: cuts.into(),
            stretch,
            row_of: row_of.into(),
            rows: distinct.rows.into(),
            changes: if stretch == 1 { Changes::default() } else { changes },
        }
    }

    /// Which rules change at each cut; those that suit from the lowest word on
    /// change in `first`.
    fn changes(&self, cuts: &[Quick], first: &mut [u64]) -> Changes {
        let numbers: HashMap<Quick, usize> = cuts.iter().copied().zip(0..).collect();
        // Counted first: so the positions of a cut go where they belong.
        let mut ends = vec![0_u32; cuts.len().saturating_add(1)];
        for (position, required) in &self.required {
            required.each_change(|word| match word.and_then(|word| numbers.get(&word)) {
                Some(cut) => {
                    if let Some(count) = ends.get_mut(cut.saturating_add(1)) {
                        *count = count.saturating_add(1);
                    }
                }
                None => flip(first, *position),
            });
        }
        let mut before = 0_u32;
        for end in &mut ends {
            before = before.saturating_add(*end);
            *end = before;
        }
        let starts: Box<[u32]> = ends.clone().into();
        let mut next = ends;
        let mut positions = vec![0_u16; before as usize];
        for (position, required) in &self.required {
            required.each_change(|word| {
                let cut = word.and_then(|word| numbers.get(&word));
                let Some(next) = cut.and_then(|cut| next.get_mut(*cut)) else { return };
                if let Some(held) = positions.get_mut(*next as usize) {
                    // INVARIANT: a block has fewer rules than 16 bits can count.
                    *held = u16::try_from(*position).unwrap_or(u16::MAX);
                }
                *next = next.saturating_add(1);
            });
        }
        Changes { starts, positions: positions.into() }
    }

    /// Every word at which some rule begins or ceases to suit, ascending.
    fn cuts(&self) -> Vec<Quick> {
        // Most words come again and again, and so do whole predicates.
        let mut cuts: HashSet<Quick> = HashSet::new();
        let mut seen: HashSet<*const Predicate> = HashSet::new();
        for (_, required) in &self.required {
            let known = match required {
                Required::One(literal) => !seen.insert(Arc::as_ptr(literal.predicate)),
                Required::Words(_) => false,
            };
            if !known {
                required.each_change(|word| cuts.extend(word));
            }
        }
        let mut cuts: Vec<Quick> = cuts.into_iter().collect();
        cuts.sort_unstable();
        cuts
    }
}

impl Required<'_> {
    /// Calls with every word at which the rule begins or ceases to suit, with
    /// none where it does so before every word.
    fn each_change(&self, mut with: impl FnMut(Option<Quick>)) {
        let range = |(low, high): (Quick, Quick)| {
            with(Some(low).filter(|low| *low != Quick::MIN));
            if let Some(after) = high.checked_add(1) {
                with(Some(after));
            }
        };
        match self {
            Required::One(literal) => literal.each_range(range),
            Required::Words(words) => words.iter().for_each(range),
        }
        if matches!(self, Required::One(literal) if literal.negated) {
            with(None);
        }
    }
}

fn flip(row: &mut [u64], position: usize) {
    if let Some(word) = row.get_mut(position / 64) {
        *word ^= 1 << (position % 64);
    }
}

/// Rows one after the other, each once: many words suit the same rules.
#[derive(Default)]
struct Distinct {
    rows: Vec<u64>,
    numbers: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl Distinct {
    /// The number of a row. All have one width. Identity is by equality: the
    /// table compares.
    fn number(&mut self, row: &[u64]) -> u32 {
        let Distinct { rows, numbers, hasher } = self;
        let width = row.len();
        let held = |rows: &[u64], number: u32| {
            let start = (number as usize).saturating_mul(width);
            rows.get(start..start.saturating_add(width)) == Some(row)
        };
        let hash = hasher.hash_one(row);
        if let Some(number) = numbers.find(hash, |number| held(rows, *number)) {
            return *number;
        }
        let number = u32::try_from(rows.len().checked_div(width).unwrap_or(0)).unwrap_or(u32::MAX);
        rows.extend_from_slice(row);
        numbers.insert_unique(hash, number, |number| {
            let start = (*number as usize).saturating_mul(width);
            hasher.hash_one(rows.get(start..start.saturating_add(width)).unwrap_or_default())
        });
        number
    }
}
