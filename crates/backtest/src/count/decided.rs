//! What the set says of one transaction.

use target_rules::ruleset::Verdict;
use target_rules::{Evaluation, Truth};

use crate::plan::Plan;

/// What was decided of a transaction; its memory is used for the next one again.
#[derive(Debug)]
pub(super) struct Decided {
    /// The tallies that it hits.
    pub(super) hits: Vec<u32>,
    /// The truths of the rules of clauses.
    pub(super) truths: Vec<Truth>,
    /// Of each target in focus, what it says, its rule, and its filters.
    pub(super) focus: Vec<OfFocus>,
    /// Those that are unknown although their rule is true.
    pub(super) unknown_by_filters: Vec<u32>,
    /// Of a comparison, what each tally says; else nothing.
    pub(super) tallies: Vec<Truth>,
    /// Where each tally stands first among the targets in focus.
    in_focus: Vec<Option<usize>>,
    /// Where targets in focus stand whose tally has come before, and where that did.
    again: Vec<(usize, usize)>,
}

/// What a target in focus says.
#[derive(Debug, Clone, Copy)]
pub(super) struct OfFocus {
    pub(super) whole: Truth,
    pub(super) rule: Truth,
    pub(super) admitted: Truth,
}

impl Decided {
    pub(super) fn of(plan: &Plan) -> Decided {
        let mut in_focus = vec![None; plan.tallies.len()];
        let mut again = Vec::new();
        for (place, focus) in plan.focus.iter().enumerate() {
            let tally = plan.tallies.tally(focus.subject);
            match tally.and_then(|tally| in_focus.get_mut(tally)) {
                Some(Some(first)) => again.push((place, *first)),
                Some(slot) => *slot = Some(place),
                None => {}
            }
        }
        let nothing = OfFocus { whole: Truth::False, rule: Truth::False, admitted: Truth::True };
        Decided {
            hits: Vec::new(),
            truths: vec![Truth::False; plan.set.len() - plan.tallies.len()],
            focus: vec![nothing; plan.focus.len()],
            unknown_by_filters: Vec::new(),
            tallies: vec![Truth::False; if plan.pairs.is_empty() { 0 } else { plan.tallies.len() }],
            in_focus,
            again,
        }
    }

    /// Decides all rules, and counts for each tally whether it is unknown.
    pub(super) fn decide(&mut self, plan: &Plan, evaluation: &mut Evaluation<'_>, unknown: &mut [u64]) {
        let transaction = evaluation.transaction();
        let Decided { hits, truths, focus, unknown_by_filters, tallies, in_focus, again } = self;
        hits.clear();
        unknown_by_filters.clear();
        truths.fill(Truth::False);
        tallies.fill(Truth::False);
        for (of, asked) in focus.iter_mut().zip(&plan.focus) {
            let target = plan.subjects.get(asked.subject).and_then(|subject| subject.target());
            let admitted = target.map_or(Truth::True, |target| plan.filters.admit(target, transaction));
            *of = OfFocus { whole: Truth::False, rule: Truth::False, admitted };
        }
        // INVARIANT: the transaction was read for the layout of the set.
        let _ = plan.set.verdicts(evaluation, |number, verdict| {
            let rule = match verdict {
                Verdict::True { .. } => Truth::True,
                Verdict::Unknown => Truth::Unknown,
            };
            let at = usize::try_from(*number).unwrap_or(usize::MAX);
            let Some(place) = in_focus.get(at) else {
                if let Some(truth) = truths.get_mut(at - in_focus.len()) {
                    *truth = rule;
                }
                return;
            };
            let whole = plan.whole(at, rule, transaction);
            match whole {
                Truth::True => hits.push(*number),
                Truth::Unknown => {
                    if let Some(count) = unknown.get_mut(at) {
                        *count += 1;
                    }
                    if rule == Truth::True {
                        unknown_by_filters.push(*number);
                    }
                }
                Truth::False => {}
            }
            if let Some(of) = place.and_then(|place| focus.get_mut(place)) {
                (of.whole, of.rule) = (whole, rule);
            }
            if let Some(truth) = tallies.get_mut(at) {
                *truth = whole;
            }
        });
        for (place, first) in again {
            if let Some(OfFocus { whole, rule, .. }) = focus.get(*first).copied()
                && let Some(of) = focus.get_mut(*place)
            {
                (of.whole, of.rule) = (whole, rule);
            }
        }
    }
}
