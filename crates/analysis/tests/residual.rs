//! What is left of a rule: by cases, and held to completions of generated
//! documents.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use proptest::prelude::*;
use serde::Deserialize;
use serde_json::value::RawValue;
use target_rules::{Ast, Layout, Limits, Rule, Schema, Truth, Zone};
use target_rules_analysis::{Options, residual};
use target_rules_testing::generate::{self, Document};

#[derive(Deserialize)]
struct Case {
    name: String,
    rule: String,
    document: Box<RawValue>,
    left: String,
}

fn checked(text: &str) -> Option<Rule> {
    let limits = Limits::default();
    Ast::from_text(text, &limits).ok()?.check(&Schema::standard(), &limits).into_rule().ok()
}

fn left_of(rule: &Rule, document: &str, zone: &Zone) -> Rule {
    let options = Options { zone: zone.clone(), ..Options::default() };
    residual(rule, document, &Schema::standard(), &options).unwrap()
}

fn decided(rule: &Rule, document: &str, zone: &Zone) -> Truth {
    let transaction = Layout::of([rule]).read(document, &Limits::default()).unwrap();
    rule.decide(&transaction, zone).result
}

#[test]
fn the_cases_come_out() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("residual/cases.json")).unwrap();
    for case in cases {
        let rule = checked(&case.rule).unwrap();
        let left = left_of(&rule, case.document.get(), &Zone::UTC);
        assert_eq!(left.to_text(), case.left, "{}", case.name);
    }
}

#[test]
fn no_document_is_an_error() {
    let rule = checked("currentTxn.value>500").unwrap();
    for document in ["", "[]", r#"{"currentTxn": 3}"#, r#"{"currentTxn": {"value": []}}"#] {
        assert!(residual(&rule, document, &Schema::standard(), &Options::default()).is_err(), "{document}");
    }
}

/// A document without some of its values.
fn part_of(document: &Document, mut keeps: impl FnMut() -> bool) -> Document {
    let Document::Object(sections) = document else { return document.clone() };
    let mut left = Vec::new();
    for (name, section) in sections {
        let Document::Object(keys) = section else { continue };
        let mut kept = Vec::new();
        for (key, value) in keys {
            match value {
                Document::Object(fields) if key == "extendedFields" => {
                    let fields = fields.iter().filter(|_| keeps()).cloned().collect();
                    kept.push((key.clone(), Document::Object(fields)));
                }
                _ if keeps() => kept.push((key.clone(), value.clone())),
                // Absent in either way.
                _ if keeps() => kept.push((key.clone(), Document::Null)),
                _ => {}
            }
        }
        left.push((name.clone(), Document::Object(kept)));
    }
    Document::Object(left)
}

proptest! {
    #![proptest_config(generate::tries(400))]

    /// The whole document is a completion of each part, and so is each part.
    #[test]
    fn every_completion_is_decided_as_by_the_rule(
        case in generate::cases(),
        choices in prop::collection::vec(any::<bool>(), 64),
        less in prop::collection::vec(any::<bool>(), 64),
    ) {
        let zone = generate::zone(case.zone);
        let Some(rule) = checked(&case.rule.text()) else { return Ok(()) };
        let mut choices = choices.into_iter().cycle();
        let mut less = less.into_iter().cycle();
        let whole = case.transaction;
        let part = part_of(&whole, || choices.next().unwrap());
        let least = part_of(&part, || less.next().unwrap());
        let left = left_of(&rule, &least.to_string(), &zone);
        prop_assert!(checked(&left.to_text()).as_ref() == Some(&left), "{}", left.to_text());
        for completion in [&least, &part, &whole] {
            let completion = completion.to_string();
            prop_assert_eq!(
                decided(&left, &completion, &zone),
                decided(&rule, &completion, &zone),
                "{}\n{}\n{}\n{}", rule.to_text(), left.to_text(), least, completion
            );
        }
    }
}

/// Real rules are decided whole where all is known, and nothing of what is known
/// alone is left of a conjunction.
#[test]
fn where_all_is_known_nothing_is_left() {
    let rule = checked(
        r#"currentTxn.value>500&&currentTxn.basketSum("brand","Puma")>=100||currentTxn.date.isWeekend()"#,
    );
    let rule = rule.unwrap();
    let document = r#"{"currentTxn": {"value": 730, "date": "2024-07-29T12:00:00Z",
        "lineItems": [{"amount": 100, "attributes": {"brand": "Puma"}}]}}"#;
    assert_eq!(left_of(&rule, document, &Zone::UTC).to_text(), "true");
}
