//! One transaction.

use std::sync::Arc;

use axum::extract::State;
use loyalty_targets::store::Store;
use loyalty_targets::{NotCounted, Progress, Standing};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::{
    Answer, AnyJson, Booker, Document, Envelope, Failure, NotCountedShape, ProgressShape, Refused,
    StandingShape,
};
use crate::service::{App, Served};

use super::book::{Asked, Told, book, check_customer, unreadable};

/// What has become of a transaction.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Booked {
    /// Its number
    number: String,
    /// Its customer
    user_id: i64,
    /// Whether it was only asked what would be
    dry_run: bool,
    /// How it stands with each target that its customer takes part in, or that it enrols her in:
    /// before it was booked
    #[schema(value_type = Vec<StandingShape>)]
    standings: Vec<Standing>,
    /// Where it does not count, and why; a transaction that was booked before is told here
    #[schema(value_type = Vec<NotCountedShape>)]
    not_counted: Vec<NotCounted>,
    /// In how many more targets it does not count that `notCounted` leaves out; 0 unless the customer
    /// has very many targets
    not_counted_left_out: u64,
    /// What the customer has achieved with it
    #[schema(value_type = Vec<ProgressShape>)]
    progress: Vec<Progress>,
}

/// Books a transaction: a bill, a return or an event. The same number again counts once.
#[utoipa::path(
    post, path = "/v3/transactions", tag = "transactions",
    params(("dryRun" = Option<bool>, Query, description = "Only say what would be; a user may who only reads")),
    request_body = AnyJson,
    responses((status = 200, description = "How it stands with each target, and what is achieved", body = Envelope<Booked>), Refused),
)]
pub(crate) async fn book_one(
    State(app): State<Arc<App>>,
    Booker { caller, dry_run }: Booker,
    Document(body): Document,
) -> Result<Answer<Booked>, Failure> {
    let (working, organisation) = (app.clone(), caller.organisation.clone());
    let work = move |store: &mut dyn Store, with: &Arc<Served>| {
        let activity = match with.roster.read(&body[..], working.limits()) {
            Ok(activity) => activity,
            Err(found) => return Ok(Err(Failure::from(unreadable(&found)))),
        };
        if let Err(failure) = check_customer(&activity) {
            return Ok(Err(failure));
        }
        let asked = Asked { dry_run, decisions: true, progress: true };
        let (number, user_id) = (activity.number().to_owned(), activity.customer());
        let mut told = match book(store, &organisation, with, &[activity], asked)? {
            Ok(told) => told,
            Err(refused) => return Ok(Err(refused)),
        };
        let standings = told.standings.remove(&0).unwrap_or_default();
        let Told { not_counted, not_counted_left_out, progress, .. } = told;
        Ok(Ok(Booked { number, user_id, dry_run, standings, not_counted, not_counted_left_out, progress }))
    };
    let (done, served) = match dry_run {
        true => app.look(&caller.organisation, work).await?,
        false => app.write(&caller.organisation, work).await?,
    };
    match done {
        Ok(booked) => {
            if !dry_run {
                app.metrics.transactions.inc();
            }
            Ok(Answer::new(booked).warn(served.warnings()))
        }
        Err(failure) => {
            app.metrics.transactions_refused.inc();
            Err(failure)
        }
    }
}
