//! The guides tell what is so: their examples are checked, decided and booked,
//! and their tables have the keys that the code has.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

mod example;
mod page;
mod tables;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use loyalty_targets::{TargetType, Vocabulary};

use example::run;
use page::sections;

static RULES: LazyLock<String> = LazyLock::new(|| page("writing-rules.md"));
static COOKBOOK: LazyLock<String> = LazyLock::new(|| page("cookbook.md"));
static DOCUMENTS: LazyLock<String> = LazyLock::new(|| page("documents.md"));
static PROGRESS: LazyLock<String> = LazyLock::new(|| page("progress.md"));

/// Read when the tests run, so that nothing is built anew for a word.
fn page(name: &str) -> String {
    std::fs::read_to_string(format!("{FOLDER}/{name}")).unwrap()
}

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs");

/// Runs the examples of a page, and says how many of each kind there are.
fn examples(page: &str) -> BTreeMap<String, usize> {
    let mut all = BTreeMap::new();
    for section in sections(page) {
        for (kind, count) in run(&section) {
            *all.entry(kind).or_default() += count;
        }
    }
    all
}

#[test]
fn the_guide_to_rules_is_true() {
    let met = examples(&RULES);
    let count = |kind: &str| met.get(kind).copied().unwrap_or_default();
    assert!(count("rule") >= 12 && count("mistake") >= 15 && count("bill") >= 15, "{met:?}");
}

#[test]
fn every_recipe_has_its_parts() {
    let recipes: Vec<_> =
        sections(&COOKBOOK).into_iter().filter(|section| !section.blocks.is_empty()).collect();
    assert!(recipes.len() >= 15, "{} recipes", recipes.len());
    let mut mentioned = 0;
    for recipe in recipes {
        let met = run(&recipe);
        let has = |kind: &str| met.contains_key(kind);
        assert!(recipe.text.trim_start().starts_with('*'), "no sentence in `{}`", recipe.title);
        assert!(recipe.text.contains("\nWatch out: "), "nothing to watch out for in `{}`", recipe.title);
        mentioned += met.get("in text").copied().unwrap_or_default();
        let both = has("true") && has("false");
        assert!(both || has("achieved") || has("progress"), "no bills of both kinds in `{}`", recipe.title);
    }
    assert!(mentioned >= 10, "{mentioned} rules in the text");
}

#[test]
fn the_guide_to_documents_is_true() {
    let met = examples(&DOCUMENTS);
    let kinds = ["result", "document", "payload", "enrolments", "progress", "schema", "state"];
    let missing: Vec<&str> = kinds.into_iter().filter(|kind| !met.contains_key(*kind)).collect();
    assert!(missing.is_empty(), "{missing:?} in {met:?}");
}

/// What activities add is true, and there is an example for every type.
#[test]
fn the_guide_to_progress_is_true() {
    let mut shown = BTreeSet::new();
    for section in sections(&PROGRESS) {
        run(&section);
        for block in section.blocks.iter().filter(|block| block.kind == "target") {
            let target: serde_json::Value = serde_json::from_str(block.body).unwrap();
            let word = target["targetType"].as_str().unwrap();
            shown.insert(TargetType::SPELLINGS.iter().find(|(text, _)| *text == word).unwrap().1);
        }
    }
    let all: BTreeSet<TargetType> = TargetType::SPELLINGS.iter().map(|(_, known)| *known).collect();
    assert_eq!(shown, all);
}

/// The pages of people in a folder, by their paths.
fn pages_of(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut pages: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|one| one == "md")).collect();
    pages.sort();
    pages
}

/// Whoever follows a link of a page finds something.
#[test]
fn links_lead_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["", "docs", "crates/cli", "crates/targets", "crates/testing", "fuzz", "tests"];
    let pages: Vec<PathBuf> = folders.iter().flat_map(|folder| pages_of(&root.join(folder))).collect();
    let mut followed = 0;
    for path in &pages {
        let page = std::fs::read_to_string(path).unwrap();
        for section in sections(&page) {
            for link in section.text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
                if link.starts_with("https:") {
                    continue;
                }
                let (file, heading) = link.split_once('#').unwrap_or((link, ""));
                let to = if file.is_empty() { path.clone() } else { path.parent().unwrap().join(file) };
                assert!(to.exists(), "{} links to {link}", path.display());
                followed += 1;
                if !heading.is_empty() {
                    let text = std::fs::read_to_string(&to).unwrap();
                    let found = sections(&text).iter().any(|one| one.anchor() == heading);
                    assert!(found, "{} links to {link}", path.display());
                }
            }
        }
    }
    assert!(pages.len() >= 12 && followed >= 30, "{followed} links in {} pages", pages.len());
}
