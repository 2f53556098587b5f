//! What a customer has achieved.

use std::sync::Arc;

use axum::extract::State;
use loyalty_targets::{Progress, UnifiedProgress};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::{Answer, Envelope, Failure, ProgressShape, Reader, Refused, UnifiedProgressShape, UserId};
use crate::service::App;

/// What a customer has achieved.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Achieved {
    /// By target, period and cycle
    #[schema(value_type = Vec<ProgressShape>)]
    progress: Vec<Progress>,
    /// Of the targets of a group together
    #[schema(value_type = Vec<UnifiedProgressShape>)]
    unified: Vec<UnifiedProgress>,
    /// Numbers of bills whose returns came and which did not come yet
    waiting_returns: Vec<String>,
}

/// What a customer has achieved of each target, period and cycle.
#[utoipa::path(
    get, path = "/v3/users/{userId}/progress", tag = "transactions",
    params(("userId" = i64, Path, description = "The customer", minimum = 1)),
    responses((status = 200, description = "Her progress", body = Envelope<Achieved>), Refused),
)]
pub(crate) async fn progress(
    State(app): State<Arc<App>>,
    Reader(caller): Reader,
    UserId(user): UserId,
) -> Result<Answer<Achieved>, Failure> {
    let served = app.served(&caller.organisation).await?;
    let with = served.clone();
    let organisation = caller.organisation.clone();
    let achieved = app.run(&organisation, move |store| {
        let rows = store.read(&caller.organisation, &[user])?;
        let customer = match rows.first() {
            Some(row) => row.open(&with.roster)?,
            None => with.roster.stranger(user),
        };
        Ok(Achieved {
            progress: customer.progress().collect(),
            unified: customer.unified_progress(),
            waiting_returns: customer.waiting_returns().map(str::to_owned).collect(),
        })
    });
    Ok(Answer::new(achieved.await?).warn(served.warnings()))
}
