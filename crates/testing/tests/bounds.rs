//! Every shape of input keeps the budget of its door: processor time, memory and
//! growth, at a tenth of what the default limits let in, in a debug build at a
//! fortieth. `benches/bounds` does the same at the limits, and counts instructions
//! instead of time.
#![allow(clippy::unwrap_used, clippy::panic, clippy::string_slice, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use target_rules::Limits;
use target_rules_testing::bounds::{Budget, DOORS, Shape, measured, shapes};
use target_rules_testing::workloads::clock;

/// How much of what the limits let in is tried: a tenth, and in a debug build, which
/// takes many times as long, as much as takes some forty seconds of two cores.
const PART: usize = if cfg!(debug_assertions) { 40 } else { 10 };

/// Times are less sharp than instructions, and what no longer fits a cache takes
/// longer: four times the input may take so much longer than growth allows. What is
/// quadratic takes sixteen times as long, and not ten.
const BLUR: f64 = 1.8;

/// A debug build takes some thirty times as long.
const SECONDS: f64 = if cfg!(debug_assertions) { 30.0 } else { Budget::SECONDS };

/// Whether growth shows: below so many seconds a clock says little.
const ENOUGH: f64 = 0.02;

/// How often a shape is measured that seems to grow too fast: a neighbour on the
/// machine may have slowed it down.
const TRIES: usize = 5;

/// One run of a shape.
struct Taken {
    input: usize,
    seconds: f64,
    memory: u64,
}

fn run(shape: &Shape, size: usize) -> Taken {
    let (input, task) = shape.task(size);
    let mut nanoseconds = 0.0;
    let counted = allocation_counter::measure(|| nanoseconds = clock::once(|| measured(task)).0);
    Taken { input, seconds: nanoseconds / 1e9, memory: counted.bytes_max }
}

/// What of its budget a shape breaks.
fn broken(shape: &Shape, size: usize) -> Vec<String> {
    let mut whole = run(shape, size);
    let mut broken = Vec::new();
    let allowed = shape.door.budget.bytes(whole.input);
    if whole.memory > allowed {
        broken.push(format!("{} bytes of memory, not {allowed}, for {} of input", whole.memory, whole.input));
    }
    let growth = shape.door.budget.growth.powi(2) * BLUR;
    if whole.seconds > ENOUGH {
        let mut quarter = run(shape, size / 4).seconds;
        for _ in 0..TRIES {
            if whole.seconds <= growth * quarter {
                break;
            }
            whole.seconds = whole.seconds.min(run(shape, size).seconds);
            quarter = quarter.min(run(shape, size / 4).seconds);
        }
        if whole.seconds > growth * quarter {
            broken.push(format!("{quarter:.3} s become {:.3} s of four times the input", whole.seconds));
        }
    }
    if whole.seconds > SECONDS {
        broken.push(format!("{:.3} s", whole.seconds));
    }
    broken
}

/// Of a fixed number of parts, so that the test uses what cores there are.
fn part(which: usize, parts: usize) {
    let mut wrong = String::new();
    for (_, shape) in shapes().enumerate().filter(|(at, _)| at % parts == which) {
        let (all, kept) = clock::once(|| std::panic::catch_unwind(|| broken(shape, shape.part(PART))));
        println!("{:8.3} s: {} / {}", all / 1e9, shape.door.name, shape.name);
        for broken in kept.unwrap_or_else(|_| vec!["panics".to_owned()]) {
            writeln!(wrong, "{} / {}: {broken}", shape.door.name, shape.name).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn shapes_keep_their_budget_0() {
    part(0, 2);
}

#[test]
fn shapes_keep_their_budget_1() {
    part(1, 2);
}

#[test]
fn every_door_has_shapes_and_no_two_share_a_name() {
    let names: Vec<(&str, &str)> = shapes().map(|shape| (shape.door.name, shape.name)).collect();
    let different: BTreeSet<&(&str, &str)> = names.iter().collect();
    assert_eq!(different.len(), names.len());
    assert!(names.len() >= 80, "{}", names.len());
    let with_shapes: BTreeSet<&str> = names.iter().map(|(door, _)| *door).collect();
    let doors: BTreeSet<&str> = DOORS.iter().copied().flatten().map(|door| door.name).collect();
    assert_eq!(with_shapes, doors);
}

/// A page with something else between the two comments of a name.
fn with(page: &str, name: &str, between: &str) -> String {
    let (start, end) = (format!("<!-- {name} -->\n"), format!("<!-- end of {name} -->"));
    let (before, rest) = page.split_once(&start).unwrap();
    let (_, after) = rest.split_once(&end).unwrap();
    format!("{before}{start}{between}{end}{after}")
}

/// So many bytes as people say it.
fn bytes(count: u64) -> String {
    match count {
        _ if count >= 1 << 20 => format!("{} MiB", count >> 20),
        _ => format!("{} KiB", count >> 10),
    }
}

/// The page of limits and doors is made of them: `UPDATE_LIMITS=1` writes it.
#[test]
fn the_page_has_every_limit_and_every_door() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/limits.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let mut limits =
        String::from("| limit | default | never above | what it bounds |\n|---|---:|---:|---|\n");
    for limit in Limits::ALL {
        let hardest = limit.hardest.map(|hardest| hardest.to_string()).unwrap_or_default();
        let (default, meaning) = (limit.of(&Limits::default()), limit.meaning());
        writeln!(limits, "| `{}` | {default} | {hardest} | {meaning} |", limit.name).unwrap();
    }
    let mut doors = String::from(
        "| door | functions | n is the bytes of | memory at most | shapes |\n|---|---|---|---:|---:|\n",
    );
    for door in DOORS.iter().copied().flatten() {
        let calls: Vec<String> = door.calls.iter().map(|call| format!("`{call}`")).collect();
        let of_door = shapes().filter(|shape| shape.door.name == door.name).count();
        let memory = format!("{} + {} n", bytes(door.budget.at_least), door.budget.a_byte);
        writeln!(doors, "| {} | {} | {} | {memory} | {of_door} |", door.name, calls.join(", "), door.size)
            .unwrap();
    }
    let written = with(&with(&page, "limits", &limits), "doors", &doors);
    if std::env::var_os("UPDATE_LIMITS").is_some() {
        std::fs::write(path, written).unwrap();
    } else {
        assert_eq!(page, written, "`UPDATE_LIMITS=1` writes it anew");
    }
}

/// The documentation of a public function above it, wherever that stands.
fn documentation<'s>(sources: &'s [String], call: &str) -> Vec<&'s str> {
    let (home, name) = call.rsplit_once("::").unwrap_or(("", call));
    let of_type = home.starts_with(char::is_uppercase);
    let here = |source: &&String| {
        !of_type || source.contains(&format!(" {home} {{")) || source.contains(&format!(" {home}<"))
    };
    let mut found = Vec::new();
    for source in sources.iter().filter(here) {
        for start in ["(", "<"] {
            for (at, _) in source.match_indices(&format!("pub fn {name}{start}")) {
                let before = &source[..at];
                let code = before.lines().rev().skip(1).find(|line| {
                    let line = line.trim_start();
                    !line.starts_with("///") && !line.starts_with("#[")
                });
                let from = code.map_or(0, |line| line.as_ptr() as usize - source.as_ptr() as usize);
                found.push(&source[from..at]);
            }
        }
    }
    found
}

/// Who calls a door learns from its documentation what that costs.
#[test]
fn every_function_of_a_door_states_its_cost() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut sources = Vec::new();
    let crates = ["targets", "analysis", "mapping", "requests", "sql"].map(|of| format!("crates/{of}/src"));
    let folders: Vec<String> = crates.into_iter().chain(["src".to_owned()]).collect();
    let mut open = folders.iter().map(|folder| root.join(folder)).collect::<Vec<_>>();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                sources.push(std::fs::read_to_string(path).unwrap());
            }
        }
    }
    let mut silent = Vec::new();
    for call in DOORS.iter().copied().flatten().flat_map(|door| door.calls) {
        let found = documentation(&sources, call);
        assert!(!found.is_empty(), "there is no `{call}`");
        if !found.iter().any(|text| text.to_lowercase().contains("cost")) {
            silent.push(*call);
        }
    }
    assert!(silent.is_empty(), "these do not say what they cost: {silent:?}");
}
