//! The root of the library stays readable: few names, the rest in modules.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::Path;

/// Names that the root may have beside its modules: what nearly every host
/// names. A new one goes into the module of its stage; this is never raised.
const MOST_NAMES: usize = 25;

/// What makes a name at the root where it stands at the beginning of a line.
const ITEMS: [&str; 9] = ["struct", "enum", "union", "trait", "type", "const fn", "const", "static", "fn"];

/// The names that the text of a crate's root makes public beside its modules.
/// What stands deeper than the root is indented, since the text is formatted.
fn names(text: &str) -> Vec<String> {
    let code: Vec<&str> = text.lines().map(|line| line.split("//").next().unwrap_or("")).collect();
    let mut found: Vec<String> = Vec::new();
    for line in &code {
        let Some(item) = line.strip_prefix("pub ") else { continue };
        let kind = ITEMS.iter().find(|kind| item.starts_with(&format!("{kind} ")));
        if let Some(rest) = kind.and_then(|kind| item.strip_prefix(kind)) {
            let end = rest.trim_start().find(|c: char| !c.is_alphanumeric() && c != '_');
            found.push(rest.trim_start().chars().take(end.unwrap_or(usize::MAX)).collect());
        }
    }
    let joined = code.join("\n");
    for (at, _) in joined.match_indices("\npub use ") {
        let list = joined.get(at..).unwrap().trim_start_matches("\npub use ");
        let list = list.split(';').next().unwrap();
        found.extend(leaves(list));
    }
    found
}

/// The names that a `use` brings in.
fn leaves(list: &str) -> Vec<String> {
    let words = list.split(|c: char| ",{}".contains(c) || c.is_whitespace()).filter(|word| !word.is_empty());
    let mut leaves: Vec<String> = Vec::new();
    let mut renamed = false;
    for word in words {
        assert!(!word.ends_with('*'), "`{list}` hides how many names it brings");
        if word == "as" {
            leaves.pop();
        }
        renamed = word == "as" || (renamed && word.ends_with("::"));
        if word != "as" && !word.ends_with("::") {
            leaves.push(word.rsplit("::").next().unwrap().to_owned());
        }
    }
    leaves
}

#[test]
fn the_names_of_a_root_are_found() {
    let text = "
mod hidden;
pub mod shown;
pub use one::{A, B, // a remark, {with, braces}
    two::{C, D as E}};
pub use three::F;
pub(crate) use four::G;
pub use five::six::H as I;
pub struct J<T>(T);
pub const fn k() {}
fn l() {}
    pub fn inside() {}
";
    assert_eq!(names(text), ["J", "k", "A", "B", "C", "E", "F", "I"]);
}

#[test]
fn the_root_has_few_names() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs");
    let mut names = names(&std::fs::read_to_string(root).unwrap());
    assert!(names.iter().any(|name| name == "Rule"), "the root is read: {names:?}");
    let count = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), count, "no name is there twice");
    assert!(
        count <= MOST_NAMES,
        "the root has {count} names, and may have {MOST_NAMES}: new ones belong into a module"
    );
}
