//! Target groups, each with its targets.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::State;
use loyalty_targets::store::{Catalogue, Document as Stored};
use serde_json::value::RawValue;

use crate::http::{
    Administrator, Answer, AnyJson, Code, Document, Envelope, Failure, GroupId, IfMatch, Query, Reader,
    Refused,
};
use crate::service::{App, Served};

use super::change::put_all;
use super::page::filled;
use super::targets::text_of;
use super::text::{raw, with_last};

/// The document of a group with those of its targets, and the version of all.
fn whole(catalogue: &Catalogue, group: &Stored) -> (String, u64) {
    whole_of(group, &catalogue.targets_of(Some(group.id())).collect::<Vec<_>>())
}

/// The same where its targets are known.
fn whole_of(group: &Stored, targets: &[&Stored]) -> (String, u64) {
    let texts: Vec<&str> = targets.iter().map(|one| one.text()).collect();
    let text = with_last(group.text(), "targets", &format!("[{}]", texts.join(",")));
    let version = targets.iter().map(|one| one.version()).chain([group.version()]).max();
    (text, version.unwrap_or_default())
}

fn answer_of(served: &Served, id: i64) -> Result<Answer<Box<RawValue>>, Failure> {
    let group = served.catalogue.group(id).ok_or_else(|| Failure::of(Code::NoGroup))?;
    let (text, version) = whole(&served.catalogue, group);
    Ok(Answer::new(raw(&text)?).version(version).warn(served.warnings()))
}

/// A page of target groups, each with its targets.
#[utoipa::path(
    get, path = "/v3/targetGroups", tag = "target groups",
    params(
        ("after" = Option<i64>, Query, description = "Those after this id"),
        ("limit" = Option<i64>, Query, description = "How many, up to 1000; fewer, with a warning, where they are larger than 1 MiB together", minimum = 1, maximum = 1000),
    ),
    responses((status = 200, description = "The groups, by id", body = Envelope<Vec<AnyJson>>), Refused),
)]
pub(crate) async fn groups(
    State(app): State<Arc<App>>,
    Reader(caller): Reader,
    query: Query,
) -> Result<Answer<Vec<Box<RawValue>>>, Failure> {
    let page = query.page()?;
    let served = app.served(&caller.organisation).await?;
    // A large page takes its time; other requests go on.
    let filled = app.compute(&caller.organisation, move || {
        let mut of_group: HashMap<i64, Vec<&Stored>> = HashMap::new();
        for target in served.catalogue.targets() {
            if let Some(group) = target.group() {
                of_group.entry(group).or_default().push(target);
            }
        }
        let targets_of = |group: &Stored| of_group.get(&group.id()).map(Vec::as_slice).unwrap_or_default();
        let wanted = served.catalogue.groups();
        let wanted = wanted.filter(|one| page.after.is_none_or(|after| one.id() > after));
        let whole = |group: &Stored| (group.id(), whole_of(group, targets_of(group)).0.into());
        filled(page, wanted.map(whole)).map(|filled| (filled, served.warnings()))
    });
    let ((data, cut), warnings) = filled.await??;
    Ok(Answer::new(data).warn(warnings.into_iter().chain(cut).collect()))
}

/// A target group with its targets.
#[utoipa::path(
    get, path = "/v3/targetGroups/{groupId}", tag = "target groups",
    params(("groupId" = i64, Path, description = "The group", minimum = 1)),
    responses((status = 200, description = "The group, with its version as `ETag`", body = Envelope<AnyJson>), Refused),
)]
pub(crate) async fn group(
    State(app): State<Arc<App>>,
    Reader(caller): Reader,
    GroupId(id): GroupId,
) -> Result<Answer<Box<RawValue>>, Failure> {
    answer_of(&*app.served(&caller.organisation).await?, id)
}

/// Creates a target group, with the targets that stand in it. It, its periods and its targets get
/// ids where they have none, and targets the form of their rule that is missing. Where no answer comes,
/// or a 503, it may have been made: by its name, or by an id that you send, it is not made twice.
#[utoipa::path(
    post, path = "/v3/targetGroups", tag = "target groups",
    request_body = AnyJson,
    responses((status = 201, description = "The group as it is kept", body = Envelope<AnyJson>), Refused),
)]
pub(crate) async fn create_group(
    State(app): State<Arc<App>>,
    Administrator(caller): Administrator,
    Document(body): Document,
) -> Result<Answer<Box<RawValue>>, Failure> {
    let text = text_of(&body)?;
    let put = put_all(&app, &caller.organisation, move |drafts| drafts.group(&text, None));
    let put = put.await?;
    let id = put.ids.first().map_or(0, |(_, id)| *id);
    Ok(answer_of(&put.served, id)?.warn(put.warnings()).created())
}

/// Puts another document in the place of a target group, and of the targets that stand in it.
/// Those that don't stand in it stay as they are; `deactivateTargetIds` switches some off. A period
/// without an id has that of the one with the same days, and none is taken out that customers are
/// enrolled in, or have withdrawn from, by its id.
#[utoipa::path(
    put, path = "/v3/targetGroups/{groupId}", tag = "target groups",
    params(
        ("groupId" = i64, Path, description = "The group", minimum = 1),
        ("If-Match" = String, Header, description = "The `ETag` of the group that was read; `*` for any"),
    ),
    request_body = AnyJson,
    responses(
        (status = 200, description = "The group as it is kept", body = Envelope<AnyJson>),
        (status = 412, description = "It was changed since", body = Envelope<AnyJson>),
        (status = 428, description = "`If-Match` is missing", body = Envelope<AnyJson>),
        Refused,
    ),
)]
pub(crate) async fn change_group(
    State(app): State<Arc<App>>,
    Administrator(caller): Administrator,
    GroupId(id): GroupId,
    if_match: IfMatch,
    Document(body): Document,
) -> Result<Answer<Box<RawValue>>, Failure> {
    let text = text_of(&body)?;
    let put = put_all(&app, &caller.organisation, move |drafts| {
        let before = drafts.catalogue.group(id).ok_or_else(|| Failure::of(Code::NoGroup))?;
        if_match.admits(whole(drafts.catalogue, before).1)?;
        drafts.group(&text, Some(id))
    });
    let put = put.await?;
    Ok(answer_of(&put.served, id)?.warn(put.warnings()))
}
