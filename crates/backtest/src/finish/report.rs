//! The report of a part.

use std::cmp::Reverse;

use target_rules::value::LocalTime;

use crate::count::{AbsentCounts, FocusCounts, Table};
use crate::error::Error;
use crate::plan::{ALL, Focus};
use crate::report::{
    AbsentName, AbsentReport, Amount, ClauseReport, CurvePoint, CurveReport, DayCount, FileReport,
    FocusReport, InputReport, LineFault, NotWhole, OverlapReport, REPORT_VERSION, Report, StoreCount,
    TargetReport,
};

use super::customers::CustomerCounts;
use super::ledger::Ledgers;
use super::places::Places;
use super::told::Counted;

/// So many names of what is absent are told of a target.
const MOST_NAMES: usize = 20;

/// A local day, as people write it.
pub(super) fn day(epoch_day: i64) -> String {
    let local = epoch_day.checked_mul(86_400_000).and_then(|at| LocalTime::from_milliseconds(at).ok());
    let (year, month, day) = local.map_or((0, 0, 0), LocalTime::date);
    format!("{year:04}-{month:02}-{day:02}")
}

pub(super) fn days(table: &Table<i64>, column: usize) -> Vec<DayCount> {
    let each = |(of, transactions): (&i64, u64)| DayCount { day: day(*of), transactions };
    table.column(column).map(each).collect()
}

fn stores(table: &Table<String>, column: usize) -> Vec<StoreCount> {
    let each = |(store, transactions): (&String, u64)| StoreCount { store: store.clone(), transactions };
    table.column(column).map(each).collect()
}

fn absent(counts: &AbsentCounts) -> AbsentReport {
    let mut names: Vec<AbsentName> = counts
        .names
        .iter()
        .map(|(name, transactions)| AbsentName { name: name.clone(), transactions: *transactions })
        .collect();
    // The most frequent first; names stay in order where they are as frequent.
    names.sort_by_key(|name| Reverse(name.transactions));
    names.truncate(MOST_NAMES);
    AbsentReport { asked: counts.asked, names, faults: counts.faults }
}

fn at<T: Copy + Default>(counts: &[T], place: usize) -> T {
    counts.get(place).copied().unwrap_or_default()
}

impl Counted<'_> {
    pub(super) fn report(
        &self,
        places: &mut Places<'_>,
        customers: &CustomerCounts,
        ledgers: &Ledgers,
    ) -> Result<Report, Error> {
        Ok(Report {
            version: REPORT_VERSION,
            input: self.input(places, customers)?,
            targets: (0..self.plan.subjects.len())
                .filter_map(|place| self.target(place, customers))
                .collect(),
            focus: self.focus(places, ledgers)?,
            overlap: self.overlap(),
        })
    }

    pub(super) fn input(
        &self,
        places: &mut Places<'_>,
        customers: &CustomerCounts,
    ) -> Result<InputReport, Error> {
        let Counted { plan, files, part, interrupted, .. } = self;
        let options = &plan.options;
        let mut not_whole = Vec::new();
        if let Some((bytes_read, bytes)) = *interrupted {
            not_whole.push(NotWhole::Interrupted { bytes_read, bytes });
        }
        if options.sample_millionths < ALL {
            not_whole.push(NotWhole::Sampled);
        }
        let mut faults = Vec::new();
        for fault in part.faults.iter() {
            faults.push(LineFault {
                file: fault.file.clone(),
                line: places.line(&fault.file, fault.split, fault.line)?,
                code: fault.code.clone(),
                message: fault.message.clone(),
            });
        }
        let (days, stores) = (days(&part.days, 0), stores(&part.stores, 0));
        let in_days: u64 = days.iter().map(|day| day.transactions).sum();
        let in_stores: u64 = stores.iter().map(|store| store.transactions).sum();
        let files = files.sources.iter().map(|source| FileReport {
            path: source.path.clone(),
            documents: places.documents(&source.path),
        });
        Ok(InputReport {
            whole: not_whole.is_empty(),
            not_whole,
            files: files.collect(),
            zone: options.zone.name().to_owned(),
            sample_millionths: options.sample_millionths,
            since: options.since.map(day),
            until: options.until.map(day),
            transactions: part.transactions,
            unreadable: part.unreadable,
            faults,
            skipped: part.skipped,
            not_sampled: part.not_sampled,
            other_days: part.other_days,
            without_date: part.without_date,
            without_customer: part.without_customer,
            customers: customers.customers,
            amount: part.amount.total(0),
            without_amount: part.without_amount,
            days_left_out: part.transactions.saturating_sub(part.without_date).saturating_sub(in_days),
            days,
            stores_left_out: part.transactions.saturating_sub(part.without_store).saturating_sub(in_stores),
            stores,
            without_store: part.without_store,
        })
    }

    fn target(&self, place: usize, customers: &CustomerCounts) -> Option<TargetReport> {
        let Counted { plan, part, .. } = self;
        let (subject, tally) = (plan.subjects.get(place)?, plan.tallies.tally(place)?);
        let (eligible, unknown) = (at(&part.eligible, tally), at(&part.unknown, tally));
        Some(TargetReport {
            id: subject.id().to_owned(),
            name: subject.name().map(str::to_owned),
            rule: subject.checked_rule().to_text(),
            eligible,
            not_eligible: part.transactions.saturating_sub(eligible).saturating_sub(unknown),
            unknown,
            absent: absent(part.absent.get(tally)?),
            customers: customers.hit(tally),
            hits_by_customer: customers.bands(tally),
            hits_without_customer: at(&part.hits_without_customer, tally),
            amount: part.amounts.total(tally),
            without_amount: at(&part.hits_without_amount, tally),
            days: days(&part.days, tally + 1),
            stores: stores(&part.stores, tally + 1),
        })
    }

    fn focus(&self, places: &mut Places<'_>, ledgers: &Ledgers) -> Result<Vec<FocusReport>, Error> {
        let Counted { plan, part, .. } = self;
        let mut told = Vec::new();
        for (place, (focus, counts)) in plan.focus.iter().zip(&part.focus).enumerate() {
            let mut examples = Vec::new();
            for of_kind in &counts.examples {
                examples.extend(places.examples(of_kind.kind, of_kind.held.iter())?);
            }
            let subject = plan.subjects.get(focus.subject);
            told.push(FocusReport {
                id: subject.map(|subject| subject.id().to_owned()).unwrap_or_default(),
                clauses: clauses(focus, counts, part.transactions),
                curves: curves(focus, counts),
                examples,
                ledger: ledgers.report(plan, place, part.not_booked),
                no_ledger: plan.no_ledger.get(place).cloned().flatten(),
            });
        }
        Ok(told)
    }

    fn overlap(&self) -> Vec<OverlapReport> {
        let Counted { plan, part, .. } = self;
        let many = plan.focus.len();
        let id = |place: usize| {
            let subject = plan.focus.get(place).and_then(|focus| plan.subjects.get(focus.subject));
            subject.map(|subject| subject.id().to_owned()).unwrap_or_default()
        };
        let tally = |place: usize| plan.tallies.tally(plan.focus.get(place)?.subject);
        let eligible = |place: usize| tally(place).map_or(0, |tally| at(&part.eligible, tally));
        let pairs = (0..many).flat_map(|first| (first + 1..many).map(move |second| (first, second)));
        pairs
            .map(|(first, second)| OverlapReport {
                first: id(first),
                second: id(second),
                both: at(&part.overlap, first * many + second),
                of_first: eligible(first),
                of_second: eligible(second),
            })
            .collect()
    }
}

fn clauses(focus: &Focus, counts: &FocusCounts, transactions: u64) -> Vec<ClauseReport> {
    let each = focus.clauses.iter().zip(&counts.clauses);
    each.map(|(clause, counts)| ClauseReport {
        kind: clause.kind,
        text: clause.text.clone(),
        passes: counts.passes,
        rejects: transactions.saturating_sub(counts.passes),
        unknown: counts.unknown,
        rejects_first: counts.rejects_first,
        admitted_if_dropped: counts.admitted_if_dropped,
    })
    .collect()
}

fn curves(focus: &Focus, counts: &FocusCounts) -> Vec<CurveReport> {
    let each = focus.curves.iter().zip(&counts.curves);
    each.map(|(curve, changes)| {
        // Of thresholds that take away as they rise, one hits where the answer changes
        // after it; of the others, where it has changed at it or before.
        let eligible = |place: usize| -> u64 {
            let (before, after) = changes.split_at_checked(place + 1).unwrap_or_default();
            let side = if curve.rising_rejects { after } else { before };
            side.iter().sum()
        };
        let points = curve.thresholds.iter().enumerate();
        CurveReport {
            clause: curve.clause,
            text: curve.text.clone(),
            threshold: Amount::from(curve.value),
            points: points
                .map(|(place, threshold)| CurvePoint {
                    threshold: (*threshold).into(),
                    eligible: eligible(place),
                })
                .collect(),
        }
    })
    .collect()
}
