//! Changes of a catalogue: checked whole before anything of them is kept.

use std::sync::Arc;

use axum::http::StatusCode;
use loyalty_targets::store::{CatalogueFault, Document, DocumentKind, Store, StoreError};

use crate::http::{Code, Failure, Fault};
use crate::service::{App, Served};

use super::drafts::{Drafts, Refusal, refused};

/// How often a change is tried again that others came before.
const TRIES: usize = 8;

/// Makes documents of what was sent, checks the catalogue with them, keeps them,
/// and serves them. Gives the first of them as it is kept, and what is served.
pub(crate) async fn put_all(
    app: &Arc<App>,
    organisation: &Arc<str>,
    make: impl Fn(&mut Drafts<'_>) -> Result<Vec<Document>, Refusal> + Send + 'static,
) -> Result<(Arc<Served>, Vec<(DocumentKind, i64)>), Failure> {
    // Makes the organisation where it is not there.
    app.served(organisation).await?;
    let (organisation, working) = (organisation.clone(), app.clone());
    app.run(move |store| {
        for _ in 0..TRIES {
            match try_once(&working, store, &organisation, &make) {
                Err(Refusal::Store(StoreError::CatalogueChanged { .. })) => {}
                Err(Refusal::Store(error)) => return Err(error),
                Err(Refusal::Request(failure)) => return Ok(Err(failure)),
                Ok(ids) => return Ok(Ok((working.reload(store, &organisation)?, ids))),
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
) -> Result<Vec<(DocumentKind, i64)>, Refusal> {
    let (schema, limits) = (app.schema(), app.limits());
    let catalogue = store.catalogue(organisation)?;
    let mut drafts = Drafts { catalogue: &catalogue, store, organisation, schema, limits };
    let documents = make(&mut drafts)?;
    let changed = catalogue.with(documents.clone());
    let roster = changed.roster(schema, limits).map_err(failure_of)?;
    // What was booked stays true: a target can't come to count something else.
    if let Ok(before) = catalogue.roster(schema, limits)
        && let Some(wrong) = roster.changes_from(&before).first()
    {
        return Err(Failure::invalid(format!("{wrong}; give it another id")).into());
    }
    check_each_once(&documents)?;
    store.put(organisation, catalogue.change_number(), &documents)?;
    Ok(documents.iter().map(|one| (one.kind(), one.id())).collect())
}

/// Nothing is put twice in one change.
fn check_each_once(documents: &[Document]) -> Result<(), Failure> {
    for (at, one) in documents.iter().enumerate() {
        if documents.iter().take(at).any(|other| (other.kind(), other.id()) == (one.kind(), one.id())) {
            return Err(Failure::invalid(format!(
                "the {} {} stands there twice",
                one.kind().word(),
                one.id()
            )));
        }
    }
    Ok(())
}

fn failure_of(fault: CatalogueFault) -> Failure {
    match fault {
        CatalogueFault::Document { found, .. } => refused(found),
        CatalogueFault::Target { why } => Failure::from(Fault::new(Code::InvalidInput, why.to_string())),
        other => Failure::invalid(other.to_string()).status(StatusCode::BAD_REQUEST),
    }
}
