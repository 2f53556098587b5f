//! Parses the digits of numbers, in rules, in documents and in printed numbers.

use std::fmt;
use std::str::FromStr;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::number::Number;
use super::number_error::NumberForm;

const LITERAL_INTEGER_DIGITS: usize = 18;
const LITERAL_FRACTION_DIGITS: usize = 9;
/// The most significant digits of a number in a document.
const DOCUMENT_DIGITS: i64 = 28;
/// The most significant digits of any number: a computed one may have one more.
const MOST_DIGITS: i64 = 29;
const MOST_FRACTION_DIGITS: i64 = 28;

impl Number {
    /// A number from a mantissa and the count of its digits behind the point:
    /// minor units, such as cents with a scale of 2. Exact or an error, never
    /// rounded.
    ///
    /// Fails for 10^28 or more, for more than 28 fraction digits, and for a
    /// mantissa above 96 bits. Zeros at the end of the fraction do not count.
    ///
    /// ```
    /// use target_rules::value::NumberForm;
    /// use target_rules::Number;
    /// assert_eq!(Number::from_parts(73_050, 2)?.to_string(), "730.5");
    /// assert_eq!(Number::from_parts(1, 29), Err(NumberForm::OutOfRange));
    /// # Ok::<(), NumberForm>(())
    /// ```
    pub fn from_parts(mantissa: i128, scale: u32) -> Result<Number, NumberForm> {
        if mantissa == 0 {
            return Ok(Number::ZERO);
        }
        let (mut mantissa, mut scale) = (mantissa, scale);
        while scale > 0 && mantissa.checked_rem(10) == Some(0) {
            mantissa = mantissa.checked_div(10).unwrap_or(mantissa);
            scale = scale.saturating_sub(1);
        }
        Number::of(mantissa, scale)
    }

    /// Parses a literal of a rule: digits, optionally a point and more digits;
    /// in an expression tree also a sign. At most 18 integer digits (leading
    /// zeros do not count) and 9 fraction digits.
    ///
    /// ```
    /// use target_rules::value::NumberForm;
    /// use target_rules::Number;
    /// assert_eq!(Number::from_literal("007.50")?.to_string(), "7.5");
    /// assert_eq!(Number::from_literal("1e3"), Err(NumberForm::Malformed));
    /// # Ok::<(), NumberForm>(())
    /// ```
    pub fn from_literal(text: &str) -> Result<Number, NumberForm> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (integer, fraction) = match digits.split_once('.') {
            Some((integer, fraction)) => (integer, Some(fraction)),
            None => (digits, None),
        };
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !all_digits(integer) || !fraction.is_none_or(all_digits) {
            return Err(NumberForm::Malformed);
        }
        if integer.trim_start_matches('0').len() > LITERAL_INTEGER_DIGITS
            || fraction.unwrap_or("").len() > LITERAL_FRACTION_DIGITS
        {
            return Err(NumberForm::OutOfRange);
        }
        if !integer.starts_with('0') {
            return read(text, MOST_DIGITS);
        }
        read(
            &format!(
                "{}{}{}",
                if text.starts_with('-') { "-" } else { "" },
                if integer.trim_start_matches('0').is_empty() {
                    "0"
                } else {
                    integer.trim_start_matches('0')
                },
                fraction.map(|digits| format!(".{digits}")).unwrap_or_default()
            ),
            MOST_DIGITS,
        )
    }

    /// Parses a number of a transaction document from its digits: the form of a
    /// JSON number, with or without exponent. It must be below 10^28, with at
    /// most 28 fraction digits and at most 28 digits from the first that is not
    /// zero to the last, up to the units at least. Trailing zeros of the
    /// fraction do not count.
    ///
    /// ```
    /// use target_rules::value::NumberForm;
    /// use target_rules::Number;
    /// assert_eq!(Number::from_json("1.5e3")?, Number::from(1_500));
    /// assert_eq!(Number::from_json("007"), Err(NumberForm::Malformed));
    /// # Ok::<(), NumberForm>(())
    /// ```
    pub fn from_json(text: &str) -> Result<Number, NumberForm> {
        read(text, DOCUMENT_DIGITS)
    }
}

/// Parses the form of [`Number::from_json`]. It also accepts every printed
/// number, even if a document may not hold it: a result may have 29 digits.
///
/// ```
/// use target_rules::Number;
/// let number: Number = "730.50".parse()?;
/// assert_eq!(number.to_string().parse(), Ok(number));
/// assert!("1,204".parse::<Number>().is_err());
/// # Ok::<(), target_rules::value::NumberForm>(())
/// ```
impl FromStr for Number {
    type Err = NumberForm;

    fn from_str(text: &str) -> Result<Number, NumberForm> {
        read(text, MOST_DIGITS)
    }
}

/// Parses the form of a JSON number, of at most `most` significant digits.
fn read(text: &str, most: i64) -> Result<Number, NumberForm> {
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (integer, fraction) = match mantissa.split_once('.') {
        Some((integer, fraction)) if !fraction.is_empty() => (integer, fraction),
        Some(_) => return Err(NumberForm::Malformed),
        None => (mantissa, ""),
    };
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if integer.is_empty()
        || !is_digits(integer)
        || !is_digits(fraction)
        || (integer.len() > 1 && integer.starts_with('0'))
    {
        return Err(NumberForm::Malformed);
    }
    let exponent = match exponent {
        Some(exponent) => read_exponent(exponent)?,
        None => 0,
    };
    let digits = || integer.bytes().chain(fraction.bytes());
    let Some(first) = digits().position(|digit| digit != b'0') else {
        return Ok(Number::ZERO);
    };
    let count = integer.len().saturating_add(fraction.len());
    let zeros = digits().rev().take_while(|digit| *digit == b'0').count();
    let significant = count.saturating_sub(zeros).saturating_sub(first);
    // The number is `significant` x 10^-scale.
    let scale = i64::try_from(fraction.len())
        .unwrap_or(i64::MAX)
        .saturating_sub(exponent)
        .saturating_sub(i64::try_from(zeros).unwrap_or(i64::MAX));
    let written =
        i64::try_from(significant).unwrap_or(i64::MAX).saturating_add(scale.saturating_neg().max(0));
    if scale > MOST_FRACTION_DIGITS || written > most {
        return Err(NumberForm::OutOfRange);
    }
    let mut coefficient: i128 = 0;
    for digit in digits().skip(first).take(significant) {
        coefficient = coefficient.saturating_mul(10).saturating_add(i128::from(digit.saturating_sub(b'0')));
    }
    for _ in 0..scale.saturating_neg().max(0) {
        coefficient = coefficient.saturating_mul(10);
    }
    let coefficient = if negative { coefficient.saturating_neg() } else { coefficient };
    let scale = u32::try_from(scale.max(0)).unwrap_or(0);
    Number::of(coefficient, scale)
}

fn read_exponent(text: &str) -> Result<i64, NumberForm> {
    let (negative, digits) = match text.strip_prefix(['+', '-']) {
        Some(rest) => (text.starts_with('-'), rest),
        None => (false, text),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NumberForm::Malformed);
    }
    // An exponent of more than nine digits is beyond any number.
    let significant = digits.trim_start_matches('0');
    let magnitude =
        if significant.len() > 9 { i64::from(u32::MAX) } else { significant.parse().unwrap_or(0) };
    Ok(if negative { magnitude.saturating_neg() } else { magnitude })
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Number, D::Error> {
        // Only a self-describing format can tell a string from an integer.
        if deserializer.is_human_readable() {
            deserializer.deserialize_any(Digits)
        } else {
            deserializer.deserialize_str(Digits)
        }
    }
}

/// Refuses `f64`, because it has lost the digits that were written.
struct Digits;

impl Visitor<'_> for Digits {
    type Value = Number;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a number as a string of its digits, or an integer")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Number, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Number, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Number, E> {
        Ok(value.into())
    }

    fn visit_i128<E: Error>(self, value: i128) -> Result<Number, E> {
        value.try_into().map_err(E::custom)
    }

    fn visit_u128<E: Error>(self, value: u128) -> Result<Number, E> {
        value.try_into().map_err(E::custom)
    }
}
