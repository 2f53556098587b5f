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
    /// The row from each cut on; the first is that before every cut.
    row_of: Box<[u32]>,
    /// Each row once, one after the other.
    rows: Box<[u64]>,
    /// Whether a row has suiting rules alone; else all of them and some more.
    exact: bool,
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
        match self.subject {
            Subject::Slot(slot) => {
                let met = Met::of_slot(evaluation.transaction(), slot);
                self.suits(met, sought, unsure).narrow(candidates, &self.requiring);
            }
            Subject::Entry { list, slot } => {
                let mut buffer = NONE;
                let suits = self.suits_entries(list, slot, sought, unsure, &mut buffer, evaluation);
                suits.narrow(candidates, &self.requiring);
            }
            _ if meet(candidates, &self.requiring) => {
                let met = self.predicate.met(evaluation);
                self.suits(met, sought, unsure).narrow(candidates, &self.requiring);
            }
            // What must be computed is not where no candidate asks for it.
            _ => {}
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
        match self.subject {
            Subject::Slot(slot) => {
                let met = Met::of_slot(evaluation.transaction(), slot);
                self.suits(met, sought, unsure).widen(suiting, &self.requiring);
            }
            Subject::Entry { list, slot } => {
                let mut buffer = NONE;
                let suits = self.suits_entries(list, slot, sought, unsure, &mut buffer, evaluation);
                suits.widen(suiting, &self.requiring);
            }
            _ if meet(candidates, &self.requiring) => {
                let met = self.predicate.met(evaluation);
                self.suits(met, sought, unsure).widen(suiting, &self.requiring);
            }
            _ => {}
        }
    }

    /// What some entry of a list says.
    #[inline(never)]
    fn suits_entries<'r>(
        &'r self,
        list: u32,
        slot: u32,
        sought: Sought,
        unsure: &mut [u64],
        buffer: &'r mut Bits,
        evaluation: &Evaluation<'_>,
    ) -> Suits<'r> {
        let Some(entries) = Met::of_entries(evaluation.transaction(), list, slot) else {
            return if sought == Sought::True { Suits::None } else { Suits::All };
        };
        let mut some = false;
        for met in entries {
            match self.suits(met, sought, unsure) {
                Suits::Row(row) => {
                    some = true;
                    join(buffer, row);
                }
                Suits::All => return Suits::All,
                Suits::None => {}
            }
        }
        if some { Suits::Row(buffer) } else { Suits::None }
    }

    #[inline]
    fn suits(&self, met: Met, sought: Sought, unsure: &mut [u64]) -> Suits<'_> {
        match met {
            Met::Word(word) => {
                if !self.exact {
                    join(unsure, &self.requiring);
                }
                Suits::Row(self.row(word))
            }
            Met::Number(_) => {
                join(unsure, &self.requiring);
                Suits::All
            }
            Met::Unknown if sought == Sought::True => Suits::None,
            Met::Unknown => Suits::All,
        }
    }

    #[inline]
    fn row(&self, word: Quick) -> &[u64] {
        let class = self.cuts.partition_point(|cut| *cut <= word);
        let width = self.requiring.len();
        let start = self.row_of.get(class).map_or(0, |row| (*row as usize).saturating_mul(width));
        self.rows.get(start..start.saturating_add(width)).unwrap_or_default()
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

/// Rows of a subject at most: with more distinct words than these, several
/// share a row, and the rules are to be asked.
const MOST_ROWS: usize = BLOCK;

impl<'t> RowsBuilder<'t> {
    pub(super) fn new(predicate: Arc<Predicate>, width: usize) -> RowsBuilder<'t> {
        RowsBuilder { predicate, width, required: Vec::new() }
    }

    pub(super) fn add(&mut self, position: usize, required: Required<'t>) {
        self.required.push((position, required));
    }

    pub(super) fn rows(self, without: Without) -> Rows {
        let cuts = self.cuts();
        // Each row speaks for so many cuts.
        let stretch = cuts.len().div_ceil(MOST_ROWS).max(1);
        let stretches = cuts.len().div_ceil(stretch);
        let exact = stretch == 1;
        let row_of_cut = |cut: usize| cut.checked_div(stretch).unwrap_or(0).saturating_add(1);
        let numbers: HashMap<Quick, usize> =
            cuts.iter().enumerate().map(|(cut, word)| (*word, row_of_cut(cut))).collect();

        // Which rules change from row to row; the first row is that before
        // every cut.
        let mut changes = Grid::of(stretches.saturating_add(1), self.width);
        let mut touched =
            if exact { Grid::of(0, 0) } else { Grid::of(stretches.saturating_add(1), self.width) };
        let mut requiring = vec![0; self.width];
        for (position, required) in &self.required {
            set(&mut requiring, *position);
            let mut change = |row: usize| {
                flip(changes.row_mut(row), *position);
                set(touched.row_mut(row), *position);
            };
            required
                .each_change(|word| change(word.map_or(0, |word| numbers.get(&word).copied().unwrap_or(0))));
        }

        let mut current = vec![0; self.width];
        if without == Without::Included {
            current.iter_mut().zip(&requiring).for_each(|(word, requiring)| *word = !requiring);
        }
        let mut distinct = Distinct::default();
        let rows = (0..=stretches).map(|row| {
            // A rule that changes within a stretch suits some word of it.
            let mut suiting = current.clone();
            current.iter_mut().zip(changes.row_mut(row)).for_each(|(word, change)| *word ^= *change);
            if exact || row == 0 {
                return distinct.number(&current);
            }
            join(&mut suiting, touched.row_mut(row));
            distinct.number(&suiting)
        });
        Rows {
            subject: self.predicate.subject,
            predicate: self.predicate,
            row_of: rows.collect(),
            requiring: requiring.into(),
            cuts: cuts.into_iter().step_by(stretch).collect(),
            rows: distinct.rows.into(),
            exact,
        }
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

/// Rows of bits, one after the other.
struct Grid {
    width: usize,
    words: Vec<u64>,
}

impl Grid {
    fn of(rows: usize, width: usize) -> Grid {
        Grid { width, words: vec![0; rows.saturating_mul(width)] }
    }

    /// A row; nothing where there is none.
    fn row_mut(&mut self, row: usize) -> &mut [u64] {
        let start = row.saturating_mul(self.width);
        self.words.get_mut(start..start.saturating_add(self.width)).unwrap_or_default()
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
