//! `check --fix` over files: what is written, and how.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use loyalty_targets::Payload;
use target_rules::{Limits, Schema};

fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/files").join(name)
}

/// A folder of a test's own, with a copy of a sample.
fn copied(test: &str, name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("fix-{test}"));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    std::fs::copy(sample(name), &path).unwrap();
    path
}

fn fix(option: &str, path: &Path, more: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_target-rules"));
    command.args(["check", "--fix", option]).arg(path.file_name().unwrap()).args(more);
    command.current_dir(path.parent().unwrap()).stdin(Stdio::null()).output().unwrap()
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

fn repaired(name: &str) -> String {
    let (schema, limits) = (Schema::standard(), Limits::default());
    let payload = Payload::read(std::fs::read_to_string(sample(name)).unwrap(), &limits).unwrap();
    payload.fixed(&schema, &limits).text
}

#[test]
fn a_payload_is_printed_with_every_other_byte() {
    let path = copied("print", "repairable.json");
    let before = std::fs::read(&path).unwrap();
    let output = fix("--targets", &path, &[]);
    // One target has what only a person can decide.
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(text(output.stdout), repaired("repairable.json"));
    let told = text(output.stderr);
    assert!(told.starts_with("note: 6 repairs\nerror[unknown-name]: "), "{told}");
    assert!(told.contains(" --> repairable.json:18:30\n"), "{told}");
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn a_payload_is_written_in_place_and_told_of_as_a_check_does() {
    let path = copied("in-place", "repairable.json");
    let output = fix("--targets", &path, &["--in-place"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(text(output.stdout), "target 1: ok\ntarget 2: ok\ntarget 3: refused\ntarget 4: ok\n");
    assert!(text(output.stderr).starts_with("note: 6 repairs made in repairable.json\n"));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), repaired("repairable.json"));
    // A second time there is nothing to repair.
    let again = fix("--targets", &path, &["--in-place", "--diff"]);
    assert_eq!(text(again.stdout), "");
    assert!(text(again.stderr).starts_with("note: nothing that can be repaired safely\n"));
    // Nothing is left beside it.
    assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
}

#[test]
fn the_difference_is_what_patch_makes_of_the_file() {
    let path = copied("diff", "repairable.json");
    let output = fix("--targets", &path, &["--diff", "--quiet"]);
    let difference = text(output.stdout);
    assert!(difference.starts_with("--- repairable.json\n+++ repairable.json\n@@ "), "{difference}");
    // Both forms of two targets.
    let lines = |sign: char| difference.lines().skip(2).filter(|line| line.starts_with(sign)).count();
    assert_eq!((lines('-'), lines('+')), (4, 4), "{difference}");
    // Line ends and escapes stand there as in the file.
    assert!(difference.contains("\r\n") && difference.contains("\\u0066irstName"), "{difference}");
    let coloured = text(fix("--targets", &path, &["--diff", "--color", "always"]).stdout);
    assert!(coloured.contains("\u{1b}[31m-   \"expression\""), "{coloured}");
}

#[test]
fn what_is_left_can_be_told_as_json_where_the_file_is_written() {
    let path = copied("json", "repairable.ndjson");
    let output = fix("--ndjson", &path, &["--in-place", "--format", "json"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(text(output.stderr), "");
    let told = text(output.stdout);
    let ok: Vec<bool> = told
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["ok"].as_bool().unwrap())
        .collect();
    assert_eq!(ok, [true, true, false, false]);
    let written = std::fs::read_to_string(&path).unwrap();
    assert!(written.starts_with("{\"id\":\"a\",\"dsl\":\"currentTxn.value==5\", \"note\":  1.50 }\n"));
    assert!(written.contains("\n\nno JSON\n") && written.contains("firstname==\\u0022A"), "{written}");
}

#[cfg(unix)]
#[test]
fn permissions_and_links_stay() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
    let path = copied("links", "repairable.ndjson");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    let link = path.with_file_name("link.ndjson");
    symlink(&path, &link).unwrap();
    fix("--ndjson", &link, &["--in-place"]);
    assert!(link.symlink_metadata().unwrap().is_symlink());
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o640);
    assert!(std::fs::read_to_string(&path).unwrap().contains("currentTxn.value==5"));
    // What needs no repair is not written.
    let before = path.metadata().unwrap();
    fix("--ndjson", &path, &["--in-place"]);
    let after = path.metadata().unwrap();
    assert_eq!((before.ino(), before.mtime_nsec()), (after.ino(), after.mtime_nsec()));
}
