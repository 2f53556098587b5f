//! What is printed is parsed back, what serde writes it reads, and a number is
//! made again from its parts.

use std::fmt::{Debug, Display};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::str::FromStr;

use proptest::prelude::*;
use serde::{Serialize, de::DeserializeOwned};
use target_rules::value::{DateText, LocalTime, Total};
use target_rules::{Instant, Number, Zone};

use super::numbers::{digits, number};
use target_rules_testing::generate::{ZONES, tries, zone};

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// The value after it was printed and parsed.
fn parsed<T: Display + FromStr<Err: Debug>>(value: &T) -> T {
    value.to_string().parse().unwrap()
}

/// The value after it was written with serde, as the string that is printed,
/// and read.
fn reread<T: Display + Serialize + DeserializeOwned>(value: &T) -> T {
    let written = serde_json::to_string(value).unwrap();
    assert_eq!(written, format!("\"{value}\""));
    serde_json::from_str(&written).unwrap()
}

/// Numbers as documents have them, and what is computed from them: these may
/// have a digit more.
fn any_number() -> impl Strategy<Value = Number> {
    (digits(), digits(), 0..4_usize).prop_map(|(left, right, operation)| {
        let (left, right) = (number(&left), number(&right));
        let operations = [Number::plus, Number::minus, Number::times, Number::divided_by];
        operations[operation](left, right).unwrap_or(left)
    })
}

const FIRST: i64 = -62_135_596_800_000;
const LAST: i64 = 253_402_300_799_999;
const YEAR_0: i64 = 366 * 86_400_000;

proptest! {
    #![proptest_config(tries(150))]

    #[test]
    fn numbers_come_back(value in any_number()) {
        prop_assert_eq!(parsed(&value), value);
        prop_assert_eq!(reread(&value), value);
        prop_assert_eq!(Number::from_parts(value.mantissa(), value.scale()), Ok(value));
        prop_assert_eq!(-(-value), value);
        prop_assert_eq!(value.abs(), if value < Number::ZERO { -value } else { value });
    }

    /// Equal numbers are one value, however many zeros were written.
    #[test]
    fn zeros_at_the_end_make_no_other_number(value in any_number(), zeros in 1..9_usize) {
        let text = value.to_string();
        let point = if text.contains('.') { "" } else { "." };
        let longer: Number = format!("{text}{point}{}", "0".repeat(zeros)).parse().unwrap();
        prop_assert_eq!(longer, value);
        prop_assert_eq!(longer.cmp(&value), std::cmp::Ordering::Equal);
        prop_assert_eq!(hash(&longer), hash(&value));
        prop_assert_eq!(longer.to_string(), text);
    }

    /// A number of parts is theirs exactly, or none.
    #[test]
    fn parts_are_never_rounded(mantissa in any::<i128>(), shift in 0..127_u32, scale in 0..40_u32) {
        let mantissa = mantissa >> shift;
        let Ok(value) = Number::from_parts(mantissa, scale) else { return Ok(()) };
        prop_assert!(value.scale() <= scale);
        // Of zero the scale may be more than a power of ten can follow.
        let widened = 10_i128.checked_pow(scale - value.scale()).map(|power| value.mantissa() * power);
        prop_assert_eq!(widened.unwrap_or(value.mantissa()), mantissa);
    }

    #[test]
    fn integers_come_back(value in any::<i64>(), low in any::<u8>()) {
        let number = Number::from(value);
        prop_assert_eq!(number, Number::from_integer(value));
        prop_assert_eq!(number.to_string(), value.to_string());
        prop_assert_eq!(i64::try_from(number), Ok(value));
        prop_assert_eq!(i128::try_from(number), Ok(i128::from(value)));
        prop_assert_eq!(u64::try_from(number).ok(), u64::try_from(value).ok());
        prop_assert_eq!(u8::try_from(number).ok(), u8::try_from(value).ok());
        prop_assert_eq!(u8::try_from(Number::from(low)), Ok(low));
        let half = number.plus(Number::from_parts(5, 1).unwrap()).unwrap();
        prop_assert!(i64::try_from(half).is_err());
    }

    #[test]
    fn totals_come_back(values in prop::collection::vec(any_number(), 0..6)) {
        let total = Total::of(values).unwrap();
        prop_assert_eq!(parsed(&total), total);
        prop_assert_eq!(reread(&total), total);
    }

    #[test]
    fn dates_come_back(milliseconds in FIRST..=LAST, before in 0..YEAR_0, name in prop::sample::select(ZONES)) {
        let instant = Instant::from_milliseconds(milliseconds).unwrap();
        prop_assert_eq!(instant.milliseconds(), milliseconds);
        prop_assert_eq!(parsed(&instant), instant);
        prop_assert_eq!(reread(&instant), instant);
        prop_assert_eq!(parsed(&DateText::from(instant)), DateText::Instant(instant));
        for wall in [milliseconds, FIRST - 1 - before, zone(name).local(instant).milliseconds()] {
            let local = LocalTime::from_milliseconds(wall).unwrap();
            prop_assert_eq!(parsed(&local), local);
            prop_assert_eq!(reread(&local), local);
            prop_assert_eq!(parsed(&DateText::from(local)), DateText::Local(local));
            let (year, month, day) = local.date();
            let again = LocalTime::midnight(year, month, day).unwrap();
            let again = again.at(local.hour(), local.minute(), local.second()).unwrap();
            prop_assert_eq!(again.milliseconds() + local.millisecond(), wall);
        }
    }

    /// A zone leads from a local time that it shows once back to its instant.
    #[test]
    fn zones_lead_there_and_back(milliseconds in FIRST..=LAST, name in prop::sample::select(ZONES)) {
        let zone = zone(name);
        let instant = Instant::from_milliseconds(milliseconds).unwrap();
        let Ok(back) = zone.instant(zone.local(instant)) else { return Ok(()) };
        // Where clocks were set back, the wall shows a time twice.
        prop_assert!(back == instant || zone.local(back) == zone.local(instant));
    }
}

#[test]
fn zones_come_back() {
    for name in ZONES {
        let zone: Zone = name.parse().unwrap();
        assert_eq!(zone.to_string(), name.to_string());
        assert_eq!((parsed(&zone), reread(&zone)), (zone.clone(), zone.clone()));
        assert_eq!(hash(&parsed(&zone)), hash(&zone));
    }
    let mut names: Vec<&str> = ZONES.to_vec();
    let mut zones: Vec<Zone> = names.iter().map(|name| name.parse().unwrap()).collect();
    names.sort_unstable();
    zones.sort();
    assert_eq!(zones.iter().map(Zone::name).collect::<Vec<_>>(), names);
}
