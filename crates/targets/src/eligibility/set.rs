//! All targets at once: which of them a transaction counts for.

use target_rules::{Evaluation, Layout, RuleSet, RuleSetError, Truth};

use super::checked::{CheckedTarget, Eligibility, RuleOutcome, StoreSlots};

/// Targets whose rules are decided together.
///
/// Immutable and `Send + Sync`; each thread brings its own scratch space.
#[derive(Debug, Clone)]
pub struct TargetSet {
    targets: Vec<CheckedTarget>,
    /// By the position of the target.
    rules: RuleSet<usize>,
    store: StoreSlots,
}

impl TargetSet {
    /// Compiles the rules of targets together. Cost is linear in their size.
    pub fn new(targets: Vec<CheckedTarget>) -> Result<TargetSet, RuleSetError<usize>> {
        let rules = targets.iter().map(|target| target.rule().clone()).enumerate();
        let rules = RuleSet::reading(CheckedTarget::layout([]), rules)?;
        let store = StoreSlots::of(rules.layout());
        Ok(TargetSet { targets, rules, store })
    }

    /// What transactions are to be read for.
    pub fn layout(&self) -> &Layout {
        self.rules.layout()
    }

    /// The targets, in the order in which they were given.
    pub fn targets(&self) -> &[CheckedTarget] {
        &self.targets
    }

    /// The targets that a transaction counts for, and those of which it is not
    /// known, in order. All others it does not count for.
    ///
    /// Fails where the transaction was read for another layout.
    pub fn decide(
        &self,
        evaluation: &mut Evaluation<'_>,
    ) -> Result<Vec<(&CheckedTarget, Eligibility)>, RuleSetError<usize>> {
        let mut decisions: Vec<(usize, RuleOutcome)> = Vec::new();
        self.rules.decide(evaluation, |position, items| {
            let (absent, faults) = (Vec::new(), Vec::new());
            decisions.push((
                *position,
                RuleOutcome { result: Truth::True, absent, faults, items: items.to_vec() },
            ));
        })?;
        for undecided in self.rules.undecided(evaluation)? {
            let (absent, faults) = (undecided.absent, undecided.faults);
            decisions.push((
                *undecided.id,
                RuleOutcome { result: Truth::Unknown, absent, faults, items: Vec::new() },
            ));
        }
        decisions.sort_unstable_by_key(|(position, _)| *position);
        let transaction = evaluation.transaction();
        let eligible = decisions.into_iter().filter_map(|(position, decision)| {
            let target = self.targets.get(position)?;
            Some((target, target.joined(transaction, &self.store, decision)))
        });
        Ok(eligible.filter(|(_, eligibility)| eligibility.result != Truth::False).collect())
    }
}
