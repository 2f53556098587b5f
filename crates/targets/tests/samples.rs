//! The samples that ship with the crate decide as each of them says.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use loyalty_targets::{CheckedTarget, EnrolledTargets};
use serde_json::{Value, json};
use target_rules::{Limits, Schema, Truth, Zone};

#[test]
fn every_sample_transaction_is_decided_as_it_expects() {
    let limits = Limits::default();
    let answer = EnrolledTargets::read(include_str!("../../../tests/samples/targets.json"), &limits).unwrap();
    let schema = Schema::standard();
    let targets: Vec<CheckedTarget> =
        answer.data.unwrap().iter().map(|target| target.check(&schema, &limits).unwrap()).collect();
    let layout = CheckedTarget::layout(&targets);
    let mut results = std::collections::BTreeSet::new();
    let lines = include_str!("../../../tests/samples/transactions.ndjson");
    for line in lines.lines() {
        let sample: Value = serde_json::from_str(line).unwrap();
        let transaction = layout.read(line, &limits).unwrap();
        let mut eligible = Vec::new();
        let mut items = serde_json::Map::new();
        let mut unknown = serde_json::Map::new();
        for target in &targets {
            let decided = target.decide(&transaction, &Zone::UTC);
            results.insert((target.id(), decided.result));
            match decided.result {
                Truth::True => {
                    eligible.push(target.id());
                    if target.rule().unrolls() {
                        items.insert(target.id().to_string(), json!(decided.items));
                    }
                }
                Truth::Unknown => {
                    unknown.insert(target.id().to_string(), json!(decided.absent));
                }
                Truth::False => {}
            }
        }
        let expects = &sample["expects"];
        assert_eq!(json!(eligible), expects["eligible"], "{line}");
        assert_eq!(json!(items), *expects.get("items").unwrap_or(&json!({})), "{line}");
        assert_eq!(json!(unknown), *expects.get("unknown").unwrap_or(&json!({})), "{line}");
    }
    // Every decision of every target that can take it is met.
    for target in &targets {
        let met = |result| results.contains(&(target.id(), result));
        match target.id() {
            104 => assert!(met(Truth::False) && !met(Truth::True)),
            105 => assert!(met(Truth::True) && !met(Truth::False)),
            id => assert!(met(Truth::True) && met(Truth::False) && met(Truth::Unknown), "target {id}"),
        }
    }
}
