//! What returns take back where the targets, the limits or the documents are not
//! what one expects.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use loyalty_targets::{Enrolments, Ledger, NotCounted, Payload, Reason};
use target_rules::{Limits, Schema, Zone};

/// Targets of one group, each by its id and the rest of it.
fn group(targets: &[(i64, &str)]) -> String {
    let targets: Vec<String> = targets
        .iter()
        .map(|(id, rest)| {
            format!(
                r#"{{"id": {id}, "name": "t{id}", "enrolmentMethod": "TRANSACTION",
                    "defaultValues": [{{"periodId": 3, "defaultValue": 1000}}], {rest}}}"#
            )
        })
        .collect();
    let targets = targets.join(",");
    format!(
        r#"{{"data": {{"id": 7, "name": "g", "targets": [{targets}],
            "periods": [{{"id": 3, "startDate": "2026-01-01", "endDate": "2026-12-31"}}]}}}}"#
    )
}

fn ledger(targets: &[(i64, &str)]) -> Ledger {
    let (limits, schema) = (Limits::default(), Schema::standard());
    let payload = group(targets);
    let payload = Payload::read(payload.as_str(), &limits).unwrap();
    let targets = payload.targets().map(|one| one.check(&schema, &limits).target.unwrap()).collect();
    Ledger::new(targets, Enrolments::default(), Zone::UTC).unwrap()
}

fn book(ledger: &mut Ledger, document: &str, limits: &Limits) -> Vec<NotCounted> {
    let activity = ledger.read(document, limits).unwrap_or_else(|fault| panic!("{fault}: {document}"));
    let weighed = ledger.weigh(&activity);
    ledger.book(weighed)
}

/// Books one document after the other, each under targets of its own; the state
/// goes from one to the next.
fn booked(steps: &[(&[(i64, &str)], &str)]) -> (BTreeMap<i64, String>, Vec<NotCounted>) {
    let limits = Limits::default();
    let mut state: Option<String> = None;
    let (mut told, mut achieved) = (Vec::new(), BTreeMap::new());
    for (targets, document) in steps {
        let mut ledger = ledger(targets);
        if let Some(state) = &state {
            ledger.resume(state.as_str(), &limits).unwrap();
        }
        if !document.is_empty() {
            told.extend(book(&mut ledger, document, &limits));
        }
        achieved = achieved_in(&ledger);
        state = Some(ledger.state());
    }
    (achieved, told)
}

fn achieved_in(ledger: &Ledger) -> BTreeMap<i64, String> {
    let lines = ledger.progress().map(|line| serde_json::to_value(&line).unwrap());
    lines.map(|line| (line["targetId"].as_i64().unwrap(), line["achieved"].to_string())).collect()
}

fn of<const N: usize>(achieved: [(i64, &str); N]) -> BTreeMap<i64, String> {
    achieved.into_iter().map(|(id, achieved)| (id, achieved.to_owned())).collect()
}

const SALES: &str = r#""targetType": "SALES", "targetEntity": "TRANSACTION", "expression": "true""#;
const PIECES: &str =
    r#""targetType": "SALES", "targetEntity": "LINEITEM", "expression": "currentLineItem.qty>0""#;
const PUMA: &str = r#""targetType": "SALES", "targetEntity": "LINEITEM",
    "expression": "currentLineItem.doesItemMatch(\"brand\",\"Puma\")""#;
const BILL: &str = r#"{"currentCustomer": {"id": 1}, "currentTxn": {"number": "B1", "date": "2026-03-01",
    "value": 100, "lineItems": [{"qty": 2, "amount": 100, "attributes": {"brand": "Puma"}}]}}"#;

fn returned(bill: &str) -> String {
    format!(
        r#"{{"currentCustomer": {{"id": 1}}, "currentTxn": {{"number": "R1", "date": "2026-03-02"}},
            "returnBill": {{"number": "B1", {bill}}}}}"#
    )
}

fn lacks(told: &[NotCounted]) -> Vec<(Option<i64>, Vec<String>)> {
    let lacks = told.iter().filter_map(|one| match &one.reason {
        Some(Reason::ReturnLacks { absent, .. }) => Some((one.target_id, absent.clone())),
        _ => None,
    });
    lacks.collect()
}

#[test]
fn an_item_for_which_the_rule_is_unknown_is_told() {
    let targets: &[_] = &[(51, PIECES)];
    let one = returned(r#""lineItems": [{"amount": 50}]"#);
    let told_of = vec![(Some(51), vec!["currentLineItem.qty".to_owned()])];
    let (achieved, told) = booked(&[(targets, BILL), (targets, &one)]);
    assert_eq!((achieved, lacks(&told)), (of([(51, "100")]), told_of.clone()));
    // Also of one that waits, and goes through the state.
    let (achieved, told) = booked(&[(targets, &one), (targets, BILL)]);
    assert_eq!((achieved, lacks(&told)), (of([(51, "100")]), told_of));
    // With a number of its own it may come again with what it lacked.
    let again = returned(r#""lineItems": [{"amount": 50, "qty": 1}]"#);
    let (achieved, _) = booked(&[(targets, BILL), (targets, &one), (targets, &again)]);
    assert_eq!(achieved, of([(51, "50")]));
    // Beside items for which it is known.
    let two = returned(r#""lineItems": [{"amount": 20, "qty": 1}, {"amount": 30}]"#);
    let (achieved, told) = booked(&[(targets, BILL), (targets, &two)]);
    assert_eq!((achieved, lacks(&told).len()), (of([(51, "100")]), 1));
    // An item that its code decides lacks nothing.
    let coded = BILL.replace(r#"{"qty""#, r#"{"code": "a", "qty""#);
    let two = returned(r#""lineItems": [{"amount": 20, "qty": 1}, {"code": "a", "amount": 30}]"#);
    let (achieved, told) = booked(&[(targets, &coded), (targets, &two)]);
    assert_eq!((achieved, lacks(&told)), (of([(51, "50")]), vec![]));
}

#[test]
fn a_rule_about_more_than_items_is_told_where_a_return_lacks_the_rest() {
    const BOTH: &str = r#""targetType": "SALES", "targetEntity": "LINEITEM",
        "expression": "currentTxn.value>20&&currentLineItem.qty>0""#;
    let targets: &[_] = &[(51, BOTH)];
    let one = returned(r#""lineItems": [{"qty": 1, "amount": 50}]"#);
    let (achieved, told) = booked(&[(targets, BILL), (targets, &one)]);
    assert_eq!(achieved, of([(51, "100")]));
    assert_eq!(lacks(&told), [(Some(51), vec!["currentTxn.value".to_owned()])]);
    // One that came before the target is not decided by what is kept of it.
    let with_value = one.replace(r#""number": "R1","#, r#""number": "R1", "value": 50,"#);
    let (achieved, told) = booked(&[(&[(50, SALES)], &with_value), (targets, BILL)]);
    assert_eq!(achieved, of([(51, "100")]));
    assert_eq!(lacks(&told), [(Some(51), vec!["currentTxn.value".to_owned()])]);
    // Where the target was there, what it answered then counts.
    let (achieved, _) = booked(&[(targets, &with_value), (targets, BILL)]);
    assert_eq!(achieved, of([(51, "50")]));
}

#[test]
fn items_that_no_rule_can_read_refuse_a_return_as_they_do_a_bill() {
    let ledger = ledger(&[(51, PIECES), (53, PUMA)]);
    for (attributes, pointer) in [
        (r#"{"brand": ["Puma"]}"#, "/returnBill/lineItems/0/attributes/brand"),
        (r#"["x"]"#, "/returnBill/lineItems/0/attributes"),
    ] {
        let items = format!(r#""lineItems": [{{"qty": 1, "amount": 50, "attributes": {attributes}}}]"#);
        let document = returned(&items);
        let refused = ledger.read(document.as_str(), &Limits::default()).unwrap_err();
        let fault = refused.iter().next().unwrap();
        assert_eq!(fault.pointer.as_deref(), Some(pointer), "{fault:?}");
        assert_eq!(fault.code.name(), "wrong-type");
        let mut workspace = ledger.workspace();
        assert_eq!(workspace.weigh(&ledger, document.as_str(), &Limits::default()).unwrap_err(), refused);
    }
}

#[test]
fn a_return_before_its_target_takes_back_the_same() {
    let one =
        returned(r#""value": 50, "lineItems": [{"qty": 1, "amount": 50, "attributes": {"brand": "Puma"}}]"#);
    let all: &[_] = &[(50, SALES), (51, PIECES), (53, PUMA)];
    let halves = of([(50, "50"), (51, "50"), (53, "50")]);
    let (achieved, told) = booked(&[(&[(50, SALES)], &one), (all, BILL)]);
    assert_eq!((achieved, lacks(&told)), (halves.clone(), vec![]));
    assert_eq!(booked(&[(all, &one), (all, BILL)]).0, halves);
    // And where the target is gone in between.
    assert_eq!(booked(&[(all, BILL), (&[(50, SALES)], &one), (all, "")]).0, halves);
}

#[test]
fn a_field_of_another_type_takes_nothing_from_the_others() {
    const WEIGHT: &str = r#""targetType": "EXTENDED_FIELD", "targetEntity": "TRANSACTION", "expression": "true",
        "extendedFieldInfo": {"name": "weight", "aggregateFunction": "SUM"}"#;
    let bill = BILL.replace(r#""value": 100,"#, r#""value": 100, "extendedFields": {"weight": 9},"#);
    for heavy in [r#""heavy""#, "[]", r#"1, "weight": 2"#] {
        let one = returned(&format!(r#""value": 40, "extendedFields": {{"weight": {heavy}}}"#));
        let (achieved, told) = booked(&[(&[(50, SALES)], &one), (&[(50, SALES), (52, WEIGHT)], &bill)]);
        assert_eq!(achieved, of([(50, "60"), (52, "9")]), "{heavy}");
        assert_eq!(lacks(&told), [(Some(52), vec!["returnBill.extField_weight".to_owned()])], "{heavy}");
    }
    // Of very many items with one fault all are mended at once.
    let items = vec![r#"{"qty": 1, "amount": 0.01, "attributes": ["x"]}"#; 9_000].join(",");
    let one = returned(&format!(r#""value": 40, "lineItems": [{items}]"#));
    let all: &[_] = &[(50, SALES), (51, PIECES), (53, PUMA)];
    let (achieved, _) = booked(&[(&[(50, SALES)], &one), (all, BILL)]);
    assert_eq!(achieved, of([(50, "60"), (51, "10"), (53, "100")]));
}

#[test]
fn what_raised_limits_let_in_is_taken_back() {
    let mut limits = Limits::default();
    limits.transaction = usize::MAX;
    limits.transaction_array = usize::MAX;
    limits.transaction_values = usize::MAX;
    let items = vec![r#"{"qty": 1, "amount": 1}"#; 12_000].join(",");
    let bill = format!(
        r#"{{"currentCustomer": {{"id": 1}}, "currentTxn": {{"number": "B1", "date": "2026-03-01",
            "value": 12000, "lineItems": [{items}]}}}}"#
    );
    let one = returned(&format!(r#""value": 12000, "lineItems": [{items}]"#));
    let mut ledger = ledger(&[(50, SALES), (51, PIECES)]);
    assert_eq!(book(&mut ledger, &bill, &limits), []);
    assert_eq!(achieved_in(&ledger), of([(50, "12000"), (51, "12000")]));
    assert_eq!(book(&mut ledger, &one, &limits), []);
    assert_eq!(achieved_in(&ledger), of([(50, "0"), (51, "0")]));
}

/// Anybody may send large returns before their bill, and a bill may count for
/// thousands of targets: what booking it takes must not be the product.
#[test]
fn returns_before_their_bill_are_read_once_for_all_targets() {
    let targets: Vec<(i64, &str)> = (0..100).map(|id| (id, SALES)).collect();
    let mut ledger = ledger(&targets);
    let note = "x".repeat(50_000);
    let one = returned(&format!(r#""value": 5, "note": "{note}""#));
    for at in 0..10 {
        book(&mut ledger, &one.replace("\"R1\"", &format!("\"R{at}\"")), &Limits::default());
    }
    let bill = ledger.weigh(&ledger.read(BILL, &Limits::default()).unwrap());
    let taken = allocation_counter::measure(|| assert_eq!(ledger.book(bill), [])).bytes_total;
    assert!(achieved_in(&ledger).values().all(|achieved| achieved == "50"));
    // Each was 50 KB; one of a hundred targets would take as much again.
    assert!(taken < 2_000_000, "{taken} bytes");
}
