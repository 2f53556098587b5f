//! The state of a ledger: of version 1, tampered with, and no larger than what
//! counts.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

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
    for (sound, tampered, pointer) in [
        (r#""number":"u""#, r#""number":"a""#, "/accounts/0/unknown/0"),
        (r#""unknown":["#, r#""unknown":[{"number":"u","books":[{}]},"#, "/accounts/0/unknown/1"),
        (r#""unknown":["#, r#""unknown":[{"number":"v","books":[]},"#, "/accounts/0/unknown/0/books"),
        (
            r#""bills":["#,
            r#""bills":[{"number":"a","day":"2026-01-02","adds":1,"books":[{}]},"#,
            "/accounts/0/bills/1",
        ),
        (r#""takenBack":20"#, r#""takenBack":-20"#, "/accounts/0/bills/0/takenBack"),
        (r#""adds":50"#, r#""adds":0"#, "/accounts/0/bills/0/takenBack"),
        (r#""bill":"a""#, r#""bill":"b","waits":true"#, "/accounts/0/bills/0/takenBack"),
        (r#""date":1767312000000"#, r#""date":1767312000000,"waits":true"#, "/accounts/0/bills/0/takenBack"),
        (r#""adds":50"#, r#""adds":5e1"#, "/accounts/0/bills/0/adds"),
        (r#""day":"2026-01-02""#, r#""day":"2026-1-2""#, "/accounts/0/bills/0/day"),
        (r#""books":[{}]"#, r#""books":[]"#, "/accounts/0/bills/0/books"),
        (r#""books":[{}]"#, r#""books":[{},{}]"#, "/accounts/0/bills/0/books/1"),
        (r#""books":[{}]"#, r#""books":[{"cycle":-1}]"#, "/accounts/0/bills/0/books/0/cycle"),
        (r#""books":[{}]"#, r#""books":[{"more":1}]"#, "/accounts/0/bills/0/books/0"),
        (
            r#""books":[{}]"#,
            r#""books":[{}],"items":{"codes":["x"],"counted":[1]}"#,
            "/accounts/0/bills/0/items/counted",
        ),
        (
            r#""books":[{}]"#,
            r#""books":[{}],"items":{"codes":["x","y"],"counted":[1,0]}"#,
            "/accounts/0/bills/0/items/counted",
        ),
        (r#""targetId":2"#, r#""targetId":1"#, "/accounts/1"),
        (r#""targetId":2"#, r#""targetId":9"#, "/accounts/1/targetId"),
        (r#""targetId":1,"#, r#""targetId":1,"first":5,"latest":4,"#, "/accounts/0/latest"),
        (
            r#""targetId":1,"#,
            r#""targetId":1,"first":4,"latest":4,"books":[{"cycle":1,"ended":5}],"#,
            "/accounts/0/books/0/ended",
        ),
        (r#""targetId":1,"#, r#""targetId":1,"books":[{},{}],"#, "/accounts/0/books/1"),
        (r#""zone":"UTC""#, r#""zone":"Asia/Kolkata""#, "/zone"),
        (r#""version":2"#, r#""version":3"#, "/version"),
        (r#"{"id":2,"#, r#"{"id":1,"#, "/targets/1"),
        (r#""counts":"Net"#, r#""counts":"Gross"#, "/targets/0/counts"),
        (r#""figures":"#, r#""number":"r","figures":"#, "/returns/0/figures"),
        (r#""figures":{"value":20}"#, r#""figures":{"value":21}"#, "/returns/0/figures"),
        (r#""figures":{"value":20},"#, "", "/returns/0"),
    ] {
        assert!(state.contains(sound), "{sound} is not in {state}");
        let tampered = state.replacen(sound, tampered, 1);
        let mut other = ledger();
        let refused = other.resume(&tampered, &Limits::default()).unwrap_err();
        let fault = refused.iter().next().unwrap();
        assert_eq!(fault.pointer.as_deref(), Some(pointer), "{fault:?} of {tampered}");
        assert_eq!(other.state(), ledger().state());
    }
    // A return twice.
    let (before, returns) = state.split_once(r#""returns":["#).unwrap();
    let one = returns.strip_suffix("]}").unwrap();
    let twice = format!(r#"{before}"returns":[{one},{one}]}}"#);
    let refused = ledger().resume(&twice, &Limits::default()).unwrap_err();
    assert_eq!(refused.iter().next().unwrap().pointer.as_deref(), Some("/returns/1"));
    let mut other = ledger();
    assert!(other.resume(&state, &Limits::default()).unwrap().is_empty());
    assert_eq!(other.state(), state);
}

/// Nothing of a state of version 1 is taken that cannot be: each with its place.
#[test]
fn a_state_of_version_1_that_was_tampered_with_is_refused() {
    let sums = |inside: &str| {
        format!(r#"{{"version": 1, "accounts": [{{"userId": 7, "targetId": 1, {inside}}}], "tracks": []}}"#)
    };
    let sound = sums(r#""total": 50, "counted": ["a"], "unknown": ["u"]"#);
    assert!(ledger().resume(&sound, &Limits::default()).is_ok());
    let track = r#"{"userId": 7, "targetId": 1, "first": 4, "latest": 5}"#;
    let tracks = |tracks: &str| sound.replace(r#""tracks": []"#, &format!(r#""tracks": [{tracks}]"#));
    assert!(ledger().resume(&tracks(track), &Limits::default()).is_ok());
    for (tampered, pointer) in [
        (tracks(&format!("{track}, {track}")), "/tracks/1"),
        (tracks(&track.replace('5', "3")), "/tracks/0/latest"),
        (sums(r#""total": 50, "counted": ["a"], "unknown": ["a"]"#), "/accounts/0/unknown"),
        (sums(r#""total": 50"#), "/accounts/0/total"),
        (sums(r#""total": 0, "days": {"2026-01-02": 1}"#), "/accounts/0/days"),
        (sums(r#""total": 0, "days": {"2026-1-02": 1}, "counted": ["a"]"#), "/accounts/0/days/2026-1-02"),
        (sums(r#""total": 50, "cycle": -1"#), "/accounts/0/cycle"),
        // What the reader itself finds, at the end of what it has read.
        (sums(r#""total": 50, "counted": ["a", "a"]"#), "/accounts/0/counted"),
        (
            sums(r#""total": 0, "days": {"2026-01-02": 1, "2026-01-02": 2}, "counted": ["a", "b"]"#),
            "/accounts/0/days",
        ),
    ] {
        let refused = ledger().resume(&tampered, &Limits::default()).unwrap_err();
        let fault = refused.iter().next().unwrap();
        assert_eq!(fault.pointer.as_deref(), Some(pointer), "{fault:?} of {tampered}");
    }
}

/// A target that is in no payload for a while stays known, so that it cannot
/// come again as another.
#[test]
fn a_target_that_goes_and_comes_again_is_held_against_what_it_was() {
    let payload = |targets: &[&str]| format!(r#"{{"data": [{}]}}"#, targets.join(","));
    let one = r#"{"id": 1, "expression": "true", "targetType": "SALES", "targetEntity": "TRANSACTION"}"#;
    let other = one.replace(r#""id": 1"#, r#""id": 2"#);
    let ledger_without = || {
        let limits = Limits::default();
        let text = payload(&[&other]);
        let payload = Payload::read(&text, &limits).unwrap();
        let targets =
            payload.targets().map(|target| target.check(&Schema::standard(), &limits).target.unwrap());
        Ledger::new(targets.collect(), Enrolments::default(), Zone::UTC).unwrap()
    };
    let mut booked = ledger_of(&payload(&[one, &other]));
    assert_eq!(book(&mut booked, "currentTxn", r#""number": "a", "date": "2026-01-02", "value": 50"#), []);
    let mut without = ledger_without();
    assert!(without.resume(&booked.state(), &Limits::default()).unwrap().is_empty());
    assert_eq!(without.state(), booked.state());
    let mut again = ledger_of(&payload(&[one, &other]));
    assert!(again.resume(&without.state(), &Limits::default()).unwrap().is_empty());
    assert_eq!(again.state(), booked.state());
    let changed = one.replace("SALES", "GROSS_SALES");
    let refused = ledger_of(&payload(&[&changed])).resume(&without.state(), &Limits::default());
    assert!(refused.unwrap_err().to_string().contains("target 1 has counted Net"));
    // Version 1 does not say what it was, so that is told when it comes.
    let first =
        r#"{"version": 1, "accounts": [{"userId": 7, "targetId": 1, "total": 50, "counted": ["a"]}]}"#;
    let mut without = ledger_without();
    without.resume(first, &Limits::default()).unwrap();
    let state = without.state();
    without.resume(&state, &Limits::default()).unwrap();
    assert_eq!(without.state(), state);
    let told = again.resume(&state, &Limits::default()).unwrap();
    assert!(told.to_string().contains("what target 1 has counted is not known"), "{told}");
    assert_eq!(achieved(&again), ["50"]);
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
    let without = targets.replace(r#"{"id": 3, "startDate": "2026-01-01", "endDate": "2026-01-31"},"#, "");
    let warnings = ledger_of(&without).resume(&state, &Limits::default()).unwrap().to_string();
    assert!(
        warnings.contains("period 3 of target 1 (2026-01-01 to 2026-01-31) is not there any more"),
        "{warnings}"
    );
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

/// The same of a ledger, whose payload lacks a target for one run.
#[test]
fn a_return_takes_back_once_its_target_is_in_the_payload_again() {
    let mut whole = ledger();
    let bill = r#""number": "a", "date": "2026-01-02", "value": 50"#;
    book(&mut whole, "currentTxn", bill);
    let limits = Limits::default();
    let gone = TARGETS.replacen("\"id\": 1,", "\"id\": 9,", 1);
    let payload = Payload::read(gone.as_str(), &limits).unwrap();
    let targets = payload.targets().map(|target| target.check(&Schema::standard(), &limits).target.unwrap());
    let mut less = Ledger::new(targets.collect(), Enrolments::default(), Zone::UTC).unwrap();
    less.resume(&whole.state(), &limits).unwrap();
    book(&mut less, "returnBill", r#""number": "a", "date": "2026-01-02", "value": 20"#);
    let state = less.state();
    assert!(state.contains(r#""missed":[1]"#), "{state}");
    whole.resume(&state, &limits).unwrap();
    assert_eq!(achieved(&whole)[0], "30");
    // Once.
    let again = whole.state();
    whole.resume(&again, &limits).unwrap();
    assert_eq!(achieved(&whole)[0], "30");
    assert!(!whole.state().contains("missed"));
    for tampered in [r#""missed":[1,1]"#, r#""missed":[7]"#] {
        let tampered = state.replace(r#""missed":[1]"#, tampered);
        let refused = ledger().resume(&tampered, &limits).unwrap_err();
        let fault = refused.iter().next().unwrap();
        assert_eq!(fault.pointer.as_deref(), Some("/returns/0/missed"), "{fault:?} of {tampered}");
    }
}
