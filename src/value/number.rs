//! Exact decimals: a 96-bit coefficient and 0 to 28 fraction digits.
#![deny(clippy::arithmetic_side_effects)]

use rust_decimal::Decimal;

use super::Total;

/// An exact decimal number.
///
/// INVARIANT: below 10^28 in absolute value, without trailing fraction zeros
/// and never negative zero, so that equal numbers have one representation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number(Decimal);

/// Why an operation on numbers has no result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberFault {
    /// Division or remainder by zero.
    DivisionByZero,
    /// The result is 10^28 or more in absolute value.
    Overflow,
}

/// Why a text is not a number that can be held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberForm {
    /// The text does not have the form of a number.
    Malformed,
    /// The number has more digits than are allowed where it stands.
    OutOfRange,
}

const MAX_DIGITS: usize = 28;
const LITERAL_INTEGER_DIGITS: usize = 18;
const LITERAL_FRACTION_DIGITS: usize = 9;
const TEN_TO_28: i128 = 10_i128.pow(28);
const MAX_COEFFICIENT: i128 = (1_i128 << 96).saturating_sub(1);

impl Number {
    /// Zero.
    pub const ZERO: Number = Number(Decimal::ZERO);
    /// One hundred, the factor of a percentage.
    pub const HUNDRED: Number = Number(Decimal::ONE_HUNDRED);

    /// Reads a literal of a rule: digits, optionally a point and digits, with a
    /// sign where it comes from a tree. At most 18 integer digits (leading
    /// zeros aside) and 9 fraction digits.
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
        Number::from_json(&format!(
            "{}{}{}",
            if text.starts_with('-') { "-" } else { "" },
            if integer.trim_start_matches('0').is_empty() { "0" } else { integer.trim_start_matches('0') },
            fraction.map(|digits| format!(".{digits}")).unwrap_or_default()
        ))
    }

    /// Reads a number of a transaction document from its own digits: the form
    /// of a JSON number, exponent allowed. Legal below 10^28 with at most 28
    /// fraction digits and 28 digits from the first that is not zero (the
    /// units included) to the last, trailing fraction zeros dropped.
    pub fn from_json(text: &str) -> Result<Number, NumberForm> {
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
        let max_digits = MAX_DIGITS as i64;
        let written =
            i64::try_from(significant).unwrap_or(i64::MAX).saturating_add(scale.saturating_neg().max(0));
        if scale > max_digits || written > max_digits {
            return Err(NumberForm::OutOfRange);
        }
        let mut coefficient: i128 = 0;
        for digit in digits().skip(first).take(significant) {
            coefficient =
                coefficient.saturating_mul(10).saturating_add(i128::from(digit.saturating_sub(b'0')));
        }
        for _ in 0..scale.saturating_neg().max(0) {
            coefficient = coefficient.saturating_mul(10);
        }
        let coefficient = if negative { coefficient.saturating_neg() } else { coefficient };
        let scale = u32::try_from(scale.max(0)).unwrap_or(0);
        Decimal::try_from_i128_with_scale(coefficient, scale)
            .map_err(|_| NumberForm::OutOfRange)
            .and_then(|number| Number::held(number).map_err(|_| NumberForm::OutOfRange))
    }

    /// The number as a whole one, where it is one.
    pub fn as_integer(self) -> Option<i64> {
        if self.0.scale() == 0 { i64::try_from(self.0.mantissa()).ok() } else { None }
    }

    /// Coefficient and count of fraction digits.
    pub(crate) fn parts(self) -> (i128, u32) {
        (self.0.mantissa(), self.0.scale())
    }

    /// A number of billionths, of which there are fewer than 10^27.
    pub(crate) fn of_billionths(count: i128) -> Number {
        // INVARIANT: fewer than 10^27 billionths fit a coefficient of 96 bits.
        let number = Decimal::try_from_i128_with_scale(count, 9).unwrap_or_default();
        Number::held(number).unwrap_or(Number::ZERO)
    }

    /// Whether it has no fraction.
    pub fn is_whole(self) -> bool {
        self.0.scale() == 0
    }

    /// The count as a number.
    pub fn from_count(count: usize) -> Number {
        Number(Decimal::from(count))
    }

    /// The whole number as a number.
    pub fn from_integer(value: i64) -> Number {
        Number(Decimal::from(value))
    }

    /// The sum, exact where it fits.
    pub fn plus(self, other: Number) -> Result<Number, NumberFault> {
        held(self.0.checked_add(other.0))
    }

    /// The difference, exact where it fits.
    pub fn minus(self, other: Number) -> Result<Number, NumberFault> {
        held(self.0.checked_sub(other.0))
    }

    /// The product, exact where it fits.
    pub fn times(self, other: Number) -> Result<Number, NumberFault> {
        held(self.0.checked_mul(other.0))
    }

    /// The quotient, with the most fraction digits that fit.
    pub fn divided_by(self, other: Number) -> Result<Number, NumberFault> {
        if other.0.is_zero() {
            return Err(NumberFault::DivisionByZero);
        }
        held(self.0.checked_div(other.0))
    }

    /// The remainder, exact, with the sign of the left side.
    ///
    /// Not `Decimal::checked_rem`, which is wrong for some divisors of 16 and
    /// more fraction digits (`18446744073709551.615 % 0.001` written with 28).
    pub fn remainder(self, other: Number) -> Result<Number, NumberFault> {
        let divisor = other.0.mantissa().unsigned_abs();
        let dividend = self.0.mantissa().unsigned_abs();
        if divisor == 0 {
            return Err(NumberFault::DivisionByZero);
        }
        let scale = self.0.scale().max(other.0.scale());
        let rest = if self.0.scale() >= other.0.scale() {
            let shift = self.0.scale().saturating_sub(other.0.scale());
            // A divisor too long for 128 bits is larger than any dividend.
            match 10_u128.checked_pow(shift).and_then(|power| divisor.checked_mul(power)) {
                Some(divisor) => dividend.checked_rem(divisor).unwrap_or(dividend),
                None => dividend,
            }
        } else {
            let mut rest = dividend.checked_rem(divisor).unwrap_or(0);
            for _ in 0..other.0.scale().saturating_sub(self.0.scale()) {
                rest = rest.saturating_mul(10).checked_rem(divisor).unwrap_or(0);
            }
            rest
        };
        let rest = i128::try_from(rest).map_err(|_| NumberFault::Overflow)?;
        let signed = if self.0.is_sign_negative() { rest.saturating_neg() } else { rest };
        held(Decimal::try_from_i128_with_scale(signed, scale).ok())
    }

    /// The number with the other sign.
    pub fn negate(self) -> Number {
        if self.0.is_zero() {
            return self;
        }
        let mut negated = self.0;
        negated.set_sign_negative(!self.0.is_sign_negative());
        Number(negated)
    }

    /// The exact sum of all, rounded once.
    pub fn sum(numbers: impl IntoIterator<Item = Number>) -> Result<Number, NumberFault> {
        Total::of(numbers).and_then(Total::number)
    }

    pub(super) fn held(number: Decimal) -> Result<Number, NumberFault> {
        let normalized = number.normalize();
        if normalized.trunc().mantissa().unsigned_abs() >= TEN_TO_28.unsigned_abs() {
            return Err(NumberFault::Overflow);
        }
        if normalized.is_zero() {
            return Ok(Number::ZERO);
        }
        Ok(Number(normalized))
    }
}

fn held(result: Option<Decimal>) -> Result<Number, NumberFault> {
    result.ok_or(NumberFault::Overflow).and_then(Number::held)
}

/// `whole + rest x 10^-28` with the most fraction digits that fit, ties to even.
pub(super) fn rounded(whole: i128, rest: i128) -> Option<Decimal> {
    for scale in (0..=28_u32).rev() {
        let Some(high) = 10_i128.checked_pow(scale).and_then(|power| whole.checked_mul(power)) else {
            continue;
        };
        let unit = 10_i128.checked_pow(28_u32.saturating_sub(scale))?;
        let low = rest.div_euclid(unit);
        let tail = rest.rem_euclid(unit).saturating_mul(2);
        let Some(truncated) = high.checked_add(low) else { continue };
        let up = tail > unit || (tail == unit && truncated.rem_euclid(2) == 1);
        let coefficient = truncated.saturating_add(i128::from(up));
        if coefficient <= MAX_COEFFICIENT {
            return Decimal::try_from_i128_with_scale(coefficient, scale).ok();
        }
    }
    None
}

fn read_exponent(text: &str) -> Result<i64, NumberForm> {
    let (negative, digits) = match text.strip_prefix(['+', '-']) {
        Some(rest) => (text.starts_with('-'), rest),
        None => (false, text),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NumberForm::Malformed);
    }
    // More than nine digits are beyond any number that can be held.
    let significant = digits.trim_start_matches('0');
    let magnitude =
        if significant.len() > 9 { i64::from(u32::MAX) } else { significant.parse().unwrap_or(0) };
    Ok(if negative { magnitude.saturating_neg() } else { magnitude })
}

impl std::fmt::Display for Number {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(formatter)
    }
}
