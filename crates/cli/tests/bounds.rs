//! Every command keeps the budget of an input: 5 seconds of processor time and
//! 512 MiB at the limits, for a release build with `-- --ignored`; else at a tenth,
//! and in a debug build at a fortieth, with as much less memory.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::fmt::Write as _;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use target_rules_testing::oversized;

/// A command, and how its files of a size are made. The file `in` is its
/// standard input.
type Shape = (&'static str, usize, fn(usize) -> Vec<(&'static str, String)>);

const SHAPES: &[Shape] = &[
    ("check -", 16_000, |n| vec![("in", values(n))]),
    ("check --format json -", 14_000, |n| {
        vec![("in", joined(n, "&&", |at| format!("currentTxn.valu>{at}")))]
    }),
    ("check --format sarif -", 14_000, |n| {
        vec![("in", joined(n, "&&", |at| format!("currentTxn.value={at}")))]
    }),
    ("check --fix --diff -", 10_000, |n| {
        vec![("in", joined(n, " and ", |at| format!("currentTxn.value={at}")))]
    }),
    ("fmt -", 16_000, |n| vec![("in", values(n))]),
    ("convert --to tree --style compact -", 10_000, |n| vec![("in", values(n))]),
    ("describe -", 16_000, |n| vec![("in", values(n))]),
    ("lint -", 10_000, |n| vec![("in", joined(n, "&&", |at| format!("currentEvent.zq{at}>1")))]),
    ("lint --fix --diff -", 10_000, |n| {
        vec![("in", joined(n, "&&", |at| format!("currentTxn.value!={at}")))]
    }),
    ("diff - false", 10_000, |n| vec![("in", joined(n, "&&", |at| format!("currentEvent.zq{at}>1")))]),
    ("lint --targets targets", 10_000, |n| vec![("targets", rising(n))]),
    ("diff --targets targets targets", 10_000, |n| vec![("targets", rising(n))]),
    ("overlap --targets targets", 400, |n| vec![("targets", rising(n))]),
    ("references -", 10_000, |n| vec![("in", joined(n, "&&", |at| format!("currentEvent.zq{at}>1")))]),
    ("eval - --txn txn", 10_000, |n| vec![("in", UNROLLED.to_owned()), ("txn", bill(1, n))]),
    ("nearest - --txn txn", 1_000, |n| vec![("in", values(n)), ("txn", bill(1, 1))]),
    ("sql - --dialect duckdb", 10_000, |n| {
        vec![("in", joined(n, "&&", |at| format!("currentEvent.zq{at}>1")))]
    }),
    ("residual - --txn txn", 5_000, |n| vec![("in", values(n)), ("txn", "{}".to_owned())]),
    ("explain - --txn txn --format html", 16_000, |n| vec![("in", values(n)), ("txn", bill(1, 1))]),
    ("explain - --txn txn --format json", 10_000, |n| {
        vec![("in", joined(n, "&&", |at| format!("currentEvent.zq{at}>1"))), ("txn", "{}".to_owned())]
    }),
    ("check --ndjson rules", 30_000, |n| {
        vec![("rules", joined(n, "\n", |at| format!("{{\"id\":{at},\"dsl\":\"currentTxn.valu>{at}\"}}")))]
    }),
    ("check --targets targets", 20_000, |n| vec![("targets", payload(n, "currentTxn.value>5"))]),
    ("check --targets targets --format json", 10_000, |n| vec![("targets", payload(n, "currentTxn.valu>5"))]),
    ("check --fix --diff --targets targets", 5_000, |n| vec![("targets", payload(n, "currentTxn.value=5"))]),
    ("check --txns txns --targets targets", 20_000, |n| {
        vec![("targets", payload(20, "currentTxn.value>5")), ("txns", joined(n, "\n", |at| bill(at, 1)))]
    }),
    ("check --txns txns", 20_000, |n| {
        vec![(
            "txns",
            joined(n, "\n", |at| format!("{{\"currentTxn\":{{\"valu{at}\":1,\"date\":1722255620}}}}")),
        )]
    }),
    ("describe --targets targets", 10_000, |n| vec![("targets", payload(n, "currentTxn.value>5"))]),
    ("references --targets targets", 10_000, |n| vec![("targets", payload(n, "currentTxn.value>5"))]),
    ("decide --targets targets --txns txns", 20_000, |n| {
        vec![("targets", payload(20, "currentTxn.value>5")), ("txns", joined(n, "\n", |at| bill(at, 1)))]
    }),
    ("decide --format human --targets targets --txns txns", 5_000, |n| {
        vec![("targets", payload(n, "currentEvent.zq>5")), ("txns", joined(10, "\n", |at| bill(at, 1)))]
    }),
    ("progress --targets targets --enrolments enrolments --txns txns", 20_000, |n| {
        let one = |at| format!("{{\"userId\":{at},\"targetId\":{},\"value\":50}}", at % 20);
        vec![
            ("targets", payload(20, "currentTxn.value>5")),
            ("enrolments", format!("[{}]", joined(n, ",", one))),
            ("txns", joined(n, "\n", |at| bill(at, 1))),
        ]
    }),
    // Very many customers, targets, items and rows.
    ("backtest currentTxn.value>5 --txns txns", 40_000, |n| {
        vec![("txns", joined(n, "\n", |at| bill(at, 1)))]
    }),
    ("backtest currentTxn.value>5 --txns txns", 40_000, |n| {
        vec![("txns", format!("[{}]", joined(n, ",", |at| bill(at, 1))))]
    }),
    ("backtest - --txns txns", 10_000, |n| vec![("in", UNROLLED.to_owned()), ("txns", bill(1, n))]),
    ("backtest currentTxn.value>5 --txns txns.csv", 100_000, |n| {
        let rows = joined(n, "\n", |at| format!("{at},{at}.5"));
        vec![("txns.csv", format!("currentCustomer.id,currentTxn.value\n{rows}"))]
    }),
    ("backtest --targets targets --txns txns", 5_000, |n| {
        vec![("targets", payload(n, "currentTxn.value>5")), ("txns", joined(10, "\n", |at| bill(at, 1)))]
    }),
    ("backtest --targets targets --txns txns --format html", 5_000, |n| {
        vec![("targets", payload(n, "currentEvent.zq>5")), ("txns", joined(10, "\n", |at| bill(at, 1)))]
    }),
    ("compare --targets targets targets --txns txns", 5_000, |n| {
        vec![("targets", payload(n, "currentTxn.value>5")), ("txns", joined(10, "\n", |at| bill(at, 1)))]
    }),
    ("sample --count 4000 --customers 100000 --absent 5%", 2, |_| Vec::new()),
    ("test cases", 10_000, |n| {
        let case = |at| format!("{{\"expect\":true,\"document\":{{\"currentTxn\":{{\"value\":{at}}}}}}}");
        vec![("cases", format!("{{\"rule\":\"currentTxn.value>50\",\"cases\":[{}]}}", joined(n, ",", case)))]
    }),
    ("schema --schema schema", 20_000, |n| {
        let attributes = joined(n, ",", |at| format!("\"extField_a{at}\":{{\"type\":\"string\"}}"));
        vec![("schema", format!("{{\"profiles\":{{\"currentTxn\":{{\"attributes\":{{{attributes}}}}}}}}}"))]
    }),
    // A rule of a payload, and a document that has nothing of it.
    ("decide --targets targets --txns txns", 30_000, |n| {
        vec![("targets", oversized::targets_of_absent_fields(n)), ("txns", "{}\n{}".to_owned())]
    }),
    // Enrolments without a period, and periods.
    ("progress --targets targets --enrolments enrolments --txns txns", 20_000, |n| {
        vec![
            ("targets", oversized::target_of_many_periods(n / 5)),
            ("enrolments", oversized::enrolments_in_all_periods(n / 5)),
            ("txns", bill(1, 1)),
        ]
    }),
    // Patterns of many rules.
    ("decide --targets targets --txns txns", 800, |n| {
        vec![("targets", patterns(n, "ab.*[cd]{20}")), ("txns", notes("ab", 100))]
    }),
    ("decide --targets targets --txns txns", 80, |n| {
        vec![("targets", patterns(n, "[ab]*a[ab]{100}c")), ("txns", joined(4, "\n", |_| notes("ab", 10_000)))]
    }),
    // Sums in a rule that is decided for each item.
    ("eval - --txn txn", 10_000, |n| vec![("in", sums()), ("txn", bill(1, n))]),
    ("explain - --txn txn --format json", 10_000, |n| vec![("in", sums()), ("txn", bill(1, n))]),
    ("progress --targets targets --enrolments enrolments --txns txns", 10_000, |n| {
        vec![
            ("targets", payload(1, &sums().replace('"', "\\\"")).replace("TRANSACTION", "LINEITEM")),
            ("enrolments", "[{\"userId\":1,\"targetId\":0,\"value\":50}]".to_owned()),
            ("txns", bill(1, n)),
        ]
    }),
    // Answers that are large.
    ("decide --targets targets --txns txns", 512, |n| {
        vec![
            ("targets", oversized::targets_of_many_terms(4, 9_000 * n / 512)),
            ("txns", joined(n, "\n", |_| "{}".to_owned())),
        ]
    }),
    // Bills that add nothing to many targets.
    ("progress --targets targets --enrolments enrolments --txns txns", 2_000, |n| {
        vec![
            ("targets", oversized::targets_that_enrol_by_bills(n)),
            ("enrolments", "[]".to_owned()),
            ("txns", oversized::bills_without_points(n)),
        ]
    }),
    // Patterns that are as slow as they may be.
    ("eval - --txn txn", 125_000, |n| {
        let slow = |at| format!("currentTxn.notes.matches(\"[ab]*a[ab]{{900}}c{at}\")");
        vec![("in", joined(8, "||", slow)), ("txn", notes("ab", n))]
    }),
    // What nests.
    ("check --targets targets", 30_000_000, |n| vec![("targets", oversized::arrays_within_each_other(n))]),
    // Names of a schema file.
    ("schema --schema schema", 105_000, |n| vec![("schema", oversized::schema_of_variants(n))]),
    ("schema --schema schema", 21_000, |n| vec![("schema", oversized::schema_of_events(n))]),
    ("schema --schema schema", 14_000, |n| vec![("schema", oversized::schema_of_profiles(n))]),
    // Names that are long.
    ("schema --schema schema", 900_000, |n| {
        let name = "a".repeat(n);
        let attribute = format!("\"extField_{name}\":{{\"type\":\"string\"}}");
        vec![("schema", format!("{{\"profiles\":{{\"currentTxn\":{{\"attributes\":{{{attribute}}}}}}}}}"))]
    }),
    ("decide --format human --targets targets --txns txns", 900_000, |n| {
        let bills = joined(20, "\n", |at| bill(at, 1)).replace("n-7", &"n".repeat(n));
        vec![("targets", payload(20, "currentTxn.value>5")), ("txns", bills)]
    }),
];

const UNROLLED: &str = "currentLineItem.qty>1&&currentLineItem.doesItemMatch(\"brand\",\"b\")";

fn joined(parts: usize, by: &str, part: impl Fn(usize) -> String) -> String {
    (0..parts).map(part).collect::<Vec<_>>().join(by)
}

fn values(terms: usize) -> String {
    joined(terms, "||", |at| format!("currentTxn.value=={at}"))
}

fn payload(targets: usize, rule: &str) -> String {
    let target = |at| {
        format!(
            "{{\"id\":{at},\"name\":\"Target {at}\",\"targetType\":\"SALES\",\"targetEntity\":\"TRANSACTION\",\"expression\":\"{rule}\"}}"
        )
    };
    format!("{{\"data\":[{}]}}", joined(targets, ",", target))
}

/// Targets of which each counts what the one before it counts, but for some.
fn rising(targets: usize) -> String {
    let target = |at: usize| format!("{{\"id\":{at},\"expression\":\"currentTxn.value>{at}\"}}");
    format!("[{}]", joined(targets, ",", target))
}

fn bill(customer: usize, items: usize) -> String {
    let items = joined(items, ",", |_| {
        "{\"qty\":2,\"rate\":9,\"discount\":0,\"attributes\":{\"brand\":\"b\"}}".to_owned()
    });
    format!(
        "{{\"currentCustomer\":{{\"id\":{customer}}},\"currentTxn\":{{\"number\":\"n-{customer}\",\"date\":\"2026-03-07T12:20:20Z\",\"value\":9,\"lineItems\":[{items}]}}}}"
    )
}

/// Ten sums beside something that is asked of each line item.
fn sums() -> String {
    let sum = |at| format!("currentTxn.basketSum(\"brand\",\"b{at}\")<1");
    format!("currentLineItem.qty>1&&{}", joined(10, "&&", sum))
}

/// Targets of eight patterns each, all different.
fn patterns(targets: usize, pattern: &str) -> String {
    let rule = |at| joined(8, "||", |one| format!("currentTxn.notes.matches(\\\"{pattern}{at}x{one}\\\")"));
    let target = |at| format!("{{\"id\":{at},\"targetType\":\"SALES\",\"expression\":\"{}\"}}", rule(at));
    format!("{{\"data\":[{}]}}", joined(targets, ",", target))
}

fn notes(letters: &str, times: usize) -> String {
    format!("{{\"currentTxn\":{{\"notes\":\"{}\"}}}}", letters.repeat(times))
}

/// What a command may take, at the limits.
const SECONDS: f64 = 5.0;
const MEMORY: usize = 512 << 20;
/// What it takes whatever comes in: code, threads, tables of time zones.
const AT_LEAST: usize = 48 << 20;
/// No text for people is so many times as large as what it is about. What programs
/// read is as much as was decided: customers times periods, lines times names.
const OUTPUT: usize = 100;
/// Runaways end after so many seconds, and KiB of addresses.
const GUARD: &str = "ulimit -t 60 -v 8388608 && exec \"$0\" \"$@\"";

/// How much of what the limits let in the everyday test tries: a debug build takes
/// some thirty times as long.
const PART: usize = if cfg!(debug_assertions) { 40 } else { 10 };

struct Taken {
    status: Option<i32>,
    seconds: f64,
    memory: usize,
    output: usize,
}

/// Runs a command in a folder. A process that ended tells its time until somebody
/// waits for it, and its memory while it runs.
fn run(line: &str, folder: &Path) -> Taken {
    let mut command = Command::new("bash");
    command.args(["-c", GUARD, env!("CARGO_BIN_EXE_target-rules")]).args(line.split(' '));
    command.current_dir(folder).stdin(std::fs::File::open(folder.join("in")).unwrap());
    command.stdout(Stdio::piped()).stderr(std::fs::File::create(folder.join("err")).unwrap());
    let mut child = command.spawn().unwrap();
    let mut told = child.stdout.take().unwrap();
    let output = std::thread::spawn(move || {
        let (mut bytes, mut buffer) = (0, vec![0; 1 << 16]);
        while let Ok(count) = told.read(&mut buffer) {
            if count == 0 {
                break;
            }
            bytes += count;
        }
        bytes
    });
    let process = PathBuf::from(format!("/proc/{}", child.id()));
    let mut memory = 0;
    let seconds = loop {
        let status = std::fs::read_to_string(process.join("status")).unwrap_or_default();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let peak = peak.and_then(|kib| kib.trim().strip_suffix(" kB")?.parse::<usize>().ok());
        memory = memory.max(peak.unwrap_or(0) * 1024);
        let stat = std::fs::read_to_string(process.join("stat")).unwrap();
        let (_, fields) = stat.rsplit_once(") ").unwrap();
        let fields: Vec<&str> = fields.split(' ').collect();
        // Of itself and of the system, in hundredths of a second.
        let ticks: f64 = fields.iter().skip(11).take(2).map(|ticks| ticks.parse::<f64>().unwrap()).sum();
        if fields.first() == Some(&"Z") {
            break ticks / 100.0;
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    Taken { status: child.wait().unwrap().code(), seconds, memory, output: output.join().unwrap() }
}

fn keeps(part: usize) {
    let mut wrong = String::new();
    let most = (MEMORY - AT_LEAST) / part + AT_LEAST;
    for (at, (line, size, files)) in SHAPES.iter().enumerate() {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("bounds-{part}-{at}"));
        drop(std::fs::remove_dir_all(&folder));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("in"), "").unwrap();
        let mut input = 0;
        for (name, text) in files((size / part).max(2)) {
            input += text.len();
            std::fs::write(folder.join(name), text).unwrap();
        }
        let Taken { status, seconds, memory, output } = run(line, &folder);
        let taken = format!(
            "{line} ({at}, {input} bytes): {seconds:.2} s, {} MiB, {output} bytes told",
            memory >> 20
        );
        println!("{taken}");
        let told = std::fs::read_to_string(folder.join("err")).unwrap();
        let ended = matches!(status, Some(0 | 1));
        // A line for each bill and target, or for each two targets: who asks wants them all.
        let of_each = ["progress ", "decide --targets ", "sample ", "overlap "];
        let of_each = of_each.iter().any(|call| line.starts_with(call));
        let too_much = !of_each && output > input * OUTPUT + (1 << 20);
        if !ended || seconds > SECONDS || memory > most || too_much {
            let told = told.chars().take(300).collect::<String>();
            writeln!(wrong, "{taken}, status {status:?}: {told}").unwrap();
        }
        std::fs::remove_dir_all(&folder).unwrap();
    }
    assert!(wrong.is_empty(), "more than {SECONDS} s, {} MiB, or too much told:\n{wrong}", most >> 20);
}

#[test]
fn commands_keep_their_budget_at_a_part_of_the_limits() {
    keeps(PART);
}

#[test]
#[ignore = "at the limits, for a release build: `tests/long` runs it"]
fn commands_keep_their_budget_at_the_limits() {
    keeps(1);
}
