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

/// What is told of the activities of a batch.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// By the position of the activity, for those that are asked for.
    pub(super) standings: HashMap<usize, Vec<Standing>>,
    /// Of all customers.
    pub(super) not_counted: Vec<NotCounted>,
    /// Of all customers, where it is asked for.
    pub(super) progress: Vec<Progress>,
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
/// booked, and written in one transaction; when this returns, it is committed.
pub(super) fn book(
    store: &mut dyn Store,
    organisation: &str,
    served: &Arc<Served>,
    activities: &[Activity],
    asked: Asked,
) -> Result<Told, StoreError> {
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
    let mut told = Told::default();
    store.update(organisation, served.change(), &customers, &mut |rows| {
        // The store may call again; the last call counts.
        told = booking.book(rows, &mut workspace)?;
        Ok(Ending::Commit)
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
    book(store, organisation, served, activities, asked).map(|_| ())
}

struct Booking<'b> {
    roster: &'b Roster,
    activities: &'b [Activity],
    of_customer: HashMap<i64, Vec<usize>>,
    asked: Asked,
}

impl Booking<'_> {
    fn book(&self, rows: &mut [CustomerRow], workspace: &mut Workspace) -> Result<Told, StoreError> {
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
                    told.standings.insert(at, standings);
                }
            }
            told.not_counted.extend(customer.book(workspace, mine().map(|(_, activity)| activity)));
            if self.asked.progress {
                told.progress.extend(customer.progress());
            }
            row.keep(&customer);
        }
        Ok(told)
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
