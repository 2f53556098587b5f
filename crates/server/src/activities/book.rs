//! Activities booked by customer, in one transaction of the store.

use std::collections::HashMap;
use std::sync::Arc;

use loyalty_targets::store::{BookingRoom, CustomerRow, Ending, NoRoom, Roster, Store, StoreError};
use loyalty_targets::{Activity, NotCounted, NotCountedFirst, Progress, Standing, Workspace};
use serde_json::Value;
use target_rules::Truth;
use target_rules::diagnostic::Diagnostics;

use crate::http::{Code, Failure, Fault};
use crate::service::Served;

/// How many standings, entries of progress and numbers of unknown transactions in
/// these an answer has at most. What would be larger is refused, and nothing of it is
/// booked.
const MOST_TOLD: usize = 20_000;
/// How many bytes the reasons take at most why something does not count: some ten
/// thousand. How many there are more the answer says.
const REASON_BYTES: usize = 2 << 20;
/// How often the transactions of a batch count at most, in all targets together: each
/// takes some 250 bytes until the batch is written, 50 MB together.
const MOST_COUNTED: usize = 200_000;
/// How many pairs of a transaction and a target are decided at most where
/// decisions are asked for, beside the booking.
const MOST_DECIDED: usize = 1_000_000;

/// What is told of the activities of a batch.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// By the position of the activity, for those that are asked for.
    pub(super) standings: HashMap<usize, Vec<Standing>>,
    /// Of all customers, up to a number.
    pub(super) not_counted: Vec<NotCounted>,
    /// How many more of those there are.
    pub(super) not_counted_left_out: u64,
    /// Of all customers, where it is asked for.
    pub(super) progress: Vec<Progress>,
    /// How many standings, entries of progress and unknown transactions there are.
    size: usize,
}

impl Told {
    /// Refuses what would be told of several transactions and is too large; of one
    /// everything is told.
    fn check_size(&self, activities: &[Activity]) -> Result<(), Failure> {
        match self.size > MOST_TOLD && activities.len() > 1 {
            true => Err(Failure::invalid(format!(
                "the answer would have more than {MOST_TOLD} standings, entries of progress and \
                 unknown transactions in these; \
                 send fewer transactions at once, or ask for less"
            ))),
            false => Ok(()),
        }
    }

    fn not_counted(&mut self, found: NotCountedFirst) {
        self.not_counted.extend(found.first);
        self.not_counted_left_out = self.not_counted_left_out.saturating_add(found.left_out);
    }
}

/// What is to be done with activities.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked {
    /// Whether only to say what would be.
    pub(super) dry_run: bool,
    /// Whether to say of each target how it is decided.
    pub(super) decisions: bool,
    /// Whether to say what is achieved then.
    pub(super) progress: bool,
}

/// Books activities. The rows of their customers are locked in one order, read,
/// booked, and written in one transaction; when this returns, it is committed. What
/// is refused is not.
pub(super) fn book(
    store: &mut dyn Store,
    organisation: &str,
    served: &Arc<Served>,
    activities: &[Activity],
    asked: Asked,
) -> Result<Result<Told, Failure>, StoreError> {
    let decided = activities.len().checked_mul(served.roster.targets().len());
    if asked.decisions && activities.len() > 1 && decided.is_none_or(|decided| decided > MOST_DECIDED) {
        let most = MOST_DECIDED.checked_div(served.roster.targets().len()).unwrap_or_default().max(1);
        return Ok(Err(Failure::invalid(format!(
            "with `decisions=true` a batch has at most {most} transactions, for there are so many targets"
        ))));
    }
    let mut of_customer: HashMap<i64, Vec<usize>> = HashMap::new();
    for (at, activity) in activities.iter().enumerate() {
        of_customer.entry(activity.customer()).or_default().push(at);
    }
    let mut customers: Vec<i64> = of_customer.keys().copied().collect();
    customers.sort_unstable();
    let booking = Booking { roster: &served.roster, activities, of_customer, asked };
    let mut workspace = served.roster.workspace();
    if asked.dry_run {
        let mut rows = store.read(organisation, &customers)?;
        return booking.book(&mut rows, &mut workspace);
    }
    let mut told = Ok(Told::default());
    store.update(organisation, served.change(), &customers, &mut |rows| {
        // The store may call again; the last call counts.
        told = booking.book(rows, &mut workspace)?;
        Ok(if told.is_ok() { Ending::Commit } else { Ending::RollBack })
    })?;
    Ok(told)
}

/// The same for who wants to know nothing else: whether all is booked, or nothing and why.
pub(crate) fn book_all(
    store: &mut dyn Store,
    organisation: &str,
    served: &Arc<Served>,
    activities: &[Activity],
) -> Result<Result<(), Failure>, StoreError> {
    let asked = Asked { dry_run: false, decisions: false, progress: false };
    let told = book(store, organisation, served, activities, asked)?;
    Ok(told.map(|_| ()))
}

struct Booking<'b> {
    roster: &'b Roster,
    activities: &'b [Activity],
    of_customer: HashMap<i64, Vec<usize>>,
    asked: Asked,
}

impl Booking<'_> {
    fn book(
        &self,
        rows: &mut [CustomerRow],
        workspace: &mut Workspace,
    ) -> Result<Result<Told, Failure>, StoreError> {
        let mut told = Told::default();
        let mut room = match self.activities {
            // It counts at most once for each target.
            [_] => BookingRoom::telling(REASON_BYTES),
            _ => BookingRoom::new(REASON_BYTES, MOST_COUNTED),
        };
        for row in rows {
            let Some(places) = self.of_customer.get(&row.customer()) else { continue };
            let mine = || places.iter().filter_map(|at| Some((*at, self.activities.get(*at)?)));
            let mut customer = row.open(self.roster)?;
            if self.asked.decisions {
                for (at, activity) in mine() {
                    let mut standings = customer.standings(activity);
                    // A bill may be the one that enrols her in others.
                    let known: Vec<i64> = standings.iter().map(|one| one.target_id).collect();
                    let others = self.roster.targets().iter().map(|target| target.id());
                    let others = others.filter(|id| !known.contains(id));
                    let enrolling = others.filter_map(|id| customer.standing(id, activity));
                    standings.extend(enrolling.filter(|one| one.result != Truth::False));
                    told.size = told.size.saturating_add(standings.len());
                    told.standings.insert(at, standings);
                    if let Err(refused) = told.check_size(self.activities) {
                        return Ok(Err(refused));
                    }
                }
            }
            match customer.book_within(workspace, mine().map(|(_, activity)| activity), &mut room) {
                Ok(found) => told.not_counted(found),
                Err(NoRoom) => {
                    return Ok(Err(Failure::invalid(format!(
                        "the transactions would count more than {MOST_COUNTED} times, in all targets \
                         together; send fewer at once"
                    ))));
                }
            }
            if self.asked.progress {
                for line in customer.progress() {
                    told.size = told.size.saturating_add(line.unknown.len()).saturating_add(1);
                    told.progress.push(line);
                    // Line by line, since a customer may have very many.
                    if let Err(refused) = told.check_size(self.activities) {
                        return Ok(Err(refused));
                    }
                }
            }
            row.keep(&customer);
        }
        Ok(Ok(told))
    }
}

/// A transaction that can't be read: what is wrong, where, and the repair.
pub(super) fn unreadable(found: &Diagnostics) -> Fault {
    let first = found.iter().find(|one| one.is_error()).map(|one| one.message.clone());
    let code = Code::InvalidInput;
    let mut fault = Fault::new(code, first.unwrap_or_else(|| "it is no transaction".to_owned()));
    let values: Vec<Value> = found.iter().filter_map(|one| serde_json::to_value(one).ok()).collect();
    fault.diagnostics = Some(values);
    fault
}

/// A customer whose id no interface here takes.
pub(super) fn check_customer(activity: &Activity) -> Result<(), Failure> {
    match activity.customer() > 0 {
        true => Ok(()),
        false => Err(Failure::of(Code::InvalidUser)),
    }
}
