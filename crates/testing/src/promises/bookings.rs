//! Promises of enrolments and of batches: at any size, cut anywhere, in several
//! zones and under low limits, which show in no answer.

use std::sync::LazyLock;

use loyalty_targets::{CheckedTarget, Enrolments, Ledger, Payload};
use target_rules::diagnostic::{Form, Source};
use target_rules::{Limits, Schema, Zone};

use super::grown::grown;
use super::inputs::{must, text_of};
use super::refusals::{is_a_refusal, is_well_said};

/// A file of enrolments, grown and cut off, is read or refused for a reason; a
/// ledger of what is read books the same in any order, and its state is read
/// again.
pub fn enrolments_in(data: &[u8]) {
    let Some(Shape { zone, limits, cut, text }) = Shape::of(data) else { return };
    let text = beginning(&text, cut);
    let read = match Enrolments::read(text, &TARGETS, &limits) {
        Ok(read) => read,
        Err(refused) => return is_a_refusal(&refused, &[Source::new(Form::Payload, text)]),
    };
    is_well_said(read.warnings(), &[Source::new(Form::Payload, text)]);
    assert_eq!(read.is_empty(), read.len().eq(&0), "nobody takes part in something");
    let unbounded = must(Enrolments::read(text, &TARGETS, &Limits::default()), "what low limits let in");
    let mut ledger = must(Ledger::new(TARGETS.clone(), read, zone.clone()), "a ledger");
    let unbounded = must(Ledger::new(TARGETS.clone(), unbounded, zone), "a ledger");
    assert_eq!(achieved(&unbounded), achieved(&ledger), "a limit changes who takes part");
    let batch = BILLS.lines().filter_map(|line| ledger.read(line, &limits).ok());
    let batch: Vec<_> = batch.collect::<Vec<_>>().iter().filter_map(|read| ledger.weigh(read)).collect();
    let mut back = ledger.clone();
    back.book(batch.iter().rev().cloned());
    ledger.book(batch);
    assert_eq!(back.state(), ledger.state(), "the order of a batch changes what is booked");
    ledger.progress().for_each(|line| assert_eq!(line.reached, line.achieved >= line.defined.into()));
    must(back.resume(&ledger.state(), &Limits::default()), "a state is read");
    assert_eq!(back.state(), ledger.state(), "a state changes on its way through its text");
}

/// A batch of activities, grown, comes to the same however it is cut in two: the
/// second part goes on from the state of the first.
pub fn batch_in(data: &[u8]) {
    let Some(Shape { zone, limits, cut, text }) = Shape::of(data) else { return };
    let mut whole = must(Ledger::new(TARGETS.clone(), ENROLMENTS.clone(), zone), "a ledger");
    let (mut first, mut second) = (whole.clone(), whole.clone());
    let before = beginning(&text, cut).lines().count();
    let (mut early, mut late) = (Vec::new(), Vec::new());
    for (number, line) in text.lines().enumerate() {
        let weighed = match whole.read(line, &limits) {
            Ok(activity) => {
                let weighed = whole.weigh(&activity);
                let unbounded = must(whole.read(line, &Limits::default()), "what low limits let in");
                assert_eq!(whole.weigh(&unbounded), weighed, "a limit changes what an activity adds");
                weighed
            }
            Err(refused) => {
                is_a_refusal(&refused, &[Source::new(Form::Payload, line)]);
                None
            }
        };
        if number < before { early.extend(weighed) } else { late.extend(weighed) }
    }
    whole.book(early.iter().chain(&late).cloned());
    first.book(early);
    must(second.resume(&first.state(), &Limits::default()), "a state is read");
    second.book(late);
    assert_eq!(second.state(), whole.state(), "where a batch is cut changes what is booked");
    assert_eq!(achieved(&second), achieved(&whole), "where a batch is cut changes what is achieved");
}

/// Every line of progress, as it is written.
fn achieved(ledger: &Ledger) -> Vec<String> {
    ledger.progress().map(|line| must(serde_json::to_string(&line), "a line of progress")).collect()
}

/// What the first four bytes of an input say, and the text that the rest grows to.
struct Shape {
    zone: Zone,
    limits: Limits,
    /// Which share of the text stands before the cut: all of it at most.
    cut: u16,
    text: String,
}

impl Shape {
    fn of(data: &[u8]) -> Option<Shape> {
        let [zone, limit, high, low, pieces @ ..] = data else { return None };
        let zone = ZONES.get(usize::from(*zone) % ZONES.len()).cloned()?;
        let mut limits = Limits::default();
        match limit % 8 {
            0 => limits.errors = 1,
            1 => limits.payload = 1 << (limit / 8),
            2 => limits.transaction = 1 << (limit / 8),
            3 => limits.transaction_depth = usize::from(limit / 8),
            4 => limits.transaction_array = usize::from(limit / 8),
            5 => limits.payload_depth = usize::from(limit / 8),
            _ => {}
        }
        let text = text_of(&grown(pieces)).to_owned();
        Some(Shape { zone, limits, cut: u16::from_be_bytes([*high, *low]), text })
    }
}

/// The beginning of a text, up to the share that a cut says.
fn beginning(text: &str, cut: u16) -> &str {
    let mut end = text.len() * usize::from(cut) / usize::from(u16::MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.split_at(end).0
}

/// One that sets its clocks, one far ahead of UTC and one far behind it.
static ZONES: LazyLock<[Zone; 3]> = LazyLock::new(|| {
    ["Europe/Berlin", "Pacific/Kiritimati", "-12:00"].map(|name| must(Zone::named(name), "a zone"))
});

/// Targets with windows of every kind, and several periods.
pub(super) static TARGETS: LazyLock<Vec<CheckedTarget>> = LazyLock::new(|| {
    let targets = r#""targets": [
        {"id": ID1, "expression": "true", "targetType": "SALES", "targetEntity": "TRANSACTION", "defaultValues": [{"defaultValue": 5}]},
        {"id": ID2, "expression": "currentLineItem.qty>1", "targetType": "QUANTITY", "targetEntity": "LINEITEM"},
        {"id": ID3, "expression": "currentTxn.date.isWeekend()", "targetType": "VISIT", "targetEntity": "TRANSACTION",
         "enrolmentMethod": "TRANSACTION", "defaultValues": [{"defaultValue": 2}]}]"#;
    let group = |id: &str, more: &str| format!(r#"{{"id": {id}, {more}, {}}}"#, targets.replace("ID", id));
    let periods = r#""periods": [{"id": 7, "startDate": "2026-01-01", "endDate": "2026-01-31"},
        {"id": 8, "startDate": "2026-02-01", "endDate": "2026-02-28"}, {"id": 9, "startDate": "2026-03-01", "endDate": "2026-10-31"}]"#;
    let payload = format!(
        r#"{{"data": [{}, {}, {}]}}"#,
        group("1", periods),
        group("2", r#""targetEvaluationType": "CYCLIC_WINDOW", "frequencyType": "DAILY", "offsetDays": 1"#),
        group("3", r#""targetEvaluationType": "PERIOD_AGNOSTIC_WINDOW", "offsetDays": 1"#),
    );
    let payload = must(Payload::read(payload, &Limits::default()), "a payload");
    let reports = payload.targets().map(|target| target.check(&Schema::standard(), &Limits::default()));
    reports.map(|report| must(report.target.ok_or("it is refused"), "a target")).collect()
});

/// Two customers who take part in everything.
static ENROLMENTS: LazyLock<Enrolments> = LazyLock::new(|| {
    let each = |user: i64| {
        TARGETS
            .iter()
            .map(move |one| format!(r#"{{"userId": {user}, "targetId": {}, "value": 9}}"#, one.id()))
    };
    let all: Vec<String> = each(1).chain(each(2)).collect();
    must(Enrolments::read(&format!("[{}]", all.join(",")), &TARGETS, &Limits::default()), "enrolments")
});

/// Bills of both, about the edges of days and periods, and a return.
pub(super) const BILLS: &str = r#"{"currentCustomer": {"id": 1}, "currentTxn": {"number": "a", "date": "2026-01-31T23:30:00Z", "value": 3, "lineItems": [{"qty": 2}]}}
{"currentCustomer": {"id": 1}, "currentTxn": {"number": "b", "date": "2026-03-29T01:30:00Z", "value": 4.5, "lineItems": []}}
{"currentCustomer": {"id": 2}, "currentTxn": {"number": "a", "date": "2026-02-28T12:00:00Z", "value": 70}}
{"currentCustomer": {"id": 1}, "returnBill": {"number": "a", "date": "2026-02-02", "value": 1, "lineItems": [{"qty": 1}]}}"#;
