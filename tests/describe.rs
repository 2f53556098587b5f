//! Descriptions: what `tests/describe` says of rules of our own, and what must
//! hold of every description.
//!
//! A file of `tests/describe` has, for each rule, its text and below it the
//! description, indented; an empty line between two. `documented.txt` holds the
//! rules of workload 7, `shapes.txt` what they leave out.
//! `UPDATE_DESCRIBE=1 cargo test --test all describe::` writes the descriptions;
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
        let transaction = layout.read(bill, &limits).unwrap();
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
    let least = match Origin::best() {
        Origin::Corpus => 5,
        Origin::Ours => 1,
    };
    assert!(compared >= least, "only {compared} pairs of rules with one description");
}

/// Pieces of patterns that are joined in every way.
const PIECES: [&str; 16] = [
    "a", "A", "b", ".", "a*", "a?", ".*", "[ab]", "[aA]", "(?i:a)", "a+", ".+", "(a|b)", "(ab|b)", "a{2}",
    "[a-z]",
];

fn patterns() -> Vec<String> {
    let mut bodies: Vec<String> = PIECES.iter().map(ToString::to_string).collect();
    for first in PIECES {
        for second in PIECES {
            bodies.push(format!("{first}{second}"));
            bodies.extend([".*"].map(|third| format!("{first}{second}{third}")));
        }
    }
    let anchored = |body: &String| {
        [body.clone(), format!("^{body}"), format!("{body}$"), format!("^{body}$"), format!("(?i){body}")]
    };
    bodies.iter().flat_map(anchored).collect()
}

/// Every text of up to three characters of a few.
fn short_texts() -> Vec<String> {
    let mut all = vec![String::new()];
    let mut last = all.clone();
    for _ in 0..3 {
        last = last.iter().flat_map(|text| ['a', 'A', 'b', '\n'].map(|end| format!("{text}{end}"))).collect();
        all.extend(last.iter().cloned());
    }
    all
}

/// What the plainest words say of a text: whether one of the quoted texts is
/// there, at the beginning, at the end, or all there is.
fn as_said(words: &str, text: &str) -> Option<bool> {
    type Holds = fn(&str, &str) -> bool;
    let verbs: [(&str, Holds); 4] = [
        ("contains ", |text, part| text.contains(part)),
        ("starts with ", |text, part| text.starts_with(part)),
        ("ends with ", |text, part| text.ends_with(part)),
        ("is ", |text, part| text == part),
    ];
    let (rest, holds) = verbs.iter().find_map(|(verb, holds)| Some((words.strip_prefix(verb)?, holds)))?;
    let parts: Vec<&str> = rest.split('"').skip(1).step_by(2).collect();
    let between: String = rest.split('"').step_by(2).collect();
    let between = between.replace(", ", "").replace(" or ", "");
    let folds = between == " (in upper or lower case)".replace(" or ", "");
    if parts.is_empty() || !(between.is_empty() || folds) {
        return None;
    }
    let cased = |text: &str| if folds { text.to_lowercase() } else { text.to_owned() };
    Some(parts.iter().any(|part| holds(&cased(text), &cased(part))))
}

#[test]
fn patterns_are_said_as_they_match() {
    let mut of: BTreeMap<String, (String, Vec<bool>)> = BTreeMap::new();
    let texts = short_texts();
    let (mut checked, mut alike) = (0, 0);
    for pattern in patterns() {
        let described = rule(&format!("currentTxn.notes.matches(\"{pattern}\")")).describe();
        let words = described.as_str().strip_prefix("the cashier's note ").unwrap().to_owned();
        let regex: target_rules::value::Pattern = pattern.parse().unwrap();
        let matches: Vec<bool> = texts.iter().map(|text| regex.is_match(text)).collect();
        for (text, matched) in texts.iter().zip(&matches) {
            if let Some(said) = as_said(&words, text) {
                assert_eq!(said, *matched, "{pattern}: {words}: {text:?}");
                checked += 1;
            }
        }
        match of.get(&words) {
            Some((other, same)) => {
                assert_eq!(*same, matches, "{pattern} and {other}: {words}");
                alike += 1;
            }
            None => drop(of.insert(words, (pattern, matches))),
        }
    }
    assert!(checked > 50_000 && alike > 1_000, "{checked} answers, {alike} pairs");
}

#[test]
fn no_two_names_of_the_schema_are_said_alike() {
    let schema = Schema::standard();
    let mut of: BTreeMap<String, (String, BTreeSet<target_rules::Reference>)> = BTreeMap::new();
    let mut said = 0;
    for profile in schema.profiles() {
        let attributes = profile.attributes().map(|attribute| {
            let name = format!("{}.{}", profile.name(), attribute.name());
            (format!("{name}.isNull()"), format!("{name}.isNotNull()"), attribute.value_type().name())
        });
        let methods = profile.methods().filter(|method| method.is_answered_by_document()).map(|method| {
            let arguments: Vec<String> = method
                .parameters()
                .map(|parameter| match parameter.value_type().name() {
                    "number" => "7".to_owned(),
                    _ => format!("\"{}\"", parameter.values().next().unwrap_or("x")),
                })
                .collect();
            let name = format!("{}.{}({})", profile.name(), method.name(), arguments.join(","));
            (format!("{name}.isNull()"), format!("{name}.isNotNull()"), method.returns().name())
        });
        for (absent, there, of_type) in attributes.chain(methods) {
            let (absent, there) = (rule(&absent), rule(&there));
            let words = absent.describe().to_string();
            // Quoted names are for what an organisation adds.
            assert!(!unquoted(&words).contains("answer"), "{words}");
            let quoted = words.contains("'s \"");
            assert!(!quoted, "{}: {words}", absent.to_text());
            assert_ne!(words, there.describe().to_string());
            let read: BTreeSet<_> = absent.references().into_iter().collect();
            if let Some((other, same)) = of.get(&words) {
                assert_eq!(*same, read, "{} and {other}: {words}", absent.to_text());
            }
            of.insert(words, (absent.to_text(), read));
            said += usize::from(!of_type.is_empty());
        }
    }
    assert!(said > 200, "only {said} names");
}

#[test]
fn long_rules_are_described_whole_and_at_once() {
    let stores: Vec<String> = (0..10_000).map(|at| format!("currentStore.code==\"s{at}\"")).collect();
    let description = rule(&stores.join("||")).describe();
    assert!(description.as_str().contains("\"s9999\""), "a store is missing");
    let fields: Vec<String> =
        (0..5_000).map(|at| format!("currentCustomer.customFieldValueIncludes(\"f{at}\",\"x\")")).collect();
    let description = rule(&fields.join("&&")).describe();
    assert_eq!(description.as_str().lines().count(), 5_001);
    let notes: Vec<String> = (0..10_000).map(|at| format!("currentTxn.notes.contains(\"n{at}\")")).collect();
    let description = rule(&notes.join("||")).describe();
    assert!(description.as_str().ends_with("or \"n9999\""), "a text is missing");
    let days: Vec<String> = (1..10_000).map(|at| format!("currentTxn.date.isAfter({at},1,1)")).collect();
    let description = rule(&days.join("||")).describe();
    assert_eq!(description.as_str().lines().count(), 10_000);
}
