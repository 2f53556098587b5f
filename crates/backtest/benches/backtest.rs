//! A backtest of real rules over very many bills of 1.1 KB: time and memory.
//!
//! `cargo bench -p target-rules-backtest` writes the bills once to the folder of temporary
//! files. `BILLS` says how many, `RULES` how many rules, `THREADS` on how many threads,
//! `FOCUS` how many targets are in focus. `FORM=gz` reads them packed, and `FORM=parquet`, with the
//! feature `parquet`, as columns. `COMPARE=1` compares the rules with a second version, in which
//! one of ten is stricter.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a benchmark fails by panicking"
)]

use std::fs::File;
use std::io::{BufWriter, Cursor, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use arrow_json::ReaderBuilder;
use arrow_json::reader::infer_json_schema;
use flate2::Compression;
use flate2::write::GzEncoder;
use loyalty_targets::{CheckedTarget, Target};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use target_rules::{Limits, Schema};
use target_rules_backtest::{Files, Options, PlainReading, Plan, Subject, run};
use target_rules_testing::workloads::{documented, documented_bills};

/// So many bills are made at once.
const AT_ONCE: usize = 10_000;
const RUNS: usize = 3;

fn main() {
    let asked = |name: &str, usual: usize| std::env::var(name).map_or(usual, |text| text.parse().unwrap());
    let (bills, rules) = (asked("BILLS", 1_000_000), asked("RULES", 1_000));
    let path = written(bills, &std::env::var("FORM").unwrap_or_default());
    let compares = std::env::var("COMPARE").is_ok_and(|compares| compares == "1");
    let mut times = Vec::new();
    for _ in 0..RUNS {
        let mut options = Options::default();
        options.threads = std::env::var("THREADS").ok().map(|text| text.parse().unwrap());
        options.memory = asked("MEMORY", 128) << 20;
        let of_version =
            |is_new| -> Vec<Subject> { targets(rules, is_new).into_iter().map(Subject::from).collect() };
        let targets = of_version(false);
        let ids = targets.iter().take(asked("FOCUS", 10)).map(|target| target.id().to_owned());
        options.focus = Some(ids.collect());
        let plan = match compares {
            true => Plan::compare(targets, of_version(true), [None, None], options).unwrap(),
            false => Plan::new(targets, None, options).unwrap(),
        };
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

fn targets(count: usize, is_new: bool) -> Vec<CheckedTarget> {
    let (schema, limits) = (Schema::standard(), Limits::default());
    let all = &documented::KINDS[0];
    let rules = documented::rules(documented::Origin::best(), all, count, 1, &schema, &limits);
    let target = |(id, (text, _)): (usize, (String, target_rules::Rule))| {
        let stricter = is_new && id % 10 == 1;
        let text = if stricter { format!("({text})&&currentTxn.value>150") } else { text };
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
fn written(count: usize, form: &str) -> PathBuf {
    let ending = match form {
        "gz" => "ndjson.gz",
        "parquet" => "parquet",
        _ => "ndjson",
    };
    let path = std::env::temp_dir().join(format!("target-rules-bills-{count}.{ending}"));
    if path.exists() {
        return path;
    }
    // One that was not written to its end is not taken for the whole.
    let begun = path.with_extension("begun");
    if form == "parquet" {
        write_columns(&begun, count);
    } else {
        let file = BufWriter::new(File::create(&begun).unwrap());
        let mut out: Box<dyn Write> = match form {
            "gz" => Box::new(GzEncoder::new(file, Compression::fast())),
            _ => Box::new(file),
        };
        for lines in bills(count) {
            writeln!(out, "{}", lines.join("\n")).unwrap();
        }
        out.flush().unwrap();
    }
    std::fs::rename(begun, &path).unwrap();
    path
}

fn bills(count: usize) -> impl Iterator<Item = Vec<String>> {
    let starts = (1..).zip((0..count).step_by(AT_ONCE));
    starts.map(move |(seed, start)| documented_bills::bills(AT_ONCE.min(count - start), seed))
}

/// Writes the bills as columns, packed by snappy, in row groups of the size that DuckDB makes.
fn write_columns(path: &Path, count: usize) {
    let mut file = None;
    for lines in bills(count) {
        let text = lines.join("\n");
        let (schema, mut writer) = file.take().unwrap_or_else(|| {
            let (schema, _) = infer_json_schema(Cursor::new(&text), None).unwrap();
            let schema = Arc::new(schema);
            let properties = WriterProperties::builder()
                .set_compression(parquet::basic::Compression::SNAPPY)
                .set_max_row_group_row_count(Some(122_880))
                .build();
            let out = File::create(path).unwrap();
            (schema.clone(), ArrowWriter::try_new(out, schema, Some(properties)).unwrap())
        });
        for batch in ReaderBuilder::new(schema.clone()).build(Cursor::new(&text)).unwrap() {
            writer.write(&batch.unwrap()).unwrap();
        }
        file = Some((schema, writer));
    }
    if let Some((_, writer)) = file {
        writer.close().unwrap();
    }
}

fn most_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or("unknown".to_owned(), |line| line.trim().to_owned())
}
