//! The limit on documents: N passes, N + 1 is the error `limit` with its place.
#![allow(clippy::unwrap_used, clippy::string_slice, reason = "a test fails by panicking")]

use loyalty_targets::{EnrolledTargets, Enrolments, Payload, TargetDocument};
use target_rules::{Diagnostics, Limits};

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

const PAYLOAD: &str = r#"{"data":[{"id":50,"expression":"true"}]}"#;
