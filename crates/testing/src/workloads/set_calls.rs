//! Every call of a rule set that benchmarks time, in one place: a copy of this
//! file is all that changes where the calls do, so that the same measurements
//! run on builds before and after a change.

use std::fmt::Debug;
use std::hash::Hash;

use target_rules::ruleset::{AbsentNames, Verdict};
use target_rules::{Evaluation, RuleSet};

/// Whether the ids of unknown rules can be had without their reasons.
pub const IDS_WITHOUT_REASONS: bool = true;

/// The rules that hold, in order, each with its line items.
#[inline]
pub fn matching<Id: Clone + Debug + Eq + Hash>(
    set: &RuleSet<Id>,
    evaluation: &mut Evaluation<'_>,
    found: impl FnMut(&Id, &[usize]),
) {
    set.decide(evaluation, found).unwrap();
}

/// The same, and the ids of those that are unknown.
#[inline]
pub fn matching_and_unknown<Id: Clone + Debug + Eq + Hash>(
    set: &RuleSet<Id>,
    evaluation: &mut Evaluation<'_>,
    mut found: impl FnMut(&Id, &[usize]),
    mut unknown: impl FnMut(&Id),
) {
    let told = set.verdicts(evaluation, |id, verdict| match verdict {
        Verdict::True { items } => found(id, items),
        Verdict::Unknown => unknown(id),
    });
    told.unwrap();
}

/// All reasons, and nothing else: with each rule that is unknown, in order,
/// what is absent, and how many faults there are.
#[inline]
pub fn reasons<Id: Clone + Debug + Eq + Hash>(
    set: &RuleSet<Id>,
    evaluation: &mut Evaluation<'_>,
    mut found: impl FnMut(&Id, &AbsentNames<'_>, usize),
) {
    let told = set.undecided(evaluation, |undecided| {
        found(undecided.id, &undecided.absent, undecided.faults.len());
    });
    told.unwrap();
}
