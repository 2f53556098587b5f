//! Inputs that once broke a promise, and the seeds of the fuzz targets, held
//! to what the fuzz targets hold them to.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use target_rules_testing::promises;

fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// Replays `fuzz/KIND/TARGET/*`; the number of inputs that were tried.
fn replay(kind: &str) -> usize {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join(kind);
    let mut tried = 0;
    let mut broken = Vec::new();
    for (target, promise) in promises::ALL {
        for file in files(&root.join(target)) {
            let input = std::fs::read(&file).unwrap();
            tried += 1;
            if catch_unwind(|| promise(&input)).is_err() {
                broken.push(file);
            }
        }
    }
    assert!(broken.is_empty(), "promises are broken by {broken:?}");
    tried
}

#[test]
fn what_once_broke_a_promise_keeps_it_now() {
    let tried = replay("regressions");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/regressions");
    let causes = std::fs::read_to_string(root.join("README.md")).unwrap();
    let mut told = 0;
    for folder in files(&root).iter().filter(|path| path.is_dir()) {
        let target = folder.file_name().unwrap().to_str().unwrap();
        assert!(promises::ALL.iter().any(|(name, _)| *name == target), "there is no target `{target}`");
        for file in files(folder) {
            let name = format!("{target}/{}", file.file_name().unwrap().to_str().unwrap());
            assert!(causes.contains(&format!("`{name}`")), "README.md does not tell the cause of {name}");
            told += 1;
        }
    }
    assert_eq!(tried, told);
}

#[test]
fn every_target_has_seeds_that_keep_its_promise() {
    for (target, _) in promises::ALL {
        let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(target);
        assert!(!files(&seeds).is_empty(), "`{target}` has no seeds");
    }
    assert!(replay("seeds") >= promises::ALL.len());
}
