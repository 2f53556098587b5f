//! Results that cannot be written are told, and the status is 2: of every command,
//! in every format, help and the version included.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What writes something to standard output, with the samples of the other tests.
const CALLS: &[&str] = &[
    "--help",
    "-h",
    "--version",
    "check --help",
    "help",
    "help check",
    "help limits",
    "man",
    "man decide",
    "completions bash",
    "check true",
    "check true --format json",
    "check true --format sarif",
    "check x --format json",
    "check --explain unknown-name",
    "check --ndjson files/rules.ndjson",
    "check --ndjson files/rules.ndjson --format json",
    "check --ndjson files/rules.ndjson --format sarif",
    "check --targets files/targets.json",
    "check --targets files/targets.json --format json",
    "check --targets files/error.json --format json",
    "check --txns files/bills.ndjson",
    "check --txns files/bills.ndjson --targets files/targets.json --format json",
    "check --fix currentTxn.value=5",
    "check --fix --diff currentTxn.value=5",
    "check --fix --targets files/repairable.json",
    "check --fix --diff --ndjson files/repairable.ndjson",
    "fmt true",
    "convert --to dsl true",
    "convert --to tree true",
    "eval currentTxn.value>5 --txn files/bill.json",
    "eval currentTxn.value>5 --txn files/bill.json --format json",
    "explain currentTxn.value>5 --txn files/bill.json",
    "explain currentTxn.value>5 --txn files/bill.json --format json",
    "explain currentTxn.value>5 --txn files/bill.json --format html",
    "explain --targets files/store-targets.json --id 50 --txn files/store-bill.json",
    "explain --targets files/store-targets.json --id 50 --txn files/store-bill.json --format json",
    "explain --targets files/store-targets.json --id 50 --txn files/store-bill.json --format html",
    "nearest currentTxn.value>5000 --txn files/bill.json",
    "nearest currentTxn.value>5000 --txn files/bill.json --format json",
    "residual currentTxn.value>5 --txn files/bill.json",
    "sql currentTxn.value>5 --dialect duckdb",
    "sql currentTxn.value>5 --dialect postgres --format json",
    "synthesise --true files/bill.json --false files/store-bill.json",
    "synthesise --true files/bill.json --false files/store-bill.json --format json",
    "describe currentTxn.value>5",
    "describe currentTxn.value>5 --format json",
    "describe --targets files/targets.json",
    "describe --targets files/targets.json --format json",
    "diff currentTxn.value>5 currentTxn.value>6",
    "diff currentTxn.value>5 currentTxn.value>6 --format json",
    "diff --targets files/diff-old.json files/diff-new.json",
    "diff --targets files/diff-old.json files/diff-new.json --format json --txns files/recorded.ndjson",
    "lint currentTxn.value>5",
    "lint currentTxn.value>5&&currentTxn.value>4 --format json",
    "lint --fix currentTxn.value>5&&currentTxn.value>4",
    "lint --targets files/lint-targets.json",
    "lint --targets files/lint-targets.json --format json",
    "overlap --targets files/overlap-targets.json",
    "overlap --targets files/overlap-targets.json --format json",
    "references currentTxn.value>5",
    "references true",
    "references currentTxn.value>5 --format json",
    "references --targets files/targets.json",
    "decide --targets files/targets.json --txn files/bill.json",
    "decide --targets files/targets.json --txn files/bill.json --format human",
    "decide --targets files/targets.json --txns files/bills.ndjson",
    "decide --targets files/targets.json --txns files/bills.ndjson --format human",
    "progress --targets files/progress-targets.json --enrolments files/enrolments.json --txns files/bills.ndjson",
    "progress --targets files/progress-targets.json --enrolments files/enrolments.json --txns files/bills.ndjson --format human",
    "mapping infer files/bill.json",
    "mapping check files/till.mapping.json",
    "mapping show bulk-bill",
    "mapping format",
    "eval currentTxn.value>5 --mapping files/till.mapping.json --txn files/bill.json",
    "test files/cases/passing.json",
    "test files/cases/failing.json",
    "test files/cases/failing.json --format json",
    "test files/cases/failing.json --format junit",
    "backtest currentTxn.value>5 --txns files/bills.ndjson",
    "backtest currentTxn.value>5 --txns files/bills.ndjson --format json",
    "backtest currentTxn.value>5 --txns files/bills.ndjson --format html",
    "compare currentTxn.value>5 currentTxn.value>6 --txns files/bills.ndjson",
    "compare currentTxn.value>5 currentTxn.value>6 --txns files/bills.ndjson --format html",
    "sample --count 10",
    "schema",
    "schema --profile currentTxn",
    "schema --format json",
    "schema --file-format",
];

fn command(line: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_target-rules"));
    command.args(line.split(' ')).current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli"));
    command.stdin(Stdio::null());
    command
}

/// A file that is always full; none where the system has no such thing.
fn full() -> Option<PathBuf> {
    let full = Path::new("/dev/full");
    if !full.exists() {
        eprintln!("!! there is no /dev/full: NO FULL DISK IS TRIED");
    }
    full.exists().then(|| full.to_owned())
}

fn opened(path: &Path) -> Stdio {
    File::options().write(true).open(path).unwrap().into()
}

#[test]
fn results_that_cannot_be_written_are_told() {
    let Some(full) = full() else { return };
    let mut wrong = Vec::new();
    for line in CALLS {
        let output = command(line).stdout(opened(&full)).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        if output.status.code() != Some(2) || !said.contains("the results cannot be written") {
            wrong.push(format!("{line}: {:?}, {said}", output.status.code()));
        }
        // Elsewhere it writes something, or nothing is tried here.
        let written = command(line).output().unwrap();
        if written.stdout.is_empty() || written.status.code() == Some(2) {
            wrong.push(format!("{line}: writes nothing, {:?}", written.status.code()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_command_is_tried() {
    let help = command("--help").output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let (_, commands) = help.split_once("Commands:\n").unwrap();
    let (commands, _) = commands.split_once("\n\n").unwrap();
    let names: Vec<&str> = commands.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert!(names.len() > 10, "{names:?}");
    for name in names {
        let tried = CALLS.iter().any(|line| line.split(' ').next() == Some(name));
        assert!(tried, "`{name}` is not tried");
    }
}

/// Whether standard error can be written changes no status: the results are whole.
#[test]
fn messages_that_cannot_be_written_change_nothing() {
    let Some(full) = full() else { return };
    let more =
        ["check", "check x", "check --targets files/faulty-targets.json", "eval x --txn files/none.json"];
    for line in CALLS.iter().chain(&more) {
        let usual = command(line).output().unwrap();
        let output = command(line).stderr(opened(&full)).output().unwrap();
        assert_eq!((output.status.code(), &output.stdout), (usual.status.code(), &usual.stdout), "{line}");
    }
}
