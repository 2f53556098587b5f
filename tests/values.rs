//! Values as Rust users expect them: what is refused, and in which words; what
//! serde writes of reports, and what it reads back.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::{Duration, UNIX_EPOCH};

use target_rules::value::{
    DateError, DateText, LocalTime, NotAnInteger, NumberFault, NumberForm, Pattern, Total,
};
use target_rules::{Instant, Limits, Number, Truth, Zone};

/// The text of an error, which must be one.
fn told(error: impl std::error::Error) -> String {
    error.to_string()
}

#[test]
fn a_number_is_parsed_as_a_document_has_it_and_as_it_is_printed() {
    for (text, printed) in [
        ("0", "0"),
        ("-0.00", "0"),
        ("1.50", "1.5"),
        ("1e3", "1000"),
        ("25E-1", "2.5"),
        // 29 digits: a result that no document may hold.
        ("7.9228162514264337593543950335", "7.9228162514264337593543950335"),
        ("-9999999999999999999999999999", "-9999999999999999999999999999"),
        ("0.0000000000000000000000000001", "0.0000000000000000000000000001"),
    ] {
        assert_eq!(text.parse::<Number>().unwrap().to_string(), printed);
    }
    for text in
        ["", "-", "+1", ".5", "5.", "007", "1,204", "1_000", " 1", "1 ", "0x10", "NaN", "inf", "1e", "--1"]
    {
        assert_eq!(text.parse::<Number>(), Err(NumberForm::Malformed), "{text}");
    }
    for text in [
        "1e28",
        "10000000000000000000000000000",
        "1e-29",
        "0.00000000000000000000000000001",
        "7.9228162514264337593543950336",
        "1e999999999999",
        "-79228162514264337593543950335",
    ] {
        assert_eq!(text.parse::<Number>(), Err(NumberForm::OutOfRange), "{text}");
    }
    let digit_too_many = "7.9228162514264337593543950335";
    assert_eq!(Number::from_json(digit_too_many), Err(NumberForm::OutOfRange));
    assert_eq!(Number::from_literal("0007.50"), "7.5".parse());
    assert_eq!(Number::from_literal("1e3"), Err(NumberForm::Malformed));
    assert_eq!(Number::from_literal("1000000000000000000"), Err(NumberForm::OutOfRange));
}

#[test]
fn a_number_of_parts_is_exact_or_refused() {
    assert_eq!(Number::from_parts(0, u32::MAX), Ok(Number::ZERO));
    assert_eq!(Number::from_parts(100, 2), Ok(Number::from(1)));
    assert_eq!(Number::from_parts(10_i128.pow(38), 38), Ok(Number::from(1)));
    assert_eq!(Number::from_parts(-5, 28).unwrap().scale(), 28);
    let highest = 10_i128.pow(28) - 1;
    assert_eq!(Number::from_parts(highest, 0).unwrap().mantissa(), highest);
    for (mantissa, scale) in [
        (10_i128.pow(28), 0),
        (-(10_i128.pow(28)), 0),
        (5, 29),
        (1 << 96, 1),
        (i128::MAX, 28),
        (i128::MIN, 28),
        (3, u32::MAX),
    ] {
        assert_eq!(Number::from_parts(mantissa, scale), Err(NumberForm::OutOfRange), "{mantissa} {scale}");
    }
}

#[test]
fn numbers_and_integers_become_each_other_where_they_can() {
    assert_eq!(Number::default(), Number::ZERO);
    assert_eq!(Number::from(u64::MAX).to_string(), u64::MAX.to_string());
    assert_eq!(Number::from(i64::MIN), Number::from_integer(i64::MIN));
    assert_eq!(Number::from(usize::MAX).to_string(), usize::MAX.to_string());
    assert_eq!(Number::try_from(10_u128.pow(28)), Err(NumberForm::OutOfRange));
    assert_eq!(Number::try_from(u128::MAX), Err(NumberForm::OutOfRange));
    assert_eq!(Number::try_from(7_i128), Ok(Number::from(7_u8)));
    assert_eq!(i8::try_from(Number::from(-128)), Ok(-128));
    assert_eq!(i8::try_from(Number::from(128)), Err(NotAnInteger));
    assert_eq!(u32::try_from(Number::from(-1)), Err(NotAnInteger));
    assert_eq!(i64::try_from(Number::from_parts(5, 1).unwrap()), Err(NotAnInteger));
    assert!(told(NotAnInteger).contains("fraction"));
    assert_eq!(-Number::ZERO, Number::ZERO);
    assert!(!(-Number::ZERO).is_negative() && Number::ZERO.is_zero());
}

#[test]
fn serde_reads_numbers_exactly_or_not_at_all() {
    let read = |json: &str| serde_json::from_str::<Number>(json);
    assert_eq!(read(r#""730.50""#).unwrap(), Number::from_parts(73_050, 2).unwrap());
    assert_eq!(read("730").unwrap(), Number::from(730));
    assert_eq!(read("-730").unwrap(), Number::from(-730));
    assert_eq!(read("18446744073709551615").unwrap(), Number::from(u64::MAX));
    // serde_json gives these as binary fractions.
    for json in ["730.50", "1e3", "18446744073709551616"] {
        let refused = read(json).unwrap_err().to_string();
        assert!(refused.contains("a string of its digits"), "{refused}");
    }
    assert!(read(r#""1,204""#).unwrap_err().to_string().contains("this is no number"));
    assert!(read("null").is_err() && read("true").is_err() && read("[]").is_err());
}

#[test]
fn a_date_that_is_none_says_why() {
    for (text, why) in [
        ("", DateError::Malformed),
        ("2024-8-9", DateError::Malformed),
        ("20240809", DateError::Malformed),
        ("2024-08-09T", DateError::Malformed),
        ("2024-08-09T14:14:44.", DateError::Malformed),
        ("2024-08-09T14:14+18:01", DateError::Malformed),
        ("1723193084000", DateError::Malformed),
        ("2023-02-29", DateError::NoSuchTime),
        ("2024-13-01", DateError::NoSuchTime),
        ("2024-08-09T24:00", DateError::NoSuchTime),
        ("2024-08-09T23:59:60Z", DateError::NoSuchTime),
        ("0001-01-01T00:00:00+00:01", DateError::OutOfRange),
        ("9999-12-31T23:59:59-00:01", DateError::OutOfRange),
    ] {
        assert_eq!(text.parse::<DateText>(), Err(why), "{text}");
        assert_eq!(DateText::parse(text), DateText::Invalid, "{text}");
    }
    assert_eq!("2024-08-09T14:14".parse::<Instant>(), Err(DateError::NoOffset));
    assert_eq!("2024-08-09".parse::<Instant>(), Err(DateError::NoOffset));
    assert_eq!("2024-08-09T14:14Z".parse::<LocalTime>(), Err(DateError::WithOffset));
    assert!(told(DateError::Malformed).contains("`2024-08-09`"));
    assert_eq!(DateText::Invalid.to_string(), "invalid date");
    assert!(serde_json::from_str::<Instant>(r#""2024-08-09""#).unwrap_err().to_string().contains("offset"));
    assert!(serde_json::from_str::<Instant>("1723193084000").is_err());
}

#[test]
fn local_times_are_those_of_calendar_and_clock() {
    let midnight = LocalTime::midnight(2024, 2, 29).unwrap();
    assert_eq!(midnight, "2024-02-29".parse().unwrap());
    assert_eq!(midnight.at(23, 59, 59), "2024-02-29T23:59:59".parse());
    // A time of day takes the place of the one before.
    assert_eq!(midnight.at(23, 59, 59).unwrap().at(1, 0, 0), midnight.at(1, 0, 0));
    for (year, month, day) in [(2023, 2, 29), (2024, 0, 1), (2024, 1, 0), (2024, 13, 1), (2024, 1, i64::MAX)]
    {
        assert_eq!(LocalTime::midnight(year, month, day), Err(DateError::NoSuchTime));
    }
    for year in [-1, 10_000, i64::MIN, i64::MAX] {
        assert_eq!(LocalTime::midnight(year, 1, 1), Err(DateError::OutOfRange));
    }
    for (hour, minute, second) in [(24, 0, 0), (0, 60, 0), (0, 0, 60), (-1, 0, 0), (i64::MAX, 0, 0)] {
        assert_eq!(midnight.at(hour, minute, second), Err(DateError::NoSuchTime));
    }
    let first = LocalTime::midnight(0, 1, 1).unwrap();
    assert_eq!(LocalTime::from_milliseconds(first.milliseconds()), Ok(first));
    assert_eq!(LocalTime::from_milliseconds(first.milliseconds() - 1), Err(DateError::OutOfRange));
    let last = LocalTime::midnight(9999, 12, 31).unwrap().at(23, 59, 59).unwrap();
    assert!(LocalTime::from_milliseconds(last.milliseconds() + 999).is_ok());
    assert_eq!(LocalTime::from_milliseconds(last.milliseconds() + 1_000), Err(DateError::OutOfRange));
}

/// In the last hours of the year 0000 New York's wall shows what is the year
/// 0001 in UTC; in the last of 9999 it is the year 10000.
#[test]
fn a_local_time_at_the_ends_of_time_is_an_instant_where_utc_has_it() {
    let new_york = Zone::named("America/New_York").unwrap();
    let local = |text: &str| text.parse::<LocalTime>().unwrap();
    assert!(new_york.instant(local("0000-12-31T23:00")).is_ok());
    assert_eq!(new_york.instant(local("0000-12-31T12:00")), Err(DateError::OutOfRange));
    assert_eq!(new_york.instant(local("9999-12-31T23:00")), Err(DateError::OutOfRange));
    assert_eq!(Zone::UTC.instant(local("9999-12-31T23:59:59.999")), Ok(Instant::MAX));
    assert_eq!(Instant::MIN.to_string(), "0001-01-01T00:00:00Z");
}

#[test]
fn an_instant_of_the_systems_clock_is_its_millisecond() {
    let at = |offset: i64| match offset {
        0.. => UNIX_EPOCH + Duration::from_micros(offset.unsigned_abs()),
        _ => UNIX_EPOCH - Duration::from_micros(offset.unsigned_abs()),
    };
    for (micros, milliseconds) in [(0, 0), (999, 0), (1_000, 1), (-1, -1), (-1_000, -1), (-1_001, -2)] {
        let instant = Instant::try_from(at(micros)).unwrap();
        assert_eq!(instant.milliseconds(), milliseconds, "{micros}");
    }
    let far = UNIX_EPOCH + Duration::from_secs(300_000_000_000);
    assert_eq!(Instant::try_from(far), Err(DateError::OutOfRange));
}

#[test]
fn truth_is_a_bool_where_it_is_known() {
    for (truth, known, word) in [
        (Truth::True, Some(true), "true"),
        (Truth::False, Some(false), "false"),
        (Truth::Unknown, None, "unknown"),
    ] {
        assert_eq!((truth.as_bool(), Truth::from(known)), (known, truth));
        assert_eq!((truth.to_string().as_str(), word.parse()), (word, Ok(truth)));
        assert_eq!(serde_json::to_string(&truth).unwrap(), format!("\"{word}\""));
        assert_eq!(serde_json::from_str::<Truth>(&format!("\"{word}\"")).unwrap(), truth);
        assert_eq!(
            [truth.is_true(), truth.is_false(), truth.is_unknown()].map(usize::from).iter().sum::<usize>(),
            1
        );
    }
    assert!(told("True".parse::<Truth>().unwrap_err()).contains("`unknown`"));
}

#[test]
fn zones_are_known_by_their_names() {
    assert_eq!(Zone::default(), Zone::UTC);
    assert_eq!(Zone::named("utc").unwrap(), Zone::UTC);
    assert_ne!(Zone::named("Asia/Kolkata").unwrap(), Zone::UTC);
    let unknown = "Mars/Olympus".parse::<Zone>().unwrap_err();
    assert_eq!(unknown.name(), "Mars/Olympus");
    let refused = serde_json::from_str::<Zone>(r#""Mars/Olympus""#).unwrap_err().to_string();
    assert!(refused.starts_with(&told(unknown)), "{refused}");
}

#[test]
fn patterns_are_parsed_and_printed() {
    assert_eq!(Pattern::COMPILED_SIZE, Limits::default().regex_compiled);
    assert_eq!(Pattern::STATES, Limits::default().regex_states);
    assert_eq!(Pattern::STEPS, Limits::default().regex_steps);
    let pattern: Pattern = r"^\d{3}$".parse().unwrap();
    assert_eq!(pattern.to_string().parse::<Pattern>().unwrap(), pattern);
    // The same source looked for as a whole is another pattern.
    assert_ne!(Pattern::compile(r"^\d{3}$", true, Pattern::COMPILED_SIZE, Pattern::STATES).unwrap(), pattern);
    assert_eq!(
        told("ab[".parse::<Pattern>().unwrap_err()),
        "byte 2: this `[` is never closed; add the `]`, or write `\\[` for the character itself"
    );
    assert!("(.{1,500}){500}".parse::<Pattern>().unwrap_err().limit.is_some());
}

#[test]
fn faults_of_numbers_are_told_in_words() {
    assert!(told(NumberFault::DivisionByZero).contains("zero"));
    assert!(told(NumberFault::Overflow).contains("10^28"));
    assert!(told(NumberForm::Malformed).contains("`1204`"));
    assert!(told(NumberForm::OutOfRange).contains("digits"));
    assert!(told("1e".parse::<Total>().unwrap_err()).contains("this is no number"));
}
