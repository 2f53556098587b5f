//! `import`: takes over a state file of `target-rules progress`, with the targets
//! and enrolments that it was made with.

use std::path::Path;
use std::sync::Arc;

use loyalty_targets::store::{CustomerRecord, CustomerRow, Ending, Roster, StoreError};
use loyalty_targets::{Enrolments, Ledger};

use crate::catalogue::{put_all, take_over};
use crate::config::Import;
use crate::http::Failure;
use crate::observe::Metrics;
use crate::screen::{complain, tell};
use crate::service::{App, Served, app_settings, open_store};

/// How many customers are written in one transaction of the store.
const AT_ONCE: usize = 500;

pub(super) fn run(import: &Import) -> Result<(), String> {
    // What can't be read makes no database.
    let state = text_of(&import.state)?;
    let store = open_store(import.data.as_deref(), import.database.as_deref())?;
    let settings = app_settings(&import.zones, import.schema.as_deref())?;
    let app = Arc::new(App::new(store, settings, Arc::new(Metrics::default())));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    let organisation: Arc<str> = import.organisation.as_str().into();
    let served = runtime.block_on(async {
        if let Some(path) = &import.targets {
            let text = text_of(path)?;
            let put = put_all(&app, &organisation, move |drafts| take_over(drafts, &text));
            put.await.map_err(|failure| told(&failure))?;
        }
        app.served(&organisation).await.map_err(|failure| told(&failure))
    })?;
    let ledger = ledger(import, &state, &app, &served)?;
    let taken = keep(&app, &organisation, &served, &ledger)?;
    let before = match taken.before {
        0 => String::new(),
        before => format!("; {before} were before"),
    };
    tell(format_args!("{} customers were taken over into `{organisation}`{before}", taken.now))
        .map_err(|error| error.to_string())
}

/// The ledger of the state. Its targets are those of the organisation.
fn ledger(import: &Import, state: &str, app: &App, served: &Served) -> Result<Ledger, String> {
    let targets = served.roster.targets().to_vec();
    let limits = app.limits();
    let enrolments = match &import.enrolments {
        None => Enrolments::default(),
        Some(path) => Enrolments::read(&text_of(path)?, &targets, limits)
            .map_err(|found| format!("{}: {found}", path.display()))?,
    };
    let ledger = Ledger::new(targets, enrolments, served.roster.zone().clone());
    let mut ledger = ledger.map_err(|error| error.to_string())?;
    // It grows with every batch, and `progress` wrote it.
    let mut limits = limits.clone();
    limits.payload = usize::MAX;
    let warnings = ledger.resume(state, &limits);
    let warnings = warnings.map_err(|found| format!("{}: {found}", import.state.display()))?;
    if !warnings.is_empty() {
        complain(&format!("{}: {warnings}", import.state.display()));
    }
    Ok(ledger)
}

/// What became of customers who were to be taken over.
#[derive(Debug, Default)]
struct Taken {
    /// Those who were written.
    now: usize,
    /// Those of whom all was there already: of a run before, which was cut off.
    before: usize,
}

/// Writes all customers of whom nothing is kept. Whoever was taken over before
/// stays as she is, with what was booked since, so that a run that was cut off can
/// be finished by another one.
///
/// Fails, before anything is written, where something else is kept of one.
fn keep(app: &App, organisation: &str, served: &Served, ledger: &Ledger) -> Result<Taken, String> {
    let records: Vec<CustomerRecord> = ledger.records().collect();
    for part in records.chunks(AT_ONCE) {
        let rows =
            app.work(|store| store.read(organisation, &ids(part))).map_err(|failure| told(&failure))?;
        let other = others(&rows, part, &served.roster).map_err(|error| error.to_string())?;
        if let Some(customer) = other {
            return Err(format!("of customer {customer} something else is kept already; erase it first"));
        }
    }
    let mut taken = Taken::default();
    for part in records.chunks(AT_ONCE) {
        let (mut now, mut other) = (0, None);
        let kept = app.work(|store| {
            store.update(organisation, served.change(), &ids(part), &mut |rows| {
                other = others(rows, part, &served.roster)?;
                if other.is_some() {
                    return Ok(Ending::RollBack);
                }
                // Both stand by customer.
                let new = rows.iter_mut().zip(part).filter(|(row, _)| row.is_empty());
                now = new.map(|(row, record)| row.keep(record)).count();
                Ok::<_, StoreError>(Ending::Commit)
            })
        });
        kept.map_err(|failure| told(&failure))?;
        if let Some(customer) = other {
            return Err(format!("something was booked of customer {customer} meanwhile; run it again"));
        }
        taken.now = taken.now.saturating_add(now);
        taken.before = taken.before.saturating_add(part.len().saturating_sub(now));
    }
    Ok(taken)
}

fn ids(records: &[CustomerRecord]) -> Vec<i64> {
    records.iter().map(CustomerRecord::id).collect()
}

/// The first customer of whom something else is kept than what was taken over.
fn others(
    rows: &[CustomerRow],
    records: &[CustomerRecord],
    roster: &Roster,
) -> Result<Option<i64>, StoreError> {
    for (row, record) in rows.iter().zip(records) {
        if !row.is_empty() && !row.open(roster)?.includes(record) {
            return Ok(Some(row.customer()));
        }
    }
    Ok(None)
}

fn text_of(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn told(failure: &Failure) -> String {
    let messages: Vec<&str> = failure.faults().iter().map(|fault| fault.message.as_str()).collect();
    messages.join("; ")
}
