//! Days as numbers, and which days stand for all of their kind.

use hashbrown::HashSet;
use target_rules::value::LocalTime;

const DAY: i64 = 24 * 60 * 60_000;
/// Samples are looked for near this year first, for people read them.
const NEAR: i64 = 2026;
/// Fewer days than this are gone through one by one.
const FEW_DAYS: i64 = 3 * 366;
/// After so many years the calendar is the same again.
const CYCLE: i64 = 400;

/// Midnight of a day, by its number from 1970-01-01.
pub(crate) fn civil(day: i64) -> Option<LocalTime> {
    LocalTime::from_milliseconds(day.checked_mul(DAY)?).ok()
}

/// The number of a day.
pub(crate) fn day_of(year: i64, month: i64, day: i64) -> Option<i64> {
    LocalTime::midnight(year, month, day).ok().map(LocalTime::epoch_day)
}

/// Year, month and day.
pub(crate) fn date_of(local: LocalTime) -> (i64, i64, i64) {
    local.date()
}

/// Midnight of its day.
pub(crate) fn day_start(local: LocalTime) -> Option<LocalTime> {
    let (year, month, day) = local.date();
    LocalTime::midnight(year, month, day).ok()
}

fn leap(year: i64) -> bool {
    year.rem_euclid(4) == 0 && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0)
}

/// Days from `first` to `last`, among them one of every kind that is there: of
/// every month and day of the month, of every weekday, and of both together,
/// as far as these matter. With `neighbours` it matters, too, whether the years
/// before and after are leap years.
pub(crate) fn days_of_kinds(
    first: i64,
    last: i64,
    months: bool,
    weekdays: bool,
    neighbours: bool,
) -> Vec<i64> {
    let count = last.saturating_sub(first).saturating_add(1);
    if !months {
        let start = day_of(NEAR, 1, 1).filter(|day| first <= *day && day.saturating_add(7) <= last);
        let start = start.unwrap_or(first);
        let wanted = if weekdays { 7 } else { 1 };
        return (start..=last).take(wanted).collect();
    }
    let years = (civil(first), civil(last));
    let (Some(from), Some(to)) = years else { return Vec::new() };
    let (from, to) = (from.date().0.saturating_add(1), to.date().0.saturating_sub(1));
    let (Some(start), Some(end)) = (day_of(from, 1, 1), day_of(to.saturating_add(1), 1, 1)) else {
        return (first..=last).collect();
    };
    if count < FEW_DAYS || from > to {
        return (first..=last).collect();
    }
    let mut days = Vec::new();
    let near = NEAR.clamp(from, to);
    let years = (near..=to).take_while(|year| year.saturating_sub(near) < CYCLE);
    let earlier = (from..near).rev().take_while(|year| near.saturating_sub(*year) < CYCLE);
    let mut kinds = HashSet::new();
    for year in years.chain(earlier) {
        let Some(new_year) = day_of(year, 1, 1) else { continue };
        let around = [year, year.saturating_sub(1), year.saturating_add(1)];
        let leaps = around.map(|year| leap(year) && (neighbours || year == around[0]));
        let weekday = if weekdays { new_year.rem_euclid(7) } else { 0 };
        if kinds.insert((weekday, leaps)) {
            let length = if leap(year) { 366 } else { 365 };
            days.extend((0..length).map(|day| new_year.saturating_add(day)));
        }
    }
    // The years at both ends are not whole.
    days.extend(first..start);
    days.extend(end..=last);
    days
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{civil, day_of, days_of_kinds};
    use target_rules::value::LocalTime;

    fn kind(day: i64) -> (i64, i64, i64) {
        let local = civil(day).unwrap();
        let (_, month, date) = local.date();
        (month, date, LocalTime::weekday(local))
    }

    /// Every month, day and weekday that some day of a span has is found.
    #[test]
    fn every_kind_of_day_is_found() {
        let spans = [((2024, 2, 1), (2024, 3, 2)), ((2025, 1, 5), (2030, 7, 9)), ((1, 1, 1), (9999, 12, 31))];
        for ((y, m, d), (ly, lm, ld)) in spans {
            let (first, last) = (day_of(y, m, d).unwrap(), day_of(ly, lm, ld).unwrap());
            let all: BTreeSet<_> = (first..=last).step_by(1).map(kind).collect();
            let found: Vec<i64> = days_of_kinds(first, last, true, true, false);
            assert!(found.iter().all(|day| first <= *day && *day <= last));
            assert_eq!(found.into_iter().map(kind).collect::<BTreeSet<_>>(), all);
        }
        assert_eq!(days_of_kinds(100, 200, false, true, false).len(), 7);
        assert_eq!(days_of_kinds(100, 103, false, true, false).len(), 4);
    }
}
