//! The limit on documents: N passes, N + 1 is the error `limit` with its place.
#![allow(clippy::unwrap_used, clippy::string_slice, reason = "a test fails by panicking")]

use loyalty_targets::{EnrolledTargets, Enrolments, Ledger, Payload, TargetDocument, UnifiedExpression};
use target_rules::{Diagnostics, Limits, Schema, Zone};

/// A way to read a document with at most so many bytes.
type Door = fn(&str, &Limits) -> Option<Diagnostics>;

#[test]
fn size_of_a_document() {
    let doors: [(&str, Door); 4] = [
        (PAYLOAD, |text, limits| EnrolledTargets::read(text, limits).err()),
        (PAYLOAD, |text, limits| TargetDocument::read(text, limits).err()),
        (PAYLOAD, |text, limits| Payload::read(text, limits).err()),
        ("[]", |text, limits| Enrolments::read(text, &[], limits).err()),
    ];
    for (text, read) in doors {
        let mut limits = Limits::default();
        limits.payload = text.len();
        assert_eq!(read(text, &limits), None);
        limits.payload = text.len() - 1;
        let refused = read(text, &limits).unwrap();
        let faults: Vec<_> = refused.iter().map(|fault| (fault.code.name(), fault.span)).collect();
        let [(code, span)] = faults[..] else { unreachable!("{refused}") };
        assert_eq!((code, &text[span.range()]), ("limit", &text[text.len() - 1..]));
        assert!(refused.to_string().contains(&limits.payload.to_string()), "{refused}");
    }
}

/// Objects and arrays within each other, also where nothing reads them.
#[test]
fn depth_of_a_document() {
    let doors: [Door; 4] = [
        |text, limits| EnrolledTargets::read(text, limits).err(),
        |text, limits| TargetDocument::read(text, limits).err(),
        |text, limits| Payload::read(text, limits).err(),
        |text, limits| Enrolments::read(text, &[], limits).err(),
    ];
    for read in doors {
        let mut limits = Limits::default();
        limits.payload_depth = 7;
        let nested = |depth: usize| {
            format!(r#"{{"more": {}{}, "data": [{{"id": 50}}]}}"#, "[".repeat(depth), "]".repeat(depth))
        };
        let is_limit = |refused: Option<Diagnostics>| {
            refused.is_some_and(|refused| refused.iter().any(|fault| fault.code.name() == "limit"))
        };
        assert!(!is_limit(read(&nested(6), &limits)));
        let refused = read(&nested(7), &limits).unwrap();
        let fault = refused.iter().next().unwrap();
        assert_eq!((fault.code.name(), fault.span.range()), ("limit", 15..16));
        assert_eq!(fault.message, "objects and arrays nest deeper than 7 levels");
        assert_eq!(fault.pointer.as_deref(), Some("/more/0/0/0/0/0/0"));
    }
}

/// Periods that an activity may count in at once: of a group those that lack a day,
/// of a customer those that no group lists.
#[test]
fn periods_at_once() {
    let mut limits = Limits::default();
    limits.periods_at_once = 3;
    let group = |open: usize| {
        let dated =
            |at: usize| format!(r#"{{"id":{at},"startDate":"2026-02-{at:02}","endDate":"2026-02-{at:02}"}}"#);
        let open = (0..open).map(|at| {
            let day = if at % 2 == 0 { "startDate" } else { "endDate" };
            format!(r#"{{"id":{},"{day}":"2026-01-01"}}"#, at + 100)
        });
        let periods: Vec<String> = (1..=9).map(dated).chain(open).collect();
        format!(r#"{{"data":[{{"id":7,"periods":[{}],"targets":[{}]}}]}}"#, periods.join(","), TARGET)
    };
    let read = |text: &str| {
        let payload = Payload::read(text, &limits).unwrap();
        let mut reports = payload.targets().map(|one| one.check(&Schema::standard(), &limits));
        reports.next().unwrap()
    };
    assert!(read(&group(3)).ok);
    let refused = read(&group(4));
    let fault = refused.diagnostics.iter().find(|fault| fault.diagnostic.code.name() == "limit").unwrap();
    assert_eq!(fault.file.pointer, "/data/0/periods/12");
    assert!(!refused.ok);

    let target = read(&format!(r#"{{"data":[{TARGET}]}}"#)).target.unwrap();
    let enrolments = |count: usize| {
        let one = |at| format!(r#"{{"userId":1,"targetId":50,"periodId":{at},"value":9}}"#);
        format!("[{}]", (0..count).map(one).collect::<Vec<_>>().join(","))
    };
    let targets = [target];
    assert_eq!(Enrolments::read(&enrolments(3), &targets, &limits).unwrap().len(), 3);
    let refused = Enrolments::read(&enrolments(5), &targets, &limits).unwrap_err();
    let faults: Vec<_> = refused.iter().map(|fault| (fault.code.name(), fault.pointer.as_deref())).collect();
    assert_eq!(faults, [("limit", Some("/3"))]);
}

const TARGET: &str = r#"{"id":50,"expression":"true","targetType":"SALES"}"#;

/// The same document as text and as bytes is the same; bytes that are no text
/// are refused with the place of the first that is none.
#[test]
fn texts_and_bytes() {
    let limits = Limits::default();
    let targets = |payload: Payload| payload.targets().map(|target| target.id()).collect::<Vec<_>>();
    let from_bytes = Payload::read(PAYLOAD.as_bytes(), &limits).unwrap();
    assert_eq!(targets(from_bytes), targets(Payload::read(PAYLOAD, &limits).unwrap()));
    assert_eq!(targets(Payload::read(PAYLOAD.to_owned(), &limits).unwrap()), [Some(50)]);
    let document = TargetDocument::read(PAYLOAD.as_bytes(), &limits).unwrap();
    assert_eq!(document, TargetDocument::read(PAYLOAD, &limits).unwrap());
    assert_eq!(EnrolledTargets::read(PAYLOAD.as_bytes(), &limits).unwrap().data.unwrap()[0].id, 50);
    assert!(Enrolments::read(b"[]", &[], &limits).unwrap().is_empty());
    assert_eq!(UnifiedExpression::read(b"(1 & 2)", &limits).unwrap().operands().count(), 2);
    let mut ledger = Ledger::new(Vec::new(), Enrolments::default(), Zone::UTC).unwrap();
    ledger.resume(ledger.state().as_bytes(), &limits).unwrap();
    let activity = br#"{"currentCustomer": {"id": 1}, "currentTxn": {"number": "n", "date": "2026-01-01"}}"#;
    assert_eq!(ledger.read(activity, &limits).unwrap().customer(), 1);

    let latin_1: &[u8] = b"[\"Jos\xe9\"]";
    for refused in [
        Payload::read(latin_1, &limits).err(),
        TargetDocument::read(latin_1, &limits).err(),
        EnrolledTargets::read(latin_1, &limits).err(),
        Enrolments::read(latin_1, &[], &limits).err(),
        UnifiedExpression::read(latin_1, &limits).err(),
        ledger.resume(latin_1, &limits).err(),
        ledger.read(latin_1, &limits).err(),
    ] {
        let refused = refused.unwrap();
        let fault = refused.iter().next().unwrap();
        assert_eq!((fault.code.name(), fault.column), ("json-syntax", 6));
    }
}

const PAYLOAD: &str = r#"{"data":[{"id":50,"expression":"true"}]}"#;
