//! Points in time.
//!
//! An instant is a count of milliseconds, because jiff's own timestamp ends
//! before `9999-12-31T23:59:59Z`, the date that payloads use for "never".

use std::time::{SystemTime, UNIX_EPOCH};

use super::calendar::{DateError, FIRST, LAST, MINUTE};
use super::local::LocalTime;

/// A point in time, in milliseconds from 1970-01-01T00:00:00Z. It has no zone;
/// printed, it is shown in UTC.
///
/// ```
/// use target_rules::{Instant, Zone};
/// let instant: Instant = "2024-08-09T14:14:44+05:30".parse()?;
/// assert_eq!(instant.milliseconds(), 1_723_193_084_000);
/// assert_eq!(instant, Instant::from_milliseconds(1_723_193_084_000)?);
/// assert_eq!(instant.to_string(), "2024-08-09T08:44:44Z");
/// let kolkata: Zone = "Asia/Kolkata".parse()?;
/// assert_eq!(kolkata.local(instant).to_string(), "2024-08-09T14:14:44");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Serde writes the printed form and reads every form that parses: a string
/// with its offset from UTC.
///
/// INVARIANT: in the years 0001 to 9999 in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

impl Instant {
    /// The first one: 0001-01-01T00:00:00Z.
    pub const MIN: Instant = Instant(FIRST);
    /// The last one: 9999-12-31T23:59:59.999Z.
    pub const MAX: Instant = Instant(LAST);

    /// The instant this many milliseconds after 1970 in UTC; before it if
    /// negative. Fails outside the years 0001 to 9999.
    ///
    /// Seconds must be multiplied first: `from_milliseconds(1_723_193_084)` is
    /// a day in January 1970.
    ///
    /// ```
    /// use target_rules::value::DateError;
    /// use target_rules::Instant;
    /// let instant = Instant::from_milliseconds(1_723_193_084_000)?;
    /// assert_eq!(instant.to_string(), "2024-08-09T08:44:44Z");
    /// let beyond = Instant::MAX.milliseconds() + 1;
    /// assert_eq!(Instant::from_milliseconds(beyond), Err(DateError::OutOfRange));
    /// # Ok::<(), DateError>(())
    /// ```
    pub fn from_milliseconds(milliseconds: i64) -> Result<Instant, DateError> {
        let held = (FIRST..=LAST).contains(&milliseconds);
        if held { Ok(Instant(milliseconds)) } else { Err(DateError::OutOfRange) }
    }

    /// Milliseconds from 1970-01-01T00:00:00Z.
    ///
    /// ```
    /// use target_rules::Instant;
    /// let instant: Instant = "1970-01-01T00:00:01.500Z".parse()?;
    /// assert_eq!(instant.milliseconds(), 1_500);
    /// # Ok::<(), target_rules::value::DateError>(())
    /// ```
    pub fn milliseconds(self) -> i64 {
        self.0
    }

    /// Whole minutes between two instants, without sign.
    pub(crate) fn minutes_between(from: Instant, to: Instant) -> i64 {
        from.0.saturating_sub(to.0).saturating_abs().div_euclid(MINUTE)
    }
}

/// From the system's clock, such as `SystemTime::now()`; digits beyond
/// milliseconds are cut off. Fails outside the years 0001 to 9999.
impl TryFrom<SystemTime> for Instant {
    type Error = DateError;

    fn try_from(time: SystemTime) -> Result<Instant, DateError> {
        let milliseconds = match time.duration_since(UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_millis()),
            // Rounds down to the millisecond before, as after 1970.
            Err(before) => {
                i64::try_from(before.duration().as_nanos().div_ceil(1_000_000)).map(i64::saturating_neg)
            }
        };
        Instant::from_milliseconds(milliseconds.map_err(|_| DateError::OutOfRange)?)
    }
}

/// ISO 8601 in UTC, such as `2024-08-09T08:44:44Z`; with milliseconds only
/// where they are not zero.
impl std::fmt::Display for Instant {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}Z", LocalTime::held(self.0))
    }
}
