//! How these tests reach the ledger: the only file here that names its interface.

use std::collections::{BTreeMap, BTreeSet};

use loyalty_targets::store::{BookingRoom, CustomerRecord};
use loyalty_targets::{
    Activity, CheckedTarget, Enrolments, Ledger, NotCounted, Payload, Progress, Reason, UnifiedProgress,
};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use target_rules::{Instant, Limits, Schema, Zone};

use super::case::told_words;

/// A ledger under test. What a bill or a return came to is a fact in words of the
/// cases; a fact that the interface cannot tell yet is left out, and its cases fail.
pub(crate) struct Booked {
    ledger: Ledger,
    /// Where customers are kept each by herself, as a store keeps them, and the ledger
    /// reads documents only: enrolments and what is booked, by customer.
    rows: Option<BTreeMap<i64, (String, String)>>,
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
        ledger.map(|ledger| Self { ledger, rows: None }).map_err(|refused| refused.to_string())
    }

    /// The same with each customer kept by herself.
    pub(crate) fn in_rows(mut self) -> Self {
        let row = |one: CustomerRecord| (one.id(), (one.enrolments().to_text(), one.booked_text()));
        self.rows = Some(self.ledger.records().map(row).collect());
        self
    }

    /// Opens a customer, works with her, and keeps her.
    fn with_row<T>(&mut self, customer: i64, work: impl FnOnce(&mut CustomerRecord) -> T) -> T {
        let row = self.rows.as_mut().unwrap().entry(customer).or_default();
        let mut record = self.ledger.roster().open(customer, &row.0, &row.1).unwrap();
        let done = work(&mut record);
        *row = (record.enrolments().to_text(), record.booked_text());
        done
    }

    /// Books activities in the rows of their customers; a dry run, and a booking in a
    /// room, come to the same before.
    fn book_in_rows(&mut self, activities: &[Activity]) -> Vec<NotCounted> {
        let customers: BTreeSet<i64> = activities.iter().map(Activity::customer).collect();
        let roster = self.ledger.roster();
        let mut workspace = roster.workspace();
        let mut all = Vec::new();
        for customer in customers {
            all.extend(self.with_row(customer, |record| {
                let (mut dry, mut within) = (record.clone(), record.clone());
                let told = record.book(&mut workspace, activities);
                assert_eq!(dry.book(&mut workspace, activities), told, "a dry run tells something else");
                let mut room = BookingRoom::new(1 << 30, 1 << 30);
                let first = within.book_within(&mut workspace, activities, &mut room).unwrap();
                assert_eq!((first.first.as_slice(), first.left_out), (told.as_slice(), 0));
                for other in [dry, within] {
                    assert_eq!(other.booked_text(), record.booked_text());
                    assert!(other.progress().eq(record.progress()), "a dry run comes to something else");
                }
                told
            }));
        }
        all
    }

    fn records(&self) -> Option<Vec<CustomerRecord>> {
        let (rows, roster) = (self.rows.as_ref()?, self.ledger.roster());
        let open = |(id, row): (&i64, &(String, String))| roster.open(*id, &row.0, &row.1).unwrap();
        Some(rows.iter().map(open).collect())
    }

    fn read(&self, document: &str) -> Result<Activity, String> {
        self.ledger.read(document, &Limits::default()).map_err(|refused| refused.to_string())
    }

    pub(crate) fn book(&mut self, documents: &[&str]) -> Batch {
        let mut batch = Batch::default();
        let mut activities = Vec::new();
        for (at, document) in documents.iter().enumerate() {
            match self.read(document) {
                Ok(activity) => activities.push(activity),
                Err(refused) => batch.refused.push((at, refused)),
            }
        }
        let not_counted = match self.rows {
            Some(_) => self.book_in_rows(&activities),
            None => {
                let weighed: Vec<_> = activities.iter().filter_map(|one| self.ledger.weigh(one)).collect();
                self.ledger.book(weighed)
            }
        };
        for one in not_counted {
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
        // Before everything: of a withdrawal without a date nothing later counts.
        let always: Instant = "0001-01-01T00:00:00Z".parse().unwrap();
        match self.rows {
            Some(_) => self.with_row(customer, |record| record.withdraw(target, None, always).is_ok()),
            None => self.ledger.withdraw(customer, target),
        }
    }

    pub(crate) fn lines(&self) -> Vec<Line> {
        let (lines, unified): (Vec<Progress>, Vec<UnifiedProgress>) = match self.records() {
            Some(all) => (
                all.iter().flat_map(|one| one.progress().collect::<Vec<_>>()).collect(),
                all.iter().flat_map(CustomerRecord::unified_progress).collect(),
            ),
            None => (self.ledger.progress().collect(), self.ledger.unified_progress().collect()),
        };
        let lines = lines.iter().map(|line| serde_json::to_string(line).unwrap());
        let unified = unified.iter().map(|line| serde_json::to_string(line).unwrap());
        lines.chain(unified).map(|line| serde_json::from_str(&line).unwrap()).collect()
    }

    /// Customer and bill of the returns that wait for their bill.
    pub(crate) fn waiting(&self) -> BTreeSet<(i64, String)> {
        match self.records() {
            Some(all) => {
                let of = |one: &CustomerRecord| {
                    let waiting = one.waiting_returns().map(|bill| (one.id(), bill.to_owned()));
                    waiting.collect::<Vec<_>>()
                };
                all.iter().flat_map(of).collect()
            }
            None => {
                let waiting = self.ledger.waiting_returns();
                waiting.map(|(customer, bill)| (customer, bill.to_owned())).collect()
            }
        }
    }

    /// Target, result and absent leaves of a document.
    pub(crate) fn eligibility(&self, document: &str) -> Vec<(i64, String, Vec<String>)> {
        let activity = self.read(document).unwrap();
        let standings = match &self.rows {
            Some(rows) => {
                let row = rows.get(&activity.customer()).cloned().unwrap_or_default();
                let record = self.ledger.roster().open(activity.customer(), &row.0, &row.1).unwrap();
                let ids = self.ledger.roster();
                ids.targets().iter().filter_map(|target| record.standing(target.id(), &activity)).collect()
            }
            None => self.ledger.standings(&activity),
        };
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
