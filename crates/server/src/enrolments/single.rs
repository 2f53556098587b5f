//! A customer's enrolments, one by one.

use std::sync::Arc;

use axum::extract::State;
use loyalty_targets::store::{
    CustomerRecord, Ending, EnrolmentError, RecordedEnrolment, RecordedEnrolments, StoreError,
};
use target_rules::Instant;
use target_rules_requests::{Enrolment, Page, date, enrolment};

use crate::http::{
    Answer, Document, EnrolmentBodyShape, EnrolmentShape, Envelope, Failure, Fault, Query, Reader, Refused,
    TargetId, UserId, Writer,
};
use crate::service::{App, Served, now};

/// What a customer is enrolled in, also what she has withdrawn from: a page of it, by target and
/// period. A page has all enrolments in each of its targets. The next one is asked for with the last
/// `targetId` as `after`; after the last page comes an empty one.
#[utoipa::path(
    get, path = "/v3/users/{userId}/enrolments", tag = "enrolments",
    params(
        ("userId" = i64, Path, description = "The customer", minimum = 1),
        ("after" = Option<i64>, Query, description = "Those in targets after this id"),
        ("limit" = Option<i64>, Query, description = "Those in how many targets, up to 1000; 100 where it is left out", minimum = 1, maximum = 1000),
    ),
    responses((status = 200, description = "The enrolments, by target and period", body = Envelope<Vec<EnrolmentShape>>), Refused),
)]
pub(crate) async fn enrolments(
    State(app): State<Arc<App>>,
    Reader(caller): Reader,
    UserId(user): UserId,
    query: Query,
) -> Result<Answer<Vec<RecordedEnrolment>>, Failure> {
    let page = query.page()?;
    let (enrolments, served) = current(&app, &caller.organisation, user).await?;
    Ok(Answer::new(on_page(page, &enrolments)).warn(served.warnings()))
}

/// The enrolments in the targets of a page.
fn on_page(page: Page, enrolments: &RecordedEnrolments) -> Vec<RecordedEnrolment> {
    let of_target = enrolments.all().chunk_by(|one, next| one.target_id == next.target_id);
    let after = of_target
        .skip_while(|of| of.first().zip(page.after).is_some_and(|(one, after)| one.target_id <= after));
    after.take(page.most).flatten().cloned().collect()
}

/// What a customer is enrolled in by the targets that are served, and these. What is
/// booked of her is read only where bills have enrolled her in periods that are gone.
pub(super) async fn current(
    app: &Arc<App>,
    organisation: &Arc<str>,
    user: i64,
) -> Result<(RecordedEnrolments, Arc<Served>), Failure> {
    let served = app.served(organisation).await?;
    let recorded = app.enrolments(organisation, user).await?;
    if !served.roster.carries_over(&recorded) {
        return Ok((recorded, served));
    }
    let of = organisation.clone();
    let read = app.look(organisation, move |store, served| match store.read(&of, &[user])?.first() {
        Some(row) => Ok(row.open(&served.roster)?.enrolments().clone()),
        None => Ok(RecordedEnrolments::default()),
    });
    read.await
}

/// Enrols a customer in a target.
#[utoipa::path(
    post, path = "/v3/users/{userId}/enrolments", tag = "enrolments",
    params(("userId" = i64, Path, description = "The customer", minimum = 1)),
    request_body = EnrolmentBodyShape,
    responses((status = 201, description = "The enrolment", body = Envelope<EnrolmentShape>), Refused),
)]
pub(crate) async fn enrol(
    State(app): State<Arc<App>>,
    Writer(caller): Writer,
    UserId(user): UserId,
    Document(body): Document,
) -> Result<Answer<RecordedEnrolment>, Failure> {
    let Enrolment { customer, request } = enrolment(&body)?;
    if customer.is_some_and(|other| other != user) {
        return Err(Failure::invalid("`userId` is another one than in the path"));
    }
    let made = change(&app, &caller.organisation, user, move |customer| customer.enrol(&request)).await?;
    app.metrics.enrolments.inc();
    Ok(Answer::made(made))
}

/// Ends that a customer takes part in a target. What has counted stays; what is of this instant or
/// later counts no more. While the newest targets of the organisation don't build, nothing is
/// withdrawn and a 503 says why.
#[utoipa::path(
    delete, path = "/v3/users/{userId}/enrolments/{targetId}", tag = "enrolments",
    params(
        ("userId" = i64, Path, description = "The customer", minimum = 1),
        ("targetId" = i64, Path, description = "The target", minimum = 1),
        ("periodId" = Option<i64>, Query, description = "Only in this period; in all of them where it is left out"),
        ("withdrawnOn" = Option<String>, Query, description = "From when; now where it is left out"),
    ),
    responses((status = 200, description = "Her enrolments in the target, in all of its periods", body = Envelope<Vec<EnrolmentShape>>), Refused),
)]
pub(crate) async fn withdraw(
    State(app): State<Arc<App>>,
    Writer(caller): Writer,
    UserId(user): UserId,
    TargetId(target): TargetId,
    query: Query,
) -> Result<Answer<Vec<RecordedEnrolment>>, Failure> {
    let period = query.integer("periodId")?;
    let served = app.served(&caller.organisation).await?;
    let at: Instant = match query.get("withdrawnOn") {
        None => now(),
        Some(text) => {
            let resolved = date("withdrawnOn", text)?.resolve(served.roster.zone());
            resolved
                .ok_or_else(|| Failure::invalid("`withdrawnOn` is no date of the organisation's time zone"))?
        }
    };
    let left = change(&app, &caller.organisation, user, move |customer| {
        customer.withdraw(target, period, at)?;
        Ok(customer.enrolments().all().iter().filter(|one| one.target_id == target).cloned().collect())
    });
    Ok(Answer::new(left.await?))
}

/// Changes what is kept of a customer, in one transaction of the store.
async fn change<T: Send + 'static>(
    app: &Arc<App>,
    organisation: &Arc<str>,
    user: i64,
    mut change: impl FnMut(&mut CustomerRecord) -> Result<T, EnrolmentError> + Send + 'static,
) -> Result<T, Failure> {
    let of = organisation.clone();
    let done = app.write(organisation, move |store, served| {
        let mut done: Option<Result<T, EnrolmentError>> = None;
        store.update(&of, served.change(), &[user], &mut |rows| {
            let Some(row) = rows.first_mut() else { return Ok(Ending::RollBack) };
            let mut customer = row.open(&served.roster)?;
            let changed = change(&mut customer);
            let ending = if changed.is_ok() { Ending::Commit } else { Ending::RollBack };
            if changed.is_ok() {
                row.keep(&customer);
            }
            // The store may call again; the last call counts.
            done = Some(changed);
            Ok(ending)
        })?;
        Ok::<_, StoreError>(done)
    });
    match done.await?.0 {
        Some(Ok(made)) => Ok(made),
        Some(Err(why)) => Err(Fault::from(&why).into()),
        None => Err(Failure::internal(&"the store gave no row")),
    }
}
