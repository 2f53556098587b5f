//! `import`: takes over a state file of `target-rules progress`, with the targets
//! and enrolments that it was made with.

use std::path::Path;
use std::sync::Arc;

use loyalty_targets::store::{CustomerRecord, Ending, StoreError};
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
    let ledger = ledger(import, &app, &served)?;
    let count = keep(&app, &organisation, served.change(), &ledger)?;
    tell(format_args!("{count} customers were taken over into `{organisation}`"))
        .map_err(|error| error.to_string())
}

/// The ledger of the state. Its targets are those of the organisation.
fn ledger(import: &Import, app: &App, served: &Served) -> Result<Ledger, String> {
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
    let warnings = ledger.resume(&text_of(&import.state)?, &limits);
    let warnings = warnings.map_err(|found| format!("{}: {found}", import.state.display()))?;
    if !warnings.is_empty() {
        complain(&format!("{}: {warnings}", import.state.display()));
    }
    Ok(ledger)
}

/// Writes all customers. One of whom something is kept already is refused.
fn keep(app: &App, organisation: &str, change: u64, ledger: &Ledger) -> Result<usize, String> {
    let mut records: Vec<CustomerRecord> = ledger.records().collect();
    let count = records.len();
    while !records.is_empty() {
        let rest = records.split_off(records.len().min(AT_ONCE));
        let customers: Vec<i64> = records.iter().map(CustomerRecord::id).collect();
        let mut taken = None;
        let kept = app.work(|store| {
            store.update(organisation, change, &customers, &mut |rows| {
                taken = rows.iter().find(|row| !row.is_empty()).map(|row| row.customer());
                if taken.is_some() {
                    return Ok(Ending::RollBack);
                }
                // Both stand by customer.
                rows.iter_mut().zip(&records).for_each(|(row, record)| row.keep(record));
                Ok::<_, StoreError>(Ending::Commit)
            })
        });
        kept.map_err(|failure| told(&failure))?;
        if let Some(customer) = taken {
            return Err(format!("of customer {customer} something is kept already; erase it first"));
        }
        records = rest;
    }
    Ok(count)
}

fn text_of(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn told(failure: &Failure) -> String {
    let messages: Vec<&str> = failure.faults().iter().map(|fault| fault.message.as_str()).collect();
    messages.join("; ")
}
