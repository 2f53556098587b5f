//! Every pair of the rules found in public documentation that share a subject:
//! how often it is not known how they differ.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use target_rules::condition::Subject;
use target_rules::{Ast, Limits, Rule, Schema};
use target_rules_analysis::{FindingKind, Options, Verdict, diff, lint};

fn checked(text: &str) -> Rule {
    let limits = Limits::default();
    Ast::from_text(text, &limits).unwrap().check(&Schema::standard(), &limits).into_rule().unwrap()
}

/// Of each rule that checks its id, its text and itself.
fn rules() -> Vec<(String, String, Rule)> {
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
        Some((row["id"].as_str().unwrap().to_owned(), text.to_owned(), rule))
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
    for (_, text, rule) in &rules {
        // The same rule, and not the same tree, so that it has to be proved.
        let again = checked(&format!("({text}) && true"));
        let difference = diff(rule, &again, &Options::default());
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
    for (at, (_, text, old)) in rules.iter().enumerate() {
        for (_, other, new) in rules.iter().skip(at + 1).filter(|(_, _, new)| share(old, new)) {
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

/// All that is found in rules that people wrote and published, each by its id in the
/// corpus, with whether a careful author would take it: of these texts nothing is
/// copied here.
const FINDINGS: &[(&str, FindingKind, bool)] = &[
    // A bound that a stricter one beside it implies.
    ("c0224", FindingKind::Implied, true),
];

#[test]
fn findings_on_documented_rules_are_those_that_were_judged() {
    let rules = rules();
    if rules.is_empty() {
        return;
    }
    let mut found = Vec::new();
    for (id, text, rule) in &rules {
        for finding in lint(rule, &Options::default()) {
            println!("{id} {:?}: {}\n    in {text}", finding.kind, finding.clause);
            found.push((id.as_str(), finding.kind));
        }
    }
    println!("{} findings on {} rules", found.len(), rules.len());
    let judged: Vec<_> = FINDINGS.iter().map(|(id, kind, _)| (*id, *kind)).collect();
    assert_eq!(found, judged);
    let noise = FINDINGS.iter().filter(|(_, _, taken)| !taken).count();
    assert!(noise * 20 <= rules.len(), "{noise} of {} rules", rules.len());
}
