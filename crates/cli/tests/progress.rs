//! `progress` from one batch to the next: the state is a file. What else happens
//! to that file is in `state_file.rs`.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn run(state: &Path, transactions: &Path) -> Output {
    run_with(state, transactions, Path::new("files/progress-targets.json"), &[])
}

fn run_with(state: &Path, transactions: &Path, targets: &Path, more: &[&str]) -> Output {
    command(transactions, targets).arg("--state").arg(state).args(more).output().unwrap()
}

fn command(transactions: &Path, targets: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_target-rules"));
    command.args(["progress", "--enrolments", "files/enrolments.json", "--targets"]);
    command.arg(targets).arg("--txns").arg(transactions);
    command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli"));
    command
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

/// Days are those of a zone, so a state of another one is none to go on from.
#[test]
fn a_state_of_another_zone_is_refused() {
    let state = folder("progress-zone").join("state.json");
    let (bills, targets) = (Path::new("files/bills.ndjson"), Path::new("files/progress-targets.json"));
    assert_eq!(run_with(&state, bills, targets, &["--timezone", "Asia/Kolkata"]).status.code(), Some(0));
    let saved = std::fs::read_to_string(&state).unwrap();
    let refused = run(&state, bills);
    assert_eq!(refused.status.code(), Some(1));
    let error = String::from_utf8(refused.stderr).unwrap();
    assert!(error.contains("booked in the zone `Asia/Kolkata`, not in `UTC`"), "{error}");
    assert!(error.contains("go on with `--timezone Asia/Kolkata`"), "{error}");
    assert_eq!(std::fs::read_to_string(&state).unwrap(), saved);
    assert_eq!(run_with(&state, bills, targets, &["--timezone", "Asia/Kolkata"]).status.code(), Some(0));
}

#[test]
fn a_state_goes_on_by_another_rule_with_a_warning_and_not_by_another_type() {
    let folder = folder("progress-rules");
    let (state, targets) = (folder.join("state.json"), folder.join("targets.json"));
    let bills = Path::new("files/bills.ndjson");
    assert_eq!(run(&state, bills).status.code(), Some(0));
    let files = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/files");
    let payload = std::fs::read_to_string(files.join("progress-targets.json")).unwrap();
    std::fs::write(&targets, payload.replace("currentTxn.value>500", "currentTxn.value>400")).unwrap();
    let saved = std::fs::read_to_string(&state).unwrap();
    assert_eq!(run_with(&state, bills, &targets, &["--deny-warnings"]).status.code(), Some(1));
    assert_eq!(std::fs::read_to_string(&state).unwrap(), saved);
    let warned = run_with(&state, bills, &targets, &[]);
    assert_eq!(warned.status.code(), Some(0));
    let told = String::from_utf8(warned.stderr).unwrap();
    assert!(told.contains("warning") && told.contains("the rule of target 50 has changed"), "{told}");
    std::fs::write(&targets, payload.replace(r#""SALES""#, r#""GROSS_SALES""#)).unwrap();
    let refused = run_with(&state, bills, &targets, &[]);
    assert_eq!(refused.status.code(), Some(1));
    let error = String::from_utf8(refused.stderr).unwrap();
    assert!(error.contains("target 50 has counted"), "{error}");
}

/// Whatever the number of threads: progress, state and what is told are the same.
#[test]
fn threads_change_nothing() {
    let folder = folder("progress-threads");
    let bills = folder.join("bills.ndjson");
    let mut lines = String::new();
    for number in 0..3_000 {
        let (bill, day, value) = (number % 900, number % 27 + 1, number % 1_300);
        let profile = if number % 7 == 0 { "returnBill" } else { "currentTxn" };
        let customer = if number % 11 == 0 { "\"x\"" } else { "19721" };
        lines += &format!(
            r#"{{"currentCustomer": {{"id": {customer}}}, "{profile}": {{"number": "b-{bill}", "date": "2026-01-{day:02}", "value": {value}}}}}"#
        );
        lines.push('\n');
    }
    std::fs::write(&bills, lines).unwrap();
    let run = |threads: &str| {
        let state = folder.join(format!("state-{threads}.json"));
        let mut command = command(&bills, Path::new("files/progress-targets.json"));
        let output = command.arg("--state").arg(&state).env("RAYON_NUM_THREADS", threads).output().unwrap();
        (output.status.code(), output.stdout, output.stderr, std::fs::read_to_string(&state).unwrap())
    };
    let one = run("1");
    assert_eq!(one.0, Some(1), "some lines have no customer");
    assert!(!one.2.is_empty());
    for threads in ["2", "7"] {
        assert!(run(threads) == one, "{threads} threads come to something else than one");
    }
}
