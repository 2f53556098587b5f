//! Dates against a calendar of our own, counted day by day, and zones against
//! the library for time.

use std::sync::LazyLock;

use jiff::{Timestamp, tz::TimeZone};
use proptest::prelude::*;
use target_rules::value::{DateError, DateText, LocalTime};
use target_rules::{Decision, Instant, Truth, Zone};

use target_rules_testing::generate::{Document, ZONES, checked, read, tries, zone};

const DAY: i64 = 86_400_000;

/// A day of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Day {
    year: i64,
    month: i64,
    day: i64,
    /// Sunday 1 to Saturday 7.
    weekday: i64,
    /// Days from 1970-01-01.
    number: i64,
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn length_of(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Every day from 1899 to 2101, one after the other; 1899-01-01 was a Sunday.
static CALENDAR: LazyLock<Vec<Day>> = LazyLock::new(|| {
    let mut days = Vec::new();
    let mut weekday = 1;
    for year in 1899..=2101 {
        for month in 1..=12 {
            for day in 1..=length_of(year, month) {
                days.push(Day { year, month, day, weekday, number: 0 });
                weekday = weekday % 7 + 1;
            }
        }
    }
    let epoch = days.iter().position(|day| (day.year, day.month, day.day) == (1970, 1, 1)).unwrap() as i64;
    for (at, day) in days.iter_mut().enumerate() {
        day.number = at as i64 - epoch;
    }
    days
});

/// The days from 1900 to 2100.
fn days() -> &'static [Day] {
    let first = CALENDAR.iter().position(|day| day.year == 1900).unwrap();
    let end = CALENDAR.iter().position(|day| day.year == 2101).unwrap();
    &CALENDAR[first..end]
}

fn any_day() -> impl Strategy<Value = Day> {
    let ends: Vec<Day> = days()
        .iter()
        .filter(|day| {
            (day.month, day.day) == (2, 28)
                || (day.month == 2 && day.day == 29)
                || (day.month, day.day) == (3, 1)
                || (day.month, day.day) == (12, 31)
                || (day.month, day.day) == (1, 1)
        })
        .copied()
        .collect();
    prop_oneof![2 => prop::sample::select(days()), 1 => prop::sample::select(ends)]
}

impl Day {
    fn iso(&self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// Days to the nearest day of the year that another date names, walking
/// outward one day at a time; 29 February is the 28th in a common year.
fn to_anniversary(here: Day, other: Day) -> i64 {
    let at = CALENDAR.iter().position(|day| *day == here).unwrap();
    let is_it = |day: &Day| match (other.month, other.day) {
        (2, 29) if !is_leap(day.year) => (day.month, day.day) == (2, 28),
        of_other => (day.month, day.day) == of_other,
    };
    (0..=366_usize)
        .find(|away| {
            let before = at.checked_sub(*away).and_then(|at| CALENDAR.get(at));
            before.is_some_and(is_it) || CALENDAR.get(at + away).is_some_and(is_it)
        })
        .unwrap() as i64
}

/// The decision of a rule over two dates, `currentTxn.date` and
/// `currentCustomer.joinDate`.
fn decide(rule: &str, date: &str, join_date: &str, zone: &Zone) -> Decision {
    let rule = checked(rule);
    let profile = |name: &str, attribute: &str, value: &str| {
        (name.to_owned(), Document::Object(vec![(attribute.to_owned(), Document::Text(value.to_owned()))]))
    };
    let document = Document::Object(vec![
        profile("currentTxn", "date", date),
        profile("currentCustomer", "joinDate", join_date),
    ]);
    rule.decide(&read(&[&rule], &document), zone)
}

/// Every day from 1900 to 2100 is read, and its parts are those of the calendar.
#[test]
fn every_day_of_two_centuries_is_in_the_calendar() {
    for day in days() {
        let DateText::Local(local) = DateText::parse(&day.iso()) else { panic!("{} is no date", day.iso()) };
        assert_eq!(local.milliseconds(), day.number * DAY, "{day:?}");
        let instant = Instant::from_milliseconds(day.number * DAY).unwrap();
        for instant in [instant, Instant::from_milliseconds(day.number * DAY + DAY - 1).unwrap()] {
            let local = Zone::UTC.local(instant);
            assert_eq!(local.date(), (day.year, day.month, day.day), "{day:?}");
            assert_eq!(local.weekday(), day.weekday, "{day:?}");
            assert_eq!(local.epoch_day(), day.number, "{day:?}");
        }
        let midnight = LocalTime::midnight(day.year, day.month, day.day).unwrap();
        assert_eq!(Zone::UTC.instant(midnight), Ok(instant), "{day:?}");
    }
    assert_eq!(days().len(), 73_414);
}

/// What the calendar does not have is no date.
#[test]
fn days_that_are_not_in_the_calendar_are_no_dates() {
    for year in 1900..=2100 {
        for month in 0..=13 {
            let most = if (1..=12).contains(&month) { length_of(year, month) } else { 0 };
            for day in (0..=32).filter(|day| *day == 0 || *day > most) {
                let text = format!("{year:04}-{month:02}-{day:02}");
                assert_eq!(DateText::parse(&text), DateText::Invalid, "{text}");
                assert_eq!(LocalTime::midnight(year, month, day), Err(DateError::NoSuchTime), "{text}");
            }
        }
    }
}

proptest! {
    #![proptest_config(tries(120))]

    /// Every method on a date, through a rule, says what the calendar says.
    #[test]
    fn methods_on_dates_are_those_of_the_calendar(day in any_day(), other in any_day(), hour in 0..24_i64, minute in 0..60_i64) {
        let weekend = matches!(day.weekday, 1 | 7);
        let apart = (day.number - other.number).abs();
        let anniversary = to_anniversary(day, other);
        prop_assert!(anniversary <= 183);
        let time = hour * 60 + minute;
        let date = format!("{}T{hour:02}:{minute:02}:59.999", day.iso());
        let other_date = format!("{}T{:02}:00", other.iso(), 23 - hour);
        let minutes = ((day.number - other.number) * 1440 + time - (23 - hour) * 60) * 60_000 + 59_999;
        let later = minutes > 0;
        let minutes = minutes.abs() / 60_000;
        let (d, o) = ("currentTxn.date", "currentCustomer.joinDate");
        let holds = [
            format!("{d}.day()=={}", day.weekday),
            format!("{d}.dayOfMonth()=={}", day.day),
            format!("{d}.month=={}", day.month),
            format!("{d}.year()=={}", day.year),
            format!("{d}.isWeekend()=={weekend}"),
            format!("{d}.isWeekday()!={weekend}"),
            format!("{d}.dateDiff({o})=={apart}"),
            format!("{d}.dateDiff({},{},{})=={apart}", other.year, other.month, other.day),
            format!("{d}.dateDiff(\"{}\")=={apart}", other.iso()),
            format!("{o}.dateDiff({d})=={apart}"),
            format!("{d}.daysDiff({o})=={anniversary}"),
            format!("{d}.daysDiff(\"{}\")=={anniversary}", other.iso()),
            format!("{d}.daysDiffFromString(\"{}\")=={anniversary}", other.iso()),
            format!("{d}.minutesDiff({o})=={minutes}"),
            format!("{d}.isAfter({o})=={later}"),
            format!("{d}.isBefore({o})!={later}"),
            format!("({d}>{o})=={later}"),
            format!("{d}.isAfter({},{},{},{hour},{minute},59)", day.year, day.month, day.day),
            format!("{d}.isBefore({},{},{},{hour},{minute},59)==false", day.year, day.month, day.day),
            format!("{d}.isHourBetween({hour},{})", hour + 1),
            format!("{d}.isTimeBetween({hour},{minute},{},0)", hour + 1),
        ];
        for rule in &holds {
            let decision = decide(rule, &date, &other_date, &Zone::UTC);
            prop_assert_eq!(decision.result, Truth::True, "{} on {} and {}", rule, date, other_date);
        }
    }

    /// Spans of hours and of minutes, past midnight too, by counting minutes.
    #[test]
    fn spans_of_time_hold_each_minute_from_the_first_to_before_the_last(
        now in 0..1440_i64, from in 0..1440_i64, to in 0..=1440_i64,
    ) {
        let date = format!("2024-07-29T{:02}:{:02}:30", now / 60, now % 60);
        let inside = |from: i64, to: i64| {
            // Walk from the first minute on until the last, past midnight.
            let mut at = from;
            if to - from == 1440 {
                return true;
            }
            loop {
                if at % 1440 == to % 1440 { return false; }
                if at % 1440 == now { return true; }
                at += 1;
            }
        };
        if from != to {
            let rule = format!("currentTxn.date.isTimeBetween({},{},{},{})", from / 60, from % 60, to / 60, to % 60);
            prop_assert_eq!(decide(&rule, &date, &date, &Zone::UTC).result, inside(from, to).into(), "{} at {}", rule, date);
        }
        let (from, to) = (from / 60, to / 60);
        if from != to {
            let rule = format!("currentTxn.date.isHourBetween({from},{to})");
            prop_assert_eq!(decide(&rule, &date, &date, &Zone::UTC).result, inside(from * 60, to * 60).into(), "{} at {}", rule, date);
        }
    }

    /// Local times, and the instants of local times in gaps and overlaps, are
    /// those of the library for time, most of all beside the changes of a zone.
    #[test]
    fn zones_are_those_of_the_library(
        name in prop::sample::select(ZONES),
        near in -2_208_988_800_i64..4_102_444_800,
        away in -10_800_000..10_800_000_i64,
    ) {
        let of_library = of_library(name);
        let near = Timestamp::from_second(near).unwrap();
        let change = of_library.following(near).next().map_or(near, |change| change.timestamp());
        for at in [near.as_millisecond(), change.as_millisecond() + away, change.as_millisecond(), change.as_millisecond() - 1] {
            let zoned = Timestamp::from_millisecond(at).unwrap().to_zoned(of_library.clone());
            let local = zone(name).local(Instant::from_milliseconds(at).unwrap());
            prop_assert_eq!(local.date(), (zoned.year().into(), zoned.month().into(), zoned.day().into()));
            prop_assert_eq!((local.hour(), local.minute()), (zoned.hour().into(), zoned.minute().into()));
            prop_assert_eq!(local.weekday(), i64::from(zoned.weekday().to_sunday_one_offset()));
            // The wall may show a time twice or never.
            let civil = zoned.datetime().saturating_add(jiff::SignedDuration::from_millis(away));
            let of_wall = civil.to_zoned(of_library.clone()).unwrap();
            let text = format!("{civil}");
            let resolved = DateText::parse(&text).resolve(&zone(name));
            prop_assert_eq!(resolved.map(Instant::milliseconds), Some(of_wall.timestamp().as_millisecond()), "{} in {}", text, name);
        }
    }

    /// An offset in the data places the instant and does not change the zone.
    #[test]
    fn an_offset_places_the_instant(day in any_day(), minute in 0..1440_i64, offset in -18 * 60..=18 * 60_i64, name in prop::sample::select(ZONES)) {
        let sign = if offset < 0 { '-' } else { '+' };
        let (hours, minutes) = (offset.abs() / 60, offset.abs() % 60);
        let wall = format!("{}T{:02}:{:02}", day.iso(), minute / 60, minute % 60);
        let expected = day.number * DAY + (minute - offset) * 60_000;
        for text in [format!("{wall}{sign}{hours:02}{minutes:02}"), format!("{wall}:00.000{sign}{hours:02}:{minutes:02}")] {
            let instant = DateText::parse(&text).resolve(&zone(name));
            prop_assert_eq!(instant.map(Instant::milliseconds), Some(expected), "{}", text);
        }
    }

    /// Any text at all is a date or none; that which is none is never resolved.
    #[test]
    fn texts_that_are_no_dates(text in "[0-9T:Z.+-]{0,30}") {
        let by_the_law = looks_like_a_date(&text);
        prop_assert_eq!(DateText::parse(&text) != DateText::Invalid, by_the_law, "{}", text);
    }

    /// A date with something put in, taken out or exchanged is a date by the
    /// law or none.
    #[test]
    fn texts_that_are_nearly_dates(
        day in any_day(), rest in prop::sample::select(&["", "T12:20", "T12:20:20.000+0000", "T23:59:59Z", "T00:00:00.1-18:00", "T1:00", " 12:20", " 12:20:20Z", "  12:20", "T12:20:60", "T24:00", "T10:10+18:01"][..]),
        at in any::<prop::sample::Index>(), with in prop::option::of("[0-9T:Z.+ -]"),
    ) {
        let mut text = format!("{}{rest}", day.iso());
        if let Some(with) = with {
            let at = at.index(text.len());
            text.replace_range(at..=at, &with);
        }
        prop_assert_eq!(DateText::parse(&text) != DateText::Invalid, looks_like_a_date(&text), "{}", text);
    }
}

/// A zone of the library, or an offset such as `-02:30`.
fn of_library(name: &str) -> TimeZone {
    let Some((hours, minutes)) = name.strip_prefix(['+', '-']).and_then(|offset| offset.split_once(':'))
    else {
        return TimeZone::get(name).unwrap();
    };
    let minutes = hours.parse::<i32>().unwrap() * 60 + minutes.parse::<i32>().unwrap();
    let seconds = if name.starts_with('-') { -60 * minutes } else { 60 * minutes };
    TimeZone::fixed(jiff::tz::Offset::from_seconds(seconds).unwrap())
}

/// The law's form of a date, taken piece by piece from the left.
fn looks_like_a_date(text: &str) -> bool {
    fn digits(text: &str, count: usize, range: std::ops::RangeInclusive<i64>) -> Option<(i64, &str)> {
        let (digits, rest) = text.split_at_checked(count)?;
        let all = digits.bytes().all(|byte| byte.is_ascii_digit());
        let value = digits.parse().ok().filter(|value| all && range.contains(value))?;
        Some((value, rest))
    }
    fn whole(text: &str) -> Option<()> {
        let (year, rest) = digits(text, 4, 1..=9999)?;
        let (month, rest) = digits(rest.strip_prefix('-')?, 2, 1..=12)?;
        let (_, rest) = digits(rest.strip_prefix('-')?, 2, 1..=length_of(year, month))?;
        if rest.is_empty() {
            return Some(());
        }
        let (_, rest) = digits(rest.strip_prefix(['T', ' '])?, 2, 0..=23)?;
        let (_, mut rest) = digits(rest.strip_prefix(':')?, 2, 0..=59)?;
        if let Some(seconds) = rest.strip_prefix(':') {
            rest = digits(seconds, 2, 0..=59)?.1;
            if let Some(fraction) = rest.strip_prefix('.') {
                rest = fraction.trim_start_matches(|digit: char| digit.is_ascii_digit());
                if rest.len() == fraction.len() {
                    return None;
                }
            }
        }
        if rest.is_empty() || rest == "Z" {
            return Some(());
        }
        let offset = rest.strip_prefix(['+', '-'])?;
        let (hours, offset) = digits(offset, 2, 0..=18)?;
        let (minutes, rest) = digits(offset.strip_prefix(':').unwrap_or(offset), 2, 0..=59)?;
        (rest.is_empty() && hours * 60 + minutes <= 18 * 60).then_some(())
    }
    whole(text).is_some()
}
