//! Parquet files: what they say is what lines of JSON with the same values say, to the byte, and
//! what is wrong with them is told and never taken for the whole.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::common::{Files, bills, finished, options, plan_of_rules, rule, rules};
use crate::written::{of_columns, of_lines, parquet};
use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, BinaryArray, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Float64Array,
    Int32Array, Int64Array, StringArray, TimestampMicrosecondArray, TimestampMillisecondArray,
    TimestampNanosecondArray,
};
use loyalty_targets::Payload;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::{WriterProperties, WriterVersion};
use target_rules::{Limits, Schema};
use target_rules_backtest::{
    Error, ErrorKind, FileSplit, Options, PlainReading, Plan, Report, Subject, count_splits, run,
};

fn failed(plan: &Plan, paths: &[String]) -> Error {
    let files = target_rules_backtest::Files::of(paths);
    files
        .and_then(|files| run(plan, &files, &PlainReading, &AtomicBool::new(false), &mut |_| {}))
        .unwrap_err()
}

/// What is told of the transactions, whatever the files are called and where they are cut.
fn told(report: &Report) -> String {
    let mut report = report.clone();
    report.input.files.clear();
    report.focus.iter_mut().for_each(|focus| focus.examples.clear());
    serde_json::to_string(&report).unwrap()
}

fn few() -> Plan {
    plan_of_rules(&[rule("currentTxn.value>300")], options())
}

fn write(files: &Files, name: &str, bytes: &[u8]) -> String {
    std::fs::write(files.path(name), bytes).unwrap();
    files.path(name).display().to_string()
}

/// What a file of one batch of columns comes to, and the same as lines.
fn both(columns: &[(&str, ArrayRef)], lines: &[&str], plan: &Plan) -> (Report, Report) {
    let lines = lines.iter().map(|line| (*line).to_owned()).collect();
    let files = Files::of(&[("bills.ndjson", lines)]);
    let path = write(&files, "bills.parquet", &parquet(&[of_columns(columns)], WriterProperties::default()));
    (finished(plan, &[path]).report, finished(plan, &files.paths()).report)
}

#[test]
fn the_same_bills_give_the_same_report_to_the_byte() {
    let lines = bills(250);
    let files = Files::of(&[("plain.ndjson", lines.clone())]);
    let rules = rules(60);
    let plan = |threads| {
        let mut options = options();
        (options.threads, options.reasons_every) = (Some(threads), Some(1));
        plan_of_rules(&rules, options)
    };
    let expected = told(&finished(&plan(1), &files.paths()).report);
    let batches = of_lines(&lines);
    let zstd = Compression::ZSTD(ZstdLevel::default());
    let forms = [
        ("plain", Compression::UNCOMPRESSED, true, WriterVersion::PARQUET_1_0, 250),
        ("snappy", Compression::SNAPPY, true, WriterVersion::PARQUET_2_0, 100),
        ("zstd", zstd, false, WriterVersion::PARQUET_2_0, 1),
        (
            "gzip",
            Compression::GZIP(parquet::basic::GzipLevel::default()),
            true,
            WriterVersion::PARQUET_1_0,
            333,
        ),
        ("lz4", Compression::LZ4_RAW, false, WriterVersion::PARQUET_1_0, 64),
    ];
    for (name, compression, dictionary, version, rows) in forms {
        let properties = WriterProperties::builder()
            .set_compression(compression)
            .set_dictionary_enabled(dictionary)
            .set_writer_version(version)
            .set_max_row_group_row_count(Some(rows))
            .set_data_page_row_count_limit(50)
            .build();
        let path = write(&files, &format!("{name}.parquet"), &parquet(&batches, properties));
        let threads = if name == "snappy" { vec![1, 2, 7] } else { vec![2] };
        for threads in threads {
            let report = finished(&plan(threads), std::slice::from_ref(&path)).report;
            assert_eq!(told(&report), expected, "{name}, {threads} threads");
            assert_eq!(report.input.files[0].documents, 250, "{name}");
        }
    }
}

#[test]
fn examples_and_order_are_the_same_however_it_is_read() {
    let lines = bills(400);
    let files = Files::of(&[]);
    let (first, second) = lines.split_at(150);
    let rows = |rows| WriterProperties::builder().set_max_row_group_row_count(Some(rows)).build();
    let paths = [
        write(&files, "a.parquet", &parquet(&of_lines(first), rows(40))),
        write(&files, "b.parquet", &parquet(&of_lines(second), rows(350))),
    ];
    let rules = rules(12);
    let report = |threads, paths: &[String], change: fn(&mut Options)| {
        let mut options = options();
        options.threads = Some(threads);
        change(&mut options);
        finished(&plan_of_rules(&rules, options), paths).report
    };
    let turned = [paths[1].clone(), paths[0].clone()];
    let folder = [files.folder.path().display().to_string()];
    let changes: [fn(&mut Options); 3] = [
        |_| {},
        |options| options.sample_millionths = 200_000,
        |options| (options.since, options.until) = (Some(20_517), Some(20_519)),
    ];
    for change in changes {
        let expected = report(1, &paths, change);
        for threads in [1, 2, 7] {
            assert_eq!(report(threads, &turned, change), expected);
            assert_eq!(report(threads, &folder, change), expected);
        }
    }
    let sampled = report(2, &paths, changes[1]).input;
    assert!((40..120).contains(&sampled.transactions), "{}", sampled.transactions);
    assert_eq!(sampled.not_sampled + sampled.transactions, 400);
    let days = report(2, &paths, changes[2]).input.days;
    assert_eq!(
        days.iter().map(|day| day.day.as_str()).collect::<Vec<_>>(),
        ["2026-03-05", "2026-03-06", "2026-03-07"]
    );
}

#[test]
fn a_large_row_group_is_cut() {
    let count = 300_000;
    let values: Int64Array = (0..count).collect();
    let properties = WriterProperties::builder().set_max_row_group_row_count(None).build();
    let columns: [(&str, ArrayRef); 1] = [("currentTxn.value", Arc::new(values))];
    let files = Files::of(&[]);
    let path = write(&files, "large.parquet", &parquet(&[of_columns(&columns)], properties));
    let mut options = options();
    options.threads = Some(2);
    let plan = plan_of_rules(&[rule("currentTxn.value>=299990")], options);
    let report = finished(&plan, &[path]).report;
    assert_eq!((report.input.transactions, report.targets[0].eligible), (300_000, 10));
    let lines: Vec<u64> = report.focus[0].examples.iter().map(|example| example.line).collect();
    assert!(lines.iter().all(|line| *line <= 300_000), "{lines:?}");
    assert_eq!(report.input.amount.to_string(), "44999850000");
}

#[test]
fn splits_of_a_caller_are_the_pieces() {
    let files = Files::of(&[]);
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(40)).build();
    let path = write(&files, "bills.parquet", &parquet(&of_lines(&bills(250)), properties));
    let (plan, paths) = (few(), [path]);
    let expected = told(&finished(&plan, &paths).report);
    let found = target_rules_backtest::Files::of(&paths).unwrap();
    let counted = |split: &FileSplit| {
        let splits = std::slice::from_ref(split);
        count_splits(&plan, &found, &PlainReading, splits, &AtomicBool::new(false), &mut |_| {})
    };
    let splits = found.cut(1);
    assert_eq!(splits.len(), 7);
    let mut parts = splits.iter().rev().map(|split| counted(split).unwrap());
    let mut all = parts.next().unwrap();
    parts.for_each(|part| all.join(part).unwrap());
    let report = all.finish(&plan, &found).unwrap().report;
    assert!(report.input.whole);
    assert_eq!(told(&report), expected);
    let between = FileSplit { start: splits[1].start + 1, ..splits[1].clone() };
    assert!(counted(&between).is_err(), "a split that is no piece");
}

#[test]
fn documents_stand_in_a_column() {
    let lines = bills(50);
    let expected = told(&finished(&few(), &Files::of(&[("a.ndjson", lines.clone())]).paths()).report);
    let text: ArrayRef = Arc::new(StringArray::from(lines.clone()));
    let bytes: ArrayRef = Arc::new(BinaryArray::from_iter_values(&lines));
    let number: ArrayRef = Arc::new(Int32Array::from_iter_values(0..50));
    let files = Files::of(&[]);
    let forms: [&[(&str, ArrayRef)]; 3] =
        [&[("payload", text.clone())], &[("line", bytes)], &[("loaded", number), ("document", text)]];
    for columns in forms {
        let path = write(&files, "a.parquet", &parquet(&[of_columns(columns)], WriterProperties::default()));
        assert_eq!(told(&finished(&few(), &[path]).report), expected);
    }
    let none = StringArray::from(vec![Some("{\"currentTxn\":{\"value\":400}}"), None, Some("{"), Some("")]);
    let path = write(
        &files,
        "a.parquet",
        &parquet(&[of_columns(&[("json", Arc::new(none))])], WriterProperties::default()),
    );
    let input = finished(&few(), &[path]).report.input;
    assert_eq!((input.transactions, input.unreadable), (1, 3));
    assert_eq!(input.faults.iter().map(|fault| fault.line).collect::<Vec<_>>(), [2, 3, 4]);
}

#[test]
fn columns_are_named_as_rules_name_what_is_in_them() {
    let moments = vec![Some(1_772_886_020_500), None, Some(1_772_886_020_000)];
    let columns: [(&str, ArrayRef); 9] = [
        ("loaded_at", Arc::new(Int32Array::from(vec![1, 2, 3]))),
        (
            "currentTxn.number",
            Arc::new(DictionaryArray::<Int32Type>::from_iter([Some("n1"), Some("n1"), None])),
        ),
        (
            "currentTxn.value",
            Arc::new(
                Decimal128Array::from(vec![Some(73_050), Some(-5), None])
                    .with_precision_and_scale(12, 2)
                    .unwrap(),
            ),
        ),
        ("currentTxn.date", Arc::new(TimestampMillisecondArray::from(moments).with_timezone("UTC"))),
        ("currentCustomer.id", Arc::new(Float64Array::from(vec![Some(7.0), Some(8.0), None]))),
        ("currentCustomer.isLoyal", Arc::new(BooleanArray::from(vec![Some(true), Some(false), None]))),
        ("currentCustomer.joinDate", Arc::new(Date32Array::from(vec![Some(0), None, Some(20_519)]))),
        ("currentTxn.extField_fee", Arc::new(Int32Array::from(vec![Some(3), None, Some(4)]))),
        (
            "currentCustomer.customFields.city",
            Arc::new(StringArray::from(vec![Some("Pu\"ne"), None, Some("")])),
        ),
    ];
    let lines = [
        r#"{"currentTxn":{"number":"n1","value":730.50,"date":1772886020500,"extendedFields":{"fee":3}},"currentCustomer":{"id":7,"isLoyal":true,"joinDate":"1970-01-01","customFields":{"city":"Pu\"ne"}}}"#,
        r#"{"currentTxn":{"number":"n1","value":-0.05},"currentCustomer":{"id":8,"isLoyal":false}}"#,
        r#"{"currentTxn":{"date":1772886020000,"extendedFields":{"fee":4}},"currentCustomer":{"joinDate":"2026-03-07","customFields":{"city":""}}}"#,
    ];
    let rules = [
        "currentTxn.value>300",
        "currentTxn.value==730.5&&currentTxn.date.year()==2026",
        "currentCustomer.isLoyal",
        "currentCustomer.joinDate.year()<2000",
        "currentTxn.extField_fee==3",
        "currentCustomer.customFieldValueIncludes(\"city\",\"Pu\\\"ne\")",
    ]
    .map(rule);
    let (read, expected) = both(&columns, &lines, &plan_of_rules(&rules, options()));
    assert_eq!(told(&read), told(&expected));
    assert_eq!(read.targets.iter().map(|target| target.eligible).collect::<Vec<_>>(), [1, 1, 1, 1, 1, 1]);
    assert_eq!((read.input.customers, read.input.unreadable), (2, 0));
}

#[test]
fn moments_have_the_unit_and_the_zone_of_their_column() {
    let lines = [
        r#"{"currentTxn":{"date":"2026-03-07T23:30:00Z"}}"#,
        r#"{"currentTxn":{"date":"2026-03-07T23:30:00"}}"#,
    ];
    let mut options = options();
    options.zone = target_rules::Zone::named("Asia/Kolkata").unwrap();
    let plan = plan_of_rules(&[rule("currentTxn.date.dayOfMonth()==8")], options);
    let second = 1_772_926_200;
    let milli = TimestampMillisecondArray::from(vec![second * 1_000]);
    let micro = TimestampMicrosecondArray::from(vec![second * 1_000_000]);
    let nano = TimestampNanosecondArray::from(vec![second * 1_000_000_000]);
    let columns: [[ArrayRef; 2]; 3] = [
        [Arc::new(milli.clone().with_timezone("UTC")), Arc::new(milli)],
        [Arc::new(micro.clone().with_timezone("+05:30")), Arc::new(micro)],
        [Arc::new(nano.clone().with_timezone("UTC")), Arc::new(nano)],
    ];
    for column in columns.into_iter().flatten().enumerate().map(|(at, column)| (at % 2, column)) {
        let (read, expected) = both(&[("currentTxn.date", column.1)], &lines[column.0..=column.0], &plan);
        assert_eq!(told(&read), told(&expected));
        assert_eq!(read.targets[0].eligible, u64::from(column.0 == 0));
    }
}

#[test]
fn lists_and_maps_have_parts() {
    let lines = [
        r#"{"currentTxn":{"value":9,"lineItems":[{"code":"a","qty":2,"attributes":{"brand":"Puma"}},{"code":"b","qty":null}]},"currentCustomer":{"clusters":{"Style":["Sporty","Classic"]}}}"#,
        r#"{"currentTxn":{"value":8,"lineItems":[]},"currentCustomer":{"clusters":{"Style":null}}}"#,
        r#"{"currentTxn":{"value":7},"currentStore":{"zoneIds":[4,5]}}"#,
        r#"{"currentTxn":null}"#,
        r#"{"currentTxn":{"tenders":[{"code":"CASH","amount":5},{"code":"CARD","amount":2.50}]}}"#,
    ];
    let rules = [
        "currentTxn.basketQty(\"brand\",\"Puma\")>=2",
        "currentLineItem.qty>=2",
        "currentCustomer.clusterValueIncludes(\"Style\",\"Classic\")",
        "currentTxn.value>7",
        "true",
    ];
    // Each by itself too: then hardly a column is read.
    for of in (0..rules.len()).map(|at| at..at + 1).chain(std::iter::once(0..rules.len())) {
        let rules: Vec<_> = rules[of].iter().filter_map(|text| rule_of(text)).collect();
        let plan = plan_of_rules(&rules, options());
        let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        let files = Files::of(&[("a.ndjson", lines.clone())]);
        let path = write(&files, "a.parquet", &parquet(&of_lines(&lines), WriterProperties::default()));
        assert_eq!(told(&finished(&plan, &[path]).report), told(&finished(&plan, &files.paths()).report));
    }
    // What is a list may be written as JSON.
    let items = [Some(r#"[{"code":"a","qty":2}]"#), Some("[]"), None, Some("[{]")];
    let columns: [(&str, ArrayRef); 2] = [
        ("currentTxn.lineItems", Arc::new(StringArray::from(items.to_vec()))),
        ("currentTxn.value", Arc::new(Int32Array::from(vec![1, 2, 3, 4]))),
    ];
    let files = Files::of(&[]);
    let path = write(&files, "a.parquet", &parquet(&[of_columns(&columns)], WriterProperties::default()));
    let report = finished(&plan_of_rules(&[rule(rules[1])], options()), &[path]).report;
    let target = &report.targets[0];
    assert_eq!((target.eligible, target.not_eligible, target.unknown), (1, 1, 1));
    assert_eq!(report.input.faults.iter().map(|fault| fault.line).collect::<Vec<_>>(), [4]);
}

fn rule_of(text: &str) -> Option<target_rules::Rule> {
    let limits = Limits::default();
    let ast = target_rules::Ast::from_text(text, &limits).ok()?;
    ast.check(&Schema::standard(), &limits).into_rule().ok()
}

#[test]
fn returns_are_booked_as_those_of_lines() {
    let mut lines = Vec::new();
    for number in 0..200 {
        let (customer, day) = (number % 9, number % 27 + 1);
        lines.push(format!(
            r#"{{"currentTxn":{{"number":"n{number}","date":"2026-03-{day:02}","value":{number}.5,"lineItems":[{{"code":"c","qty":{},"rate":10}}]}},"currentCustomer":{{"id":{customer}}}}}"#,
            number % 5
        ));
        if number % 6 == 0 {
            lines.push(format!(
                r#"{{"currentTxn":{{"number":"r{number}","date":"2026-03-29"}},"currentCustomer":{{"id":{customer}}},"returnBill":{{"number":"n{number}","value":1.25,"lineItems":[{{"code":"c","qty":1,"rate":10,"value":10,"amount":10}}]}}}}"#
            ));
        }
    }
    let (schema, limits) = (Schema::standard(), Limits::default());
    let text = r#"{"data": [
        {"id": 1, "targetType": "SALES", "expression": "currentTxn.value>20", "defaultValues": [{"defaultValue": 300}]},
        {"id": 2, "targetType": "UNITS", "targetEntity": "LINEITEM", "expression": "currentLineItem.qty>1", "defaultValues": [{"defaultValue": 9}]},
        {"id": 3, "targetType": "VISITS", "expression": "true"}]}"#;
    let payload = Payload::read(text, &limits).unwrap();
    let targets: Vec<_> = payload.targets().filter_map(|one| one.check(&schema, &limits).target).collect();
    let plan = || Plan::new(targets.iter().cloned().map(Subject::from).collect(), None, options()).unwrap();
    let files = Files::of(&[("a.ndjson", lines.clone())]);
    let path = write(&files, "a.parquet", &parquet(&of_lines(&lines), WriterProperties::default()));
    let (read, expected) = (finished(&plan(), &[path]).report, finished(&plan(), &files.paths()).report);
    assert_eq!(told(&read), told(&expected));
    assert!(targets.len() == 3 && read.focus.iter().any(|focus| focus.ledger.is_some()));
}

#[test]
fn what_cannot_be_read_of_a_row_is_told_with_its_row() {
    let files = Files::of(&[]);
    let values = StringArray::from(vec![Some("12"), Some("much"), None, Some("730.50"), Some("NaN")]);
    let columns: [(&str, ArrayRef); 1] = [("currentTxn.value", Arc::new(values))];
    let rows = WriterProperties::builder().set_max_row_group_row_count(Some(2)).build();
    let path = write(&files, "a.parquet", &parquet(&[of_columns(&columns)], rows));
    let report = finished(&few(), std::slice::from_ref(&path)).report;
    let faults: Vec<(u64, &str)> =
        report.input.faults.iter().map(|fault| (fault.line, fault.message.as_str())).collect();
    assert_eq!(faults.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 5]);
    assert!(faults[0].1.contains("`value`"), "{faults:?}");
    let mut options = options();
    (options.strict, options.threads) = (true, Some(1));
    let error = failed(&plan_of_rules(&[rule("currentTxn.value>5")], options), &[path]);
    assert_eq!(error.kind(), ErrorKind::Document);
    assert!(error.to_string().contains("a.parquet:2: ") && error.to_string().contains("`value`"), "{error}");

    let bytes = BinaryArray::from_iter_values([b"\xff\xfe".as_slice(), b"n-2".as_slice()]);
    let columns: [(&str, ArrayRef); 1] = [("currentTxn.number", Arc::new(bytes))];
    let path = write(&files, "b.parquet", &parquet(&[of_columns(&columns)], WriterProperties::default()));
    let input = finished(&few(), &[path]).report.input;
    assert_eq!((input.unreadable, input.transactions, input.faults[0].line), (1, 1, 1));
}

#[test]
fn columns_that_say_nothing_are_an_error() {
    let files = Files::of(&[]);
    let number = || -> ArrayRef { Arc::new(Int32Array::from(vec![1])) };
    let cases: [(&[(&str, ArrayRef)], &str); 3] = [
        (&[("total", number()), ("id", number())], "nothing is read of its columns `total`, `id`: they are"),
        (&[("total", number())], "other names need a mapping"),
        (
            &[("currentTxn.value", number()), ("currentTxn.value.x", number())],
            "two columns are `currentTxn.value",
        ),
    ];
    for (columns, expected) in cases {
        let path = write(&files, "a.parquet", &parquet(&[of_columns(columns)], WriterProperties::default()));
        let error = failed(&few(), &[path]);
        assert_eq!(error.kind(), ErrorKind::Input);
        assert!(error.to_string().contains(expected), "{error}");
    }
}

#[test]
fn a_file_that_is_damaged_gives_no_report() {
    let files = Files::of(&[]);
    let whole = parquet(&of_lines(&bills(40)), WriterProperties::default());
    for left in (4..whole.len()).step_by(whole.len() / 40).chain([whole.len() - 1]) {
        let path = write(&files, "cut.parquet", &whole[..left]);
        let error = failed(&few(), &[path]);
        assert_eq!(error.kind(), ErrorKind::Input);
        assert!(error.to_string().contains("cut off") || error.to_string().contains("damaged"), "{error}");
    }
    // Bytes that are others: an error, or a report of all rows; never a panic.
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let plan = few();
    for at in (0..whole.len()).step_by(1 + whole.len() / 400) {
        let mut other = whole.clone();
        other[at] ^= 0x55;
        let path = write(&files, "other.parquet", &other);
        let found = target_rules_backtest::Files::of(&[path]);
        let read =
            found.and_then(|files| run(&plan, &files, &PlainReading, &AtomicBool::new(false), &mut |_| {}));
        if let Ok(finished) = read {
            let input = finished.report.input;
            assert!(input.transactions + input.unreadable == 40 || at < 4, "byte {at}: {input:?}");
        }
    }
    std::panic::set_hook(hook);
    let mut encrypted = whole.clone();
    let end = encrypted.len() - 4;
    encrypted[end..].copy_from_slice(b"PARE");
    let error = failed(&few(), &[write(&files, "e.parquet", &encrypted)]);
    assert!(error.to_string().contains("encrypted"), "{error}");
}

#[test]
fn a_file_that_changes_gives_no_report() {
    let files = Files::of(&[]);
    let path = write(&files, "a.parquet", &parquet(&of_lines(&bills(40)), WriterProperties::default()));
    let found = target_rules_backtest::Files::of(std::slice::from_ref(&path)).unwrap();
    let other = parquet(&of_lines(&bills(60)), WriterProperties::default());
    std::fs::write(path, other).unwrap();
    let error = run(&few(), &found, &PlainReading, &AtomicBool::new(false), &mut |_| {}).unwrap_err();
    assert!(error.to_string().contains("has changed while it was read"), "{error}");
}

#[cfg(feature = "mapping")]
#[test]
fn a_mapping_names_columns() {
    use target_rules_backtest::MappedReading;
    use target_rules_mapping::Mapping;

    let mapping = r#"{"document": {
        "currentTxn": {
          "number": "order.id", "date": "/placed", "value": {"at": "total_cents", "minorDigits": 2},
          "lineItems": {"at": "/lines", "code": "/ean", "qty": "/count", "attributes": {"brand": "/made/by"}}},
        "currentCustomer": {"id": "/who/id", "slabName": {"at": "/who/tier", "values": {"G": "Gold"}}}},
      "skip": [{"at": "/state", "equals": "failed"}], "returns": [{"at": "/state", "equals": "returned"}]}"#;
    let reading = MappedReading(Mapping::read(mapping, &Schema::standard(), &Limits::default()).unwrap());
    let mut lines = Vec::new();
    for number in 0..60 {
        let state = ["paid", "failed", "paid", "returned", "paid"][number % 5];
        lines.push(format!(
            r#"{{"order.id":"n{}","placed":"2026-03-{:02}T08:00:00Z","total_cents":{},"till":{{"no":4}},"state":"{state}","lines":[{{"ean":"a","count":{},"made":{{"by":"Puma"}}}}],"who":{{"id":{},"tier":"G"}}}}"#,
            number - usize::from(state == "returned"),
            number % 28 + 1,
            number * 1_000,
            number % 4,
            number % 7
        ));
    }
    let (schema, limits) = (Schema::standard(), Limits::default());
    let text = r#"{"data": [{"id": 1, "targetType": "SALES", "expression": "currentTxn.value>200&&currentCustomer.slabName==\"Gold\"", "defaultValues": [{"defaultValue": 300}]},
        {"id": 2, "targetType": "SALES", "targetEntity": "LINEITEM", "expression": "currentTxn.basketQty(\"brand\",\"Puma\")>=2"}]}"#;
    let payload = Payload::read(text, &limits).unwrap();
    let targets: Vec<_> = payload.targets().map(|one| one.check(&schema, &limits).target.unwrap()).collect();
    let plan = Plan::new(targets.into_iter().map(Subject::from).collect(), None, options()).unwrap();
    let files = Files::of(&[("a.ndjson", lines.clone())]);
    let report = |path: String| {
        let files = target_rules_backtest::Files::of(&[path]).unwrap();
        run(&plan, &files, &reading, &AtomicBool::new(false), &mut |_| {}).unwrap().report
    };
    let path = write(&files, "a.parquet", &parquet(&of_lines(&lines), WriterProperties::default()));
    let (read, expected) = (report(path), report(files.paths()[0].clone()));
    assert_eq!(told(&read), told(&expected));
    assert_eq!((read.input.skipped, read.input.transactions), (12, 48));
    assert!(read.targets.iter().all(|target| target.eligible > 0), "{:?}", read.targets);
}
