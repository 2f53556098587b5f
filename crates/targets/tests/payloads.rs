//! Payloads of targets, whole and broken: what is found in them, and where.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use loyalty_targets::{Payload, TargetReport};
use serde::Deserialize;
use serde_json::Value;
use target_rules::diagnostic::{Colour, Form, Source, render_in_file};
use target_rules::rule::TreeStyle;
use target_rules::{Limits, Schema, render};

/// What `expected.json` says of a document.
#[derive(Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Expected {
    /// Why it holds no targets.
    Refused { code: String, says: String },
    /// What is found in its targets.
    Targets(Vec<ExpectedTarget>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedTarget {
    pointer: String,
    id: Option<i64>,
    /// Code, pointer in the file, and the marked bytes of the file.
    found: Vec<(String, String, String)>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/payloads")
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

/// Every document and what is expected of it; none is left out.
fn documents() -> Vec<(String, String, Expected)> {
    let mut expected: BTreeMap<String, Expected> =
        serde_json::from_str(&read(&folder().join("expected.json"))).unwrap();
    let mut documents = Vec::new();
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if name != "expected.json" && name.ends_with(".json") {
            let expected = expected.remove(&name).unwrap_or_else(|| panic!("nothing is expected of {name}"));
            documents.push((name, read(&path), expected));
        }
    }
    assert!(expected.is_empty(), "expected, and not there: {:?}", expected.keys().collect::<Vec<_>>());
    documents
}

fn check(text: &str) -> Result<Vec<TargetReport>, target_rules::Diagnostics> {
    let (schema, limits) = (Schema::standard(), Limits::default());
    let payload = Payload::read(text, &limits)?;
    Ok(payload.targets().map(|target| target.check(&schema, &limits)).collect())
}

/// Line and column of a byte as an editor counts them.
fn line_and_column(text: &str, at: usize) -> (usize, usize) {
    let line = text[..at].split('\n').count();
    let column = text[..at].rsplit('\n').next().unwrap().encode_utf16().count() + 1;
    (line, column)
}

/// The text or tree that a pointer leads to in a document.
fn decoded(text: &str, pointer: &str) -> String {
    let document: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).unwrap();
    match document.pointer(pointer).unwrap() {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[test]
fn every_document_gives_what_is_expected_of_it() {
    for (name, text, expected) in documents() {
        match (check(&text), expected) {
            (Err(diagnostics), Expected::Refused { code, says }) => {
                let fault = diagnostics.iter().next().unwrap();
                assert_eq!(fault.code.name(), code, "{name}: {}", fault.message);
                assert!(fault.message.contains(&says), "{name}: {}", fault.message);
                assert_eq!(fault.form, Form::Payload);
            }
            (Ok(reports), Expected::Targets(targets)) => {
                assert_eq!(reports.len(), targets.len(), "{name}");
                for (report, target) in reports.iter().zip(targets) {
                    let marked = |span: target_rules::diagnostic::Span| text[span.range()].to_owned();
                    let found: Vec<(String, String, String)> = report
                        .diagnostics
                        .iter()
                        .map(|found| {
                            let code = found.diagnostic.code.name().to_owned();
                            (code, found.file.pointer.clone(), marked(found.file.span))
                        })
                        .collect();
                    assert_eq!(
                        (&report.pointer, report.id, &found),
                        (&target.pointer, target.id, &target.found),
                        "{name}"
                    );
                    let errors = report.diagnostics.iter().any(|found| found.diagnostic.is_error());
                    assert_eq!(report.ok, !errors, "{name}");
                    assert_eq!(report.target.is_some(), report.ok, "{name}");
                }
            }
            (Err(diagnostics), _) => panic!("{name} is refused: {diagnostics}"),
            (Ok(_), _) => panic!("{name} is not refused"),
        }
    }
}

/// The place in the file and the place in the decoded form are the same place.
#[test]
fn places_in_the_file_are_those_of_the_decoded_form() {
    let mut met = 0;
    for (name, text, _) in documents() {
        for report in check(&text).into_iter().flatten() {
            for found in &report.diagnostics {
                let (file, inner) = (&found.file, &found.diagnostic);
                let place = line_and_column(&text, file.span.start().get());
                assert_eq!((file.line, file.column), place, "{name}");
                if inner.form == Form::Payload {
                    assert_eq!((inner.span, inner.line, inner.column), (file.span, file.line, file.column));
                    assert_eq!(inner.pointer.as_ref(), Some(&file.pointer), "{name}");
                    continue;
                }
                if inner.code.name() == "no-rule" {
                    continue;
                }
                let form = decoded(&text, &file.pointer);
                let place = Source::new(inner.form, form.as_str()).place(inner.span);
                assert_eq!((place.line, place.column), (inner.line, inner.column), "{name}");
                assert_eq!(place.pointer, inner.pointer, "{name}");
                let marked = &text[file.span.range()];
                let unescaped = match form.as_str() {
                    "true" | "false" => marked.to_owned(),
                    _ => serde_json::from_str::<String>(&format!("\"{marked}\"")).unwrap(),
                };
                assert_eq!(unescaped, form[inner.span.range()], "{name}");
                met += 1;
            }
        }
    }
    assert!(met >= 10, "only {met} diagnostics of rules were met");
}

/// What people are shown; `UPDATE_EXPECTED=1` writes it anew.
#[test]
fn diagnostics_are_shown_in_the_file() {
    let mut shown = 0;
    for (name, text, _) in documents() {
        let path = folder().join(name.replace(".json", ".txt"));
        if !path.exists() {
            continue;
        }
        let out: String = match check(&text) {
            Ok(reports) => reports
                .iter()
                .flat_map(|report| &report.diagnostics)
                .map(|found| render_in_file(found, &text, &name, Colour::Off).into_string() + "\n")
                .collect(),
            Err(diagnostics) => {
                let source = Source::new(Form::Payload, text.as_str());
                diagnostics
                    .iter()
                    .map(|fault| render(fault, &source, &name, Colour::Off).into_string() + "\n")
                    .collect()
            }
        };
        if std::env::var_os("UPDATE_EXPECTED").is_some() {
            std::fs::write(&path, &out).unwrap();
        }
        assert_eq!(out, read(&path), "{name}");
        shown += 1;
    }
    assert!(shown >= 4, "only {shown} documents say what is shown of them");
}

/// A target among many; the others are as good as ever.
fn many(count: usize, faulty: usize, separator: &str) -> String {
    let targets: Vec<String> = (0..count)
        .map(|index| {
            let name = if index == faulty { "valu" } else { "value" };
            let tree = r#"{\"arity\":\"binary_operation\",\"value\":\">\",\"operands\":[{\"arity\":\"object_dereference\",\"operands\":[{\"arity\":\"name\",\"value\":\"currentTxn\"},{\"arity\":\"name\",\"value\":\"NAME\"}]},{\"arity\":\"literal\",\"value\":\"500\"}]}"#;
            let tree = tree.replace("NAME", name);
            format!(r#"{{"id": {index}, "name": "é\u00e9", "expression": "currentTxn.value>500", "expressionJson": "{tree}"}}"#)
        })
        .collect();
    format!("{{\"data\": [{}]}}", targets.join(separator))
}

#[test]
fn one_fault_among_hundreds_of_targets_is_pointed_at() {
    for separator in [",", ",\n"] {
        let text = many(300, 287, separator);
        let reports = check(&text).unwrap();
        assert_eq!(reports.len(), 300);
        for (index, report) in reports.iter().enumerate() {
            assert_eq!(report.id, i64::try_from(index).ok());
            assert_eq!(report.pointer, format!("/data/{index}"));
            assert_eq!(report.ok, index != 287);
        }
        let found = &reports[287].diagnostics[0];
        let marked = &text[found.file.span.range()];
        assert_eq!(marked, r#"\"valu\""#);
        assert_eq!(found.file.pointer, "/data/287/expressionJson");
        assert_eq!(found.diagnostic.pointer.as_deref(), Some("/operands/0/operands/1/value"));
        assert_eq!(
            (found.file.line, found.file.column),
            line_and_column(&text, found.file.span.start().get())
        );
        // A line of 100 KiB is cut around its place.
        let shown = render_in_file(found, &text, "payload.json", Colour::Off);
        assert!(shown.lines().all(|line| line.chars().count() < 200), "{shown}");
        assert!(shown.contains("valu") && shown.contains("^^^^"), "{shown}");
    }
}

/// What is large, deep or plentiful costs time in proportion and no stack.
#[test]
fn hostile_documents_are_answered() {
    let deep = |opened: &str, depth: usize| {
        let closed = if opened == "[" { "]" } else { "}" };
        let inner = opened.repeat(depth);
        format!(
            r#"{{"data": [{{"id": 1, "expression": true, "extra": {inner}null{}}}, {{"id": 2, "expression": true}}]}}"#,
            closed.repeat(depth)
        )
    };
    let run = move || {
        for opened in ["[", r#"{"a":"#] {
            // The target is the third level: N passes and N + 1 does not.
            let most = Limits::default().payload_depth - 3;
            let reports = check(&deep(opened, most)).unwrap();
            assert!(reports[0].ok && reports[1].ok);
            for depth in [most + 1, 50_000] {
                let refused = check(&deep(opened, depth)).unwrap_err();
                let found = refused.iter().next().unwrap();
                assert_eq!(found.code.name(), "limit");
                let pointer = found.pointer.as_deref().unwrap();
                assert!(pointer.starts_with("/data/0/extra"), "{pointer}");
                assert!(pointer.len() < 1_000, "{} bytes", pointer.len());
            }
        }
        assert!(check(&"[".repeat(100_000)).is_err());
        assert!(check(&r#"{"data":"#.repeat(50_000)).is_err());
    };
    std::thread::Builder::new().stack_size(512 * 1024).spawn(run).unwrap().join().unwrap();

    // Many faults in one line: each is found a place without a new reading.
    let reports = check(&format!(
        r#"{{"data": [{}{{"expression": "oops"}}]}}"#,
        r#"{"expression": "oops"}, 7, "#.repeat(2_000)
    ))
    .unwrap();
    assert_eq!(reports.len(), 4_001);
    assert_eq!(reports[4_000].diagnostics.len(), 2);

    // Errors of one target are bounded.
    let filters = vec![r#"{"entityType": "TILL", "entityIds": []}"#; 1_000].join(",");
    let keys = r#""k": 1, "#.repeat(1_000);
    let text = format!(r#"{{"id": 1, {keys}"expression": true, "filters": [{filters}]}}"#);
    assert_eq!(check(&text).unwrap()[0].diagnostics.len(), Limits::default().errors);
}

#[test]
fn a_payload_is_read_up_to_its_limit() {
    let text = r#"{"data": [{"id": 1, "expression": "true"}]}"#;
    let mut limits = Limits::default();
    limits.payload = text.len();
    assert_eq!(Payload::read(text, &limits).unwrap().targets().count(), 1);
    limits.payload -= 1;
    let refused = Payload::read(text, &limits).unwrap_err();
    assert_eq!(refused.iter().next().unwrap().code.name(), "limit");
}

/// Real documents, where they are.
#[test]
fn documents_of_the_platform_are_read() {
    let Some(shared) = std::env::var_os("TARGET_RULES_SHARED") else {
        eprintln!("skipped: TARGET_RULES_SHARED names no folder with payloads");
        return;
    };
    let (mut with, mut without) = (0, 0);
    let mut found = Vec::new();
    for entry in std::fs::read_dir(PathBuf::from(shared).join("payloads")).unwrap() {
        let path = entry.unwrap().path();
        let text = read(&path);
        let document: Value = serde_json::from_str(&text).unwrap();
        // Wherever the document has a target: an object with a type of targets.
        let mut pointers = Vec::new();
        let mut open = vec![(String::new(), &document)];
        while let Some((pointer, value)) = open.pop() {
            match value {
                Value::Object(map) if map.contains_key("targetType") => pointers.push((pointer, value)),
                Value::Object(map) => {
                    open.extend(map.iter().map(|(key, value)| (format!("{pointer}/{key}"), value)));
                }
                Value::Array(entries) => {
                    let entries = entries.iter().enumerate();
                    open.extend(entries.map(|(index, value)| (format!("{pointer}/{index}"), value)));
                }
                _ => {}
            }
        }
        match check(&text) {
            Ok(reports) => {
                with += 1;
                assert_eq!(reports.len(), pointers.len(), "{}", path.display());
                for report in reports {
                    let (_, value) = pointers.iter().find(|(pointer, _)| *pointer == report.pointer).unwrap();
                    assert_eq!(report.id, value["id"].as_i64());
                    assert!(report.ok, "{} {}: {:?}", path.display(), report.pointer, report.diagnostics);
                    found.extend(report.diagnostics.iter().map(|found| {
                        let span = found.file.span;
                        (found.diagnostic.code.name(), text[span.range()].to_owned())
                    }));
                }
            }
            Err(diagnostics) => {
                without += 1;
                assert!(pointers.is_empty(), "{}: {diagnostics}", path.display());
                let fault = diagnostics.iter().next().unwrap();
                assert_eq!(fault.code.name(), "no-targets", "{}", path.display());
                let says = match &document {
                    answer if answer["errors"].is_array() => answer["errors"][0]["code"].to_string(),
                    answer if answer["result"].is_object() => "text-to-tree".to_owned(),
                    _ => "promotions".to_owned(),
                };
                assert!(fault.message.contains(&says), "{}: {}", path.display(), fault.message);
            }
        }
    }
    // The answer to a change lists one of the two targets that its expression names.
    assert_eq!(found, [("operand-not-listed", "10463".to_owned())]);
    assert!(with >= 5 && without >= 5, "{with} documents with targets, {without} without");
}

/// A document without the strings of its rules; `None` where one of its strings
/// is broken.
fn without_rules(text: &str) -> Option<Value> {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(members) => {
                members.retain(|key, _| !key.starts_with("expression"));
                members.values_mut().for_each(strip);
            }
            Value::Array(entries) => entries.iter_mut().for_each(strip),
            _ => {}
        }
    }
    let mut value = serde_json::from_str(text.trim_start_matches('\u{feff}')).ok()?;
    strip(&mut value);
    Some(value)
}

/// How many errors there are, and whether something is left that is safe.
fn errors_and_safe(text: &str) -> (usize, bool) {
    let reports = check(text).unwrap();
    let found: Vec<_> = reports.iter().flat_map(|report| &report.diagnostics).collect();
    let safe = found.iter().flat_map(|found| found.suggestions_in_file()).any(|one| one.is_safe());
    (found.iter().filter(|found| found.diagnostic.is_error()).count(), safe)
}

#[test]
fn repairs_touch_the_rules_and_nothing_else() {
    let (schema, limits) = (Schema::standard(), Limits::default());
    let mut repaired = 0;
    for (name, text, _) in documents() {
        let Ok(payload) = Payload::read(text.as_str(), &limits) else { continue };
        let fixed = payload.fixed(&schema, &limits);
        repaired += usize::from(fixed.applied > 0);
        assert_eq!(fixed.text == text, fixed.applied == 0, "{name}");
        assert_eq!(without_rules(&fixed.text), without_rules(&text), "{name}");
        // Layout, marks and line ends stay: no line is added or lost.
        assert_eq!(fixed.text.lines().count(), text.lines().count(), "{name}");
        let ((before, _), (after, safe)) = (errors_and_safe(&text), errors_and_safe(&fixed.text));
        assert!(after <= before, "{name}: {before} errors became {after}");
        assert!(!safe, "{name}: {}", fixed.text);
    }
    assert!(repaired >= 1, "no document has something to repair");
}

/// What a repair makes of a target with these two forms; of the tree what
/// surrounds it too.
fn fixed_forms(text: &str, tree: &str) -> (String, String) {
    let (schema, limits) = (Schema::standard(), Limits::default());
    let target = serde_json::json!({"id": 1, "expression": text, "expressionJson": tree});
    let document = serde_json::to_string_pretty(&target).unwrap();
    let payload = Payload::read(document.as_str(), &limits).unwrap();
    let fixed = payload.fixed(&schema, &limits).text;
    let form = |key: &str| decoded(&fixed, &format!("/{key}"));
    (form("expression"), form("expressionJson"))
}

#[test]
fn both_forms_are_repaired_and_go_on_to_agree() {
    let (schema, limits) = (Schema::standard(), Limits::default());
    let tree_of = |text: &str, style| {
        let ast = target_rules::Ast::from_text(text, &limits).unwrap();
        ast.check(&schema, &limits).into_rule().unwrap().to_tree(style, limits.rule_tree).unwrap()
    };
    // A name is repaired in either form by itself.
    let spelled = tree_of("currentCustomer.firstname==\"Ann\"", TreeStyle::Pretty);
    let misspelled = spelled.replace("firstname", "firstName");
    let fixed = fixed_forms("currentCustomer.firstName==\"Ann\"", &misspelled);
    assert_eq!(fixed, ("currentCustomer.firstname==\"Ann\"".to_owned(), spelled.clone()));
    // A text that cannot be read is repaired beside a tree that can.
    let fixed = fixed_forms("currentCustomer.firstname=\"Ann\"", &spelled);
    assert_eq!(fixed, ("currentCustomer.firstname==\"Ann\"".to_owned(), spelled));
    // A repair that only the text can have makes the tree anew, in its style.
    let (text, repaired) = ("!(currentTxn.value>5)", "(currentTxn.value>5)==false");
    for style in [TreeStyle::Pretty, TreeStyle::Compact, TreeStyle::Spaced] {
        let fixed = fixed_forms(text, &format!(" {}\n", tree_of(text, style)));
        // White space round the tree stays, that of the pretty style included.
        let tree = format!(" {}\n", tree_of(repaired, style));
        assert_eq!(fixed, (repaired.to_owned(), tree));
    }
    // One that is laid out otherwise is not made anew, and so the text stays.
    let tree = tree_of(text, TreeStyle::Compact).replace(':', " :");
    assert_eq!(fixed_forms(text, &tree), (text.to_owned(), tree));
}
