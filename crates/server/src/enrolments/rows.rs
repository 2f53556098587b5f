//! Enrolments as they are sent: one JSON object, or many as NDJSON, a JSON list
//! or CSV.

use loyalty_targets::EnrolmentMethod;
use loyalty_targets::store::EnrolmentRequest;
use serde::Deserialize;
use serde_json::value::RawValue;
use target_rules::Number;
use target_rules::value::DateText;
use utoipa::ToSchema;

use crate::http::{Batch, Code, DocumentKind, Failure, Fault};

/// That a customer is to be enrolled.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct EnrolmentBody {
    /// The customer; only where many are enrolled
    pub(super) user_id: Option<i64>,
    /// The target
    target_id: i64,
    /// Its group; it is held against the target's
    target_group_id: Option<i64>,
    /// The period; every period of the target where it is left out
    period_id: Option<i64>,
    /// What is to be reached; what the target says where it is left out
    #[schema(value_type = Option<f64>)]
    value: Option<Box<RawValue>>,
    /// From when activities count, as a date or an instant
    enrolled_on: Option<String>,
    /// IMPORT or AUDIENCE_FILTER; IMPORT where it is left out
    enrolment_method: Option<String>,
}

impl EnrolmentBody {
    /// What is asked for.
    pub(super) fn request(&self) -> Result<EnrolmentRequest, Fault> {
        let method = match self.enrolment_method.as_deref() {
            None | Some("IMPORT") => EnrolmentMethod::Import,
            Some("AUDIENCE_FILTER") => EnrolmentMethod::AudienceFilter,
            // By a transaction only a transaction enrols.
            Some(_) => return Err(Fault::plain(Code::InvalidEnrolmentType)),
        };
        let mut request = EnrolmentRequest::new(self.target_id, method);
        request.target_group_id = self.target_group_id;
        request.period_id = self.period_id;
        request.value = self.value.as_ref().map(|value| number(value.get())).transpose()?;
        request.enrolled_on = self.enrolled_on.as_deref().map(date).transpose()?;
        Ok(request)
    }
}

fn number(text: &str) -> Result<Number, Fault> {
    // A number that is written as a text is taken, as it is in files of enrolments.
    let digits = text.trim_matches('"');
    digits.parse().map_err(|_| Fault::new(Code::InvalidInput, "`value` is a number"))
}

/// A date or an instant of a request.
pub(super) fn date(text: &str) -> Result<DateText, Fault> {
    text.parse().map_err(|_| {
        Fault::new(Code::InvalidInput, "a date is such as `2026-03-07` or `2026-03-07T12:20:20Z`")
    })
}

/// One enrolment of a list, and where it stands.
#[derive(Debug)]
pub(super) struct Row {
    /// Its line, or its position in a JSON list, from 1.
    pub(super) line: usize,
    /// What it says, or what is wrong with it.
    pub(super) read: Result<(i64, EnrolmentRequest), Fault>,
}

/// A row with its line, before what it asks for is looked at.
type Read = (usize, Result<EnrolmentBody, Fault>);

/// What a list is called in messages.
const WHAT: &str = "enrolments";

/// All rows of a list. What is wrong with one doesn't hide the others.
pub(super) fn rows(batch: &Batch) -> Result<Vec<Row>, Failure> {
    let bodies: Vec<Read> = match batch.kind {
        DocumentKind::Csv => csv_rows(batch)?,
        DocumentKind::Lines | DocumentKind::Json => {
            batch.entries(WHAT)?.into_iter().map(|(at, one)| (at, read(one))).collect()
        }
    };
    let row = |(line, body): Read| {
        let read = body.and_then(|body| {
            let user = body.user_id.filter(|id| *id > 0).ok_or_else(|| Fault::plain(Code::InvalidUser))?;
            Ok((user, body.request()?))
        });
        Row { line, read }
    };
    Ok(bodies.into_iter().map(row).collect())
}

fn read(bytes: &[u8]) -> Result<EnrolmentBody, Fault> {
    let text =
        std::str::from_utf8(bytes).map_err(|_| Fault::new(Code::InvalidInput, "the line is not UTF-8"))?;
    serde_json::from_str(text)
        .map_err(|error| Fault::new(Code::InvalidInput, format!("it is no enrolment: {error}")))
}

/// Refuses a line that would take memory for very many columns, also one that goes
/// on in the next line within quotes. No enrolment needs either.
fn check_lines(bytes: &[u8]) -> Result<(), Failure> {
    const MOST_COMMAS: usize = 100;
    for (number, line) in (1_usize..).zip(bytes.split(|byte| *byte == b'\n')) {
        let count = |wanted: u8| line.iter().filter(|byte| **byte == wanted).count();
        if count(b',') > MOST_COMMAS {
            return Err(Failure::invalid(format!("the CSV: line {number} has too many columns")));
        }
        if !count(b'"').is_multiple_of(2) {
            let message = format!("the CSV: a quote in line {number} has no other; a row is one line");
            return Err(Failure::invalid(message));
        }
    }
    Ok(())
}

fn csv_rows(batch: &Batch) -> Result<Vec<Read>, Failure> {
    check_lines(&batch.bytes)?;
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(&batch.bytes[..]);
    let headers = reader.headers().map_err(|error| Failure::invalid(format!("the CSV: {error}")))?.clone();
    const KNOWN: [&str; 7] =
        ["userId", "targetId", "targetGroupId", "periodId", "value", "enrolledOn", "enrolmentMethod"];
    if let Some(other) = headers.iter().find(|name| !KNOWN.contains(name)) {
        let names = KNOWN.join(", ");
        return Err(Failure::invalid(format!("the CSV has a column `{other}`; known are {names}")));
    }
    let twice = headers.iter().enumerate().take(KNOWN.len().saturating_add(1));
    let mut twice = twice.filter(|(at, name)| headers.iter().take(*at).any(|other| other == *name));
    if let Some((_, name)) = twice.next() {
        return Err(Failure::invalid(format!("the CSV has two columns `{name}`")));
    }
    let row = |(at, record): (usize, Result<csv::StringRecord, csv::Error>)| {
        let read = record.map_err(|error| Fault::new(Code::InvalidInput, error.to_string()));
        let read = read.and_then(|record| of_record(&headers, &record));
        (at.saturating_add(2), read)
    };
    let records = reader.records().take(batch.most.saturating_add(1));
    let found: Vec<Read> = records.enumerate().map(row).collect();
    if found.len() > batch.most { Err(batch.too_many(WHAT)) } else { Ok(found) }
}

fn of_record(headers: &csv::StringRecord, record: &csv::StringRecord) -> Result<EnrolmentBody, Fault> {
    let cell = |name: &str| {
        let at = headers.iter().position(|header| header == name)?;
        record.get(at).filter(|text| !text.is_empty())
    };
    let id = |name: &str| {
        let wrong = || Fault::new(Code::InvalidInput, format!("`{name}` is a whole number"));
        cell(name).map(|text| text.parse().map_err(|_| wrong())).transpose()
    };
    let missing = || Fault::new(Code::InvalidInput, "`targetId` is missing");
    let value = cell("value").map(|text| RawValue::from_string(text.to_owned())).transpose();
    Ok(EnrolmentBody {
        user_id: id("userId")?,
        target_id: id("targetId")?.ok_or_else(missing)?,
        target_group_id: id("targetGroupId")?,
        period_id: id("periodId")?,
        value: value.map_err(|_| Fault::new(Code::InvalidInput, "`value` is a number"))?,
        enrolled_on: cell("enrolledOn").map(str::to_owned),
        enrolment_method: cell("enrolmentMethod").map(str::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use axum::body::Bytes;

    use super::*;

    fn told(kind: DocumentKind, text: &str) -> Result<Vec<Row>, Failure> {
        rows(&Batch { bytes: Bytes::copy_from_slice(text.as_bytes()), kind, most: 10_000 })
    }

    #[test]
    fn csv_as_large_as_it_may_be_is_read_in_its_time_and_up_to_its_most() {
        let header = "userId,targetId\n";
        for (before, of) in [
            (header, "1,2\n"),
            (header, "\"\n"),
            (header, ","),
            (header, "\n"),
            (header, "\"\""),
            ("", "userId,"),
            ("", "x"),
            ("", "\n"),
        ] {
            let text = format!("{before}{}", of.repeat((16 << 20) / of.len()));
            let began = Instant::now();
            let found = told(DocumentKind::Csv, &text).map_or(0, |found| found.len());
            assert!(found <= 10_000, "{of:?}: {found} rows");
            assert!(began.elapsed() < Duration::from_secs(20), "{of:?}: {:?}", began.elapsed());
        }
        let wide = told(DocumentKind::Csv, "userId,userId\n1,2\n").unwrap_err();
        assert_eq!(wide.faults()[0].message, "the CSV has two columns `userId`");
        let broken = told(DocumentKind::Csv, "userId,targetId\n1,\"2\n").unwrap_err();
        assert_eq!(broken.faults()[0].message, "the CSV: a quote in line 2 has no other; a row is one line");
        let many = told(DocumentKind::Csv, &format!("{header}{}", "1,2\n".repeat(10_001))).unwrap_err();
        assert!(many.faults()[0].message.starts_with("the body has more than 10000 enrolments"));
        assert_eq!(
            told(DocumentKind::Csv, &format!("{header}{}", "1,2\n".repeat(10_000))).unwrap().len(),
            10_000
        );
    }
}
