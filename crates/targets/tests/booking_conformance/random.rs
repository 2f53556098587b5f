//! Random worlds, judged by the second implementation while the test runs. It is
//! plain Python, so the test needs `python3`; where that is missing it says so.

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::value::RawValue;

use super::case::{Case, Withdrawal};
use super::run;

fn judge() -> Command {
    let program = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/conformance/judge.py");
    let mut command = Command::new("python3");
    command.arg(program);
    command
}

/// The number of an environment variable, such as `BOOKING_WORLDS=10000`.
fn number(name: &str, otherwise: usize) -> usize {
    std::env::var(name).ok().map_or(otherwise, |text| text.parse().unwrap())
}

/// `BOOKING_WORLDS` says how many worlds are tried, `BOOKING_SEED` which comes first.
#[test]
fn random_worlds_come_to_what_the_second_implementation_says() {
    if Command::new("python3").arg("--version").output().is_err() {
        eprintln!("SKIPPED: there is no python3, so nothing judged the random bookings");
        return;
    }
    let (seed, count) = (number("BOOKING_SEED", 1), number("BOOKING_WORLDS", 300));
    let mut worlds = judge()
        .args(["--random", &seed.to_string(), &count.to_string()])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut judged, mut differ) = (0, 0);
    let mut first = None;
    for line in BufReader::new(worlds.stdout.take().unwrap()).lines() {
        let Some(case) = parsed(&line.unwrap()) else { continue };
        judged += 1;
        if !run::differences(&case).is_empty() {
            differ += 1;
            first.get_or_insert(case);
        }
    }
    assert!(worlds.wait().unwrap().success(), "the judge failed");
    println!("{judged} of {count} random worlds judged from seed {seed}, {differ} differ");
    // What the description leaves open is not judged; most of it must be.
    assert!(judged * 2 > count, "only {judged} of {count} worlds were judged");
    if let Some(case) = first {
        let name = case.id.clone();
        let small = Judge::start().shrink(case);
        let differences = run::differences(&small);
        panic!("{differ} of {judged} worlds differ; {name}, made small:\n{}\n{differences}", input(&small));
    }
}

/// A judged case; nothing where the outcome is open.
fn parsed(line: &str) -> Option<Case> {
    if line.starts_with(r#"{"open""#) {
        return None;
    }
    Some(serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
}

/// A case as the judge reads it.
fn input(case: &Case) -> String {
    let list = |documents: &[Box<RawValue>]| {
        let texts: Vec<&str> = documents.iter().map(|document| document.get()).collect();
        format!("[{}]", texts.join(","))
    };
    let batches: Vec<String> = case.batches.iter().map(|batch| list(batch)).collect();
    let zone = case.zone.as_deref().unwrap_or("UTC");
    let withdrawn = serde_json::to_string(&case.withdrawn).unwrap();
    format!(
        r#"{{"targets":{},"enrolments":{},"zone":"{zone}","withdrawn":{withdrawn},"batches":[{}]}}"#,
        case.targets.get(),
        case.enrolments.get(),
        batches.join(",")
    )
}

/// The second implementation as a process that judges line by line.
struct Judge {
    process: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Judge {
    fn start() -> Self {
        let mut process = judge().stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let questions = process.stdin.take().unwrap();
        let answers = BufReader::new(process.stdout.take().unwrap());
        Self { process, questions, answers }
    }

    fn ask(&mut self, question: &str) -> Option<Case> {
        writeln!(self.questions, "{question}").unwrap();
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        parsed(&answer)
    }

    /// Leaves out documents, enrolments and targets as long as the two still differ.
    fn shrink(mut self, mut case: Case) -> Case {
        while let Some(smaller) = self.smaller(&case) {
            case = smaller;
        }
        drop(self.questions);
        self.process.wait().unwrap();
        case
    }

    fn smaller(&mut self, case: &Case) -> Option<Case> {
        let candidates = fewer_documents(case).into_iter().chain(shorter_lists(case));
        for candidate in candidates {
            if let Some(judged) = self.ask(&candidate).filter(|judged| !run::differences(judged).is_empty()) {
                return Some(judged);
            }
        }
        None
    }
}

/// The case without one of its documents, and with two batches joined.
fn fewer_documents(case: &Case) -> Vec<String> {
    let mut found = Vec::new();
    let mut put = |batches: Vec<Vec<Box<RawValue>>>| {
        // A withdrawal comes after a batch by its number, so batches stay where there is one.
        let kept = |batch: &Vec<_>| !batch.is_empty() || !case.withdrawn.is_empty();
        let batches = batches.into_iter().filter(kept).collect();
        found.push(input(&with(case, case.targets.clone(), case.enrolments.clone(), batches)));
    };
    for (at, batch) in case.batches.iter().enumerate() {
        for document in 0..batch.len() {
            let mut batches = case.batches.clone();
            batches[at].remove(document);
            put(batches);
        }
    }
    let joined = if case.withdrawn.is_empty() { 1..case.batches.len() } else { 0..0 };
    for at in joined {
        let mut batches = case.batches.clone();
        let later = batches.remove(at);
        batches[at - 1].extend(later);
        put(batches);
    }
    found
}

/// The case without one of its enrolments, groups or targets.
fn shorter_lists(case: &Case) -> Vec<String> {
    let mut found = Vec::new();
    for enrolments in shorter(&case.enrolments) {
        found.push(input(&with(case, case.targets.clone(), enrolments, case.batches.clone())));
    }
    for targets in shorter(&case.targets) {
        let groups: serde_json::Value = serde_json::from_str(targets.get()).unwrap();
        let ids: Vec<&serde_json::Value> = groups
            .as_array()
            .into_iter()
            .flatten()
            .flat_map(|group| group["targets"].as_array().into_iter().flatten())
            .map(|target| &target["id"])
            .collect();
        if ids.is_empty() {
            continue;
        }
        let kept: Vec<serde_json::Value> = serde_json::from_str(case.enrolments.get()).unwrap();
        let kept: Vec<_> = kept.into_iter().filter(|one| ids.contains(&&one["targetId"])).collect();
        let enrolments = serde_json::value::to_raw_value(&kept).unwrap();
        found.push(input(&with(case, targets.clone(), enrolments, case.batches.clone())));
    }
    found
}

/// A JSON list without one of its elements.
fn shorter(list: &RawValue) -> Vec<Box<RawValue>> {
    let listed: Vec<Box<RawValue>> = serde_json::from_str(list.get()).unwrap_or_default();
    let without = |at: usize| {
        let mut fewer = listed.clone();
        fewer.remove(at);
        serde_json::value::to_raw_value(&fewer).unwrap()
    };
    (0..listed.len()).map(without).collect()
}

fn with(
    case: &Case,
    targets: Box<RawValue>,
    enrolments: Box<RawValue>,
    batches: Vec<Vec<Box<RawValue>>>,
) -> Case {
    Case {
        id: case.id.clone(),
        why: case.why.clone(),
        withdrawn: kept_withdrawals(case, &enrolments),
        targets,
        enrolments,
        zone: case.zone.clone(),
        batches,
        any_order: false,
        doubtful: None,
        expected: super::case::Expected::default(),
    }
}

/// The withdrawals of those who still take part.
fn kept_withdrawals(case: &Case, enrolments: &RawValue) -> Vec<Withdrawal> {
    let listed: Vec<serde_json::Value> = serde_json::from_str(enrolments.get()).unwrap();
    let takes_part = |one: &&Withdrawal| {
        listed.iter().any(|entry| entry["userId"] == one.user_id && entry["targetId"] == one.target_id)
    };
    case.withdrawn.iter().filter(takes_part).cloned().collect()
}
