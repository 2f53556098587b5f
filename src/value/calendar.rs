//! The days and times that exist, and the errors for those that do not.

use jiff::civil::Date;

/// The days of the week, from Sunday, which is 1.
pub(crate) const WEEKDAYS: [&str; 7] =
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// The months, from January, which is 1.
pub(crate) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

pub(super) const DAY: i64 = 86_400_000;
pub(super) const HOUR: i64 = 3_600_000;
pub(super) const MINUTE: i64 = 60_000;
pub(super) const SECOND: i64 = 1_000;
/// 0001-01-01T00:00:00.000 as milliseconds from 1970.
pub(super) const FIRST: i64 = -62_135_596_800_000;
/// 9999-12-31T23:59:59.999 as milliseconds from 1970.
pub(super) const LAST: i64 = 253_402_300_799_999;

/// Why a text or some numbers are not a date.
///
/// ```
/// use target_rules::value::{DateError, LocalTime};
/// use target_rules::Instant;
/// assert_eq!(LocalTime::midnight(2023, 2, 29), Err(DateError::NoSuchTime));
/// assert_eq!("2024-08-09".parse::<Instant>(), Err(DateError::NoOffset));
/// assert_eq!("9 August".parse::<LocalTime>(), Err(DateError::Malformed));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum DateError {
    /// The text does not have the form of a date.
    Malformed,
    /// The calendar has no such day, or the clock no such time.
    NoSuchTime,
    /// It is outside the supported years.
    OutOfRange,
    /// An instant is needed, but the text has no offset from UTC.
    NoOffset,
    /// A local time is needed, but the text has an offset from UTC.
    WithOffset,
}

impl std::fmt::Display for DateError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            DateError::Malformed => {
                "this is no date; expected one such as `2024-08-09` or `2024-08-09T14:14:44+05:30`"
            }
            DateError::NoSuchTime => "the calendar has no such day, or the clock no such time",
            DateError::OutOfRange => "the date is outside of the years 0001 to 9999 of UTC",
            DateError::NoOffset => {
                "the date does not say its offset from UTC; end it in `Z`, or in one such as `+05:30`"
            }
            DateError::WithOffset => "a local time has no offset from UTC; leave it out",
        })
    }
}

impl std::error::Error for DateError {}

/// The days in 400 years, after which the calendar repeats.
pub(super) const DAYS_OF_400_YEARS: i64 = 146_097;

/// The date with these numbers; `None` where the calendar has no such day.
pub(super) fn civil(year: i64, month: i64, day: i64) -> Option<Date> {
    let (year, month) = (i16::try_from(year).ok()?, i8::try_from(month).ok()?);
    let day = i8::try_from(day).ok()?;
    // Checked before the date is made, because the library allocates its
    // errors. Neither a 30th of February in a document nor a 29th that most
    // years lack, when an anniversary is computed, may cost an allocation each
    // time.
    if !(-9999..=9999).contains(&year) || !(1..=12).contains(&month) || day < 1 {
        return None;
    }
    let days = Date::new(year, month, 1).ok()?.days_in_month();
    if day > days { None } else { Date::new(year, month, day).ok() }
}

/// From 0000-03-01 to 1970-01-01. Counted from March, a leap day is the last of
/// its year.
const DAYS_TO_1970: i64 = 719_468;

/// The number of days from 1970-01-01.
pub(super) fn day_number(date: Date) -> i64 {
    let (year, month) = (i64::from(date.year()), i64::from(date.month()));
    // January and February belong to the year before.
    let (year, months) = match month {
        ..=2 => (year.wrapping_sub(1), month.wrapping_add(9)),
        _ => (year, month.wrapping_sub(3)),
    };
    let (cycle, of_cycle) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = months.wrapping_mul(153).wrapping_add(2).div_euclid(5);
    let leap_days = of_cycle.div_euclid(4).wrapping_sub(of_cycle.div_euclid(100));
    cycle
        .wrapping_mul(DAYS_OF_400_YEARS)
        .wrapping_add(of_cycle.wrapping_mul(365))
        .wrapping_add(leap_days)
        .wrapping_add(of_year)
        .wrapping_add(i64::from(date.day()).wrapping_sub(1))
        .wrapping_sub(DAYS_TO_1970)
}

/// Year, month and day at a number of days from 1970-01-01: the arithmetic of
/// Howard Hinnant's "chrono-compatible low-level date algorithms". The library
/// adds a span of days, which takes ten times as long.
#[inline]
pub(super) fn year_month_day(day: i64) -> (i64, i64, i64) {
    let from_march = day.wrapping_add(DAYS_TO_1970);
    let cycle = from_march.div_euclid(DAYS_OF_400_YEARS);
    // INVARIANT: a day of a cycle fits 32 bits, and all that follows from it.
    let day = u32::try_from(from_march.rem_euclid(DAYS_OF_400_YEARS)).unwrap_or(0);
    let without_leap_days =
        day.wrapping_sub(day / 1_460).wrapping_add(day / 36_524).wrapping_sub(day / 146_096);
    let year = without_leap_days / 365;
    let year_began = year.wrapping_mul(365).wrapping_add(year / 4).wrapping_sub(year / 100);
    let day_of_year = day.wrapping_sub(year_began);
    let months = day_of_year.wrapping_mul(5).wrapping_add(2) / 153;
    let month_began = months.wrapping_mul(153).wrapping_add(2) / 5;
    let day = day_of_year.wrapping_sub(month_began).wrapping_add(1);
    let (month, next_year) =
        if months < 10 { (months.wrapping_add(3), 0) } else { (months.wrapping_sub(9), 1) };
    let year = cycle.wrapping_mul(400).wrapping_add(i64::from(year)).wrapping_add(next_year);
    (year, month.into(), day.into())
}

/// The date at a number of days from 1970-01-01.
pub(super) fn date_of(day: i64) -> Option<Date> {
    let (year, month, day) = year_month_day(day);
    civil(year, month, day)
}

#[cfg(test)]
mod tests {
    use jiff::civil::Date;

    use super::{date_of, day_number, year_month_day};

    #[test]
    fn days_are_those_of_the_library() {
        let mut date = Date::new(-1, 12, 1).unwrap();
        let mut day = -719_559;
        assert_eq!(day_number(Date::new(1970, 1, 1).unwrap()), 0);
        while date.year() < 9_999 {
            let expected = (i64::from(date.year()), i64::from(date.month()), i64::from(date.day()));
            assert_eq!(year_month_day(day), expected);
            assert_eq!(day_number(date), day, "{date}");
            date = date.tomorrow().unwrap();
            day += 1;
        }
        assert_eq!(date_of(day_number(Date::MAX)), Some(Date::MAX));
    }
}
