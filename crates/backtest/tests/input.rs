//! Files in every form, and all that goes wrong with them: a clear error, and never a report
//! of a part that is taken for the whole.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::common::{Files, bills, finished, options, plan_of_rules, rule};
use flate2::Compression;
use flate2::write::GzEncoder;
use target_rules_backtest::{Error, ErrorKind, NotWhole, PlainReading, Plan, Report, run};

fn plan() -> Plan {
    plan_of_rules(&[rule("currentTxn.value>300")], options())
}

fn failed(plan: &Plan, paths: &[String]) -> Error {
    let files = target_rules_backtest::Files::of(paths);
    files
        .and_then(|files| run(plan, &files, &PlainReading, &AtomicBool::new(false), &mut |_| {}))
        .unwrap_err()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// What is told of the transactions, whatever the file is called.
fn told(report: &Report) -> String {
    let mut report = report.clone();
    report.input.files.clear();
    report.focus.iter_mut().for_each(|focus| focus.examples.clear());
    serde_json::to_string(&report).unwrap()
}

#[test]
fn every_form_gives_the_same() {
    let lines = bills(200);
    let text = lines.join("\n");
    let files = Files::of(&[("plain.ndjson", lines.clone())]);
    let expected = told(&finished(&plan(), &files.paths()).report);
    let zstd =
        ruzstd::encoding::compress_to_vec(text.as_bytes(), ruzstd::encoding::CompressionLevel::Fastest);
    let (first, second) = text.split_at(text.len() / 2);
    let members = [gzip(first.as_bytes()), gzip(second.as_bytes())].concat();
    let forms: [(&str, Vec<u8>); 8] = [
        ("crlf.ndjson", text.replace('\n', "\r\n\r\n").into_bytes()),
        ("mark.ndjson", format!("\u{feff}{text}\n").into_bytes()),
        ("packed.ndjson.gz", gzip(text.as_bytes())),
        ("members.gz", members),
        ("packed.zst", zstd),
        ("array.json", format!(" [\n{}\n]\n", lines.join(" ,\n ")).into_bytes()),
        ("array.json.gz", gzip(format!("[{}]", lines.join(",")).as_bytes())),
        ("one-line.json", format!("\u{feff}[{}]", lines.join(",")).into_bytes()),
    ];
    for (name, bytes) in forms {
        let path = files.path(name);
        std::fs::write(&path, bytes).unwrap();
        let report = finished(&plan(), &[path.display().to_string()]).report;
        assert_eq!(told(&report), expected, "{name}");
        assert_eq!(report.input.files[0].documents, 200, "{name}");
    }
}

#[test]
fn a_table_has_columns_that_are_named_as_rules_name_them() {
    let files = Files::of(&[(
        "bills.csv",
        vec![
            "currentTxn.number,currentTxn.value,currentTxn.date,currentCustomer.id".to_owned(),
            "n1,730.50,2026-03-01,7".to_owned(),
            "\"n,2\",12,2026-03-02,8".to_owned(),
            "n3,,2026-03-03,".to_owned(),
            "n4,much,2026-03-03,9".to_owned(),
        ],
    )]);
    let report = finished(&plan(), &files.paths()).report;
    let target = &report.targets[0];
    assert_eq!((target.eligible, target.not_eligible, target.unknown), (1, 1, 1));
    assert_eq!((report.input.customers, report.input.amount.to_string()), (2, "742.5".to_owned()));
    assert_eq!(report.input.faults.iter().map(|fault| fault.line).collect::<Vec<_>>(), [5]);
    let unnamed = Files::of(&[("bills.csv", vec!["total".to_owned(), "5".to_owned()])]);
    assert!(failed(&plan(), &unnamed.paths()).to_string().contains("other names need a mapping"));
}

#[test]
fn folders_and_patterns_name_files() {
    let files =
        Files::of(&[("a.ndjson", bills(3)), ("b.jsonl", bills(4)), ("notes.txt", vec!["no".to_owned()])]);
    std::fs::create_dir(files.path("deep")).unwrap();
    std::fs::write(files.path("deep").join("c.json.gz"), gzip(bills(5).join("\n").as_bytes())).unwrap();
    let folder = files.folder.path().display().to_string();
    assert_eq!(finished(&plan(), std::slice::from_ref(&folder)).report.input.transactions, 12);
    assert_eq!(finished(&plan(), &[format!("{folder}/*.nd*")]).report.input.transactions, 3);
    let none = failed(&plan(), &[format!("{folder}/*.csv")]);
    assert_eq!((none.kind(), none.to_string().ends_with("no file is named so")), (ErrorKind::Input, true));
    let twice = failed(&plan(), &[format!("{folder}/a.ndjson"), folder]);
    assert!(twice.to_string().contains("named twice"), "{twice}");
}

#[test]
fn a_file_that_was_cut_off_gives_no_report() {
    let files = Files::of(&[]);
    let text = bills(300).join("\n");
    let zstd =
        ruzstd::encoding::compress_to_vec(text.as_bytes(), ruzstd::encoding::CompressionLevel::Fastest);
    for (name, packed) in [("cut.gz", gzip(text.as_bytes())), ("cut.zst", zstd)] {
        for left in [packed.len() - 1, packed.len() / 2, 30] {
            std::fs::write(files.path(name), &packed[..left]).unwrap();
            let error = failed(&plan(), &[files.path(name).display().to_string()]);
            assert_eq!(error.kind(), ErrorKind::Input, "{error}");
            assert!(error.to_string().contains(name) && error.to_string().contains("no report"), "{error}");
        }
    }
    for array in ["[{}, {}", "[{}] {}", "[{\"a\": \"]"] {
        std::fs::write(files.path("array.json"), array).unwrap();
        let error = failed(&plan(), &[files.path("array.json").display().to_string()]);
        assert!(error.to_string().contains("array"), "{array}: {error}");
    }
}

#[test]
fn a_file_that_changes_gives_no_report() {
    for grows in [true, false] {
        let files = Files::of(&[("bills.ndjson", bills(500))]);
        let found = target_rules_backtest::Files::of(&files.paths()).unwrap();
        let path = files.path("bills.ndjson");
        if grows {
            let mut file = std::fs::OpenOptions::new().append(true).open(&path).unwrap();
            file.write_all(b"\n{}").unwrap();
        } else {
            std::fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(100).unwrap();
        }
        let error = run(&plan(), &found, &PlainReading, &AtomicBool::new(false), &mut |_| {}).unwrap_err();
        assert!(error.to_string().contains("has changed while it was read: it had"), "{error}");
    }
}

#[test]
fn what_is_not_there_is_named() {
    let files = Files::of(&[]);
    let error = failed(&plan(), &[files.path("none.ndjson").display().to_string()]);
    assert_eq!(error.kind(), ErrorKind::Input);
    assert!(error.to_string().contains("none.ndjson"), "{error}");
    let empty = failed(&plan(), &[files.folder.path().display().to_string()]);
    assert!(empty.to_string().contains("no file of transactions"), "{empty}");
}

#[test]
fn a_strict_run_stops_at_the_first_document_that_cannot_be_read() {
    let mut lines = bills(300);
    lines[250] = "{".to_owned();
    lines[100] = "[]".to_owned();
    let files = Files::of(&[("bills.ndjson", lines)]);
    let mut options = options();
    (options.strict, options.threads, options.split_bytes) = (true, Some(1), 20_000);
    let plan = plan_of_rules(&[rule("true")], options);
    let error = failed(&plan, &files.paths());
    assert_eq!(error.kind(), ErrorKind::Document);
    assert!(error.to_string().contains("bills.ndjson:101: "), "{error}");
}

#[test]
fn an_interrupted_run_says_so_and_lines_are_right() {
    let mut lines = bills(3_000);
    for line in (0..3_000).step_by(10) {
        lines[line] = "{".to_owned();
    }
    let files = Files::of(&[("bills.ndjson", lines)]);
    let mut options = options();
    (options.threads, options.split_bytes) = (Some(2), 1_000);
    let plan = plan_of_rules(&[rule("true")], options);
    let found = target_rules_backtest::Files::of(&files.paths()).unwrap();
    let cancelled = AtomicBool::new(false);
    let mut stop = |progress: target_rules_backtest::Progress| {
        if progress.bytes > 0 {
            cancelled.store(true, Ordering::Relaxed);
        }
    };
    let report = run(&plan, &found, &PlainReading, &cancelled, &mut stop).unwrap().report;
    let input = &report.input;
    // Where the machine is so fast that all was read first, the report is whole.
    assert_eq!(input.whole, input.transactions + input.unreadable == 3_000);
    let interrupted = input.not_whole.iter().any(|why| matches!(why, NotWhole::Interrupted { .. }));
    assert_eq!(interrupted, !input.whole);
    assert!(input.faults.iter().all(|fault| fault.line % 10 == 1), "{:?}", input.faults);

    cancelled.store(true, Ordering::Relaxed);
    let report = run(&plan, &found, &PlainReading, &cancelled, &mut |_| {}).unwrap().report;
    assert_eq!((report.input.whole, report.input.transactions), (false, 0));
}

#[test]
fn a_sample_is_the_same_each_time_and_says_so() {
    let files = Files::of(&[("bills.ndjson", bills(4_000))]);
    let sampled = |threads| {
        let mut options = options();
        (options.sample_millionths, options.threads) = (100_000, Some(threads));
        finished(&plan_of_rules(&[rule("true")], options), &files.paths()).report
    };
    let report = sampled(1);
    assert_eq!(report, sampled(3));
    assert!((300..500).contains(&report.input.transactions), "{}", report.input.transactions);
    assert_eq!(report.input.not_sampled + report.input.transactions, 4_000);
    assert_eq!((report.input.whole, &report.input.not_whole), (false, &vec![NotWhole::Sampled]));
}

#[test]
fn only_the_days_that_are_asked_for_count() {
    let files = Files::of(&[("bills.ndjson", bills(400))]);
    let mut options = options();
    // 2026-03-05 to 2026-03-07.
    (options.since, options.until) = (Some(20_517), Some(20_519));
    let report = finished(&plan_of_rules(&[rule("true")], options), &files.paths()).report;
    let days: Vec<&str> = report.input.days.iter().map(|day| day.day.as_str()).collect();
    assert_eq!(days, ["2026-03-05", "2026-03-06", "2026-03-07"]);
    assert_eq!(report.input.transactions + report.input.other_days, 400);
    assert_eq!(
        (report.input.since.as_deref(), report.input.until.as_deref()),
        (Some("2026-03-05"), Some("2026-03-07"))
    );
}
