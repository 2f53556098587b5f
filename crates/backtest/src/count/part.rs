//! What one part of the transactions has come to.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::fault::FaultAt;
use crate::plan::Plan;

use super::absent::AbsentCounts;
use super::compared::PairCounts;
use super::funnel::FocusCounts;
use super::smallest::Smallest;
use super::sums::Sums;
use super::table::Table;

/// So many documents that can't be read are told.
const MOST_FAULTS: usize = 100;

/// Counts of some transactions. Joined with those of others they are the counts of all, in
/// whatever order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Part {
    pub(crate) transactions: u64,
    pub(crate) unreadable: u64,
    /// Documents that are no transactions, as a mapping says.
    pub(crate) skipped: u64,
    pub(crate) not_sampled: u64,
    pub(crate) other_days: u64,
    pub(crate) without_date: u64,
    pub(crate) without_customer: u64,
    pub(crate) without_store: u64,
    pub(crate) without_amount: u64,
    /// How many activities of customers can't be booked.
    pub(crate) not_booked: u64,
    pub(crate) amount: Sums,
    pub(crate) days: Table<i64>,
    pub(crate) stores: Table<String>,
    pub(crate) faults: Smallest<FaultAt>,
    /// What was read, by file and the byte that a split begins at.
    pub(crate) splits: BTreeMap<String, BTreeMap<u64, SplitLines>>,
    /// By tally, as all that follows.
    pub(crate) eligible: Vec<u64>,
    pub(crate) unknown: Vec<u64>,
    pub(crate) amounts: Sums,
    pub(crate) hits_without_amount: Vec<u64>,
    pub(crate) hits_without_customer: Vec<u64>,
    pub(crate) absent: Vec<AbsentCounts>,
    /// By the position among those in focus.
    pub(crate) focus: Vec<FocusCounts>,
    /// Of each pair of those in focus, the first one's row after the other.
    pub(crate) overlap: Vec<u64>,
    pub(crate) pairs: Vec<PairCounts>,
}

/// How much of a split was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SplitLines {
    /// Its end; `None` for that of the file.
    pub(crate) end: Option<u64>,
    pub(crate) lines: u64,
    pub(crate) documents: u64,
    /// Whether all of it was read.
    pub(crate) whole: bool,
}

impl Part {
    pub(crate) fn of(plan: &Plan) -> Part {
        let tallies = plan.tallies.len();
        Part {
            transactions: 0,
            unreadable: 0,
            skipped: 0,
            not_sampled: 0,
            other_days: 0,
            without_date: 0,
            without_customer: 0,
            without_store: 0,
            without_amount: 0,
            not_booked: 0,
            amount: Sums::of(1),
            days: Table::of(plan.subjects.len(), tallies),
            stores: Table::of(plan.subjects.len(), tallies),
            faults: Smallest::of(MOST_FAULTS),
            splits: BTreeMap::new(),
            eligible: vec![0; tallies],
            unknown: vec![0; tallies],
            amounts: Sums::of(tallies),
            hits_without_amount: vec![0; tallies],
            hits_without_customer: vec![0; tallies],
            absent: vec![AbsentCounts::default(); tallies],
            focus: plan.focus.iter().map(FocusCounts::of).collect(),
            overlap: vec![0; plan.focus.len() * plan.focus.len()],
            pairs: plan.pairs.iter().map(|pair| PairCounts::of(pair, &plan.focus)).collect(),
        }
    }

    /// Whether it can be of this plan: it has a count for each thing that is counted.
    pub(crate) fn is_of(&self, plan: &Plan) -> bool {
        let (tallies, focus) = (plan.tallies.len(), plan.focus.len());
        let of_tallies =
            [&self.eligible, &self.unknown, &self.hits_without_amount, &self.hits_without_customer];
        of_tallies.iter().all(|counts| counts.len() == tallies)
            && self.absent.len() == tallies
            && self.focus.len() == focus
            && self.overlap.len() == focus.saturating_mul(focus)
            && self.pairs.len() == plan.pairs.len()
    }

    /// Adds the counts of other transactions.
    pub(crate) fn join(&mut self, other: Part) {
        self.transactions += other.transactions;
        self.unreadable += other.unreadable;
        self.skipped += other.skipped;
        self.not_sampled += other.not_sampled;
        self.other_days += other.other_days;
        self.without_date += other.without_date;
        self.without_customer += other.without_customer;
        self.without_store += other.without_store;
        self.without_amount += other.without_amount;
        self.not_booked += other.not_booked;
        self.amount.join(&other.amount);
        self.days.join(other.days);
        self.stores.join(other.stores);
        self.faults.join(other.faults);
        for (file, splits) in other.splits {
            self.splits.entry(file).or_default().extend(splits);
        }
        for (mine, more) in [
            (&mut self.eligible, other.eligible),
            (&mut self.unknown, other.unknown),
            (&mut self.hits_without_amount, other.hits_without_amount),
            (&mut self.hits_without_customer, other.hits_without_customer),
            (&mut self.overlap, other.overlap),
        ] {
            mine.iter_mut().zip(more).for_each(|(count, more)| *count += more);
        }
        self.amounts.join(&other.amounts);
        self.absent.iter_mut().zip(other.absent).for_each(|(mine, more)| mine.join(more));
        self.focus.iter_mut().zip(other.focus).for_each(|(mine, more)| mine.join(more));
        self.pairs.iter_mut().zip(other.pairs).for_each(|(mine, more)| mine.join(more));
    }
}
