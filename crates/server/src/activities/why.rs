//! Why a transaction counts for a target, or doesn't.

use std::sync::Arc;

use axum::extract::State;
use loyalty_targets::ExplainedTarget;

use crate::http::{
    Answer, AnyJson, Code, Document, Envelope, Failure, Reader, Refused, TargetId, UserId, WhyShape,
};
use crate::service::App;

use super::book::unreadable;

/// Why a transaction counts for a target of its customer or doesn't, part by part. The transaction
/// comes with the question: the server keeps numbers and contributions, and no bills. Nothing is
/// booked.
#[utoipa::path(
    post, path = "/v3/users/{userId}/targets/{targetId}/why", tag = "transactions",
    params(
        ("userId" = i64, Path, description = "The customer", minimum = 1),
        ("targetId" = i64, Path, description = "The target", minimum = 1),
    ),
    request_body = AnyJson,
    responses((status = 200, description = "Each part with its outcome, and the rule node by node", body = Envelope<WhyShape>), Refused),
)]
pub(crate) async fn why(
    State(app): State<Arc<App>>,
    Reader(caller): Reader,
    UserId(user): UserId,
    TargetId(target): TargetId,
    Document(body): Document,
) -> Result<Answer<ExplainedTarget>, Failure> {
    let served = app.served(&caller.organisation).await?;
    let (working, with) = (app.clone(), served.clone());
    let organisation = caller.organisation.clone();
    let explained = app.run(&organisation, move |store| {
        let rows = store.read(&caller.organisation, &[user])?;
        let customer = match rows.first() {
            Some(row) => row.open(&with.roster)?,
            None => with.roster.stranger(user),
        };
        Ok(customer.explain(target, &body[..], working.limits()))
    });
    match explained.await? {
        Ok(Some(explained)) => Ok(Answer::new(explained).warn(served.warnings())),
        Ok(None) => Err(Failure::of(Code::NoTarget)),
        Err(found) => Err(unreadable(&found).into()),
    }
}
