//! Dates as documents and rules write them.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use super::calendar::{DAY, DateError, FIRST, HOUR, LAST, MINUTE};
use super::instant::Instant;
use super::local::LocalTime;
use super::zone::Zone;

/// A date as a document states it, before the zone of the evaluation is known.
///
/// ```
/// use target_rules::value::{DateText, LocalTime};
/// use target_rules::Zone;
/// let date = DateText::parse("2024-08-09T14:14:44+05:30");
/// assert_eq!(date, DateText::Instant("2024-08-09T08:44:44Z".parse()?));
/// let day = DateText::parse("2024-08-09");
/// assert_eq!(day, DateText::Local(LocalTime::midnight(2024, 8, 9)?));
/// let instant = day.resolve(&Zone::named("Asia/Kolkata")?);
/// assert_eq!(instant, Some("2024-08-08T18:30:00Z".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Serde cannot write it, because an invalid date does not keep its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DateText {
    /// The text names an offset from UTC, so the instant is known.
    Instant(Instant),
    /// A local time: the text names no offset.
    Local(LocalTime),
    /// Present, but not a valid date.
    Invalid,
}

impl DateText {
    /// Parses `YYYY-MM-DD`, alone or followed by `T` or a space,
    /// `hh:mm[:ss[.f]]` and optionally `Z` or an offset of up to 18 hours.
    /// Anything else is
    /// [`DateText::Invalid`]: a value that is present but not a date.
    /// [`str::parse`] says why.
    ///
    /// ```
    /// use target_rules::value::DateText;
    /// // 08:44:44 in UTC; the offset may stand with or without its colon.
    /// let date = DateText::parse("2024-08-09T14:14:44+0530");
    /// assert_eq!(date.to_string(), "2024-08-09T08:44:44Z");
    /// assert_eq!(date, DateText::parse("2024-08-09 14:14:44+05:30"));
    /// // The zone of the evaluation decides which instant this is.
    /// assert!(matches!(DateText::parse("2024-08-09T14:14"), DateText::Local(_)));
    /// assert_eq!(DateText::parse("09/08/2024"), DateText::Invalid);
    /// ```
    pub fn parse(text: &str) -> DateText {
        read(text).unwrap_or(DateText::Invalid)
    }

    /// The instant in a zone; `None` where the date is invalid, or the instant
    /// is outside the supported years.
    ///
    /// ```
    /// use target_rules::value::DateText;
    /// use target_rules::Zone;
    /// let (utc, kolkata) = (Zone::UTC, Zone::named("Asia/Kolkata")?);
    /// let local = DateText::parse("2024-08-09T00:00:00");
    /// assert_eq!(local.resolve(&utc), Some("2024-08-09T00:00:00Z".parse()?));
    /// assert_eq!(local.resolve(&kolkata), Some("2024-08-08T18:30:00Z".parse()?));
    /// assert_eq!(DateText::Invalid.resolve(&utc), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn resolve(&self, zone: &Zone) -> Option<Instant> {
        match self {
            DateText::Instant(instant) => Some(*instant),
            DateText::Local(local) => zone.instant(*local).ok(),
            DateText::Invalid => None,
        }
    }
}

/// Local times that are further apart than this are in the order of their
/// instants, in any zone: an offset is below 26 hours on either side.
const FAR: i64 = DAY.saturating_mul(5);
/// So near to the years 0001 and 9999 a local time may be no instant.
const NEAR_THE_ENDS: i64 = DAY.saturating_mul(400);

impl DateText {
    /// How an instant, with its local time in the zone, compares with this date
    /// there; `None` where this is no instant in the zone.
    ///
    /// The same as by [`DateText::resolve`], which is asked only where the local
    /// times are near to each other: so many dates are compared with one.
    #[inline]
    pub(crate) fn order_of(&self, (instant, local): (Instant, LocalTime), zone: &Zone) -> Option<Ordering> {
        if let DateText::Local(own) = self {
            let own = own.milliseconds();
            let distance = local.milliseconds().saturating_sub(own);
            let is_inside =
                own > FIRST.saturating_add(NEAR_THE_ENDS) && own < LAST.saturating_sub(NEAR_THE_ENDS);
            if is_inside && distance.saturating_abs() > FAR {
                return Some(distance.cmp(&0));
            }
        }
        Some(instant.cmp(&self.resolve(zone)?))
    }
}

impl From<Instant> for DateText {
    fn from(instant: Instant) -> DateText {
        DateText::Instant(instant)
    }
}

impl From<LocalTime> for DateText {
    fn from(local: LocalTime) -> DateText {
        DateText::Local(local)
    }
}

/// Parses the same texts as [`DateText::parse`], but fails instead of giving
/// [`DateText::Invalid`].
impl FromStr for DateText {
    type Err = DateError;

    fn from_str(text: &str) -> Result<DateText, DateError> {
        read(text)
    }
}

/// An instant in ISO form in UTC, a local time without an offset.
impl fmt::Display for DateText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DateText::Instant(instant) => instant.fmt(formatter),
            DateText::Local(local) => local.fmt(formatter),
            DateText::Invalid => formatter.write_str("invalid date"),
        }
    }
}

/// Parses the same texts as [`DateText::parse`], if they name an offset from
/// UTC.
impl FromStr for Instant {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Instant, DateError> {
        match read(text)? {
            DateText::Instant(instant) => Ok(instant),
            DateText::Local(_) | DateText::Invalid => Err(DateError::NoOffset),
        }
    }
}

/// Parses the same texts as [`DateText::parse`], if they name no offset from
/// UTC. A day without a time is its first millisecond.
impl FromStr for LocalTime {
    type Err = DateError;

    fn from_str(text: &str) -> Result<LocalTime, DateError> {
        match read(text)? {
            DateText::Local(local) => Ok(local),
            DateText::Instant(_) | DateText::Invalid => Err(DateError::WithOffset),
        }
    }
}

/// The parts of a date as written, whether or not they exist in the calendar.
struct Written {
    /// Year, month, day.
    date: (i64, i64, i64),
    /// Hour, minute, second.
    time: (i64, i64, i64),
    milliseconds: i64,
    /// Milliseconds by which the writer's clock is ahead of UTC.
    offset: Option<i64>,
}

fn read(text: &str) -> Result<DateText, DateError> {
    let Written { date, time, milliseconds, offset } = take_apart(text).ok_or(DateError::Malformed)?;
    let second = LocalTime::midnight(date.0, date.1, date.2)?.at(time.0, time.1, time.2)?;
    let local = second.milliseconds().saturating_add(milliseconds);
    Ok(match offset {
        None => DateText::Local(LocalTime::from_milliseconds(local)?),
        Some(offset) => DateText::Instant(Instant::from_milliseconds(local.saturating_sub(offset))?),
    })
}

/// Splits a date into its parts; `None` where the text does not have the form.
fn take_apart(text: &str) -> Option<Written> {
    let bytes = text.as_bytes();
    let number = |from: usize, length: usize| -> Option<i64> {
        let digits = bytes.get(from..from.checked_add(length)?)?;
        digits.iter().try_fold(0_i64, |value, digit| {
            digit
                .is_ascii_digit()
                .then(|| value.saturating_mul(10).saturating_add(i64::from(digit.saturating_sub(b'0'))))
        })
    };
    let is = |at: usize, byte: u8| bytes.get(at) == Some(&byte);
    if !(is(4, b'-') && is(7, b'-')) {
        return None;
    }
    let date = (number(0, 4)?, number(5, 2)?, number(8, 2)?);
    if bytes.len() == 10 {
        return Some(Written { date, time: (0, 0, 0), milliseconds: 0, offset: None });
    }
    if !((is(10, b'T') || is(10, b' ')) && is(13, b':')) {
        return None;
    }
    let (hour, minute) = (number(11, 2)?, number(14, 2)?);
    let mut at = 16;
    let (mut second, mut milliseconds) = (0, 0);
    if is(at, b':') {
        second = number(17, 2)?;
        at = 19;
        if is(at, b'.') {
            at = 20;
            let mut unit = 100;
            while let Some(digit) = number(at, 1) {
                // Digits beyond milliseconds are cut off: the unit becomes
                // zero.
                milliseconds = digit.checked_mul(unit)?.checked_add(milliseconds)?;
                unit = unit.checked_div(10)?;
                at = at.checked_add(1)?;
            }
            if at == 20 {
                return None;
            }
        }
    }
    let offset = match bytes.get(at..)? {
        [] => None,
        [b'Z'] => Some(0),
        [sign @ (b'+' | b'-'), rest @ ..] => {
            let hours = number(at.checked_add(1)?, 2)?;
            let minutes = match rest {
                [_, _, b':', _, _] => number(at.checked_add(4)?, 2)?,
                [_, _, _, _] => number(at.checked_add(3)?, 2)?,
                _ => return None,
            };
            let offset = hours.checked_mul(HOUR)?.checked_add(minutes.checked_mul(MINUTE)?)?;
            if minutes > 59 || offset > HOUR.saturating_mul(18) {
                return None;
            }
            Some(if *sign == b'+' { offset } else { offset.saturating_neg() })
        }
        _ => return None,
    };
    Some(Written { date, time: (hour, minute, second), milliseconds, offset })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::{DAY, DateText, FAR, FIRST, HOUR, LAST, LocalTime};
    use crate::value::{Instant, Zone};

    #[test]
    fn dates_compare_as_their_instants_do() {
        // Zones whose clocks were set by an hour, by a day, and hardly ever.
        for name in ["UTC", "Europe/Berlin", "Pacific/Apia", "Asia/Kolkata", "Pacific/Kiritimati"] {
            let zone = Zone::named(name).unwrap();
            let years_2011_and_2024 = [1_325_203_200_000, 1_711_846_800_000, 1_729_990_800_000];
            for middle in years_2011_and_2024.into_iter().chain([FIRST, LAST]) {
                for step in -60..=60 {
                    let at = middle.saturating_add(HOUR.saturating_mul(step)).clamp(FIRST, LAST);
                    let instant = Instant::from_milliseconds(at).unwrap();
                    let local = zone.local(instant);
                    for other in
                        [-401 * DAY, -FAR - 1, -FAR, -2 * DAY, -HOUR, 0, 1, 30 * HOUR, FAR + 1, 401 * DAY]
                    {
                        let own = LocalTime::from_milliseconds(local.milliseconds().saturating_add(other));
                        let Ok(own) = own.map(DateText::Local) else { continue };
                        let expected = own.resolve(&zone).map(|resolved| instant.cmp(&resolved));
                        assert_eq!(own.order_of((instant, local), &zone), expected, "{name} {at} {own}");
                    }
                }
            }
        }
    }
}
