//! Windows that are not fixed: which cycle an activity belongs to.

use crate::eligibility::{CheckedTarget, DAY};

use super::standing::Reason;

/// When a customer was active in a target.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Track {
    /// The first activity, in epoch milliseconds.
    pub(super) first: Option<i64>,
    /// The latest one.
    pub(super) latest: Option<i64>,
}

/// The period that is reported for a cycle: of the third cycle the third that
/// the group lists, or else the one of the enrolment.
pub(super) fn period_of_cycle(target: &CheckedTarget, enrolled: Option<i64>, cycle: i64) -> Option<i64> {
    let group = target.group().filter(|group| group.complete);
    let at = cycle.checked_sub(1).and_then(|before| usize::try_from(before).ok());
    let listed = group.and_then(|group| group.periods.get(at?));
    listed.map(|period| period.id).or(enrolled)
}

/// The cycle, from 1, that contains a date. Cycles follow each other from the
/// first activity on.
pub(super) fn cyclic(
    track: Track,
    date: i64,
    length: i64,
    cycles: i64,
    offset_days: i64,
) -> Result<i64, Reason> {
    let first = track.first.unwrap_or(date);
    if date < first {
        return Err(Reason::BeforeFirstCycle);
    }
    // `None` of what is further away than can be counted.
    let cycle_at = |date: i64| date.checked_sub(first)?.checked_div_euclid(length)?.checked_add(1);
    let Some(cycle) = cycle_at(date).filter(|cycle| *cycle <= cycles) else {
        return Err(Reason::AfterLastCycle);
    };
    let latest = track.latest.unwrap_or(date).max(date);
    let current = cycle_at(latest).unwrap_or(i64::MAX);
    let late = cycle < current;
    let next_is_over = late && current.abs_diff(cycle) > 1;
    // INVARIANT: a cycle that is over has ended before the latest activity.
    let end = cycle.checked_mul(length).and_then(|length| first.checked_add(length)).unwrap_or(i64::MAX);
    if next_is_over || (late && !within_offset(latest, end, offset_days)) {
        return Err(Reason::TooLate { cycle: Some(cycle) });
    }
    Ok(cycle)
}

/// The cycle, from 1, that an activity belongs to where a cycle runs until its
/// value is reached. `ended` says when a cycle did.
pub(super) fn agnostic(
    track: Track,
    date: i64,
    cycles: i64,
    offset_days: i64,
    ended: impl Fn(i64) -> Option<i64>,
) -> Result<i64, Reason> {
    let (mut cycle, mut before) = (1_i64, 0_i64);
    // When the cycle began, and the one before it.
    let (mut start, mut start_before) = (None, None);
    for next in 2_i64.. {
        let Some(end) = ended(cycle) else { break };
        start_before = start.replace(end);
        (before, cycle) = (cycle, next);
    }
    match start {
        Some(start) if date < start => {
            if start_before.is_some_and(|start| date < start) {
                return Err(Reason::TooLate { cycle: None });
            }
            let latest = track.latest.unwrap_or(date).max(date);
            if within_offset(latest, start, offset_days) {
                Ok(before)
            } else {
                Err(Reason::TooLate { cycle: Some(before) })
            }
        }
        _ if cycle > cycles => Err(Reason::AfterLastCycle),
        _ => Ok(cycle),
    }
}

/// Whether a late bill still counts in a cycle. A bill does not say when it
/// arrived, so the latest known activity stands for the present.
fn within_offset(latest: i64, end: i64, offset_days: i64) -> bool {
    let until = offset_days.checked_mul(DAY).and_then(|offset| end.checked_add(offset));
    // An offset beyond all time never ends.
    until.is_none_or(|until| latest < until)
}
