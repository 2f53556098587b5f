//! What a set decides, and what it tells of it.

use std::hash::Hash;

use crate::program::Evaluation;
use crate::value::Truth;

use super::bits::{has, one, ones, positions, union};
use super::block::Block;
use super::member::{Asking, Member};
use super::space::{Space, WantedTruth, Work};
use super::verdict::{AbsentNames, Undecided, Verdict};
use super::{RuleSet, RuleSetError};

impl<Id: Clone + Eq + Hash> RuleSet<Id> {
    /// Calls with every rule that is true, in order, and with the positions of
    /// the line items or tenders for which it is.
    ///
    /// Allocates nothing once the scratch space is warm. Cost follows the
    /// rules that may be true, not all rules. Fails where the transaction was
    /// read for another layout.
    ///
    /// ```
    /// use target_rules::{Ast, Evaluation, Limits, RuleSet, Schema, Scratch, Zone};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentLineItem.qty > 2", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let set = RuleSet::new([(50, rule)])?;
    /// let document = r#"{"currentTxn": {"lineItems": [{"qty": 1}, {"qty": 3}]}}"#;
    /// let transaction = set.layout().read(document, &limits)?;
    /// let (mut scratch, zone) = (Scratch::default(), Zone::UTC);
    /// let mut evaluation = Evaluation::new(&transaction, &zone, &mut scratch);
    /// let mut matching = Vec::new();
    /// set.decide(&mut evaluation, |id, items| matching.push((*id, items.to_vec())))?;
    /// assert_eq!(matching, [(50, vec![1])]); // positions from 0
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn decide(
        &self,
        evaluation: &mut Evaluation<'_>,
        mut matching: impl FnMut(&Id, &[usize]),
    ) -> Result<(), RuleSetError<Id>> {
        self.each(
            WantedTruth::True,
            evaluation,
            |_, _| {},
            |id, verdict| {
                if let Verdict::True { items } = verdict {
                    matching(id, items);
                }
            },
        )
    }

    /// Calls with every rule that is true or unknown, in order, in one pass.
    ///
    /// Which rules are unknown costs a fraction of what is true; why they are
    /// is asked by [`RuleSet::undecided`] and [`RuleSet::why`]. Allocates
    /// nothing once the scratch space is warm.
    ///
    /// ```
    /// use target_rules::ruleset::Verdict;
    /// use target_rules::{Ast, Evaluation, Limits, RuleSet, Schema, Scratch, Zone};
    /// let limits = Limits::default();
    /// let rule = |text: &str| {
    ///     Ast::from_text(text, &limits)?.check(&Schema::standard(), &limits).into_rule()
    /// };
    /// let [value, tier] = ["currentTxn.value > 500", r#"currentCustomer.slabName == "Gold""#];
    /// let set = RuleSet::new([(50, rule(value)?), (51, rule(tier)?)])?;
    /// let transaction = set.layout().read(r#"{"currentTxn": {"value": 730.50}}"#, &limits)?;
    /// let (mut scratch, zone) = (Scratch::default(), Zone::UTC);
    /// let mut evaluation = Evaluation::new(&transaction, &zone, &mut scratch);
    /// let (mut matching, mut unknown) = (Vec::new(), Vec::new());
    /// set.verdicts(&mut evaluation, |id, verdict| match verdict {
    ///     Verdict::True { .. } => matching.push(*id),
    ///     Verdict::Unknown => unknown.push(*id),
    /// })?;
    /// assert_eq!((matching, unknown), (vec![50], vec![51]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn verdicts(
        &self,
        evaluation: &mut Evaluation<'_>,
        told: impl FnMut(&Id, Verdict<'_>),
    ) -> Result<(), RuleSetError<Id>> {
        self.each(WantedTruth::NotFalse, evaluation, |_, _| {}, told)
    }

    /// Calls with 64 rules after the other, in order, and a bit for each: whether it is true, and
    /// whether it is unknown; the first rule has the lowest bit. Of rules that are all false
    /// nothing is told.
    ///
    /// For hosts that count: with very many rules what is told one by one costs as much as the
    /// decision. For which items rules are true isn't found out. Cost and errors are else those of
    /// [`RuleSet::verdicts`].
    ///
    /// ```
    /// use target_rules::{Ast, Evaluation, Limits, RuleSet, Schema, Scratch, Zone};
    /// let limits = Limits::default();
    /// let rule = |text: &str| {
    ///     Ast::from_text(text, &limits)?.check(&Schema::standard(), &limits).into_rule()
    /// };
    /// let [small, large] = ["currentTxn.value > 500", "currentTxn.value > 9000"];
    /// let tier = r#"currentCustomer.slabName == "Gold""#;
    /// let set = RuleSet::new([(50, rule(small)?), (51, rule(large)?), (52, rule(tier)?)])?;
    /// let transaction = set.layout().read(r#"{"currentTxn": {"value": 730.50}}"#, &limits)?;
    /// let (mut scratch, zone) = (Scratch::default(), Zone::UTC);
    /// let mut evaluation = Evaluation::new(&transaction, &zone, &mut scratch);
    /// set.words(&mut evaluation, |ids, truths, unknowns| {
    ///     assert_eq!(ids, [50, 51, 52]);
    ///     assert_eq!((truths, unknowns), (0b001, 0b100));
    /// })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn words(
        &self,
        evaluation: &mut Evaluation<'_>,
        mut told: impl FnMut(&[Id], u64, u64),
    ) -> Result<(), RuleSetError<Id>> {
        self.own(evaluation)?;
        let subjects = &*self.pools.subjects;
        let mut space = evaluation.take_space::<Space>();
        space.work.values.begin(subjects, evaluation.transaction());
        space.items.unasked = true;
        for block in &self.blocks {
            block.decide(subjects, &mut space, WantedTruth::NotFalse, evaluation);
            let words = space.truths.iter().zip(&space.unknowns).zip((0_usize..).step_by(64));
            for ((truths, unknowns), first) in words {
                if truths | unknowns != 0 {
                    let ids = block.ids_from(first);
                    told(ids.get(..64).unwrap_or(ids), *truths, *unknowns);
                }
            }
        }
        space.items.unasked = false;
        evaluation.forget_items();
        evaluation.give_space(space);
        Ok(())
    }

    /// The same as [`RuleSet::decide`]; gives how many rules are unknown
    /// besides.
    ///
    /// ```
    /// use target_rules::{Ast, Evaluation, Limits, RuleSet, Schema, Scratch, Zone};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let set = RuleSet::new([(50, rule)])?;
    /// let transaction = set.layout().read("{}", &limits)?;
    /// let (mut scratch, zone) = (Scratch::default(), Zone::UTC);
    /// let mut evaluation = Evaluation::new(&transaction, &zone, &mut scratch);
    /// assert_eq!(set.decide_and_count(&mut evaluation, |_id, _items| {})?, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn decide_and_count(
        &self,
        evaluation: &mut Evaluation<'_>,
        mut matching: impl FnMut(&Id, &[usize]),
    ) -> Result<usize, RuleSetError<Id>> {
        let mut count = 0_usize;
        let counted = |_: &Block<Id>, space: &mut Space| {
            for word in &mut space.unknowns {
                // INVARIANT: each of the rules is counted once.
                count = count.wrapping_add(word.count_ones() as usize);
                *word = 0;
            }
        };
        self.each(WantedTruth::NotFalse, evaluation, counted, |id, verdict| {
            if let Verdict::True { items } = verdict {
                matching(id, items);
            }
        })?;
        Ok(count)
    }

    /// Calls with every rule that is unknown, in order, and with its reasons.
    ///
    /// Allocates nothing once the scratch space is warm, but for rules of which
    /// only the interpreter can say why: those that are at fault, and those
    /// that compare truth values.
    ///
    /// Cost is that of [`RuleSet::verdicts`], and linear in the rules that are unknown.
    ///
    /// ```
    /// use target_rules::{Ast, Evaluation, Limits, RuleSet, Schema, Scratch, Zone};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let set = RuleSet::new([(50, rule)])?;
    /// let transaction = set.layout().read("{}", &limits)?;
    /// let (mut scratch, zone) = (Scratch::default(), Zone::UTC);
    /// let mut evaluation = Evaluation::new(&transaction, &zone, &mut scratch);
    /// set.undecided(&mut evaluation, |undecided| {
    ///     assert_eq!(*undecided.id, 50);
    ///     assert!(undecided.absent.iter().eq(["currentTxn.value"]));
    /// })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn undecided(
        &self,
        evaluation: &mut Evaluation<'_>,
        mut told: impl FnMut(Undecided<'_, Id>),
    ) -> Result<(), RuleSetError<Id>> {
        self.own(evaluation)?;
        let subjects = &*self.pools.subjects;
        let mut space = evaluation.take_space::<Space>();
        space.work.values.begin(subjects, evaluation.transaction());
        for block in &self.blocks {
            block.decide(subjects, &mut space, WantedTruth::NotFalse, evaluation);
            let Space { unknowns, work, .. } = &mut *space;
            for position in positions(unknowns) {
                if let (Some(id), Some(member)) = (block.id(position), block.member(position)) {
                    self.tell_why(id, member, work, evaluation, &mut told);
                }
            }
        }
        evaluation.give_space(space);
        Ok(())
    }

    /// Calls with the reasons of a rule that is unknown.
    fn tell_why(
        &self,
        id: &Id,
        member: &Member,
        work: &mut Work,
        evaluation: &mut Evaluation<'_>,
        told: impl FnOnce(Undecided<'_, Id>),
    ) {
        let subjects = &*self.pools.subjects;
        let Work { values, names, .. } = work;
        let known = member.gather(&mut Asking { subjects, values, evaluation: &mut *evaluation }, names);
        match &member.rule {
            Some(rule) if !known => {
                let decision = rule.decide(evaluation.transaction(), evaluation.zone());
                told(Undecided { id, absent: decision.absent.as_slice().into(), faults: &decision.faults });
            }
            _ => told(Undecided { id, absent: AbsentNames::known(names, &subjects.names), faults: &[] }),
        }
    }

    /// Why one rule is unknown: calls with its reasons where it is. Gives
    /// whether it is.
    ///
    /// Cost is linear in the rules of one block.
    ///
    /// ```
    /// use target_rules::{Ast, Evaluation, Limits, RuleSet, Schema, Scratch, Zone};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let set = RuleSet::new([(50, rule)])?;
    /// let transaction = set.layout().read("{}", &limits)?;
    /// let (mut scratch, zone) = (Scratch::default(), Zone::UTC);
    /// let mut evaluation = Evaluation::new(&transaction, &zone, &mut scratch);
    /// let is_unknown = set.why(&mut evaluation, &50, |undecided| {
    ///     assert!(undecided.absent.iter().eq(["currentTxn.value"]));
    /// })?;
    /// assert!(is_unknown);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn why(
        &self,
        evaluation: &mut Evaluation<'_>,
        id: &Id,
        told: impl FnOnce(Undecided<'_, Id>),
    ) -> Result<bool, RuleSetError<Id>> {
        self.own(evaluation)?;
        let place = self.positions.get(id).ok_or_else(|| RuleSetError::UnknownId(id.clone()))?;
        let block = self.blocks.get(place.block as usize);
        let Some(member) = block.and_then(|block| block.member(place.position as usize)) else {
            return Ok(false);
        };
        let subjects = &*self.pools.subjects;
        let mut space = evaluation.take_space::<Space>();
        space.work.values.begin(subjects, evaluation.transaction());
        let mut asking = Asking { subjects, values: &mut space.work.values, evaluation: &mut *evaluation };
        let is_unknown = member.truth_of_all(&mut asking) == Truth::Unknown;
        if is_unknown {
            self.tell_why(id, member, &mut space.work, evaluation, told);
        }
        evaluation.give_space(space);
        Ok(is_unknown)
    }

    /// Decides block by block. Calls with what came of each, and then with
    /// every rule that is true or unknown there, in order.
    fn each(
        &self,
        wanted: WantedTruth,
        evaluation: &mut Evaluation<'_>,
        mut decided: impl FnMut(&Block<Id>, &mut Space),
        mut told: impl FnMut(&Id, Verdict<'_>),
    ) -> Result<(), RuleSetError<Id>> {
        self.own(evaluation)?;
        let subjects = &*self.pools.subjects;
        let mut space = evaluation.take_space::<Space>();
        space.work.values.begin(subjects, evaluation.transaction());
        for block in &self.blocks {
            block.decide(subjects, &mut space, wanted, evaluation);
            decided(block, &mut space);
            if wanted == WantedTruth::True {
                space.unknowns.fill(0);
            }
            if space.items.too_many {
                self.tell_slowly(block, &mut space, evaluation, &mut told);
                continue;
            }
            let Space { truths, unknowns, items, .. } = &*space;
            let mut of_rules = &*items.of_rules;
            let words = truths.iter().zip(unknowns).zip((0_usize..).step_by(64));
            for ((truths, unknowns), first) in words {
                let told_of = truths | unknowns;
                if told_of == 0 {
                    continue;
                }
                let ids = block.ids_from(first);
                for at in ones(told_of) {
                    let Some(id) = ids.get(at) else { break };
                    if truths & one(at) == 0 {
                        told(id, Verdict::Unknown);
                        continue;
                    }
                    let items = match of_rules.split_first() {
                        Some((own, others)) if usize::from(own.position) == first | at => {
                            of_rules = others;
                            items.held.get(own.start..own.end).unwrap_or_default()
                        }
                        _ => &[],
                    };
                    told(id, Verdict::True { items });
                }
            }
        }
        evaluation.forget_items();
        evaluation.give_space(space);
        Ok(())
    }

    /// The same where the items of all rules are too many to hold.
    #[cold]
    fn tell_slowly(
        &self,
        block: &Block<Id>,
        space: &mut Space,
        evaluation: &mut Evaluation<'_>,
        told: &mut impl FnMut(&Id, Verdict<'_>),
    ) {
        let (truths, unknowns) = (std::mem::take(&mut space.truths), std::mem::take(&mut space.unknowns));
        for position in union(&truths, &unknowns) {
            let Some(id) = block.id(position) else { continue };
            if has(&truths, position) {
                block.items_of(position, &self.pools.subjects, space, evaluation);
                told(id, Verdict::True { items: &space.items.held });
            } else {
                told(id, Verdict::Unknown);
            }
        }
        (space.truths, space.unknowns) = (truths, unknowns);
    }

    fn own(&self, evaluation: &Evaluation<'_>) -> Result<(), RuleSetError<Id>> {
        if evaluation.is_for(&self.layout) { Ok(()) } else { Err(RuleSetError::OtherLayout) }
    }
}
