//! `check --targets` and `decide` over the documents of the targets' own tests:
//! the command says what the library finds.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use loyalty_targets::{Payload, TargetReport};
use serde_json::{Value, json};
use target_rules::{Diagnostics, Limits, Schema};

fn targets() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../targets")
}

/// Every document, by its name.
fn documents() -> Vec<(String, String)> {
    let mut documents = Vec::new();
    for entry in std::fs::read_dir(targets().join("tests/payloads")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if name != "expected.json" && name.ends_with(".json") {
            documents.push((name, std::fs::read_to_string(path).unwrap()));
        }
    }
    assert!(documents.len() > 10, "only {} documents", documents.len());
    documents
}

fn check(text: &str) -> Result<Vec<TargetReport>, Diagnostics> {
    let (schema, limits) = (Schema::standard(), Limits::default());
    let payload = Payload::read(text, &limits)?;
    Ok(payload.targets().map(|target| target.check(&schema, &limits)).collect())
}

fn run(arguments: &[&str]) -> Output {
    let command =
        Command::new(env!("CARGO_BIN_EXE_target-rules")).args(arguments).current_dir(targets()).output();
    command.unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn the_json_is_one_object_a_target_and_the_exit_status_tells_of_errors() {
    for (name, text) in documents() {
        let path = format!("tests/payloads/{name}");
        let output = run(&["check", "--targets", &path, "--format", "json"]);
        let (reports, ok) = match check(&text) {
            Ok(reports) => {
                let ok = reports.iter().all(|report| report.ok);
                (reports, ok)
            }
            Err(diagnostics) => (vec![TargetReport::from(diagnostics)], false),
        };
        let lines: Vec<Value> =
            out(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(json!(lines), json!(reports), "{name}");
        assert_eq!(output.status.code(), Some(if ok { 0 } else { 1 }), "{name}");
    }
    let output = run(&["check", "--targets", "tests/payloads/filters.json", "--format", "json"]);
    let second = out(&output).lines().nth(1).unwrap().to_owned();
    assert!(second.starts_with(r#"{"id":25,"pointer":"/data/1","ok":false,"diagnostics":[{"code":"#));
    assert!(second.contains(r#""file":{"pointer":"/data/1/filters/1/entityType","span":{"start":"#));
}

#[test]
fn people_see_the_file_and_a_line_a_target() {
    let output = run(&["check", "--targets", "tests/payloads/broken-parts.json"]);
    assert_eq!(output.status.code(), Some(1));
    let lines: Vec<String> = out(&output).lines().map(str::to_owned).collect();
    assert_eq!(lines.len(), 13);
    assert_eq!(lines[0], "target 15: ok");
    assert_eq!(lines[1], "target at /data/1: refused");
    assert!(err(&output).contains(" --> tests/payloads/broken-parts.json:"), "{}", err(&output));
}

#[test]
fn warnings_fail_the_command_where_they_are_denied() {
    let path = "tests/payloads/words.json";
    for command in [vec!["check", "--targets", path], vec!["decide", "--targets", path, "--txn", TRANSACTION]]
    {
        assert_eq!(run(&command).status.code(), Some(0));
        let denied = [command, vec!["--deny-warnings"]].concat();
        let output = run(&denied);
        assert_eq!(output.status.code(), Some(1));
        assert!(err(&output).contains("warning[unknown-value]"));
    }
}

const TRANSACTION: &str = "tests/payloads/transaction.ndjson";

#[test]
fn decide_reads_the_same_documents_and_refuses_with_the_same_errors() {
    for (name, text) in documents() {
        let path = format!("tests/payloads/{name}");
        let decided = run(&["decide", "--targets", &path, "--txn", TRANSACTION]);
        let checked = run(&["check", "--quiet", "--targets", &path]);
        assert_eq!(decided.status.code(), checked.status.code(), "{name}");
        let reports = match check(&text) {
            Ok(reports) if reports.iter().all(|report| report.ok) => reports,
            _ => {
                assert_eq!(err(&decided), err(&checked), "{name}");
                assert_eq!(out(&decided), "", "{name}");
                continue;
            }
        };
        // What does not refuse a target is `check`'s to show.
        assert_eq!(err(&checked), "", "{name}");
        let warnings: Vec<usize> = reports.iter().map(|report| report.diagnostics.len()).collect();
        let line = match warnings.iter().sum::<usize>() {
            0 => String::new(),
            1 => "1 warning".to_owned(),
            more => format!("{more} warnings"),
        };
        let told = err(&decided);
        assert_eq!(told.lines().count(), usize::from(!line.is_empty()), "{name}: {told}");
        assert!(line.is_empty() || told.starts_with(&format!("warning: {line} in ")), "{name}: {told}");
        assert!(
            line.is_empty() || told.contains(&format!("`target-rules check --targets {path}`")),
            "{told}"
        );
        for silent in ["--format=json", "--quiet"] {
            let decided = run(&["decide", silent, "--targets", &path, "--txn", TRANSACTION]);
            assert_eq!(err(&decided), "", "{name}");
        }
        let ids: Vec<i64> = reports.iter().filter_map(|report| report.id).collect();
        let line: Value = serde_json::from_str(&out(&decided)).unwrap();
        assert_eq!(line["eligible"], json!(ids), "{name}");
    }
}
