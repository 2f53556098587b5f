//! The file of a ledger's state, as types: versions 1 and 2.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::each_once::{keys_once, texts_once};

/// The version that is written.
pub(super) const VERSION: u32 = 2;

/// What is read of any state before the rest of it.
#[derive(Deserialize)]
#[serde(expecting = "the state of progress, an object")]
pub(super) struct AnyState {
    pub(super) version: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "the state of progress, an object")]
pub(super) struct State {
    pub(super) version: u32,
    /// The zone whose days were counted.
    pub(super) zone: String,
    /// How the targets were counted that something is booked for.
    pub(super) targets: Vec<SavedTarget>,
    pub(super) accounts: Vec<SavedAccount>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) returns: Vec<SavedReturn>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "a target, an object")]
pub(super) struct SavedTarget {
    pub(super) id: i64,
    /// What it counts, and in which windows; `None`, as of its rule, where it was
    /// booked by a state of version 1 and has been in no payload since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) counts: Option<String>,
    /// Its rule, in canonical text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) rule: Option<String>,
    /// The event that it counts, empty where it names none; `None` in a state
    /// that was written before it was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) event: Option<String>,
    /// Its filters; `None` in a state that was written before they were named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) filters: Option<String>,
    /// The days of the periods that something is booked in.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "keys_once")]
    pub(super) periods: BTreeMap<i64, String>,
}

impl SavedTarget {
    /// One of which nothing is known.
    pub(super) fn unknown(id: i64) -> SavedTarget {
        let periods = BTreeMap::new();
        SavedTarget { id, counts: None, rule: None, event: None, filters: None, periods }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an account, an object")]
pub(super) struct SavedAccount {
    pub(super) user_id: i64,
    pub(super) target_id: i64,
    /// When the customer was active first and last, where windows are not fixed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) first: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) latest: Option<i64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) books: Vec<SavedBook>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) bills: Vec<SavedBill>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) unknown: Vec<SavedUnknown>,
}

/// What of a book does not follow from its bills.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "a book, an object")]
pub(super) struct SavedBook {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) period_id: Option<i64>,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(super) cycle: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) ended: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) earlier: Option<SavedEarlier>,
}

#[derive(Serialize, Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "a period and cycle, an object")]
pub(super) struct SavedKey {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) period_id: Option<i64>,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(super) cycle: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "a bill, an object")]
pub(super) struct SavedBill {
    pub(super) number: String,
    /// Such as `2026-01-31`.
    pub(super) day: String,
    pub(super) adds: Box<RawValue>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) taken_back: Option<Box<RawValue>>,
    pub(super) books: Vec<SavedKey>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) items: Option<SavedItems>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "the items of a bill, an object")]
pub(super) struct SavedItems {
    pub(super) codes: Vec<Option<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) counted: Option<Vec<usize>>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an unknown bill, an object")]
pub(super) struct SavedUnknown {
    pub(super) number: String,
    pub(super) books: Vec<SavedKey>,
}

/// What a state of version 1 held, or what is left of it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "sums of version 1, an object")]
pub(super) struct SavedEarlier {
    pub(super) total: Box<RawValue>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "keys_once")]
    pub(super) days: BTreeMap<String, Box<RawValue>>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty", deserialize_with = "texts_once")]
    pub(super) counted: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty", deserialize_with = "texts_once")]
    pub(super) counted_returns: BTreeSet<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "a return, an object")]
pub(super) struct SavedReturn {
    pub(super) user_id: i64,
    pub(super) bill: String,
    /// Its own number; else it is known by its figures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) number: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) figures: Option<Box<RawValue>>,
    /// In epoch milliseconds.
    pub(super) date: i64,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) waits: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) missed: Vec<i64>,
    pub(super) versions: Vec<SavedVersion>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "what a return says, an object")]
pub(super) struct SavedVersion {
    pub(super) return_bill: Box<RawValue>,
    /// By target.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "keys_once")]
    pub(super) holds: BTreeMap<i64, Vec<usize>>,
    /// By target.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "keys_once")]
    pub(super) open: BTreeMap<i64, SavedOpen>,
}

/// Returned items of which it is unknown whether a rule holds for them.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "items that are open, an object")]
pub(super) struct SavedOpen {
    pub(super) items: Vec<usize>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) absent: Vec<String>,
}

/// A state of version 1, which kept sums without their parts.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "the state of progress, an object")]
pub(super) struct FirstState {
    #[expect(dead_code, reason = "it was read before")]
    version: u32,
    pub(super) accounts: Vec<FirstAccount>,
    #[serde(default)]
    pub(super) tracks: Vec<FirstTrack>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an account, an object")]
pub(super) struct FirstAccount {
    pub(super) user_id: i64,
    pub(super) target_id: i64,
    #[serde(default)]
    pub(super) period_id: Option<i64>,
    #[serde(default)]
    pub(super) cycle: i64,
    pub(super) total: Box<RawValue>,
    /// By local day, such as `2026-01-31`.
    #[serde(default, deserialize_with = "keys_once")]
    pub(super) days: BTreeMap<String, Box<RawValue>>,
    #[serde(default, deserialize_with = "texts_once")]
    pub(super) counted: BTreeSet<String>,
    #[serde(default, deserialize_with = "texts_once")]
    pub(super) counted_returns: BTreeSet<String>,
    #[serde(default, deserialize_with = "texts_once")]
    pub(super) unknown: BTreeSet<String>,
    #[serde(default)]
    #[expect(dead_code, reason = "a return is not unknown any more: it waits, or takes back")]
    unknown_returns: BTreeSet<String>,
    #[serde(default)]
    pub(super) ended: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "a track, an object")]
pub(super) struct FirstTrack {
    pub(super) user_id: i64,
    pub(super) target_id: i64,
    pub(super) first: Option<i64>,
    pub(super) latest: Option<i64>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(cycle: &i64) -> bool {
    *cycle == 0
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use serde::de::DeserializeOwned;

    const GUIDE: &str = include_str!("../../../../docs/documents.md");

    /// The keys of the table below a heading of the guide.
    fn told(title: &str) -> Vec<&'static str> {
        let (_, section) = GUIDE.split_once(&format!("\n#### {title}\n")).unwrap();
        let rows = section.split("\n#").next().into_iter().flat_map(str::lines);
        rows.filter_map(|row| row.strip_prefix("| `")?.split('`').next()).collect()
    }

    /// What is said of a key that nobody knows lists those that are known.
    fn known<T: DeserializeOwned>() -> Vec<String> {
        let refused = serde_json::from_str::<T>(r#"{"?": 0}"#).err().unwrap().to_string();
        let (_, known) = refused.split_once("expected ").unwrap();
        known.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    }

    #[test]
    fn the_guide_names_every_key() {
        for (title, known) in [
            ("The state file", known::<State>()),
            ("A target of the state", known::<SavedTarget>()),
            ("An account", known::<SavedAccount>()),
            ("A book", known::<SavedBook>()),
            ("A bill that was counted", known::<SavedBill>()),
            ("Items of a bill", known::<SavedItems>()),
            ("A bill that is unknown", known::<SavedUnknown>()),
            ("Sums of version 1", known::<SavedEarlier>()),
            ("A return of the state", known::<SavedReturn>()),
            ("What a return says", known::<SavedVersion>()),
            ("Items that are open", known::<SavedOpen>()),
        ] {
            assert_eq!(told(title), known, "{title}");
        }
    }
}
