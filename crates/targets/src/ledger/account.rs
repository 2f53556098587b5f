//! What is booked for one customer in one period of one target.

use std::collections::{BTreeMap, BTreeSet};

use target_rules::Number;
use target_rules::value::{NumberFault, Total};

use crate::eligibility::{CheckedTarget, Measure};
use crate::model::WindowType;

use super::activity::ActivityNumber;

/// The account of a customer in a period of a target.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct AccountKey {
    pub(super) user: i64,
    /// The target's id.
    pub(super) target: i64,
    /// `None` where there are no periods.
    pub(super) period: Option<i64>,
    /// From 1; 0 where windows are fixed.
    pub(super) cycle: i64,
}

/// What was booked; the same in whatever order it was.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Account {
    /// The sum of all figures but those in `days`.
    pub(super) total: Total,
    /// The figure of each local day, where a day counts once or only its lowest
    /// or highest figure does.
    pub(super) days: BTreeMap<i64, Total>,
    /// The activities that were counted.
    pub(super) counted: BTreeSet<ActivityNumber>,
    /// Those for which it is unknown whether they count, or how much they add.
    pub(super) unknown: BTreeSet<ActivityNumber>,
    /// When the value was reached, which ends a cycle, in epoch milliseconds.
    pub(super) ended: Option<i64>,
}

impl Account {
    /// Books what an activity adds on a local day.
    ///
    /// A return is subtracted from the sum. Were it a figure of its day, it
    /// would always be the lowest.
    pub(super) fn book(
        &mut self,
        target: &CheckedTarget,
        number: ActivityNumber,
        day: i64,
        added: Total,
    ) -> Result<(), NumberFault> {
        let counting = target.counting();
        let days_alone = counting.measure == Ok(Measure::Days);
        if number.returned {
            self.total = self.total.plus(added)?;
        } else if days_alone {
            self.days.insert(day, added);
        } else if let Some(extreme) = counting.extreme {
            let held = self.days.entry(day).or_insert(added);
            *held = match extreme {
                WindowType::Min => added.min(*held),
                WindowType::Max => added.max(*held),
            };
        } else {
            self.total = self.total.plus(added)?;
        }
        self.unknown.remove(&number);
        self.counted.insert(number);
        Ok(())
    }

    /// What is achieved; `None` where it is too large for a total.
    pub(super) fn achieved(&self) -> Option<Total> {
        self.days.values().try_fold(self.total, |sum, day| sum.plus(*day)).ok()
    }

    /// Whether the value is reached.
    pub(super) fn reaches(&self, value: Number) -> bool {
        self.achieved().is_some_and(|achieved| achieved >= value.into())
    }
}
