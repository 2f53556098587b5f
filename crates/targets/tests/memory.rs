//! How much memory documents take, for each byte of them: at most so much is held
//! at once, beside the document itself. What is counted is what this thread has
//! allocated and not given back.
#![allow(clippy::unwrap_used, clippy::panic, clippy::string_slice, reason = "a test fails by panicking")]

use std::fmt::Write;

use loyalty_targets::{CheckedTarget, EnrolledTargets, Enrolments, Ledger, Payload, TargetDocument};
use target_rules::{Limits, Schema, Zone};
use target_rules_testing::oversized;

/// What any door may take, however short its document is.
const ANY: u64 = 64 << 10;

/// The most bytes held at once while `work` runs, for each byte of a document.
fn bytes_a_byte<T>(document: &str, work: impl FnOnce() -> T) -> f64 {
    let held = allocation_counter::measure(|| drop(std::hint::black_box(work()))).bytes_max;
    let number = |bytes: u64| f64::from(u32::try_from(bytes).unwrap());
    number(held.saturating_sub(ANY)) / number(document.len().try_into().unwrap())
}

/// Fails with all that take more than they may.
fn hold(found: &[(&str, f64, f64)]) {
    let above: Vec<String> = found
        .iter()
        .map(|(name, bytes, most)| format!("{name}: {bytes:.1} bytes a byte, at most {most}"))
        .collect();
    assert!(found.iter().all(|(_, bytes, most)| bytes <= most), "{}", above.join("\n"));
    // The figures are worth a look wherever they are asked for.
    println!("{}", above.join("\n"));
}

fn checked(payload: &str) -> Vec<CheckedTarget> {
    let (schema, limits) = (Schema::standard(), Limits::default());
    let payload = Payload::read(payload, &limits).unwrap();
    payload.targets().map(|target| target.check(&schema, &limits).target.unwrap()).collect()
}

#[test]
fn payloads() {
    let limits = Limits::default();
    let schema = Schema::standard();
    let documented = oversized::targets_as_documented(600);
    let short = oversized::payload_of_short_values(200_000);
    let nested = oversized::arrays_within_each_other(1_000_000);
    let read = |text: &str| bytes_a_byte(text, || Payload::read(text, &limits));
    // Targets are checked one by one, and nothing of one is held for the next.
    let one_by_one = |text: &str| {
        bytes_a_byte(text, || {
            let payload = Payload::read(text, &limits).unwrap();
            payload.targets().filter(|target| target.check(&schema, &limits).ok).count()
        })
    };
    one_by_one(&oversized::targets_as_documented(1));
    hold(&[
        ("documented", read(&documented), 12.0),
        ("short values", read(&short), 12.0),
        ("nested too deep", read(&nested), 12.0),
        ("checked one by one", one_by_one(&documented), 12.0),
        ("as types", bytes_a_byte(&documented, || TargetDocument::read(&documented, &limits)), 12.0),
    ]);
    assert!(TargetDocument::read(&documented, &limits).is_ok());
    assert!(Payload::read(&nested, &limits).is_err());
}

#[test]
fn answers_with_enrolled_targets() {
    let limits = Limits::default();
    let targets = oversized::targets_as_documented(600);
    let list =
        &targets[targets.find(r#""targets": "#).unwrap() + 11..targets.rfind(r#"}], "errors""#).unwrap()];
    let answer = format!(r#"{{"data": {list}}}"#);
    hold(&[(
        "enrolled targets",
        bytes_a_byte(&answer, || EnrolledTargets::read(&answer, &limits).unwrap()),
        12.0,
    )]);
}

#[test]
fn enrolments() {
    let limits = Limits::default();
    let says_it = r#"[{"id": 50, "targetType": "COUNT", "expression": "true", "defaultValues": [{"defaultValue": 5}]}]"#;
    let short = oversized::short_enrolments(20_000);
    let periods = checked(&oversized::target_of_many_periods(1_000));
    let in_all = oversized::enrolments_in_all_periods(10_000);
    let mut whole = String::from("[");
    for user in 0..10_000 {
        let comma = if user > 0 { "," } else { "" };
        let _ = write!(
            whole,
            r#"{comma}{{"userId": {user}, "targetId": 50, "periodId": {}, "value": 5000, "enrolledOn": "2024-04-02"}}"#,
            user % 1_000
        );
    }
    whole.push(']');
    let read = |text: &str, targets: &[CheckedTarget]| {
        bytes_a_byte(text, || Enrolments::read(text, targets, &limits).unwrap())
    };
    hold(&[
        ("short", read(&short, &checked(says_it)), 12.0),
        ("in every period", read(&in_all, &periods), 12.0),
        ("as documented", read(&whole, &periods), 12.0),
    ]);
    // What follows from an enrolment without a period is not held for each period.
    let read = Enrolments::read(&in_all, &periods, &limits).unwrap();
    assert_eq!(read.len(), 10_000 * 1_000);
    let ledger = Ledger::new(periods, read, Zone::UTC).unwrap();
    let told = bytes_a_byte(&in_all, || assert_eq!(ledger.progress().take(20_000).count(), 20_000));
    hold(&[("progress", told, 12.0)]);
}

#[test]
fn bills() {
    let limits = Limits::default();
    let targets = r#"[{"id": 50, "targetType": "SALES", "enrolmentMethod": "TRANSACTION", "expression": "true", "defaultValues": [{"defaultValue": 5}]}]"#;
    let ledger = Ledger::new(checked(targets), Enrolments::default(), Zone::UTC).unwrap();
    let mut bills = String::new();
    for number in 0..5_000 {
        let _ = writeln!(
            bills,
            r#"{{"currentCustomer": {{"id": {}}}, "currentTxn": {{"number": "n-{number}", "date": "2026-03-07T10:00:00Z", "value": {number}}}}}"#,
            number % 1_000
        );
    }
    let book = || {
        let (mut ledger, mut workspace, mut batch) = (ledger.clone(), ledger.workspace(), Vec::new());
        for bill in bills.lines() {
            batch.extend(workspace.weigh(&ledger, bill, &limits).unwrap());
        }
        assert!(ledger.book(batch).is_empty());
        ledger
    };
    let state = book().state();
    let resume = || {
        let mut ledger = ledger.clone();
        ledger.resume(&state, &limits).unwrap();
        ledger
    };
    hold(&[("bills", bytes_a_byte(&bills, book), 12.0), ("state", bytes_a_byte(&state, resume), 12.0)]);
}

#[test]
fn schemas() {
    let limits = Limits::default();
    let schema = Schema::standard();
    let with = |text: &str| {
        assert!(text.len() < limits.schema, "{}", text.len());
        bytes_a_byte(text, || schema.with(text, &limits))
    };
    // A map of one attribute has room for eleven: a schema file has at most 1 MiB.
    hold(&[
        ("variants", with(&oversized::schema_of_variants(10_500)), 40.0),
        ("events", with(&oversized::schema_of_events(2_800)), 40.0),
        ("profiles", with(&oversized::schema_of_profiles(2_000)), 45.0),
    ]);
}
