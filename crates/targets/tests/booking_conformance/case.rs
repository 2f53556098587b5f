//! A case of booking as it stands in its file, and what it expects as facts.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    #[serde(rename = "about")]
    _about: String,
    pub(crate) cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Case {
    pub(crate) id: String,
    pub(crate) why: String,
    pub(crate) targets: Box<RawValue>,
    pub(crate) enrolments: Box<RawValue>,
    pub(crate) zone: Option<String>,
    pub(crate) batches: Vec<Vec<Box<RawValue>>>,
    #[serde(default)]
    pub(crate) withdrawn: Vec<Withdrawal>,
    /// The documents may come in any order and in any batches.
    #[serde(default)]
    pub(crate) any_order: bool,
    pub(crate) doubtful: Option<String>,
    pub(crate) expected: Expected,
}

#[derive(Deserialize, Serialize, Clone)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Withdrawal {
    pub(crate) after_batch: usize,
    pub(crate) user_id: i64,
    pub(crate) target_id: i64,
}

/// What is not stated is not compared.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expected {
    pub(crate) refused: Option<Vec<Refused>>,
    progress: Option<Vec<Progress>>,
    unified: Option<Vec<Unified>>,
    unknown: Option<Vec<Unknown>>,
    repetitions: Option<Vec<Repetition>>,
    waiting: Option<Vec<Waiting>>,
    told: Option<Vec<Told>>,
    pub(crate) eligibility: Option<Vec<Eligibility>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Refused {
    pub(crate) batch: usize,
    pub(crate) document: usize,
    /// Where the figure below zero stands, where that is why.
    pub(crate) pointer: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Progress {
    user_id: i64,
    target_id: i64,
    period_id: Option<i64>,
    cycle: Option<u32>,
    achieved: String,
    reached: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Unified {
    user_id: i64,
    target_group_id: Option<i64>,
    period_id: Option<i64>,
    reached: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Unknown {
    user_id: i64,
    target_id: i64,
    number: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Repetition {
    batch: usize,
    user_id: i64,
    number: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Waiting {
    user_id: i64,
    bill: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Told {
    batch: usize,
    what: String,
    user_id: i64,
    bill: String,
    target_id: Option<i64>,
    absent: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Eligibility {
    pub(crate) document: Box<RawValue>,
    pub(crate) targets: Vec<Standing>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Standing {
    pub(crate) target_id: i64,
    pub(crate) result: String,
    pub(crate) absent: Vec<String>,
}

pub(crate) type Facts = BTreeSet<String>;

/// Facts by kind; a kind that is not there is not compared.
#[derive(Default, PartialEq, Debug)]
pub(crate) struct Outcome {
    pub(crate) kinds: Vec<(&'static str, Facts)>,
}

/// What lasts once all has come, whatever came first.
pub(crate) const LASTING: [&str; 4] = ["progress", "unified", "unknown", "waiting"];

impl Outcome {
    pub(crate) fn kind(&self, name: &str) -> Option<&Facts> {
        self.kinds.iter().find(|(kind, _)| *kind == name).map(|(_, facts)| facts)
    }

    /// How what was found differs from what is expected, one fact a line.
    pub(crate) fn differences(&self, found: &Self, only: Option<&[&str]>) -> String {
        let mut lines = String::new();
        for (kind, expected) in &self.kinds {
            if only.is_some_and(|only| !only.contains(kind)) {
                continue;
            }
            let none = Facts::new();
            let found = found.kind(kind).unwrap_or(&none);
            for missing in expected.difference(found) {
                lines += &format!("  {kind}: expected {missing}\n");
            }
            for surplus in found.difference(expected) {
                lines += &format!("  {kind}: found    {surplus}\n");
            }
        }
        lines
    }
}

pub(crate) fn progress_fact(
    user: i64,
    target: i64,
    period: Option<i64>,
    cycle: Option<u32>,
    achieved: &str,
    reached: bool,
) -> String {
    let place = match (period, cycle) {
        (_, Some(cycle)) => format!("cycle {cycle}"),
        (Some(period), None) => format!("period {period}"),
        (None, None) => "always".to_owned(),
    };
    format!("customer {user}, target {target}, {place}: {achieved}{}", if reached { ", reached" } else { "" })
}

pub(crate) fn unified_fact(user: i64, group: Option<i64>, period: Option<i64>, reached: bool) -> String {
    format!("customer {user}, group {group:?}, period {period:?}: {reached}")
}

pub(crate) fn unknown_fact(user: i64, target: i64, number: &str) -> String {
    format!("customer {user}, target {target}: {number}")
}

pub(crate) fn waiting_fact(user: i64, bill: &str) -> String {
    format!("customer {user}: {bill}")
}

impl Expected {
    pub(crate) fn facts(&self) -> Outcome {
        let mut kinds: Vec<(&'static str, Facts)> = Vec::new();
        let mut put = |name, facts: Option<Facts>| kinds.extend(facts.map(|facts| (name, facts)));
        put(
            "progress",
            self.progress.as_ref().map(|lines| {
                let fact = |one: &Progress| {
                    progress_fact(
                        one.user_id,
                        one.target_id,
                        one.period_id,
                        one.cycle,
                        &one.achieved,
                        one.reached,
                    )
                };
                lines.iter().map(fact).collect()
            }),
        );
        put(
            "unified",
            self.unified.as_ref().map(|lines| {
                let fact = |one: &Unified| {
                    unified_fact(one.user_id, one.target_group_id, one.period_id, one.reached)
                };
                lines.iter().map(fact).collect()
            }),
        );
        put(
            "unknown",
            self.unknown.as_ref().map(|listed| {
                listed.iter().map(|one| unknown_fact(one.user_id, one.target_id, &one.number)).collect()
            }),
        );
        put(
            "waiting",
            self.waiting
                .as_ref()
                .map(|listed| listed.iter().map(|one| waiting_fact(one.user_id, &one.bill)).collect()),
        );
        put(
            "refused",
            self.refused.as_ref().map(|listed| {
                listed.iter().map(|one| format!("batch {}, document {}", one.batch, one.document)).collect()
            }),
        );
        put(
            "repetitions",
            self.repetitions.as_ref().map(|listed| {
                let fact = |one: &Repetition| {
                    format!("batch {}, customer {}: {}", one.batch, one.user_id, one.number)
                };
                listed.iter().map(fact).collect()
            }),
        );
        put("told", self.told.as_ref().map(|listed| listed.iter().map(Told::fact).collect()));
        Outcome { kinds }
    }

    /// What is absent where the case says so, beside the fact that is told.
    pub(crate) fn absent(&self) -> Vec<(String, Vec<String>)> {
        let told = self.told.iter().flatten();
        told.filter_map(|one| one.absent.clone().map(|absent| (one.fact(), absent))).collect()
    }
}

impl Told {
    fn fact(&self) -> String {
        told_fact(self.batch, &told_words(&self.what, self.user_id, &self.bill, self.target_id))
    }
}

/// A told fact without its batch, as the adapter gives it.
pub(crate) fn told_words(what: &str, user: i64, bill: &str, target: Option<i64>) -> String {
    let target = target.map(|target| format!(", target {target}")).unwrap_or_default();
    format!("{what}: customer {user}, bill {bill}{target}")
}

pub(crate) fn told_fact(batch: usize, words: &str) -> String {
    format!("batch {batch}, {words}")
}
