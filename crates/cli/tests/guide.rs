//! The walk from a rule to a target in the guide to rules: its files are written,
//! its commands run, and they answer what stands below them.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::Command;

#[test]
fn the_walk_through_the_guide_answers_as_it_says() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/writing-rules.md");
    let page = std::fs::read_to_string(page).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (mut files, mut commands) = (0, 0);
    for block in page.split("\n```").skip(1).step_by(2) {
        let (kind, body) = block.split_once('\n').unwrap();
        if let Some(name) = kind.strip_prefix("file ") {
            std::fs::write(folder.path().join(name), format!("{body}\n")).unwrap();
            files += 1;
        }
        if kind == "console" {
            for call in format!("\n{body}").split("\n$ target-rules ").skip(1) {
                let (arguments, expected) = call.split_once('\n').unwrap();
                answers(folder.path(), arguments, expected.trim_end());
                commands += 1;
            }
        }
    }
    assert!(files >= 3 && commands >= 5, "{files} files, {commands} commands");
}

/// Runs one command. Where the answer ends with `...`, more may come.
fn answers(folder: &Path, arguments: &str, expected: &str) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_target-rules"));
    command.args(arguments.split_whitespace()).current_dir(folder).env_remove("NO_COLOR");
    let output = command.output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    let told = told.trim_end();
    assert!(output.status.success(), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
    match expected.strip_suffix("\n...") {
        Some(beginning) => assert!(told.starts_with(beginning), "{arguments}: {told}"),
        None => assert_eq!(told, expected, "{arguments}"),
    }
}
