//! Targets that customers make for themselves.

use std::sync::Arc;

use axum::extract::State;
use loyalty_targets::store::{
    CustomerRow, Document as Stored, DocumentKind, EnrolmentRequest, Roster, StoreError,
};
use loyalty_targets::{EnrolmentMethod, Word};
use serde_json::value::RawValue;

use crate::http::{Answer, AnyJson, Code, Document, Envelope, Failure, Fault, Refused, UserId, Writer};
use crate::service::App;

use super::change::{Put, put_for};
use super::drafts::Drafts;
use super::targets::text_of;
use super::text::{Members, raw};

/// Creates a target group with one target for a customer, and enrols her in it: the body is a group
/// as of `POST /v3/targetGroups`, whose `userCreated` becomes true. Where she can't be enrolled nothing
/// is created.
#[utoipa::path(
    post, path = "/v3/users/{userId}/targets", tag = "targets",
    params(("userId" = i64, Path, description = "The customer", minimum = 1)),
    request_body = AnyJson,
    responses((status = 201, description = "The target that she is enrolled in", body = Envelope<AnyJson>), Refused),
)]
pub(crate) async fn create_for_user(
    State(app): State<Arc<App>>,
    Writer(caller): Writer,
    UserId(user): UserId,
    Document(body): Document,
) -> Result<Answer<Box<RawValue>>, Failure> {
    let text = text_of(&body)?;
    let members = Members::of(&text, "the target group")?;
    let targets = members.list("targets")?;
    let [target] = targets.as_slice() else { return Err(Failure::invalid("`targets` has one target")) };
    check_hers(target)?;
    if members.id("id")?.is_some() {
        return Err(Failure::invalid("`id` is given by the server here"));
    }
    if members.has("deactivateTargetIds") {
        return Err(Failure::invalid("`deactivateTargetIds` is for groups that are there"));
    }
    let text = members.with("userCreated", "true");
    let make = move |drafts: &mut Drafts<'_>| drafts.group(&text, None);
    let put = put_for(&app, &caller.organisation, make, user, Box::new(enrolled)).await?;
    let Put { served, ids, .. } = &put;
    let target = ids.iter().find(|(kind, _)| *kind == DocumentKind::Target).map(|(_, id)| *id);
    let target = target.ok_or_else(|| Failure::of(Code::NoTarget))?;
    let document = served.catalogue.target(target).ok_or_else(|| Failure::of(Code::NoTarget))?;
    Ok(Answer::made(raw(document.text())?).version(document.version()).warn(put.warnings()))
}

/// Enrols a customer in the targets that are put for her.
fn enrolled(
    row: &mut CustomerRow,
    roster: &Roster,
    documents: &[Stored],
) -> Result<Result<(), Failure>, StoreError> {
    let mut customer = row.open(roster)?;
    for target in documents.iter().filter(|one| one.kind() == DocumentKind::Target) {
        let request = EnrolmentRequest::new(target.id(), EnrolmentMethod::Import);
        if let Err(why) = customer.enrol(&request) {
            let mut fault = Fault::from(&why);
            fault.message = format!("nothing is created, for she can't be enrolled: {}", fault.message);
            return Ok(Err(fault.into()));
        }
    }
    row.keep(&customer);
    Ok(Ok(()))
}

/// A target of a customer's own enrols nobody else: one that enrols whoever buys is
/// for the whole organisation, and made by its admins.
fn check_hers(target: &str) -> Result<(), Failure> {
    let method = Members::of(target, "the target")?.get("enrolmentMethod");
    // What is no method is told by the checks.
    let method: Option<Word<EnrolmentMethod>> = method.and_then(|text| serde_json::from_str(text).ok());
    match method.as_ref().and_then(Word::known) {
        Some(EnrolmentMethod::Transaction | EnrolmentMethod::AudienceFilter) => Err(Failure::invalid(
            "`enrolmentMethod` is `IMPORT` here, or left out: others would be enrolled in her target",
        )),
        _ => Ok(()),
    }
}
