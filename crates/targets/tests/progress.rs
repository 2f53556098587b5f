//! Progress: cases as data, and what must hold of every batch.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeSet;
use std::path::Path;

use loyalty_targets::{Activity, CheckedTarget, Enrolments, Ledger, NotCounted, Payload, Reason, TargetPart};
use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use target_rules::{Limits, Schema, Truth, Zone};
use target_rules_testing::json::canonical;

fn targets(payload: &str) -> Vec<CheckedTarget> {
    let limits = Limits::default();
    let payload = Payload::read(payload, &limits).unwrap();
    let reports = payload.targets().map(|target| target.check(&Schema::standard(), &limits));
    reports.map(|report| report.target.unwrap_or_else(|| panic!("{:?}", report.diagnostics))).collect()
}

fn ledger(payload: &str, enrolments: &str, zone: &str) -> Ledger {
    let targets = targets(payload);
    let enrolments = Enrolments::read(enrolments, &targets, &Limits::default()).unwrap();
    Ledger::new(targets, enrolments, Zone::named(zone).unwrap()).unwrap()
}

fn read(ledger: &Ledger, document: &str) -> Activity {
    let read = ledger.read(document, &Limits::default());
    read.unwrap_or_else(|refused| panic!("{refused}: {document}"))
}

fn book(ledger: &mut Ledger, documents: &[&str]) -> Vec<NotCounted> {
    let weighed: Vec<_> =
        documents.iter().flat_map(|document| ledger.weigh(&read(ledger, document))).collect();
    ledger.book(weighed)
}

/// A ledger that was written to a file and read again.
fn resumed(ledger: &Ledger) -> Ledger {
    let mut fresh = ledger.clone();
    fresh.resume(r#"{"version": 1, "accounts": []}"#, &Limits::default()).unwrap();
    fresh.resume(&ledger.state(), &Limits::default()).unwrap();
    assert_eq!(fresh.state(), ledger.state());
    fresh
}

/// What is written as JSON is read back as it was.
fn survives<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T) {
    let json = serde_json::to_string(value).unwrap();
    assert_eq!(&serde_json::from_str::<T>(&json).unwrap(), value, "{json}");
}

fn told(ledger: &Ledger) -> String {
    ledger.progress().for_each(|line| survives(&line));
    ledger.unified_progress().for_each(|line| survives(&line));
    let lines = ledger.progress().map(|line| serde_json::to_string(&line).unwrap());
    let unified = ledger.unified_progress().map(|line| serde_json::to_string(&line).unwrap());
    lines.chain(unified).map(|line| canonical(&line) + "\n").collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[expect(dead_code, reason = "for people")]
    about: String,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Case {
    id: String,
    #[expect(dead_code, reason = "for people")]
    why: String,
    /// The `data` of a payload.
    targets: Box<RawValue>,
    enrolments: Box<RawValue>,
    #[serde(default)]
    zone: Option<String>,
    batches: Vec<Vec<Box<RawValue>>>,
    /// The lines that progress gives, unified targets last.
    progress: Vec<Box<RawValue>>,
    /// Number, target and reason of what is not counted, in any order; a return
    /// that is of no one target's account has none.
    #[serde(default)]
    not_counted: Option<Vec<(String, Option<i64>, String)>>,
    /// How a document stands at the end.
    #[serde(default)]
    standings: Vec<ExpectedStandings>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedStandings {
    document: Box<RawValue>,
    expects: Vec<Box<RawValue>>,
}

/// The reason as scripts see it.
fn reason(reason: Option<&Reason>) -> String {
    reason.map_or("unknown".to_owned(), |reason| {
        serde_json::to_value(reason).unwrap()["why"].as_str().unwrap().to_owned()
    })
}

/// What is explained part by part comes to what is said in one word, and each
/// reason is told.
fn explains_as_it_stands(ledger: &Ledger, activity: &Activity, document: &str) {
    for standing in ledger.standings(activity) {
        assert_eq!(ledger.standing(standing.target_id, activity).as_ref(), Some(&standing));
        let explained = ledger.explain_target(standing.target_id, document, true, &Limits::default());
        let explained = explained.unwrap().unwrap();
        assert_eq!(explained.counts, standing.result, "{document}: {explained:?}");
        assert_eq!(explained.missing.is_none(), standing.result == Truth::True);
        let failing = |part: &TargetPart| part.outcome == Truth::False;
        match &standing.reason {
            None => assert!(!explained.parts.iter().any(failing), "{explained:?}"),
            Some(Reason::TargetInactive | Reason::GroupInactive | Reason::Rule { .. }) => {
                assert!(explained.parts.iter().any(failing), "{explained:?}");
            }
            Some(Reason::Filter { filter, .. }) => {
                let told = |part: &TargetPart| part.filter == Some(*filter) && failing(part);
                assert!(explained.parts.iter().any(told), "{explained:?}");
            }
            Some(reason) => {
                let told = |part: &TargetPart| part.reason.as_ref() == Some(reason) && failing(part);
                assert!(explained.parts.iter().any(told), "{reason:?}: {explained:?}");
            }
        }
    }
}

#[test]
fn every_case_gives_what_it_expects() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/progress");
    let (mut cases, mut ids) = (0, BTreeSet::new());
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let file: File = serde_json::from_str(&std::fs::read_to_string(&path).unwrap())
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for case in file.cases {
            assert!(ids.insert(case.id.clone()), "two cases `{}`", case.id);
            run(&case);
            cases += 1;
        }
    }
    assert!(cases >= 30, "only {cases} cases");
}

fn run(case: &Case) {
    let payload = format!(r#"{{"data": {}}}"#, case.targets.get());
    let zone = case.zone.as_deref().unwrap_or("UTC");
    let start = ledger(&payload, case.enrolments.get(), zone);
    let expected: String = case.progress.iter().map(|line| canonical(line.get()) + "\n").collect();

    // Batch after batch, the state written and read between them.
    let mut booked = start.clone();
    let mut not_counted = Vec::new();
    for batch in &case.batches {
        let documents: Vec<&str> = batch.iter().map(|document| document.get()).collect();
        not_counted.extend(book(&mut booked, &documents));
        booked = resumed(&booked);
    }
    assert_eq!(told(&booked), expected, "{}", case.id);
    not_counted.iter().for_each(survives);
    let told_of: BTreeSet<(String, Option<i64>, String)> =
        not_counted.into_iter().map(|one| (one.number, one.target_id, reason(one.reason.as_ref()))).collect();
    let named = case.not_counted.clone().unwrap_or_default().into_iter().collect();
    assert_eq!(told_of, named, "{}", case.id);

    for standings in &case.standings {
        let activity = read(&booked, standings.document.get());
        explains_as_it_stands(&booked, &activity, standings.document.get());
        let found: Vec<String> = booked
            .standings(&activity)
            .iter()
            .inspect(|standing| survives(*standing))
            .map(|standing| canonical(&serde_json::to_string(standing).unwrap()))
            .collect();
        let expects: Vec<String> = standings.expects.iter().map(|one| canonical(one.get())).collect();
        assert_eq!(found, expects, "{}", case.id);
    }

    // A batch in any order, and given twice, comes to the same.
    if let [batch] = case.batches.as_slice() {
        let mut backwards: Vec<&str> = batch.iter().rev().map(|document| document.get()).collect();
        let mut booked = start.clone();
        book(&mut booked, &backwards);
        assert_eq!(told(&booked), expected, "{}: backwards", case.id);
        book(&mut booked, &backwards);
        assert_eq!(told(&booked), expected, "{}: once more", case.id);
        let fixed = !["CYCLIC_WINDOW", "PERIOD_AGNOSTIC_WINDOW"].iter().any(|kind| payload.contains(kind));
        if fixed {
            // One by one, in the order of their text.
            backwards.sort_unstable();
            let mut booked = start.clone();
            for document in backwards {
                book(&mut booked, &[document]);
                booked = resumed(&booked);
            }
            assert_eq!(told(&booked), expected, "{}: one by one", case.id);
        }
    }
}

#[test]
fn activities_that_cannot_be_booked_are_refused() {
    let payload = r#"{"data": [{"id": 1, "expression": "true", "targetType": "SALES", "targetEntity": "TRANSACTION"}]}"#;
    let ledger = ledger(payload, r#"[{"userId": 1, "targetId": 1, "value": 5}]"#, "UTC");
    for (document, says) in [
        (r#"{"currentTxn": {"number": "n", "date": "2026-01-01"}}"#, "whose it is"),
        (
            r#"{"currentCustomer": {"id": 1.5}, "currentTxn": {"number": "n", "date": "2026-01-01"}}"#,
            "whose it is",
        ),
        (r#"{"currentCustomer": {"id": 1}, "currentTxn": {"date": "2026-01-01"}}"#, "no number"),
        (
            r#"{"currentCustomer": {"id": 1}, "currentTxn": {"number": "", "date": "2026-01-01"}}"#,
            "no number",
        ),
        (r#"{"currentCustomer": {"id": 1}, "currentTxn": {"number": "n"}}"#, "no date"),
        (r#"{"currentCustomer": {"id": 1}, "currentTxn": {"number": "n", "date": "soon"}}"#, "no date"),
        (
            r#"{"currentCustomer": {"id": 1}, "currentTxn": {"number": "n", "date": "2026-01-01", "value": "x"}}"#,
            "must be a number",
        ),
    ] {
        let refused = ledger.read(document, &Limits::default()).unwrap_err().to_string();
        assert!(refused.contains(says), "{refused}");
    }
}

#[test]
fn enrolments_that_do_not_fit_are_refused_at_their_place() {
    let payload = r#"{"data": {"id": 7, "periods": [{"id": 3, "startDate": "2026-01-01", "endDate": "2026-01-31"}],
        "targets": [{"id": 1, "expression": "true", "targetType": "COUNT"}]}}"#;
    let targets = targets(payload);
    for (text, marked, says) in [
        ("{}", "{", "a list, not an object"),
        (r#"[{"userId": 1, "targetId": 2, "value": 1}]"#, "2", "no target 2"),
        (r#"[{"userId": 1, "targetId": 1, "periodId": 4, "value": 1}]"#, "4", "no period 4"),
        (r#"[{"userId": 1, "targetId": 1}]"#, "1", "what is to be reached"),
        (r#"[{"userId": "x", "targetId": 1}]"#, "\"x\"", "a whole number belongs here"),
        (r#"[{"userId": 1, "targetId": 1, "value": 1, "enrolledOn": "soon"}]"#, "\"soon\"", "no date"),
        (
            r#"[{"userId": 1, "targetId": 1, "value": 1}, {"userId": 1, "targetId": 1, "periodId": 3, "value": 2}]"#,
            "{",
            "already enrolled",
        ),
        ("[", "", "ends within"),
    ] {
        let refused = Enrolments::read(text, &targets, &Limits::default()).unwrap_err();
        let fault = refused.iter().next().unwrap();
        assert!(fault.message.contains(says), "{}", fault.message);
        assert!(text[fault.span.range()].starts_with(marked), "{text}");
    }
    let enrolments = Enrolments::read(
        r#"[{"userId": 1, "targetId": 1, "value": 2, "note": "x"}]"#,
        &targets,
        &Limits::default(),
    );
    assert_eq!(enrolments.unwrap().len(), 1);
}

/// Far times and long offsets, as no platform writes them, wrap around nothing.
#[test]
fn cycles_beyond_all_time_are_counted_without_overflow() {
    let payload = |frequency: i64, offset: i64| {
        format!(
            r#"{{"data": {{"targetEvaluationType": "CYCLIC_WINDOW", "frequencyType": "DAILY", "frequency": {frequency},
               "offsetDays": {offset}, "targets": [{{"id": 1, "expression": "true", "targetType": "COUNT"}}]}}}}"#
        )
    };
    let enrolments = r#"[{"userId": 1, "targetId": 1, "value": 5}]"#;
    let bill = |number: &str, date: &str| {
        format!(
            r#"{{"currentCustomer": {{"id": 1}}, "currentTxn": {{"number": "{number}", "date": "{date}"}}}}"#
        )
    };
    let (early, late) = (bill("a", "2026-01-01"), bill("b", "2026-01-02"));
    // A cycle as long as can be never ends.
    let mut longest = ledger(&payload(i64::MAX / 86_400_000, 0), enrolments, "UTC");
    assert_eq!(book(&mut longest, &[&early, &bill("z", "9999-01-01")]), []);
    // An offset beyond all time never ends.
    let mut patient = ledger(&payload(1, i64::MAX), enrolments, "UTC");
    assert_eq!(book(&mut patient, &[&late]), []);
    assert_eq!(book(&mut patient, &[&late.replace("\"b\"", "\"c\"")]), []);
    // A state that starts at the beginning of time is followed as far as it can be.
    let state = |first: i64| {
        format!(
            r#"{{"version":1,"accounts":[],"tracks":[{{"userId":1,"targetId":1,"first":{first},"latest":null}}]}}"#
        )
    };
    patient.resume(&state(i64::MIN), &Limits::default()).unwrap();
    let not_counted = book(&mut patient, &[&late]);
    assert_eq!(not_counted[0].reason, Some(Reason::AfterLastCycle));
    patient.resume(&state(i64::MAX), &Limits::default()).unwrap();
    assert_eq!(book(&mut patient, &[&late])[0].reason, Some(Reason::BeforeFirstCycle));
}

#[test]
fn words_that_matter_and_are_not_known_are_errors_that_name_them() {
    for (payload, says) in [
        (r#"{"data": [{"id": 1, "expression": "true", "targetType": "SOMETHING"}]}"#, "`SOMETHING`"),
        (
            r#"{"data": [{"id": 1, "expression": "true", "targetType": "SALES", "targetEntity": "BASKET"}]}"#,
            "`BASKET`",
        ),
        (r#"{"data": [{"id": 1, "expression": "true"}]}"#, "no target type"),
        (
            r#"{"data": [{"id": 1, "expression": "true", "targetType": "EXTENDED_FIELD", "extendedFieldInfo": {"name": "x", "aggregateFunction": "AVG"}}]}"#,
            "`AVG`",
        ),
        (
            r#"{"data": {"targetEvaluationType": "LUNAR_WINDOW", "targets": [{"id": 1, "expression": "true", "targetType": "COUNT"}]}}"#,
            "`LUNAR_WINDOW`",
        ),
    ] {
        let targets = targets(payload);
        let enrolments = r#"[{"userId": 1, "targetId": 1, "value": 5}]"#;
        let enrolments = Enrolments::read(enrolments, &targets, &Limits::default()).unwrap();
        let refused = Ledger::new(targets.clone(), enrolments, Zone::UTC).unwrap_err();
        assert!(refused.to_string().contains(says), "{refused}");
        // Nobody takes part: it does not matter.
        assert!(Ledger::new(targets, Enrolments::default(), Zone::UTC).is_ok());
    }
}

#[test]
fn a_state_that_is_none_changes_nothing() {
    let payload = r#"{"data": [{"id": 1, "expression": "true", "targetType": "COUNT"}]}"#;
    let mut ledger = ledger(payload, r#"[{"userId": 1, "targetId": 1, "value": 5}]"#, "UTC");
    book(
        &mut ledger,
        &[r#"{"currentCustomer": {"id": 1}, "currentTxn": {"number": "n", "date": "2026-01-01"}}"#],
    );
    let before = ledger.state();
    let account =
        |inside: &str| format!(r#"{{"version": 1, "accounts": [{{"userId": 1, "targetId": 1, {inside}}}]}}"#);
    for text in [
        "",
        "[]",
        r#"{"version": 2, "accounts": []}"#,
        r#"{"version": 1}"#,
        r#"{"version": 1, "accounts": [], "more": 1}"#,
        &account(r#""total": "1""#),
        &account(r#""total": 1.50"#),
        &account(r#""total": 1e3"#),
        &account(r#""total": 1, "days": {"2026-02-30": 1}"#),
        &account(r#""total": 1}, {"userId": 1, "targetId": 1, "total": 2"#),
    ] {
        assert!(ledger.resume(text, &Limits::default()).is_err(), "{text}");
        assert_eq!(ledger.state(), before);
    }
}

/// The slots of a layout are its own; what another ledger of the same targets
/// read is weighed all the same.
#[test]
fn an_activity_that_another_ledger_read_is_weighed_alike() {
    let bill = r#"{"currentCustomer": {"id": 1}, "currentTxn": {"number": "n-1", "date": "2026-01-05", "value": 12.5, "extendedFields": {"f": 3}}}"#;
    let (one, mut other) = (ledger(GROUP, EVERYBODY, "UTC"), ledger(GROUP, EVERYBODY, "UTC"));
    let foreign = read(&one, bill);
    let weighed = other.weigh(&foreign);
    assert_eq!(weighed, one.weigh(&foreign));
    assert_eq!(other.standings(&foreign), one.standings(&foreign));
    assert_eq!(other.book(weighed), []);
    let achieved = other.progress().find(|line| line.user_id == 1 && line.target_id == 1).unwrap().achieved;
    assert_eq!(achieved.to_string(), "12.5");
}

const GROUP: &str = r#"{"data": {"id": 7, "targetEvaluationType": "FIXED_CALENDAR_WINDOW",
  "periods": [{"id": 3, "startDate": "2026-01-01", "endDate": "2026-01-31"},
              {"id": 4, "startDate": "2026-02-01", "endDate": "2026-02-28"}],
  "targets": [{"id": 1, "expression": "true", "targetType": "SALES", "targetEntity": "TRANSACTION"},
              {"id": 2, "expression": "currentTxn.value>10", "targetType": "VISIT", "targetEntity": "TRANSACTION"},
              {"id": 5, "expression": "true", "targetType": "EXTENDED_FIELD", "targetEntity": "TRANSACTION",
               "extendedFieldInfo": {"name": "f", "aggregateFunction": "SUM",
                                     "aggregateWindow": {"windowType": "MIN", "windowTimeUnit": "DAY"}}}]}}"#;

/// What a host passes on of activities that don't count.
#[test]
fn what_is_not_counted_is_written_with_its_reason() {
    let mut ledger = ledger(GROUP, EVERYBODY, "UTC");
    let bill =
        r#"{"currentCustomer": {"id": 1}, "currentTxn": {"number": "n", "date": "2027-01-01", "value": 5}}"#;
    let not_counted = book(&mut ledger, &[bill]);
    let of_target = |id| not_counted.iter().find(|one| one.target_id == Some(id));
    assert_eq!(
        serde_json::to_string(&of_target(1)).unwrap(),
        r#"{"number":"n","userId":1,"targetId":1,"reason":{"why":"no-period"}}"#
    );
}

/// A bill or a return of one of two customers: number, day, value in units of 10^-6.
fn documents() -> impl Strategy<Value = Vec<String>> {
    let document = (0..25_u32, 1..59_u32, 0..100_000_000_000_i64, prop::bool::weighted(0.2), 1..3_i64);
    prop::collection::vec(document, 1..40).prop_map(|documents| {
        let written = documents.into_iter().map(|(number, day, value, returned, customer)| {
            let date = if day > 31 { format!("2026-02-{:02}", day - 31) } else { format!("2026-01-{day:02}") };
            let section = if returned { "returnBill" } else { "currentTxn" };
            let value = format!("{}.{:06}", value / 1_000_000, value % 1_000_000);
            format!(
                r#"{{"currentCustomer": {{"id": {customer}}}, "{section}": {{"number": "n-{number}", "date": "{date}", "value": {value}, "extendedFields": {{"f": {value}}}}}}}"#
            )
        });
        written.collect()
    })
}

const EVERYBODY: &str = r#"[{"userId": 1, "targetId": 1, "value": 5}, {"userId": 2, "targetId": 1, "value": 5},
  {"userId": 1, "targetId": 2, "value": 2}, {"userId": 2, "targetId": 2, "value": 2},
  {"userId": 1, "targetId": 5, "value": 2}, {"userId": 2, "targetId": 5, "value": 2, "enrolledOn": "2026-01-15"}]"#;

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// A batch in any order, and given twice, gives the same state to the byte.
    #[test]
    fn the_order_of_a_batch_is_of_no_account(documents in documents(), seed in any::<u64>()) {
        let start = ledger(GROUP, EVERYBODY, "Asia/Kolkata");
        let whole: Vec<&str> = documents.iter().map(String::as_str).collect();
        let mut shuffled = whole.clone();
        shuffled.sort_by_key(|document| (document.len() as u64).wrapping_mul(seed) ^ seed.rotate_left(document.as_bytes()[60].into()));
        let (mut one, mut other) = (start.clone(), start);
        book(&mut one, &whole);
        book(&mut other, &shuffled);
        prop_assert_eq!(one.state(), other.state());
        let state = one.state();
        book(&mut one, &shuffled);
        prop_assert_eq!(one.state(), state);
    }

    /// In parts, with the state saved between them, comes to the same as at
    /// once, where every number is given once.
    #[test]
    fn resuming_is_as_good_as_the_whole(documents in documents(), cut in 0..40_usize) {
        let mut numbers = BTreeSet::new();
        let whole: Vec<&str> = documents
            .iter()
            .map(String::as_str)
            .filter(|document| {
                let number = document.split(r#""number": ""#).nth(1).unwrap().split('"').next().unwrap();
                numbers.insert(number.to_owned())
            })
            .collect();
        let start = ledger(GROUP, EVERYBODY, "America/New_York");
        let mut at_once = start.clone();
        book(&mut at_once, &whole);
        let (first, second) = whole.split_at(cut.min(whole.len()));
        let mut in_parts = start;
        book(&mut in_parts, second);
        in_parts = resumed(&in_parts);
        book(&mut in_parts, first);
        prop_assert_eq!(in_parts.state(), at_once.state());
    }

    /// Sales are what whole numbers of millionths add up to: of each bill its
    /// own value less those of its returns.
    #[test]
    fn sums_are_exact(documents in documents()) {
        let mut ledger = ledger(GROUP, EVERYBODY, "UTC");
        // Of a number the first bill counts, by date and then value; returns are
        // known by date and value.
        let mut bills = std::collections::BTreeMap::new();
        let mut returns = BTreeSet::new();
        let mut parsed: Vec<(String, i64, bool, i64, String)> = documents
            .iter()
            .map(|document| {
                let value: serde_json::Value = serde_json::from_str(document).unwrap();
                let (section, returned) =
                    if value.get("returnBill").is_some() { ("returnBill", true) } else { ("currentTxn", false) };
                let bill = &value[section];
                let digits = document.split(r#""value": "#).nth(1).unwrap().split(',').next().unwrap();
                let millionths: i64 = digits.replace('.', "").parse().unwrap();
                let date = bill["date"].as_str().unwrap().to_owned();
                let customer = value["currentCustomer"]["id"].as_i64().unwrap();
                (date, millionths, returned, customer, bill["number"].as_str().unwrap().to_owned())
            })
            .collect();
        parsed.sort();
        for (date, millionths, returned, customer, number) in parsed {
            if returned {
                returns.insert((customer, number, date, millionths));
            } else {
                bills.entry((customer, number)).or_insert((date, millionths));
            }
        }
        let mut expected = std::collections::BTreeMap::new();
        for ((customer, number), (date, millionths)) in bills {
            let taken = returns.iter().filter(|one| one.0 == customer && one.1 == number).map(|one| one.3);
            let left = (millionths - taken.sum::<i64>()).max(0);
            *expected.entry((customer, if date.starts_with("2026-01") { 3 } else { 4 })).or_insert(0_i64) += left;
        }
        book(&mut ledger, &documents.iter().map(String::as_str).collect::<Vec<_>>());
        for line in ledger.progress().filter(|line| line.target_id == 1) {
            let millionths = expected.get(&(line.user_id, line.period_id.unwrap())).copied().unwrap_or(0);
            let digits = format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000);
            prop_assert_eq!(line.achieved.to_string(), digits.trim_end_matches('0').trim_end_matches('.'));
        }
    }
}
