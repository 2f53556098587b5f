//! Extreme arguments of public functions: an error or a value, and no panic.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use target_rules::condition::{DateDistance, DatePart};
use target_rules::value::{DateText, LocalTime, Total};
use target_rules::{Ast, Instant, Layout, Limits, Number, Schema, Zone};

/// Milliseconds, years, days and what else counts: the ends of what fits, and of
/// what is a date.
fn counts() -> Vec<i64> {
    let ends = [
        0,
        1,
        23,
        24,
        59,
        60,
        9_999,
        10_000,
        i64::from(i32::MAX),
        86_400_000,
        Instant::MAX.milliseconds(),
        Instant::MIN.milliseconds(),
        // The last date of JavaScript, and a tenth of it.
        8_640_000_000_000_000,
        864_000_000_000_000,
        // In seconds, microseconds and nanoseconds what was meant in milliseconds.
        1_723_193_084,
        1_723_193_084_000_000,
        1_723_193_084_000_000_000,
        i64::MAX,
        i64::MIN,
    ];
    let near = |end: i64| [-1, 0, 1].map(|step| end.saturating_add(step));
    let mut counts: Vec<i64> = ends.into_iter().flat_map(near).collect();
    counts.extend(counts.clone().into_iter().map(i64::saturating_neg));
    counts
}

fn zones() -> Vec<Zone> {
    let names = [
        "UTC",
        "+18:00",
        "-18:00",
        "-00:01",
        "Asia/Kolkata",
        "America/New_York",
        "Africa/Monrovia",
        "Asia/Manila",
        "Pacific/Apia",
        "Pacific/Kiritimati",
        "Etc/GMT+12",
        "Europe/Dublin",
    ];
    names.map(|name| Zone::named(name).unwrap()).to_vec()
}

/// Asks a local time for everything that it knows.
fn look_at(local: LocalTime) {
    let (year, month, day) = local.date();
    assert!((0..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day), "{local}");
    assert!((0..24).contains(&local.hour()) && (0..60).contains(&local.minute()), "{local}");
    assert!((0..60).contains(&local.second()) && (0..1000).contains(&local.millisecond()), "{local}");
    assert!((1..=7).contains(&local.weekday()), "{local}");
    assert_eq!(local.to_string().parse(), Ok(local));
    assert!(!local.day_in_words().is_empty());
    for part in
        [DatePart::Weekday, DatePart::DayOfMonth, DatePart::Month, DatePart::Year, DatePart::MinuteOfDay]
    {
        assert!(local.part(part) >= 0, "{local}");
    }
    assert_eq!(LocalTime::from_milliseconds(local.milliseconds()), Ok(local));
}

#[test]
fn no_count_makes_a_date_panic() {
    let (counts, zones) = (counts(), zones());
    for &count in &counts {
        let instant = Instant::from_milliseconds(count);
        assert_eq!(
            instant.is_ok(),
            (Instant::MIN.milliseconds()..=Instant::MAX.milliseconds()).contains(&count)
        );
        let local = LocalTime::from_milliseconds(count);
        for zone in &zones {
            if let Ok(instant) = instant {
                look_at(zone.local(instant));
                assert_eq!(zone.written(instant).parse(), Ok(instant), "{zone}");
            }
            if let Ok(local) = local {
                look_at(local);
                // The clock shows it, moved by an hour or so at most where it is set; or it is beyond the years.
                if let Ok(instant) = zone.instant(local) {
                    let back = zone.local(instant).milliseconds();
                    assert!(back.abs_diff(local.milliseconds()) <= 86_400_000, "{zone} {local}");
                }
                let resolved = DateText::from(local).resolve(zone);
                assert_eq!(resolved, zone.instant(local).ok(), "{zone} {local}");
            }
        }
        for &other in &counts {
            let _ = LocalTime::midnight(count, other, 1).map(look_at);
            let _ = LocalTime::midnight(2024, count, other).map(look_at);
            let day = LocalTime::midnight(9999, 12, 31).unwrap();
            let _ = day.at(count, other, 0).map(look_at);
            let _ = day.at(0, count, other).map(look_at);
            if let (Ok(from), Ok(to)) = (instant, Instant::from_milliseconds(other)) {
                for distance in [DateDistance::Days, DateDistance::Anniversary, DateDistance::Minutes] {
                    for zone in &zones {
                        assert!(distance.between(from, to, zone) >= 0);
                    }
                }
            }
        }
    }
}

#[test]
fn no_clock_makes_an_instant_panic() {
    let steps =
        [Duration::ZERO, Duration::from_nanos(1), Duration::from_secs(864_000_000_000), Duration::MAX];
    let ends =
        steps.into_iter().flat_map(|step| [UNIX_EPOCH.checked_add(step), UNIX_EPOCH.checked_sub(step)]);
    let farthest = |sign: fn(&SystemTime, Duration) -> Option<SystemTime>| {
        let mut time = UNIX_EPOCH;
        for bits in (0..64).rev() {
            time = sign(&time, Duration::from_secs(1 << bits)).unwrap_or(time);
        }
        Some(time)
    };
    let farthest = [farthest(SystemTime::checked_add), farthest(SystemTime::checked_sub)];
    for time in ends.chain(farthest).flatten() {
        let _ = Instant::try_from(time);
    }
}

#[test]
fn no_name_makes_a_zone_panic_or_stands_for_another() {
    let none = [
        "",
        " ",
        " UTC",
        "UTC ",
        "UTC\0",
        "Etc/Unknown",
        "etc/unknown",
        "ETC/UNKNOWN",
        "Unknown",
        "IST",
        "Local",
        "localtime",
        "/etc/localtime",
        "../UTC",
        "Europe",
        "Europe/",
        "+",
        "-",
        "+1",
        "+18:01",
        "-18:01",
        "+00:60",
        "+99:99",
        "+1:000",
        "+01:00:00",
        "+0١:00",
        "\u{2212}05:00",
        "EST5EDT,M3.2.0,M11.1.0",
    ];
    for name in none {
        let refused = Zone::named(name).unwrap_err();
        assert_eq!(refused.name(), name);
        assert!(!refused.to_string().contains(|character: char| character.is_control()), "{name:?}");
    }
    let long = "A".repeat(1 << 20);
    assert!(Zone::named(&long).is_err());
    for (name, same) in [("utc", "UTC"), ("+00:00", "UTC"), ("asia/KOLKATA", "Asia/Kolkata")] {
        assert_eq!(Zone::named(name).unwrap().name(), same);
    }
}

#[test]
fn no_number_panics() {
    let mantissas =
        [0, 1, -1, 10, i128::MAX, i128::MIN, 1 << 96, (1 << 96) - 1, 10_i128.pow(28), 10_i128.pow(38)];
    let scales = [0, 1, 27, 28, 29, 96, 255, 256, u32::MAX];
    let mut numbers: Vec<Number> = Vec::new();
    for mantissa in mantissas.into_iter().flat_map(|mantissa| [mantissa, mantissa.saturating_neg()]) {
        numbers.extend(scales.iter().filter_map(|scale| Number::from_parts(mantissa, *scale).ok()));
    }
    numbers.extend(counts().into_iter().map(Number::from));
    numbers.extend([u64::MAX].map(Number::from));
    for left in &numbers {
        assert_eq!(left.to_string().parse(), Ok(*left));
        assert_eq!(left.negate().negate(), *left);
        assert!(!left.abs().is_negative());
        let _ = (left.as_integer(), left.is_whole(), left.mantissa(), left.scale());
        for right in &numbers {
            let computed = [
                left.plus(*right),
                left.minus(*right),
                left.times(*right),
                left.divided_by(*right),
                left.remainder(*right),
                Total::of([*left, *right]).and_then(Total::number),
            ];
            for number in computed.into_iter().flatten() {
                assert_eq!(number.to_string().parse(), Ok(number), "{left} {right}");
            }
        }
    }
    // Sums of sums, up to where they no longer fit.
    let mut total = Total::from(Number::from_parts(10_i128.pow(28) - 1, 0).unwrap());
    for _ in 0..200 {
        let Ok(twice) = total.plus(total) else { return };
        let _ = (twice.number(), twice.as_integer(), twice.to_string());
        total = twice;
    }
}

/// Every limit at its ends: inputs are read or refused.
#[test]
fn no_limit_makes_a_door_panic() {
    let schema = Schema::standard();
    for limit in Limits::ALL {
        for value in [0, 1, 2, limit.hardest.unwrap_or(usize::MAX)] {
            let mut limits = Limits::default();
            if limits.set(limit.name, value).is_err() {
                continue;
            }
            for text in ["currentTxn.value>5&&currentTxn.number.matches(\"a{2,9}\")", "(((true)))", "x", ""] {
                let _ = Ast::from_text(text, &limits).map(|ast| ast.check(&schema, &limits));
                let _ = Ast::from_tree(text, &limits);
            }
            let _ = Ast::from_tree(r#"{"type": "x", "operands": [1, [2]]}"#, &limits);
            let _ = schema.with(r#"{"events": {"spin": {"minutes": {"type": "number"}}}}"#, &limits);
            let usual = Limits::default();
            let rule = Ast::from_text("currentTxn.value>5", &usual).unwrap().check(&schema, &usual);
            let layout = Layout::of([&rule.into_rule().unwrap()]);
            let _ = layout.read(r#"{"currentTxn": {"value": 7, "lineItems": [{"qty": 1}, {}]}}"#, &limits);
        }
    }
}
