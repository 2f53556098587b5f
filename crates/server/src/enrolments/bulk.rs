//! Many enrolments at once.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use loyalty_targets::store::{CustomerRow, Ending, EnrolmentRequest, StoreError};
use serde::Serialize;
use target_rules_requests::enrolments;
use utoipa::ToSchema;

use crate::http::{Answer, Batch, Code, EnrolmentBodyShape, Envelope, Failure, Fault, Refused, Writer};
use crate::service::{App, Served};

/// How many customers are changed in one transaction of the store.
const AT_ONCE: usize = 500;

/// What has become of a list.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Enrolled {
    /// How many were enrolled
    enrolled: usize,
    /// Those that were not, with why
    refused: Vec<RefusedRow>,
}

/// An enrolment of a list that is refused; the others are made.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RefusedRow {
    /// Its line, or its position in a JSON list, from 1
    line: usize,
    /// What is wrong
    error: Fault,
}

type OfCustomer = (i64, Vec<(usize, EnrolmentRequest)>);

/// Enrols many customers: NDJSON (`application/x-ndjson`), CSV with the names in its first line
/// (`text/csv`), or a JSON list. Each row stands by itself: those that are refused are told with
/// their line, and the others are made. To send the same list again does no harm. Where the server
/// fails in the midst of a list, the rows that it has not made are told among those that are refused.
#[utoipa::path(
    post, path = "/v3/enrolments", tag = "enrolments",
    request_body(content(
        (Vec<EnrolmentBodyShape> = "application/json"), (String = "application/x-ndjson"), (String = "text/csv"),
    )),
    responses((status = 200, description = "How many were enrolled, and which were not", body = Envelope<Enrolled>), Refused),
)]
pub(crate) async fn enrol_many(
    State(app): State<Arc<App>>,
    Writer(caller): Writer,
    batch: Batch,
) -> Result<Answer<Enrolled>, Failure> {
    let mut told = Enrolled::default();
    let mut of_customer: BTreeMap<i64, Vec<(usize, EnrolmentRequest)>> = BTreeMap::new();
    // A long list takes its time; other requests go on.
    let rows =
        app.compute(&caller.organisation, move || enrolments(&batch.bytes, batch.kind, batch.most)).await??;
    for row in rows {
        match row.read {
            Ok((user, request)) => of_customer.entry(user).or_default().push((row.line, request)),
            Err(error) => told.refused.push(RefusedRow { line: row.line, error: error.into() }),
        }
    }
    let mut all: Vec<OfCustomer> = of_customer.into_iter().collect();
    while !all.is_empty() {
        let rest = all.split_off(all.len().min(AT_ONCE));
        let part: Arc<[OfCustomer]> = all.into();
        match enrol_part(&app, &caller.organisation, part.clone()).await {
            Ok(done) => {
                app.metrics.enrolments.inc_by(u64::try_from(done.enrolled).unwrap_or_default());
                told.enrolled = told.enrolled.saturating_add(done.enrolled);
                told.refused.extend(done.refused);
            }
            // A failure says that nothing was done.
            Err(failure) if told.enrolled == 0 => return Err(failure),
            Err(failure) => {
                told.refused.extend(not_made(&failure, part.iter().chain(&rest)));
                break;
            }
        }
        all = rest;
    }
    told.refused.sort_by_key(|row| row.line);
    Ok(Answer::new(told))
}

/// Enrols some customers in one transaction of the store.
async fn enrol_part(
    app: &Arc<App>,
    organisation: &Arc<str>,
    part: Arc<[OfCustomer]>,
) -> Result<Enrolled, Failure> {
    let of = organisation.clone();
    let done = app.write(organisation, move |store, served| {
        let mut done = Enrolled::default();
        let customers: Vec<i64> = part.iter().map(|(customer, _)| *customer).collect();
        store.update(&of, served.change(), &customers, &mut |rows| {
            done = enrol_in(rows, &part, served)?;
            Ok(Ending::Commit)
        })?;
        Ok(done)
    });
    Ok(done.await?.0)
}

/// The rows of customers who were not enrolled since the server failed.
fn not_made<'c>(
    failure: &Failure,
    customers: impl Iterator<Item = &'c OfCustomer>,
) -> impl Iterator<Item = RefusedRow> {
    let why: Vec<&str> = failure.faults().iter().map(|fault| fault.message.as_str()).collect();
    let message = format!("{}; send this row again", why.join("; "));
    let lines = customers.flat_map(|(_, requests)| requests.iter().map(|(line, _)| *line));
    lines.map(move |line| RefusedRow { line, error: Fault::new(Code::InvalidInput, message.as_str()) })
}

/// Rows and what is asked for both stand by customer.
fn enrol_in(rows: &mut [CustomerRow], part: &[OfCustomer], served: &Served) -> Result<Enrolled, StoreError> {
    let mut done = Enrolled::default();
    for (row, (_, requests)) in rows.iter_mut().zip(part) {
        let mut customer = row.open(&served.roster)?;
        for (line, request) in requests {
            match customer.enrol(request) {
                Ok(_) => done.enrolled = done.enrolled.saturating_add(1),
                Err(why) => done.refused.push(RefusedRow { line: *line, error: Fault::from(&why) }),
            }
        }
        row.keep(&customer);
    }
    Ok(done)
}
