//! Promises of what requests to the server say.

use std::fmt::Write as _;

use loyalty_targets::Word;
use loyalty_targets::store::EnrolmentRequest;
use target_rules::diagnostic::visible;
use target_rules_requests::{
    DocumentKind, EnrolledTargetsQuery, Query, basic_credentials, date, enrolment, enrolments, entries,
};

use super::inputs::{must, text_of};
use super::refusals::is_for_people;

/// How many entries a body may have here, so that small inputs have more.
const MOST: usize = 20;

/// The doors that the first byte of an input chooses from.
const DOORS: [fn(&[u8]); 6] = [lines_in, list_in, csv_in, query_in, credentials_in, enrolment_in];

/// What a request says: the first byte chooses the door. It is read, or refused in
/// words for people that quote no more than the beginning of what was sent; what
/// is read of one form of a list is read of the others too.
pub fn request_in(data: &[u8]) {
    let Some((door, said)) = data.split_first() else { return };
    let door = DOORS.get(usize::from(*door) % DOORS.len());
    door.into_iter().for_each(|door| door(said));
}

fn lines_in(body: &[u8]) {
    entries_in(body, DocumentKind::Lines);
    rows_in(body, DocumentKind::Lines);
}

fn list_in(body: &[u8]) {
    entries_in(body, DocumentKind::Json);
    rows_in(body, DocumentKind::Json);
}

fn csv_in(body: &[u8]) {
    rows_in(body, DocumentKind::Csv);
}

/// Entries are parts of the body in their order, each with its place.
fn entries_in(body: &[u8], kind: DocumentKind) {
    let found = match entries(body, kind, MOST, "entries") {
        Ok(found) => found,
        Err(refused) => return is_said_well(&refused.message, body),
    };
    assert!(found.len() <= MOST, "{} entries", found.len());
    let mut rest = body;
    let mut before = 0;
    for (at, one) in found {
        assert!(at > before, "entry {at} stands behind entry {before}");
        before = at;
        let start = rest.windows(one.len().max(1)).position(|part| part == one);
        let end = must(start.ok_or("it is none"), "an entry is a part of the body") + one.len();
        rest = rest.get(end..).unwrap_or_default();
        if kind == DocumentKind::Lines {
            let line = body.split(|byte| *byte == b'\n').nth(at - 1);
            assert_eq!(line, Some(one), "line {at}");
        } else {
            must(serde_json::from_slice::<&serde_json::value::RawValue>(one), "an entry is JSON");
        }
    }
}

/// What is read of rows is read of them in each other form.
fn rows_in(body: &[u8], kind: DocumentKind) {
    let rows = match enrolments(body, kind, MOST) {
        Ok(rows) => rows,
        Err(refused) => return is_said_well(&refused.message, body),
    };
    assert!(rows.len() <= MOST, "{} rows", rows.len());
    assert!(rows.is_sorted_by(|one, next| one.line < next.line), "rows have their lines in order");
    for refused in rows.iter().filter_map(|row| row.read.as_ref().err()) {
        is_said_well(&refused.message, body);
    }
    let read: Vec<&(i64, EnrolmentRequest)> = rows.iter().filter_map(|row| row.read.as_ref().ok()).collect();
    for (kind, written) in [
        (DocumentKind::Lines, joined(&read, "", "\n", "")),
        (DocumentKind::Json, joined(&read, "[", ",", "]")),
        (DocumentKind::Csv, as_csv(&read)),
    ] {
        let again = must(enrolments(written.as_bytes(), kind, MOST), "rows that are written are read");
        let again: Vec<_> =
            again.iter().map(|row| must(row.read.as_ref(), "a row that is written")).collect();
        assert_eq!(again, read, "{kind:?}: {written}");
    }
}

fn joined(rows: &[&(i64, EnrolmentRequest)], open: &str, between: &str, close: &str) -> String {
    let rows: Vec<String> = rows.iter().map(|row| as_json(row)).collect();
    format!("{open}{}{close}", rows.join(between))
}

fn as_json((customer, request): &(i64, EnrolmentRequest)) -> String {
    let mut text = format!("{{\"userId\":{customer},\"targetId\":{}", request.target_id);
    let numbers = [("targetGroupId", request.target_group_id), ("periodId", request.period_id)];
    for (key, value) in numbers.into_iter().filter_map(|(key, value)| Some((key, value?))) {
        let _ = write!(text, ",\"{key}\":{value}");
    }
    if let Some(value) = request.value {
        let _ = write!(text, ",\"value\":{value}");
    }
    if let Some(date) = request.enrolled_on {
        let _ = write!(text, ",\"enrolledOn\":\"{date}\"");
    }
    let _ = write!(text, ",\"enrolmentMethod\":\"{}\"}}", Word::from(request.method).text());
    text
}

fn as_csv(rows: &[&(i64, EnrolmentRequest)]) -> String {
    let mut text = "userId,targetId,targetGroupId,periodId,value,enrolledOn,enrolmentMethod\n".to_owned();
    let cell = |value: Option<String>| value.unwrap_or_default();
    for (customer, request) in rows {
        let (group, period) = (request.target_group_id, request.period_id);
        let cells = [
            customer.to_string(),
            request.target_id.to_string(),
            cell(group.map(|id| id.to_string())),
            cell(period.map(|id| id.to_string())),
            cell(request.value.map(|value| value.to_string())),
            cell(request.enrolled_on.map(|date| date.to_string())),
            Word::from(request.method).text().to_owned(),
        ];
        let _ = writeln!(text, "{}", cells.join(","));
    }
    text
}

/// A query is read; what it says of enrolled targets, of a page, and of dates is, or
/// is refused with every fault.
fn query_in(text: &[u8]) {
    let query = Query::read(text_of(text));
    for refused in EnrolledTargetsQuery::of(&query).err().into_iter().flatten() {
        is_said_well(&refused.message, text);
    }
    match query.page() {
        Ok(page) => assert!((1..=1_000).contains(&page.most), "{page:?}"),
        Err(refused) => is_said_well(&refused.message, text),
    }
    if let Some(Err(refused)) = query.get("withdrawnOn").map(|text| date("withdrawnOn", text)) {
        is_said_well(&refused.message, text);
    }
}

/// A name ends at the first colon, and both are parts of what was sent.
fn credentials_in(header: &[u8]) {
    let Some((name, password)) = basic_credentials(text_of(header)) else { return };
    assert!(!name.contains(':'), "a name with a colon");
    assert!(name.len() + password.len() < header.len(), "more than was sent");
}

fn enrolment_in(body: &[u8]) {
    match enrolment(body) {
        Ok(read) => {
            let row = (read.customer.unwrap_or(1), read.request);
            let again = must(enrolment(as_json(&row).as_bytes()), "an enrolment that is written is read");
            assert_eq!((again.customer, again.request), (Some(row.0), row.1));
        }
        Err(refused) => is_said_well(&refused.message, body),
    }
}

/// A message is short, and our own words in it are for people: those outside the
/// backquotes in which it quotes what was sent.
pub(super) fn is_said_well(message: &str, sent: &[u8]) {
    assert!(message.len() <= 800, "a message of {} bytes", message.len());
    assert_eq!(visible(message), *message, "it would act on a terminal");
    let sent = String::from_utf8_lossy(sent);
    // A backquote that was sent, by itself or in the code of a query or of JSON, may stand
    // within what is quoted: then nobody knows where our words are.
    if ["`", "%60", "\\u"].iter().any(|hidden| sent.contains(hidden)) {
        return;
    }
    let ours: String = message.split('`').step_by(2).collect();
    // A text that stands where an object should is told by serde_json, in quotes.
    let quoted = if ours.contains('"') { &*sent } else { "" };
    is_for_people(ours.trim(), quoted);
}
