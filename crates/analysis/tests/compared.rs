//! How pairs of rules of a hundred clauses differ, which benchmarks measure.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use target_rules::{Ast, Limits, Rule, Schema};
use target_rules_analysis::{Options, Verdict, diff};
use target_rules_testing::workloads::compared;

fn checked(text: &str) -> Rule {
    let limits = Limits::default();
    Ast::from_text(text, &limits).unwrap().check(&Schema::standard(), &limits).into_rule().unwrap()
}

/// All of them are told apart in a tenth of the steps that a question may take.
#[test]
fn pairs_of_a_hundred_clauses_are_told_apart() {
    let options = Options { work: Options::default().work / 10, ..Options::default() };
    let pairs = compared::pairs();
    let told: Vec<(&str, Verdict)> = pairs
        .iter()
        .map(|pair| (pair.name, diff(&checked(&pair.old), &checked(&pair.new), &options).verdict))
        .collect();
    let expected = [
        ("100 fields", Verdict::Narrower),
        ("50 of either", Verdict::Narrower),
        ("50 of either, turned", Verdict::Equivalent),
        ("50 of either, turned and one edge moved", Verdict::Narrower),
        ("50 ranges of a number", Verdict::Narrower),
        ("25 of nested", Verdict::Narrower),
        ("25 of nested, turned", Verdict::Equivalent),
        ("25 of nested, turned and one edge moved", Verdict::Narrower),
    ];
    assert_eq!(told, expected);
}
