//! How these tests reach the ledger: the only file here that names its interface.

use std::collections::BTreeSet;

use loyalty_targets::{Activity, CheckedTarget, Enrolments, Ledger, Payload, Reason};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use target_rules::{Limits, Schema, Zone};

use crate::case::told_words;

/// A ledger under test. What a bill or a return came to is a fact in words of the
/// cases; a fact that the interface cannot tell yet is left out, and its cases fail.
pub(crate) struct Booked {
    ledger: Ledger,
}

/// What one batch came to.
#[derive(Default)]
pub(crate) struct Batch {
    /// The positions of documents that were refused, and what was said.
    pub(crate) refused: Vec<(usize, String)>,
    /// Customer and number of what was counted before.
    pub(crate) repetitions: BTreeSet<(i64, String)>,
    /// What was told of returns: `WHAT customer bill [target]`, and what was absent.
    pub(crate) told: BTreeSet<(String, Vec<String>)>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Line {
    pub(crate) user_id: i64,
    pub(crate) target_id: Option<i64>,
    pub(crate) target_group_id: Option<i64>,
    pub(crate) period_id: Option<i64>,
    pub(crate) cycle: Option<u32>,
    pub(crate) achieved: Option<Box<RawValue>>,
    pub(crate) reached: Option<bool>,
    #[serde(default)]
    pub(crate) unknown: Vec<String>,
}

impl Booked {
    pub(crate) fn new(data: &str, enrolments: &str, zone: &str) -> Result<Self, String> {
        let limits = Limits::default();
        let payload = format!(r#"{{"data": {data}}}"#);
        let payload = Payload::read(&payload, &limits).map_err(|refused| format!("{refused:?}"))?;
        let checked: Result<Vec<CheckedTarget>, String> = payload
            .targets()
            .map(|target| target.check(&Schema::standard(), &limits))
            .map(|report| report.target.ok_or_else(|| format!("{:?}", report.diagnostics)))
            .collect();
        let targets = checked?;
        let enrolments =
            Enrolments::read(enrolments, &targets, &limits).map_err(|refused| format!("{refused:?}"))?;
        let ledger = Ledger::new(targets, enrolments, Zone::named(zone).unwrap());
        ledger.map(|ledger| Self { ledger }).map_err(|refused| refused.to_string())
    }

    fn read(&self, document: &str) -> Result<Activity, String> {
        self.ledger.read(document, &Limits::default()).map_err(|refused| refused.to_string())
    }

    pub(crate) fn book(&mut self, documents: &[&str]) -> Batch {
        let mut batch = Batch::default();
        let mut weighed = Vec::new();
        for (at, document) in documents.iter().enumerate() {
            match self.read(document) {
                Ok(activity) => weighed.extend(self.ledger.weigh(&activity)),
                Err(refused) => batch.refused.push((at, refused)),
            }
        }
        for one in self.ledger.book(weighed) {
            let user = one.user_id;
            let mut tell = |what: &str, bill: &str, absent: &[String]| {
                batch.told.insert((told_words(what, user, bill, one.target_id), absent.to_vec()))
            };
            match &one.reason {
                Some(Reason::CountedBefore) => drop(batch.repetitions.insert((user, one.number))),
                Some(Reason::ReturnWaits { bill }) => drop(tell("waits", bill, &[])),
                Some(Reason::ReturnLacks { bill, absent }) => drop(tell("lacks", bill, absent)),
                Some(Reason::ReturnBelowZero { bill }) => drop(tell("below-zero", bill, &[])),
                Some(Reason::FiguresOfReturn { bill }) => drop(tell("not-added", bill, &[])),
                _ => {}
            }
        }
        batch
    }

    /// The same ledger, written to a file and read again.
    pub(crate) fn resume(&mut self) {
        let state = self.ledger.state();
        let mut fresh = self.ledger.clone();
        fresh.resume(r#"{"version": 1, "accounts": []}"#, &Limits::default()).unwrap();
        fresh.resume(&state, &Limits::default()).unwrap();
        self.ledger = fresh;
    }

    /// Ends that a customer takes part in a target; false where there is no way to say so.
    pub(crate) fn withdraw(&mut self, customer: i64, target: i64) -> bool {
        self.ledger.withdraw(customer, target)
    }

    pub(crate) fn lines(&self) -> Vec<Line> {
        let lines = self.ledger.progress().map(|line| serde_json::to_string(&line).unwrap());
        let unified = self.ledger.unified_progress().map(|line| serde_json::to_string(&line).unwrap());
        lines.chain(unified).map(|line| serde_json::from_str(&line).unwrap()).collect()
    }

    /// Customer and bill of the returns that wait for their bill.
    pub(crate) fn waiting(&self) -> BTreeSet<(i64, String)> {
        self.ledger.waiting_returns().map(|(customer, bill)| (customer, bill.to_owned())).collect()
    }

    /// Target, result and absent leaves of a document.
    pub(crate) fn eligibility(&self, document: &str) -> Vec<(i64, String, Vec<String>)> {
        let activity = self.read(document).unwrap();
        let standings = self.ledger.standings(&activity);
        let standings = standings.iter().map(|standing| serde_json::to_value(standing).unwrap());
        standings
            .map(|standing| {
                let text = |value: &Value| value.as_str().unwrap().to_owned();
                let absent = standing["absent"].as_array().unwrap().iter().map(text).collect();
                (standing["targetId"].as_i64().unwrap(), text(&standing["result"]), absent)
            })
            .collect()
    }
}
