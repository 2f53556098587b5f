//! No input reaches a terminal as it is: whatever stands in a file, in the name of
//! a file or in an argument, what people read has no character that acts on a
//! terminal, changes the order of others or cannot be seen. And what programs
//! read stays valid.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use target_rules::diagnostic::Shown;

/// Clears the screen, rings, goes back, turns the order of letters, and hides.
const HOSTILE: &str = "\u{1b}[2J\u{1b}]0;t\u{7}\r\u{8}\u{7f}\u{85}\u{9b}31m\u{ad}\u{61c}\u{200b}\u{2028}\u{202e}\u{2066}\u{fff9}\u{e0041}";

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    drop(std::fs::remove_dir_all(&folder));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn run(folder: &Path, arguments: &[&str], stdin: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_target-rules"));
    command.args(arguments).current_dir(folder).env_remove("NO_COLOR").env("RAYON_NUM_THREADS", "1");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A command that refuses its arguments never reads.
    drop(child.stdin.take().unwrap().write_all(stdin.as_bytes()));
    child.wait_with_output().unwrap()
}

/// What of a stream must not be printed, with what stands around it.
fn harm(stream: &[u8]) -> Option<String> {
    let Ok(text) = std::str::from_utf8(stream) else { return Some("no text".to_owned()) };
    let found = text.char_indices().find(|(_, character)| character.is_control() && *character != '\n');
    let shown = Shown::lines(text);
    let at = match found {
        Some((at, _)) => at,
        None if shown == text => return None,
        None => text.bytes().zip(shown.bytes()).position(|(one, other)| one != other).unwrap_or(0),
    };
    let before = text.char_indices().filter(|(start, _)| *start + 60 > at);
    Some(format!("{:?}", before.map(|(_, character)| character).take(90).collect::<String>()))
}

/// Which streams of a call are for people.
#[derive(Clone, Copy, PartialEq)]
enum For {
    /// Both.
    People,
    /// Standard output is JSON, a document a line.
    Programs,
    /// Standard output is to the byte what came in.
    Files,
}

/// Runs a command on files in a folder; what is wrong with what it prints.
fn wrong(folder: &Path, arguments: &[&str], reader: For) -> Option<String> {
    let output = run(folder, arguments, "");
    let of = |stream: &str, harm: String| format!("{arguments:?} on {stream}: {harm}");
    if let Some(harm) = harm(&output.stderr) {
        return Some(of("standard error", harm));
    }
    match reader {
        For::People => harm(&output.stdout).map(|harm| of("standard output", harm)),
        For::Programs => {
            let text = String::from_utf8(output.stdout).unwrap();
            let fault = text.lines().find_map(|line| serde_json::from_str::<Value>(line).err());
            fault.map(|fault| of("standard output", format!("no JSON: {fault}")))
        }
        For::Files => None,
    }
}

/// A document for each value and key of this one, which is made hostile in it;
/// and one where all of them are.
fn spoilt(document: &Value) -> Vec<Value> {
    let mut at = 0;
    let mut all = Vec::new();
    loop {
        let mut left = Some(at);
        let one = spoil(document, &mut |_| match &mut left {
            Some(0) => {
                left = None;
                true
            }
            Some(more) => {
                *more -= 1;
                false
            }
            None => false,
        });
        if left.is_some() {
            break;
        }
        all.push(one);
        at += 1;
    }
    // Keys stay: a document of which no key is known is not read any further.
    all.push(spoil(document, &mut |is_key| !is_key));
    all
}

/// The document with those of its keys and values made hostile that are chosen.
fn spoil(value: &Value, chosen: &mut dyn FnMut(bool) -> bool) -> Value {
    match value {
        Value::Object(members) => {
            let mut spoilt = serde_json::Map::new();
            for (key, value) in members {
                let key = if chosen(true) { format!("{key}{HOSTILE}") } else { key.clone() };
                spoilt.insert(key, spoil(value, chosen));
            }
            Value::Object(spoilt)
        }
        Value::Array(entries) => entries.iter().map(|entry| spoil(entry, chosen)).collect(),
        leaf if chosen(false) => match leaf {
            // Inside the text, so that what reads only its ends sees it too.
            Value::String(text) => {
                let (start, end) = text.split_at(text.len() / 2);
                json!(format!("{start}{HOSTILE}{end}"))
            }
            other => json!(format!("{other}{HOSTILE}")),
        },
        leaf => leaf.clone(),
    }
}

fn targets() -> Value {
    json!({"data": [{"id": 7, "name": "Spring", "orgId": 3, "active": true, "targetEvaluationType": "FIXED_CALENDAR_WINDOW",
        "frequencyType": "MONTHLY", "trackingType": "DEFAULT",
        "periods": [{"id": 3, "refCode": "p", "startDate": "2026-01-01", "endDate": "2026-01-31", "active": true}],
        "targets": [
            {"id": 50, "name": "Spend", "description": "more", "active": true, "targetType": "SALES", "targetEntity": "TRANSACTION",
             "enrolmentMethod": "TRANSACTION", "expression": "currentTxn.value>500&&currentTxn.number!=\"x\"&&currentTxn.basketSum(\"brand\",\"Puma\")>1",
             "defaultValues": [{"periodId": 3, "defaultValue": 2.5}],
             "filters": [{"entityType": "STORE", "entityIds": [12], "entityValues": ["s"]}]},
            {"id": 51, "name": "Fee", "targetType": "EXTENDED_FIELD", "targetEntity": "LINEITEM", "expression": "currentLineItem.qty>1",
             "extendedFieldInfo": {"name": "fee", "aggregateFunction": "SUM"}, "defaultValues": [{"defaultValue": 2}]},
            {"id": 52, "targetType": "EVENT_ATTRIBUTE", "targetEntity": "EVENT", "eventName": "spin", "expression": "currentEvent.minutes>2",
             "extendedFieldInfo": {"name": "minutes", "aggregateFunction": "SUM"}}]}]})
}

fn bill() -> Value {
    json!({"eventName": "TransactionAdd",
        "currentCustomer": {"id": 19721, "slabName": "Gold", "email": "a@b"},
        "currentStore": {"id": 12, "code": "s"},
        "currentEvent": {"minutes": 3},
        "currentTxn": {"number": "n-1", "date": "2026-01-09", "value": 600, "notes": "hello",
            "tenders": [{"mode": "CARD", "value": 3}],
            "lineItems": [{"qty": 2, "rate": 300, "value": 600, "discount": 0, "amount": 600, "extendedFields": {"fee": 3},
                           "attributes": {"brand": "Puma"}}]},
        "returnBill": null})
}

fn returned() -> Value {
    json!({"currentCustomer": {"id": 19721}, "returnBill": {"number": "n-1", "date": "2026-01-10", "value": 5,
        "lineItems": [{"qty": 1, "rate": 300, "discount": 0, "attributes": {"brand": "Puma"}}]}})
}

fn enrolments() -> Value {
    json!([{"userId": 19721, "targetId": 50, "periodId": 3, "value": 5000, "enrolledOn": "2026-01-02", "withdrawnOn": "2026-03-01"},
           {"userId": 19721, "targetId": 51, "value": 3}])
}

fn schema() -> Value {
    json!({"profiles": {"currentCustomer": {"attributes": {
            "extField_dob_date": {"type": "date", "meaning": "Date of birth.", "unit": "day", "variants": ["dob"]},
            "slabName": {"type": "string", "values": ["Silver", "Gold"], "open": true}},
          "methods": {"nearStore": {"params": [{"name": "km", "type": "number", "optional": false}], "returns": "boolean", "meaning": "m"}}}},
        "inventory": {"brand": {"values": ["Puma"], "open": true}},
        "events": {"spin": {"minutes": {"type": "number", "unit": "minutes"}}}})
}

fn cases() -> Value {
    json!({"rule": "currentTxn.value>500&&currentTxn.number!=\"x\"", "timezone": "UTC",
        "cases": [{"name": "a large bill", "expect": true, "document": bill()},
                  {"name": "another", "expect": false, "document": bill()}]})
}

/// The files that commands read, each as it should be.
fn files() -> [(&'static str, Value); 7] {
    [
        ("targets.json", targets()),
        ("bill.json", bill()),
        ("return.json", returned()),
        ("enrolments.json", enrolments()),
        ("schema.json", schema()),
        ("cases.json", cases()),
        ("rules.ndjson", json!({"id": "r-1", "dsl": "currentTxn.value>500&&currentTxn.number!=\"x\""})),
    ]
}

/// Every command that reads a file, beside the others as they should be.
fn readers(file: &str) -> Vec<(&'static str, For)> {
    use For::{Files, People, Programs};
    match file {
        "targets.json" => vec![
            ("check --targets targets.json", People),
            ("check --targets targets.json --format json", Programs),
            ("check --targets targets.json --fix", Files),
            ("check --targets targets.json --txns bill.json", People),
            ("describe --targets targets.json", People),
            ("diff --targets targets.json targets.json --txns bill.json", People),
            ("diff --targets targets.json targets.json --three-valued --format json", Programs),
            ("lint --targets targets.json", People),
            ("lint --targets targets.json --format json", Programs),
            ("lint --targets targets.json --fix", Files),
            ("overlap --targets targets.json --txns bill.json", People),
            ("overlap --targets targets.json --format json", Programs),
            ("references --targets targets.json", People),
            ("decide --targets targets.json --txn bill.json --format human", People),
            ("decide --targets targets.json --txns bill.json --format human", People),
            ("decide --targets targets.json --txns bill.json", Programs),
            ("explain --targets targets.json --id 50 --txn bill.json --enrolments enrolments.json", People),
            (
                "progress --targets targets.json --enrolments enrolments.json --txns bill.json --format human",
                People,
            ),
        ],
        "bill.json" | "return.json" => vec![
            ("check --targets targets.json --txns FILE", People),
            ("check --txns FILE --format json", Programs),
            ("diff RULE currentTxn.value>5 --txns FILE", People),
            ("diff RULE currentTxn.value>5 --format json --txns FILE", Programs),
            ("overlap --targets targets.json --txns FILE", People),
            ("eval RULE --txn FILE", People),
            ("eval RULE --txn FILE --format json", Programs),
            ("nearest RULE --txn FILE", People),
            ("nearest --targets targets.json --id 51 --txn FILE", People),
            ("residual RULE --txn FILE", Files),
            ("synthesise --true FILE --false enrolments.json", Files),
            ("explain RULE --txn FILE", People),
            ("explain --targets targets.json --id 51 --txn FILE --enrolments enrolments.json", People),
            ("decide --targets targets.json --txn FILE --format human", People),
            ("decide --targets targets.json --txns FILE --format human", People),
            ("decide --targets targets.json --txns FILE", Programs),
            (
                "progress --targets targets.json --enrolments enrolments.json --txns FILE --format human",
                People,
            ),
            ("progress --targets targets.json --enrolments enrolments.json --txns FILE", Programs),
        ],
        "enrolments.json" => vec![
            (
                "progress --targets targets.json --enrolments enrolments.json --txns bill.json --format human",
                People,
            ),
            ("explain --targets targets.json --id 50 --txn bill.json --enrolments enrolments.json", People),
        ],
        "schema.json" => vec![
            ("schema --schema schema.json", People),
            ("schema --schema schema.json --format json", Programs),
            ("references currentCustomer.extField_dob_date.isWeekend() --schema schema.json", People),
            ("describe currentCustomer.extField_dob_date.isWeekend() --schema schema.json", People),
            ("check currentCustomer.slabName==\"Glod\" --schema schema.json", People),
            ("check currentCustomer.slabNam==\"Glod\" --schema schema.json", People),
        ],
        "cases.json" => vec![
            ("test cases.json", People),
            ("test cases.json --format json", Programs),
            ("test cases.json --format junit", People),
        ],
        _ => vec![
            ("check --ndjson rules.ndjson", People),
            ("check --ndjson rules.ndjson --format json", Programs),
            ("check --ndjson rules.ndjson --fix", Files),
        ],
    }
}

const RULE: &str = "currentTxn.value>500&&currentTxn.number!=\"x\"&&currentTxn.basketSum(\"brand\",\"Puma\")>1&&currentCustomer.slabName==\"Gold\"&&currentTxn.date.isWeekend()&&currentLineItem.qty>1";

fn line(value: &Value) -> String {
    format!("{value}\n")
}

/// Spoils every field of a file in turn and runs every command that reads it.
fn every_field_of(file: &str) {
    let folder = folder(&format!("shown-{file}"));
    for (name, content) in files() {
        std::fs::write(folder.join(name), line(&content)).unwrap();
    }
    let (_, whole) = files().into_iter().find(|(name, _)| *name == file).unwrap();
    let documents = spoilt(&whole);
    assert!(documents.len() > 4, "{file} has fields");
    let mut found = Vec::new();
    // Each with one or two of the commands in turn, and the one where all fields are
    // spoilt with all of them; in the long form each with all.
    let every = std::env::var_os("EVERY_COMMAND").is_some();
    let readers = readers(file);
    let turns = readers.len().min(8);
    for (number, document) in documents.iter().enumerate() {
        std::fs::write(folder.join(file), line(document)).unwrap();
        let all = every || number + 1 == documents.len();
        let in_turn = |at: usize| all || at % turns == number % turns;
        for (_, (command, reader)) in readers.iter().enumerate().filter(|(at, _)| in_turn(*at)) {
            let words = command.split(' ').map(|word| match word {
                "FILE" => file,
                "RULE" => RULE,
                word => word,
            });
            let wrong = wrong(&folder, &words.collect::<Vec<_>>(), *reader);
            found.extend(wrong.map(|wrong| format!("{wrong}\n    of {document}")));
        }
    }
    assert!(found.is_empty(), "{} of {}:\n{}", found.len(), documents.len(), found.join("\n"));
}

#[test]
fn a_payload_acts_on_no_terminal() {
    every_field_of("targets.json");
}

#[test]
fn a_bill_acts_on_no_terminal() {
    every_field_of("bill.json");
}

#[test]
fn a_return_acts_on_no_terminal() {
    every_field_of("return.json");
}

#[test]
fn enrolments_act_on_no_terminal() {
    every_field_of("enrolments.json");
}

#[test]
fn a_schema_acts_on_no_terminal() {
    every_field_of("schema.json");
}

#[test]
fn cases_act_on_no_terminal() {
    every_field_of("cases.json");
}

#[test]
fn rules_of_a_file_act_on_no_terminal() {
    every_field_of("rules.ndjson");
}

/// The state is what the command wrote itself, with each of its fields spoilt.
#[test]
fn a_state_acts_on_no_terminal() {
    let folder = folder("shown-state");
    for (name, content) in files() {
        std::fs::write(folder.join(name), line(&content)).unwrap();
    }
    let progress =
        "progress --targets targets.json --enrolments enrolments.json --state state.json --format human";
    let words = |more: &'static str| progress.split(' ').chain(more.split(' ')).collect::<Vec<_>>();
    assert_eq!(run(&folder, &words("--txns bill.json"), "").status.code(), Some(0));
    let state: Value =
        serde_json::from_str(&std::fs::read_to_string(folder.join("state.json")).unwrap()).unwrap();
    let mut found = Vec::new();
    let documents = spoilt(&state);
    assert!(documents.len() > 10, "the state has fields: {state}");
    for document in &documents {
        std::fs::write(folder.join("state.json"), line(document)).unwrap();
        found.extend(wrong(&folder, &words("--txns return.json"), For::People));
        std::fs::write(folder.join("state.json"), line(document)).unwrap();
        let explain = "explain --targets targets.json --id 50 --txn bill.json --enrolments enrolments.json --state state.json";
        found.extend(wrong(&folder, &explain.split(' ').collect::<Vec<_>>(), For::People));
    }
    assert!(found.is_empty(), "{found:#?}");
}

/// What stands in a rule: its names, its texts, its patterns, and where it is none.
#[test]
fn a_rule_acts_on_no_terminal() {
    let folder = folder("shown-rule");
    std::fs::write(folder.join("bill.json"), line(&bill())).unwrap();
    let h = HOSTILE;
    let rules = [
        format!("currentTxn.number==\"{h}\""),
        format!("currentTxn.number==\"a\n{h}\""),
        format!("currentTxn.basketSum(\"{h}\",\"{h}\")>5"),
        format!("currentTxn.number.matches(\"{h}(\")"),
        format!("currentTxn.number.matches(\"{h}\")"),
        format!("currentTxn.basketIncludes(\"brand\",\"{h}|x\")"),
        format!("currentTxn.{h}>5"),
        format!("currentTxn{h}.value>5"),
        format!("currentTxn.value.{h}(3)"),
        format!("currentTxn.value{h}>5"),
        format!("currentTxn.value>5{h}"),
        h.to_owned(),
        format!("currentTxn.value>5 and{h}not x"),
        format!("currentCustomer.extField_{h}==\"x\""),
        format!("currentTxn.date.isAfter(\"{h}\")"),
        format!("{{\"type\": \"{h}\"}}"),
        format!("{{\"{h}\": 1}}"),
        format!("{{{h}}}"),
    ];
    let mut found = Vec::new();
    for rule in &rules {
        let of = |words: &[&'static str]| {
            words.iter().map(|word| if *word == "RULE" { rule } else { *word }).collect::<Vec<_>>()
        };
        for words in [
            &["check", "RULE"][..],
            &["eval", "RULE", "--txn", "bill.json"],
            &["explain", "RULE", "--txn", "bill.json"],
            &["nearest", "RULE", "--txn", "bill.json"],
            &["describe", "RULE"],
            &["diff", "RULE", "true"],
            &["lint", "RULE"],
            &["references", "RULE"],
            &["check", "RULE", "--schema", "RULE"],
        ] {
            found.extend(wrong(&folder, &of(words), For::People));
        }
        for words in [
            &["fmt", "RULE"][..],
            &["convert", "--to", "dsl", "RULE"],
            &["check", "--fix", "RULE"],
            &["check", "--fix", "--diff", "RULE"],
            &["lint", "--fix", "RULE"],
        ] {
            found.extend(wrong(&folder, &of(words), For::Files));
        }
        for words in [
            &["check", "--format", "json", "RULE"][..],
            &["diff", "--format", "json", "RULE", "true"],
            &["lint", "--format", "json", "RULE"],
            &["convert", "--to", "tree", "--style", "compact", "RULE"],
        ] {
            found.extend(wrong(&folder, &of(words), For::Programs));
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

/// Calls with values of options; `HOSTILE` stands for what they are.
const OPTIONS: &[&str] = &[
    "HOSTILE",
    "help HOSTILE",
    "man HOSTILE",
    "completions HOSTILE",
    "check true --format HOSTILE",
    "check true --color HOSTILE",
    "check true --timezone HOSTILE",
    "check true --limit HOSTILE",
    "check true --limit depth=HOSTILE",
    "check true --schema HOSTILE",
    "check true HOSTILE",
    "check true --HOSTILE",
    "check --explain HOSTILE",
    "convert --to HOSTILE true",
    "convert --to tree --style HOSTILE true",
    "schema --profile HOSTILE",
    "decide --targets targets.json --txn bill.json --unknown HOSTILE",
    "explain --targets targets.json --txn bill.json --id HOSTILE",
    "nearest --targets targets.json --txn bill.json --id HOSTILE",
    "synthesise --true bill.json --false bill.json --nodes HOSTILE",
    "sample --count HOSTILE",
    "sample --count 1 --absent HOSTILE",
    "explain --targets targets.json --txn bill.json --id 50 --number HOSTILE",
];

/// Calls with a file; `HOSTILE` stands for its name.
const FILES: &[&str] = &[
    "check HOSTILE",
    "check true --schema HOSTILE",
    "check --ndjson HOSTILE",
    "check --ndjson HOSTILE --fix --diff",
    "check --ndjson HOSTILE --fix --in-place",
    "check --targets HOSTILE",
    "check --txns HOSTILE",
    "eval currentTxn.value>5 --txn HOSTILE",
    "explain currentTxn.value>5 --txn HOSTILE",
    "explain --targets HOSTILE --id 50 --txn bill.json",
    "nearest --targets HOSTILE --id 50 --txn bill.json",
    "nearest currentTxn.value>5 --txn HOSTILE",
    "residual currentTxn.value>5 --txn HOSTILE",
    "synthesise --true HOSTILE --false bill.json",
    "explain --targets targets.json --id 50 --txn HOSTILE --number x",
    "decide --targets HOSTILE --txn bill.json --format human",
    "decide --targets targets.json --txns HOSTILE --format human",
    "describe --targets HOSTILE",
    "diff --targets HOSTILE targets.json",
    "diff true false --txns HOSTILE",
    "lint --targets HOSTILE",
    "lint --targets HOSTILE --fix --in-place",
    "overlap --targets HOSTILE",
    "overlap --targets targets.json --txns HOSTILE",
    "references --targets HOSTILE",
    "test HOSTILE",
    "test --record HOSTILE",
    "progress --targets targets.json --enrolments HOSTILE --txns bill.json --format human",
    "progress --targets targets.json --enrolments e.json --txns HOSTILE --format human",
    "progress --targets targets.json --enrolments e.json --txns bill.json --state HOSTILE --format human",
];

/// The names of files and folders, and every value of every option.
#[test]
fn an_argument_acts_on_no_terminal() {
    let folder = folder("shown-arguments");
    let name = |ending: &str| format!("a{HOSTILE}{ending}");
    let names = [name(".json"), name(".ndjson"), name(".none"), name("")];
    let [document, lines, _, directory] = &names;
    std::fs::write(folder.join(document), r#"{"currentTxn": {"value": true, "vlaue": 1}}"#).unwrap();
    std::fs::write(folder.join(lines), "{\"currentTxn\": {\"value\": true}}\n{\"id\": 1, \"dsl\": \"x\"}\n[")
        .unwrap();
    std::fs::create_dir(folder.join(directory)).unwrap();
    for (name, content) in [("targets.json", targets()), ("bill.json", bill()), ("e.json", enrolments())] {
        std::fs::write(folder.join(name), line(&content)).unwrap();
    }
    let options = OPTIONS.iter().map(|call| (*call, HOSTILE));
    let files = FILES.iter().flat_map(|call| names.iter().map(move |name| (*call, name.as_str())));
    let mut found = Vec::new();
    for (call, hostile) in options.chain(files) {
        let words: Vec<String> = call.split(' ').map(|word| word.replace("HOSTILE", hostile)).collect();
        found.extend(wrong(&folder, &words.iter().map(String::as_str).collect::<Vec<_>>(), For::People));
    }
    assert!(found.is_empty(), "{found:#?}");
}
