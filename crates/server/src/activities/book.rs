//! Activities booked by customer, in one transaction of the store.

use std::collections::HashMap;
use std::sync::Arc;

use loyalty_targets::store::{CustomerRow, Ending, Roster, Store, StoreError};
use loyalty_targets::{Activity, NotCounted, Progress, Standing, Workspace};
use serde_json::Value;
use target_rules::Truth;
use target_rules::diagnostic::Diagnostics;

use crate::http::{Code, Failure, Fault};
use crate::service::Served;

/// How many standings and entries of progress an answer has at most. What would
/// be larger is refused, and nothing of it is booked.
const MOST_TOLD: usize = 20_000;
/// How many reasons an answer has at most why something does not count; how many
/// there are more it says.
const MOST_REASONS: usize = 10_000;
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
    pub(super) not_counted_left_out: usize,
    /// Of all customers, where it is asked for.
    pub(super) progress: Vec<Progress>,
    /// How many standings and entries of progress there are.
    size: usize,
}

impl Told {
    /// Refuses what would be told of several transactions and is too large; of one
    /// everything is told.
    fn check_size(&self, activities: &[Activity]) -> Result<(), Failure> {
        match self.size > MOST_TOLD && activities.len() > 1 {
            true => Err(Failure::invalid(format!(
                "the answer would have more than {MOST_TOLD} standings and entries of progress; \
                 send fewer transactions at once, or ask for less"
            ))),
            false => Ok(()),
        }
    }

    fn not_counted(&mut self, found: impl IntoIterator<Item = NotCounted>) {
        for one in found {
            if self.not_counted.len() < MOST_REASONS {
                self.not_counted.push(one);
            } else {
                self.not_counted_left_out = self.not_counted_left_out.saturating_add(1);
            }
        }
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

/// The same for who wants to know nothing else.
pub(crate) fn book_all(
    store: &mut dyn Store,
    organisation: &str,
    served: &Arc<Served>,
    activities: &[Activity],
) -> Result<(), StoreError> {
    let asked = Asked { dry_run: false, decisions: false, progress: false };
    // Nothing is refused for its answer where nothing is asked for.
    book(store, organisation, served, activities, asked).map(|_| ())
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
            told.not_counted(customer.book(workspace, mine().map(|(_, activity)| activity)));
            if self.asked.progress {
                let before = told.progress.len();
                told.progress.extend(customer.progress());
                let more = told.progress.len().saturating_sub(before);
                told.size = told.size.saturating_add(more);
                if let Err(refused) = told.check_size(self.activities) {
                    return Ok(Err(refused));
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
