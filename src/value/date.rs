//! Dates as documents and rules write them.

use std::fmt;
use std::str::FromStr;

use super::calendar::{DateError, HOUR, MINUTE};
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
