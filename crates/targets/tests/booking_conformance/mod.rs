//! Booking, held to the cases of `tests/conformance/booking`, whose expectations come
//! from a second implementation. Each is run as it stands, with the state written and
//! read between its batches, and where windows are fixed in other orders too.
//!
//! With `CONFORMANCE_REPORT` set, the cases are counted per file and nothing fails.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod adapter;
mod case;
mod random;
mod run;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use case::File;

fn files() -> Vec<(String, File)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/conformance/booking");
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let read = |path: &PathBuf| {
        let text = std::fs::read_to_string(path).unwrap();
        let file = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        (path.file_stem().unwrap().to_string_lossy().into_owned(), file)
    };
    paths
        .iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(read)
        .collect()
}

#[test]
fn every_case_comes_to_what_it_expects() {
    let report = std::env::var_os("CONFORMANCE_REPORT").is_some();
    let (mut ids, mut failed, mut total) = (BTreeSet::new(), Vec::new(), 0);
    for (name, file) in files() {
        let before = failed.len();
        for case in &file.cases {
            assert!(ids.insert(case.id.clone()), "two cases `{}`", case.id);
            let differences = run::differences(case);
            if !differences.is_empty() {
                let doubtful =
                    case.doubtful.as_ref().map(|why| format!("\n  doubtful: {why}")).unwrap_or_default();
                failed.push(format!("{}: {}{doubtful}\n{differences}", case.id, case.why));
            }
        }
        total += file.cases.len();
        if report {
            println!("{:5} of {:5} differ: {name}", failed.len() - before, file.cases.len());
        }
    }
    assert!(total >= 400, "only {total} cases");
    let listed = failed.join("\n");
    if report {
        println!("{listed}");
    } else {
        assert!(failed.is_empty(), "{} of {total} cases differ:\n{listed}", failed.len());
    }
}
