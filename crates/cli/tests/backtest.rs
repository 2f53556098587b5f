//! A backtest that is stopped, and one whose results nobody can keep: what is told is whole,
//! or says that it isn't.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::fs::File;
use std::io::{Read, Write};
use std::process::{Command, Stdio};

use serde_json::Value;

const RULE: &str = "currentTxn.value>500";
const BILL: &[u8] = b"{\"currentTxn\":{\"value\":730.50}}\n";

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_target-rules"));
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Ctrl-C while it reads: a report of what was read, which says so, and the status 1.
#[test]
fn an_interrupted_backtest_tells_what_it_has_and_that_it_is_not_all() {
    let mut child = command(&["backtest", RULE, "--txns", "-", "--format", "json"]).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    // More than a pipe holds, so some of it was read.
    for _ in 0..20_000 {
        input.write_all(BILL).unwrap();
    }
    let interrupted = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(interrupted.success());
    // It ends after the next document, and then nobody reads any more.
    while input.write_all(BILL).is_ok() {}
    let output = child.wait_with_output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["input"]["whole"], false);
    assert_eq!(report["input"]["notWhole"][0]["why"], "interrupted");
    let read = report["input"]["transactions"].as_u64().unwrap();
    assert!(read > 0 && report["targets"][0]["eligible"] == read);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("this report is not whole: it was interrupted after "), "{said}");
    assert_eq!(output.status.code(), Some(1));
}

/// A full disk under the report is an error, and so is one under the rows of customers.
#[test]
fn a_report_that_cannot_be_written_is_an_error() {
    let Ok(full) = File::create("/dev/full") else { return };
    let mut child = command(&["backtest", RULE, "--txns", "-"]).stdout(full).spawn().unwrap();
    child.stdin.take().unwrap().write_all(BILL).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("cannot be written"));
}

#[test]
fn rows_of_customers_that_have_no_room_are_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bills.ndjson");
    let bills: Vec<String> = (0..5_000)
        .map(|customer| {
            format!("{{\"currentTxn\":{{\"value\":730}},\"currentCustomer\":{{\"id\":{customer}}}}}\n")
        })
        .collect();
    std::fs::write(&path, bills.concat()).unwrap();
    let path = path.display().to_string();
    let run = |memory: &str, temporary: &str| {
        let arguments = ["backtest", RULE, "--txns", &path, "--memory", memory, "--format", "json"];
        command(&arguments).env("TMPDIR", temporary).output().unwrap()
    };
    let refused = run("0", "/no/such/folder");
    assert_eq!(refused.status.code(), Some(2));
    assert!(refused.stdout.is_empty(), "there is no report of a part");
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains("the temporary file for rows of customers can't be used"), "{said}");
    let roomy = run("64", "/no/such/folder");
    assert_eq!(roomy.status.code(), Some(0));
    let spilled = run("0", &folder.path().display().to_string());
    assert_eq!(roomy.stdout, spilled.stdout);
}

/// Who reads only the beginning of a table loses nothing else.
#[test]
fn a_broken_pipe_ends_it_quietly() {
    let mut child = command(&["backtest", RULE, "--txns", "-"]).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    drop(child.stdout.take());
    input.write_all(BILL).unwrap();
    drop(input);
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!((child.wait().unwrap().code(), said.as_str()), (Some(0), ""));
}

/// A Parquet file is read where the command is built for it; else it says how that is done.
#[test]
fn a_parquet_file_is_read_or_it_is_said_how() {
    let seed = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/seeds/columns_in/flat");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bills.parquet");
    // The first byte of the seed is none of the file.
    std::fs::write(&path, &std::fs::read(seed).unwrap()[1..]).unwrap();
    let path = path.display().to_string();
    let output =
        command(&["backtest", "currentTxn.value>10", "--txns", &path, "--format", "json"]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    if cfg!(feature = "parquet") {
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let target = &report["targets"][0];
        assert_eq!((target["eligible"].as_u64(), target["unknown"].as_u64()), (Some(1), Some(1)), "{said}");
    } else {
        assert!(said.contains("bills.parquet: this is a Parquet file"), "{said}");
        assert!(said.contains("cargo install target-rules-cli --features parquet"), "{said}");
        assert_eq!(output.status.code(), Some(2));
    }
}
