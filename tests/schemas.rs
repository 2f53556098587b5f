//! Schema files: what each adds, and what is said of each fault.
//!
//! `schemas/faults.json` holds files that are refused: what is wrong, at which
//! pointer, what is marked, and the repair. `schemas/accepted.json` holds files
//! that are read one after the other, and what they make of rules.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

use serde::Deserialize;
use serde_json::Value;
use target_rules::rule::TreeStyle;
use target_rules::schema::{Attribute, Method, Profile, ValueType};
use target_rules::{Ast, Layout, Limits, Schema, Zone};

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
                let marked = text.get(fault.span.range()).unwrap().to_owned();
                let pointer = fault.pointer.clone().unwrap();
                assert!(
                    fault.is_error() && fault.form.eq(&target_rules::diagnostic::Form::Payload),
                    "{}",
                    case.what
                );
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

fn with_files(files: &[Value]) -> Schema {
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
        let written = serde_json::to_string(&schema).unwrap();
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
    assert_eq!((fault.code.name(), fault.span.start().get()), ("limit", file.len() - 1));
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
    let blocks = readme.split("```json\n").skip(1).map(|after| after.split_once("\n```").unwrap().0);
    let [file] = blocks.filter(|block| block.contains("\"profiles\"")).collect::<Vec<_>>()[..] else {
        panic!("the README shows one schema file");
    };
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
    assert!(table.contains("  line\u{fffd}feed \u{fffd}[31m\n") && !table.contains('\u{1b}'));
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
    let schema = serde_json::to_value(Schema::standard()).unwrap();
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

fn words(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().map(|word| word.as_str().unwrap().to_owned()).collect()
}

fn line(value: &Value) -> &str {
    value.as_str().unwrap_or("")
}

fn same_names<'n>(names: impl Iterator<Item = &'n str>, value: &Value) {
    let keys: Vec<&str> = value.as_object().into_iter().flatten().map(|(key, _)| key.as_str()).collect();
    assert_eq!(names.collect::<Vec<_>>(), keys);
}

fn same_attribute(attribute: &Attribute<'_>, value: &Value) {
    assert_eq!(attribute.value_type().name(), value["type"], "{attribute:?}");
    assert_eq!(attribute.unit().unwrap_or(""), line(&value["unit"]));
    assert_eq!(attribute.meaning(), line(&value["meaning"]));
    assert_eq!(attribute.values().collect::<Vec<_>>(), words(&value["values"]));
    assert_eq!(attribute.variants().collect::<Vec<_>>(), words(&value["variants"]));
    assert_eq!(attribute.is_computed(), value["computed"].is_string());
    assert!(attribute.is_listed());
}

fn same_method(method: Method<'_>, value: &Value) {
    assert_eq!(method.returns().name(), value["returns"], "{method:?}");
    assert_eq!(method.unit().unwrap_or(""), line(&value["unit"]));
    assert_eq!(method.meaning(), line(&value["meaning"]));
    assert_eq!(method.values().collect::<Vec<_>>(), words(&value["values"]));
    assert_eq!(method.variants().collect::<Vec<_>>(), words(&value["variants"]));
    assert_eq!(method.is_answered_by_document(), value["function"].is_null());
    assert_eq!(method.item_attribute().unwrap_or(""), line(&value["attribute"]));
    let params = value["params"].as_array().unwrap();
    assert_eq!(method.parameters().count(), params.len());
    for (parameter, value) in method.parameters().zip(params) {
        assert_eq!(parameter.name(), value["name"]);
        assert_eq!(parameter.value_type().name(), value["type"]);
        assert_eq!(parameter.is_optional(), value["optional"] == true);
        assert_eq!(parameter.values().collect::<Vec<_>>(), words(&value["values"]));
        assert_eq!(parameter.minimum(), value["minimum"].as_i64());
        assert_eq!(parameter.maximum(), value["maximum"].as_i64());
        let role = value["role"].as_str().unwrap_or("literal");
        assert_eq!(serde_json::to_value(parameter.role()).unwrap(), role);
    }
}

fn same_profile(profile: Profile<'_>, value: &Value, event_fields: &[&str]) {
    assert_eq!(profile.meaning(), line(&value["meaning"]));
    assert_eq!(profile.variants().collect::<Vec<_>>(), words(&value["variants"]));
    assert_eq!(profile.alias_of().unwrap_or(""), line(&value["aliasOf"]));
    assert_eq!(profile.unrolls_over().unwrap_or(""), line(&value["each"]));
    let attributes: Vec<Attribute<'_>> = profile.attributes().collect();
    let (own, of_events) = attributes.split_at(attributes.len() - event_fields.len());
    same_names(own.iter().map(Attribute::name), &value["attributes"]);
    own.iter().for_each(|known| same_attribute(known, &value["attributes"][known.name()]));
    assert_eq!(of_events.iter().map(Attribute::name).collect::<Vec<_>>(), event_fields);
    same_names(profile.methods().map(|known| known.name()), &value["methods"]);
    profile.methods().for_each(|known| same_method(known, &value["methods"][known.name()]));
    let fields: Vec<&Value> = value["fields"].as_array().into_iter().flatten().collect();
    assert_eq!(profile.unlisted_attributes().count(), fields.len());
    for (unlisted, value) in profile.unlisted_attributes().zip(fields) {
        assert_eq!(unlisted.prefix(), value["prefix"]);
        assert_eq!(unlisted.value_type().name(), value["type"]);
        assert_eq!(unlisted.meaning(), line(&value["meaning"]));
    }
}

/// The views hold all that the serialised schema does, part by part.
#[test]
fn the_views_say_what_the_schema_file_says() {
    let file = r#"{"profiles": {"currentStore": {"attributes": {
            "extField_area": {"type": "number", "unit": "square metres", "meaning": "Area."},
            "extField_kind": {"type": "string", "values": ["kiosk"], "open": true, "variants": ["sort"]}},
          "methods": {"isNear": {"params": [
              {"name": "place", "type": "string", "values": ["mall"], "open": true},
              {"name": "km", "type": "number", "optional": true, "minimum": 1, "maximum": 9}],
            "returns": "enum", "values": ["yes", "no"]}}}},
        "inventory": {"brand": {"values": ["Puma"]}, "size": {}},
        "events": {"spin": {"minutes": {"type": "number", "unit": "minutes"}}, "win": {"prize": {"type": "string"}}},
        "activities": {"Spin": ["currentEvent"]}}"#;
    let schema = Schema::standard().with(file, &Limits::default()).unwrap();
    let written = serde_json::to_value(&schema).unwrap();
    same_names(schema.profiles().map(|profile| profile.name()), &written["profiles"]);
    for profile in schema.profiles() {
        let event_fields: &[&str] =
            if profile.name() == "currentEvent" { &["minutes", "prize"] } else { &[] };
        same_profile(profile, &written["profiles"][profile.name()], event_fields);
    }
    for of in ValueType::ALL {
        let methods = &written["values"][of.name()];
        same_names(schema.value_methods(of).map(|known| known.name()), methods);
        schema.value_methods(of).for_each(|known| same_method(known, &methods[known.name()]));
    }
    same_names(schema.events().map(|event| event.name()), &written["events"]);
    for event in schema.events() {
        let fields = &written["events"][event.name()];
        event.fields().for_each(|field| same_attribute(&field, &fields[field.name()]));
    }
    let known = schema.item_attributes();
    let brands: Vec<_> = known.map(|known| (known.name(), known.values().count(), known.is_open())).collect();
    assert_eq!(brands, [("brand", 1, false), ("size", 0, true)]);
    same_names(schema.activities().map(|activity| activity.name()), &written["activities"]);
    for activity in schema.activities() {
        let carried = words(&written["activities"][activity.name()]);
        assert_eq!(activity.profiles().collect::<Vec<_>>(), carried);
    }
}

/// A name is what a rule means by it: exact, a variant, another case; else the
/// error names the closest.
#[test]
fn names_are_resolved_as_rules_resolve_them() {
    let file = r#"{"profiles": {"currentTxn": {"attributes": {"storeID": {"type": "string"}, "storeId": {"type": "string"}}}},
        "events": {"spin": {"minutes": {"type": "number"}}}}"#;
    let schema = Schema::standard().with(file, &Limits::default()).unwrap();
    let profile = |name: &str| schema.profile(name).map(|found| found.name().to_owned());
    assert_eq!(profile("currentTxn").as_deref(), Ok("currentTxn"));
    assert_eq!(profile("customertxn").as_deref(), Ok("currentTxn"), "a variant");
    assert_eq!(profile("CURRENTTXN").as_deref(), Ok("currentTxn"), "another case");
    assert_eq!(
        profile("curentTxn").unwrap_err().to_string(),
        "there is no profile `curentTxn`; did you mean `currentTxn`?"
    );
    assert_eq!(profile("elsewhere").unwrap_err().to_string(), "there is no profile `elsewhere`");
    let txn = schema.profile("currentTxn").unwrap();
    let attribute = |name: &str| txn.attribute(name).map(|found| found.name().to_owned());
    assert_eq!(attribute("note").as_deref(), Ok("notes"));
    assert_eq!(attribute("EXTFIELD_Shop").as_deref(), Ok("extField_Shop"));
    let slip = attribute("vlaue").unwrap_err();
    assert_eq!((slip.name(), slip.closest(), slip.is_ambiguous()), ("vlaue", Some("value"), false));
    let both = attribute("storeid").unwrap_err();
    assert_eq!(both.to_string(), "`storeid` could be `storeID` or `storeId`");
    assert_eq!((both.closest(), both.candidates().count(), both.is_ambiguous()), (None, 2, true));
    assert_eq!(txn.method("basketsum").map(|found| found.name()), Ok("basketSum"));
    assert_eq!(txn.method("basketSun").unwrap_err().closest(), Some("basketSum"));
    // Of an event any name is a field, but for what is nearly a listed one.
    let event = schema.profile("currentEvent").unwrap();
    assert_eq!(event.attribute("minutes").map(|found| found.value_type()), Ok(ValueType::Number));
    assert_eq!(event.attribute("anything").map(|found| found.value_type()), Ok(ValueType::Unknown));
    assert_eq!(event.attribute("minuts").unwrap_err().closest(), Some("minutes"));
    let of_date = |name: &str| schema.value_method(ValueType::Date, name).map(|found| found.name());
    assert_eq!(of_date("isweekend"), Ok("isWeekend"));
    let slip = of_date("isWeekEnds").unwrap_err();
    assert_eq!(
        slip.to_string(),
        "a value of type date has no method `isWeekEnds`; did you mean `isWeekend`?"
    );
    assert!(schema.value_method(ValueType::Unknown, "isNull").is_err());
}

/// Whatever a rule may name, the look-up finds, and what it finds has the type
/// that the checker gives it.
#[test]
fn what_the_views_list_is_what_the_checker_accepts() {
    let limits = Limits::default();
    let schema = Schema::standard();
    for profile in schema.profiles() {
        for attribute in profile.attributes() {
            let name = attribute.name();
            assert_eq!(profile.attribute(name).unwrap().name(), name);
            for variant in attribute.variants() {
                assert_eq!(profile.attribute(variant).unwrap().name(), name);
            }
            let asks = |method: &str| format!("{}.{name}.{method}", profile.name());
            let accepted =
                |rule: &str| Ast::from_text(rule, &limits).unwrap().check(&schema, &limits).rule().is_some();
            let asked = match attribute.value_type() {
                ValueType::Boolean => asks("isNull()"),
                ValueType::Number => format!("{}.{name}<5", profile.name()),
                ValueType::Date => asks("isWeekend()"),
                ValueType::Enum => {
                    format!("{}.{name}==\"{}\"", profile.name(), attribute.values().next().unwrap())
                }
                _ => asks("contains(\"a\")"),
            };
            assert!(accepted(&asked), "{asked}");
        }
    }
}

/// A field that no schema lists has the type that a rule gives it; another schema may list it.
#[test]
fn rules_are_equal_only_where_what_they_read_has_one_type() {
    let limits = Limits::default();
    let file = r#"{"profiles": {"currentTxn": {"attributes": {"extField_a": {"type": "number"}}}}}"#;
    let numbers = Schema::standard().with(file, &limits).unwrap();
    let text = "currentTxn.extField_a==currentTxn.extField_b";
    let rule =
        |schema: &Schema| Ast::from_text(text, &limits).unwrap().check(schema, &limits).into_rule().unwrap();
    let (of_numbers, of_texts) = (rule(&numbers), rule(&Schema::standard()));
    assert_eq!(of_numbers, rule(&numbers));
    assert_eq!(of_texts, rule(&Schema::standard()));
    assert_ne!(of_numbers, of_texts);
}
