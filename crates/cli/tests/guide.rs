//! The walk from a rule to a target in the guide to rules, the guide to mappings, and the
//! way from a pasted rule to a launch: their files are written, their commands run, and they answer what stands below.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::Command;

#[test]
fn the_walk_through_the_guide_answers_as_it_says() {
    let (files, commands) = walk("writing-rules.md");
    assert!(files >= 3 && commands >= 5, "{files} files, {commands} commands");
}

#[test]
fn the_guide_to_mappings_answers_as_it_says() {
    let (files, commands) = walk("mappings.md");
    assert!(files >= 10 && commands >= 9, "{files} files, {commands} commands");
}

#[test]
fn the_way_to_a_launch_answers_as_it_says() {
    let (files, commands) = walk("launch.md");
    assert!(files >= 3 && commands >= 9, "{files} files, {commands} commands");
}

/// Writes the files of a page and runs its commands; how many there were.
fn walk(page: &str) -> (usize, usize) {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(page);
    let page = std::fs::read_to_string(page).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (mut files, mut commands) = (0, 0);
    for block in page.split("\n```").skip(1).step_by(2) {
        let (kind, body) = block.split_once('\n').unwrap();
        if let Some(name) = kind.strip_prefix("file ") {
            std::fs::write(folder.path().join(name), format!("{body}\n")).unwrap();
            files += 1;
        }
        if ["console", "fails"].contains(&kind) {
            for call in format!("\n{body}").split("\n$ target-rules ").skip(1) {
                let (arguments, expected) = call.split_once('\n').unwrap();
                answers(folder.path(), arguments, expected.trim_end(), kind == "fails");
                commands += 1;
            }
        }
    }
    (files, commands)
}

/// Runs one command. Where the answer ends with `...`, more may come.
fn answers(folder: &Path, arguments: &str, expected: &str, fails: bool) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_target-rules"));
    command.args(words(arguments)).current_dir(folder).env_remove("NO_COLOR");
    let output = command.output().unwrap();
    // What fails is told on standard error.
    let told = if fails { &output.stderr } else { &output.stdout };
    let told = String::from_utf8(told.clone()).unwrap();
    let told = told.trim_end();
    assert_eq!(
        output.status.code(),
        Some(i32::from(fails)),
        "{arguments}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    match expected.strip_suffix("\n...") {
        Some(beginning) => assert!(told.starts_with(beginning), "{arguments}: {told}"),
        None => assert_eq!(told, expected, "{arguments}"),
    }
}

/// The words of a command line; single quotes keep what is between them.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for character in line.chars() {
        match (character, words.last_mut()) {
            ('\'', _) => quoted = !quoted,
            (' ', _) if !quoted => words.push(String::new()),
            (character, Some(word)) => word.push(character),
            (_, None) => {}
        }
    }
    words.retain(|word| !word.is_empty());
    words
}
