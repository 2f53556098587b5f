//! Up to 4 096 rules, and for each slot which of them a value suits.

use std::sync::Arc;

use crate::program::Evaluation;
use crate::transaction::{Cell, Quick, UNQUICK};
use crate::value::Truth;

use super::captured::Required;
use super::member::Member;

/// Rules in a block.
///
/// Each block looks each value up anew, which is what a decision costs where
/// few rules match; rows of more rules would be wide for sets of few. Other
/// sizes were not compared on a quiet machine.
pub(super) const BLOCK: usize = 4_096;
const WORDS: usize = BLOCK / 64;

/// Rows of one slot: beyond, a block of a thousand rules would take megabytes.
const MOST_CUTS: usize = BLOCK;

/// One bit a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Row([u64; WORDS]);

impl Row {
    const NONE: Row = Row([0; WORDS]);

    fn set(&mut self, position: usize) {
        if let Some(word) = self.0.get_mut(position / 64) {
            *word |= 1 << (position % 64);
        }
    }

    fn clear(&mut self, position: usize) {
        if let Some(word) = self.0.get_mut(position / 64) {
            *word &= !(1 << (position % 64));
        }
    }

    fn has(&self, position: usize) -> bool {
        self.0.get(position / 64).is_some_and(|word| word >> (position % 64) & 1 == 1)
    }

    #[inline]
    fn keep(&mut self, other: &Row) {
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word &= other);
    }

    #[inline]
    fn drop(&mut self, other: &Row) {
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word &= !other);
    }

    fn join(&mut self, other: &Row) {
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word |= other);
    }

    /// The positions of its bits, ascending.
    fn positions(self) -> impl Iterator<Item = usize> {
        self.0.into_iter().enumerate().flat_map(|(index, word)| {
            let mut left = word;
            std::iter::from_fn(move || {
                let bit = (left != 0).then(|| left.trailing_zeros() as usize)?;
                left &= left.wrapping_sub(1);
                Some(index.saturating_mul(64).saturating_add(bit))
            })
        })
    }
}

/// Which rules suit each word of a slot.
#[derive(Debug)]
struct SlotIndex {
    slot: usize,
    /// The rules that require something of the slot.
    requiring: Row,
    /// The words at which the suiting rules change, ascending.
    cuts: Box<[Quick]>,
    /// The row from each cut on; the first is that before every cut.
    row_of: Box<[u32]>,
    /// Each row once; none where there would be too many, and the rules are
    /// to be asked instead.
    rows: Box<[Row]>,
}

#[derive(Debug)]
struct Index {
    /// The rules that rows do not say everything of.
    asking: Row,
    slots: Box<[SlotIndex]>,
}

#[derive(Debug)]
pub(super) struct Block<Id> {
    members: Arc<[Option<Arc<Member<Id>>>]>,
    index: Arc<Index>,
    /// By position, so that a rule that matches need not be looked at.
    ids: Arc<[Option<Id>]>,
    /// The rules that are not removed.
    present: Row,
}

impl<Id: Clone> Block<Id> {
    /// INVARIANT: no more members than [`BLOCK`].
    pub(super) fn of(members: Vec<Option<Arc<Member<Id>>>>) -> Block<Id> {
        let mut present = Row::NONE;
        for (position, _) in members.iter().enumerate().filter(|(_, member)| member.is_some()) {
            present.set(position);
        }
        let index = Arc::new(Index::of(&members));
        let ids = members.iter().map(|member| Some(member.as_deref()?.id().clone())).collect();
        Block { members: members.into(), index, ids, present }
    }
}

impl<Id> Block<Id> {
    pub(super) fn len(&self) -> usize {
        self.members.len()
    }

    /// The members by position; one that was removed is none.
    pub(super) fn members(&self) -> Vec<Option<Arc<Member<Id>>>> {
        let held = |position: usize| self.present.has(position);
        let members = self.members.iter().enumerate();
        members.map(|(position, member)| member.clone().filter(|_| held(position))).collect()
    }

    pub(super) fn present(&self) -> impl Iterator<Item = &Member<Id>> {
        self.present.positions().filter_map(|position| self.member(position))
    }

    fn member(&self, position: usize) -> Option<&Member<Id>> {
        self.members.get(position)?.as_deref()
    }

    /// The block without a rule; what it sorts by stays as it is.
    pub(super) fn without(&self, position: usize) -> Block<Id> {
        let mut present = self.present;
        present.clear(position);
        let (members, index, ids) = (self.members.clone(), self.index.clone(), self.ids.clone());
        Block { members, index, ids, present }
    }

    /// Calls with every rule that is true.
    pub(super) fn decide(&self, evaluation: &mut Evaluation<'_>, matching: &mut impl FnMut(&Id, &[usize])) {
        let mut candidates = self.present;
        // The rules whose slot holds a number that is no word.
        let mut unsure = Row::NONE;
        let transaction = evaluation.transaction();
        let words = transaction.quick();
        for index in &self.index.slots {
            match words.get(index.slot).copied().unwrap_or(UNQUICK) {
                _ if index.rows.is_empty() => unsure.join(&index.requiring),
                UNQUICK if is_number(transaction.cell(index.slot)) => unsure.join(&index.requiring),
                UNQUICK => candidates.drop(&index.requiring),
                word => candidates.keep(index.row(word)),
            }
        }
        for position in candidates.positions() {
            let member = || self.member(position);
            let truth = match (unsure.has(position), self.index.asking.has(position)) {
                (false, false) => {
                    evaluation.forget_items();
                    Truth::True
                }
                (false, true) => member().map_or(Truth::False, |member| member.rest(evaluation)),
                (true, _) => member().map_or(Truth::False, |member| member.truth(evaluation)),
            };
            if let (Truth::True, Some(Some(id))) = (truth, self.ids.get(position)) {
                matching(id, evaluation.items());
            }
        }
    }

    /// The rules that are not false for what the block sorts by.
    pub(super) fn possible<'b>(
        &'b self,
        evaluation: &Evaluation<'_>,
    ) -> impl Iterator<Item = &'b Member<Id>> + use<'b, Id> {
        let mut candidates = self.present;
        let words = evaluation.transaction().quick();
        for index in &self.index.slots {
            let word = words.get(index.slot).copied().unwrap_or(UNQUICK);
            if word != UNQUICK && !index.rows.is_empty() {
                candidates.keep(index.row(word));
            }
        }
        candidates.positions().filter_map(|position| self.member(position))
    }
}

fn is_number(cell: &Cell) -> bool {
    matches!(cell, Cell::Fixed(_) | Cell::Number(_))
}

impl SlotIndex {
    #[inline]
    fn row(&self, word: Quick) -> &Row {
        let class = self.cuts.partition_point(|cut| *cut <= word);
        let row = self.row_of.get(class).and_then(|row| self.rows.get(*row as usize));
        row.unwrap_or(&Row::NONE)
    }
}

impl Index {
    fn of<Id>(members: &[Option<Arc<Member<Id>>>]) -> Index {
        let present = || members.iter().enumerate().filter_map(|(at, member)| Some((at, member.as_deref()?)));
        let mut slots: Vec<u32> =
            present().flat_map(|(_, member)| member.captured()).map(|captured| captured.slot).collect();
        slots.sort_unstable();
        slots.dedup();
        let slots = slots.into_iter().map(|slot| {
            let requirements = present().filter_map(|(position, member)| {
                let captured = member.captured().iter().find(|captured| captured.slot == slot)?;
                Some((position, captured.negated, &captured.words))
            });
            slot_index(slot as usize, requirements.collect())
        });
        let mut asking = Row::NONE;
        present().filter(|(_, member)| member.asks()).for_each(|(position, _)| asking.set(position));
        Index { asking, slots: slots.collect() }
    }
}

/// Sorts rules by what they require of a slot: position, whether negated, words.
fn slot_index(slot: usize, requirements: Vec<(usize, bool, &Required)>) -> SlotIndex {
    let mut requiring = Row::NONE;
    // Most cuts come again and again, so they are made one before they are
    // sorted; that this is the cheaper way is believed, not measured.
    let mut cuts: hashbrown::HashSet<Quick> = hashbrown::HashSet::new();
    for (position, _, words) in &requirements {
        requiring.set(*position);
        match words {
            Required::Range { low, high, .. } => cuts.extend([*low, high.saturating_add(1)]),
            Required::Set(words) => {
                cuts.extend(words.iter().flat_map(|word| [word, word.saturating_add(1)]));
            }
        }
    }
    let mut cuts: Vec<Quick> = cuts.into_iter().collect();
    cuts.sort_unstable();
    if cuts.len() > MOST_CUTS {
        return SlotIndex { slot, requiring, cuts: [].into(), row_of: [].into(), rows: [].into() };
    }
    // Before the first cut every rule suits that requires nothing.
    let mut all = Row([u64::MAX; WORDS]);
    all.drop(&requiring);
    let mut rows = vec![all; cuts.len().saturating_add(1)];
    let class = |word: Quick| cuts.partition_point(|cut| *cut <= word);
    for (position, negated, words) in requirements {
        if negated {
            rows.iter_mut().for_each(|row| row.set(position));
        }
        let mut mark = |from: usize, to: usize| {
            for row in rows.get_mut(from..to).unwrap_or_default() {
                if negated { row.clear(position) } else { row.set(position) }
            }
        };
        match words {
            Required::Range { low, high, .. } => mark(class(*low), class(*high).saturating_add(1)),
            Required::Set(words) => {
                words.iter().map(class).for_each(|at| mark(at, at.saturating_add(1)));
            }
        }
    }
    // Many classes have the same row: that of no word that any rule names.
    let mut distinct = hashbrown::HashMap::new();
    let mut kept = Vec::new();
    let row_of = rows.into_iter().map(|row| {
        *distinct.entry(row).or_insert_with(|| {
            kept.push(row);
            u32::try_from(kept.len().saturating_sub(1)).unwrap_or(u32::MAX)
        })
    });
    let row_of: Box<[u32]> = row_of.collect();
    SlotIndex { slot, requiring, cuts: cuts.into(), row_of, rows: kept.into() }
}
