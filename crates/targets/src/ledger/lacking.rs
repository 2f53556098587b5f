//! Why it is unknown whether an activity counts, or how much it adds.

use std::sync::Arc;

use hashbrown::HashSet;
use target_rules::interpret::Fault;
use target_rules::{Rule, Transaction, Zone};

use crate::eligibility::Eligibility;

use super::contribution::MissingFigure;

/// What an activity lacks to be counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Lacking {
    /// By its names in rules.
    pub(super) absent: Vec<String>,
    /// Operations of the rule without a result.
    pub(super) faults: Vec<Fault>,
    /// Where the first line item or tender should have something, as a JSON
    /// pointer.
    pub(super) missing_at: Option<String>,
    /// Whether the target is known to count it, and only not how much.
    pub(super) eligible: bool,
}

impl Lacking {
    /// Of an activity of which it is unknown whether it counts.
    pub(super) fn of_rule(
        rule: &Rule,
        eligibility: Eligibility,
        transaction: &Transaction,
        zone: &Zone,
    ) -> Lacking {
        let Eligibility { absent, faults, .. } = eligibility;
        let mut items = rule.lacking_items(transaction, zone).into_iter();
        let missing_at = items.find(|item| absent.contains(&item.part)).and_then(|item| item.missing_at());
        Lacking { absent, faults, missing_at, eligible: false }
    }

    /// Of one that counts.
    pub(super) fn of_figure(missing: MissingFigure) -> Lacking {
        let (absent, missing_at) = match missing {
            MissingFigure::Absent { names, at } => (names, at),
            MissingFigure::Overflow => (Vec::new(), None),
        };
        Lacking { absent, faults: Vec::new(), missing_at, eligible: true }
    }
}

/// What activities lacked so far: a batch of many bills that lack the same
/// holds it once.
#[derive(Debug, Clone, Default)]
pub(super) struct SeenLacking(HashSet<Arc<Lacking>>);

/// How much of it is held.
const MOST: usize = 1_000;

impl SeenLacking {
    /// The same, shared with what was seen before.
    pub(super) fn share(&mut self, lacking: Lacking) -> Arc<Lacking> {
        if let Some(seen) = self.0.get(&lacking) {
            return seen.clone();
        }
        if self.0.len() >= MOST {
            self.0.clear();
        }
        let lacking = Arc::new(lacking);
        self.0.insert(lacking.clone());
        lacking
    }
}
