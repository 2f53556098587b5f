//! Why it is unknown whether an activity counts, or how much it adds.

use std::collections::VecDeque;
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

/// Targets by their positions, and what a bill lacks for each.
pub(super) type UnknownTargets = Arc<[(usize, Arc<Lacking>)]>;

/// What activities lacked so far: a batch of many bills that lack the same
/// holds it once.
#[derive(Debug, Clone, Default)]
pub(super) struct SeenLacking {
    each: HashSet<Arc<Lacking>>,
    /// Of the last bills, with the targets that they were unknown to.
    of_bills: VecDeque<UnknownTargets>,
    nothing: Arc<Lacking>,
    /// Whether nobody will ask what activities lack.
    untold: bool,
}

/// How much of it is held.
const MOST: usize = 1_000;

/// How many bills are looked at for one that is unknown to the same targets.
const MOST_BILLS: usize = 4;

impl SeenLacking {
    /// Where nobody will ask what activities lack.
    pub(super) fn untold() -> SeenLacking {
        SeenLacking { untold: true, ..SeenLacking::default() }
    }

    /// Whether nobody will ask what activities lack.
    pub(super) fn is_untold(&self) -> bool {
        self.untold
    }

    /// The same, shared with what was seen before.
    pub(super) fn share(&mut self, lacking: Lacking) -> Arc<Lacking> {
        if let Some(seen) = self.each.get(&lacking) {
            return seen.clone();
        }
        if self.each.len() >= MOST {
            self.each.clear();
        }
        let lacking = Arc::new(lacking);
        self.each.insert(lacking.clone());
        lacking
    }

    /// The same for all targets that a bill is unknown to.
    pub(super) fn share_all(&mut self, unknown: Vec<(usize, Arc<Lacking>)>) -> UnknownTargets {
        let same = |(at, lacking): &(usize, Arc<Lacking>), other: &(usize, Arc<Lacking>)| {
            *at == other.0 && Arc::ptr_eq(lacking, &other.1)
        };
        let is_seen = |seen: &&UnknownTargets| {
            seen.len() == unknown.len()
                && unknown.iter().zip(seen.iter()).all(|(one, other)| same(one, other))
        };
        if let Some(seen) = self.of_bills.iter().find(is_seen) {
            return seen.clone();
        }
        if self.of_bills.len() >= MOST_BILLS {
            self.of_bills.pop_front();
        }
        let unknown = UnknownTargets::from(unknown);
        self.of_bills.push_back(unknown.clone());
        unknown
    }

    /// What nobody is told.
    pub(super) fn nothing(&self) -> Arc<Lacking> {
        self.nothing.clone()
    }
}
