//! Later dates at which a rule may have another answer.

use target_rules::value::LocalTime;
use target_rules::{Instant, Zone};

use super::levers::Dates;

/// Days that are tried where every week is like the other.
const WEEK: i64 = 7;
/// Days that are tried where it is not so: every day of a year.
const YEAR: i64 = 366;

/// Dates after one, ascending: on each of the next days at the same time of the
/// day and at the times that the rule asks for, and the constants that it
/// compares with. An earlier date is nothing that a customer brings about.
pub(super) fn later(asked: &Dates, from: Instant, zone: &Zone) -> Vec<Instant> {
    let local = zone.local(from);
    let days = if asked.rare { YEAR } else { WEEK };
    let mut found = Vec::new();
    for day in 0..=days {
        let Some(midnight) = day_after(local, day) else { continue };
        let same = midnight.at(local.hour(), local.minute(), local.second());
        let starts =
            asked.minutes.iter().map(|minute| midnight.at(minute.div_euclid(60), minute.rem_euclid(60), 0));
        found.extend(starts.chain([same]).flatten().filter_map(|local| zone.instant(local).ok()));
    }
    for constant in asked.constants.iter().filter_map(|constant| constant.resolve(zone)) {
        let at = constant.milliseconds();
        let near = [at, at.saturating_add(1)];
        found.extend(near.into_iter().filter_map(|at| Instant::from_milliseconds(at).ok()));
    }
    found.retain(|date| *date > from);
    found.sort_unstable();
    found.dedup();
    found
}

/// Midnight of the day that is so many days after a date.
fn day_after(local: LocalTime, days: i64) -> Option<LocalTime> {
    const DAY: i64 = 24 * 60 * 60_000;
    let day = local.epoch_day().checked_add(days)?;
    LocalTime::from_milliseconds(day.checked_mul(DAY)?).ok()
}
