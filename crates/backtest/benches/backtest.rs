//! A backtest of real rules over very many bills of 1.1 KB: time and memory.
//!
//! `cargo bench -p target-rules-backtest` writes the bills once to the folder of temporary
//! files. `BILLS` says how many, `RULES` how many rules, `THREADS` on how many threads,
//! `FOCUS` how many targets are in focus, `PACKED=gz` reads them packed.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a benchmark fails by panicking"
)]

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use flate2::Compression;
use flate2::write::GzEncoder;
use loyalty_targets::{CheckedTarget, Target};
use target_rules::{Limits, Schema};
use target_rules_backtest::{Files, Options, PlainReading, Plan, Subject, run};
use target_rules_testing::workloads::{documented, documented_bills};

/// So many bills are made at once.
const AT_ONCE: usize = 10_000;
const RUNS: usize = 3;

fn main() {
    let asked = |name: &str, usual: usize| std::env::var(name).map_or(usual, |text| text.parse().unwrap());
    let (bills, rules) = (asked("BILLS", 1_000_000), asked("RULES", 1_000));
    let packed = std::env::var("PACKED").is_ok_and(|packed| packed == "gz");
    let path = written(bills, packed);
    let mut times = Vec::new();
    for _ in 0..RUNS {
        let mut options = Options::default();
        options.threads = std::env::var("THREADS").ok().map(|text| text.parse().unwrap());
        options.memory = asked("MEMORY", 128) << 20;
        let targets: Vec<Subject> = targets(rules).into_iter().map(Subject::from).collect();
        let ids = targets.iter().take(asked("FOCUS", 10)).map(|target| target.id().to_owned());
        options.focus = Some(ids.collect());
        let plan = Plan::new(targets, None, options).unwrap();
        let start = Instant::now();
        let files = Files::of(&[path.display().to_string()]).unwrap();
        let finished = run(&plan, &files, &PlainReading, &AtomicBool::new(false), &mut |_| {}).unwrap();
        let took = start.elapsed();
        times.push(took);
        let input = &finished.report.input;
        let hits: u64 = finished.report.targets.iter().map(|target| target.eligible).sum();
        println!(
            "{} transactions, {} customers, {hits} hits: {took:.2?}; most memory so far {}",
            input.transactions,
            input.customers,
            most_memory()
        );
    }
    times.sort();
    println!("{rules} rules, {bills} bills: median {:.2?}", times[RUNS / 2]);
}

fn targets(count: usize) -> Vec<CheckedTarget> {
    let (schema, limits) = (Schema::standard(), Limits::default());
    let all = &documented::KINDS[0];
    let rules = documented::rules(documented::Origin::best(), all, count, 1, &schema, &limits);
    let target = |(id, (text, _)): (usize, (String, target_rules::Rule))| {
        // What asks each line item counts those.
        let checked = ["TRANSACTION", "LINEITEM"].into_iter().find_map(|entity| {
            let document = serde_json::json!({
                "id": id, "targetType": "SALES", "targetEntity": entity, "expression": &text,
                "defaultValues": [{"defaultValue": 5000}]
            });
            let target: Target = serde_json::from_value(document).unwrap();
            target.check(&schema, &limits).ok()
        });
        checked.unwrap_or_else(|| panic!("{text} is no target"))
    };
    (1..).zip(rules).map(target).collect()
}

/// The file of so many bills.
fn written(count: usize, packed: bool) -> PathBuf {
    let ending = if packed { "ndjson.gz" } else { "ndjson" };
    let path = std::env::temp_dir().join(format!("target-rules-bills-{count}.{ending}"));
    if path.exists() {
        return path;
    }
    // One that was not written to its end is not taken for the whole.
    let begun = path.with_extension("begun");
    let file = BufWriter::new(File::create(&begun).unwrap());
    let mut out: Box<dyn Write> = match packed {
        true => Box::new(GzEncoder::new(file, Compression::fast())),
        false => Box::new(file),
    };
    for (seed, start) in (1..).zip((0..count).step_by(AT_ONCE)) {
        for bill in documented_bills::bills(AT_ONCE.min(count - start), seed) {
            writeln!(out, "{bill}").unwrap();
        }
    }
    out.flush().unwrap();
    drop(out);
    std::fs::rename(begun, &path).unwrap();
    path
}

fn most_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or("unknown".to_owned(), |line| line.trim().to_owned())
}
