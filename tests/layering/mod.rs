//! The house keeps its order: imports run one way, within each crate and
//! between crates; no file and no function is long; code is shared as a crate
//! and never by path.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod circles;
mod map;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A crate of the workspace and its rooms, lowest first. A room is a folder of
/// `src`, or a file in it; rooms of one rank do not know each other.
struct House {
    name: &'static str,
    folder: &'static str,
    rooms: &'static [&'static [&'static str]],
    /// The crates of the workspace that its own code may use.
    uses: &'static [&'static str],
}

const HOUSES: [House; 13] = [
    House {
        name: "target-rules",
        folder: "",
        rooms: &[
            &["limits", "value"],
            &["report"],
            &["json"],
            &["diagnostic"],
            &["syntax", "schema"],
            &["typed"],
            &["condition"],
            &["rule"],
            &["check", "describe", "transaction"],
            &["interpret", "audit"],
            &["program"],
            &["ruleset"],
            &["batch"],
            &["lib", "explain"],
        ],
        uses: &[],
    },
    House {
        name: "loyalty-targets",
        folder: "crates/targets",
        rooms: &[&["json"], &["model"], &["eligibility"], &["payload"], &["ledger"], &["store"], &["lib"]],
        uses: &["target-rules"],
    },
    House {
        name: "target-rules-store-sqlite",
        folder: "crates/store-sqlite",
        rooms: &[
            &["fault", "turns"],
            &["backup", "catalogue", "connection", "migrations"],
            &["writer"],
            &["store"],
            &["lib"],
        ],
        uses: &["loyalty-targets"],
    },
    House {
        name: "target-rules-store-postgres",
        folder: "crates/store-postgres",
        rooms: &[
            &["fault"],
            &["catalogue", "migrations", "reach"],
            &["connection", "rows"],
            &["listen"],
            &["store"],
            &["lib"],
        ],
        uses: &["loyalty-targets"],
    },
    House {
        name: "target-rules-analysis",
        folder: "crates/analysis",
        rooms: &[
            &["budget", "cell_set", "document"],
            &["formula"],
            &["model", "solve"],
            &["arithmetic", "witness"],
            &["proof"],
            &["diff"],
            &["lint", "overlap", "nearest", "residual", "synthesise"],
            &["lib"],
        ],
        uses: &["target-rules"],
    },
    House {
        name: "target-rules-backtest",
        folder: "crates/backtest",
        rooms: &[
            &["fault", "report"],
            &["error", "page"],
            &["customers", "input", "plan"],
            &["count"],
            &["finish"],
            &["run"],
            &["lib"],
        ],
        uses: &["target-rules", "loyalty-targets", "target-rules-mapping"],
    },
    House {
        name: "target-rules-sample",
        folder: "crates/sample",
        rooms: &[
            &["options", "dice", "calendar", "history"],
            &["json", "shop"],
            &["bill"],
            &["document"],
            &["stream"],
            &["lib"],
        ],
        uses: &[],
    },
    House {
        name: "target-rules-mapping",
        folder: "crates/mapping",
        rooms: &[
            &["bounded", "file", "pointer", "tree"],
            &["convert"],
            &["places", "read"],
            &["ready", "rewrite", "wants"],
            &["infer", "reader"],
            &["lib"],
        ],
        uses: &["target-rules"],
    },
    House {
        name: "target-rules-sql",
        folder: "crates/sql",
        rooms: &[&["refusal"], &["columns", "dialect"], &["write"], &["translate"], &["lib"]],
        uses: &["target-rules"],
    },
    House {
        name: "target-rules-cli",
        folder: "crates/cli",
        rooms: &[
            &["choice", "count", "outcome", "over", "replace"],
            &["setting"],
            &["arguments", "json_line", "screen"],
            &["form", "shape", "state_file", "table", "usage"],
            &["input"],
            &["invocation", "manual"],
            &["bar", "check_lines", "ledger", "notes", "recorded"],
            &["decide_table", "mapping", "rules", "targets"],
            &[
                "backtest",
                "cases",
                "check_txns",
                "decide",
                "describe",
                "diff",
                "explain",
                "explain_target",
                "fix",
                "nearest",
                "overlap",
                "references",
                "residual",
                "sample",
                "sql",
            ],
            &["lint", "progress", "synthesise"],
            &["main"],
        ],
        uses: &[
            "target-rules",
            "loyalty-targets",
            "target-rules-analysis",
            "target-rules-backtest",
            "target-rules-mapping",
            "target-rules-sample",
            "target-rules-sql",
        ],
    },
    House {
        name: "target-rules-requests",
        folder: "crates/requests",
        rooms: &[
            &["code"],
            &["authorization", "fault"],
            &["entries", "enrolment", "query", "setting"],
            &["enrolled_targets", "rows", "users"],
            &["lib"],
        ],
        uses: &["target-rules", "loyalty-targets"],
    },
    House {
        name: "target-rules-server",
        folder: "crates/server",
        rooms: &[
            &["auth", "observe", "screen"],
            &["config"],
            &["http"],
            &["service"],
            &["activities", "catalogue", "enrolments"],
            &["demo", "openapi"],
            &["serving"],
            &["command"],
            &["lib", "main"],
        ],
        uses: &[
            "target-rules",
            "loyalty-targets",
            "target-rules-requests",
            "target-rules-store-sqlite",
            "target-rules-store-postgres",
        ],
    },
    House {
        name: "target-rules-testing",
        folder: "crates/testing",
        rooms: &[
            &[
                "bounds",
                "browser",
                "database",
                "engines",
                "generate",
                "json",
                "oversized",
                "promises",
                "repairs",
                "second_parser",
                "stores",
                "suite",
                "workloads",
            ],
            &["lib"],
        ],
        uses: &[
            "target-rules",
            "loyalty-targets",
            "target-rules-analysis",
            "target-rules-backtest",
            "target-rules-mapping",
            "target-rules-requests",
            "target-rules-sql",
        ],
    },
];

impl House {
    fn rank(&self, room: &str) -> usize {
        let rank = self.rooms.iter().position(|rooms| rooms.contains(&room));
        rank.unwrap_or_else(|| panic!("`{room}` of {} has no rank", self.name))
    }

    fn may_import(&self, room: &str, other: &str) -> bool {
        self.rank(other) < self.rank(room)
    }

    /// Whether a name is a room: beside them the root has macros and types.
    fn has(&self, name: &str) -> bool {
        !name.is_empty()
            && (self.source().join(format!("{name}.rs")).exists() || self.source().join(name).is_dir())
    }

    fn source(&self) -> PathBuf {
        root().join(self.folder).join("src")
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file below a folder, but for what is built there.
fn files(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if path.is_dir() {
                if name != "target" && !name.starts_with('.') {
                    open.push(path);
                }
            } else if name.ends_with(".rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    found.sort();
    found
}

/// The code of a file, its comments left out.
fn code(text: &str) -> String {
    let code = |line: &str| if line.trim_start().starts_with("//") { String::new() } else { line.to_owned() };
    text.lines().map(code).collect::<Vec<_>>().join("\n")
}

#[test]
fn imports_run_one_way() {
    for house in &HOUSES {
        let source = house.source();
        let mut imports = 0;
        for (path, text) in files(&source) {
            let inside = path.strip_prefix(&source).unwrap();
            let first = inside.components().next().unwrap().as_os_str().to_str().unwrap();
            let room = first.trim_end_matches(".rs");
            // Beside the root of the crate, `super` is the crate.
            let roots: &[&str] =
                if inside.components().count() == 1 { &["crate::", "super::"] } else { &["crate::"] };
            let code = code(&text);
            for (at, root) in roots.iter().flat_map(|root| code.match_indices(root)) {
                let (before, after) = code.split_at(at + root.len());
                for other in names(after).into_iter().filter(|other| house.has(other)) {
                    if room == "lib" || other == room {
                        continue;
                    }
                    imports += 1;
                    let place = format!("{}, {}:{}", house.name, inside.display(), before.lines().count());
                    assert!(house.may_import(room, other), "{place}: `{room}` imports `{other}`");
                }
            }
        }
        let independent = house.rooms.len() <= 2;
        assert!(imports > 4 || independent, "of {} no imports are read any more", house.name);
    }
}

/// The names that an import begins with: one, or those of a list.
fn names(after: &str) -> Vec<&str> {
    let listed = match after.strip_prefix('{') {
        // What stands in brackets within the list is no name of a room.
        Some(list) => list.split_once('}').map_or(list, |(list, _)| list),
        None => after.split_once([':', ';', ' ', '(', ',']).map_or(after, |(name, _)| name),
    };
    let names = listed.split(',').map(str::trim);
    names.map(|name| name.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap()).collect()
}

#[test]
fn every_room_has_a_rank_and_every_rank_its_rooms() {
    for house in &HOUSES {
        let mut there = BTreeSet::new();
        for (path, _) in files(&house.source()) {
            let inside = path.strip_prefix(house.source()).unwrap();
            let first = inside.components().next().unwrap().as_os_str().to_str().unwrap();
            there.insert(first.trim_end_matches(".rs").to_owned());
        }
        let ranked: BTreeSet<String> =
            house.rooms.iter().flat_map(|rooms| rooms.iter()).map(|room| (*room).to_owned()).collect();
        assert_eq!(there, ranked, "{}", house.name);
    }
}

/// What a crate's own code uses; what its tests use may use it in turn.
#[test]
fn crates_depend_one_way() {
    for house in &HOUSES {
        let manifest = std::fs::read_to_string(root().join(house.folder).join("Cargo.toml")).unwrap();
        assert!(manifest.contains(&format!("name = \"{}\"", house.name)));
        let mut uses = BTreeSet::new();
        let mut section = "";
        for line in manifest.lines() {
            if line.starts_with('[') {
                section = line;
            }
            let name = line.split([' ', '.', '=']).next().unwrap();
            let own = section.ends_with("dependencies]")
                && !section.contains("dev-")
                && section != "[workspace.dependencies]";
            if own && HOUSES.iter().any(|other| other.name == name) {
                uses.insert(name);
            }
        }
        assert_eq!(uses, house.uses.iter().copied().collect(), "{} depends on others", house.name);
    }
    let folders = std::fs::read_dir(root().join("crates")).unwrap().count();
    assert_eq!(folders + 1, HOUSES.len(), "a crate of the workspace is not in this test");
}

#[test]
fn only_the_reader_of_texts_names_pest() {
    for house in &HOUSES {
        for (path, text) in files(&house.source()) {
            let reader = path.ends_with("src/syntax/text_reader.rs");
            assert!(reader || !text.contains("pest::"), "{} names pest", path.display());
        }
    }
}

/// Where sums may stop at the largest number: in `value` that is their meaning,
/// `Offset` has none that does, and a bound in `input` that is the largest
/// number is none. Elsewhere a clamp would hide a bug.
const CLAMPING: [&str; 3] = ["src/report/offset.rs", "src/value", "crates/cli/src/input.rs"];

#[test]
fn no_clamp_hides_a_bug() {
    let mut clamping = BTreeSet::new();
    for house in HOUSES.iter().filter(|house| ["", "crates/cli"].contains(&house.folder)) {
        // The library takes no difference that stops at zero either.
        let clamps: &[&str] =
            if house.folder.is_empty() { &["saturating_"] } else { &["saturating_add", "saturating_mul"] };
        for (path, text) in files(&house.source()) {
            let inside = path.strip_prefix(root()).unwrap().to_str().unwrap();
            let code = code(&text);
            if clamps.iter().any(|clamp| code.contains(clamp)) {
                let listed = CLAMPING.into_iter().find(|place| Path::new(inside).starts_with(place));
                clamping
                    .insert(listed.unwrap_or_else(|| panic!("{inside} stops sums at the largest number")));
            }
        }
    }
    assert_eq!(clamping, BTreeSet::from(CLAMPING), "what clamps no more leaves the list");
}

#[test]
fn code_is_shared_as_a_crate_and_never_by_path() {
    let attribute = concat!("#[", "path");
    for (path, text) in files(root()) {
        assert!(!text.contains(attribute), "{} takes a file by its path", path.display());
    }
}

/// A file of tests that nobody names would never run.
#[test]
fn every_file_of_tests_is_run() {
    for house in &HOUSES {
        let folder = root().join(house.folder).join("tests");
        let Ok(program) = std::fs::read_to_string(folder.join("all.rs")) else { continue };
        let manifest = std::fs::read_to_string(root().join(house.folder).join("Cargo.toml")).unwrap();
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap();
            let code = path.extension().is_some_and(|extension| extension == "rs");
            if code || path.join("mod.rs").exists() {
                let named = program.lines().any(|line| line == format!("mod {name};"));
                let by_itself = manifest.contains(&format!("[[test]]\nname = \"{name}\""));
                assert!(named || by_itself, "no program of tests has {}", path.display());
            }
        }
    }
}

/// How many lines a file has at most.
const LONGEST_FILE: usize = 600;

#[test]
fn no_file_is_long() {
    for (path, text) in files(root()) {
        let lines = text.lines().count();
        assert!(lines <= LONGEST_FILE, "{} has {lines} lines", path.display());
    }
}

/// How many lines a function has at most.
const LONGEST_FUNCTION: usize = 80;

#[test]
fn no_function_is_long() {
    let mut long = BTreeSet::new();
    let mut functions = 0;
    for (path, text) in files(root()) {
        let file = path.strip_prefix(root()).unwrap().to_str().unwrap();
        for (name, lines) in functions_of(&text) {
            functions += 1;
            if lines > LONGEST_FUNCTION {
                long.insert((file.to_owned(), name));
            }
        }
    }
    assert!(functions > 1_500, "only {functions} functions are read");
    assert!(long.is_empty(), "these functions have more than {LONGEST_FUNCTION} lines: {long:?}");
}

/// Each function with how many lines it has, from `fn` to its closing bracket:
/// the first one that stands as far in as `fn` does, for the code is formatted.
fn functions_of(text: &str) -> Vec<(String, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let Some((before, after)) = line.split_once("fn ") else { continue };
        let modifiers = before.trim_start().split(' ').filter(|word| !word.is_empty());
        let is_modifier = |word: &str| word.starts_with("pub") || ["const", "async", "in"].contains(&word);
        if !modifiers.clone().all(is_modifier) {
            continue;
        }
        let name = after.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap();
        let indent = before.len() - before.trim_start().len();
        let end = format!("{}}}", " ".repeat(indent));
        // One of a trait may have no body, and some fit into a line.
        let ended = |line: &str| line.ends_with('}') || line.ends_with(';');
        let whole = lines.iter().skip(start + 1).position(|line| **line == end).filter(|_| !ended(line));
        found.push((name.to_owned(), whole.map_or(1, |lines| lines + 2)));
    }
    found
}

#[test]
fn functions_are_counted_as_they_are() {
    let text = "impl A {\n    pub(crate) fn long(\n        a: u8,\n    ) -> u8 {\n        if a > 1 {\n        }\n        a\n    }\n\n    fn short() {}\n}\nfn last() {\n}\n";
    let counted = functions_of(text);
    let counted: Vec<(&str, usize)> = counted.iter().map(|(name, lines)| (name.as_str(), *lines)).collect();
    assert_eq!(counted, [("long", 7), ("short", 1), ("last", 2)]);
}

/// What a document calls a file of code stands in code marks and has a folder:
/// `json/reader.rs`, from the root of a crate or from its `src`.
fn named_files(document: &str) -> impl Iterator<Item = &str> {
    document.split('`').skip(1).step_by(2).filter(|name| {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_/.".contains(c);
        name.ends_with(".rs") && name.contains('/') && name.chars().all(plain)
    })
}

#[test]
fn documents_name_files_that_are_there() {
    let crates: Vec<PathBuf> = HOUSES.iter().map(|house| root().join(house.folder)).collect();
    let mut named = 0;
    for document in ["ARCHITECTURE.md", "CONTRIBUTING.md", "docs/performance.md", "tests/README.md"] {
        let text = std::fs::read_to_string(root().join(document)).unwrap();
        for name in named_files(&text) {
            named += 1;
            let mut places =
                crates.iter().flat_map(|folder| [folder.join(name), folder.join("src").join(name)]);
            assert!(places.any(|place| place.exists()), "{document}: there is no `{name}`");
        }
    }
    assert!(named > 50, "only {named} files are named");
}

#[test]
fn names_of_files_are_found() {
    let found: Vec<&str> = named_files("`a/b.rs` and b.rs, `c.rs`, `x y/z.rs` by `d/e/f_2.rs`").collect();
    assert_eq!(found, ["a/b.rs", "d/e/f_2.rs"]);
}
