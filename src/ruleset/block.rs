//! Up to 65 536 rules, decided together.

use std::sync::Arc;

use crate::program::Evaluation;
use crate::value::Truth;

use super::bits::{clear, copy, drop_from, has, keep, positions, set, width};
use super::formula::ChainCount;
use super::index::Index;
use super::index_builder::IndexBuilder;
use super::list_part::ListPart;
use super::member::{Asking, Member};
use super::pool::Subjects;
use super::space::{NodeKind, Space, WantedTruth};
use super::switches::Switches;

/// Rules in a block at most: what 16 bits can number. A bitmap of them takes
/// eight kilobytes, so that the few that are written stay in the first cache.
pub(super) const BLOCK: usize = 1 << 16;

/// A rule with its id; none where it was removed.
pub(super) type Placed<Id> = (Id, Option<Arc<Member>>);

#[derive(Debug)]
pub(super) struct Block<Id> {
    /// By position, so that a rule that matches need not be looked at.
    ids: Arc<[Id]>,
    members: Arc<[Option<Arc<Member>>]>,
    parts: Arc<Parts>,
    /// The rules that are not removed.
    present: Box<[u64]>,
}

/// What the rules of a block are sorted by.
#[derive(Debug)]
struct Parts {
    /// The rules that are decided once, by their position in the block.
    single: Index,
    /// Those that are decided for each entry of a list.
    lists: Box<[ListPart]>,
}

impl<Id: Clone> Block<Id> {
    /// INVARIANT: no more rules than [`BLOCK`].
    pub(super) fn of(rules: Vec<Placed<Id>>, subjects: &Subjects, switches: Switches) -> Block<Id> {
        let (ids, members): (Vec<Id>, Vec<Option<Arc<Member>>>) = rules.into_iter().unzip();
        let mut present: Box<[u64]> = vec![0; width(members.len())].into();
        let mut single = IndexBuilder::new(members.len(), members.len(), subjects, switches);
        let mut lists: Vec<(u32, Vec<u16>)> = Vec::new();
        for (position, member) in members.iter().enumerate() {
            let (Some(member), Ok(number)) = (member, u16::try_from(position)) else { continue };
            set(&mut present, position);
            let Some(list) = member.list else {
                single.add(number, member.code());
                continue;
            };
            match lists.iter_mut().find(|(other, _)| *other == list) {
                Some((_, positions)) => positions.push(number),
                None => lists.push((list, vec![number])),
            }
        }
        let of_list = |(list, positions)| ListPart::of(list, positions, &members, subjects, switches);
        let lists = lists.into_iter().map(of_list).collect();
        let parts = Arc::new(Parts { single: single.finished(), lists });
        Block { ids: ids.into(), members: members.into(), parts, present }
    }

    /// The rules by position; one that was removed is none.
    pub(super) fn rules(&self) -> Vec<Placed<Id>> {
        let held = |position: usize| has(&self.present, position);
        let rules = self.ids.iter().zip(&*self.members).enumerate();
        rules
            .map(|(position, (id, member))| (id.clone(), member.clone().filter(|_| held(position))))
            .collect()
    }

    /// The block without a rule; what it sorts by stays as it is.
    pub(super) fn without(&self, position: usize) -> Block<Id> {
        let mut present = self.present.clone();
        clear(&mut present, position);
        let (ids, members, parts) = (self.ids.clone(), self.members.clone(), self.parts.clone());
        Block { ids, members, parts, present }
    }
}

impl<Id> Block<Id> {
    pub(super) fn len(&self) -> usize {
        self.members.len()
    }

    /// How many chains its rules have.
    pub(super) fn chains(&self) -> ChainCount {
        let members = self.members.iter().flatten();
        members.fold(ChainCount::default(), |count, member| count.and(member.chains))
    }

    pub(super) fn present(&self) -> impl Iterator<Item = (&Id, &Arc<Member>)> {
        let member = |position: usize| Some((self.ids.get(position)?, self.member(position)?));
        positions(&self.present).filter_map(member)
    }

    /// The ids from a position on.
    #[inline]
    pub(super) fn ids_from(&self, position: usize) -> &[Id] {
        self.ids.get(position..).unwrap_or_default()
    }

    pub(super) fn id(&self, position: usize) -> Option<&Id> {
        self.ids.get(position)
    }

    pub(super) fn member(&self, position: usize) -> Option<&Arc<Member>> {
        self.members.get(position)?.as_ref()
    }

    /// Puts down which rules are true, and which are unknown, where that is
    /// wanted.
    pub(super) fn decide(
        &self,
        subjects: &Subjects,
        space: &mut Space,
        wanted: WantedTruth,
        evaluation: &mut Evaluation<'_>,
    ) {
        self.decide_single(subjects, space, wanted, evaluation);
        space.items.begin();
        for part in &self.parts.lists {
            part.decide(&self.present, &self.members, subjects, space, wanted, evaluation);
        }
        if self.parts.lists.len() > 1 {
            space.items.sort();
        }
    }

    fn decide_single(
        &self,
        subjects: &Subjects,
        space: &mut Space,
        wanted: WantedTruth,
        evaluation: &mut Evaluation<'_>,
    ) {
        let Space { rules, work, truths, unknowns, .. } = space;
        let index = &self.parts.single;
        rules.begin(&index.possible, index.nodes.widths);
        keep(rules.open_of(NodeKind::Rule), &self.present);
        index.narrow(&index.of_transaction, subjects, rules, work, wanted, evaluation);
        index.nodes.settle_chains(rules, wanted);
        let values = &mut work.values;
        index.settle_asked(rules, wanted, |position| match self.member(position) {
            Some(member) => {
                member.truth(&mut Asking { subjects, values: &mut *values, evaluation: &mut *evaluation })
            }
            None => Truth::False,
        });
        copy(truths, rules.candidates());
        drop_from(truths, rules.unknown_rules());
        copy(unknowns, rules.candidates());
        keep(unknowns, rules.unknown_rules());
    }

    /// The entries for which a rule is true, asked one by one.
    pub(super) fn items_of(
        &self,
        position: usize,
        subjects: &Subjects,
        space: &mut Space,
        evaluation: &mut Evaluation<'_>,
    ) {
        if let Some(member) = self.member(position) {
            ListPart::items_of(member, subjects, space, evaluation);
        }
    }
}
