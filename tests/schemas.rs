//! Schema files: what each adds, and what is said of each fault.
//!
//! `schemas/faults.json` holds files that are refused: what is wrong, at which
//! pointer, what is marked, and the repair. `schemas/accepted.json` holds files
//! that are read one after the other, and what they make of rules.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;
use target_rules::{Ast, Layout, Limits, Schema, TreeStyle, Zone};

fn folder() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemas")
}

fn cases<T: for<'d> Deserialize<'d>>(file: &str) -> Vec<T> {
    serde_json::from_str(&std::fs::read_to_string(folder().join(file)).unwrap()).unwrap()
}

/// The text of a file: as it stands, or of a JSON value.
fn text_of(file: &Value) -> String {
    file.as_str().map_or_else(|| file.to_string(), str::to_owned)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Refused {
    what: String,
    file: Value,
    /// Code, pointer, what is marked, message, and repair, of each fault.
    faults: Vec<[String; 5]>,
}

#[test]
fn every_fault_has_its_code_its_place_and_its_repair() {
    let cases: Vec<Refused> = cases("faults.json");
    assert!(cases.len() > 60, "only {} cases", cases.len());
    let mut failed = Vec::new();
    for case in cases {
        let text = text_of(&case.file);
        let refused = Schema::standard().with(&text, &Limits::default()).err().unwrap_or_default();
        let found: Vec<[String; 5]> = refused
            .iter()
            .map(|fault| {
                let marked = text.get(fault.span.start..fault.span.end).unwrap().to_owned();
                let pointer = fault.pointer.clone().unwrap();
                assert!(fault.is_error() && fault.form.eq(&target_rules::Form::Payload), "{}", case.what);
                assert!(
                    !fault.note.is_empty()
                        || fault.code.name() == "json-syntax"
                        || fault.code.name() == "limit"
                );
                let help = fault.help.clone().unwrap_or_default();
                [fault.code.to_string(), pointer, marked, fault.message.clone(), help]
            })
            .collect();
        if found != case.faults {
            let found = serde_json::to_string_pretty(&found).unwrap();
            failed.push(format!("== {} ==\n{found}", case.what));
        }
    }
    assert!(failed.is_empty(), "{} cases came out as\n{}", failed.len(), failed.join("\n"));
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Accepted {
    what: String,
    /// Read one after the other.
    files: Vec<Value>,
    rules: Vec<Judged>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Judged {
    rule: String,
    /// Code and repair of each diagnostic.
    #[serde(default)]
    said: Vec<[String; 2]>,
    /// A transaction, where the rule is to be decided.
    #[serde(default)]
    transaction: Option<Value>,
    #[serde(default)]
    result: Option<String>,
}

fn with_files(files: &[Value]) -> Arc<Schema> {
    let mut schema = Schema::standard();
    for file in files {
        let text = text_of(file);
        let read = schema.with(&text, &Limits::default());
        schema = read.unwrap_or_else(|refused| panic!("{refused}: {text}"));
    }
    schema
}

#[test]
fn what_a_file_adds_holds_for_rules() {
    let limits = Limits::default();
    let cases: Vec<Accepted> = cases("accepted.json");
    assert!(cases.len() > 20, "only {} cases", cases.len());
    for case in cases {
        let schema = with_files(&case.files);
        for judged in case.rules {
            let of = format!("{}: {}", case.what, judged.rule);
            let checked = Ast::from_text(&judged.rule, &limits).unwrap().check(&schema, &limits);
            let said: Vec<[String; 2]> = checked
                .diagnostics()
                .iter()
                .map(|said| [said.code.to_string(), said.help.clone().unwrap_or_default()])
                .collect();
            assert_eq!(said, judged.said, "{of}");
            let Ok(rule) = checked.into_rule() else { continue };
            // Both forms of the rule go through the schema alike.
            let tree = rule.to_tree(TreeStyle::Compact, usize::MAX).unwrap();
            let read = Ast::from_tree(&tree, &limits).unwrap().check(&schema, &limits).into_rule();
            assert_eq!(read.unwrap_or_else(|refused| panic!("{refused}: {tree}")), rule, "{of}");
            let Some(transaction) = judged.transaction else { continue };
            let transaction = Layout::of([&rule]).read(&transaction.to_string(), &limits).unwrap();
            let decision = rule.decide(&transaction, &Zone::UTC);
            assert_eq!(Some(decision.result.to_string()), judged.result, "{of}");
        }
    }
}

/// What is written of a schema adds nothing to it, and is all of it.
#[test]
fn a_schema_that_is_written_and_read_again_is_the_same() {
    let limits = Limits::default();
    for case in cases::<Accepted>("accepted.json") {
        let schema = with_files(&case.files);
        let written = serde_json::to_string(&*schema).unwrap();
        let again =
            schema.with(&written, &limits).unwrap_or_else(|refused| panic!("{}: {refused}", case.what));
        assert_eq!(again, schema, "{}", case.what);
        let from_standard = Schema::standard().with(&written, &limits).unwrap();
        assert_eq!(from_standard, schema, "{}", case.what);
        // A file that is read twice is read once.
        assert_eq!(with_files(&[case.files.clone(), case.files].concat()), schema, "{}", case.what);
    }
}

/// Files that do not contradict each other may come in any order.
#[test]
fn the_order_of_files_changes_no_judgement() {
    let limits = Limits::default();
    for case in cases::<Accepted>("accepted.json") {
        let backwards: Vec<Value> = case.files.iter().rev().cloned().collect();
        let (schema, other) = (with_files(&case.files), with_files(&backwards));
        for judged in case.rules {
            let ast = Ast::from_text(&judged.rule, &limits).unwrap();
            let codes = |schema| -> Vec<String> {
                let checked = ast.check(schema, &limits);
                checked.diagnostics().iter().map(|said| said.code.to_string()).collect()
            };
            assert_eq!(codes(&schema), codes(&other), "{}", judged.rule);
        }
    }
}

#[test]
fn a_file_of_the_limit_is_read_and_one_byte_more_is_not() {
    let file = r#"{"inventory": {"brand": {}}}"#;
    let limits = |most| {
        let mut limits = Limits::default();
        limits.set("schema", most).unwrap();
        limits
    };
    Schema::standard().with(file, &limits(file.len())).unwrap();
    let refused = Schema::standard().with(file, &limits(file.len() - 1)).unwrap_err();
    let fault = refused.iter().next().unwrap();
    assert_eq!((fault.code.name(), fault.span.start), ("limit", file.len() - 1));
    assert!(fault.message.contains("27"), "{}", fault.message);
}

/// As many errors as the limit asks for, the first of the file.
#[test]
fn no_more_errors_are_told_than_are_asked_for() {
    let attributes: Vec<String> = (0..500).map(|n| format!(r#""a{n}": {{"type": "decimal"}}"#)).collect();
    let file = format!(r#"{{"profiles": {{"currentTxn": {{"attributes": {{{}}}}}}}}}"#, attributes.join(","));
    for errors in [1, 7] {
        let mut limits = Limits::default();
        limits.errors = errors;
        let refused = Schema::standard().with(&file, &limits).unwrap_err();
        assert_eq!(refused.iter().count(), errors);
        let first = refused.iter().next().unwrap();
        assert_eq!(first.pointer.as_deref(), Some("/profiles/currentTxn/attributes/a0/type"));
    }
}

/// However a file nests, reading it takes no stack.
#[test]
fn deep_nesting_is_a_fault_or_skipped_on_a_small_stack() {
    let deep = |key: &str, open: &str, close: &str| {
        format!(r#"{{"{key}": {}{}}}"#, open.repeat(100_000), close.repeat(100_000))
    };
    let files = [
        deep("profiles", "[", "]"),
        deep("nothing", "[", "]"),
        format!(r#"{{"inventory": {}1{}}}"#, r#"{"values":"#.repeat(100_000), "}".repeat(100_000)),
        "[".repeat(300_000),
    ];
    let reading = move || {
        for file in files {
            let refused = Schema::standard().with(&file, &Limits::default()).unwrap_err();
            assert!(refused.has_errors());
        }
    };
    std::thread::Builder::new().stack_size(512 * 1024).spawn(reading).unwrap().join().unwrap();
}

#[test]
fn a_byte_order_mark_is_no_fault() {
    let file = "\u{feff}{\"inventory\": {\"brand\": {\"values\": [\"Puma\"], \"open\": true}}}";
    let schema = Schema::standard().with(file, &Limits::default()).unwrap();
    assert!(schema.to_string().contains("one of Puma, among others"));
}

/// What the README shows is a schema file, and does what it says.
#[test]
fn the_file_of_the_readme_is_read() {
    let readme = include_str!("../README.md");
    let (_, after) = readme.split_once("```json\n").unwrap();
    let (file, _) = after.split_once("\n```").unwrap();
    let limits = Limits::default();
    let schema = Schema::standard().with(file, &limits).unwrap();
    let ast = Ast::from_text("currentCustomer.slabName==\"Glod\"", &limits).unwrap();
    let checked = ast.check(&schema, &limits);
    let warning = checked.diagnostics().iter().next().unwrap();
    assert_eq!(
        (warning.code.name(), warning.help.as_deref()),
        ("unknown-value", Some("did you mean `Gold`?"))
    );
}

/// Every name of the schema stands in the table, and every line is one row.
#[test]
fn the_table_has_every_name() {
    let file = r#"{"profiles": {"currentTxn": {"attributes": {"channel": {"type": "string",
        "meaning": "line\u000afeed \u001b[31m", "values": ["app"], "open": true}}}}}"#;
    let schema = Schema::standard().with(file, &Limits::default()).unwrap();
    let table = schema.to_string();
    let written: Value = serde_json::to_value(&schema).unwrap();
    let mut names = 0;
    for (profile, entry) in written["profiles"].as_object().unwrap() {
        assert!(table.lines().any(|line| line == profile), "{profile}");
        for (kind, after) in [("attributes", " "), ("methods", "(")] {
            for (name, entry) in entry[kind].as_object().into_iter().flatten() {
                let start = format!("  {profile}.{name}{after}");
                let row =
                    table.lines().find(|line| line.starts_with(&start)).unwrap_or_else(|| panic!("{start}"));
                names += 1;
                if name != "channel" {
                    assert!(row.ends_with(entry["meaning"].as_str().unwrap()), "{row}");
                }
                if let Some(unit) = entry["unit"].as_str() {
                    assert!(row.contains(&format!("  {unit}  ")), "{row}");
                }
            }
        }
    }
    assert!(names > 250, "only {names} names");
    for (activity, profiles) in written["activities"].as_object().unwrap() {
        let profiles: Vec<&str> =
            profiles.as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
        assert!(table.contains(&format!("  {activity}: {}\n", profiles.join(", "))), "{activity}");
    }
    assert!(table.contains("  line feed  [31m\n") && !table.contains('\u{1b}'));
}

/// A catalogue of the platform's names, where it is at hand, is in the schema.
#[test]
fn the_standard_schema_has_all_of_the_catalogue() {
    let Some(shared) = std::env::var_os("TARGET_RULES_SHARED") else {
        eprintln!("skipped: TARGET_RULES_SHARED is not set");
        return;
    };
    let text = std::fs::read_to_string(std::path::Path::new(&shared).join("catalog.json")).unwrap();
    let catalogue: Value = serde_json::from_str(&text).unwrap();
    let schema = serde_json::to_value(&*Schema::standard()).unwrap();
    assert_eq!(schema["activities"], catalogue["activities"]);
    let has_variants = |listed: &Value, ours: &Value, what: &str| {
        for variant in listed["variants"].as_array().into_iter().flatten() {
            let known = ours["variants"].as_array().is_some_and(|variants| variants.contains(variant));
            assert!(known, "{what} lacks the spelling {variant}");
        }
    };
    let mut names = 0;
    for (profile, listed) in catalogue["profiles"].as_object().unwrap() {
        let ours = &schema["profiles"][profile];
        assert!(ours.is_object(), "{profile}");
        let tag = if listed["tag"].is_string() { &listed["tag"] } else { &listed["tag_guess"] };
        assert_eq!(&ours["tag"], tag, "{profile}");
        has_variants(listed, ours, profile);
        for (name, attribute) in listed["attributes"].as_object().into_iter().flatten() {
            let our = &ours["attributes"][name];
            let type_name = match attribute["type"].as_str().unwrap() {
                "integer" | "decimal" => "number",
                other => other,
            };
            assert_eq!(our["type"], type_name, "{profile}.{name}");
            assert_eq!(our["values"], attribute["values"], "{profile}.{name}");
            has_variants(attribute, our, name);
            names += 1;
        }
        for (name, method) in listed["methods"].as_object().into_iter().flatten() {
            let our = &ours["methods"][name];
            assert!(our.is_object(), "{profile}.{name}()");
            has_variants(method, our, name);
            names += 1;
        }
    }
    assert!(names > 200, "only {names} names");
}
