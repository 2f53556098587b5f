//! Up to 4 096 rules, decided together.

use std::sync::Arc;

use crate::program::Evaluation;
use crate::value::Truth;

use super::bitmaps::{BLOCK, Wanted};
use super::bits::{clear, drop_from, has, positions, set, width};
use super::index::Index;
use super::member::{Member, Residual};

#[derive(Debug)]
pub(super) struct Block<Id> {
    members: Arc<[Option<Arc<Member<Id>>>]>,
    index: Arc<Index>,
    /// By position, so that a rule that matches need not be looked at.
    ids: Arc<[Option<Id>]>,
    /// The same for what is asked of rules; empty where nothing is.
    residuals: Arc<[Option<Arc<Residual>>]>,
    /// The rules that are not removed.
    present: Box<[u64]>,
}

impl<Id: Clone> Block<Id> {
    /// INVARIANT: no more members than [`BLOCK`](super::bitmaps::BLOCK).
    pub(super) fn of(members: Vec<Option<Arc<Member<Id>>>>) -> Block<Id> {
        let mut present: Box<[u64]> = vec![0; width(members.len())].into();
        for (position, _) in members.iter().enumerate().filter(|(_, member)| member.is_some()) {
            set(&mut present, position);
        }
        let index = Arc::new(Index::of(&members));
        let ids = members.iter().map(|member| Some(member.as_deref()?.id().clone())).collect();
        let residual = |member: &Option<Arc<Member<Id>>>| member.as_deref()?.residual().cloned();
        let residuals: Vec<Option<Arc<Residual>>> = members.iter().map(residual).collect();
        let some = residuals.iter().any(Option::is_some);
        let residuals = if some { residuals } else { Vec::new() };
        Block { members: members.into(), index, ids, residuals: residuals.into(), present }
    }
}

impl<Id> Block<Id> {
    pub(super) fn len(&self) -> usize {
        self.members.len()
    }

    /// The members by position; one that was removed is none.
    pub(super) fn members(&self) -> Vec<Option<Arc<Member<Id>>>> {
        let held = |position: usize| has(&self.present, position);
        let members = self.members.iter().enumerate();
        members.map(|(position, member)| member.clone().filter(|_| held(position))).collect()
    }

    pub(super) fn present(&self) -> impl Iterator<Item = &Member<Id>> {
        positions(&self.present).filter_map(|position| self.member(position))
    }

    pub(super) fn member(&self, position: usize) -> Option<&Member<Id>> {
        self.members.get(position)?.as_deref()
    }

    /// The block without a rule; what it sorts by stays as it is.
    pub(super) fn without(&self, position: usize) -> Block<Id>
    where
        Id: Clone,
    {
        let mut present = self.present.clone();
        clear(&mut present, position);
        let (members, index) = (self.members.clone(), self.index.clone());
        Block { members, index, ids: self.ids.clone(), residuals: self.residuals.clone(), present }
    }

    /// Calls with every rule that is true.
    pub(super) fn decide(&self, evaluation: &mut Evaluation<'_>, matching: &mut impl FnMut(&Id, &[usize])) {
        // To clear the workspace for a whole block would take a set of few rules
        // longer than to decide them.
        match self.present.len() {
            0..=FEW => self.decide_in::<FEW>(evaluation, matching),
            _ => self.decide_in::<MOST>(evaluation, matching),
        }
    }

    #[inline]
    fn decide_in<const WORDS: usize>(
        &self,
        evaluation: &mut Evaluation<'_>,
        matching: &mut impl FnMut(&Id, &[usize]),
    ) {
        let mut workspace = ScratchBits::<WORDS>::CLEAR;
        let (candidates, unsure) = self.narrowed(&mut workspace, Wanted::True, evaluation);
        for position in positions(candidates) {
            let truth = if has(unsure, position) || has(&self.index.unsaid, position) {
                self.member(position).map_or(Truth::False, |member| member.truth(evaluation))
            } else if has(&self.index.asking, position) {
                let residual = self.residuals.get(position).and_then(Option::as_deref);
                residual.map_or(Truth::False, |residual| residual.truth(evaluation))
            } else {
                evaluation.forget_items();
                Truth::True
            };
            if let (Truth::True, Some(Some(id))) = (truth, self.ids.get(position)) {
                matching(id, evaluation.items());
            }
        }
    }

    /// Calls with every rule that is unknown.
    pub(super) fn undecided<'b>(
        &'b self,
        evaluation: &mut Evaluation<'_>,
        found: &mut impl FnMut(&'b Member<Id>, &mut Evaluation<'_>),
    ) {
        let mut workspace = ScratchBits::<MOST>::CLEAR;
        let (possible, _) = self.narrowed(&mut workspace, Wanted::NotFalse, evaluation);
        // What the bitmaps say is true need not be asked.
        let mut workspace = ScratchBits::<MOST>::CLEAR;
        let (certain, unsure) = self.narrowed(&mut workspace, Wanted::True, evaluation);
        drop_from(certain, unsure);
        drop_from(certain, &self.index.asking);
        drop_from(possible, certain);
        for member in positions(possible).filter_map(|position| self.member(position)) {
            if member.truth(evaluation) == Truth::Unknown {
                found(member, evaluation);
            }
        }
    }

    /// The rules that may be as they are wanted, and those of which the bitmaps
    /// cannot say.
    #[inline]
    fn narrowed<'r, const WORDS: usize>(
        &self,
        workspace: &'r mut ScratchBits<WORDS>,
        wanted: Wanted,
        evaluation: &mut Evaluation<'_>,
    ) -> (&'r mut [u64], &'r mut [u64]) {
        // INVARIANT: there is room for as many words as the block has.
        let width = self.present.len();
        let candidates = workspace.candidates.get_mut(..width).unwrap_or_default();
        let unsure = workspace.unsure.get_mut(..width).unwrap_or_default();
        let spare = workspace.spare.get_mut(..width).unwrap_or_default();
        candidates.copy_from_slice(&self.present);
        self.index.narrow(candidates, unsure, spare, wanted, evaluation);
        (candidates, unsure)
    }
}

/// Words of bits for a set of few rules, and for a whole block.
const FEW: usize = 4;
const MOST: usize = BLOCK / 64;

/// What a decision writes on its way: a bit a rule each.
struct ScratchBits<const WORDS: usize> {
    candidates: [u64; WORDS],
    unsure: [u64; WORDS],
    spare: [u64; WORDS],
}

impl<const WORDS: usize> ScratchBits<WORDS> {
    const CLEAR: ScratchBits<WORDS> =
        ScratchBits { candidates: [0; WORDS], unsure: [0; WORDS], spare: [0; WORDS] };
}
