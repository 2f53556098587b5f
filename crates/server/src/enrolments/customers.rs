//! Customers: lists of them, and what is kept of one, given away or erased.

use std::sync::Arc;

use axum::extract::State;
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::http::{Administrator, Answer, Code, Envelope, Failure, Query, Reader, Refused, TargetId, UserId};
use crate::service::{App, keys_of, own_documents};

/// A page of customers.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Customers {
    /// Their ids, in order
    user_ids: Vec<i64>,
    /// What to give as `after` for the next page; `null` where this is the last
    next: Option<i64>,
}

impl Customers {
    fn of(user_ids: Vec<i64>, most: usize) -> Customers {
        let next = user_ids.last().copied().filter(|_| user_ids.len() == most);
        Customers { user_ids, next }
    }
}

/// What is kept of a customer.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Kept {
    user_id: i64,
    /// What she is enrolled in
    #[schema(value_type = Option<Object>)]
    enrolments: Option<Box<RawValue>>,
    /// What is booked of her: numbers of bills, and what each added
    #[schema(value_type = Option<Object>)]
    booked: Option<Box<RawValue>>,
    /// The targets that she made for herself and nobody else takes part in, and their groups
    #[schema(value_type = Vec<Object>)]
    own_targets: Vec<Box<RawValue>>,
}

/// Customers of whom anything is kept.
#[utoipa::path(
    get, path = "/v3/users", tag = "customers",
    params(
        ("after" = Option<i64>, Query, description = "Those after this id"),
        ("limit" = Option<i64>, Query, description = "How many, up to 1000", minimum = 1, maximum = 1000),
    ),
    responses((status = 200, description = "A page of them", body = Envelope<Customers>), Refused),
)]
pub(crate) async fn customers(
    State(app): State<Arc<App>>,
    Reader(caller): Reader,
    query: Query,
) -> Result<Answer<Customers>, Failure> {
    let page = query.page()?;
    app.served(&caller.organisation).await?;
    let organisation = caller.organisation.clone();
    let found =
        app.run(&organisation, move |store| store.customers(&caller.organisation, page.after, page.most));
    Ok(Answer::new(Customers::of(found.await?, page.most)))
}

/// Customers who are enrolled in a target, or were.
#[utoipa::path(
    get, path = "/v3/targets/{targetId}/users", tag = "customers",
    params(
        ("targetId" = i64, Path, description = "The target", minimum = 1),
        ("after" = Option<i64>, Query, description = "Those after this id"),
        ("limit" = Option<i64>, Query, description = "How many, up to 1000", minimum = 1, maximum = 1000),
    ),
    responses((status = 200, description = "A page of them", body = Envelope<Customers>), Refused),
)]
pub(crate) async fn customers_of_target(
    State(app): State<Arc<App>>,
    Reader(caller): Reader,
    TargetId(target): TargetId,
    query: Query,
) -> Result<Answer<Customers>, Failure> {
    let page = query.page()?;
    let served = app.served(&caller.organisation).await?;
    if served.catalogue.target(target).is_none() {
        return Err(Failure::of(Code::NoTarget));
    }
    let organisation = caller.organisation.clone();
    let found = app.run(&organisation, move |store| {
        store.enrolled_in(&caller.organisation, target, page.after, page.most)
    });
    Ok(Answer::new(Customers::of(found.await?, page.most)))
}

/// All that is kept of a customer.
#[utoipa::path(
    get, path = "/v3/users/{userId}/export", tag = "customers",
    params(("userId" = i64, Path, description = "The customer", minimum = 1)),
    responses((status = 200, description = "What is kept; `null` where nothing is", body = Envelope<Kept>), Refused),
)]
pub(crate) async fn export(
    State(app): State<Arc<App>>,
    Administrator(caller): Administrator,
    UserId(user): UserId,
) -> Result<Answer<Kept>, Failure> {
    let organisation = caller.organisation.clone();
    let found = app.look(&caller.organisation, move |store, served| {
        let own = own_documents(store, served, &organisation, user)?;
        Ok((store.read(&organisation, &[user])?, own))
    });
    let ((rows, own), served) = found.await?;
    let raw = |text: &str| match text {
        "" => Ok(None),
        text => RawValue::from_string(text.to_owned()).map(Some),
    };
    let (enrolments, booked) = match rows.first() {
        Some(row) => (raw(row.enrolments()), raw(row.booked())),
        None => (Ok(None), Ok(None)),
    };
    let broken = |error: serde_json::Error| Failure::internal(&error);
    let own_targets = own.iter().map(|one| RawValue::from_string(one.text().to_owned()));
    let kept = Kept {
        user_id: user,
        enrolments: enrolments.map_err(broken)?,
        booked: booked.map_err(broken)?,
        own_targets: own_targets.collect::<Result<_, _>>().map_err(broken)?,
    };
    Ok(Answer::new(kept).warn(served.warnings()))
}

/// Forgets a customer: what she is enrolled in, all that is booked of her, and the targets that she
/// made for herself and nobody else takes part in: what the export tells.
#[utoipa::path(
    delete, path = "/v3/users/{userId}", tag = "customers",
    params(("userId" = i64, Path, description = "The customer", minimum = 1)),
    responses((status = 200, description = "Whether anything was kept of her", body = Envelope<bool>), Refused),
)]
pub(crate) async fn erase(
    State(app): State<Arc<App>>,
    Administrator(caller): Administrator,
    UserId(user): UserId,
) -> Result<Answer<bool>, Failure> {
    // Whoever makes a target for her goes before, or after.
    let turn = app.turn_to_change(&caller.organisation).await?;
    let (working, organisation) = (app.clone(), caller.organisation.clone());
    let erased = app.write(&caller.organisation, move |store, served| {
        let own = own_documents(store, served, &organisation, user)?;
        // Together, and by these targets only: another instance may have made one for her.
        let erased = store.remove_and_erase(&organisation, served.change(), &keys_of(&own), user)?;
        if !own.is_empty()
            && let Err(error) = working.reload(store, &organisation)
        {
            // It is done; whoever books next reads them.
            tracing::warn!(error = %error, "the targets that are left are not served yet");
        }
        Ok(erased)
    });
    let (erased, _) = erased.await?;
    drop(turn);
    Ok(Answer::new(erased))
}
