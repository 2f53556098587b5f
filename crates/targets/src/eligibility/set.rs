//! All targets at once: which of them a transaction counts for.

use target_rules::ruleset::RuleSetError;
use target_rules::{Evaluation, Layout, RuleSet, Truth};

use super::checked::{CheckedTarget, Eligibility, RuleOutcome, StoreSlots};

/// Targets whose rules are decided together.
///
/// Immutable and `Send + Sync`; each thread brings its own scratch space.
///
/// ```
/// use loyalty_targets::{Payload, TargetSet};
/// use target_rules::{Evaluation, Limits, Schema, Scratch, Zone};
/// let limits = Limits::default();
/// let text = r#"{"data": [{"id": 50, "expression": "currentTxn.value>500"},
///                         {"id": 51, "expression": "currentTxn.value>1000"}]}"#;
/// let payload = Payload::read(text, &limits)?;
/// let schema = Schema::standard();
/// let checked = payload.targets().filter_map(|one| one.check(&schema, &limits).target);
/// let set = TargetSet::new(checked.collect())?;
/// let bill = set.layout().read(r#"{"currentTxn": {"value": 730.50}}"#, &limits)?;
/// let (zone, mut scratch) = (Zone::UTC, Scratch::default());
/// let mut evaluation = Evaluation::new(&bill, &zone, &mut scratch);
/// let eligible = set.decide(&mut evaluation)?;
/// let ids: Vec<i64> = eligible.iter().map(|(target, _)| target.id()).collect();
/// assert_eq!(ids, [50]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
        self.rules.undecided(evaluation, |undecided| {
            let (absent, faults) = (undecided.absent.to_vec(), undecided.faults.to_vec());
            decisions.push((
                *undecided.id,
                RuleOutcome { result: Truth::Unknown, absent, faults, items: Vec::new() },
            ));
        })?;
        decisions.sort_unstable_by_key(|(position, _)| *position);
        let transaction = evaluation.transaction();
        let eligible = decisions.into_iter().filter_map(|(position, decision)| {
            let target = self.targets.get(position)?;
            Some((target, target.joined(transaction, &self.store, decision)))
        });
        Ok(eligible.filter(|(_, eligibility)| eligibility.result != Truth::False).collect())
    }
}
