//! The command line as scripts see it: each file of `tests/cli` is one call of
//! the command with what comes in and what must come out.
//!
//! A line `...` in what is expected stands for any lines, `[..]` for any text
//! within a line. `UPDATE_CLI=1 cargo test --test all cli::` writes what comes out
//! into the files, but for those that hold such a wildcard and pass.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli")
}

/// The samples, from the folder of the cases.
const TARGETS: &str = "../../../../tests/samples/targets.json";
const TRANSACTIONS: &str = "../../../../tests/samples/transactions.ndjson";

fn command(arguments: &[impl AsRef<std::ffi::OsStr>]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_target-rules"));
    command.args(arguments).current_dir(folder()).env_remove("NO_COLOR");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn run(arguments: &[impl AsRef<std::ffi::OsStr>], stdin: &[u8]) -> Output {
    finish(&mut command(arguments), stdin)
}

fn finish(command: &mut Command, stdin: &[u8]) -> Output {
    let mut child = command.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    std::thread::scope(|scope| {
        // While it is written the answers are read: neither pipe holds all.
        // A command that refuses its arguments never reads; that is its right.
        scope.spawn(move || drop(input.write_all(stdin)));
        child.wait_with_output().unwrap()
    })
}

/// The words of a command line; single quotes keep what is between them.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quoted = false;
    for character in line.chars() {
        match character {
            '\'' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            ' ' if !quoted => words.extend(word.take()),
            character => word.get_or_insert_default().push(character),
        }
    }
    words.extend(word);
    words
}

/// One call, as its file holds it.
struct Case {
    head: String,
    arguments: Vec<String>,
    stdin: String,
    stdout: String,
    stderr: String,
    status: String,
}

impl Case {
    fn read(text: &str) -> Case {
        let mut sections = text.split("\n--- ");
        let head = sections.next().unwrap().to_owned();
        let line = head.lines().find_map(|line| line.strip_prefix("$ target-rules")).unwrap();
        let mut case = Case {
            arguments: words(line),
            head,
            stdin: String::new(),
            stdout: String::new(),
            stderr: String::new(),
            status: String::new(),
        };
        // A line that begins as those of sections do belongs to the one before.
        let mut whole: Vec<String> = Vec::new();
        for section in sections {
            let name = section.lines().next().unwrap_or_default();
            if ["stdin", "stdout", "stderr"].contains(&name) || name.starts_with("status ") {
                whole.push(section.to_owned());
            } else {
                whole.last_mut().unwrap().push_str(&format!("\n--- {section}"));
            }
        }
        for section in &whole {
            let (name, body) = section.split_once('\n').unwrap_or((section, ""));
            let body = if body.is_empty() { String::new() } else { format!("{body}\n") };
            match name {
                "stdin" => case.stdin = body,
                "stdout" => case.stdout = body,
                "stderr" => case.stderr = body,
                name => case.status = name.strip_prefix("status ").unwrap().trim().to_owned(),
            }
        }
        case
    }

    fn write(&self) -> String {
        let mut text = self.head.clone();
        for (name, body) in [("stdin", &self.stdin), ("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !body.is_empty() {
                text.push_str(&format!("\n--- {name}\n{}", body.strip_suffix('\n').unwrap_or(body)));
            }
        }
        format!("{text}\n--- status {}\n", self.status)
    }
}

/// Whether the text is what is expected, wildcards aside.
fn fits(expected: &str, actual: &str) -> bool {
    let inline = regex_syntax::escape("[..]");
    let pattern: String = expected
        .split_inclusive('\n')
        .map(|line| match line {
            "...\n" => "(?:[^\n]*\n)*".to_owned(),
            line => regex_syntax::escape(line).replace(&inline, "[^\n]*"),
        })
        .collect();
    regex_automata::meta::Regex::new(&format!("^(?:{pattern})$")).unwrap().is_match(actual)
}

#[test]
fn every_case_comes_out_as_its_file_says() {
    let update = std::env::var_os("UPDATE_CLI").is_some();
    let mut failed = Vec::new();
    let mut cases = 0;
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "case") {
            continue;
        }
        cases += 1;
        let written = std::fs::read_to_string(&path).unwrap();
        let case = Case::read(&written);
        let output = run(&case.arguments, case.stdin.as_bytes());
        let actual = Case {
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
            status: output.status.code().map_or("none".to_owned(), |status| status.to_string()),
            head: case.head.clone(),
            arguments: Vec::new(),
            stdin: case.stdin.clone(),
        };
        if fits(&case.stdout, &actual.stdout)
            && fits(&case.stderr, &actual.stderr)
            && case.status == actual.status
        {
            continue;
        }
        if update {
            std::fs::write(&path, actual.write()).unwrap();
        } else {
            let name = path.file_name().unwrap().display().to_string();
            failed.push(format!("== {name}, as it came out ==\n{}", actual.write()));
        }
    }
    assert!(cases > 50, "only {cases} cases are found");
    assert!(failed.is_empty(), "{} of {cases} cases differ\n{}", failed.len(), failed.join("\n"));
}

#[test]
fn wildcards_stand_for_what_they_say_and_no_more() {
    assert!(fits("a\n...\nz\n", "a\nb\nc\nz\n") && fits("a\n...\n", "a\n"));
    assert!(fits("a [..] z\n", "a b z\n") && !fits("a [..] z\n", "a\n z\n"));
    assert!(!fits("a...\n", "a\nb\n") && !fits("a\n", "a\nb\n") && !fits("", "a\n"));
}

#[test]
fn words_are_split_as_a_shell_does() {
    assert_eq!(words(" check 'a b' -x"), ["check", "a b", "-x"]);
    assert_eq!(words(" check '' --limit open='3'"), ["check", "", "--limit", "open=3"]);
}

#[test]
fn bytes_that_are_no_text_are_a_fault_of_the_input() {
    let output = run(&["check", "-"], b"currentCustomer.name==\"Ren\xe9\"");
    assert_eq!(output.status.code(), Some(1));
    let shown = String::from_utf8(output.stderr).unwrap();
    assert!(shown.starts_with("error[syntax]: this is not UTF-8 text\n --> rule:1:27\n"), "{shown}");
    assert!(output.stdout.is_empty());
}

/// Whoever pipes results into `head` has seen enough: no panic, no message.
#[test]
fn a_reader_that_stops_reading_ends_the_command_quietly() {
    let line = "{\"dsl\":\"currentTxn.value>500\"}\n".repeat(5000);
    let decide = ["decide", "--targets", TARGETS, "--txns", "-"];
    let json = ["check", "--format", "json", "--ndjson", "-"];
    let sarif = ["check", "--format", "sarif", "--ndjson", "-"];
    let human = ["check", "--ndjson", "-"];
    let rule = ["fmt", "-"];
    let sample = ["sample", "--count", "10000000000"];
    let calls: [(&[&str], &str); 6] = [
        (&decide, "{}\n"),
        (&json, &line),
        (&sarif, &line),
        (&human, &line),
        (&rule, "currentTxn.value > 500"),
        (&sample, ""),
    ];
    for (arguments, stdin) in calls {
        let mut child = command(arguments).spawn().unwrap();
        // Closed before anything comes in, so before anything goes out.
        drop(child.stdout.take());
        let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
        let output = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "", "{arguments:?}");
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
    }
}

/// The command does not wait for the next transaction to tell that nobody
/// reads the answers.
#[test]
fn a_reader_that_stops_reading_ends_the_command_though_nothing_more_comes() {
    let mut child = command(&["decide", "--targets", TARGETS, "--txns", "-"]).spawn().unwrap();
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(b"{}\n").unwrap();
    let ended = (0..6_000).find_map(|_| {
        std::thread::sleep(Duration::from_millis(10));
        child.try_wait().unwrap()
    });
    // Standard input is open until here.
    drop(stdin);
    assert_eq!(ended.expect("the command waits for more").code(), Some(0));
}

/// The samples again and again, with lines between them that are blank or
/// cannot be read: how they come in, and what has to go out.
struct Repeated {
    stdin: String,
    stdout: String,
    stderr: String,
}

/// What is shown of the first line of standard input, as it is of another one.
fn at_line(shown: &str, number: usize) -> String {
    let gutter = " ".repeat(number.to_string().len() - 1);
    let shift = |line: &str| match line {
        "" => "\n".to_owned(),
        line if line.starts_with("1 |") => line.replacen("1 |", &format!("{number} |"), 1) + "\n",
        line if line.starts_with(' ') => {
            format!("{gutter}{}\n", line.replace("input:1:", &format!("input:{number}:")))
        }
        line => format!("{line}\n"),
    };
    shown.lines().map(shift).collect()
}

fn repeated(times: usize) -> Repeated {
    let samples = std::fs::read_to_string(folder().join(TRANSACTIONS)).unwrap();
    let samples: Vec<&str> = samples.lines().collect();
    // What each is answered with does not depend on the lines around it.
    let arguments = ["decide", "--targets", TARGETS, "--txns"];
    let alone = run(&[&arguments[..], &[TRANSACTIONS]].concat(), b"");
    let answers = String::from_utf8(alone.stdout).unwrap();
    let answers: Vec<&str> = answers.lines().map(|line| line.split_once(',').unwrap().1).collect();
    assert_eq!(answers.len(), samples.len());
    let unreadable = r#"{"currentTxn": {"value": "six hundred"}}"#;
    let refused = run(&[&arguments[..], &["-"]].concat(), unreadable.as_bytes());
    let (answer, shown) =
        (String::from_utf8(refused.stdout).unwrap(), String::from_utf8(refused.stderr).unwrap());
    let (_, answer) = answer.split_once(',').unwrap();
    assert!(shown.contains("standard input:1:26"), "{shown}");
    let mut all = Repeated { stdin: String::new(), stdout: String::new(), stderr: String::new() };
    let mut number = 0;
    for round in 0..times {
        for (at, (sample, expected)) in samples.iter().zip(&answers).enumerate() {
            if (round + at) % 11 == 0 {
                number += 2;
                writeln!(all.stdin, "\r\n{unreadable}").unwrap();
                write!(all.stdout, "{{\"line\":{number},{answer}").unwrap();
                all.stderr.push_str(&at_line(&shown, number));
            }
            number += 1;
            writeln!(all.stdin, "{sample}").unwrap();
            writeln!(all.stdout, "{{\"line\":{number},{expected}").unwrap();
        }
    }
    all
}

#[test]
fn many_transactions_are_answered_in_order_on_any_number_of_threads() {
    let Repeated { stdin, stdout, stderr } = repeated(150);
    assert!(stdin.lines().count() > 5000 && stdin.len() > 2 << 20);
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("repeated.ndjson");
    std::fs::write(&path, &stdin).unwrap();
    let decide = ["decide", "--targets", TARGETS, "--txns"];
    for threads in ["1", "4"] {
        for from in ["-", path.to_str().unwrap()] {
            let mut command = command(&[&decide[..], &[from]].concat());
            let output = finish(command.env("RAYON_NUM_THREADS", threads), stdin.as_bytes());
            assert_eq!(output.status.code(), Some(1));
            // Not compared as wholes: a message of megabytes helps nobody.
            let actual = String::from_utf8(output.stdout).unwrap();
            let difference = actual.lines().zip(stdout.lines()).find(|(actual, expected)| actual != expected);
            assert_eq!(difference, None, "{threads} threads, {from}");
            assert!(actual == stdout, "{} of {} bytes", actual.len(), stdout.len());
            let shown = stderr.replace("standard input", if from == "-" { "standard input" } else { from });
            assert!(String::from_utf8(output.stderr).unwrap() == shown, "{threads} threads, {from}");
        }
    }
    std::fs::remove_file(path).unwrap();
}

/// Less of the unknown is the same answer with less in it, whatever the line.
#[test]
fn each_choice_of_the_unknown_says_what_the_reasons_say_and_no_more() {
    let told = |choice: &[&str]| -> Vec<Value> {
        let arguments = [&["decide", "--targets", TARGETS, "--txns", TRANSACTIONS], choice].concat();
        let output = run(&arguments, b"");
        assert_eq!(output.status.code(), Some(0));
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let by_default = told(&[]);
    assert_eq!(told(&["--unknown", "reasons"]), by_default);
    let several = |line: &Value| line["unknown"].as_array().unwrap().len() > 1;
    assert!(by_default.iter().any(several), "no sample leaves several targets unknown");
    for (choice, said) in [
        ("ids", (|unknown| Some(unknown.iter().map(|one| one["id"].clone()).collect())) as fn(&[Value]) -> _),
        ("count", |unknown| Some(Value::from(unknown.len()))),
        ("none", |_| None),
    ] {
        let expected: Vec<Value> = by_default
            .iter()
            .map(|line| {
                let mut line = line.as_object().unwrap().clone();
                let unknown = line.remove("unknown").unwrap();
                line.extend(said(unknown.as_array().unwrap()).map(|said| ("unknown".to_owned(), said)));
                Value::Object(line)
            })
            .collect();
        assert_eq!(told(&["--unknown", choice]), expected, "{choice}");
    }
}

/// Who writes one transaction and waits for its answer is not kept waiting for
/// the next one, or for the end.
#[test]
fn transactions_are_answered_as_they_come() {
    let mut child = command(&["decide", "--targets", "files/targets.json", "--txns", "-"]).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let stdout = BufReader::new(child.stdout.take().unwrap());
    let (send, answers) = std::sync::mpsc::channel();
    let reader = std::thread::spawn(move || {
        for line in stdout.lines() {
            send.send(line.unwrap()).unwrap();
        }
    });
    // A blank line and the beginning of the next hold nothing back either.
    for (written, numbers) in [
        ("{}\n", &[1][..]),
        ("{}\n\n", &[2]),
        ("{\n{", &[4]),
        ("}\n{}\n{}\n \n", &[5, 6, 7]),
        ("\n", &[]),
        ("{}", &[]),
    ] {
        stdin.write_all(written.as_bytes()).unwrap();
        for number in numbers {
            let answer = answers.recv_timeout(Duration::from_secs(60)).expect("there is no answer in time");
            assert!(answer.starts_with(&format!("{{\"line\":{number},")), "{written:?}: {answer}");
        }
    }
    drop(stdin);
    let last = answers.recv_timeout(Duration::from_secs(60)).unwrap();
    assert!(last.starts_with("{\"line\":10,"), "{last}");
    reader.join().unwrap();
    assert!(answers.recv().is_err());
    assert_eq!(child.wait().unwrap().code(), Some(1));
}

/// Diagnostics that nobody reads change nothing else.
#[test]
fn a_closed_standard_error_keeps_the_exit_status() {
    let mut child = command(&["check", "-"]).spawn().unwrap();
    drop(child.stderr.take());
    child.stdin.take().unwrap().write_all(b"currentTxn.valu>500").unwrap();
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(1));
}

/// Without a line feed a line is held up to its limit and no further.
#[test]
fn lines_are_read_up_to_their_limit_and_one_byte_more_is_a_fault() {
    let row = "{\"dsl\":\"true\"}";
    let lines = format!("{row}\n{row} \n{row}\r\n{row}");
    let limit = format!("payload={}", row.len());
    let output = run(&["check", "--limit", &limit, "--format", "json", "--ndjson", "-"], lines.as_bytes());
    assert_eq!(output.status.code(), Some(1));
    let answers: Vec<Value> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let passed: Vec<bool> = answers.iter().map(|answer| answer["ok"].as_bool().unwrap()).collect();
    assert_eq!(passed, [true, false, true, true]);
    assert_eq!(answers[1]["diagnostics"][0]["code"], "limit");
}

/// What SARIF asks of a log, by hand: section 3 of the standard, as far as the
/// command writes it.
fn sarif(arguments: &[&str], stdin: &str) -> Value {
    let output = run(arguments, stdin.as_bytes());
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    let log: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(log["version"], "2.1.0");
    assert!(log["$schema"].as_str().unwrap().ends_with("sarif-2.1.0.json"));
    let [run] = log["runs"].as_array().unwrap().as_slice() else { panic!("one run: {log}") };
    assert_eq!(run["columnKind"], "utf16CodeUnits");
    let driver = &run["tool"]["driver"];
    assert_eq!(driver["name"], "target-rules");
    assert_eq!(driver["version"], env!("CARGO_PKG_VERSION"));
    let rules = driver["rules"].as_array().unwrap();
    for (index, rule) in rules.iter().enumerate() {
        assert!(rules.iter().skip(index + 1).all(|other| other["id"] != rule["id"]), "{rule} twice");
        for text in [&rule["shortDescription"]["text"], &rule["help"]["text"], &rule["help"]["markdown"]] {
            assert!(!text.as_str().unwrap().is_empty());
        }
    }
    let results = run["results"].as_array().unwrap();
    assert_eq!(
        output.status.code(),
        Some(i32::from(results.iter().any(|result| result["level"] == "error")))
    );
    for result in results {
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(result["ruleId"], rule["id"]);
        assert_eq!(result["level"], rule["defaultConfiguration"]["level"]);
        assert!(["error", "warning"].contains(&result["level"].as_str().unwrap()));
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        for location in result["locations"].as_array().unwrap() {
            let place = &location["physicalLocation"];
            assert!(!place["artifactLocation"]["uri"].as_str().unwrap().contains(' '));
            let number = |key: &str| place["region"][key].as_u64().unwrap();
            assert!(number("startLine") >= 1 && number("startColumn") >= 1);
            assert!((number("endLine"), number("endColumn")) >= (number("startLine"), number("startColumn")));
            let _ = (number("byteOffset"), number("byteLength"));
        }
    }
    log
}

#[test]
fn sarif_of_a_rule_counts_columns_in_utf16_and_bytes_in_bytes() {
    let text = "currentCustomer.name==\"\u{1f600}\"&&\ncurrentCustomer.name==\"\u{1f600}\"&&currentCustomer.firstName==5";
    let log = sarif(&["check", "--format", "sarif", "-"], text);
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), 2);
    let spelling = &results[0];
    assert_eq!((&spelling["ruleId"], &spelling["level"]), (&"name-spelling".into(), &"warning".into()));
    let message = "`firstName` is spelled `firstname`\nhelp: write `firstname`";
    assert_eq!(spelling["message"]["text"], message);
    let place = &spelling["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "rule");
    let region = &place["region"];
    // The face is two units of UTF-16, four bytes of UTF-8.
    assert_eq!((&region["startLine"], &region["startColumn"]), (&2.into(), &45.into()));
    assert_eq!((&region["endLine"], &region["endColumn"]), (&2.into(), &54.into()));
    let start = usize::try_from(region["byteOffset"].as_u64().unwrap()).unwrap();
    let length = usize::try_from(region["byteLength"].as_u64().unwrap()).unwrap();
    assert_eq!(text.get(start..start + length), Some("firstName"));
    assert_eq!(results[1]["ruleId"], "type-mismatch");
    let other = &results[1]["relatedLocations"][0];
    assert_eq!(other["message"]["text"], "this is a string");
    assert_eq!(other["physicalLocation"]["region"]["startColumn"], 29);
}

#[test]
fn sarif_of_a_file_names_its_lines() {
    let log = sarif(&["check", "--format", "sarif", "--ndjson", "files/rules.ndjson"], "");
    let text = std::fs::read_to_string(folder().join("files/rules.ndjson")).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert!(results.len() >= 4);
    for result in results {
        let location = &result["locations"][0];
        let place = &location["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "files/rules.ndjson");
        let region = &place["region"];
        let number = usize::try_from(region["startLine"].as_u64().unwrap()).unwrap();
        let line = text.lines().nth(number - 1).unwrap();
        let start = usize::try_from(region["byteOffset"].as_u64().unwrap()).unwrap();
        let length = usize::try_from(region["byteLength"].as_u64().unwrap()).unwrap();
        let place = text.get(start..start + length).unwrap();
        let expected = match result["ruleId"].as_str().unwrap() {
            "unknown-name" => "emai",
            "forms-disagree" => "true",
            "name-spelling" => "firstName",
            "no-rule" => line,
            _ => place,
        };
        assert_eq!(place, expected);
        assert!(line.contains(place));
        // What is known to the letter is to be written into the file.
        let fix = &result["fixes"][0]["artifactChanges"][0]["replacements"][0];
        if expected == "emai" {
            assert_eq!(fix["insertedContent"]["text"], "email");
            assert_eq!(fix["deletedRegion"], *region);
        }
        let name = location["logicalLocations"][0]["name"].as_str().unwrap();
        assert!(line.contains(name) || name == format!("line {number}"), "{name}: {line}");
    }
}

#[test]
fn sarif_of_targets_points_into_their_file() {
    let file = "files/faulty-targets.json";
    let log = sarif(&["check", "--format", "sarif", "--targets", file], "");
    let text = std::fs::read_to_string(folder().join(file)).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert!(!results.is_empty());
    for result in results {
        let location = &result["locations"][0];
        let place = &location["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], file);
        let start = usize::try_from(place["region"]["byteOffset"].as_u64().unwrap()).unwrap();
        let length = usize::try_from(place["region"]["byteLength"].as_u64().unwrap()).unwrap();
        assert!(text.get(start..start + length).is_some());
        assert!(!location["logicalLocations"][0]["name"].as_str().unwrap().is_empty());
    }
    // A document that is no payload is a result too.
    let log = sarif(&["check", "--format", "sarif", "--targets", "-"], "{\"data\": 1");
    let place = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "standard-input");
}

#[test]
fn sarif_of_a_rule_without_faults_has_no_results() {
    let log = sarif(&["check", "--format", "sarif", "currentTxn.value>500"], "");
    assert_eq!(log["runs"][0]["results"], Value::Array(Vec::new()));
}
