//! Funnel, curves, overlap and comparison, held against rules that are written out and
//! decided one by one.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use crate::common::{Files, bills, finished, options, plan_of_rules, rule};
use target_rules::{Layout, Limits, Truth, Zone};
use target_rules_backtest::{ExampleKind, Plan, Report, Subject};

/// How many of the bills a rule is true for.
fn hits(text: &str) -> u64 {
    hits_where(text, |truth| truth == Truth::True)
}

fn hits_where(text: &str, wanted: impl Fn(Truth) -> bool) -> u64 {
    let (rule, limits) = (rule(text), Limits::default());
    let layout = Layout::of([&rule]);
    let decided = bills(400).into_iter().filter(|bill| {
        let transaction = layout.read(bill, &limits).unwrap();
        wanted(rule.decide(&transaction, &Zone::UTC).result)
    });
    decided.count() as u64
}

fn report(texts: &[&str]) -> Report {
    let files = Files::of(&[("bills.ndjson", bills(400))]);
    let rules: Vec<_> = texts.iter().map(|text| rule(text)).collect();
    finished(&plan_of_rules(&rules, options()), &files.paths()).report
}

/// The clauses joined, but for one.
fn without(clauses: &[&str], left_out: usize) -> String {
    let others: Vec<&str> =
        clauses.iter().enumerate().filter(|(at, _)| *at != left_out).map(|(_, clause)| *clause).collect();
    if others.is_empty() { "true".to_owned() } else { others.join("&&") }
}

fn check_funnel(clauses: &[&str]) {
    let whole = clauses.join("&&");
    let report = report(&[&whole]);
    let focus = &report.focus[0];
    assert_eq!(focus.clauses.iter().map(|clause| clause.text.as_str()).collect::<Vec<_>>(), clauses);
    assert_eq!(report.targets[0].eligible, hits(&whole));
    for (at, told) in focus.clauses.iter().enumerate() {
        let (alone, before, with) = (
            clauses[at],
            if at == 0 { "true".to_owned() } else { clauses[..at].join("&&") },
            clauses[..=at].join("&&"),
        );
        assert_eq!(told.passes, hits(alone), "{alone}");
        assert_eq!(told.rejects, 400 - hits(alone), "{alone}");
        assert_eq!(told.unknown, hits_where(alone, |truth| truth == Truth::Unknown), "{alone}");
        assert_eq!(told.rejects_first, hits(&before) - hits(&with), "{alone}");
        assert_eq!(told.admitted_if_dropped, hits(&without(clauses, at)) - hits(&whole), "{alone}");
    }
    for curve in &focus.curves {
        let mut clauses: Vec<String> = clauses.iter().map(|clause| (*clause).to_owned()).collect();
        let mut told = Vec::new();
        for point in &curve.points {
            clauses[curve.clause] = curve.text.replace('…', &point.threshold.to_string());
            assert_eq!(point.eligible, hits(&clauses.join("&&")), "{clauses:?}");
            told.push(point.eligible);
        }
        told.dedup();
        assert!(told.len() > 3, "the curve of {} bends: {told:?}", curve.text);
        let own = curve.points.iter().find(|point| point.threshold == curve.threshold).unwrap();
        assert_eq!(own.eligible, report.targets[0].eligible);
    }
}

#[test]
fn a_funnel_tells_what_each_clause_rejects() {
    check_funnel(&[
        "currentTxn.value>=300",
        "currentCustomer.slabName!=\"Gold\"",
        "(currentTxn.points<90||currentTxn.date.isWeekend())",
        "currentCustomer.numberOfVisits<30",
    ]);
}

/// Clauses that are true of different line items don't make the rule true.
#[test]
fn a_funnel_of_line_items_tells_what_holds_of_one_item() {
    check_funnel(&["currentLineItem.qty>=2", "currentLineItem.rate>120", "currentTxn.value>200"]);
}

#[test]
fn thresholds_are_on_either_side() {
    check_funnel(&["400<currentTxn.value", "currentTxn.points<=70"]);
}

#[test]
fn unknown_is_told_apart_and_examples_show_what_they_say() {
    let clauses =
        ["currentTxn.value>100", "currentCustomer.customFieldValueIncludes(\"language\",\"German\")"];
    check_funnel(&clauses);
    let report = report(&[&clauses.join("&&")]);
    assert!(report.focus[0].clauses[1].unknown > 50);
    let kinds: Vec<ExampleKind> = report.focus[0].examples.iter().map(|one| one.kind).collect();
    assert!(
        [ExampleKind::Eligible, ExampleKind::NearMiss, ExampleKind::Unknown]
            .iter()
            .all(|kind| kinds.contains(kind))
    );
    let (bills, rule, limits) = (bills(400), rule(&clauses.join("&&")), Limits::default());
    let layout = Layout::of([&rule]);
    for example in &report.focus[0].examples {
        let text = &bills[usize::try_from(example.line).unwrap() - 1];
        let transaction = layout.read(text, &limits).unwrap();
        assert_eq!(transaction.number(), example.number.as_deref());
        let expected = match example.kind {
            ExampleKind::Eligible => Truth::True,
            ExampleKind::Unknown => Truth::Unknown,
            _ => Truth::False,
        };
        assert_eq!(rule.decide(&transaction, &Zone::UTC).result, expected);
    }
}

#[test]
fn overlap_is_what_both_count() {
    let (one, other) = ("currentTxn.value>300", "currentTxn.points>50");
    let report = report(&[one, other]);
    let both = &report.overlap[0];
    assert_eq!(
        (both.both, both.of_first, both.of_second),
        (hits(&format!("{one}&&{other}")), hits(one), hits(other))
    );
}

#[test]
fn a_comparison_tells_what_is_gained_and_lost_and_by_which_clause() {
    let (old, new) =
        ("currentTxn.value>300&&currentTxn.points>50", "currentTxn.value>250&&currentTxn.points>80");
    let files = Files::of(&[("bills.ndjson", bills(400))]);
    let side = |text| vec![Subject::rule("rule", rule(text))];
    let plan = Plan::compare(side(old), side(new), [None, None], options()).unwrap();
    let comparison = finished(&plan, &files.paths()).comparison.unwrap();
    let change = &comparison.changes[0];
    let both = hits(&format!("{old}&&{new}"));
    assert_eq!((change.old_eligible, change.new_eligible, change.unchanged), (hits(old), hits(new), both));
    assert_eq!((change.gained.transactions, change.lost.transactions), (hits(new) - both, hits(old) - both));
    assert_eq!(
        change.neither,
        400 - change.unchanged - change.gained.transactions - change.lost.transactions
    );
    assert!(change.gained.transactions > 0 && change.lost.transactions > 0);
    let decided = &change.gained.decided_by;
    assert_eq!((decided.len(), decided[0].text.as_str()), (1, "currentTxn.value>300"));
    assert_eq!(decided[0].transactions, change.gained.transactions);
    assert_eq!(change.lost.decided_by[0].text, "currentTxn.points>80");
    assert_eq!(change.gained.examples.len(), 3);
    assert!(change.gained.examples.iter().all(|one| one.kind == ExampleKind::Gained));
}

#[test]
fn versions_that_are_alike_have_no_changes() {
    let files = Files::of(&[("bills.ndjson", bills(50))]);
    let side = |texts: &[(&str, &str)]| {
        texts.iter().map(|(id, text)| Subject::rule(*id, rule(text))).collect::<Vec<_>>()
    };
    let old = side(&[("a", "currentTxn.value>300"), ("gone", "true")]);
    let new = side(&[("new", "true"), ("a", "currentTxn.value > 300")]);
    let plan = Plan::compare(old, new, [None, None], options()).unwrap();
    let changes = finished(&plan, &files.paths()).comparison.unwrap().changes;
    let ids: Vec<&str> = changes.iter().map(|change| change.id.as_str()).collect();
    assert_eq!(ids, ["a", "gone", "new"]);
    assert_eq!((changes[0].gained.transactions, changes[0].lost.transactions), (0, 0));
    assert_eq!((changes[1].lost.transactions, &changes[1].new_rule), (50, &None));
    assert_eq!((changes[2].gained.transactions, &changes[2].old_rule), (50, &None));
}
