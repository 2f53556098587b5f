//! The funnel of a target in focus, its curves and its examples.

use serde::{Deserialize, Serialize};
use target_rules::{Evaluation, Truth};

use crate::plan::{Curve, Focus, FocusClause};
use crate::report::{ClauseKind, ExampleKind};

use super::decided::Truths;
use super::examples::{Examples, Standing};

/// What was counted of a target in focus.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FocusCounts {
    pub(crate) clauses: Vec<ClauseCounts>,
    /// Of each curve: for how many transactions so many of the thresholds, from the lowest,
    /// stand before the first from which on the answer is another one.
    pub(crate) curves: Vec<Vec<u64>>,
    pub(crate) examples: Vec<Examples>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ClauseCounts {
    pub(crate) passes: u64,
    pub(crate) unknown: u64,
    pub(crate) rejects_first: u64,
    pub(crate) admitted_if_dropped: u64,
}

/// What the set has answered about the rules of clauses.
#[derive(Debug)]
pub(super) struct Answers<'a> {
    pub(super) rules: &'a Truths,
    /// Whether the filters of the target admit the store.
    pub(super) admitted: Truth,
    /// What the whole target says.
    pub(super) whole: Truth,
    /// What its rule says.
    pub(super) rule: Truth,
    pub(super) active: bool,
}

impl Answers<'_> {
    fn of(&self, member: u32) -> Truth {
        usize::try_from(member).map_or(Truth::False, |at| self.rules.at(at))
    }

    fn alone(&self, clause: &FocusClause) -> Truth {
        match (clause.kind, clause.members) {
            (_, Some(members)) => self.of(members.alone),
            (ClauseKind::Active, None) => Truth::from(self.active),
            _ => self.admitted,
        }
    }

    /// Whether what is left of a rule holds; nothing always does.
    fn holds(&self, member: Option<u32>) -> bool {
        member.is_none_or(|member| self.of(member) == Truth::True)
    }

    /// Whether all that is asked before the rule is true.
    fn lets_rule_decide(&self) -> bool {
        self.active && self.admitted == Truth::True
    }
}

impl FocusCounts {
    pub(crate) fn of(focus: &Focus) -> FocusCounts {
        let kinds = [ExampleKind::Eligible, ExampleKind::NearMiss, ExampleKind::Unknown];
        FocusCounts {
            clauses: vec![ClauseCounts::default(); focus.clauses.len()],
            curves: focus.curves.iter().map(|curve| vec![0; curve.thresholds.len() + 1]).collect(),
            examples: kinds.map(|kind| Examples::of(kind, focus.subject)).into(),
        }
    }

    /// Counts a transaction.
    pub(super) fn add(
        &mut self,
        focus: &Focus,
        answers: &Answers<'_>,
        evaluation: &mut Evaluation<'_>,
        standing: &Standing<'_>,
    ) {
        let refusing = self.add_clauses(focus, answers);
        let only = refusing.filter(|(_, only)| *only).map(|(clause, _)| clause);
        for (curve, counts) in focus.curves.iter().zip(&mut self.curves) {
            let each = focus.clauses.get(curve.clause).and_then(|clause| clause.members?.each);
            let others_pass = match each {
                Some((_, without)) => answers.lets_rule_decide() && answers.holds(without),
                None => answers.whole == Truth::True || only == Some(curve.clause),
            };
            if others_pass && let Some(count) = counts.get_mut(changes_at(curve, evaluation)) {
                *count += 1;
            }
        }
        for examples in &mut self.examples {
            match (examples.kind, answers.whole) {
                (ExampleKind::Eligible, Truth::True) | (ExampleKind::Unknown, Truth::Unknown) => {
                    examples.offer(standing, None);
                }
                (ExampleKind::NearMiss, Truth::False) if only.is_some() => examples.offer(standing, only),
                _ => {}
            }
        }
    }

    /// Counts what each clause does; of a transaction that is no hit the first clause that
    /// rejects it, or one that alone does, and whether it alone does.
    fn add_clauses(&mut self, focus: &Focus, answers: &Answers<'_>) -> Option<(usize, bool)> {
        let (mut first, mut rejecting, mut before, mut alone) = (None, 0_usize, true, None);
        for (place, (clause, counts)) in focus.clauses.iter().zip(&mut self.clauses).enumerate() {
            let truth = answers.alone(clause);
            match truth {
                Truth::True => counts.passes += 1,
                Truth::Unknown => counts.unknown += 1,
                Truth::False => {}
            }
            let each = clause.members.and_then(|members| members.each);
            // Up to this clause, all together: of one line item where the rule asks each.
            let passes_up_to_here = match each {
                Some((with_before, _)) => {
                    answers.lets_rule_decide() && answers.of(with_before) == Truth::True
                }
                None => before && truth == Truth::True,
            };
            if before && !passes_up_to_here {
                counts.rejects_first += 1;
                first = Some(place);
            }
            before &= passes_up_to_here;
            match each {
                Some((_, without)) => {
                    if answers.holds(without) && answers.lets_rule_decide() && answers.whole != Truth::True {
                        counts.admitted_if_dropped += 1;
                        alone = alone.or(Some(place));
                    }
                }
                None => {
                    // Before the rule of line items the clauses of the rule are one.
                    rejecting += usize::from(truth != Truth::True);
                }
            }
        }
        let asks_each =
            focus.clauses.iter().any(|clause| clause.members.is_some_and(|members| members.each.is_some()));
        let rule_passes = !asks_each || answers.rule == Truth::True;
        if rejecting == 1 && rule_passes {
            let rejects = |(_, clause): &(usize, &FocusClause)| {
                clause.members.is_none_or(|members| members.each.is_none())
                    && answers.alone(clause) != Truth::True
            };
            let found = focus.clauses.iter().enumerate().find(rejects).map(|(place, _)| place);
            if let Some(counts) = found.and_then(|place| self.clauses.get_mut(place)) {
                counts.admitted_if_dropped += 1;
            }
            alone = found;
        }
        match alone {
            Some(place) => Some((place, true)),
            None => first.map(|place| (place, false)),
        }
    }

    pub(crate) fn join(&mut self, other: FocusCounts) {
        for (mine, more) in self.clauses.iter_mut().zip(other.clauses) {
            mine.passes += more.passes;
            mine.unknown += more.unknown;
            mine.rejects_first += more.rejects_first;
            mine.admitted_if_dropped += more.admitted_if_dropped;
        }
        for (mine, more) in self.curves.iter_mut().zip(other.curves) {
            mine.iter_mut().zip(more).for_each(|(count, more)| *count += more);
        }
        for (mine, more) in self.examples.iter_mut().zip(other.examples) {
            mine.held.join(more.held);
        }
    }
}

/// How many of the thresholds, from the lowest, stand before the answer changes: it does at
/// most once, since a higher threshold only takes away, or only adds.
fn changes_at(curve: &Curve, evaluation: &mut Evaluation<'_>) -> usize {
    curve
        .programs
        .partition_point(|program| (program.decide(evaluation) == Truth::True) == curve.rising_rejects)
}

/// The first clause that rejects a transaction, of one that is no hit.
pub(super) fn deciding(focus: &Focus, answers: &Answers<'_>) -> Option<usize> {
    let mut before = true;
    focus.clauses.iter().position(|clause| {
        before = match clause.members.and_then(|members| members.each) {
            Some((with_before, _)) => answers.lets_rule_decide() && answers.of(with_before) == Truth::True,
            None => before && answers.alone(clause) == Truth::True,
        };
        !before
    })
}
