//! What is booked in one period, or in one cycle: a sum, or a figure a day.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use target_rules::value::Total;

use crate::model::WindowType;

/// How the figures of bills become one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Summing {
    /// All of them are added.
    All,
    /// Each local day with a bill is one.
    Days,
    /// Of each local day the lowest or highest is added.
    Extreme(WindowType),
}

/// The period and cycle of a book. Of a target with cycles the period is the
/// one that the enrolment names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct BookKey {
    /// `None` where there are no periods.
    pub(super) period: Option<i64>,
    /// From 1; 0 where windows are fixed.
    pub(super) cycle: i64,
}

/// What is booked; the same in whatever order it was.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Book {
    /// What is achieved.
    ///
    /// INVARIANT: it follows from the bills of the account and from `earlier`.
    total: Total,
    /// Where days count: what the bills of each still add. Of visits the days
    /// alone.
    days: BTreeMap<i64, BTreeSet<(Total, Arc<str>)>>,
    /// How many bills were counted.
    pub(super) counted: u64,
    /// When the value was reached, which ends a cycle, in epoch milliseconds.
    pub(super) ended: Option<i64>,
    /// What a state of version 1 held.
    earlier: Option<Box<Earlier>>,
}

/// What was booked before the figures of bills were kept: sums without their
/// parts. Nothing can be taken back from it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Earlier {
    pub(super) total: Total,
    /// The figure of each local day, where days count.
    pub(super) days: BTreeMap<i64, Total>,
    /// The numbers of bills and of returns.
    pub(super) bills: BTreeSet<Arc<str>>,
    pub(super) returns: BTreeSet<Arc<str>>,
}

impl Book {
    /// A book that goes on from a state of version 1; `None` where its sum is
    /// too large.
    pub(super) fn from_earlier(earlier: Earlier) -> Option<Book> {
        let total = earlier.days.values().try_fold(earlier.total, |sum, day| sum.plus(*day)).ok()?;
        let counted = u64::try_from(earlier.bills.len()).ok()?;
        Some(Book { total, counted, earlier: Some(Box::new(earlier)), ..Book::default() })
    }

    pub(super) fn earlier(&self) -> Option<&Earlier> {
        self.earlier.as_deref()
    }

    /// Whether a bill of this number was counted before figures were kept.
    pub(super) fn counted_earlier(&self, number: &str) -> bool {
        self.earlier().is_some_and(|earlier| earlier.bills.contains(number))
    }

    /// What is achieved.
    pub(super) fn achieved(&self) -> Total {
        self.total
    }

    /// What would be achieved with one more bill; `None` where that is too
    /// large for a total.
    pub(super) fn with(&self, summing: Summing, day: i64, figure: Total) -> Option<Total> {
        match summing {
            Summing::All => self.total.plus(figure).ok(),
            Summing::Days if self.has_day(day) => Some(self.total),
            Summing::Days => self.total.plus(figure).ok(),
            Summing::Extreme(extreme) => {
                let before = self.of_day(extreme, day);
                let after = before.map_or(figure, |before| outermost(extreme, before, figure));
                moved(self.total, before, Some(after))
            }
        }
    }

    /// Adds a bill that fits.
    pub(super) fn add(&mut self, summing: Summing, day: i64, number: &Arc<str>, figure: Total) {
        // INVARIANT: who adds a bill has asked before whether it fits.
        self.total = self.with(summing, day, figure).unwrap_or(self.total);
        match summing {
            Summing::All => {}
            Summing::Days => drop(self.days.entry(day).or_default()),
            Summing::Extreme(_) => {
                self.days.entry(day).or_default().insert((figure, number.clone()));
            }
        }
        self.counted = self.counted.saturating_add(1);
    }

    /// Changes what a bill adds, which its returns have lowered.
    pub(super) fn lower(
        &mut self,
        summing: Summing,
        day: i64,
        number: &Arc<str>,
        before: Total,
        after: Total,
    ) {
        let total = match summing {
            // A visit stays one.
            Summing::Days => return,
            Summing::All => moved(self.total, Some(before), Some(after)),
            Summing::Extreme(extreme) => {
                let of_day = self.of_day(extreme, day);
                let bills = self.days.entry(day).or_default();
                bills.remove(&(before, number.clone()));
                if after > Total::ZERO {
                    bills.insert((after, number.clone()));
                }
                if bills.is_empty() {
                    self.days.remove(&day);
                }
                moved(self.total, of_day, self.of_day(extreme, day))
            }
        };
        // INVARIANT: what is lowered was added before, so the sum stays in bounds.
        self.total = total.unwrap_or(self.total);
    }

    fn has_day(&self, day: i64) -> bool {
        self.days.contains_key(&day) || self.earlier().is_some_and(|earlier| earlier.days.contains_key(&day))
    }

    /// The lowest or highest figure of a day; `None` where no bill of it adds
    /// anything.
    fn of_day(&self, extreme: WindowType, day: i64) -> Option<Total> {
        let bills = self.days.get(&day);
        let of_bills = match extreme {
            WindowType::Min => bills.and_then(BTreeSet::first),
            WindowType::Max => bills.and_then(BTreeSet::last),
        };
        let of_bills = of_bills.map(|(figure, _)| *figure);
        let earlier = self.earlier().and_then(|earlier| earlier.days.get(&day)).copied();
        match (of_bills, earlier) {
            (Some(one), Some(other)) => Some(outermost(extreme, one, other)),
            (one, other) => one.or(other),
        }
    }
}

fn outermost(extreme: WindowType, one: Total, other: Total) -> Total {
    match extreme {
        WindowType::Min => one.min(other),
        WindowType::Max => one.max(other),
    }
}

/// A sum in which one part has become another.
fn moved(sum: Total, before: Option<Total>, after: Option<Total>) -> Option<Total> {
    let rest = sum.minus(before.unwrap_or(Total::ZERO)).ok()?;
    rest.plus(after.unwrap_or(Total::ZERO)).ok()
}
