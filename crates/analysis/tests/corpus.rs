//! Every pair of the rules found in public documentation that share a subject:
//! how often it is not known how they differ.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use target_rules::condition::Subject;
use target_rules::{Ast, Limits, Rule, Schema};
use target_rules_analysis::{Options, Verdict, diff, lint};

fn rules() -> Vec<(String, Rule)> {
    let Some(folder) = std::env::var_os("TARGET_RULES_SHARED") else {
        eprintln!("skipped: TARGET_RULES_SHARED names no folder with corpus/expressions.jsonl");
        return Vec::new();
    };
    let lines =
        std::fs::read_to_string(std::path::Path::new(&folder).join("corpus/expressions.jsonl")).unwrap();
    let (limits, schema) = (Limits::default(), Schema::standard());
    let rows = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    rows.filter_map(|row| {
        let text = row["dsl"].as_str().unwrap();
        let rule = Ast::from_text(text, &limits).ok()?.check(&schema, &limits).into_rule().ok()?;
        Some((text.to_owned(), rule))
    })
    .collect()
}

fn share(left: &Rule, right: &Rule) -> bool {
    let subjects = |rule: &Rule| -> Vec<std::sync::Arc<Subject>> { rule.condition().subjects().to_vec() };
    let right = subjects(right);
    subjects(left).iter().any(|subject| right.contains(subject))
}

#[test]
fn a_rule_is_what_it_is() {
    let mut unknown = BTreeSet::new();
    let rules = rules();
    for (text, rule) in &rules {
        let difference = diff(rule, rule, &Options::default());
        if difference.verdict != Verdict::Equivalent {
            unknown.insert((text, format!("{difference:?}")));
        }
    }
    println!("{} of {}", unknown.len(), rules.len());
    assert!(unknown.is_empty(), "{unknown:#?}");
}

#[test]
fn how_documented_rules_differ_is_known() {
    let rules = rules();
    let mut verdicts: BTreeMap<String, usize> = BTreeMap::new();
    let mut reasons: BTreeMap<String, (usize, String)> = BTreeMap::new();
    let mut pairs = 0;
    for (at, (text, old)) in rules.iter().enumerate() {
        for (other, new) in rules.iter().skip(at + 1).filter(|(_, new)| share(old, new)) {
            pairs += 1;
            let difference = diff(old, new, &Options::default());
            *verdicts.entry(format!("{:?}", difference.verdict)).or_default() += 1;
            for why in &difference.why {
                let held = reasons.entry(why.clone()).or_insert((0, format!("{text}  |  {other}")));
                held.0 += 1;
            }
        }
    }
    println!("{pairs} pairs: {verdicts:?}");
    println!("{reasons:#?}");
    let unknown = verdicts.get("Unknown").copied().unwrap_or(0);
    assert!(unknown * 20 <= pairs, "{unknown} of {pairs} pairs are not known: {reasons:#?}");
}

/// Findings are rare on rules that people wrote and published; all are printed.
#[test]
fn findings_on_documented_rules_are_few() {
    let rules = rules();
    let mut found = 0;
    for (text, rule) in &rules {
        for finding in lint(rule, &Options::default()) {
            found += 1;
            println!("{:?}: {}\n    in {text}", finding.kind, finding.clause);
        }
    }
    println!("{found} findings on {} rules", rules.len());
    assert!(found * 20 <= rules.len(), "{found} findings on {} rules", rules.len());
}
