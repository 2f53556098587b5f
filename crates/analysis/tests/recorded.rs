//! What recorded transactions deny of what was proved. No proof is known that is
//! wrong, so what is denied here is made up.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use target_rules::{Ast, Limits, Rule, Schema, Truth, Zone};
use target_rules_analysis::{Difference, Recording, Verdict, Witness};

fn checked(text: &str) -> Rule {
    let limits = Limits::default();
    Ast::from_text(text, &limits).unwrap().check(&Schema::standard(), &limits).into_rule().unwrap()
}

/// Whether one document denies a verdict on `value > 5` and another rule.
fn told(verdict: Verdict, assumes: &[&str], new: &str, document: &str, three_valued: bool) -> Difference {
    let (old, new) = (checked("currentTxn.value > 5"), checked(new));
    let (zone, limits) = (Zone::UTC, Limits::default());
    let mut recording = Recording::new(&[(&old, &new)], &zone, &limits);
    recording.add(document, || "bill 1".to_owned()).unwrap();
    let assumes = assumes.iter().map(|said| (*said).to_owned()).collect();
    let mut difference =
        Difference { verdict, witnesses: Vec::new(), assumes, why: Vec::new(), recorded: None };
    if three_valued {
        recording.tell_three_valued(0, &mut difference);
    } else {
        recording.tell(0, &mut difference);
    }
    difference
}

/// What is recorded is known, whatever was proved.
#[test]
fn transactions_of_all_kinds_make_rules_different() {
    let (old, new) = (checked("currentTxn.value > 5"), checked("currentTxn.discount > 5"));
    let bill =
        |value: u8, discount: u8| format!(r#"{{"currentTxn":{{"value":{value},"discount":{discount}}}}}"#);
    let told = |bills: &[String], verdict: Verdict, made: &[&String]| {
        let (zone, limits) = (Zone::UTC, Limits::default());
        let mut recording = Recording::new(&[(&old, &new)], &zone, &limits);
        bills.iter().for_each(|bill| recording.add(bill, || "bill".to_owned()).unwrap());
        let witness = |bill: &&String| Witness {
            transaction: (*bill).clone(),
            old: Truth::False,
            new: Truth::True,
            place: None,
        };
        let (witnesses, why) = (made.iter().map(witness).collect(), vec!["too long".to_owned()]);
        let mut difference = Difference { verdict, witnesses, assumes: Vec::new(), why, recorded: None };
        recording.tell(0, &mut difference);
        difference
    };
    let (lost, gained, both) = (bill(9, 0), bill(0, 9), bill(9, 9));
    let all = [gained.clone(), both.clone(), lost.clone()];
    let found = told(&all, Verdict::Unknown, &[]);
    assert_eq!((found.verdict, found.why.len()), (Verdict::Different, 0));
    // First what is lost, then what is gained.
    let shown = |found: &Difference| -> Vec<String> {
        found.witnesses.iter().map(|witness| witness.transaction.clone()).collect()
    };
    assert_eq!(shown(&found), [lost.clone(), gained.clone()]);
    // One direction may be shown by a transaction that was made.
    let found = told(&[lost.clone(), both.clone()], Verdict::Unknown, &[&gained]);
    assert_eq!(found.verdict, Verdict::Different);
    assert_eq!(shown(&found), [lost.clone(), gained.clone()]);
    // They may be disjoint, or one wider than the other.
    assert_eq!(told(&[lost.clone(), gained], Verdict::Unknown, &[]).verdict, Verdict::Unknown);
    assert_eq!(told(&[lost, both], Verdict::Unknown, &[]).verdict, Verdict::Unknown);
    // What was proved and is denied is to be reported.
    let found = told(&all, Verdict::Narrower, &[]);
    assert_eq!((found.verdict, found.why.len()), (Verdict::Unknown, 2));
}

const NINE: &str = r#"{"currentTxn":{"value":9}}"#;
const WIDER: &str = "currentTxn.value > 3";
const FALSE_WHERE_UNKNOWN: &str = "currentTxn.value.isNotNull() && currentTxn.value > 5";

#[test]
fn a_transaction_that_both_count_denies_that_they_are_disjoint() {
    assert_eq!(told(Verdict::Disjoint, &[], WIDER, NINE, false).verdict, Verdict::Unknown);
    let four = r#"{"currentTxn":{"value":4}}"#;
    assert_eq!(told(Verdict::Disjoint, &[], WIDER, four, false).verdict, Verdict::Disjoint);
    assert_eq!(told(Verdict::Wider, &[], WIDER, four, false).verdict, Verdict::Wider);
    assert_eq!(told(Verdict::Narrower, &[], WIDER, four, false).verdict, Verdict::Unknown);
    assert_eq!(told(Verdict::Equivalent, &[], WIDER, four, false).verdict, Verdict::Unknown);
}

#[test]
fn false_and_unknown_deny_that_rules_are_equal_over_three_truth_values() {
    let of = |three_valued| told(Verdict::Equivalent, &[], FALSE_WHERE_UNKNOWN, "{}", three_valued).verdict;
    assert_eq!(of(true), Verdict::Unknown);
    // Both are true for the same transactions.
    assert_eq!(of(false), Verdict::Equivalent);
    assert_eq!(told(Verdict::Equivalent, &[], FALSE_WHERE_UNKNOWN, NINE, true).verdict, Verdict::Equivalent);
}

/// A transaction of which that does not hold what a proof takes for granted is no
/// fault of the proof.
#[test]
fn what_is_denied_of_an_assumption_is_not_to_be_reported() {
    let found = told(Verdict::Disjoint, &["numbers are plain"], WIDER, NINE, false);
    assert_eq!(found.verdict, Verdict::Unknown);
    assert_eq!(found.assumes, [""; 0]);
    assert_eq!(found.why, ["a recorded transaction is none of which it was proved"]);
    let found = told(Verdict::Disjoint, &[], WIDER, NINE, false);
    assert_eq!(found.why, ["a recorded transaction denies what was proved; please report it"]);
}
