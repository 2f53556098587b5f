//! Slips in mapping files: what is told of each.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use target_rules::{Limits, Schema};
use target_rules_mapping::Mapping;

/// A file with one slip each: its code, where, and what is proposed.
const SLIPS: [(&str, &str, &str, &str); 21] = [
    (
        r#"{"document": {"currentTxn": {"vlaue": "/a"}}}"#,
        "unknown-name",
        "/document/currentTxn",
        "did you mean `value`?",
    ),
    (
        r#"{"document": {"curentTxn": {"value": "/a"}}}"#,
        "unknown-name",
        "/document",
        "did you mean `currentTxn`?",
    ),
    (
        r#"{"document": {"currentTxn": {"value": {"at": "/a", "decmal": ","}}}}"#,
        "unknown-key",
        "/document/currentTxn/value",
        "did you mean `decimal`?",
    ),
    (
        r#"{"document": {"currentTxn": {"value": "/a~2"}}}"#,
        "payload-shape",
        "/document/currentTxn/value",
        "write `/customer/id`",
    ),
    (r#"{"document": {"currentTxn": {"value": 12}}}"#, "wrong-type", "/document/currentTxn/value", ""),
    (
        r#"{"document": {"currentTxn": {"value": {"at": "/a", "date": "%d/%m/%Y"}}}}"#,
        "payload-shape",
        "/document/currentTxn/value",
        "leave `date` away",
    ),
    (
        r#"{"document": {"currentTxn": {"date": {"at": "/a", "date": "%H:%M"}}}}"#,
        "payload-shape",
        "/document/currentTxn/date/date",
        "write it as `strptime`",
    ),
    (
        r#"{"document": {"currentTxn": {"date": {"at": "/a", "zone": "Berlin"}}}}"#,
        "payload-shape",
        "/document/currentTxn/date/zone",
        "write an IANA name",
    ),
    (
        r#"{"document": {"currentTxn": {"value": {"constant": "x"}}}}"#,
        "wrong-type",
        "/document/currentTxn/value/constant",
        "",
    ),
    (
        r#"{"document": {"currentTxn": {"value": {"decimal": ","}}}}"#,
        "payload-shape",
        "/document/currentTxn/value",
        "add `\"at\"",
    ),
    (
        r#"{"document": {"currentTxn": {"value": {"at": "/a", "constant": 1}}}}"#,
        "payload-shape",
        "/document/currentTxn/value",
        "leave away",
    ),
    (
        r#"{"document": {"currentTxn": {"value": "/a", "number": "/a/b"}}}"#,
        "payload-shape",
        "/document/currentTxn/number",
        "a value is either",
    ),
    (
        r#"{"document": {"currentTxn": {"lineItems": {"qty": "/n"}}}}"#,
        "payload-shape",
        "/document/currentTxn/lineItems",
        "add `\"at\"",
    ),
    (
        r#"{"document": {"currentTxn": {"lineItems": {"at": "/l", "quty": "/n"}}}}"#,
        "unknown-name",
        "/document/currentTxn/lineItems",
        "did you mean `qty`?",
    ),
    (
        r#"{"document": {"currentCustomer": {"lineItems": {"at": "/l"}}}}"#,
        "payload-shape",
        "/document/currentCustomer",
        "bills have them",
    ),
    (
        r#"{"document": {"currentTxn": {"value": "/a", "value": "/b"}}}"#,
        "duplicate-key",
        "/document/currentTxn",
        "remove one",
    ),
    (r#"{"document": {"returnBill": {"number": "/a"}}}"#, "payload-shape", "/document", "add a condition"),
    (
        r#"{"document": {"currentTxn": {"value": "/a"}}, "skip": [{"at": "/s"}]}"#,
        "payload-shape",
        "/skip/0",
        "write one of",
    ),
    (
        r#"{"document": {"currentTxn": {"extendedFields": {"extField_a": "/a"}}}}"#,
        "payload-shape",
        "/document/currentTxn/extendedFields",
        "write `a`",
    ),
    (r#"{"document": {}}"#, "payload-shape", "", "add `\"document\""),
    (
        r#"{"document": {"currentTxn": {"value": "/a"}}, "skp": []}"#,
        "unknown-key",
        "",
        "did you mean `skip`?",
    ),
];

#[test]
fn each_slip_is_told_at_its_place_with_its_repair() {
    for (file, code, pointer, help) in SLIPS {
        let faults = Mapping::read(file, &Schema::standard(), &Limits::default()).unwrap_err();
        let told: Vec<_> = faults
            .iter()
            .map(|fault| {
                (
                    fault.code.name(),
                    fault.pointer.clone().unwrap_or_default(),
                    fault.help.clone().unwrap_or_default(),
                )
            })
            .collect();
        assert!(
            told.len() == 1 && told[0].0 == code && told[0].1 == pointer && told[0].2.contains(help),
            "{file}: {told:?}: {faults}"
        );
    }
}
