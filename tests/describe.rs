//! Descriptions: what `tests/describe` says of rules of our own, and what must
//! hold of every description.
//!
//! A file of `tests/describe` has, for each rule, its text and below it the
//! description, indented; an empty line between two. `documented.txt` holds the
//! rules of workload 7, `shapes.txt` what they leave out.
//! `UPDATE_DESCRIBE=1 cargo test --test describe` writes the descriptions;
//! read every difference.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use target_rules::{Ast, Evaluation, Layout, Limits, Rule, Schema, Scratch, Truth, Zone};
use target_rules_testing::workloads::documented::Origin;
use target_rules_testing::workloads::documented_bills::bills;

fn rule(text: &str) -> Rule {
    let limits = Limits::default();
    let checked = Ast::from_text(text, &limits).unwrap().check(&Schema::standard(), &limits);
    checked.into_rule().unwrap_or_else(|faults| panic!("{text}: {faults:?}"))
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/describe")
}

fn written(rules: impl IntoIterator<Item = String>) -> String {
    let mut out = Vec::new();
    for text in rules {
        let description = rule(&text).describe().to_string();
        out.push(format!("{text}\n    {}\n", description.replace('\n', "\n    ")));
    }
    out.join("\n")
}

fn compare(name: &str, found: &str) {
    let file = folder().join(name);
    if std::env::var_os("UPDATE_DESCRIBE").is_some() {
        std::fs::write(&file, found).unwrap();
    }
    let expected = std::fs::read_to_string(&file).unwrap();
    for (expected, found) in expected.split("\n\n").zip(found.split("\n\n")) {
        assert_eq!(expected, found, "{name}");
    }
    assert_eq!(expected, found, "{name}");
}

#[test]
fn rules_of_every_documented_shape_read_as_the_file_says() {
    compare("documented.txt", &written(Origin::Ours.rules()));
}

#[test]
fn rules_of_other_shapes_read_as_the_file_says() {
    let text = std::fs::read_to_string(folder().join("shapes.txt")).unwrap();
    let rules: Vec<String> =
        text.lines().filter(|line| !line.is_empty() && !line.starts_with(' ')).map(str::to_owned).collect();
    assert!(rules.len() > 80, "only {} rules", rules.len());
    compare("shapes.txt", &written(rules));
}

/// Words of code that no description may have outside of quotes.
const CODE: [&str; 12] = ["current", "()", "&&", "||", "==", "!=", "<", ">", ".is", "Regex", "Value", "{"];

/// A description without what stands in quotes or backticks.
fn unquoted(description: &str) -> String {
    let mut out = String::new();
    let mut characters = description.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => {
                out.push('"');
                while let Some(inner) = characters.next() {
                    match inner {
                        '\\' => drop(characters.next()),
                        '"' => break,
                        _ => {}
                    }
                }
            }
            '`' => drop(characters.by_ref().find(|inner| *inner == '`')),
            other => out.push(other),
        }
    }
    out
}

fn is_english(text: &str) {
    let description = rule(text).describe();
    let plain = unquoted(description.as_str());
    // These are words too.
    let plain = plain.replace("the current calendar", "").replace("the current cycle", "");
    let plain = plain.replace("the current value", "").replace("current cycle", "");
    let found: Vec<&&str> = CODE.iter().filter(|code| plain.contains(**code)).collect();
    assert!(found.is_empty(), "{text}\n{description}\n{found:?}");
    assert!(!plain.contains("  ") || !description.is_sentence(), "{description}");
}

fn texts() -> Vec<String> {
    let mut texts = Origin::Ours.rules();
    match Origin::best() {
        Origin::Corpus => texts.extend(Origin::Corpus.rules()),
        Origin::Ours => eprintln!("skipped: TARGET_RULES_SHARED names no folder with the corpus"),
    }
    texts
}

#[test]
fn no_description_falls_back_to_code() {
    texts().iter().for_each(|text| is_english(text));
}

/// The outcome of each rule for each bill.
fn outcomes(rules: &[Rule], bills: &[String]) -> Vec<Vec<Truth>> {
    let limits = Limits::default();
    let layout = Layout::of(rules);
    let programs: Vec<_> = rules.iter().map(|rule| layout.compile(rule).unwrap()).collect();
    let (mut scratch, zone) = (Scratch::default(), Zone::UTC);
    let mut outcomes = vec![Vec::new(); rules.len()];
    for bill in bills {
        let Ok(transaction) = layout.read(bill, &limits) else { continue };
        let mut evaluation = Evaluation::new(&transaction, &zone, &mut scratch);
        for (of, program) in outcomes.iter_mut().zip(&programs) {
            of.push(program.decide(&mut evaluation));
        }
    }
    outcomes
}

#[test]
fn documented_rules_with_one_description_decide_alike() {
    let rules: Vec<Rule> = texts().iter().map(|text| rule(text)).collect();
    let mut of: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, rule) in rules.iter().enumerate() {
        of.entry(rule.describe().to_string()).or_default().push(at);
    }
    let outcomes = outcomes(&rules, &bills(60, 3));
    let mut compared = 0;
    for (description, same) in &of {
        for pair in same.windows(2) {
            assert_eq!(outcomes.get(pair[0]), outcomes.get(pair[1]), "{description}");
            compared += 1;
        }
    }
    let distinct: BTreeSet<String> = rules.iter().map(Rule::to_text).collect();
    assert!(of.len() * 10 > distinct.len() * 9, "{} descriptions of {} rules", of.len(), distinct.len());
    eprintln!("{compared} pairs of rules with one description");
}
