//! Targets decided together: as one by one, after any change, and without
//! allocating.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use loyalty_targets::{CheckedTarget, Payload, TargetDecision, TargetSet, UnknownDetail};
use target_rules::{Evaluation, Limits, Schema, Scratch, Truth, Zone};

const TARGETS: &str = r#"{"data": [
    {"id": 1, "expression": "currentTxn.value>5"},
    {"id": 2, "expression": "currentTxn.value>5", "active": false},
    {"id": 3, "expression": "currentTxn.discount>5 || currentTxn.value>5",
     "filters": [{"entityType": "STORE", "entityIds": [7, 3]}]},
    {"id": 4, "expression": "currentLineItem.qty>1", "targetEntity": "LINEITEM",
     "filters": [{"entityType": "ZONE", "entityIds": [1]}, {"entityType": "CONCEPT", "entityIds": [2]}]},
    {"id": 5, "expression": "currentTxn.value/0>1"},
    {"id": 6, "expression": "currentCustomer.slabName==\"Gold\"",
     "filters": [{"entityType": "ZONE", "entityIds": [1, 2]}]}]}"#;

const DOCUMENTS: [&str; 7] = [
    "{}",
    r#"{"currentTxn": {"value": 9}, "currentStore": {"id": 7, "zoneIds": [], "conceptIds": [2]}}"#,
    r#"{"currentTxn": {"value": 9, "discount": 1, "lineItems": [{"qty": 1}, {"qty": 2}]},
        "currentStore": {"id": 3, "zoneIds": [4, 1], "conceptIds": [2]}, "currentCustomer": {"slabName": "Gold"}}"#,
    r#"{"currentTxn": {"value": 9, "lineItems": [{"qty": 1}, {"qty": 2}]}, "currentStore": {"zoneIds": [1]}}"#,
    r#"{"currentTxn": {"value": 1, "discount": 1}, "currentStore": {"id": 4}}"#,
    r#"{"currentTxn": {"value": 1, "discount": 9}, "currentCustomer": {"slabName": "Gold"}}"#,
    r#"{"currentTxn": {"lineItems": []}, "currentStore": {"zoneIds": [2]}, "currentCustomer": {"slabName": "Red"}}"#,
];

fn targets() -> Vec<CheckedTarget> {
    let limits = Limits::default();
    let payload = Payload::read(TARGETS, &limits).unwrap();
    payload.targets().map(|target| target.check(&Schema::standard(), &limits).target.unwrap()).collect()
}

/// What is told of a target: its id, the result, items, and how many reasons.
type Told = BTreeSet<(i64, String, Vec<usize>, Vec<String>, usize)>;

fn told(set: &TargetSet, document: &str, detail: UnknownDetail) -> (Told, usize) {
    let transaction = set.layout().read(document, &Limits::default()).unwrap();
    let (zone, mut scratch) = (Zone::UTC, Scratch::default());
    let mut evaluation = Evaluation::new(&transaction, &zone, &mut scratch);
    let mut told = Told::new();
    let unknown = set.decide(&mut evaluation, detail, |one| {
        let result = format!("{:?}", one.result);
        let absent = one.absent.to_vec();
        assert!(told.insert((one.target.id(), result, one.items.to_vec(), absent, one.faults.len())));
    });
    (told, unknown.unwrap())
}

/// The same, one target after the other.
fn one_by_one(set: &TargetSet, document: &str) -> Told {
    let transaction = set.layout().read(document, &Limits::default()).unwrap();
    let decided = set.targets().map(|target| (target.id(), target.decide(&transaction, &Zone::UTC)));
    let decided = decided.filter(|(_, one)| one.result != Truth::False);
    decided
        .map(|(id, one)| (id, format!("{:?}", one.result), one.items, one.absent, one.faults.len()))
        .collect()
}

#[test]
fn a_set_decides_as_its_targets_do_after_every_change() {
    let all = targets();
    let set = TargetSet::new(all.clone()).unwrap();
    let changed = set.without(3).unwrap().without(1).unwrap().with(all[2].clone()).unwrap();
    let changed = changed.replacing(all[4].clone()).unwrap().with(all[0].clone()).unwrap();
    let order: Vec<i64> = changed.targets().map(CheckedTarget::id).collect();
    assert_eq!(order, [2, 4, 6, 3, 5, 1]);
    assert!(set.without(9).is_err() && set.with(all[0].clone()).is_err());
    assert!(TargetSet::new([all[0].clone(), all[0].clone()]).is_err());
    let emptied = all.iter().fold(set.clone(), |set, target| set.without(target.id()).unwrap());
    assert!(emptied.is_empty() && emptied.targets().next().is_none());
    for document in DOCUMENTS {
        let expected = one_by_one(&set, document);
        assert!(emptied.layout().slot("currentTxn.value").is_some());
        assert_eq!(told(&emptied, document, UnknownDetail::Reasons), (Told::new(), 0));
        for set in [&set, &changed] {
            let unknown = expected.iter().filter(|one| one.1 == "Unknown").count();
            assert_eq!(
                told(set, document, UnknownDetail::Reasons),
                (expected.clone(), unknown),
                "{document}"
            );
            let ids = |told: &Told| told.iter().map(|one| (one.0, one.1.clone(), one.2.clone())).collect();
            let (with_ids, count): (BTreeSet<_>, usize) = {
                let (told, count) = told(set, document, UnknownDetail::Ids);
                assert!(told.iter().all(|one| one.3.is_empty() && one.4 == 0));
                (ids(&told), count)
            };
            assert_eq!((with_ids, count), (ids(&expected), unknown), "{document}");
            let eligible: Told = expected.iter().filter(|one| one.1 == "True").cloned().collect();
            assert_eq!(told(set, document, UnknownDetail::Count), (eligible.clone(), unknown), "{document}");
            assert_eq!(told(set, document, UnknownDetail::None), (eligible, 0), "{document}");
        }
    }
}

/// How often the heap was asked for memory while documents were decided, once
/// the scratch space was warm; and of how many targets it was unknown.
fn allocations(set: &TargetSet, documents: &[&str], detail: UnknownDetail) -> (u64, usize) {
    let read = |document: &&str| set.layout().read(*document, &Limits::default()).unwrap();
    let transactions: Vec<_> = documents.iter().map(read).collect();
    let (zone, mut scratch, mut unknown) = (Zone::UTC, Scratch::default(), 0);
    let mut decide = || {
        unknown = 0;
        for transaction in &transactions {
            let mut evaluation = Evaluation::new(transaction, &zone, &mut scratch);
            let mut found = 0;
            let look = |one: TargetDecision<'_>| found += one.items.len() + one.absent.iter().count();
            unknown += set.decide(&mut evaluation, detail, look).unwrap();
        }
    };
    decide();
    (allocation_counter::measure(decide).count_total, unknown)
}

#[test]
fn deciding_allocates_nothing_once_warm() {
    let all = TargetSet::new(targets()).unwrap();
    for detail in [UnknownDetail::Ids, UnknownDetail::Count] {
        let (count, unknown) = allocations(&all, &DOCUMENTS, detail);
        assert!(count == 0 && unknown > 10, "{detail:?}: {count} allocations, {unknown} unknown");
    }
    assert_eq!(allocations(&all, &DOCUMENTS, UnknownDetail::None), (0, 0));
    // Reasons that name neither the field of a filter nor a fault.
    let plain = TargetSet::new(targets().into_iter().filter(|one| [1, 2].contains(&one.id()))).unwrap();
    assert_eq!(allocations(&plain, &DOCUMENTS, UnknownDetail::Reasons), (0, 2));
    // Filters that know their store need no reasons. The third document has all
    // that rules and filters ask for, but for what is divided by zero.
    let filtered = all.without(5).unwrap();
    assert_eq!(allocations(&filtered, &DOCUMENTS[2..3], UnknownDetail::Reasons), (0, 0));
}
