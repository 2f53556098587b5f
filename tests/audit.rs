//! Documents held against the schema and against what rules read: each file of
//! `tests/audit` has rules and documents, and what is found in them.
//!
//! `UPDATE_AUDIT=1 cargo test --test all audit::` writes what is found into the files.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::path::Path;

use target_rules::audit::{Audit, Finding};
use target_rules::diagnostic::{Code, Severity};
use target_rules::transaction::ValueKind;
use target_rules::{Ast, Layout, Limits, Reference, Rule, Schema};

fn rule(text: &str) -> Rule {
    let limits = Limits::default();
    Ast::from_text(text, &limits).unwrap().check(&Schema::standard(), &limits).into_rule().unwrap()
}

/// The findings, one a line, with their help below.
fn shown(findings: &[Finding]) -> String {
    let mut out = String::new();
    for found in findings {
        let places: Vec<String> =
            found.places.iter().map(|place| format!("{}:{}", place.line, place.column)).collect();
        let read = if found.read { "" } else { ", not read" };
        let Finding { code, message, count, path, .. } = found;
        let severity = serde_json::to_string(&found.severity).unwrap().replace('"', "");
        out.push_str(&format!("{severity}[{code}] {path}: {count} at {}{read}\n", places.join(" ")));
        out.push_str(&format!("  {message}\n"));
        if let Some(help) = &found.help {
            out.push_str(&format!("  = {help}\n"));
        }
    }
    out
}

/// Lines that begin with `#` are rules, the others documents.
fn found(written: &str) -> Vec<Finding> {
    let rules: Vec<Rule> = written.lines().filter_map(|line| line.strip_prefix("# ")).map(rule).collect();
    let mut audit = Audit::new(&Schema::standard(), &Limits::default()).rules(&rules);
    let documents = written.lines().filter(|line| !line.starts_with('#'));
    for (line, document) in (1..).zip(documents) {
        audit.add(document, line);
    }
    audit.findings()
}

#[test]
fn every_file_finds_what_it_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/audit");
    let update = std::env::var_os("UPDATE_AUDIT").is_some();
    let (mut failed, mut files) = (Vec::new(), 0);
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let (written, expected) = text.split_once("=====\n").unwrap();
        files += 1;
        let actual = shown(&found(written));
        if actual == expected {
            continue;
        }
        if update {
            std::fs::write(&path, format!("{written}=====\n{actual}")).unwrap();
        } else {
            failed.push(format!("== {} ==\n{actual}", path.display()));
        }
    }
    assert!(files > 15, "only {files} files are found");
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// An audit refuses what a reader refuses, in the same words at the same place,
/// whatever the type and the value; and nothing else.
#[test]
fn errors_are_those_of_the_reader() {
    let rules = [
        ("currentTxn.value>500", r#"{"currentTxn":{"value":V}}"#),
        ("currentTxn.notes==\"a\"", r#"{"currentTxn":{"notes":V}}"#),
        ("currentTxn.date.isWeekend()", r#"{"currentTxn":{"date":V}}"#),
        ("currentCustomer.isLoyal", r#"{"currentCustomer":{"isLoyal":V}}"#),
        ("currentTxn.extField_points>5", r#"{"currentTxn":{"extendedFields":{"points":V}}}"#),
        ("currentTxn.basketSum(\"brand\",\"a\")>5", r#"{"currentTxn":{"lineItems":[{"qty":V}]}}"#),
        (
            "currentTxn.basketSum(\"brand\",\"a\")>5",
            r#"{"currentTxn":{"lineItems":[{"attributes":{"brand":V}}]}}"#,
        ),
        ("currentTxn.basketSum(\"brand\",\"a\")>5", r#"{"currentTxn":{"lineItems":[{"attributes":V}]}}"#),
        ("currentTxn.basketSum(\"brand\",\"a\")>5", r#"{"currentTxn":{"lineItems":[V]}}"#),
        ("currentTxn.basketSum(\"brand\",\"a\")>5", r#"{"currentTxn":{"lineItems":V}}"#),
        ("currentTxn.value>500", r#"{"currentTxn":V}"#),
        ("currentTxn.value>500", "V"),
    ];
    let values = [
        "null",
        "true",
        "12",
        "1.5",
        "1e40",
        "\"\"",
        "\"12\"",
        "\"a\"",
        "\"2024-07-29\"",
        "1722255620000",
        "[]",
        "[1]",
        "{}",
        "{\"a\":1}",
        "\"n/a\"",
        "x",
    ];
    for (text, template) in rules {
        let rule = rule(text);
        for value in values {
            let document = template.replace('V', value);
            let read = Layout::of([&rule]).read(document.as_str(), &Limits::default());
            let mut audit = Audit::new(&Schema::standard(), &Limits::default()).rules([&rule]);
            audit.add(document.as_str(), 1);
            let errors: Vec<(Code, String, usize)> = audit
                .findings()
                .into_iter()
                .filter(|one| one.severity == Severity::Error)
                .map(|one| (one.code, one.message, one.places[0].column))
                .collect();
            let expected: Vec<(Code, String, usize)> = match read {
                Ok(_) => Vec::new(),
                Err(faults) => faults.into_iter().map(|one| (one.code, one.message, one.column)).collect(),
            };
            assert_eq!(errors, expected, "{document}");
        }
    }
}

/// What a host reads counts as what rules read does, whatever it is: a slip is
/// told, a wrong type is an error, and so is told what is never there.
#[test]
fn what_a_host_reads_counts_whatever_it_is() {
    let text = str::to_owned;
    let profile = || text("currentTxn");
    let cases = [
        (Reference::Attribute { profile: profile(), name: text("till") }, ValueKind::Number, r#"{"til":K}"#),
        (
            Reference::ExtendedField { profile: profile(), name: text("channel") },
            ValueKind::Number,
            r#"{"extendedFields":{"chanel":K}}"#,
        ),
        (
            Reference::CustomField { profile: profile(), name: text("bank_name") },
            ValueKind::Text,
            r#"{"customFields":{"bank_nam":K}}"#,
        ),
        (
            Reference::EntryField {
                profile: profile(),
                list: text("lineItems"),
                name: text("shelf"),
                extended: false,
            },
            ValueKind::Number,
            r#"{"lineItems":[{"shelv":K}]}"#,
        ),
        (
            Reference::EntryField {
                profile: profile(),
                list: text("tenders"),
                name: text("cardBin"),
                extended: true,
            },
            ValueKind::Number,
            r#"{"tenders":[{"extendedFields":{"cardBinn":K}}]}"#,
        ),
        (
            Reference::ItemAttribute { profile: profile(), name: text("season") },
            ValueKind::Text,
            r#"{"lineItems":[{"attributes":{"seson":K}}]}"#,
        ),
    ];
    for (reference, kind, document) in cases {
        let mut audit = Audit::new(&Schema::standard(), &Limits::default()).reading(&reference, kind);
        audit.add(format!("{{\"currentTxn\":{}}}", document.replace('K', "1")).as_str(), 1);
        let found: Vec<Code> = audit.findings().iter().map(|one| one.code).collect();
        assert!(found.contains(&Code::UnknownKey), "{reference:?}: {found:?}");
        assert!(found.contains(&Code::NeverThere), "{reference:?}: {found:?}");
    }
}

#[test]
fn as_many_findings_and_places_are_kept_as_may_be() {
    let mut limits = Limits::default();
    (limits.findings, limits.places) = (3, 2);
    let mut audit = Audit::new(&Schema::standard(), &limits);
    for number in 0..10 {
        let document = format!("{{\"currentTxn\":{{}},\"other{number}\":1,\"another\":2}}");
        audit.add(document.as_str(), number + 1);
    }
    let found = audit.findings();
    assert_eq!((found.len(), audit.left_out()), (3, 8));
    let another = found.iter().find(|one| one.path == "another").unwrap();
    assert_eq!((another.count, another.places.len()), (10, 2));
    assert_eq!(audit.documents(), 10);
}

/// What takes time that grows with the square of the document does not end here.
#[test]
fn many_items_without_a_figure() {
    let items = vec!["{}"; 10_000].join(",");
    let rule = rule("currentTxn.basketSum(\"brand\",\"a\")>5");
    let mut audit = Audit::new(&Schema::standard(), &Limits::default()).rules([&rule]);
    audit.add(format!("{{\"currentTxn\":{{\"lineItems\":[{items}]}}}}").as_str(), 1);
    let found = audit.findings();
    let lacks = found.iter().find(|one| one.code == Code::MissingFigure).unwrap();
    assert_eq!(lacks.count, 10_000);
    assert_eq!((lacks.places[0].column, lacks.places[1].column), (29, 32));
}

#[test]
fn many_keys_near_a_known_one() {
    let letters: Vec<char> = ('0'..='9').chain('a'..='z').chain(['-', '+', '*', '~']).collect();
    let mut keys = String::new();
    for a in &letters {
        for b in &letters {
            for c in &letters {
                keys.push_str(&format!("\"points{a}{b}{c}\":1,"));
            }
        }
    }
    let rule = rule("currentTxn.extField_points>5");
    let mut audit = Audit::new(&Schema::standard(), &Limits::default()).rules([&rule]);
    let document = format!("{{\"currentTxn\":{{\"extendedFields\":{{{keys}\"other\":1}}}}}}");
    audit.add(document.as_str(), 1);
    let unknown = audit.findings().into_iter().filter(|one| one.code == Code::UnknownKey);
    assert_eq!(unknown.count() + audit.left_out(), 64_000);
}
