//! A sample is what rules, targets and the ledger take: documented rules find
//! something in it, and nothing is wrong with it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use target_rules::{Ast, Evaluation, Limits, RuleSet, Schema, Scratch, Zone};
use target_rules_sample::{Sample, SampleOptions, Share};

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_target-rules")).args(arguments).output().unwrap()
}

fn file(name: &str, text: &[u8]) -> String {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

/// Rules of public documentation that check, where they are: their folder is named
/// by `TARGET_RULES_SHARED`.
fn documented() -> Option<Vec<(String, target_rules::Rule)>> {
    let Some(folder) = std::env::var_os("TARGET_RULES_SHARED") else {
        eprintln!("skipped: TARGET_RULES_SHARED names no folder with documented rules");
        return None;
    };
    let text = std::fs::read_to_string(PathBuf::from(folder).join("corpus/expressions.jsonl")).unwrap();
    let limits = Limits::default();
    let rules = text.lines().filter_map(|line| {
        let row: Value = serde_json::from_str(line).unwrap();
        let ast = Ast::from_text(row["dsl"].as_str()?, &limits).ok()?;
        Some((row["id"].to_string(), ast.check(&Schema::standard(), &limits).into_rule().ok()?))
    });
    Some(rules.collect())
}

/// How many of a hundred documented rules are true at least once. The others ask for
/// values that one organisation has, such as `billNum20170207120113`, or for other
/// events than bills and returns.
const TRUE_ONCE: usize = 64;

#[test]
fn documented_rules_find_something() {
    let Some(rules) = documented() else { return };
    let count = rules.len();
    let set = RuleSet::new(rules).unwrap();
    let (mut scratch, mut transaction) = (Scratch::default(), set.layout().blank());
    let (zone, mut found) = (Zone::UTC, std::collections::BTreeSet::new());
    let mut sample = Sample::new(&SampleOptions::of(20_000)).unwrap();
    while let Some(line) = sample.next_line() {
        set.layout().read_into(line, &Limits::default(), &mut transaction).unwrap();
        let mut evaluation = Evaluation::new(&transaction, &zone, &mut scratch);
        set.decide(&mut evaluation, |id, _items| {
            found.insert(id.clone());
        })
        .unwrap();
    }
    let percent = found.len() * 100 / count;
    println!("{} of {count} documented rules are true at least once: {percent} %", found.len());
    assert!(percent >= TRUE_ONCE, "{percent} %");
}

#[test]
fn nothing_is_wrong_with_a_sample() {
    for share in ["0", "10%"] {
        let sampled = run(&["sample", "--count", "1000", "--absent", share]);
        let bills = file("sampled.ndjson", &sampled.stdout);
        let checked = run(&["check", "--txns", &bills]);
        assert_eq!(String::from_utf8(checked.stdout).unwrap(), "1000 documents: ok\n", "absent {share}");
        assert_eq!(String::from_utf8(checked.stderr).unwrap(), "", "absent {share}");
        assert_eq!(checked.status.code(), Some(0));
    }
}

const TARGETS: &str = r#"{"data": [
    {"id": 1, "name": "Spend", "targetType": "SALES", "targetEntity": "TRANSACTION", "expression": "currentTxn.value>0"},
    {"id": 2, "name": "Shoes", "targetType": "QUANTITY", "targetEntity": "LINEITEM",
     "expression": "currentLineItem.doesItemMatch(\"category\",\"Shoes\")"}]}"#;

/// The ledger books what a sample says: each customer has achieved what her last
/// transaction says that she bought, and what is returned is taken back.
#[test]
fn the_ledger_books_a_sample() {
    let options = SampleOptions { customers: Some(200), ..SampleOptions::of(4_000) };
    let mut sample = Sample::new(&options).unwrap();
    let (mut known, mut last) = (String::new(), std::collections::BTreeMap::new());
    while let Some(line) = sample.next_line() {
        let document: Value = serde_json::from_str(line).unwrap();
        let customer = &document["currentCustomer"];
        // Nobody can be told what a bill without a customer is for.
        if let Some(id) = customer["id"].as_i64() {
            known.push_str(line);
            last.insert(id, customer["lifetimePurchase"].as_f64().unwrap());
        }
    }
    let enrolments: Vec<String> =
        last.keys().map(|id| format!(r#"{{"userId": {id}, "targetId": 1, "value": 1000}}"#)).collect();
    let (targets, txns) =
        (file("sampled-targets.json", TARGETS.as_bytes()), file("known.ndjson", known.as_bytes()));
    let enrolments = file("sampled-enrolments.json", format!("[{}]", enrolments.join(",")).as_bytes());
    let files =
        ["progress", "--format", "json", "--targets", &targets, "--enrolments", &enrolments, "--txns", &txns];
    let output = run(&files);
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert_eq!(output.status.code(), Some(0));
    let text = String::from_utf8(output.stdout).unwrap();
    let mut told = 0;
    for line in text.lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        let (id, achieved) = (row["userId"].as_i64().unwrap(), row["achieved"].as_f64().unwrap());
        assert!((achieved - last[&id]).abs() < 0.005, "{row} and {}", last[&id]);
        told += 1;
    }
    assert_eq!(told, last.len());
}

/// The command writes what the library makes.
#[test]
fn the_command_writes_the_stream() {
    let options = SampleOptions {
        seed: 9,
        customers: Some(5),
        days: 20,
        absent: Share::of_million(20_000),
        ..SampleOptions::of(50)
    };
    let mut sample = Sample::new(&options).unwrap();
    let mut all = String::new();
    while let Some(line) = sample.next_line() {
        all.push_str(line);
    }
    let line = "sample --count 50 --seed 9 --customers 5 --days 20 --absent 2%";
    let written = run(&line.split(' ').collect::<Vec<_>>());
    assert_eq!(String::from_utf8(written.stdout).unwrap(), all);
}
