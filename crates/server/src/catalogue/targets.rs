//! Targets, one by one.

use std::sync::Arc;

use axum::extract::State;
use serde_json::value::RawValue;

use crate::http::{
    Administrator, Answer, AnyJson, Code, Document, Envelope, Failure, IfMatch, Query, Reader, Refused,
    TargetId,
};
use crate::service::{App, Served};

use super::change::put_all;
use super::drafts::Refusal;
use super::page::filled;
use super::text::raw;

/// The body of a request as text.
pub(super) fn text_of(body: &[u8]) -> Result<String, Failure> {
    String::from_utf8(body.to_vec()).map_err(|_| Failure::invalid("the body is not UTF-8"))
}

fn answer_of(served: &Served, id: i64) -> Result<Answer<Box<RawValue>>, Failure> {
    let document = served.catalogue.target(id).ok_or_else(|| Failure::of(Code::NoTarget))?;
    Ok(Answer::new(raw(document.text())?).version(document.version()).warn(served.warnings()))
}

/// A page of targets.
#[utoipa::path(
    get, path = "/v3/targets", tag = "targets",
    params(
        ("targetGroupId" = Option<i64>, Query, description = "Only those of this group"),
        ("after" = Option<i64>, Query, description = "Those after this id"),
        ("limit" = Option<i64>, Query, description = "How many, up to 1000; fewer, with a warning, where they are larger than 1 MiB together", minimum = 1, maximum = 1000),
    ),
    responses((status = 200, description = "The targets, by id", body = Envelope<Vec<AnyJson>>), Refused),
)]
pub(crate) async fn targets(
    State(app): State<Arc<App>>,
    Reader(caller): Reader,
    query: Query,
) -> Result<Answer<Vec<Box<RawValue>>>, Failure> {
    let (page, group) = (query.page()?, query.integer("targetGroupId")?);
    let served = app.served(&caller.organisation).await?;
    // A large page takes its time; other requests go on.
    let filled = app.compute(&caller.organisation, move || {
        let wanted = served.catalogue.targets();
        let wanted = wanted.filter(|one| page.after.is_none_or(|after| one.id() > after));
        let wanted = wanted.filter(|one| group.is_none() || one.group() == group);
        let filled = filled(page, wanted.map(|one| (one.id(), one.text().into())));
        filled.map(|filled| (filled, served.warnings()))
    });
    let ((data, cut), warnings) = filled.await??;
    Ok(Answer::new(data).warn(warnings.into_iter().chain(cut).collect()))
}

/// A target, byte for byte as it is stored.
#[utoipa::path(
    get, path = "/v3/targets/{targetId}", tag = "targets",
    params(("targetId" = i64, Path, description = "The target", minimum = 1)),
    responses((status = 200, description = "The target, with its version as `ETag`", body = Envelope<AnyJson>), Refused),
)]
pub(crate) async fn target(
    State(app): State<Arc<App>>,
    Reader(caller): Reader,
    TargetId(id): TargetId,
) -> Result<Answer<Box<RawValue>>, Failure> {
    answer_of(&*app.served(&caller.organisation).await?, id)
}

/// Creates a target, in a group where `targetGroupId` names one. It gets an id where it has none,
/// and the form of its rule that is missing. What is wrong is told with its place and repair. Send an
/// id: where no answer comes, or a 503, it may have been made, and the same sent again is refused
/// instead of made twice.
#[utoipa::path(
    post, path = "/v3/targets", tag = "targets",
    request_body = AnyJson,
    responses((status = 201, description = "The target as it is kept", body = Envelope<AnyJson>), Refused),
)]
pub(crate) async fn create_target(
    State(app): State<Arc<App>>,
    Administrator(caller): Administrator,
    Document(body): Document,
) -> Result<Answer<Box<RawValue>>, Failure> {
    let text = text_of(&body)?;
    let put = put_all(&app, &caller.organisation, move |drafts| {
        let document = drafts.target(&text, None, None)?;
        Ok(vec![document])
    });
    let put = put.await?;
    let id = put.ids.first().map_or(0, |(_, id)| *id);
    Ok(answer_of(&put.served, id)?.warn(put.warnings()).created())
}

/// Puts another document in the place of a target. What is booked stays, so it can't come to count
/// something else.
#[utoipa::path(
    put, path = "/v3/targets/{targetId}", tag = "targets",
    params(
        ("targetId" = i64, Path, description = "The target", minimum = 1),
        ("If-Match" = String, Header, description = "The `ETag` of the target that was read; `*` for any"),
    ),
    request_body = AnyJson,
    responses(
        (status = 200, description = "The target as it is kept", body = Envelope<AnyJson>),
        (status = 412, description = "It was changed since", body = Envelope<AnyJson>),
        (status = 428, description = "`If-Match` is missing", body = Envelope<AnyJson>),
        Refused,
    ),
)]
pub(crate) async fn change_target(
    State(app): State<Arc<App>>,
    Administrator(caller): Administrator,
    TargetId(id): TargetId,
    if_match: IfMatch,
    Document(body): Document,
) -> Result<Answer<Box<RawValue>>, Failure> {
    let text = text_of(&body)?;
    let put = put_all(&app, &caller.organisation, move |drafts| {
        let before = drafts.catalogue.target(id).ok_or_else(|| Failure::of(Code::NoTarget))?;
        if_match.admits(before.version())?;
        let document = drafts.target(&text, Some(id), None)?;
        Ok::<_, Refusal>(vec![document])
    });
    let put = put.await?;
    Ok(answer_of(&put.served, id)?.warn(put.warnings()))
}
