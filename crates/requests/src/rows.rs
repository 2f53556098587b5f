//! Many enrolments: NDJSON, a JSON list, or CSV.

use loyalty_targets::store::EnrolmentRequest;

use super::code::Code;
use super::enrolment::{Enrolment, Written, enrolment};
use super::entries::{DocumentKind, entries, too_many};
use super::fault::{Fault, quoted};

/// One enrolment of a list, and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct EnrolmentRow {
    /// Its line, or its position in a JSON list, from 1.
    pub line: usize,
    /// The customer and what is asked for, or what is wrong with it.
    pub read: Result<(i64, EnrolmentRequest), Fault>,
}

/// A row by its line, before it must have a customer.
type Read = (usize, Result<Enrolment, Fault>);

/// What a list is called in messages.
const WHAT: &str = "enrolments";

/// The columns of a CSV.
const COLUMNS: [&str; 7] =
    ["userId", "targetId", "targetGroupId", "periodId", "value", "enrolledOn", "enrolmentMethod"];

/// All enrolments of a list, up to `most`. What is wrong with one doesn't hide the
/// others. Its cost is linear in the body.
///
/// Fails where there are more, where a JSON list or the first line of a CSV can't
/// be read, and where a quote of a CSV is not closed in its line.
///
/// ```
/// use target_rules_requests::{DocumentKind, enrolments};
/// let body = b"{\"userId\": 19721, \"targetId\": 101}\n{\"userId\": 19722}\n";
/// let rows = enrolments(body, DocumentKind::Lines, 10_000)?;
/// assert_eq!(rows[0].read.as_ref().unwrap().0, 19721);
/// assert_eq!((rows[1].line, rows[1].read.is_err()), (2, true));
/// # Ok::<(), target_rules_requests::Fault>(())
/// ```
pub fn enrolments(body: &[u8], kind: DocumentKind, most: usize) -> Result<Vec<EnrolmentRow>, Fault> {
    let found: Vec<Read> = match kind {
        DocumentKind::Csv => csv_rows(body, most)?,
        DocumentKind::Lines | DocumentKind::Json => {
            let found = entries(body, kind, most, WHAT)?;
            found.into_iter().map(|(at, one)| (at, enrolment(one))).collect()
        }
    };
    let row = |(line, read): Read| {
        let read = read.and_then(|Enrolment { customer, request }| {
            Ok((customer.ok_or_else(|| Fault::plain(Code::InvalidUser))?, request))
        });
        EnrolmentRow { line, read }
    };
    Ok(found.into_iter().map(row).collect())
}

/// Refuses a line that would take memory for very many columns, also one that goes
/// on in the next line within quotes, or that has several rows. No enrolment needs
/// any of them.
fn check_lines(bytes: &[u8]) -> Result<(), Fault> {
    const MOST_COMMAS: usize = 100;
    for (number, line) in (1_usize..).zip(bytes.split(|byte| *byte == b'\n')) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let count = |wanted: u8| line.iter().filter(|byte| **byte == wanted).count();
        if count(b',') > MOST_COMMAS {
            return Err(Fault::invalid(format!("the CSV: line {number} has too many columns")));
        }
        if count(b'\r') > 0 {
            let message =
                format!("the CSV: line {number} has a carriage return in it; end rows by a line feed");
            return Err(Fault::invalid(message));
        }
        if !count(b'"').is_multiple_of(2) {
            let message = format!("the CSV: a quote in line {number} has no other; a row is one line");
            return Err(Fault::invalid(message));
        }
    }
    Ok(())
}

fn csv_rows(body: &[u8], most: usize) -> Result<Vec<Read>, Fault> {
    check_lines(body)?;
    // Spreadsheets write a mark of UTF-8 first.
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(body);
    let headers = reader.headers().map_err(|_| Fault::invalid("the CSV: line 1 is not UTF-8"))?.clone();
    check_headers(&headers)?;
    let mut found = Vec::new();
    for record in reader.records().take(most.saturating_add(1)) {
        found.push(match record {
            Ok(record) => (line_of(body, record.position()), of_record(&headers, &record)),
            Err(error) => (line_of(body, error.position()), Err(not_read(&error))),
        });
    }
    if found.len() > most { Err(too_many(most, WHAT)) } else { Ok(found) }
}

/// The line of a row. Its position is where the row before it ends; between them
/// may be empty lines.
fn line_of(body: &[u8], position: Option<&csv::Position>) -> usize {
    let number = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let Some((line, start)) = position.map(|at| (number(at.line()), number(at.byte()))) else { return 0 };
    let rest = body.get(start..).unwrap_or_default().iter();
    let empty = rest.take_while(|byte| b"\r\n".contains(byte)).filter(|byte| **byte == b'\n').count();
    line.saturating_add(empty)
}

fn check_headers(headers: &csv::StringRecord) -> Result<(), Fault> {
    let expected = || format!("its first line has names such as `{}`", COLUMNS.join(","));
    if headers.is_empty() {
        return Err(Fault::invalid(format!("the CSV is empty; {}", expected())));
    }
    if let Some(other) = headers.iter().find(|name| !COLUMNS.contains(name)) {
        return Err(Fault::invalid(format!("the CSV has a column {}; {}", quoted(other), expected())));
    }
    // No more than are known can stand there once.
    let mut named = headers.iter().enumerate().take(COLUMNS.len().saturating_add(1));
    match named.find(|(at, name)| headers.iter().take(*at).any(|other| other == *name)) {
        Some((_, name)) => Err(Fault::invalid(format!("the CSV has two columns `{name}`"))),
        None => Ok(()),
    }
}

fn not_read(error: &csv::Error) -> Fault {
    Fault::invalid(match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("the first line names {expected_len} columns, and here are {len}")
        }
        _ => "the row is not UTF-8".to_owned(),
    })
}

fn of_record(headers: &csv::StringRecord, record: &csv::StringRecord) -> Result<Enrolment, Fault> {
    // An empty cell says nothing. The columns are known and stand there once.
    let written: Written<&str> = record.deserialize(Some(headers)).map_err(|error| not_read(&error))?;
    written.read()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Result<Vec<EnrolmentRow>, Fault> {
        enrolments(text.as_bytes(), DocumentKind::Csv, 10_000)
    }

    #[test]
    fn rows_are_read_up_to_the_most_that_there_may_be() {
        let header = "userId,targetId\n";
        let many = told(&format!("{header}{}", "1,2\n".repeat(10_001))).unwrap_err();
        assert!(many.message.starts_with("the body has more than 10000 enrolments"));
        assert_eq!(told(&format!("{header}{}", "1,2\n".repeat(10_000))).unwrap().len(), 10_000);
        let long = told(&"x".repeat(100_000)).unwrap_err();
        assert!(long.message.len() < 300, "{} bytes of a message", long.message.len());
    }

    #[test]
    fn what_is_wrong_with_a_csv_is_said_with_its_place() {
        for (text, expected) in [
            ("", "the CSV is empty; its first line has names such as `userId,targetId,"),
            ("userId,userId\n1,2\n", "the CSV has two columns `userId`"),
            ("userId,target\n1,2\n", "the CSV has a column `target`; its first line has names such as"),
            (
                "userId,targetId\r1,2\r",
                "the CSV: line 1 has a carriage return in it; end rows by a line feed",
            ),
            ("userId,targetId\n1,\"2\n", "the CSV: a quote in line 2 has no other; a row is one line"),
        ] {
            let message = told(text).unwrap_err().message;
            assert!(message.starts_with(expected), "{message}");
        }
        let rows = told("\u{feff}userId,targetId\r\n\r\n1,2\r\n3\n4,x\n").unwrap();
        let lines: Vec<usize> = rows.iter().map(|row| row.line).collect();
        assert_eq!(lines, [3, 4, 5]);
        assert!(rows[0].read.is_ok());
        let messages: Vec<&str> =
            rows.iter().filter_map(|row| Some(row.read.as_ref().err()?.message.as_str())).collect();
        assert_eq!(
            messages,
            [
                "the first line names 2 columns, and here are 1",
                "`targetId` is a whole number from 1, such as 101, and not `x`"
            ]
        );
    }
}
