//! The limit on documents: N passes, N + 1 is the error `limit` with its place.
#![allow(clippy::unwrap_used, clippy::string_slice, reason = "a test fails by panicking")]

use loyalty_targets::{EnrolledTargets, Enrolments, Ledger, Payload, TargetDocument, UnifiedExpression};
use target_rules::{Diagnostics, Limits, Zone};

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
