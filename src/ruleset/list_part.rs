//! The rules of a block that are decided for each entry of a list: line items or
//! tenders.
//!
//! What they ask of the transaction narrows them first; then each entry narrows
//! a copy of what is left.

use std::sync::Arc;

use crate::program::Evaluation;
use crate::transaction::CurrentEntry;
use crate::value::Truth;

use super::bits::{clear, drop_from, has, join, positions, set, width};
use super::index::Index;
use super::index_builder::IndexBuilder;
use super::member::{Asking, Member};
use super::pool::Subjects;
use super::space::{Items, ItemsOfRule, Space, WantedTruth};
use super::switches::Switches;

/// Rules and entries that are kept at once, at eight bytes each. Where more are
/// true, each rule is asked for its items when it is told.
const MOST_PAIRS: usize = 1 << 20;

#[derive(Debug)]
pub(super) struct ListPart {
    /// The list's number in the layout.
    list: u32,
    index: Index,
    /// By the number of a rule here: its position in the block.
    positions: Box<[u16]>,
}

impl ListPart {
    pub(super) fn of(
        list: u32,
        positions: Vec<u16>,
        members: &[Option<Arc<Member>>],
        subjects: &Subjects,
        switches: Switches,
    ) -> ListPart {
        let mut builder = IndexBuilder::new(positions.len(), members.len(), subjects, switches);
        for (rule, position) in (0..).zip(&positions) {
            if let Some(Some(member)) = members.get(usize::from(*position)) {
                builder.add(rule, member.code());
            }
        }
        ListPart { list, index: builder.finished(), positions: positions.into() }
    }

    fn position(&self, rule: usize) -> Option<usize> {
        self.positions.get(rule).map(|position| usize::from(*position))
    }

    /// Adds what is true and what is unknown to that of the block.
    pub(super) fn decide(
        &self,
        present: &[u64],
        members: &[Option<Arc<Member>>],
        subjects: &Subjects,
        space: &mut Space,
        wanted: WantedTruth,
        evaluation: &mut Evaluation<'_>,
    ) {
        let Space { rules, of_entry, work, truths, unknowns, items } = space;
        let index = &self.index;
        rules.begin(&index.possible, index.nodes.widths);
        for (rule, position) in self.positions.iter().enumerate() {
            if !has(present, usize::from(*position)) {
                clear(&mut rules.open, rule);
            }
        }
        index.narrow(&index.of_transaction, subjects, rules, work, wanted, evaluation);
        items.begin_part(width(self.positions.len()));
        if !rules.is_wanted(wanted) {
            return;
        }
        let transaction = evaluation.transaction();
        let mut decide_entry = |entry, number: Option<u32>, items: &mut Items| {
            of_entry.begin_as(rules);
            evaluation.set_current_entry(entry);
            index.narrow(&index.of_entry, subjects, of_entry, work, wanted, evaluation);
            index.nodes.settle_chains(of_entry, wanted);
            let values = &mut work.values;
            index.settle_asked(of_entry, wanted, |rule| {
                let member = self.position(rule).and_then(|position| members.get(position)?.as_ref());
                member.map_or(Truth::False, |member| {
                    member.truth(&mut Asking { subjects, values: &mut *values, evaluation: &mut *evaluation })
                })
            });
            evaluation.set_current_entry(CurrentEntry::None);
            items.take(of_entry.candidates(), of_entry.unknown_rules(), number);
        };
        match transaction.entries_of(self.list as usize) {
            // Without a list nothing is decided but what holds for no item.
            None => decide_entry(CurrentEntry::Missing, None, items),
            Some(entries) => {
                for (number, entry) in (0..).zip(entries.iter()) {
                    decide_entry(CurrentEntry::At(entry), Some(number), items);
                }
            }
        }
        self.tell(truths, unknowns, items);
    }

    /// From the rules of the part to those of the block.
    fn tell(&self, truths: &mut [u64], unknowns: &mut [u64], items: &mut Items) {
        drop_from(&mut items.unknowns, &items.truths);
        for rule in positions(&items.unknowns) {
            self.position(rule).into_iter().for_each(|position| set(unknowns, position));
        }
        for rule in positions(&items.truths) {
            self.position(rule).into_iter().for_each(|position| set(truths, position));
        }
        items.group(&self.positions);
    }

    /// The entries for which a rule is true, asked one by one.
    pub(super) fn items_of(
        member: &Member,
        subjects: &Subjects,
        space: &mut Space,
        evaluation: &mut Evaluation<'_>,
    ) {
        let Space { work, items, .. } = space;
        items.held.clear();
        let entries = member.list.and_then(|list| evaluation.transaction().entries_of(list as usize));
        for (number, entry) in entries.into_iter().flat_map(|entries| entries.iter().enumerate()) {
            let mut asking = Asking { subjects, values: &mut work.values, evaluation: &mut *evaluation };
            if member.truth_of(CurrentEntry::At(entry), &mut asking) == Truth::True {
                items.held.push(number);
            }
        }
    }
}

impl Items {
    /// Begins a block.
    pub(super) fn begin(&mut self) {
        self.held.clear();
        self.of_rules.clear();
        self.too_many = false;
    }

    fn begin_part(&mut self, words: usize) {
        self.pairs.clear();
        for bits in [&mut self.truths, &mut self.unknowns] {
            bits.clear();
            bits.resize(words, 0);
        }
    }

    /// Takes what an entry says; without a list, what would be true is unknown.
    fn take(&mut self, candidates: &[u64], unknown: &[u64], entry: Option<u32>) {
        let Some(entry) = entry else { return join(&mut self.unknowns, candidates) };
        let words = candidates.iter().zip(unknown).zip(&mut self.truths).zip(&mut self.unknowns);
        let pairs = &mut self.pairs;
        for ((((candidates, unknown), truths), unknowns), first) in words.zip((0_u16..).step_by(64)) {
            let mut left = candidates & !unknown;
            *truths |= left;
            *unknowns |= candidates & unknown;
            while left != 0 && !self.too_many && !self.unasked {
                let at = left.trailing_zeros();
                left &= left.wrapping_sub(1);
                pairs.push((first | u16::try_from(at).unwrap_or(0), entry));
                self.too_many = pairs.len() >= MOST_PAIRS;
            }
        }
    }

    /// Puts the items of each rule side by side, by the position of the rule in
    /// its block.
    fn group(&mut self, positions_of: &[u16]) {
        if self.too_many || self.unasked {
            return;
        }
        let Items { pairs, truths, next, held, of_rules, .. } = self;
        if next.len() < positions_of.len() {
            next.resize(positions_of.len(), 0);
        }
        positions(truths).for_each(|rule| next.get_mut(rule).into_iter().for_each(|count| *count = 0));
        for (rule, _) in &*pairs {
            if let Some(count) = next.get_mut(usize::from(*rule)) {
                *count = count.wrapping_add(1);
            }
        }
        let mut start = held.len();
        for rule in positions(truths) {
            let (Some(count), Some(position)) = (next.get_mut(rule), positions_of.get(rule)) else {
                continue;
            };
            let end = start.wrapping_add(*count);
            of_rules.push(ItemsOfRule { position: *position, start, end });
            *count = start;
            start = end;
        }
        held.resize(start, 0);
        for (rule, entry) in &*pairs {
            if let Some(next) = next.get_mut(usize::from(*rule)) {
                held.get_mut(*next).into_iter().for_each(|item| *item = *entry as usize);
                *next = next.wrapping_add(1);
            }
        }
    }

    /// Orders the rules of several lists.
    pub(super) fn sort(&mut self) {
        self.of_rules.sort_unstable_by_key(|of_rule| of_rule.position);
    }
}
