//! Local times: date and time of day without a zone.

use super::calendar::{
    DAY, DAYS_OF_400_YEARS, DateError, FIRST, HOUR, LAST, MINUTE, MONTHS, SECOND, WEEKDAYS, civil,
    day_number, year_month_day,
};

/// 0000-01-01T00:00:00.000; the year 0000 has 366 days. A document may write an
/// hour of its last day that is in the year 0001 in UTC.
const FIRST_LOCAL: i64 = FIRST.saturating_sub(DAY.saturating_mul(366));

/// From a Sunday in December of the year before 0000 to 1970-01-01, in days.
const SUNDAY: i64 = 719_534;
const DAY_UNSIGNED: u64 = DAY.cast_unsigned();
const MINUTE_UNSIGNED: u64 = MINUTE.cast_unsigned();

/// A local time: what clock and calendar show in some zone, as a date and a
/// time of day. Counted in milliseconds from 1970-01-01T00:00 in the same zone.
///
/// A [`Zone`](super::Zone) converts it to an [`Instant`](super::Instant) and
/// back.
///
/// ```
/// use target_rules::value::LocalTime;
/// use target_rules::Zone;
/// let local = LocalTime::midnight(2024, 8, 9)?.at(14, 14, 44)?;
/// assert_eq!(local, "2024-08-09T14:14:44".parse()?);
/// assert_eq!((local.date(), local.hour()), ((2024, 8, 9), 14));
/// let kolkata = Zone::named("Asia/Kolkata")?;
/// assert_eq!(kolkata.instant(local)?.to_string(), "2024-08-09T08:44:44Z");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Serde writes the printed form and reads every form that parses: a string
/// without an offset.
///
/// INVARIANT: in the years 0000 to 9999, which ISO dates can write. No zone
/// gives a local time in the year 0000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalTime(i64);

impl LocalTime {
    /// The first millisecond of a day. Fails where the calendar does not have
    /// the day, and outside the years 0000 to 9999.
    ///
    /// ```
    /// use target_rules::value::{DateError, LocalTime};
    /// let day = LocalTime::midnight(2024, 2, 29)?;
    /// assert_eq!(day.to_string(), "2024-02-29T00:00:00");
    /// assert_eq!(LocalTime::midnight(2023, 2, 29), Err(DateError::NoSuchTime));
    /// # Ok::<(), DateError>(())
    /// ```
    pub fn midnight(year: i64, month: i64, day: i64) -> Result<LocalTime, DateError> {
        if !(0..=9999).contains(&year) {
            return Err(DateError::OutOfRange);
        }
        let number = civil(year, month, day).map(day_number).ok_or(DateError::NoSuchTime)?;
        Ok(LocalTime(number.saturating_mul(DAY)))
    }

    /// The same day at another time. Fails where no clock shows it: hours go
    /// from 0 to 23, minutes and seconds from 0 to 59.
    ///
    /// ```
    /// use target_rules::value::{DateError, LocalTime};
    /// let day = LocalTime::midnight(2024, 8, 9)?;
    /// assert_eq!(day.at(14, 14, 44)?.to_string(), "2024-08-09T14:14:44");
    /// assert_eq!(day.at(24, 0, 0), Err(DateError::NoSuchTime));
    /// # Ok::<(), DateError>(())
    /// ```
    pub fn at(self, hour: i64, minute: i64, second: i64) -> Result<LocalTime, DateError> {
        if !(0..24).contains(&hour) || !(0..60).contains(&minute) || !(0..60).contains(&second) {
            return Err(DateError::NoSuchTime);
        }
        let time = hour
            .saturating_mul(HOUR)
            .saturating_add(minute.saturating_mul(MINUTE))
            .saturating_add(second.saturating_mul(SECOND));
        Ok(LocalTime(self.epoch_day().saturating_mul(DAY).saturating_add(time)))
    }

    /// The local time this many milliseconds after 1970-01-01T00:00 in the same
    /// zone. Fails outside the years 0000 to 9999.
    ///
    /// ```
    /// use target_rules::value::LocalTime;
    /// let local = LocalTime::from_milliseconds(86_400_000)?;
    /// assert_eq!(local, LocalTime::midnight(1970, 1, 2)?);
    /// assert_eq!(local.milliseconds(), 86_400_000);
    /// # Ok::<(), target_rules::value::DateError>(())
    /// ```
    pub fn from_milliseconds(milliseconds: i64) -> Result<LocalTime, DateError> {
        let held = (FIRST_LOCAL..=LAST).contains(&milliseconds);
        if held { Ok(LocalTime(milliseconds)) } else { Err(DateError::OutOfRange) }
    }

    /// The nearest local time that a zone gives.
    pub(super) fn held(milliseconds: i64) -> LocalTime {
        LocalTime(milliseconds.clamp(FIRST, LAST))
    }

    /// Milliseconds from 1970-01-01T00:00 in the same zone.
    pub fn milliseconds(self) -> i64 {
        self.0
    }

    /// The calendar's date: year, month 1 to 12, day 1 to 31.
    ///
    /// ```
    /// use target_rules::value::LocalTime;
    /// let local: LocalTime = "2024-08-09T14:14:44.250".parse()?;
    /// assert_eq!(local.date(), (2024, 8, 9));
    /// assert_eq!((local.hour(), local.minute(), local.second()), (14, 14, 44));
    /// assert_eq!(local.millisecond(), 250);
    /// # Ok::<(), target_rules::value::DateError>(())
    /// ```
    pub fn date(self) -> (i64, i64, i64) {
        year_month_day(self.epoch_day())
    }

    /// The day for people: day, month and year.
    ///
    /// ```
    /// use target_rules::value::LocalTime;
    /// let local: LocalTime = "2026-11-03T14:14:44".parse()?;
    /// assert_eq!(local.day_in_words(), "3 November 2026");
    /// # Ok::<(), target_rules::value::DateError>(())
    /// ```
    pub fn day_in_words(self) -> String {
        let (year, month, day) = self.date();
        let name = (1..).zip(MONTHS).find(|(number, _)| *number == month).map_or("", |(_, name)| name);
        format!("{day} {name} {year}")
    }

    /// The day of the week for people.
    ///
    /// ```
    /// use target_rules::value::LocalTime;
    /// assert_eq!(LocalTime::midnight(2024, 8, 10)?.weekday_in_words(), "Saturday");
    /// # Ok::<(), target_rules::value::DateError>(())
    /// ```
    pub fn weekday_in_words(self) -> &'static str {
        (1..).zip(WEEKDAYS).find(|(number, _)| *number == self.weekday()).map_or("", |(_, name)| name)
    }

    /// The number of days from 1970-01-01.
    #[inline]
    pub fn epoch_day(self) -> i64 {
        self.since_sunday().wrapping_div(DAY_UNSIGNED).cast_signed().wrapping_sub(SUNDAY)
    }

    /// Milliseconds from a Sunday that is before every local time. To divide
    /// what is never negative takes half of the instructions.
    #[inline]
    fn since_sunday(self) -> u64 {
        // INVARIANT: a local time is in the years 0000 to 9999.
        self.0.wrapping_add(SUNDAY.wrapping_mul(DAY)).cast_unsigned()
    }

    /// The day of the week: Sunday 1 to Saturday 7.
    ///
    /// ```
    /// use target_rules::value::LocalTime;
    /// assert_eq!(LocalTime::midnight(2024, 8, 9)?.weekday(), 6); // Friday
    /// assert_eq!(LocalTime::midnight(2024, 8, 11)?.weekday(), 1); // Sunday
    /// # Ok::<(), target_rules::value::DateError>(())
    /// ```
    pub fn weekday(self) -> i64 {
        let days = self.since_sunday().wrapping_div(DAY_UNSIGNED);
        days.wrapping_rem(7).wrapping_add(1).cast_signed()
    }

    /// Hour of the day, 0 to 23.
    ///
    /// ```
    /// use target_rules::value::LocalTime;
    /// use target_rules::{Instant, Zone};
    /// let instant: Instant = "2024-08-09T08:44:44Z".parse()?;
    /// let local: LocalTime = Zone::named("Asia/Kolkata")?.local(instant);
    /// assert_eq!((local.hour(), local.minute()), (14, 14));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn hour(self) -> i64 {
        self.0.div_euclid(HOUR).rem_euclid(24)
    }

    /// Minute of the hour, 0 to 59.
    pub fn minute(self) -> i64 {
        self.0.div_euclid(MINUTE).rem_euclid(60)
    }

    /// Second of the minute, 0 to 59.
    pub fn second(self) -> i64 {
        self.0.div_euclid(SECOND).rem_euclid(60)
    }

    /// Millisecond of the second, 0 to 999.
    pub fn millisecond(self) -> i64 {
        self.0.rem_euclid(SECOND)
    }

    /// Calendar days between two local dates, as an absolute number.
    pub(crate) fn days_between(from: LocalTime, to: LocalTime) -> i64 {
        from.epoch_day().saturating_sub(to.epoch_day()).saturating_abs()
    }

    /// Days from a date to the nearest anniversary of the other date, as an
    /// absolute number. In a common year the anniversary of 29 February is 28
    /// February.
    pub(crate) fn days_to_anniversary(from: LocalTime, other: LocalTime) -> i64 {
        let (year, _, _) = from.date();
        let (_, month, day) = other.date();
        let anniversary = |year: i64| {
            // For a date in the year 9999 the nearest anniversary may be in the
            // year 10000, which the calendar lacks. It repeats after 400 years,
            // so it is computed there and shifted.
            let (year, shift) =
                if year > 9999 { (year.saturating_sub(400), DAYS_OF_400_YEARS) } else { (year, 0) };
            let date = civil(year, month, day).or_else(|| civil(year, month, 28))?;
            Some(day_number(date).saturating_add(shift))
        };
        let years = [year.saturating_sub(1), year, year.saturating_add(1)];
        let distances =
            years.into_iter().filter_map(anniversary).map(|date| date.saturating_sub(from.epoch_day()));
        distances.map(i64::saturating_abs).min().unwrap_or(0)
    }

    /// Whether the time of day is at or after the first minute and before the
    /// second. If the first is the later one, the interval runs past midnight.
    pub(crate) fn is_between(self, from: i64, to: i64) -> bool {
        let (first, last, inside) = LocalTime::minutes_between(from, to);
        let now = self.minute_of_day();
        (first <= now && now <= last) == inside
    }

    /// The same as a closed range of minutes, and whether the time must be
    /// inside (true) or outside it.
    pub(crate) fn minutes_between(from: i64, to: i64) -> (i64, i64, bool) {
        if from < to { (from, to.saturating_sub(1), true) } else { (to, from.saturating_sub(1), false) }
    }

    /// The minute of the day, from 0.
    pub(crate) fn minute_of_day(self) -> i64 {
        let minutes = self.since_sunday().wrapping_div(MINUTE_UNSIGNED);
        minutes.wrapping_rem(24 * 60).cast_signed()
    }
}

/// ISO 8601 without an offset, such as `2024-08-09T14:14:44`; with milliseconds
/// only where they are not zero.
impl std::fmt::Display for LocalTime {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (year, month, day) = self.date();
        let (hour, minute, second) = (self.hour(), self.minute(), self.second());
        write!(formatter, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        match self.millisecond() {
            0 => Ok(()),
            milliseconds => write!(formatter, ".{milliseconds:03}"),
        }
    }
}
