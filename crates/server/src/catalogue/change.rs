//! Changes of a catalogue: checked whole before anything of them is kept.

use std::collections::HashSet;
use std::sync::Arc;

use axum::http::StatusCode;
use loyalty_targets::store::{
    Catalogue, CatalogueFault, CustomerRow, Document, DocumentKind, Ending, Roster, Store, StoreError,
};
use target_rules::diagnostic::FileDiagnostic;

use crate::http::{Code, Failure, Fault};
use crate::service::{App, Served};

use super::drafts::{Drafts, Refusal, refused};
use super::periods::check_periods_stay;

/// How often a change is tried again that others came before.
const TRIES: usize = 8;

/// What is served then, and what was put.
pub(crate) struct Put {
    pub(crate) served: Arc<Served>,
    /// In the order in which it was made.
    pub(crate) ids: Vec<(DocumentKind, i64)>,
    /// What is dubious of it, and no error.
    dubious: Vec<FileDiagnostic>,
}

impl Put {
    /// What the answer warns of.
    pub(super) fn warnings(&self) -> Vec<Fault> {
        let dubious = self.dubious.iter().map(|found| {
            let mut fault = Fault::new(Code::InvalidInput, found.diagnostic.message.as_str());
            fault.diagnostics = serde_json::to_value(found).ok().map(|one| vec![one]);
            fault
        });
        self.served.warnings().into_iter().chain(dubious).collect()
    }
}

/// Of a customer for whom something is put: what becomes of her row by the targets
/// with these documents, or why it can't be.
pub(super) type ForHer =
    dyn Fn(&mut CustomerRow, &Roster, &[Document]) -> Result<Result<(), Failure>, StoreError> + Send;

/// Makes documents of what was sent, checks the catalogue with them, keeps them,
/// and serves them. The catalogue is compiled once for that.
pub(crate) async fn put_all(
    app: &Arc<App>,
    organisation: &Arc<str>,
    make: impl Fn(&mut Drafts<'_>) -> Result<Vec<Document>, Refusal> + Send + 'static,
) -> Result<Put, Failure> {
    change(app, organisation, make, None).await
}

/// The same for a customer, whose row is changed by them: both are kept, or neither.
pub(super) async fn put_for(
    app: &Arc<App>,
    organisation: &Arc<str>,
    make: impl Fn(&mut Drafts<'_>) -> Result<Vec<Document>, Refusal> + Send + 'static,
    customer: i64,
    for_her: Box<ForHer>,
) -> Result<Put, Failure> {
    change(app, organisation, make, Some((customer, for_her))).await
}

async fn change(
    app: &Arc<App>,
    organisation: &Arc<str>,
    make: impl Fn(&mut Drafts<'_>) -> Result<Vec<Document>, Refusal> + Send + 'static,
    customer: Option<(i64, Box<ForHer>)>,
) -> Result<Put, Failure> {
    // Makes the organisation where it is not there.
    app.served(organisation).await?;
    let (organisation, working) = (organisation.clone(), app.clone());
    // Whoever waits for others takes no place of the store meanwhile.
    let turn = app.turn_to_change(&organisation).await?;
    let of = organisation.clone();
    app.run_change(&of, move |store| {
        let _turn = turn;
        let customer = customer.as_ref().map(|(customer, for_her)| (*customer, &**for_her));
        for _ in 0..TRIES {
            match try_once(&working, store, &organisation, &make, customer) {
                Err(Refusal::Store(StoreError::CatalogueChanged { .. })) => {}
                Err(Refusal::Store(error)) => return Err(error),
                Err(Refusal::Request(failure)) => return Ok(Err(failure)),
                Ok(put) => return Ok(Ok(put)),
            }
        }
        Ok(Err(Failure::unavailable("others change the targets all the time")))
    })
    .await?
}

fn try_once(
    app: &App,
    store: &mut dyn Store,
    organisation: &str,
    make: &dyn Fn(&mut Drafts<'_>) -> Result<Vec<Document>, Refusal>,
    customer: Option<(i64, &ForHer)>,
) -> Result<Put, Refusal> {
    let (schema, limits) = (app.schema(), app.limits());
    let catalogue = store.catalogue(organisation)?;
    let mut drafts =
        Drafts { catalogue: &catalogue, store, organisation, schema, limits, ids: 0..0, dubious: Vec::new() };
    let documents = make(&mut drafts)?;
    let dubious = std::mem::take(&mut drafts.dubious);
    check_each_once(&documents)?;
    let changed = catalogue.with(documents.clone());
    let roster = changed.roster(schema, limits).map_err(failure_of)?;
    // What was booked stays true: a target can't come to count something else.
    let before = app.known(organisation).filter(|served| served.is_of(&catalogue));
    let before = match before {
        Some(served) => Some(served.roster.clone()),
        // Where these don't build, by the last ones that did.
        None => {
            let built = catalogue.roster(schema, limits).ok();
            built.or_else(|| app.known(organisation).map(|served| served.roster.clone()))
        }
    };
    if let Some(wrong) = before.as_ref().and_then(|before| roster.changes_from(before).into_iter().next()) {
        return Err(Failure::invalid(format!("{wrong}; give it another id")).into());
    }
    let ids = documents.iter().map(|one| (one.kind(), one.id())).collect();
    let now = roster.clone();
    let served = app.keep(organisation, roster, || {
        let seen = catalogue.change_number();
        let version = match customer {
            // It is new what is put for her, and takes no period out.
            Some(customer) => put_for_her(store, organisation, seen, (&documents, &now), customer)?,
            None => put(store, organisation, seen, &documents, (before.as_ref(), &now))?,
        };
        // Nobody came between, so this is the catalogue as it is kept now.
        let kept = catalogue.groups().chain(catalogue.targets()).cloned();
        let kept = kept.chain(documents.into_iter().map(|one| one.in_version(version)));
        Ok::<_, Refusal>(Catalogue::new(catalogue.zone().to_owned(), version, kept))
    })?;
    Ok(Put { served, ids, dubious })
}

/// Puts documents where the roster with them takes no period from anybody; their
/// version.
fn put(
    store: &mut dyn Store,
    organisation: &str,
    seen: u64,
    documents: &[Document],
    (before, now): (Option<&Roster>, &Roster),
) -> Result<u64, Refusal> {
    let lacking = before.map(|before| (before, now.targets_with_periods_gone(before)));
    let Some((before, lacking)) = lacking.filter(|(_, lacking)| !lacking.is_empty()) else {
        return Ok(store.put(organisation, seen, documents)?);
    };
    let mut refused = None;
    let put = store.put_checked(organisation, seen, documents, &mut |pages| {
        refused = check_periods_stay(pages, &lacking, before, now)?.err();
        Ok(if refused.is_none() { Ending::Commit } else { Ending::RollBack })
    });
    put_or_refused(put?, refused)
}

/// Puts documents with what becomes of a customer by the roster with them; their
/// version.
fn put_for_her(
    store: &mut dyn Store,
    organisation: &str,
    seen: u64,
    (documents, roster): (&[Document], &Roster),
    (customer, for_her): (i64, &ForHer),
) -> Result<u64, Refusal> {
    let mut refused = None;
    let put = store.put_and_update(organisation, seen, documents, &[customer], &mut |rows| {
        refused = None;
        for row in rows {
            if let Err(failure) = for_her(row, roster, documents)? {
                refused = Some(failure);
                return Ok(Ending::RollBack);
            }
        }
        Ok(Ending::Commit)
    });
    put_or_refused(put?, refused)
}

fn put_or_refused(put: Option<u64>, refused: Option<Failure>) -> Result<u64, Refusal> {
    match (put, refused) {
        (Some(version), _) => Ok(version),
        (None, Some(failure)) => Err(failure.into()),
        (None, None) => Err(Failure::internal(&"a change was rolled back without a reason").into()),
    }
}

/// Nothing is put twice in one change.
fn check_each_once(documents: &[Document]) -> Result<(), Failure> {
    let mut seen = HashSet::with_capacity(documents.len());
    match documents.iter().find(|one| !seen.insert((one.kind().word(), one.id()))) {
        Some(one) => {
            Err(Failure::invalid(format!("the {} {} stands there twice", one.kind().word(), one.id())))
        }
        None => Ok(()),
    }
}

fn failure_of(fault: CatalogueFault) -> Failure {
    match fault {
        CatalogueFault::Document { found, .. } => refused(found),
        CatalogueFault::Target { why } => Failure::from(Fault::new(Code::InvalidInput, why.to_string())),
        other => Failure::invalid(other.to_string()).status(StatusCode::BAD_REQUEST),
    }
}
