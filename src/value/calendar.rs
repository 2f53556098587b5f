//! The days and times that exist, and the errors for those that do not.

use jiff::ToSpan;
use jiff::civil::Date;

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

/// The number of days from 1970-01-01.
pub(super) fn day_number(date: Date) -> Option<i64> {
    let epoch = Date::new(1970, 1, 1).ok()?;
    Some(i64::from(epoch.until(date).ok()?.get_days()))
}

/// The date at a number of days from 1970-01-01.
pub(super) fn date_of(day: i64) -> Option<Date> {
    Date::new(1970, 1, 1).ok()?.checked_add(i32::try_from(day).ok()?.days()).ok()
}
