//! A service that accounts for what customers achieve: it reads targets and
//! enrolments once, books what comes in batches, and goes on from a state after
//! it was stopped. Run it with
//! `cargo run --package loyalty-targets --example ledger`.

use std::error::Error;

use loyalty_targets::{CheckedTarget, Enrolments, Ledger, Payload};
use target_rules::{Limits, Schema, Zone};

/// Spend 5 000 in the first quarter, by bills above 500.
const TARGETS: &str = r#"{"data": {
    "id": 7, "name": "First quarter",
    "periods": [{"id": 3, "startDate": "2026-01-01", "endDate": "2026-03-31"}],
    "targets": [{"id": 50, "targetType": "SALES", "targetEntity": "TRANSACTION",
                 "expression": "currentTxn.value > 500"}]}}"#;

const ENROLMENTS: &str = r#"[{"userId": 19721, "targetId": 50, "value": 5000}]"#;

/// A document of the customer, with a bill or a return in it.
fn document(part: &str) -> String {
    format!(r#"{{"currentCustomer": {{"id": 19721}}, {part}}}"#)
}

const FIRST: &str = r#""currentTxn": {"number": "n-1", "date": "2026-03-07T10:20:20Z", "value": 730.50}"#;

const MORNING: [&str; 3] = [
    FIRST,
    r#""currentTxn": {"number": "n-2", "date": "2026-03-07T11:00:00Z", "value": 12}"#,
    // The value of this one is missing: nobody knows yet whether it counts.
    r#""currentTxn": {"number": "n-3", "date": "2026-03-07T11:30:00Z"}"#,
];

const EVENING: [&str; 3] = [
    // The same bill again, as systems send it: it counts once.
    FIRST,
    r#""currentTxn": {"number": "n-3", "date": "2026-03-07T11:30:00Z", "value": 615.65}"#,
    // A part of the first bill comes back.
    r#""returnBill": {"number": "n-1", "date": "2026-03-07T18:00:00Z", "value": 100}"#,
];

/// A ledger in which nothing is booked yet. Targets are checked as rules are:
/// what is wrong has its place in the file.
fn ledger() -> Result<Ledger, Box<dyn Error>> {
    let (limits, schema) = (Limits::default(), Schema::standard());
    let payload = Payload::read(TARGETS, &limits)?;
    let mut targets: Vec<CheckedTarget> = Vec::new();
    for target in payload.targets() {
        let report = target.check(&schema, &limits);
        for found in &report.diagnostics {
            eprintln!("{}:{}: {}", found.file.line, found.file.column, found.diagnostic.message);
        }
        targets.extend(report.target);
    }
    let enrolments = Enrolments::read(ENROLMENTS, &targets, &limits)?;
    Ok(Ledger::new(targets, enrolments, Zone::named("Asia/Kolkata")?)?)
}

/// Books a batch and says what of it did not count.
fn book(ledger: &mut Ledger, parts: &[&str]) -> Result<(), Box<dyn Error>> {
    // Kept by each thread, and used for one document after the other.
    let mut workspace = ledger.workspace();
    let mut batch = Vec::new();
    for part in parts {
        batch.extend(workspace.weigh(ledger, document(part).as_str(), &Limits::default())?);
    }
    for told in ledger.book(batch) {
        println!("not counted: {}", serde_json::to_string(&told)?);
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut before = ledger()?;
    book(&mut before, &MORNING)?;
    let state = before.state();
    let progress = before.progress().next().ok_or("somebody takes part")?;
    println!("at noon: {}", serde_json::to_string(&progress)?);
    assert_eq!((progress.achieved.to_string().as_str(), progress.unknown.len()), ("730.5", 1));

    // The service is started anew, with the state that it wrote.
    let mut after = ledger()?;
    for warning in &after.resume(&state, &Limits::default())? {
        println!("{warning}");
    }
    book(&mut after, &EVENING)?;
    let progress = after.progress().next().ok_or("somebody takes part")?;
    println!("at night: {}", serde_json::to_string(&progress)?);
    // 730.50 and 615.65, less 100.
    assert_eq!((progress.achieved.to_string().as_str(), progress.unknown.len()), ("1246.15", 0));
    Ok(())
}

#[test]
fn it_runs_to_its_end() -> Result<(), Box<dyn Error>> {
    main()
}
