//! Inputs of size: the command answers within little memory, and no name makes its
//! output large. Each of these took several times as much when what is held, or
//! written, was a product.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use target_rules_testing::oversized;

/// A folder with files of these contents.
fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    drop(std::fs::remove_dir_all(&folder));
    std::fs::create_dir_all(&folder).unwrap();
    for (file, content) in files {
        std::fs::write(folder.join(file), content).unwrap();
    }
    folder
}

/// What came of a call.
struct Answer {
    status: Option<i32>,
    bytes: usize,
    lines: usize,
    /// The first 100 000 bytes of what was told on standard error.
    told: String,
}

/// Calls the command in a folder with at most so many MiB to write in. Without
/// that memory it is ended by a signal, and has no status.
fn within(mebibytes: usize, folder: &Path, arguments: &[&str]) -> Answer {
    let mut command = Command::new("sh");
    let script = format!("ulimit -d {}; exec \"$0\" \"$@\"", mebibytes << 10);
    command.arg("-c").arg(script).arg(env!("CARGO_BIN_EXE_target-rules")).args(arguments);
    // Each thread would reserve much that it never uses.
    command.env("MALLOC_ARENA_MAX", "1").env("RAYON_NUM_THREADS", "2").current_dir(folder);
    let told = folder.join("told");
    command.stdout(Stdio::piped()).stderr(std::fs::File::create(&told).unwrap());
    let mut child = command.spawn().unwrap();
    let mut output = child.stdout.take().unwrap();
    let (mut bytes, mut lines, mut part) = (0, 0, vec![0; 1 << 16]);
    loop {
        let read = output.read(&mut part).unwrap();
        if read == 0 {
            break;
        }
        bytes += read;
        lines += part.iter().take(read).filter(|byte| **byte == b'\n').count();
    }
    let status = child.wait().unwrap().code();
    let mut start = Vec::new();
    std::fs::File::open(told).unwrap().take(100_000).read_to_end(&mut start).unwrap();
    Answer { status, bytes, lines, told: String::from_utf8_lossy(&start).into_owned() }
}

#[test]
fn answers_that_wait_are_bounded_by_their_bytes() {
    let targets = oversized::targets_of_many_terms(4, 1_500);
    let folder = folder("size-reasons", &[("targets.json", &targets), ("bills.ndjson", &"{}\n".repeat(512))]);
    let answer = within(90, &folder, &["decide", "--targets", "targets.json", "--txns", "bills.ndjson"]);
    assert_eq!((answer.status, answer.lines), (Some(0), 512), "{}", answer.told);
    assert!(answer.bytes > 60 << 20, "{} bytes", answer.bytes);
}

#[test]
fn what_does_not_count_is_told_by_kinds() {
    let targets = oversized::targets_that_enrol_by_bills(600);
    let bills = oversized::bills_without_points(1_200);
    let files = [("targets.json", &*targets), ("bills.ndjson", &bills), ("enrolments.json", "[]")];
    let folder = folder("size-untold", &files);
    let arguments = [
        "progress",
        "--targets",
        "targets.json",
        "--enrolments",
        "enrolments.json",
        "--txns",
        "bills.ndjson",
    ];
    let answer = within(60, &folder, &arguments);
    assert_eq!((answer.status, answer.lines), (Some(0), 0), "{}", answer.told);
    let first = "note: `n-0` and 1199 more not counted for target 0: ";
    assert!(answer.told.contains(first), "{:.1000}", answer.told);
}

#[test]
fn lines_of_progress_are_made_one_by_one() {
    let targets = oversized::target_of_many_periods(1_000);
    let enrolments = oversized::enrolments_in_all_periods(200);
    let files = [("targets.json", &*targets), ("enrolments.json", &enrolments), ("bills.ndjson", "")];
    let folder = folder("size-periods", &files);
    let arguments = [
        "progress",
        "--targets",
        "targets.json",
        "--enrolments",
        "enrolments.json",
        "--txns",
        "bills.ndjson",
        "--format",
    ];
    for (format, lines) in [("json", 200_000), ("human", 200_001)] {
        let arguments: Vec<&str> = arguments.into_iter().chain([format]).collect();
        let answer = within(40, &folder, &arguments);
        assert_eq!((answer.status, answer.lines), (Some(0), lines), "{}", answer.told);
    }
}

#[test]
fn what_nests_too_deeply_is_refused_where_it_does() {
    let nested = oversized::arrays_within_each_other(3_000_000);
    let folder = folder("size-depth", &[("targets.json", &nested)]);
    let answer = within(40, &folder, &["check", "--targets", "targets.json"]);
    assert_eq!(answer.status, Some(1), "{}", answer.told);
    assert!(
        answer.told.contains("error[limit]: objects and arrays nest deeper than 100 levels"),
        "{}",
        answer.told
    );
    assert!(answer.told.contains("--> targets.json:1:101\n"), "{}", answer.told);
    assert!(answer.told.len() < 2_000, "{} bytes", answer.told.len());
}

#[test]
fn a_long_name_widens_no_table() {
    let name = "n".repeat(400_000);
    let schema = format!(
        r#"{{"profiles": {{"currentTxn": {{"attributes": {{"{name}": {{"type": "number", "meaning": "Till."}}}}}}}}}}"#
    );
    let targets: Vec<String> = (0..100)
        .map(|id| format!(r#"{{"id": {id}, "expression": "currentTxn.extField_{id}>1"}}"#))
        .chain([format!(r#"{{"id": 100, "expression": "currentTxn.{name}>1"}}"#)])
        .collect();
    let targets = format!("[{}]", targets.join(","));
    let folder = folder("size-name", &[("schema.json", &schema), ("targets.json", &targets)]);
    for arguments in [vec!["schema"], vec!["references", "--targets", "targets.json"]] {
        let arguments: Vec<&str> = arguments.into_iter().chain(["--schema", "schema.json"]).collect();
        let answer = within(100, &folder, &arguments);
        assert_eq!(answer.status, Some(0), "{:.300}", answer.told);
        assert!(answer.bytes < 100_000, "{arguments:?}: {} bytes", answer.bytes);
    }
}
