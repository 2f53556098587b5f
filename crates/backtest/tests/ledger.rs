//! What customers achieve in a backtest is what the ledger tells after the same documents,
//! of every type of target, window and enrolment, returns included.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};

use crate::common::{Files, finished, options};
use loyalty_targets::{CheckedTarget, Enrolments, Ledger, Payload, TargetSet, UnknownDetail};
use target_rules::value::Total;
use target_rules::{Evaluation, Limits, Schema, Scratch, Truth, Zone};
use target_rules_backtest::{Amount, EnrolledReport, Plan, Subject};
use target_rules_testing::workloads::enrolled::{self, Size};

const SIZE: Size = Size { targets: 60, customers: 30, bills: 1_500 };

fn checked(payload: &str) -> Vec<CheckedTarget> {
    let (schema, limits) = (Schema::standard(), Limits::default());
    let payload = Payload::read(payload, &limits).unwrap();
    payload.targets().map(|one| one.check(&schema, &limits).target.unwrap()).collect()
}

/// Bills, and some of them taken back: whole, in part, twice, and of a bill that isn't there.
fn documents() -> Vec<String> {
    let mut documents = enrolled::bills(SIZE, 3);
    for number in (0..SIZE.bills).step_by(7) {
        let bill: serde_json::Value = serde_json::from_str(&documents[number]).unwrap();
        let of = if number % 5 == 0 {
            "n-none".to_owned()
        } else {
            bill["currentTxn"]["number"].as_str().unwrap().to_owned()
        };
        let item = &bill["currentTxn"]["lineItems"][0];
        let code = item["code"].as_str().unwrap();
        documents.push(format!(
            r#"{{"currentTxn":{{"number":"r{number}","date":"2026-06-29"}},"currentCustomer":{{"id":{}}},"returnBill":{{"number":"{of}","value":3.25,"grossAmount":4,"lineItems":[{{"code":"{code}","qty":1,"rate":2,"value":2,"amount":2}}]}}}}"#,
            bill["currentCustomer"]["id"]
        ));
    }
    documents
}

/// A period, and a cycle in it.
type Span = (Option<i64>, Option<i64>);

/// What is summed of a ledger, of one target.
#[derive(Debug, Default, PartialEq)]
struct Sums {
    customers: BTreeSet<i64>,
    reached: BTreeSet<i64>,
    achieved: Total,
    periods: BTreeMap<Span, (u64, u64, Amount)>,
    unknown: u64,
}

fn sums(ledger: &Ledger) -> BTreeMap<i64, Sums> {
    let mut all: BTreeMap<i64, Sums> = BTreeMap::new();
    for line in ledger.progress() {
        let sums = all.entry(line.target_id).or_default();
        sums.unknown += line.unknown.len() as u64;
        let something = line.achieved != Total::ZERO;
        if something {
            sums.customers.insert(line.user_id);
        }
        if line.reached {
            sums.reached.insert(line.user_id);
        }
        if something || line.reached {
            sums.achieved = sums.achieved.plus(line.achieved).unwrap();
            let period = sums.periods.entry((line.period_id, line.cycle)).or_default();
            period.0 += u64::from(something);
            period.1 += u64::from(line.reached);
            period.2 = Amount(period.2.0.plus(line.achieved).unwrap());
        }
    }
    all
}

#[test]
fn what_is_achieved_is_what_the_ledger_tells() {
    let targets = checked(&enrolled::payload(SIZE, 3));
    let text = enrolled::enrolments(SIZE, 3);
    let enrolments = Enrolments::read(&text, &targets, &Limits::default()).unwrap();
    let files = Files::of(&[("bills.ndjson", documents())]);

    let mut ledger = Ledger::new(targets.clone(), enrolments.clone(), Zone::UTC).unwrap();
    let mut workspace = ledger.workspace();
    let mut batch = Vec::new();
    for document in documents() {
        batch.extend(workspace.weigh(&ledger, &document, &Limits::default()).unwrap());
    }
    ledger.book(batch);
    let expected = sums(&ledger);

    for (threads, memory) in [(1, 1 << 30), (3, 0)] {
        let mut options = options();
        options.focus = Some(targets.iter().map(|target| target.id().to_string()).collect());
        (options.threads, options.memory, options.split_bytes) = (Some(threads), memory, 10_000);
        let subjects = targets.iter().cloned().map(Subject::from).collect();
        let plan = Plan::new(subjects, Some(enrolments.clone()), options).unwrap();
        let report = finished(&plan, &files.paths()).report;
        assert_eq!(report.focus.len(), targets.len());
        let mut something = 0;
        for focus in &report.focus {
            let told = focus.ledger.as_ref().unwrap();
            let nothing = Sums::default();
            let sums = expected.get(&focus.id.parse().unwrap()).unwrap_or(&nothing);
            let id = &focus.id;
            assert_eq!(told.enrolled, EnrolledReport::Listed);
            assert_eq!(told.customers, sums.customers.len() as u64, "{id}");
            assert_eq!(told.reached, Some(sums.reached.len() as u64), "{id}");
            assert_eq!(told.achieved, Amount(sums.achieved), "{id}");
            assert_eq!(told.unknown, sums.unknown, "{id}");
            let periods: BTreeMap<_, _> = told
                .periods
                .iter()
                .map(|one| ((one.period_id, one.cycle), (one.customers, one.reached.unwrap(), one.achieved)))
                .collect();
            assert_eq!(periods, sums.periods, "{id}");
            something += u64::from(told.customers > 0);
        }
        assert!(something > 40, "{something} targets have something");
        let waiting = report.focus[0].ledger.as_ref().unwrap().waiting_returns;
        assert_eq!(waiting, ledger.waiting_returns().count() as u64);
    }
}

#[test]
fn everybody_takes_part_where_no_enrolments_are_given() {
    let targets = checked(
        r#"{"data": [{"id": 1, "targetType": "SALES", "targetEntity": "TRANSACTION", "expression": "currentTxn.value>100", "defaultValues": [{"defaultValue": 200}]},
                     {"id": 2, "targetType": "COUNT", "targetEntity": "TRANSACTION", "expression": "true"}]}"#,
    );
    let bill = |number: u32, customer: u32, value: u32| {
        format!(
            r#"{{"currentTxn":{{"number":"n{number}","date":"2026-03-01","value":{value}}},"currentCustomer":{{"id":{customer}}}}}"#
        )
    };
    let lines = vec![bill(1, 1, 150), bill(2, 1, 150), bill(2, 1, 150), bill(3, 2, 150), bill(4, 3, 50)];
    let files = Files::of(&[("bills.ndjson", lines)]);
    let plan = Plan::new(targets.into_iter().map(Subject::from).collect(), None, options()).unwrap();
    let report = finished(&plan, &files.paths()).report;
    let [sales, count] = report.focus.each_ref_of_two();
    let (sales, count) = (sales.ledger.as_ref().unwrap(), count.ledger.as_ref().unwrap());
    assert_eq!((sales.customers, sales.contributions), (2, 3), "a bill that comes twice counts once");
    assert_eq!((sales.achieved.to_string(), sales.enrolled), ("450".to_owned(), EnrolledReport::Everybody));
    assert_eq!((count.customers, count.achieved.to_string()), (3, "4".to_owned()));
    assert_eq!(count.reached, None, "nothing says what is to be reached");
    assert_eq!(report.targets[0].eligible, 4, "as a transaction each document counts");
}

trait Two<T> {
    fn each_ref_of_two(&self) -> [&T; 2];
}

impl<T> Two<T> for Vec<T> {
    fn each_ref_of_two(&self) -> [&T; 2] {
        [&self[0], &self[1]]
    }
}

/// Filters and switched off targets, held against the set of targets.
#[test]
fn targets_are_decided_as_the_set_of_targets_decides_them() {
    let targets = checked(&enrolled::payload(Size { targets: 200, ..SIZE }, 5));
    let set = TargetSet::new(targets.iter().cloned()).unwrap();
    let files = Files::of(&[("bills.ndjson", documents())]);
    let plan = Plan::new(targets.iter().cloned().map(Subject::from).collect(), None, options()).unwrap();
    let report = finished(&plan, &files.paths()).report;
    let (zone, mut scratch, limits) = (Zone::UTC, Scratch::default(), Limits::default());
    let mut counts: BTreeMap<String, [u64; 2]> = BTreeMap::new();
    for document in documents() {
        let transaction = set.layout().read(&document, &limits).unwrap();
        let mut evaluation = Evaluation::new(&transaction, &zone, &mut scratch);
        set.decide(&mut evaluation, UnknownDetail::Ids, |decision| {
            let counts = counts.entry(decision.target.id().to_string()).or_default();
            counts[usize::from(decision.result == Truth::Unknown)] += 1;
        })
        .unwrap();
    }
    for target in &report.targets {
        let expected = counts.get(&target.id).copied().unwrap_or_default();
        assert_eq!([target.eligible, target.unknown], expected, "target {}", target.id);
    }
}
