//! Values to be reached that no number can hold.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use loyalty_targets::Payload;
use target_rules::{Limits, Schema};

const GROUP: &str = r#"{"data": {"id": 7, "name": "g", "targets": [
    {"id": 1, "name": "a", "targetType": "SALES", "targetEntity": "TRANSACTION", "expression": "true",
     "defaultValues": [{"periodId": 3, "defaultValue": DEFAULT}]},
    {"id": 2, "name": "b", "targetType": "SALES", "targetEntity": "TRANSACTION", "expression": "true",
     "targetPeriodDefaultValuesMap": {"3": {"defaultValue": MAPPED}}}],
    "periods": [{"id": 3, "startDate": "2026-01-01", "endDate": "2026-12-31"}],
    "unifiedTargetExpression":
        {"aggregation": "SUM", "thresholdValue": THRESHOLD, "ruleExpression": "(1 | 2)"}}}"#;

fn group(default: &str, mapped: &str, threshold: &str) -> String {
    GROUP.replace("DEFAULT", default).replace("MAPPED", mapped).replace("THRESHOLD", threshold)
}

#[test]
fn what_cannot_be_held_is_an_error_at_its_place() {
    let (limits, schema) = (Limits::default(), Schema::standard());
    let none: [&str; 0] = [];
    for (values, expected) in [
        (["10", "10", "10"], &none[..]),
        (["1e28", "10", "10"], &["/data/targets/0/defaultValues/0/defaultValue"]),
        (["10", "\"1e400\"", "10"], &["/data/targets/1/targetPeriodDefaultValuesMap/3/defaultValue"]),
        (["10", "10", "10000000000000000000000000000"], &["/data/unifiedTargetExpression/thresholdValue"]),
    ] {
        let [default, mapped, threshold] = values;
        let text = group(default, mapped, threshold);
        let payload = Payload::read(text.as_str(), &limits).unwrap();
        let mut found = Vec::new();
        for target in payload.targets() {
            let report = target.check(&schema, &limits);
            found
                .extend(report.diagnostics.iter().map(|one| (one.file.pointer.clone(), one.diagnostic.code)));
        }
        let pointers: Vec<&str> = found.iter().map(|(pointer, _)| pointer.as_str()).collect();
        assert_eq!(pointers, expected, "{values:?}");
        assert!(found.iter().all(|(_, code)| code.name() == "number-range"));
    }
}
