//! What customers would have achieved: all activities of each, booked at once.

use std::borrow::Cow;
use std::collections::BTreeMap;

use loyalty_targets::AddedUpLine;
use target_rules::value::Total;

use crate::customers::{Activities, BUCKETS, Waiting};
use crate::error::Error;
use crate::plan::Plan;
use crate::report::{Amount, EnrolledReport, LedgerReport, PeriodReport};

use super::buckets::on_buckets;

/// Of one target in focus.
#[derive(Debug, Clone, Default)]
struct TargetLedger {
    customers: u64,
    reached: u64,
    achieved: Total,
    contributions: u64,
    unknown: u64,
    periods: BTreeMap<(Option<i64>, Option<i64>), PeriodLedger>,
}

#[derive(Debug, Clone, Default)]
struct PeriodLedger {
    customers: u64,
    reached: u64,
    achieved: Total,
}

/// Of all targets in focus, by their positions there.
#[derive(Debug)]
pub(super) struct Ledgers {
    targets: Vec<TargetLedger>,
    /// By ledger.
    waiting_returns: Vec<u64>,
}

fn plus(sum: &mut Total, more: Total) {
    // From 10^38 on there is no sum.
    *sum = sum.plus(more).unwrap_or(*sum);
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

impl Ledgers {
    fn of(plan: &Plan) -> Ledgers {
        Ledgers {
            targets: vec![TargetLedger::default(); plan.focus.len()],
            waiting_returns: vec![0; plan.ledgers.len()],
        }
    }

    pub(super) fn booked(
        plan: &Plan,
        activities: &Activities,
        waiting: &[Waiting],
        threads: usize,
    ) -> Result<Ledgers, Error> {
        let mut all = Ledgers::of(plan);
        if plan.ledgers.is_empty() {
            return Ok(all);
        }
        let of_bucket = |bucket: usize, ledgers: &mut Ledgers| {
            activities.each_of(bucket, waiting, |customer, rows| {
                ledgers.add(plan, customer, rows);
                Ok(())
            })
        };
        for part in on_buckets(BUCKETS, threads, || Ledgers::of(plan), of_bucket)? {
            all.join(part);
        }
        Ok(all)
    }

    /// Books all activities of a customer.
    fn add(&mut self, plan: &Plan, customer: i64, rows: &[Cow<'_, [u8]>]) {
        for (number, ledger) in plan.ledgers.iter().enumerate() {
            let of_ledger = rows.iter().filter_map(|row| row.split_first());
            let of_ledger = of_ledger.filter(|(of, _)| usize::from(**of) == number);
            let of_ledger: Vec<&[u8]> = of_ledger.map(|(_, row)| row).collect();
            if of_ledger.is_empty() {
                continue;
            }
            let added_up = ledger.replay.add_up(customer, &of_ledger);
            if let Some(waiting) = self.waiting_returns.get_mut(number) {
                *waiting += count(added_up.waiting_returns);
            }
            for of_target in added_up.lines.chunk_by(|one, other| one.target == other.target) {
                let at = of_target.first().map_or(usize::MAX, |line| line.target);
                if let Some(target) = ledger.focus.get(at).and_then(|place| self.targets.get_mut(*place)) {
                    target.add(of_target);
                }
            }
            for (place, counted) in ledger.focus.iter().zip(added_up.counted) {
                if let Some(target) = self.targets.get_mut(*place) {
                    target.contributions += counted;
                }
            }
        }
    }

    fn join(&mut self, other: Ledgers) {
        self.targets.iter_mut().zip(other.targets).for_each(|(mine, more)| mine.join(more));
        self.waiting_returns.iter_mut().zip(other.waiting_returns).for_each(|(mine, more)| *mine += more);
    }

    /// What is told of a target in focus; `None` where it isn't booked.
    pub(super) fn report(&self, plan: &Plan, place: usize, not_booked: u64) -> Option<LedgerReport> {
        let of = |ledger: &crate::plan::LedgerPlan| ledger.focus.iter().position(|focus| *focus == place);
        let (number, ledger, at) = plan
            .ledgers
            .iter()
            .enumerate()
            .find_map(|(number, ledger)| Some((number, ledger, of(ledger)?)))?;
        let target = self.targets.get(place)?;
        let says_value = ledger.replay.says_value(at);
        let reached = |reached: u64| says_value.then_some(reached);
        let period = |(key, period): (&(Option<i64>, Option<i64>), &PeriodLedger)| PeriodReport {
            period_id: key.0,
            cycle: key.1,
            customers: period.customers,
            reached: reached(period.reached),
            achieved: Amount(period.achieved),
        };
        Some(LedgerReport {
            enrolled: if ledger.replay.is_listed() {
                EnrolledReport::Listed
            } else {
                EnrolledReport::Everybody
            },
            customers: target.customers,
            reached: reached(target.reached),
            achieved: Amount(target.achieved),
            contributions: target.contributions,
            unknown: target.unknown,
            waiting_returns: self.waiting_returns.get(number).copied().unwrap_or_default(),
            not_booked,
            periods: target.periods.iter().map(period).collect(),
        })
    }
}

impl TargetLedger {
    /// Adds what a customer has achieved of it.
    fn add(&mut self, lines: &[AddedUpLine]) {
        let (mut achieved, mut reached) = (false, false);
        for line in lines {
            self.unknown += count(line.unknown);
            let something = line.achieved != Total::ZERO;
            achieved |= something;
            reached |= line.reached;
            if something || line.reached {
                plus(&mut self.achieved, line.achieved);
                let period = self.periods.entry((line.period_id, line.cycle)).or_default();
                period.customers += u64::from(something);
                period.reached += u64::from(line.reached);
                plus(&mut period.achieved, line.achieved);
            }
        }
        self.customers += u64::from(achieved);
        self.reached += u64::from(reached);
    }

    fn join(&mut self, other: TargetLedger) {
        self.customers += other.customers;
        self.reached += other.reached;
        plus(&mut self.achieved, other.achieved);
        self.contributions += other.contributions;
        self.unknown += other.unknown;
        for (key, more) in other.periods {
            let period = self.periods.entry(key).or_default();
            period.customers += more.customers;
            period.reached += more.reached;
            plus(&mut period.achieved, more.achieved);
        }
    }
}
