//! Values as they stand in JSON.

use std::io::Write;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

/// Writes a text with its quotes. What is no UTF-8 stays what it is, so that who reads it says
/// so.
pub(super) fn quoted(text: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    let mut rest = text;
    while let Some(at) = rest.iter().position(|byte| *byte < 0x20 || matches!(byte, b'"' | b'\\')) {
        let (plain, from) = rest.split_at(at);
        out.extend_from_slice(plain);
        let Some((byte, after)) = from.split_first() else { break };
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', *byte]),
            control => put(out, format_args!("\\u{control:04x}")),
        }
        rest = after;
    }
    out.extend_from_slice(rest);
    out.push(b'"');
}

/// Writes what is displayed so.
pub(super) fn put(out: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    // A vector takes everything.
    let _ = out.write_fmt(text);
}

/// Writes a binary fraction with the fewest digits that tell it; a whole number without a point,
/// for writers make such columns of whole numbers of which some are absent.
pub(super) fn float(value: f64, out: &mut Vec<u8>) {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if value.fract() == 0.0 && value.abs() < EXACT {
        // Minus zero is zero.
        put(out, format_args!("{}", value + 0.0));
    } else if value.is_finite() {
        // A vector takes everything.
        let _ = serde_json::to_writer(out, &value);
    } else {
        put(out, format_args!("\"{value}\""));
    }
}

/// The same of one of single precision.
pub(super) fn short_float(value: f32, out: &mut Vec<u8>) {
    if value.fract() == 0.0 || !value.is_finite() {
        float(f64::from(value), out);
    } else {
        // A vector takes everything.
        let _ = serde_json::to_writer(out, &value);
    }
}

/// A number has at most so many digits as they are read.
const MOST_DIGITS: usize = 28;

/// Writes a whole number of which so many digits stand behind the point.
pub(super) fn decimal(digits: &str, scale: i8, out: &mut Vec<u8>) {
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |digits| ("-", digits));
    out.extend_from_slice(sign.as_bytes());
    let Ok(scale) = usize::try_from(scale) else {
        out.extend_from_slice(digits.as_bytes());
        out.extend((0..scale.unsigned_abs()).map(|_| b'0'));
        return;
    };
    let digits = format!("{digits:0>width$}", width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    let fraction = match digits.len() > MOST_DIGITS {
        true => fraction.trim_end_matches('0'),
        false => fraction,
    };
    out.extend_from_slice(whole.as_bytes());
    if !fraction.is_empty() {
        out.push(b'.');
        out.extend_from_slice(fraction.as_bytes());
    }
}

/// How many of a unit are a second.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unit(pub(super) i64);

const NANOSECONDS: i64 = 1_000_000_000;

impl Unit {
    fn timestamp(self, value: i64) -> Option<Timestamp> {
        let second = value.div_euclid(self.0);
        let nanosecond = value.rem_euclid(self.0) * (NANOSECONDS / self.0);
        Timestamp::new(second, i32::try_from(nanosecond).ok()?).ok()
    }

    fn date_time(self, value: i64) -> Option<DateTime> {
        self.timestamp(value).map(|timestamp| Offset::UTC.to_datetime(timestamp))
    }

    /// Writes a moment: its milliseconds.
    pub(super) fn instant(self, value: i64, out: &mut Vec<u8>) {
        match self.timestamp(value) {
            // A part of a millisecond before 1970 is one of the millisecond before.
            Some(_) if self.0 >= 1_000 => put(out, format_args!("{}", value.div_euclid(self.0 / 1_000))),
            Some(_) => put(out, format_args!("{}", value.saturating_mul(1_000))),
            None => self.none(value, out),
        }
    }

    /// Writes a date and a time that name no zone.
    pub(super) fn local(self, value: i64, out: &mut Vec<u8>) {
        match self.date_time(value) {
            Some(local) => put(out, format_args!("\"{local}\"")),
            None => self.none(value, out),
        }
    }

    /// Writes a day.
    pub(super) fn day(days: i32, out: &mut Vec<u8>) {
        let seconds = i64::from(days) * 86_400;
        match Unit(1).date_time(seconds) {
            Some(local) => put(out, format_args!("\"{}\"", local.date())),
            None => put(out, format_args!("\"{days} days from 1970\"")),
        }
    }

    /// Writes a time of the day.
    pub(super) fn time(self, value: i64, out: &mut Vec<u8>) {
        match self.date_time(value) {
            Some(local) => put(out, format_args!("\"{}\"", local.time())),
            None => self.none(value, out),
        }
    }

    /// What is no date of any calendar is read as none.
    fn none(self, value: i64, out: &mut Vec<u8>) {
        put(out, format_args!("\"{value} / {} s from 1970\"", self.0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8_lossy(&out).into_owned()
    }

    #[test]
    fn numbers_keep_their_digits() {
        let decimals = [
            ("73050", 2, "730.50"),
            ("-5", 2, "-0.05"),
            ("0", 0, "0"),
            ("12", -3, "12000"),
            ("-12", 1, "-1.2"),
            ("1250000000000000000000000000000", 29, "12.5"),
        ];
        for (digits, scale, expected) in decimals {
            assert_eq!(written(|out| decimal(digits, scale, out)), expected);
        }
        let floats = [
            (730.5, "730.5"),
            (1784.0, "1784"),
            (-0.0, "0"),
            (0.1 + 0.2, "0.30000000000000004"),
            (1e300, "1e+300"),
            (f64::NAN, "\"NaN\""),
        ];
        for (value, expected) in floats {
            assert_eq!(written(|out| float(value, out)), expected);
        }
        assert_eq!(written(|out| short_float(0.1, out)), "0.1");
    }

    #[test]
    fn dates_are_those_of_the_column() {
        assert_eq!(written(|out| Unit(1_000_000).instant(-1, out)), "-1");
        assert_eq!(written(|out| Unit(1).instant(5, out)), "5000");
        assert_eq!(written(|out| Unit(1_000).local(1_772_886_020_500, out)), "\"2026-03-07T12:20:20.5\"");
        assert_eq!(written(|out| Unit::day(20_519, out)), "\"2026-03-07\"");
        assert_eq!(written(|out| Unit(1_000).time(44_420_000, out)), "\"12:20:20\"");
        assert!(written(|out| Unit(1).local(i64::MAX, out)).ends_with("s from 1970\""));
    }

    #[test]
    fn texts_are_escaped() {
        assert_eq!(written(|out| quoted(b"a\"b\\c\n\x01", out)), r#""a\"b\\c\u000a\u0001""#);
    }
}
