//! The smallest rule for examples: by cases, and rules of known size that are
//! found again.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use proptest::prelude::*;
use serde::Deserialize;
use serde_json::value::RawValue;
use target_rules::{Ast, Layout, Limits, Rule, Schema, Zone};
use target_rules_analysis::{Synthesis, SynthesisError, SynthesisOptions, Synthesised, synthesise};
use target_rules_testing::generate::tries;

#[derive(Deserialize)]
struct Case {
    name: String,
    counting: Vec<Box<RawValue>>,
    others: Vec<Box<RawValue>>,
    best: Option<String>,
    nodes: usize,
}

fn found(counting: &[&str], others: &[&str], nodes: usize) -> Synthesis {
    let options = SynthesisOptions { nodes, ..SynthesisOptions::default() };
    synthesise(counting, others, &Schema::standard(), &options).unwrap()
}

fn is_true(rule: &Rule, document: &str) -> bool {
    let transaction = Layout::of([rule]).read(document, &Limits::default()).unwrap();
    rule.decide(&transaction, &Zone::UTC).result.is_true()
}

/// A rule has the nodes that are told, as the limit counts them, and tells the
/// examples apart.
fn confirmed(told: &Synthesised, counting: &[&str], others: &[&str]) {
    let text = told.rule.to_text();
    assert!(counting.iter().all(|one| is_true(&told.rule, one)), "{text}");
    assert!(!others.iter().any(|one| is_true(&told.rule, one)), "{text}");
    let of = |nodes| {
        let mut limits = Limits::default();
        limits.nodes = nodes;
        Ast::from_text(&text, &limits).is_ok()
    };
    assert!(of(told.nodes) && !of(told.nodes - 1), "{text}: {}", told.nodes);
}

#[test]
fn the_cases_come_out() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("synthesise/cases.json")).unwrap();
    for case in cases {
        let texts =
            |all: &[Box<RawValue>]| -> Vec<String> { all.iter().map(|one| one.get().to_owned()).collect() };
        let (counting, others) = (texts(&case.counting), texts(&case.others));
        let slices = |all: &[String]| -> Vec<&'static str> {
            all.iter().map(|one| &*Box::leak(one.clone().into_boxed_str())).collect()
        };
        let (counting, others) = (slices(&counting), slices(&others));
        let synthesis = found(&counting, &others, 7);
        let best = synthesis.best.as_ref();
        assert_eq!(best.map(|best| best.rule.to_text()), case.best, "{}", case.name);
        for told in best.iter().copied().chain(&synthesis.second) {
            confirmed(told, &counting, &others);
        }
        match best {
            Some(best) => assert_eq!(best.nodes, case.nodes, "{}", case.name),
            None => assert_eq!((synthesis.complete, synthesis.limit), (7, None), "{}", case.name),
        }
    }
}

/// What is not asked for ends what is complete, and is told.
#[test]
fn a_text_that_is_too_long_is_told_to_be_left_out() {
    let document = |first: &str| format!(r#"{{"currentTxn": {{"notes": "{first}{}"}}}}"#, "x".repeat(300));
    let (counting, others) = (document("a"), document("b"));
    let synthesis = found(&[&counting], &[&others], 7);
    assert!(synthesis.best.is_none());
    assert_eq!((synthesis.complete, synthesis.limit), (2, Some("questions")));
}

/// The second asks about something else, and is no smaller.
#[test]
fn the_second_asks_about_other_values() {
    let counting = [
        r#"{"currentTxn": {"value": 600, "discount": 0}}"#,
        r#"{"currentTxn": {"value": 700, "discount": 0}}"#,
    ];
    let others = [r#"{"currentTxn": {"value": 100, "discount": 5}}"#];
    let synthesis = found(&counting, &others, 7);
    let (best, second) = (synthesis.best.unwrap(), synthesis.second.unwrap());
    assert_eq!(best.nodes, 3);
    assert!(best.nodes <= second.nodes);
    let name = |rule: &Rule| rule.named_references(&Schema::standard())[0].name.clone();
    assert_ne!(name(&best.rule), name(&second.rule));
    confirmed(&second, &counting, &others);
}

#[test]
fn bounds_are_told() {
    let counting =
        [r#"{"currentTxn": {"value": 5, "discount": 1}}"#, r#"{"currentTxn": {"value": 1, "discount": 9}}"#];
    let others =
        [r#"{"currentTxn": {"value": 5, "discount": 9}}"#, r#"{"currentTxn": {"value": 1, "discount": 1}}"#];
    let of = |options: SynthesisOptions| synthesise(&counting, &others, &Schema::standard(), &options);
    let whole = of(SynthesisOptions { nodes: 15, ..SynthesisOptions::default() }).unwrap();
    assert_eq!(whole.best.map(|best| best.nodes), Some(15));
    assert_eq!(whole.limit, None);
    let default = SynthesisOptions::default;
    let few = of(SynthesisOptions { kept: 2, ..default() }).unwrap();
    assert_eq!((few.limit, few.best.is_none()), (Some("kept"), true));
    let short = of(SynthesisOptions { steps: 2, ..default() }).unwrap();
    assert_eq!(short.limit, Some("steps"));
    let asked = of(SynthesisOptions { questions: 2, ..default() }).unwrap();
    assert_eq!((asked.limit, asked.complete), (Some("questions"), 1));
    assert!(matches!(of(SynthesisOptions { examples: 3, ..default() }), Err(SynthesisError::TooMany(3))));
    let one_sided = synthesise(&[], &others, &Schema::standard(), &default());
    assert!(matches!(one_sided, Err(SynthesisError::OneSided)));
    let no_document = synthesise(&counting, &["[]"], &Schema::standard(), &default());
    assert!(matches!(no_document, Err(SynthesisError::Document(2, _))));
    let wrong_type =
        synthesise(&counting, &[r#"{"currentTxn": {"value": "x"}}"#], &Schema::standard(), &default());
    assert!(matches!(wrong_type, Err(SynthesisError::Document(2, _))));
}

/// One question about two amounts and a tier.
fn question() -> impl Strategy<Value = (String, usize)> {
    let number = (
        prop::sample::select(vec!["value", "discount"]),
        prop::sample::select(vec![">=", "<=", "=="]),
        0..5_u8,
    );
    prop_oneof![
        number.prop_map(|(name, operator, number)| (format!("currentTxn.{name}{operator}{number}"), 3)),
        Just(("currentCustomer.isLoyal".to_owned(), 1)),
    ]
}

fn rules() -> impl Strategy<Value = (String, usize)> {
    prop_oneof![
        question(),
        (question(), question(), any::<bool>()).prop_map(|((one, first), (other, second), both)| {
            let operator = if both { "&&" } else { "||" };
            (format!("{one}{operator}{other}"), first + second + 1)
        }),
    ]
}

proptest! {
    #![proptest_config(tries(40))]

    /// Examples that a rule decides are told apart by a rule that is no larger,
    /// the same one each time.
    #[test]
    fn a_rule_is_found_again_or_a_smaller_one(
        (text, nodes) in rules(),
        amounts in prop::collection::vec((0..5_u8, 0..5_u8, any::<Option<bool>>()), 4..30),
    ) {
        let limits = Limits::default();
        let ast = Ast::from_text(&text, &limits).unwrap();
        let rule = ast.check(&Schema::standard(), &limits).into_rule().unwrap();
        let documents: Vec<String> = amounts.iter().map(|(value, discount, loyal)| {
            let loyal = loyal.map(|loyal| format!(r#","currentCustomer":{{"isLoyal":{loyal}}}"#)).unwrap_or_default();
            format!(r#"{{"currentTxn":{{"value":{value},"discount":{discount}}}{loyal}}}"#)
        }).collect();
        let (counting, others): (Vec<&str>, Vec<&str>) =
            documents.iter().map(String::as_str).partition(|document| is_true(&rule, document));
        if counting.is_empty() || others.is_empty() {
            return Ok(());
        }
        let synthesis = found(&counting, &others, 7);
        let best = synthesis.best.as_ref().unwrap();
        // A constant between the amounts of the examples says no more than one of them.
        prop_assert!(best.nodes <= nodes, "{} for {}", best.rule.to_text(), text);
        confirmed(best, &counting, &others);
        let again = found(&counting, &others, 7);
        prop_assert_eq!(again.best.unwrap().rule.to_text(), best.rule.to_text());
    }
}
