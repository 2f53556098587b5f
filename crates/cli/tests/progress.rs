//! `progress` from one batch to the next: the state is a file.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn run(state: &Path, transactions: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_target-rules"))
        .args([
            "progress",
            "--targets",
            "files/progress-targets.json",
            "--enrolments",
            "files/enrolments.json",
        ])
        .arg("--txns")
        .arg(transactions)
        .arg("--state")
        .arg(state)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli"))
        .output()
        .unwrap()
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    drop(std::fs::remove_dir_all(&folder));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn the_state_is_taken_up_and_nothing_counts_twice() {
    let folder = folder("progress-state");
    let state = folder.join("state.json");
    let bills = Path::new("files/bills.ndjson");
    let first = run(&state, bills);
    assert_eq!(first.status.code(), Some(0));
    let saved = std::fs::read_to_string(&state).unwrap();
    // The same bills once more: the same progress, the same state.
    let second = run(&state, bills);
    assert_eq!(second.stdout, first.stdout);
    assert_eq!(std::fs::read_to_string(&state).unwrap(), saved);
    // Another bill comes on top of what was booked.
    let more = folder.join("more.ndjson");
    let bill = r#"{"currentCustomer": {"id": 19721}, "currentTxn": {"number": "n-9", "date": "2026-01-09", "value": 600}}"#;
    std::fs::write(&more, bill).unwrap();
    let third = run(&state, &more);
    let out = String::from_utf8(third.stdout).unwrap();
    assert!(
        out.starts_with(r#"{"userId":19721,"targetId":50,"periodId":3,"defined":5000,"achieved":1946.15,"#),
        "{out}"
    );
    // Nothing is left beside the state.
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 2);
}

#[test]
fn a_state_that_cannot_be_written_is_told_before_anything_is_printed() {
    let state = folder("progress-no-state").join("missing").join("state.json");
    let output = run(&state, Path::new("files/bills.ndjson"));
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("the state cannot be written"), "{error}");
}

#[test]
fn a_state_that_cannot_be_read_stays_as_it_is() {
    let state = folder("progress-broken-state").join("state.json");
    std::fs::write(&state, r#"{"version": 1, "accounts": ["#).unwrap();
    let output = run(&state, Path::new("files/bills.ndjson"));
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(std::fs::read_to_string(&state).unwrap(), r#"{"version": 1, "accounts": ["#);
}
