//! Parts of dates, and distances between two dates.

use super::{Instant, LocalTime, Zone};

/// A part of a local date or time, as a whole number.
///
/// ```
/// use target_rules::condition::DatePart;
/// use target_rules::value::LocalTime;
/// let local: LocalTime = "2024-08-09T14:14:44".parse()?;
/// assert_eq!(local.part(DatePart::Weekday), 6); // Friday
/// assert_eq!(local.part(DatePart::MinuteOfDay), 14 * 60 + 14);
/// # Ok::<(), target_rules::value::DateError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum DatePart {
    /// Sunday 1 to Saturday 7.
    Weekday,
    /// 1 to 31.
    DayOfMonth,
    /// 1 to 12.
    Month,
    /// 1 to 9999.
    Year,
    /// 0 to 1439.
    MinuteOfDay,
}

/// How the distance between two dates is counted.
///
/// ```
/// use target_rules::condition::DateDistance;
/// use target_rules::{Instant, Zone};
/// let from: Instant = "2024-08-09T23:30:00Z".parse()?;
/// let to: Instant = "2024-08-10T00:15:00Z".parse()?;
/// assert_eq!(DateDistance::Minutes.between(from, to, &Zone::UTC), 45);
/// // Dates are days of the zone: both are 10 August in Kolkata.
/// assert_eq!(DateDistance::Days.between(from, to, &Zone::UTC), 1);
/// let kolkata = Zone::named("Asia/Kolkata")?;
/// assert_eq!(DateDistance::Days.between(from, to, &kolkata), 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum DateDistance {
    /// Calendar days between two local dates.
    Days,
    /// Days to the nearest anniversary of the other date.
    Anniversary,
    /// Whole minutes between two instants.
    Minutes,
}

impl LocalTime {
    /// A part of the date or the time of day.
    ///
    /// ```
    /// use target_rules::condition::DatePart;
    /// use target_rules::value::LocalTime;
    /// let local = LocalTime::midnight(2024, 8, 9)?.at(14, 14, 44)?;
    /// assert_eq!((local.part(DatePart::Month), local.part(DatePart::Year)), (8, 2024));
    /// # Ok::<(), target_rules::value::DateError>(())
    /// ```
    #[inline]
    pub fn part(self, part: DatePart) -> i64 {
        match part {
            DatePart::Weekday => self.weekday(),
            DatePart::DayOfMonth => self.date().2,
            DatePart::Month => self.date().1,
            DatePart::Year => self.date().0,
            DatePart::MinuteOfDay => self.minute_of_day(),
        }
    }
}

impl DateDistance {
    /// The distance between two instants; their local dates are those of
    /// `zone`.
    ///
    /// ```
    /// use target_rules::Zone;
    /// use target_rules::condition::DateDistance;
    /// let (from, to) = ("2026-12-30T12:00:00Z".parse()?, "2024-01-02T12:00:00Z".parse()?);
    /// // 2 January 2027 is the nearest anniversary of the other date.
    /// assert_eq!(DateDistance::Anniversary.between(from, to, &Zone::UTC), 3);
    /// # Ok::<(), target_rules::value::DateError>(())
    /// ```
    pub fn between(self, from: Instant, to: Instant, zone: &Zone) -> i64 {
        self.between_local((from, zone.local(from)), (to, zone.local(to)))
    }

    /// The same, with the local times already known.
    pub(crate) fn between_local(self, from: (Instant, LocalTime), to: (Instant, LocalTime)) -> i64 {
        match self {
            DateDistance::Days => LocalTime::days_between(from.1, to.1),
            DateDistance::Anniversary => LocalTime::days_to_anniversary(from.1, to.1),
            DateDistance::Minutes => Instant::minutes_between(from.0, to.0),
        }
    }
}
