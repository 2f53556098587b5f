//! Exact decimals: a 96-bit mantissa and 0 to 28 fraction digits.

use rust_decimal::Decimal;

use super::number_error::{NumberFault, NumberForm};

/// An exact decimal number: a mantissa of at most 96 bits and 0 to 28 fraction
/// digits, below 10^28 in absolute value. No value is ever stored as a binary
/// fraction.
///
/// Made from an integer with `from`, from minor units with
/// [`Number::from_parts`], from a text with `parse`. Equality and hash are
/// those of the value: `1.0` equals `1.00`. The default is zero.
///
/// ```
/// use target_rules::Number;
/// let price = Number::from_parts(1_999, 2)?;
/// assert_eq!(price, "19.99".parse()?);
/// assert_eq!(price.times(Number::from(3))?.to_string(), "59.97");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Serde writes a number as a string of its digits, because most JSON readers
/// turn a JSON number into a binary fraction. It reads such a string, or an
/// integer; a JSON number with a fraction is refused, because serde gives it as
/// an `f64`.
///
/// INVARIANT: below 10^28 in absolute value, without trailing fraction zeros
/// and never negative zero, so that equal numbers have one representation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Number(Decimal);

impl std::ops::Neg for Number {
    type Output = Number;

    fn neg(self) -> Number {
        self.negate()
    }
}

const TEN_TO_28: i128 = 10_i128.pow(28);
const MAX_COEFFICIENT: i128 = (1_i128 << 96).saturating_sub(1);

impl Number {
    /// Zero.
    pub const ZERO: Number = Number(Decimal::ZERO);
    /// One hundred, the factor of a percentage.
    pub const HUNDRED: Number = Number(Decimal::ONE_HUNDRED);

    /// A number from an integer: the same as `from`, but usable in constants.
    ///
    /// ```
    /// use target_rules::Number;
    /// const MINIMUM: Number = Number::from_integer(500);
    /// assert_eq!(MINIMUM, Number::from(500));
    /// ```
    pub const fn from_integer(value: i64) -> Number {
        let magnitude = value.unsigned_abs();
        let [a, b, c, d, e, f, g, h] = magnitude.to_le_bytes();
        let (low, middle) = (u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h]));
        Number(Decimal::from_parts(low, middle, 0, value < 0, 0))
    }

    /// The position, from 1, of the entry at an index.
    pub(crate) fn from_index(index: usize) -> Number {
        Number::from(index.saturating_add(1))
    }

    /// The sum, exact where it fits; else the nearest number, ties to even.
    ///
    /// ```
    /// use target_rules::value::NumberFault;
    /// use target_rules::Number;
    /// let (half, third): (Number, Number) = ("0.5".parse()?, "0.3".parse()?);
    /// assert_eq!(half.plus(third)?.to_string(), "0.8");
    /// assert_eq!(half.divided_by(Number::ZERO), Err(NumberFault::DivisionByZero));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn plus(self, other: Number) -> Result<Number, NumberFault> {
        held(self.0.checked_add(other.0))
    }

    /// The difference, exact where it fits.
    ///
    /// ```
    /// use target_rules::Number;
    /// let (price, discount) = (Number::from_parts(1_999, 2)?, Number::from_parts(5, 1)?);
    /// assert_eq!(price.minus(discount)?.to_string(), "19.49");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn minus(self, other: Number) -> Result<Number, NumberFault> {
        held(self.0.checked_sub(other.0))
    }

    /// The product, exact where it fits.
    ///
    /// ```
    /// use target_rules::Number;
    /// let rate: Number = "1000.005".parse()?;
    /// assert_eq!(rate.times(Number::from(2))?.to_string(), "2000.01");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn times(self, other: Number) -> Result<Number, NumberFault> {
        held(self.0.checked_mul(other.0))
    }

    /// The quotient, with the most fraction digits that fit.
    ///
    /// ```
    /// use target_rules::value::NumberFault;
    /// use target_rules::Number;
    /// let (one, four) = (Number::from(1), Number::from(4));
    /// assert_eq!(one.divided_by(four)?.to_string(), "0.25");
    /// let third = one.divided_by(Number::from(3))?;
    /// assert_eq!(third.to_string(), "0.3333333333333333333333333333");
    /// assert_eq!(one.divided_by(Number::ZERO), Err(NumberFault::DivisionByZero));
    /// # Ok::<(), NumberFault>(())
    /// ```
    pub fn divided_by(self, other: Number) -> Result<Number, NumberFault> {
        if other.0.is_zero() {
            return Err(NumberFault::DivisionByZero);
        }
        held(self.0.checked_div(other.0))
    }

    /// The remainder, exact, with the sign of the dividend.
    ///
    /// Not `Decimal::checked_rem`, which is wrong for some divisors of 16 and
    /// more fraction digits (`18446744073709551.615 % 0.001` written with 28).
    ///
    /// ```
    /// use target_rules::value::NumberFault;
    /// use target_rules::Number;
    /// let (dividend, divisor) = (Number::from(-7), Number::from(2));
    /// assert_eq!(dividend.remainder(divisor), Ok(Number::from(-1)));
    /// assert_eq!(dividend.remainder(Number::ZERO), Err(NumberFault::DivisionByZero));
    /// ```
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

    /// The negated number.
    ///
    /// ```
    /// use target_rules::Number;
    /// assert_eq!(Number::from(7).negate(), Number::from(-7));
    /// ```
    pub fn negate(self) -> Number {
        if self.0.is_zero() {
            return self;
        }
        let mut negated = self.0;
        negated.set_sign_negative(!self.0.is_sign_negative());
        Number(negated)
    }

    /// The absolute value.
    ///
    /// ```
    /// use target_rules::Number;
    /// assert_eq!(Number::from(-7).abs(), Number::from(7));
    /// assert_eq!(-Number::from(7), Number::from(7).negate());
    /// ```
    pub fn abs(self) -> Number {
        if self.is_negative() { self.negate() } else { self }
    }

    /// Whether it is zero.
    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    /// Whether it is below zero.
    pub fn is_negative(self) -> bool {
        self.0.is_sign_negative()
    }

    /// Whether it has no fraction.
    pub fn is_whole(self) -> bool {
        self.0.scale() == 0
    }

    /// The number as an integer, if it is one.
    ///
    /// ```
    /// use target_rules::Number;
    /// assert_eq!(Number::from(500).as_integer(), Some(500));
    /// assert_eq!(Number::from_parts(5, 1)?.as_integer(), None); // 0.5
    /// # Ok::<(), target_rules::value::NumberForm>(())
    /// ```
    pub fn as_integer(self) -> Option<i64> {
        if self.0.scale() == 0 { i64::try_from(self.0.mantissa()).ok() } else { None }
    }

    /// The digits of the number without its point: `12.5` is 125 x 10^-1, and
    /// its mantissa is 125. Trailing zeros do not count: `12.50` has the same
    /// mantissa.
    ///
    /// ```
    /// use target_rules::Number;
    /// let number: Number = "-12.50".parse()?;
    /// assert_eq!((number.mantissa(), number.scale()), (-125, 1));
    /// assert_eq!(Number::from_parts(number.mantissa(), number.scale()), Ok(number));
    /// # Ok::<(), target_rules::value::NumberForm>(())
    /// ```
    pub fn mantissa(self) -> i128 {
        self.0.mantissa()
    }

    /// How many digits of [`Number::mantissa`] are behind the point: 0 to 28.
    pub fn scale(self) -> u32 {
        self.0.scale()
    }

    /// The number with this many billionths, fewer than 10^27.
    pub(crate) fn of_billionths(count: i128) -> Number {
        if let Ok(count) = i64::try_from(count) {
            let (mantissa, scale) = without_zeros(count);
            return Number(Decimal::new(mantissa, scale));
        }
        // INVARIANT: fewer than 10^27 billionths fit a mantissa of 96 bits.
        let number = Decimal::try_from_i128_with_scale(count, 9).unwrap_or_default();
        Number::held(number).unwrap_or(Number::ZERO)
    }

    /// INVARIANT: only for an integer of at most 64 bits, which has no trailing
    /// fraction zeros.
    pub(super) fn of_integer(integer: Decimal) -> Number {
        Number(integer)
    }

    /// A number from a mantissa and its scale; fails where no number can hold
    /// it.
    pub(super) fn of(mantissa: i128, scale: u32) -> Result<Number, NumberForm> {
        let number =
            Decimal::try_from_i128_with_scale(mantissa, scale).map_err(|_| NumberForm::OutOfRange)?;
        Number::held(number).map_err(|_| NumberForm::OutOfRange)
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

/// Billionths without their trailing zeros, and how many digits are left behind
/// the point. Several times faster than to normalize a decimal.
fn without_zeros(billionths: i64) -> (i64, u32) {
    let without = |count: i64, factor: i64| match count.checked_rem(factor) {
        Some(0) => count.checked_div(factor),
        _ => None,
    };
    // Most figures are whole, or have two digits.
    if let Some(whole) = without(billionths, 1_000_000_000) {
        return (whole, 0);
    }
    let (mut mantissa, mut scale) = match without(billionths, 10_000_000) {
        Some(cents) => (cents, 2),
        None => (billionths, 9_u32),
    };
    while let Some(shorter) = without(mantissa, 10) {
        (mantissa, scale) = (shorter, scale.saturating_sub(1));
    }
    (mantissa, scale)
}

/// The digits, with a point where there is a fraction; never an exponent.
impl std::fmt::Display for Number {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(formatter)
    }
}
