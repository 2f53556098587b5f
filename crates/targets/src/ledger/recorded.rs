//! What one customer is enrolled in, as a store keeps it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use target_rules::diagnostic::visible;
use target_rules::{Instant, Number};

use crate::model::{EnrolmentMethod, Word};

use super::each_once::keys_once;

/// The version that is written.
const VERSION: u32 = 1;

/// Why what a store keeps of a customer cannot be read: something has happened
/// to it, or a newer version has written it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordFault {
    what: String,
}

impl RecordFault {
    /// What is quoted of the text may act on a terminal, and logs are looked at there.
    pub(super) fn new(what: String) -> RecordFault {
        RecordFault { what: visible(&what) }
    }
}

impl std::fmt::Display for RecordFault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.what)
    }
}

impl std::error::Error for RecordFault {}

/// That a customer takes part in a target, as it is kept of her.
///
/// ```
/// use loyalty_targets::store::RecordedEnrolments;
/// let text = r#"{"version":1,"enrolments":[
///     {"targetId":50,"periodId":7,"value":"5000","method":"IMPORT"}]}"#;
/// let enrolments = RecordedEnrolments::read(text)?;
/// let one = &enrolments.all()[0];
/// assert_eq!((one.target_id, one.period_id), (50, Some(7)));
/// assert_eq!(one.method.text(), "IMPORT");
/// # Ok::<(), loyalty_targets::store::RecordFault>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an enrolment, an object")]
#[non_exhaustive]
pub struct RecordedEnrolment {
    /// The target.
    pub target_id: i64,
    /// The period; without one, every period of the target's group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period_id: Option<i64>,
    /// What is to be reached; without it, what the target says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Number>,
    /// How the customer came to it: `TRANSACTION` where a bill has enrolled her.
    pub method: Word<EnrolmentMethod>,
    /// From when activities count, in epoch milliseconds; without it, all of
    /// them do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enrolled_on: Option<i64>,
    /// From when activities don't count any more, in epoch milliseconds; what
    /// counted before stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn_on: Option<i64>,
}

impl RecordedEnrolment {
    /// Whether the customer has not withdrawn yet at an instant. One that is
    /// enrolled from a later date on takes part, too: she need not enrol again.
    pub fn holds_at(&self, instant: Instant) -> bool {
        self.withdrawn_on.is_none_or(|from| instant.milliseconds() < from)
    }

    /// Whether a bill has enrolled her, and nobody else.
    pub fn is_by_bill(&self) -> bool {
        self.method.known() == Some(EnrolmentMethod::Transaction)
    }
}

/// All that one customer is enrolled in. To read five enrolments takes 15 000
/// instructions: nothing of what is booked is looked at.
///
/// ```
/// use loyalty_targets::store::RecordedEnrolments;
/// let none = RecordedEnrolments::default();
/// assert!(none.all().is_empty());
/// assert_eq!(RecordedEnrolments::read(&none.to_text())?, none);
/// // A customer of whom a store keeps nothing.
/// assert_eq!(RecordedEnrolments::read("")?, none);
/// # Ok::<(), loyalty_targets::store::RecordFault>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RecordedEnrolments {
    /// INVARIANT: sorted by target and period, each once.
    pub(super) all: Vec<RecordedEnrolment>,
    /// By target: from when she takes part in no period of it, and bills enrol her
    /// no more.
    pub(super) withdrawn: BTreeMap<i64, i64>,
}

/// What is written, of enrolments that stay where they are.
#[derive(Serialize)]
struct Written<'r> {
    version: u32,
    #[serde(skip_serializing_if = "<[RecordedEnrolment]>::is_empty")]
    enrolments: &'r [RecordedEnrolment],
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    withdrawn: &'r BTreeMap<i64, i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "enrolments, an object")]
struct Stored {
    version: u32,
    #[serde(default)]
    enrolments: Vec<RecordedEnrolment>,
    #[serde(default, deserialize_with = "keys_once")]
    withdrawn: BTreeMap<i64, i64>,
}

/// What there is one of.
fn key(one: &RecordedEnrolment) -> (i64, Option<i64>) {
    (one.target_id, one.period_id)
}

impl RecordedEnrolments {
    /// Reads what a store has kept; nothing at all where the text is empty.
    ///
    /// Fails where it is nothing that was written here.
    pub fn read(text: &str) -> Result<RecordedEnrolments, RecordFault> {
        if text.is_empty() {
            return Ok(RecordedEnrolments::default());
        }
        let stored: Stored =
            serde_json::from_str(text).map_err(|error| RecordFault::new(error.to_string()))?;
        if stored.version != VERSION {
            let what = format!("enrolments of version {}; version {VERSION} can be read", stored.version);
            return Err(RecordFault::new(what));
        }
        if !stored.enrolments.is_sorted_by(|one, next| key(one) < key(next)) {
            return Err(RecordFault::new("an enrolment stands twice, or not in its order".to_owned()));
        }
        Ok(RecordedEnrolments { all: stored.enrolments, withdrawn: stored.withdrawn })
    }

    /// What a store keeps: JSON; empty where there is nothing.
    pub fn to_text(&self) -> String {
        if self.all.is_empty() && self.withdrawn.is_empty() {
            return String::new();
        }
        let written = Written { version: VERSION, enrolments: &self.all, withdrawn: &self.withdrawn };
        // INVARIANT: everything in it is written as JSON.
        serde_json::to_string(&written).unwrap_or_default()
    }

    /// Each target and period, in order; those that she has withdrawn from too.
    pub fn all(&self) -> &[RecordedEnrolment] {
        &self.all
    }

    /// The targets, in order, each once; also those that she has withdrawn from.
    pub fn targets(&self) -> Vec<i64> {
        let mut ids: Vec<i64> = self.all.iter().map(|one| one.target_id).collect();
        ids.dedup();
        ids
    }

    pub(super) fn of_target(&self, target: i64) -> impl Iterator<Item = &RecordedEnrolment> {
        let start = self.all.partition_point(|one| one.target_id < target);
        let from = self.all.get(start..).unwrap_or_default();
        from.iter().take_while(move |one| one.target_id == target)
    }

    /// The one of this target for this period, or for none.
    pub(super) fn get(&self, target: i64, period: Option<i64>) -> Option<&RecordedEnrolment> {
        self.all.get(self.all.binary_search_by_key(&(target, period), key).ok()?)
    }

    /// Whether there is one of this target for this period, or for none.
    pub(super) fn has(&self, target: i64, period: Option<i64>) -> bool {
        self.get(target, period).is_some()
    }

    /// Whether somebody has enrolled her in a period by its id, or she has withdrawn
    /// from it: that holds for this period and no other. What a bill has enrolled her
    /// in follows her bills, and who has withdrawn from all periods has from any.
    pub(super) fn states(&self, target: i64, period: i64) -> bool {
        let whole = self.withdrawn.contains_key(&target);
        let stated = |one: &RecordedEnrolment| match one.is_by_bill() {
            true => one.withdrawn_on.is_some() && !whole,
            false => true,
        };
        self.get(target, Some(period)).is_some_and(stated)
    }

    /// Adds enrolments for targets and periods that there are none of; of several
    /// for the same the first.
    pub(super) fn add(&mut self, new: Vec<RecordedEnrolment>) {
        // One by one each would move all that come after it.
        self.all.extend(new);
        self.all.sort_by_key(key);
        self.all.dedup_by_key(|one| key(one));
    }

    /// Takes out the enrolments of a target for these periods, which are in order.
    pub(super) fn remove(&mut self, target: i64, periods: &[Option<i64>]) {
        let removed = |one: &RecordedEnrolment| periods.binary_search(&one.period_id).is_ok();
        self.all.retain(|one| one.target_id != target || !removed(one));
    }

    /// Puts an enrolment in the place of one for the same target and period.
    pub(super) fn put(&mut self, enrolment: RecordedEnrolment) {
        match self.all.binary_search_by_key(&key(&enrolment), key) {
            Ok(at) => {
                if let Some(place) = self.all.get_mut(at) {
                    *place = enrolment;
                }
            }
            Err(at) => self.all.insert(at, enrolment),
        }
    }
}
