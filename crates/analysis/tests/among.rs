//! How rules relate to each other, all pairs: against what `diff` says of each pair.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::time::{Duration, Instant};

use target_rules::{Ast, Limits, Rule, Schema};
use target_rules_analysis::{Options, Relation, RelationKind, Verdict, diff, lint, relations};
use target_rules_testing::workloads::documented::{self, Origin};

fn checked(texts: &[&str]) -> Vec<Rule> {
    let (limits, schema) = (Limits::default(), Schema::standard());
    let checked = |text: &&str| Ast::from_text(text, &limits).unwrap().check(&schema, &limits).into_rule();
    texts.iter().map(|text| checked(text).unwrap()).collect()
}

/// Rules as people write them, with numbers that vary.
fn documented(count: usize, seed: u64) -> Vec<Rule> {
    let (limits, schema) = (Limits::default(), Schema::standard());
    let rules = documented::rules(Origin::best(), &documented::KINDS[0], count, seed, &schema, &limits);
    rules.into_iter().map(|(_, rule)| rule).collect()
}

fn related(rules: &[Rule]) -> Vec<Relation> {
    relations(&rules.iter().collect::<Vec<_>>(), &Options::default())
}

#[test]
fn of_each_rule_the_nearest_relation_is_told() {
    let rules = checked(&[
        "currentTxn.value > 500",
        "currentTxn.value > 100",
        "currentTxn.value > 500.00",
        "!(currentTxn.value <= 100)",
        "currentTxn.value > 900 && currentCustomer.isLoyal",
        "currentTxn.value > 500",
        "currentCustomer.isLoyal",
        "currentLineItem.qty > 2",
        "currentLineItem.qty > 3",
        "currentTxn.date.month() == 2 && currentTxn.date.dayOfMonth() == 30",
    ]);
    let found: Vec<_> = related(&rules).into_iter().map(|found| (found.of, found.to, found.kind)).collect();
    use RelationKind::{Equivalent, Narrower, Same};
    let expected = [
        (0, 1, Narrower),
        (2, 0, Equivalent),
        (3, 1, Equivalent),
        // Not 1, which is wider still; of two that say the same the first.
        (4, 0, Narrower),
        (5, 0, Same),
        (8, 7, Narrower),
    ];
    assert_eq!(found, expected);
}

/// A field that no schema lists is a number in one rule and a text in another.
#[test]
fn rules_of_one_text_that_read_other_types_are_not_the_same() {
    let limits = Limits::default();
    let file = r#"{"profiles": {"currentTxn": {"attributes": {"extField_a": {"type": "number"}}}}}"#;
    let numbers = Schema::standard().with(file, &limits).unwrap();
    let text = "currentTxn.extField_a==currentTxn.extField_b";
    let rule = |schema: &Schema| Ast::from_text(text, &limits).unwrap().check(schema, &limits).into_rule();
    let of_texts = rule(&Schema::standard()).unwrap();
    let of_numbers = rule(&numbers).unwrap();
    let rules = [of_texts.clone(), of_numbers.clone(), of_numbers, of_texts];
    let found: Vec<_> = related(&rules).into_iter().map(|found| (found.of, found.to, found.kind)).collect();
    assert_eq!(found, [(2, 1, RelationKind::Same), (3, 0, RelationKind::Same)]);
}

/// What is told does not vary from run to run, nor with how many rules there are
/// that come to nothing.
#[test]
fn of_many_rules_the_narrowest_is_found() {
    let mut texts: Vec<String> = (0..300).map(|at| format!("currentTxn.value > {at}")).collect();
    texts.reverse();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let found = related(&checked(&texts));
    let found: Vec<_> = found.into_iter().map(|found| (found.of, found.to, found.kind)).collect();
    let expected: Vec<_> = (0..299).map(|at| (at, at + 1, RelationKind::Narrower)).collect();
    assert_eq!(found, expected);
}

/// What is told holds, and of no rule that has a relation nothing is told.
#[test]
fn what_is_told_of_documented_rules_is_what_each_pair_says() {
    // The same sentences with other numbers.
    let rules: Vec<Rule> = (0..4).flat_map(|seed| documented(14, seed)).collect();
    let found = related(&rules);
    let options = Options::default();
    let verdict = |of: usize, to: usize| diff(&rules[to], &rules[of], &options).verdict;
    for relation in &found {
        let expected = match relation.kind {
            RelationKind::Narrower => Verdict::Narrower,
            _ => Verdict::Equivalent,
        };
        assert_eq!(verdict(relation.of, relation.to), expected, "{relation:?}");
        assert_eq!(relation.witness.is_some(), expected == Verdict::Narrower);
    }
    let (mut narrower, mut told) = (0, 0);
    for of in 0..rules.len() {
        let related = (0..rules.len()).filter(|to| *to != of).any(|to| match verdict(of, to) {
            Verdict::Narrower => true,
            Verdict::Equivalent => to < of,
            _ => false,
        });
        narrower += usize::from(related);
        told += usize::from(found.iter().any(|relation| relation.of == of));
        assert!(!related || found.iter().any(|relation| relation.of == of), "{}", rules[of].to_text());
    }
    println!("{narrower} of {} rules are narrower than another, {told} are told", rules.len());
    assert!(told > 5 && told == narrower, "{told} {narrower}");
}

/// How long rules and all pairs of them take; `tests/long` runs it in release. Of several
/// runs the fastest counts, for a machine may do other things beside it.
#[test]
#[ignore = "measures"]
fn all_pairs_take_no_longer_than_they_may() {
    for (count, most, runs) in [(1_000, Duration::from_secs(1), 5), (10_000, Duration::from_secs(30), 2)] {
        let rules = documented(count, 7);
        let run = |_| {
            let start = Instant::now();
            let findings: usize = rules.iter().map(|rule| lint(rule, &Options::default()).len()).sum();
            let single = start.elapsed();
            let found = related(&rules).len();
            let all = start.elapsed();
            println!(
                "{count} rules: {findings} findings of single rules in {single:?}, {found} relations; {all:?}"
            );
            all
        };
        let fastest = (0..runs).map(run).min().unwrap();
        assert!(fastest < most, "{count} rules: {fastest:?}");
    }
    // What the system says of this process; nothing where it says nothing.
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    if let Some(kibibytes) = peak.and_then(|peak| peak.split_whitespace().next()) {
        println!("at most {kibibytes} KiB");
        assert!(kibibytes.parse::<u64>().unwrap() < 1024 * 1024);
    }
}
