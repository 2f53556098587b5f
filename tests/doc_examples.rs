//! Examples are read on a page whose code has room for 88 columns; what is
//! wider has to be scrolled.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Columns of a line of an example.
const WIDTH: usize = 88;

/// Every file of code below a folder.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The lines of a file's documentation, with their numbers: of code those in
/// its doc comments, of other text all.
fn documentation(path: &Path, text: &str) -> Vec<(usize, String)> {
    let is_code = path.extension().is_some_and(|extension| extension == "rs");
    let lines = text.lines().enumerate().filter_map(|(at, line)| {
        if !is_code {
            return Some((at + 1, line.to_owned()));
        }
        let line = line.trim_start();
        let comment = line.strip_prefix("///").or_else(|| line.strip_prefix("//!"))?;
        Some((at + 1, comment.strip_prefix(' ').unwrap_or(comment).to_owned()))
    });
    lines.collect()
}

/// The lines within fences that are wider than they should be, and how many
/// lines there are within fences. A command is one line however long it is.
fn wide(documentation: &[(usize, String)]) -> (Vec<usize>, usize) {
    let (mut fence, mut seen, mut wide) = (None, 0, Vec::new());
    for (number, line) in documentation {
        if let Some(language) = line.trim_start().strip_prefix("```") {
            fence = if fence.is_some() { None } else { Some(language) };
        } else if fence.is_some_and(|language| language != "sh") {
            seen += 1;
            if line.chars().count() > WIDTH {
                wide.push(*number);
            }
        }
    }
    (wide, seen)
}

#[test]
fn wide_lines_are_found() {
    let line = format!("assert!({});", "x".repeat(WIDTH - "assert!();".len()));
    assert_eq!(line.len(), WIDTH);
    let text =
        format!("    /// {line}x\n    /// ```\n    /// {line}\n    /// {line}x\n    /// ```\n{line}x\n");
    let of = |name: &str| wide(&documentation(Path::new(name), &text));
    assert_eq!(of("some.rs"), (vec![4], 2));
    assert_eq!(wide(&documentation(Path::new("some.md"), &format!("```\n{line}x\n```\n"))), (vec![2], 1));
}

#[test]
fn examples_fit_their_page() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = vec![root.join("README.md"), root.join("src/front.md")];
    for folder in ["src", "crates/targets/src", "crates/testing/src", "crates/cli/src"] {
        files(&root.join(folder), &mut found);
    }
    let (mut report, mut seen) = (String::new(), 0);
    for path in found {
        let text = std::fs::read_to_string(&path).unwrap();
        let (wide, lines) = wide(&documentation(&path, &text));
        seen += lines;
        for number in wide {
            writeln!(report, "{}:{number}", path.strip_prefix(root).unwrap().display()).unwrap();
        }
    }
    assert!(seen > 500, "only {seen} lines of examples are found");
    assert!(report.is_empty(), "lines of examples above {WIDTH} columns:\n{report}");
}
