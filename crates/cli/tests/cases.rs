//! Cases beside rules: the samples pass, and what is recorded passes then.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_target-rules")).args(arguments).output().unwrap()
}

fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

/// A folder of its own for each test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cases").join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn write(path: &Path, text: &str) -> String {
    std::fs::write(path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn the_samples_pass() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/cases");
    let files = ["weekend.cases.json", "march.cases.json"];
    let paths = files.map(|file| samples.join(file).to_str().unwrap().to_owned());
    let output = run(&["test", &paths[0], &paths[1]]);
    assert_eq!(stdout(&output), "9 cases in 2 files: 9 passed, 0 failed\n");
    assert_eq!(output.status.code(), Some(0));
}

/// The example of the guide and of the front page, to the byte.
#[test]
fn the_guide_tells_what_comes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = folder("guide");
    for page in ["docs/cases.md", "README.md"] {
        let page = std::fs::read_to_string(root.join(page)).unwrap();
        let (_, rest) = page.split_once("```json\n{\"rule\": ").unwrap();
        let (cases, rest) = rest.split_once("\n```\n").unwrap();
        let (_, told) = rest.split_once("```text\n").unwrap();
        let (told, _) = told.split_once("```\n").unwrap();
        write(&folder.join("bills.cases.json"), &format!("{{\"rule\": {cases}"));
        let mut command = Command::new(env!("CARGO_BIN_EXE_target-rules"));
        let output = command.args(["test", "bills.cases.json"]).current_dir(&folder).output().unwrap();
        assert_eq!(stdout(&output), told);
    }
}

/// What is recorded passes; what passed before keeps every byte.
fn records(name: &str, before: &str, after: &str) {
    let folder = folder(name);
    write(
        &folder.join("targets.json"),
        r#"{"data": [
        {"id": 50, "targetType": "SALES", "targetEntity": "TRANSACTION", "expression": "currentTxn.value>500"},
        {"id": 51, "targetType": "SALES", "targetEntity": "LINE_ITEM", "expression": "currentLineItem.qty>1"}]}"#,
    );
    let path = write(&folder.join("cases.json"), before);
    assert_eq!(run(&["test", &path]).status.code(), Some(1), "{name} passes before");
    let output = run(&["test", "--record", &path]);
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), after);
    let again = run(&["test", "--record", "--quiet", &path]);
    assert_eq!((again.status.code(), again.stderr.as_slice()), (Some(0), b"".as_slice()));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), after, "{name} is written twice");
    let left = std::fs::read_dir(&folder).unwrap().count();
    assert_eq!(left, 2, "something else is left in the folder");
}

#[test]
fn expectations_of_rules_are_recorded() {
    records(
        "rules",
        "\u{feff}{\"rules\": {\"large\": \"currentTxn.value > 500\", \"tier\": \"currentCustomer.slabName == \\\"Gold\\\"\"},\r\n\
         \"cases\": [\r\n  {\"document\": {\"currentTxn\": {\"value\": 1.50e1}},   \"expect\": {\"large\": true , \"tier\": \"unknown\"}},\r\n\
         \x20 {\r\n    \"name\": \"n\\u00e9w\",\r\n    \"document\": {}\r\n  }]}",
        "\u{feff}{\"rules\": {\"large\": \"currentTxn.value > 500\", \"tier\": \"currentCustomer.slabName == \\\"Gold\\\"\"},\r\n\
         \"cases\": [\r\n  {\"document\": {\"currentTxn\": {\"value\": 1.50e1}},   \"expect\": {\"large\": false , \"tier\": \"unknown\"}},\r\n\
         \x20 {\r\n    \"name\": \"n\\u00e9w\",\r\n    \"document\": {},\r\n    \"expect\": {\"large\": {\"result\": \"unknown\", \"absent\": [\"currentTxn.value\"]}, \
         \"tier\": {\"result\": \"unknown\", \"absent\": [\"currentCustomer.slabName\"]}}\r\n  }]}",
    );
}

#[test]
fn expectations_of_targets_are_recorded() {
    let bill = r#"{"currentCustomer": {"id": 1}, "currentTxn": {"number": "n-1", "date": "2026-03-07", "value": 730.50, "lineItems": [{"qty": 2, "amount": 5}, {"qty": 1}]}}"#;
    records(
        "targets",
        &format!(
            r#"{{"targets": "targets.json", "enrolments": [{{"userId": 1, "targetId": 50, "value": 2000}}],
 "cases": [
  {{"document": {bill}}},
  {{"document": {bill}, "expect": {{"eligible": [51], "targets": {{"50": false}}}}}},
  {{"documents": [{bill}]}},
  {{"documents": [{bill}], "progress": [{{"userId": 1, "targetId": 50, "gap": 3, "reached": true}}]}},
  {{"documents": [{bill}], "progress": [{{"userId": 2, "targetId": 50, "gap": 3}}, {{"userId": 1, "targetId": 50, "gap": 4}}]}}]}}
"#
        ),
        &format!(
            r#"{{"targets": "targets.json", "enrolments": [{{"userId": 1, "targetId": 50, "value": 2000}}],
 "cases": [
  {{"document": {bill},"expect": {{"eligible": [50, 51], "unknown": [], "targets": {{"51": {{"result": true, "items": [0]}}}}}}}},
  {{"document": {bill}, "expect": {{"eligible": [50, 51], "targets": {{"50": true}}}}}},
  {{"documents": [{bill}],"progress": [{{"userId": 1, "targetId": 50, "achieved": 730.5, "gap": 1269.5, "reached": false}}]}},
  {{"documents": [{bill}], "progress": [{{"userId": 1, "targetId": 50, "gap": 1269.5, "reached": false}}]}},
  {{"documents": [{bill}], "progress": [{{"userId": 1, "targetId": 50, "achieved": 730.5, "gap": 1269.5, "reached": false}}]}}]}}
"#
        ),
    );
}

/// A case that cannot be run keeps the others from nothing, and is not written.
#[test]
fn a_case_without_an_answer_is_not_recorded() {
    let folder = folder("no-answer");
    let path = write(
        &folder.join("cases.json"),
        r#"{"rule": "currentTxn.value > 500", "cases": [
  {"document": {"currentTxn": {"value": "many"}}, "expect": true},
  {"document": {"currentTxn": {"value": 501}}, "expect": false}]}"#,
    );
    let output = run(&["test", "--record", &path]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).ends_with("2 cases in 1 file: 0 passed, 1 recorded, 1 failed\n"), "{output:?}");
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(
        text.contains(r#""many"}}, "expect": true}"#) && text.contains(r#"501}}, "expect": true}"#),
        "{text}"
    );
}

/// What each case says is read by the same key as JSON and by build servers.
#[test]
fn every_format_counts_the_same() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/files/cases");
    let path = folder.join("failing.json").to_str().unwrap().to_owned();
    let json = run(&["test", "--format", "json", &path]);
    let status = |wanted: &str| {
        let lines =
            stdout(&json).lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        lines.filter(|line| line.get("status").is_some_and(|status| status == wanted)).count()
    };
    let xml = run(&["test", "--format", "junit", &path]);
    let counts = format!(
        "tests=\"{}\" skipped=\"0\" failures=\"{}\" errors=\"{}\"",
        stdout(&json).lines().count(),
        status("failed"),
        status("error")
    );
    assert!(stdout(&xml).contains(&counts), "{counts}");
    assert_eq!((json.status.code(), xml.status.code()), (Some(1), Some(1)));
}
