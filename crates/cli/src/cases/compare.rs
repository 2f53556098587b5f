//! What was expected beside what came: the differences, and how the file would
//! say what came.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use target_rules::Truth;
use target_rules::diagnostic::Span;

use crate::invocation::Invocation;

use super::answer::{Answer, StatedOutcome, json_list, json_object, same};
use super::model::{At, Expected, ExpectedTargets, Outcome};
use super::subject::{Answers, Ready, ReadyTargets};

/// One thing that is not as expected.
#[derive(Debug, Serialize)]
pub(super) struct Difference {
    /// What it is about, such as `target 50`.
    pub(super) of: String,
    /// What was expected.
    pub(super) expected: Shown,
    /// What came.
    pub(super) came: Shown,
    /// Why that came, in one sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) why: Option<String>,
    /// What the file would say to expect what came.
    #[serde(skip)]
    pub(super) edit: (Span, String),
}

/// An expectation or an answer for people and for programs.
#[derive(Debug)]
pub(super) struct Shown {
    pub(super) words: String,
    json: String,
}

impl Shown {
    pub(super) fn new(words: impl Into<String>, json: impl Into<String>) -> Shown {
        Shown { words: words.into(), json: json.into() }
    }

    /// What is said by the same text in both.
    pub(super) fn json(json: impl Into<String>) -> Shown {
        let json = json.into();
        Shown { words: json.clone(), json }
    }
}

impl From<&StatedOutcome<'_>> for Shown {
    fn from(said: &StatedOutcome<'_>) -> Shown {
        Shown::new(said.words(), said.json())
    }
}

impl Serialize for Shown {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // INVARIANT: what is made here is JSON.
        let raw = RawValue::from_string(self.json.clone()).map_err(serde::ser::Error::custom)?;
        raw.serialize(serializer)
    }
}

/// How many targets of a list are explained.
const MOST_EXPLAINED: usize = 3;

/// For how many differences of a document is told why: each reads it anew.
const MOST_REASONS: usize = 100;

/// What of a document is not as it is expected.
pub(super) fn differences(
    invocation: &Invocation,
    ready: &Ready,
    text: &str,
    expected: &Expected,
    answers: &Answers,
) -> Vec<Difference> {
    match (expected, answers, ready) {
        (Expected::Rules(expected), Answers::Rules(answers), _) => {
            let mut found = Vec::new();
            for (at, outcome) in expected {
                let Some(answer) = answers.get(*at).filter(|answer| !answer.fits(outcome)) else { continue };
                let of = match ready.rule_name(*at) {
                    Some(name) => format!("rule `{name}`"),
                    None => "the rule".to_owned(),
                };
                let why = (found.len() < MOST_REASONS).then(|| ready.why_rule(invocation, *at, text));
                found.push(difference(of, outcome, answer, why.flatten()));
            }
            found
        }
        (Expected::Targets(expected), Answers::Targets(answers), Ready::Targets(targets)) => {
            of_targets(invocation, targets, text, expected, answers)
        }
        // INVARIANT: the file is about either rules or targets.
        _ => Vec::new(),
    }
}

fn difference(of: String, expected: &Outcome, came: &Answer, why: Option<String>) -> Difference {
    Difference {
        of,
        expected: Shown::from(&StatedOutcome::from(expected)),
        came: Shown::from(&came.beside(expected)),
        why,
        edit: (expected.at.span, came.said().json()),
    }
}

fn of_targets(
    invocation: &Invocation,
    targets: &ReadyTargets,
    text: &str,
    expected: &ExpectedTargets,
    answers: &BTreeMap<i64, Answer>,
) -> Vec<Difference> {
    let mut found = Vec::new();
    let lists =
        [("eligible", &expected.eligible, Truth::True), ("unknown", &expected.unknown, Truth::Unknown)];
    for (name, list, result) in lists {
        let Some(list) = list else { continue };
        let expected: Vec<i64> = list.value.iter().map(|id| id.value).collect();
        let came = ids_of(targets, answers, result);
        if same(&expected, &came) {
            continue;
        }
        let [wanted, there] = [&expected, &came].map(|ids| ids.iter().copied().collect::<BTreeSet<i64>>());
        let odd = wanted.symmetric_difference(&there).take(MOST_EXPLAINED);
        let why: Vec<String> = odd
            .filter_map(|id| Some(format!("target {id}: {}", targets.why(invocation, *id, text)?)))
            .collect();
        found.push(Difference {
            of: name.to_owned(),
            expected: Shown::json(ids(&expected)),
            came: Shown::json(ids(&came)),
            why: Some(why.join(" ")).filter(|why| !why.is_empty()),
            edit: (list.at.span, ids(&came)),
        });
    }
    for (At { value: id, .. }, outcome) in &expected.targets {
        let no = Answer::of(Truth::False);
        let answer = answers.get(id).unwrap_or(&no);
        if !answer.fits(outcome) {
            let why = (found.len() < MOST_REASONS).then(|| targets.why(invocation, *id, text)).flatten();
            found.push(difference(format!("target {id}"), outcome, answer, why));
        }
    }
    found
}

/// The targets with a result, in the order of the payload.
fn ids_of(targets: &ReadyTargets, answers: &BTreeMap<i64, Answer>, result: Truth) -> Vec<i64> {
    let ids = targets.targets.iter().map(target_id);
    ids.filter(|id| answers.get(id).is_some_and(|answer| answer.result == result)).collect()
}

fn target_id(target: &loyalty_targets::CheckedTarget) -> i64 {
    target.id()
}

fn ids(ids: &[i64]) -> String {
    json_list(ids.iter().map(ToString::to_string))
}

/// The answers as an expectation that they meet: all of it, in few words. A
/// target that is in no list is false.
pub(super) fn written(ready: &Ready, answers: &Answers) -> String {
    match (answers, ready) {
        (Answers::Targets(answers), Ready::Targets(targets)) => {
            let list = |result| ids(&ids_of(targets, answers, result));
            let lists = [("eligible", list(Truth::True)), ("unknown", list(Truth::Unknown))];
            let mut members: Vec<(String, String)> =
                lists.into_iter().map(|(key, list)| (key.to_owned(), list)).collect();
            let told = targets.targets.iter().map(target_id).filter_map(|id| {
                let said = answers.get(&id)?.said().json();
                // What is only true stands in the list.
                said.starts_with('{').then(|| (id.to_string(), said))
            });
            let told: Vec<(String, String)> = told.collect();
            if !told.is_empty() {
                members.push(("targets".to_owned(), json_object(told.into_iter())));
            }
            json_object(members.into_iter())
        }
        (Answers::Rules(answers), _) => {
            let names: Vec<Option<&str>> = ready.rule_names().collect();
            let said = answers.iter().map(|answer| answer.said().json());
            match (names.as_slice(), answers.as_slice()) {
                ([None], [only]) => only.said().json(),
                _ => json_object(
                    names.iter().zip(said).map(|(name, said)| (name.unwrap_or_default().to_owned(), said)),
                ),
            }
        }
        // INVARIANT: the answers are those of what is ready.
        (Answers::Targets(_), Ready::Rules(_)) => String::new(),
    }
}
