//! The state of a ledger as a file: written after one batch, read before the
//! next.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use target_rules::diagnostic::{Code, Diagnostic, Diagnostics, Form, Input, Source, Span};
use target_rules::json::{Located, Reader};
use target_rules::value::{DateText, Total};
use target_rules::{Instant, Limits, Zone};

use crate::eligibility::{DAY, day_of};
use crate::json::text_within;

use super::account::{Account, AccountKey};
use super::activity::ActivityNumber;
use super::booking::Ledger;
use super::cycles::Track;

/// The version of the file's format.
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "the state of progress, an object")]
struct State {
    version: u32,
    accounts: Vec<SavedAccount>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tracks: Vec<SavedTrack>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an account, an object")]
struct SavedAccount {
    user_id: i64,
    target_id: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    period_id: Option<i64>,
    #[serde(default, skip_serializing_if = "is_zero")]
    cycle: i64,
    total: Box<RawValue>,
    /// By local day, such as `2026-01-31`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    days: BTreeMap<String, Box<RawValue>>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    counted: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    counted_returns: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    unknown: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    unknown_returns: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ended: Option<i64>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "a track, an object")]
struct SavedTrack {
    user_id: i64,
    target_id: i64,
    first: Option<i64>,
    latest: Option<i64>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(cycle: &i64) -> bool {
    *cycle == 0
}

impl Ledger {
    /// Writes everything that is booked, also of customers who no longer take
    /// part. [`Ledger::resume`] reads it back.
    pub fn state(&self) -> String {
        let accounts = self.accounts.iter().map(|(key, account)| saved(key, account)).collect();
        let tracks = self.tracks.iter().map(|((user_id, target_id), track)| SavedTrack {
            user_id: *user_id,
            target_id: *target_id,
            first: track.first,
            latest: track.latest,
        });
        let state = State { version: VERSION, accounts, tracks: tracks.collect() };
        // INVARIANT: everything in a state is written as JSON.
        serde_json::to_string(&state).unwrap_or_default()
    }

    /// Reads what [`Ledger::state`] has written, from text or bytes, in place of
    /// all that is booked.
    ///
    /// Fails where this is no such state; then nothing is changed.
    pub fn resume(&mut self, state: &(impl Input + ?Sized), limits: &Limits) -> Result<(), Diagnostics> {
        let text = text_within(state, "the payload has", limits)?;
        let fault = |message: String| {
            let fault = Diagnostic::new(Code::PayloadShape, Span::new(0, 1), message);
            Diagnostics::gather(&Source::new(Form::Payload, text), vec![fault], limits.errors)
        };
        let state: State = serde_json::from_str(text).map_err(|error| {
            let syntax = if error.is_data() { None } else { json_fault(text) };
            match syntax {
                Some(syntax) => {
                    Diagnostics::gather(&Source::new(Form::Payload, text), vec![syntax], limits.errors)
                }
                // The names of fields that nobody writes by hand help nobody.
                None => fault("this file is not a state that progress writes".to_owned()),
            }
        })?;
        if state.version != VERSION {
            return Err(fault(format!(
                "this state is of version {}; version {VERSION} can be read",
                state.version
            )));
        }
        let mut accounts = BTreeMap::new();
        for saved in state.accounts {
            let (key, account) = restored(saved).map_err(&fault)?;
            if accounts.insert(key.clone(), account).is_some() {
                return Err(fault(format!(
                    "this state has two accounts of customer {} in target {}",
                    key.user, key.target
                )));
            }
        }
        self.accounts = accounts;
        self.tracks = state
            .tracks
            .into_iter()
            .map(|track| {
                ((track.user_id, track.target_id), Track { first: track.first, latest: track.latest })
            })
            .collect();
        Ok(())
    }
}

/// Why a text is no JSON, in the words of all other documents.
fn json_fault(text: &str) -> Option<Diagnostic> {
    let mut json = Reader::new(text);
    Located::read(&mut json).and_then(|_| json.finish()).err()
}

fn saved(key: &AccountKey, account: &Account) -> SavedAccount {
    let numbers = |of: &BTreeSet<ActivityNumber>, returned: bool| {
        of.iter().filter(|number| number.returned == returned).map(|number| number.text.to_string()).collect()
    };
    SavedAccount {
        user_id: key.user,
        target_id: key.target,
        period_id: key.period,
        cycle: key.cycle,
        total: digits(account.total),
        days: account.days.iter().map(|(day, total)| (date_of(*day), digits(*total))).collect(),
        counted: numbers(&account.counted, false),
        counted_returns: numbers(&account.counted, true),
        unknown: numbers(&account.unknown, false),
        unknown_returns: numbers(&account.unknown, true),
        ended: account.ended,
    }
}

fn restored(saved: SavedAccount) -> Result<(AccountKey, Account), String> {
    let total = |raw: &RawValue| {
        let read = raw.get().parse::<Total>().ok().filter(|total| total.to_string() == raw.get());
        read.ok_or_else(|| format!("`{}` is no number that progress writes", raw.get()))
    };
    let mut days = BTreeMap::new();
    for (day, raw) in &saved.days {
        let number = day_of(DateText::parse(day), &Zone::UTC).filter(|number| date_of(*number) == *day);
        let number = number.ok_or_else(|| format!("`{day}` is no day that progress writes"))?;
        days.insert(number, total(raw)?);
    }
    let numbers = |bills: BTreeSet<String>, returns: BTreeSet<String>| {
        let of = |returned: bool| move |text: String| ActivityNumber { returned, text: text.into() };
        bills.into_iter().map(of(false)).chain(returns.into_iter().map(of(true))).collect()
    };
    let key = AccountKey {
        user: saved.user_id,
        target: saved.target_id,
        period: saved.period_id,
        cycle: saved.cycle,
    };
    let account = Account {
        total: total(&saved.total)?,
        days,
        counted: numbers(saved.counted, saved.counted_returns),
        unknown: numbers(saved.unknown, saved.unknown_returns),
        ended: saved.ended,
    };
    Ok((key, account))
}

fn digits(total: Total) -> Box<RawValue> {
    // INVARIANT: a total prints as a JSON number.
    RawValue::from_string(total.to_string()).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

/// A local day as people write it.
fn date_of(day: i64) -> String {
    let instant = day.checked_mul(DAY).and_then(|at| Instant::from_milliseconds(at).ok());
    instant.map_or_else(String::new, |instant| {
        let (year, month, day) = Zone::UTC.local(instant).date();
        format!("{year:04}-{month:02}-{day:02}")
    })
}
