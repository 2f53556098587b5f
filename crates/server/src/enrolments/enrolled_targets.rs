//! The active targets of an enrolled customer: what clients of the platform ask.

use std::collections::HashSet;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use loyalty_targets::store::{RecordedEnrolment, RecordedEnrolments};
use loyalty_targets::{EnrolmentMethod, Word};
use target_rules::Instant;

use crate::http::{AnyJson, Code, Envelope, Failure, Fault, Query, Reader, Refused, UserId, raw_answer};
use crate::service::{App, Served, now};

/// How many ids may be asked for at once.
const MOST_IDS: usize = 10_000;

/// What is asked of the targets.
#[derive(Debug)]
struct Wanted {
    ids: Option<HashSet<i64>>,
    tracking: Instant,
    method: Option<EnrolmentMethod>,
    only_user_created: bool,
}

impl Wanted {
    /// Reads the query; every fault of it is told.
    fn of(query: &Query) -> Result<Wanted, Failure> {
        let mut faults: Vec<Fault> = Vec::new();
        let mut note = |failure: Failure| faults.extend(failure.faults().iter().cloned());
        let ids = ids(query).unwrap_or_else(|failure| {
            note(failure);
            None
        });
        let tracking = tracking(query).unwrap_or_else(|failure| {
            note(failure);
            now()
        });
        let method = method(query).unwrap_or_else(|failure| {
            note(failure);
            None
        });
        let only_user_created = query.flag("includeOnlyUserCreated").unwrap_or_else(|failure| {
            note(failure);
            false
        });
        match faults.is_empty() {
            true => Ok(Wanted { ids, tracking, method, only_user_created }),
            false => Err(Failure::all(faults)),
        }
    }

    fn admits(&self, one: &RecordedEnrolment, among: &RecordedEnrolments, served: &Served) -> bool {
        let Some(brief) = served.brief(one.target_id).filter(|brief| brief.active) else { return false };
        let by_method = || brief.method.or_else(|| Word::known(&one.method));
        self.ids.as_ref().is_none_or(|ids| ids.contains(&one.target_id))
            && (brief.user_created || !self.only_user_created)
            && self.method.is_none_or(|method| by_method() == Some(method))
            && served.roster.takes_part(one, among, self.tracking)
    }
}

fn ids(query: &Query) -> Result<Option<HashSet<i64>>, Failure> {
    let Some(text) = query.get("targetRuleIds") else { return Ok(None) };
    let wrong = || Failure::invalid("`targetRuleIds` is a list of whole numbers with commas between them");
    let mut ids = HashSet::new();
    for one in text.split(',') {
        ids.insert(one.trim().parse().map_err(|_| wrong())?);
        if ids.len() > MOST_IDS {
            return Err(Failure::invalid(format!("`targetRuleIds` has more than {MOST_IDS} ids")));
        }
    }
    Ok(Some(ids))
}

fn tracking(query: &Query) -> Result<Instant, Failure> {
    let Some(milliseconds) = query.integer("trackingDate")? else { return Ok(now()) };
    Instant::from_milliseconds(milliseconds).map_err(|_| {
        Failure::invalid("`trackingDate` is a date in epoch milliseconds, before the year 10000")
    })
}

fn method(query: &Query) -> Result<Option<EnrolmentMethod>, Failure> {
    match query.get("enrollmentType") {
        None => Ok(None),
        Some("TRANSACTION") => Ok(Some(EnrolmentMethod::Transaction)),
        Some("IMPORT") => Ok(Some(EnrolmentMethod::Import)),
        Some("AUDIENCE_FILTER") => Ok(Some(EnrolmentMethod::AudienceFilter)),
        Some(_) => Err(Failure::of(Code::InvalidEnrolmentType)),
    }
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
    let wanted = Wanted::of(&query)?;
    let served = app.served(&caller.organisation).await?;
    let organisation = caller.organisation.clone();
    let enrolments = app.run(move |store| store.enrolments(&organisation, user)).await?;
    let enrolments = RecordedEnrolments::read(&enrolments).map_err(|error| Failure::internal(&error))?;
    // By target; the periods of one stand side by side.
    let admitted = enrolments.all().iter().filter(|one| wanted.admits(one, &enrolments, &served));
    let mut found: Vec<i64> = admitted.map(|one| one.target_id).collect();
    found.dedup();
    let texts = found.iter().filter_map(|id| Some(served.catalogue.target(*id)?.text()));
    Ok(raw_answer(texts, &served.warnings()))
}
