//! Imports run one way: a folder imports only folders of a lower rank.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::Path;

/// The pipeline, lowest first. Folders of one rank do not know each other,
/// but for `diagnostic` and `json`: a diagnostic's pointer is found by reading.
const RANKS: [&[&str]; 12] = [
    &["limits", "value"],
    &["diagnostic", "json"],
    &["syntax", "schema"],
    &["rule"],
    &["check", "transaction"],
    &["evaluate"],
    &["program"],
    &["ruleset"],
    &["target"],
    &["progress"],
    &["lib", "explain"],
    &["cli", "main"],
];

fn rank(room: &str) -> usize {
    RANKS.iter().position(|rooms| rooms.contains(&room)).unwrap_or_else(|| panic!("`{room}` has no rank"))
}

fn walk(folder: &Path, visit: &mut impl FnMut(&Path)) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, visit);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            visit(&path);
        }
    }
}

#[test]
fn imports_run_one_way() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut imports = 0;
    walk(&source, &mut |path| {
        let inside = path.strip_prefix(&source).unwrap();
        let room = inside
            .components()
            .next()
            .unwrap()
            .as_os_str()
            .to_str()
            .unwrap()
            .trim_end_matches(".rs")
            .to_owned();
        let text = std::fs::read_to_string(path).unwrap();
        for (number, line) in
            text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"))
        {
            for after in line.split("crate::").skip(1) {
                let other: String = after.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                if room == "lib" || other.is_empty() || other == room {
                    continue;
                }
                imports += 1;
                let allowed = rank(&other) < rank(&room)
                    || (room == "diagnostic" && other == "json")
                    || (room == "json" && other == "diagnostic");
                assert!(allowed, "{}:{}: `{room}` imports `{other}`", inside.display(), number + 1);
            }
        }
    });
    assert!(imports > 20, "the test reads no imports any more");
}

#[test]
fn only_the_reader_of_texts_names_pest_and_no_file_is_long() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    walk(&source, &mut |path| {
        let text = std::fs::read_to_string(path).unwrap();
        let inside = path.strip_prefix(&source).unwrap();
        if inside != Path::new("syntax/text.rs") {
            assert!(!text.contains("pest::"), "{} names pest", inside.display());
        }
        assert!(text.lines().count() <= 620, "{} is too long", inside.display());
    });
}
