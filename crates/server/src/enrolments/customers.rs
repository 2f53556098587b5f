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
/// made for herself and nobody else takes part in: what the export tells. While the newest targets of
/// the organisation don't build, nothing is erased and a 503 says why: which are hers alone is not known.
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
    Ok(Answer::new(erase_customer(&app, &caller.organisation, user).await?))
}

/// Whether anything was kept of her.
async fn erase_customer(app: &Arc<App>, organisation: &Arc<str>, user: i64) -> Result<bool, Failure> {
    // Whoever makes a target for her goes before, or after.
    let turn = app.turn_to_change(organisation).await?;
    let (working, of) = (app.clone(), organisation.clone());
    let erased = app.write(organisation, move |store, served| {
        // Until the work is done, whether or not its client waits.
        let _turn = &turn;
        let own = own_documents(store, served, &of, user)?;
        // Together, and by these targets only: another instance may have made one for her.
        let erased = store.remove_and_erase(&of, served.change(), &keys_of(&own), user)?;
        if !own.is_empty()
            && let Err(error) = working.reload(store, &of)
        {
            // It is done; whoever books next reads them.
            tracing::warn!(error = %error, "the targets that are left are not served yet");
        }
        Ok(erased)
    });
    Ok(erased.await?.0)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use axum::http::StatusCode;
    use axum::response::IntoResponse;
    use loyalty_targets::store::{Document, DocumentKind, Ending, MemoryStore, Store};

    use crate::service::app_on;

    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn nobody_is_erased_while_the_targets_do_not_build_and_it_is_said_why() {
        let mut store = MemoryStore::default();
        let app = app_on(Box::new(store.clone()));
        let shop: Arc<str> = "shop".into();
        app.served(&shop).await.unwrap();
        // An instance of another version has put it.
        let text = r#"{"id": 50, "targetType": "COUNT", "expression": "currentTxn.valu>5"}"#;
        store.put("shop", 0, &[Document::new(DocumentKind::Target, 50, text)]).unwrap();
        let refused = erase_customer(&app, &shop, 1).await.unwrap_err();
        let why = refused.faults()[0].message.clone();
        assert!(why.starts_with("nothing is booked, enrolled, withdrawn or erased until"), "{why}");
        assert!(why.contains("the target 50"), "{why}");
        let answer = refused.into_response();
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(answer.headers()["retry-after"], "1");
        let mended = Document::new(DocumentKind::Target, 50, text.replace("valu>", "value>"));
        store.put("shop", 1, &[mended]).unwrap();
        let working = app.clone();
        app.run_change("shop", move |store| working.reload(store, "shop")).await.unwrap();
        assert!(!erase_customer(&app, &shop, 1).await.unwrap());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn whoever_leaves_while_she_is_erased_lets_nobody_in_before_it_is_done() {
        let store = MemoryStore::default();
        let app = app_on(Box::new(store.clone()));
        let shop: Arc<str> = "shop".into();
        app.served(&shop).await.unwrap();
        // The store answers nobody until it is released.
        let ((release, released), (holds, held)) = (channel::<()>(), channel());
        let mut holding = store.handle();
        let holder = std::thread::spawn(move || {
            let work = &mut |_: &mut [_]| {
                holds.send(()).unwrap();
                let _: Result<(), _> = released.recv();
                Ok(Ending::RollBack)
            };
            holding.update("shop", 0, &[1], work).unwrap();
        });
        held.recv().unwrap();
        let (erasing, of) = (app.clone(), shop.clone());
        let erased = tokio::spawn(async move { erase_customer(&erasing, &of, 1).await });
        tokio::time::sleep(Duration::from_millis(300)).await;
        erased.abort();
        assert!(erased.await.unwrap_err().is_cancelled());
        let turn = || tokio::time::timeout(Duration::from_millis(300), app.turn_to_change(&shop));
        assert!(turn().await.is_err(), "somebody else changes the targets while hers are looked for");
        drop(release);
        holder.join().unwrap();
        tokio::time::timeout(Duration::from_secs(20), app.turn_to_change(&shop)).await.unwrap().unwrap();
    }
}
