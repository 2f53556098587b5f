//! Dates that are none, and dates in another unit.

use crate::value::{DateError, DateText, Number, Zone};

/// What is dubious about a date: what it is, and what to do.
pub(super) struct DateDoubt {
    pub(super) message: String,
    pub(super) help: String,
}

/// The forms of a date that are read.
const FORMS: &str = "write `2024-07-29`, `2024-07-29T12:20`, `2024-07-29T12:20:20+05:30`, or whole \
                     milliseconds from 1970 as a number";

/// Seconds up to the year 2286; as milliseconds they are days of early 1970.
const SECONDS: std::ops::Range<i64> = 100_000_000..10_000_000_000;
/// Digits of a day such as 20240729.
const DAYS: std::ops::Range<i64> = 19_000_101..21_000_000;
/// Microseconds from the year 1973 on; as milliseconds they are far away.
const MICROSECONDS: i64 = 100_000_000_000_000;

/// Why a text is no date.
pub(super) fn invalid(text: &str, name: &str) -> Option<DateDoubt> {
    let parsed = text.parse::<DateText>();
    if parsed.is_ok_and(|date| date.resolve(&Zone::UTC).is_some()) {
        return None;
    }
    let why = match parsed {
        Err(DateError::Malformed) => String::new(),
        Err(error) => format!(", since {error}"),
        Ok(_) => format!(", since {}", DateError::OutOfRange),
    };
    let trimmed = text.trim();
    let digits = !trimmed.is_empty() && trimmed.bytes().all(|byte| byte.is_ascii_digit());
    let help = match () {
        () if trimmed.is_empty() => format!("leave the key out, or write `null`; of a date, {FORMS}"),
        () if digits && !DAYS.contains(&trimmed.parse().unwrap_or(0)) => {
            format!("a number of milliseconds stands without quotes; {FORMS}")
        }
        () => FORMS.to_owned(),
    };
    let shown = crate::diagnostic::shortened(text);
    Some(DateDoubt { message: format!("`{name}` is no date: `{shown}`{why}"), help })
}

/// Why a number is dubious as milliseconds from 1970.
pub(super) fn of_another_unit(digits: &str, name: &str) -> Option<DateDoubt> {
    let number = Number::from_json(digits).ok().filter(|number| number.is_whole())?.as_integer()?;
    let (what, help) = if DAYS.contains(&number) {
        let text = number.to_string();
        let part = |range| text.get(range).unwrap_or_default();
        let day = format!("{}-{}-{}", part(0..4), part(4..6), part(6..8));
        DateText::parse(&day).resolve(&Zone::UTC)?;
        ("the digits of a day".to_owned(), format!("write `\"{day}\"`"))
    } else if SECONDS.contains(&number) {
        ("seconds".to_owned(), format!("write milliseconds: `{number}000`"))
    } else if number >= MICROSECONDS {
        (
            "microseconds or less".to_owned(),
            "write milliseconds: 13 digits for a day of this century".to_owned(),
        )
    } else {
        return None;
    };
    let read = match crate::value::Instant::from_milliseconds(number) {
        Ok(instant) => format!("read as milliseconds it is {instant}"),
        Err(_) => "read as milliseconds it is beyond the year 9999".to_owned(),
    };
    Some(DateDoubt { message: format!("`{name}` seems to be {what}, not milliseconds: {read}"), help })
}
