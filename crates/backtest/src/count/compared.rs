//! What two versions of a target count, held against each other.

use serde::{Deserialize, Serialize};

use crate::plan::{Focus, Pair};
use crate::report::ExampleKind;

use super::examples::{Examples, Standing};
use super::sums::{Sum, Sums};
use super::table::Table;

/// Of one pair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PairCounts {
    pub(crate) both: u64,
    pub(crate) gained: SideCounts,
    pub(crate) lost: SideCounts,
}

/// Hits of one version alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SideCounts {
    pub(crate) transactions: u64,
    pub(crate) amount: Sums,
    pub(crate) without_amount: u64,
    /// By the clause of the other version that decides it.
    pub(crate) decided_by: Vec<u64>,
    pub(crate) days: Table<i64>,
    pub(crate) examples: Examples,
}

impl PairCounts {
    pub(crate) fn of(pair: &Pair, focus: &[Focus]) -> PairCounts {
        let side = |kind, subject: Option<usize>, other: Option<usize>| SideCounts {
            transactions: 0,
            amount: Sums::of(1),
            without_amount: 0,
            decided_by: vec![0; other.and_then(|at| focus.get(at)).map_or(0, |focus| focus.clauses.len())],
            days: Table::of(0, 0),
            examples: Examples::of(kind, subject.unwrap_or_default()),
        };
        PairCounts {
            both: 0,
            gained: side(ExampleKind::Gained, pair.new, pair.old_focus),
            lost: side(ExampleKind::Lost, pair.old, pair.new_focus),
        }
    }

    pub(crate) fn join(&mut self, other: PairCounts) {
        self.both += other.both;
        self.gained.join(other.gained);
        self.lost.join(other.lost);
    }
}

impl SideCounts {
    pub(crate) fn add(
        &mut self,
        (amount, day): (Option<Sum>, Option<i64>),
        standing: &Standing<'_>,
        clause: Option<usize>,
    ) {
        self.transactions += 1;
        match amount {
            Some(amount) => self.amount.add(0, amount),
            None => self.without_amount += 1,
        }
        if let Some(count) = day.and_then(|day| self.days.row(&day)).and_then(|row| row.first_mut()) {
            *count += 1;
        }
        if let Some(count) = clause.and_then(|clause| self.decided_by.get_mut(clause)) {
            *count += 1;
        }
        self.examples.offer(standing, clause);
    }

    fn join(&mut self, other: SideCounts) {
        self.transactions += other.transactions;
        self.amount.join(&other.amount);
        self.without_amount += other.without_amount;
        self.decided_by.iter_mut().zip(other.decided_by).for_each(|(count, more)| *count += more);
        self.days.join(other.days);
        self.examples.held.join(other.examples.held);
    }
}
