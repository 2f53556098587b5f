//! Many transactions at once.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use loyalty_targets::store::Store;
use loyalty_targets::{NotCounted, Progress, Standing};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::{
    Answer, AnyJson, Batch, Booker, DocumentKind, Envelope, Failure, Fault, NotCountedShape, ProgressShape,
    Query, Refused, StandingShape,
};
use crate::service::{App, Served};

use super::book::{Asked, Told, book, check_customer, unreadable};

/// How many diagnostics of refused transactions an answer has; the others have
/// their message only.
const MOST_DIAGNOSTICS: usize = 2_000;

/// What has become of a batch.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BookedBatch {
    /// How many transactions were taken; the same again among them, which count once
    booked: usize,
    /// Whether it was only asked what would be
    dry_run: bool,
    /// Those that can't be read, with why; the others are booked
    refused: Vec<RefusedTransaction>,
    /// Of each transaction how it stands with the targets, where `decisions=true` asks for it
    #[serde(skip_serializing_if = "Option::is_none")]
    decisions: Option<Vec<Decided>>,
    /// Which transactions don't count where, and why
    #[schema(value_type = Vec<NotCountedShape>)]
    not_counted: Vec<NotCounted>,
    /// How many more pairs of a transaction and a target `notCounted` leaves out; 0 unless the batch is
    /// very large
    not_counted_left_out: u64,
    /// What the customers have achieved then, where `progress=true` asks for it
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Option<Vec<ProgressShape>>)]
    progress: Option<Vec<Progress>>,
}

/// A transaction of a batch that can't be read.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RefusedTransaction {
    /// Its line, or its position in a JSON list, from 1
    line: usize,
    /// What is wrong
    error: Fault,
}

/// How a transaction of a batch stands with the targets.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Decided {
    number: String,
    user_id: i64,
    #[schema(value_type = Vec<StandingShape>)]
    standings: Vec<Standing>,
}

/// Books many transactions: NDJSON (`application/x-ndjson`) or a JSON list. All that can be read
/// are booked in one transaction of the store: all of them, or none where the server fails. To send
/// a batch again does no harm, for each counts once.
#[utoipa::path(
    post, path = "/v3/transactions/batch", tag = "transactions",
    params(
        ("dryRun" = Option<bool>, Query, description = "Only say what would be; a user may who only reads"),
        ("decisions" = Option<bool>, Query, description = "Say of each transaction how it stands with the targets"),
        ("progress" = Option<bool>, Query, description = "Say what the customers have achieved then"),
    ),
    request_body(content((Vec<AnyJson> = "application/json"), (String = "application/x-ndjson"))),
    responses((status = 200, description = "What has become of them", body = Envelope<BookedBatch>), Refused),
)]
pub(crate) async fn book_many(
    State(app): State<Arc<App>>,
    Booker { caller, dry_run }: Booker,
    query: Query,
    batch: Batch,
) -> Result<Answer<BookedBatch>, Failure> {
    let asked = Asked { dry_run, decisions: query.flag("decisions")?, progress: query.flag("progress")? };
    let place = app.batch_place(&caller.organisation).await?;
    let (working, organisation) = (app.clone(), caller.organisation.clone());
    let work = move |store: &mut dyn Store, with: &Arc<Served>| {
        // Until the work is done, whether or not its client waits.
        let _place = &place;
        let documents = match documents(&batch) {
            Ok(documents) => documents,
            Err(failure) => return Ok(Err(failure)),
        };
        let (mut lines, mut refused) = (Vec::with_capacity(documents.len()), Vec::new());
        let mut diagnostics: usize = 0;
        for (line, document) in documents {
            match read(&working, with, document) {
                Ok(activity) => lines.push(activity),
                Err(mut error) => {
                    diagnostics = diagnostics.saturating_add(error.diagnostics.as_ref().map_or(0, Vec::len));
                    if diagnostics > MOST_DIAGNOSTICS {
                        error.diagnostics = None;
                    }
                    refused.push(RefusedTransaction { line, error });
                }
            }
        }
        let told = book(store, &organisation, with, &lines, asked)?;
        Ok(told.map(|told| answer(&lines, told, refused, asked)))
    };
    let (booked, served) = match asked.dry_run {
        true => app.look(&caller.organisation, work).await?,
        false => app.write(&caller.organisation, work).await?,
    };
    let booked = booked?;
    if !asked.dry_run {
        app.metrics.transactions.inc_by(u64::try_from(booked.booked).unwrap_or_default());
        app.metrics.transactions_refused.inc_by(u64::try_from(booked.refused.len()).unwrap_or_default());
    }
    Ok(Answer::new(booked).warn(served.warnings()))
}

fn read(app: &App, served: &Served, document: &[u8]) -> Result<loyalty_targets::Activity, Fault> {
    let activity = served.roster.read(document, app.limits()).map_err(|found| unreadable(&found))?;
    let checked = check_customer(&activity);
    checked.map_err(|failure| {
        failure.faults().first().cloned().unwrap_or_else(|| unreadable(&<_>::default()))
    })?;
    Ok(activity)
}

fn answer(
    activities: &[loyalty_targets::Activity],
    mut told: Told,
    refused: Vec<RefusedTransaction>,
    asked: Asked,
) -> BookedBatch {
    let decided = |(at, activity): (usize, &loyalty_targets::Activity)| Decided {
        number: activity.number().to_owned(),
        user_id: activity.customer(),
        standings: told.standings.remove(&at).unwrap_or_default(),
    };
    let decisions = asked.decisions.then(|| activities.iter().enumerate().map(decided).collect());
    BookedBatch {
        booked: activities.len(),
        dry_run: asked.dry_run,
        refused,
        decisions,
        not_counted: told.not_counted,
        not_counted_left_out: told.not_counted_left_out,
        progress: asked.progress.then_some(told.progress),
    }
}

/// The documents of a batch, each with its line or position.
fn documents(batch: &Batch) -> Result<Vec<(usize, &[u8])>, Failure> {
    match batch.kind {
        DocumentKind::Lines | DocumentKind::Json => batch.entries("transactions"),
        DocumentKind::Csv => {
            Err(Failure::invalid("`Content-Type` is `application/json` or `application/x-ndjson`")
                .status(StatusCode::UNSUPPORTED_MEDIA_TYPE))
        }
    }
}
