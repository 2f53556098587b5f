//! The active targets of an enrolled customer: what clients of the platform ask.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use loyalty_targets::Word;
use loyalty_targets::store::{Document, RecordedEnrolment, RecordedEnrolments};
use target_rules::Instant;
use target_rules_requests::EnrolledTargetsQuery;

use crate::http::{AnyJson, Envelope, Failure, Fault, Query, Reader, Refused, UserId, raw_answer};
use crate::service::{App, Served, now};

use super::single::current;

/// Whether an enrolment is of a target that is asked for.
fn admits(
    wanted: &EnrolledTargetsQuery,
    at: Instant,
    one: &RecordedEnrolment,
    among: &RecordedEnrolments,
    served: &Served,
) -> bool {
    let Some(brief) = served.brief(one.target_id).filter(|brief| brief.active) else { return false };
    let by_method = || brief.method.or_else(|| Word::known(&one.method));
    wanted.ids.as_ref().is_none_or(|ids| ids.contains(&one.target_id))
        && (brief.user_created || !wanted.only_user_created)
        && wanted.method.is_none_or(|method| by_method() == Some(method))
        && served.roster.takes_part(one, among, at)
}

/// The active targets that a customer is enrolled in, each byte for byte as it is stored.
#[utoipa::path(
    get, path = "/v3/users/{userId}/enrolledTargets", tag = "enrolled targets",
    params(
        ("userId" = i64, Path, description = "The customer", minimum = 1),
        ("targetRuleIds" = Option<String>, Query, description = "Ids of targets with commas between them; unknown ones are ignored"),
        ("trackingDate" = Option<i64>, Query, description = "Epoch milliseconds: targets with a period that contains it; now where it is left out"),
        ("enrollmentType" = Option<String>, Query, description = "How customers come to the target: TRANSACTION, IMPORT or AUDIENCE_FILTER"),
        ("includeOnlyUserCreated" = Option<bool>, Query, description = "Only targets that customers made"),
    ),
    responses((status = 200, description = "The targets, by id; `[]` where there are none", body = Envelope<Vec<AnyJson>>), Refused),
)]
pub(crate) async fn enrolled_targets(
    State(app): State<Arc<App>>,
    Reader(caller): Reader,
    UserId(user): UserId,
    query: Query,
) -> Result<Response, Failure> {
    let wanted = EnrolledTargetsQuery::of(&query)
        .map_err(|faults| Failure::all(faults.into_iter().map(Fault::from).collect()))?;
    let at = wanted.tracking.unwrap_or_else(now);
    let (enrolments, served) = current(&app, &caller.organisation, user).await?;
    // By target; the periods of one stand side by side.
    let admitted = enrolments.all().iter().filter(|one| admits(&wanted, at, one, &enrolments, &served));
    let mut found: Vec<i64> = admitted.map(|one| one.target_id).collect();
    found.dedup();
    found.retain(|id| served.catalogue.target(*id).is_some());
    let bytes = found.iter().map(|id| text(&served, *id).len()).fold(0, usize::saturating_add);
    let warnings = served.warnings();
    let write = move |id, to: &mut Vec<u8>| to.extend_from_slice(text(&served, id).as_bytes());
    Ok(raw_answer(bytes, found.into_iter(), write, &warnings))
}

/// The document of a target that is there.
fn text(served: &Served, target: i64) -> &str {
    served.catalogue.target(target).map(Document::text).unwrap_or_default()
}
