//! The state of a ledger: of version 1, tampered with, and no larger than what
//! counts.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use loyalty_targets::{CheckedTarget, Enrolments, Ledger, Payload, Reason};
use target_rules::{Limits, Schema, Zone};

const TARGETS: &str = r#"{"data": [
    {"id": 1, "expression": "currentTxn.value>10", "targetType": "SALES", "targetEntity": "TRANSACTION"},
    {"id": 2, "expression": "true", "targetType": "VISIT", "targetEntity": "TRANSACTION"},
    {"id": 3, "expression": "true", "targetType": "EXTENDED_FIELD", "targetEntity": "TRANSACTION",
     "extendedFieldInfo": {"name": "f", "aggregateFunction": "SUM",
                           "aggregateWindow": {"windowType": "MIN", "windowTimeUnit": "DAY"}}}]}"#;
const ENROLMENTS: &str = r#"[{"userId": 7, "targetId": 1, "value": 100}, {"userId": 7, "targetId": 2, "value": 3},
    {"userId": 7, "targetId": 3, "value": 3}]"#;

fn ledger() -> Ledger {
    let limits = Limits::default();
    let payload = Payload::read(TARGETS, &limits).unwrap();
    let targets = payload.targets().map(|target| target.check(&Schema::standard(), &limits).target.unwrap());
    let targets: Vec<CheckedTarget> = targets.collect();
    let enrolments = Enrolments::read(ENROLMENTS, &targets, &limits).unwrap();
    Ledger::new(targets, enrolments, Zone::UTC).unwrap()
}

fn book(ledger: &mut Ledger, profile: &str, inside: &str) -> Vec<(Option<i64>, Option<Reason>)> {
    let document = format!(r#"{{"currentCustomer": {{"id": 7}}, "{profile}": {{{inside}}}}}"#);
    let activity = ledger.read(&document, &Limits::default()).unwrap();
    let weighed = ledger.weigh(&activity);
    ledger.book(weighed).into_iter().map(|one| (one.target_id, one.reason)).collect()
}

fn achieved(ledger: &Ledger) -> Vec<String> {
    ledger.progress_of(7).map(|line| line.achieved.to_string()).collect()
}

/// It has sums without their parts: they stay, bills count once, and what
/// cannot be taken back is told.
#[test]
fn a_state_of_version_1_goes_on() {
    let first = r#"{"version": 1, "accounts": [
        {"userId": 7, "targetId": 1, "total": 150, "counted": ["a", "b"], "countedReturns": ["c"], "unknown": ["u"]},
        {"userId": 7, "targetId": 2, "total": 0, "days": {"2026-01-02": 1, "2026-01-03": 1}, "counted": ["a", "b"]},
        {"userId": 7, "targetId": 3, "total": -1, "days": {"2026-01-02": 4}, "counted": ["a"]}]}"#;
    let mut ledger = ledger();
    let warnings = ledger.resume(first, &Limits::default()).unwrap();
    assert!(!warnings.is_empty() && !warnings.has_errors());
    assert_eq!(achieved(&ledger), ["150", "2", "3"]);
    let again = book(&mut ledger, "currentTxn", r#""number": "a", "date": "2026-01-02", "value": 90"#);
    assert!(again.iter().all(|(_, reason)| *reason == Some(Reason::CountedBefore)) && again.len() == 3);
    let f = |number: &str, day: u32, f: i64| {
        format!(
            r#""number": "{number}", "date": "2026-01-{day:02}", "value": 20, "extendedFields": {{"f": {f}}}"#
        )
    };
    // On a day that is there, and on another one.
    assert_eq!(book(&mut ledger, "currentTxn", &f("d", 2, 9)), []);
    assert_eq!(book(&mut ledger, "currentTxn", &f("e", 9, 2)), []);
    assert_eq!(achieved(&ledger), ["190", "3", "5"]);
    let told = book(&mut ledger, "returnBill", r#""number": "b", "date": "2026-01-03", "value": 5"#);
    assert_eq!(told, [(Some(1), Some(Reason::FigureNotKept { bill: "b".to_owned() }))]);
    // The bill of a return that was taken off the sum comes at last, and once more.
    assert_eq!(
        book(&mut ledger, "currentTxn", r#""number": "c", "date": "2026-01-03", "value": 30"#).len(),
        1
    );
    let told = book(&mut ledger, "returnBill", r#""number": "c", "date": "2026-01-04", "value": 30"#);
    assert!(told.contains(&(Some(1), Some(Reason::CountedBefore))), "{told:?}");
    let before = achieved(&ledger);
    let state = ledger.state();
    assert!(ledger.resume(&state, &Limits::default()).unwrap().is_empty());
    assert_eq!((achieved(&ledger), ledger.state()), (before, state));
}

#[test]
fn a_state_that_was_tampered_with_is_refused() {
    let mut booked = ledger();
    book(
        &mut booked,
        "currentTxn",
        r#""number": "a", "date": "2026-01-02", "value": 50, "extendedFields": {"f": 3}"#,
    );
    book(&mut booked, "currentTxn", r#""number": "u", "date": "2026-01-02""#);
    book(&mut booked, "returnBill", r#""number": "a", "date": "2026-01-02", "value": 20"#);
    let state = booked.state();
    for (sound, tampered) in [
        (r#""number":"u""#, r#""number":"a""#),
        (r#""takenBack":20"#, r#""takenBack":-20"#),
        (r#""adds":50"#, r#""adds":5e1"#),
        (r#""day":"2026-01-02""#, r#""day":"2026-1-2""#),
        (r#""books":[{}]"#, r#""books":[]"#),
        (r#""books":[{}]"#, r#""books":[{},{}]"#),
        (r#""targetId":2"#, r#""targetId":1"#),
        (r#""zone":"UTC""#, r#""zone":"Asia/Kolkata""#),
        (r#""version":2"#, r#""version":3"#),
        (r#""figures":"#, r#""number":"r","figures":"#),
        (r#"{"userId":7,"#, r#"{"userId":7,"more":1,"#),
    ] {
        assert!(state.contains(sound), "{sound} is not in {state}");
        let tampered = state.replacen(sound, tampered, 1);
        let mut other = ledger();
        assert!(other.resume(&tampered, &Limits::default()).is_err(), "{tampered}");
        assert_eq!(other.state(), ledger().state());
    }
    let mut other = ledger();
    assert!(other.resume(&state, &Limits::default()).unwrap().is_empty());
    assert_eq!(other.state(), state);
}

fn ledger_of(targets: &str) -> Ledger {
    let limits = Limits::default();
    let payload = Payload::read(targets, &limits).unwrap();
    let targets = payload.targets().map(|target| target.check(&Schema::standard(), &limits).target.unwrap());
    let targets: Vec<CheckedTarget> = targets.collect();
    let enrolments = r#"[{"userId": 7, "targetId": 1, "value": 100}]"#;
    let enrolments = Enrolments::read(enrolments, &targets, &limits).unwrap();
    Ledger::new(targets, enrolments, Zone::UTC).unwrap()
}

/// What a bill was booked by, and is not any more, is told: each once, and
/// nothing where only the spelling differs.
#[test]
fn a_state_tells_what_it_was_booked_by() {
    let targets = r#"{"data": {"id": 9, "periods": [{"id": 3, "startDate": "2026-01-01", "endDate": "2026-01-31"},
            {"id": 4, "startDate": "2026-02-01", "endDate": "2026-02-28"}],
        "targets": [{"id": 1, "expression": "currentTxn.value>10", "targetType": "SALES", "targetEntity": "TRANSACTION",
            "filters": [{"entityType": "STORE", "entityIds": [5, 6]}]}]}}"#;
    let mut booked = ledger_of(targets);
    let bill = r#"{"currentCustomer": {"id": 7}, "currentStore": {"id": 5},
        "currentTxn": {"number": "a", "date": "2026-01-02", "value": 50}}"#;
    let activity = booked.read(bill, &Limits::default()).unwrap();
    let weighed = booked.weigh(&activity);
    assert_eq!(booked.book(weighed), []);
    let state = booked.state();
    for (before, after, told) in [
        ("[5, 6]", "[6, 5, 5]", ""),
        ("currentTxn.value>10", "(currentTxn.value > 10)", ""),
        ("2026-02-28", "2026-03-01", ""),
        ("currentTxn.value>10", "currentTxn.value>11", "the rule of target 1 has changed"),
        ("[5, 6]", "[5]", "the filters of target 1 have changed"),
        (r#"[{"entityType": "STORE", "entityIds": [5, 6]}]"#, "[]", "the filters of target 1 have changed"),
        (r#""STORE""#, r#""ZONE""#, "the filters of target 1 have changed"),
        (
            "2026-01-31",
            "2026-01-30",
            "period 3 of target 1 (2026-01-01 to 2026-01-31, now 2026-01-01 to 2026-01-30)",
        ),
    ] {
        let mut other = ledger_of(&targets.replace(before, after));
        let warnings = other.resume(&state, &Limits::default()).unwrap();
        assert_eq!(warnings.iter().count(), usize::from(!told.is_empty()), "{after}: {warnings}");
        assert!(warnings.to_string().contains(told), "{after}: {warnings}");
        assert_eq!(achieved(&other), achieved(&booked));
    }
    // Of a state that does not name them nothing is said.
    let older = state.replace(r#","filters":"id in 5, 6""#, "");
    assert_ne!(older, state);
    assert!(
        ledger_of(&targets.replace("[5, 6]", "[5]")).resume(&older, &Limits::default()).unwrap().is_empty()
    );
}

/// Nothing is held of bills that add nothing.
#[test]
fn what_adds_nothing_is_not_kept() {
    let mut ledger = ledger();
    let limits = Limits::default();
    let mut workspace = ledger.workspace();
    for number in 0..100 {
        // Somebody else's, and one that counts for nothing.
        for (customer, profile) in [(8, "currentTxn"), (7, "currentEvent")] {
            let document = format!(
                r#"{{"currentCustomer": {{"id": {customer}}}, "{profile}": {{"number": "n-{number}", "date": "2026-01-02", "value": 1}}}}"#
            );
            let weighed = workspace.weigh(&ledger, &document, &limits).unwrap();
            assert_eq!(weighed.is_some(), customer == 7);
            assert_eq!(ledger.book(weighed), []);
        }
    }
    assert_eq!(ledger.state(), self::ledger().state());
}
