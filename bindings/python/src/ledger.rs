//! What customers achieve, kept in a store: memory, a file, or PostgreSQL.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use loyalty_targets::store::{
    Catalogue, CatalogueFault, CustomerRecord, CustomerRow, Document as Stored, DocumentKind, Ending,
    EnrolmentError, EnrolmentRequest, MemoryStore, RecordedEnrolments, Roster, Store, StoreError,
};
use loyalty_targets::{Activity, EnrolmentMethod, NotCounted, TargetDocument, TargetEntry, Vocabulary};
use pyo3::prelude::*;
use target_rules::diagnostic::{Colour, Diagnostics};
use target_rules::value::DateText;
use target_rules::{Instant, Number};
use target_rules_store_postgres::PostgresStore;
use target_rules_store_sqlite::SqliteStore;

use crate::document::{Document, given};
use crate::failure::{failure, json, refused, told};
use crate::setting::{Limits, Schema};

/// How often something is done again by the newest catalogue.
const TRIES: usize = 20;
/// Connections to a database.
const CONNECTIONS: u32 = 4;

/// A catalogue, compiled.
struct Compiled {
    catalogue: Catalogue,
    roster: Roster,
}

/// The customers and targets of one organisation.
#[pyclass(frozen, module = "target_rules._native")]
pub(crate) struct Ledger {
    /// `None` after it was closed.
    store: Mutex<Option<Box<dyn Store>>>,
    compiled: Mutex<Option<Arc<Compiled>>>,
    organisation: String,
    schema: target_rules::Schema,
    limits: target_rules::Limits,
}

/// Why something was not done.
enum Fault {
    Closed,
    Store(StoreError),
    Catalogue(CatalogueFault),
    Enrolment(EnrolmentError),
    Document(Diagnostics),
    Value(String),
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Fault {
        Fault::Store(error)
    }
}

impl From<CatalogueFault> for Fault {
    fn from(fault: CatalogueFault) -> Fault {
        Fault::Catalogue(fault)
    }
}

impl From<Diagnostics> for Fault {
    fn from(found: Diagnostics) -> Fault {
        Fault::Document(found)
    }
}

impl Fault {
    fn told(self, py: Python<'_>) -> PyErr {
        match self {
            Fault::Closed => failure(py, "closed", "this ledger is closed", None),
            Fault::Store(error) => {
                let kind = if error.may_pass() { "store-may-pass" } else { "store" };
                told(py, kind, &error)
            }
            Fault::Catalogue(fault) => match &fault {
                CatalogueFault::Document { found, .. } => match json(py, found) {
                    Ok(found) => failure(py, "targets", &fault.to_string(), Some(&found)),
                    Err(error) => error,
                },
                _ => told(py, "value", &fault),
            },
            Fault::Enrolment(error) => told(py, "enrolment", &error),
            Fault::Document(found) => refused(py, "document", &found),
            Fault::Value(what) => failure(py, "value", &what, None),
        }
    }
}

fn opened(url: &str) -> Result<Box<dyn Store>, Fault> {
    if url == "memory:" {
        return Ok(Box::new(MemoryStore::default()));
    }
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        return Ok(Box::new(PostgresStore::connect(url, CONNECTIONS)?));
    }
    match url.strip_prefix("sqlite:") {
        Some(path) => Ok(Box::new(SqliteStore::open(Path::new(path))?)),
        None => Err(Fault::Value(format!(
            "`{url}` is no store; write `memory:`, `sqlite:PATH` or `postgres://...`"
        ))),
    }
}

impl Ledger {
    fn with_store<T>(
        &self,
        py: Python<'_>,
        work: impl FnOnce(&mut dyn Store) -> Result<T, Fault> + Send,
    ) -> PyResult<T>
    where
        T: Send,
    {
        let done = py.detach(|| {
            let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
            let store = store.as_mut().ok_or(Fault::Closed)?;
            work(store.as_mut())
        });
        done.map_err(|fault| fault.told(py))
    }

    /// The newest catalogue, compiled anew where it has changed.
    fn newest(&self, store: &mut dyn Store) -> Result<Arc<Compiled>, Fault> {
        let change = store.change_number(&self.organisation)?;
        let mut compiled = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(compiled) = compiled.as_ref()
            && compiled.catalogue.change_number() == change
        {
            return Ok(compiled.clone());
        }
        let catalogue = store.catalogue(&self.organisation)?;
        let roster = catalogue.roster(&self.schema, &self.limits)?;
        let newest = Arc::new(Compiled { catalogue, roster });
        *compiled = Some(newest.clone());
        Ok(newest)
    }

    /// Changes rows by the newest catalogue, once more where it changes meanwhile.
    fn change<T>(
        &self,
        store: &mut dyn Store,
        customers: &[i64],
        mut work: impl FnMut(&Compiled, &mut [CustomerRow]) -> Result<Result<T, Fault>, StoreError>,
    ) -> Result<T, Fault> {
        let mut tries = 0;
        loop {
            let compiled = self.newest(store)?;
            let seen = compiled.catalogue.change_number();
            let mut done = Err(Fault::Value("the store has done nothing".to_owned()));
            let updated = store.update(&self.organisation, seen, customers, &mut |rows| {
                done = work(&compiled, rows)?;
                Ok(if done.is_ok() { Ending::Commit } else { Ending::RollBack })
            });
            tries += 1;
            match updated {
                Err(StoreError::CatalogueChanged { .. }) if tries < TRIES => {}
                Err(error) => return Err(error.into()),
                Ok(()) => return done,
            }
        }
    }

    /// One customer, as she is now.
    fn customer(&self, store: &mut dyn Store, customer: i64) -> Result<CustomerRecord, Fault> {
        let compiled = self.newest(store)?;
        let rows = store.read(&self.organisation, &[customer])?;
        match rows.first() {
            Some(row) => Ok(row.open(&compiled.roster)?),
            None => Ok(compiled.roster.stranger(customer)),
        }
    }
}

#[pymethods]
impl Ledger {
    /// Opens a store, and makes the organisation where it isn't there.
    #[new]
    fn new(
        py: Python<'_>,
        url: &str,
        organisation: &str,
        zone: &str,
        schema: &Schema,
        limits: &Limits,
    ) -> PyResult<Ledger> {
        let made = py.detach(|| {
            let mut store = opened(url)?;
            store.create_organisation(organisation, zone)?;
            Ok(store)
        });
        let store = made.map_err(|fault: Fault| fault.told(py))?;
        Ok(Ledger {
            store: Mutex::new(Some(store)),
            compiled: Mutex::new(None),
            organisation: organisation.to_owned(),
            schema: schema.0.clone(),
            limits: limits.0.clone(),
        })
    }

    /// Closes it; what was written stays.
    fn close(&self, py: Python<'_>) {
        let closed = py.detach(|| self.store.lock().unwrap_or_else(PoisonError::into_inner).take());
        py.detach(|| drop(closed));
    }

    /// Puts targets and groups of a payload in the place of those of their ids.
    fn put(&self, py: Python<'_>, payload: Document) -> PyResult<u64> {
        self.with_store(py, |store| {
            let documents = documents_of(payload.bytes(), &self.limits)?;
            let mut tries = 0;
            loop {
                let catalogue = store.catalogue(&self.organisation)?;
                // Compiled before it is put, so that what is kept has no fault.
                catalogue.with(documents.iter().cloned()).roster(&self.schema, &self.limits)?;
                tries += 1;
                match store.put(&self.organisation, catalogue.change_number(), &documents) {
                    Err(StoreError::CatalogueChanged { .. }) if tries < TRIES => {}
                    put => return Ok(put?),
                }
            }
        })
    }

    /// Enrols a customer; what was recorded, as JSON. The terms are what is to be reached,
    /// the method, and from when.
    fn enrol(
        &self,
        py: Python<'_>,
        customer: i64,
        target: i64,
        period: Option<i64>,
        terms: (Option<String>, String, Option<String>),
    ) -> PyResult<String> {
        let recorded = self.with_store(py, |store| {
            let (value, method, enrolled_on) = terms;
            let mut request = EnrolmentRequest::new(target, method_of(&method)?);
            request.period_id = period;
            request.value = value.as_deref().map(number_of).transpose()?;
            request.enrolled_on = enrolled_on.as_deref().map(DateText::parse);
            self.change(store, &[customer], |compiled, rows| {
                let Some(row) = rows.first_mut() else {
                    return Ok(Err(Fault::Value("there is no such customer".to_owned())));
                };
                let mut record = row.open(&compiled.roster)?;
                let enrolled = record.enrol(&request);
                row.keep(&record);
                Ok(enrolled.map_err(Fault::Enrolment))
            })
        })?;
        json(py, &recorded)
    }

    /// Ends that a customer takes part.
    fn withdraw(
        &self,
        py: Python<'_>,
        customer: i64,
        target: i64,
        period: Option<i64>,
        milliseconds: i64,
    ) -> PyResult<()> {
        self.with_store(py, |store| {
            let at = Instant::from_milliseconds(milliseconds);
            let at = at.map_err(|error| Fault::Value(error.to_string()))?;
            self.change(store, &[customer], |compiled, rows| {
                let Some(row) = rows.first_mut() else { return Ok(Ok(())) };
                let mut record = row.open(&compiled.roster)?;
                let withdrawn = record.withdraw(target, period, at);
                row.keep(&record);
                Ok(withdrawn.map_err(Fault::Enrolment))
            })
        })
    }

    /// Books documents of any customers, all or none: what does not count, as JSON.
    fn book(&self, py: Python<'_>, documents: Vec<Document>) -> PyResult<String> {
        let not_counted = self.with_store(py, |store| {
            let compiled = self.newest(store)?;
            let read = |document: &Document| given!(document.given(), one => compiled.roster.read(one, &self.limits));
            let batch: Vec<Activity> = documents.iter().map(read).collect::<Result<_, _>>()?;
            let customers: BTreeSet<i64> = batch.iter().map(Activity::customer).collect();
            let customers: Vec<i64> = customers.into_iter().collect();
            self.change(store, &customers, |compiled, rows| {
                let mut workspace = compiled.roster.workspace();
                let mut not_counted: Vec<NotCounted> = Vec::new();
                for row in rows {
                    let mut record = row.open(&compiled.roster)?;
                    not_counted.extend(record.book(&mut workspace, &batch));
                    row.keep(&record);
                }
                Ok(Ok(not_counted))
            })
        })?;
        json(py, &not_counted)
    }

    /// What a customer has achieved, as JSON.
    fn progress_of(&self, py: Python<'_>, customer: i64) -> PyResult<String> {
        let record = self.with_store(py, |store| self.customer(store, customer))?;
        json(py, &record.progress().collect::<Vec<_>>())
    }

    /// What a customer has achieved of unified targets, as JSON.
    fn unified_progress_of(&self, py: Python<'_>, customer: i64) -> PyResult<String> {
        let record = self.with_store(py, |store| self.customer(store, customer))?;
        json(py, &record.unified_progress())
    }

    /// What a customer is enrolled in, as JSON.
    fn enrolments_of(&self, py: Python<'_>, customer: i64) -> PyResult<String> {
        let record = self.with_store(py, |store| self.customer(store, customer))?;
        let enrolments: &RecordedEnrolments = record.enrolments();
        json(py, enrolments.all())
    }

    /// Whether a document would count for the targets of its customer, as JSON.
    fn standings(&self, py: Python<'_>, document: Document) -> PyResult<String> {
        let standings = self.with_store(py, |store| {
            let compiled = self.newest(store)?;
            let activity = given!(document.given(), one => compiled.roster.read(one, &self.limits))?;
            Ok(self.customer(store, activity.customer())?.standings(&activity))
        })?;
        json(py, &standings)
    }

    /// Why a document counts for a target of its customer or doesn't: JSON, text, HTML.
    fn explain(
        &self,
        py: Python<'_>,
        customer: i64,
        target: i64,
        document: Document,
    ) -> PyResult<Option<(String, String, String)>> {
        let explained = self.with_store(py, |store| {
            let record = self.customer(store, customer)?;
            Ok(given!(document.given(), one => record.explain(target, one, &self.limits))?)
        })?;
        let Some(explained) = explained else { return Ok(None) };
        let text = explained.to_text(Colour::Off).into_string();
        Ok(Some((json(py, &explained)?, text, explained.to_html())))
    }

    /// The customers of whom anything is kept: so many of those after one.
    fn customers(&self, py: Python<'_>, after: Option<i64>, most: usize) -> PyResult<Vec<i64>> {
        self.with_store(py, |store| Ok(store.customers(&self.organisation, after, most)?))
    }

    /// Forgets a customer; whether anything was kept of her.
    fn erase(&self, py: Python<'_>, customer: i64) -> PyResult<bool> {
        self.with_store(py, |store| Ok(store.erase(&self.organisation, customer)?))
    }

    /// The ids of the targets.
    fn target_ids(&self, py: Python<'_>) -> PyResult<Vec<i64>> {
        self.with_store(py, |store| {
            let compiled = self.newest(store)?;
            Ok(compiled.roster.targets().iter().map(|target| target.id()).collect())
        })
    }
}

fn method_of(word: &str) -> Result<EnrolmentMethod, Fault> {
    let known = EnrolmentMethod::SPELLINGS.iter().find(|(spelling, _)| *spelling == word);
    let spellings = || {
        let all: Vec<String> = EnrolmentMethod::SPELLINGS.iter().map(|one| format!("`{}`", one.0)).collect();
        all.join(", ")
    };
    known
        .map(|(_, method)| *method)
        .ok_or_else(|| Fault::Value(format!("`{word}` is no enrolment method; there are {}", spellings())))
}

fn number_of(text: &str) -> Result<Number, Fault> {
    text.parse().map_err(|error| Fault::Value(format!("`{text}` can't be reached: {error}")))
}

/// The documents of a store that a payload holds.
fn documents_of(payload: &[u8], limits: &target_rules::Limits) -> Result<Vec<Stored>, Fault> {
    let unwritten = |error: serde_json::Error| Fault::Value(error.to_string());
    let read = TargetDocument::read(payload, limits)?;
    let mut documents = Vec::new();
    for entry in read.entries() {
        match entry {
            TargetEntry::Target(target) => {
                let text = serde_json::to_string(target).map_err(unwritten)?;
                documents.push(Stored::new(DocumentKind::Target, target.id, text));
            }
            TargetEntry::Group(group) => {
                let id = group.id.ok_or_else(|| {
                    Fault::Value("a target group needs an `id`, by which the store keeps it".to_owned())
                })?;
                let mut group = group.clone();
                let targets = group.targets.take().unwrap_or_default();
                let text = serde_json::to_string(&group).map_err(unwritten)?;
                documents.push(Stored::new(DocumentKind::Group, id, text));
                for target in targets {
                    let text = serde_json::to_string(&target).map_err(unwritten)?;
                    documents.push(Stored::new(DocumentKind::Target, target.id, text).of_group(id));
                }
            }
            TargetEntry::Other(other) => {
                return Err(Fault::Value(format!(
                    "the payload holds something that is neither a target nor a group: {}",
                    target_rules::diagnostic::excerpt(other.text())
                )));
            }
        }
    }
    if documents.is_empty() {
        return Err(Fault::Value("the payload holds no targets".to_owned()));
    }
    Ok(documents)
}
