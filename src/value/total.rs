//! Sums of any number of decimals, exact to the last digit.

use rust_decimal::Decimal;

use super::number::{Number, rounded};
use super::number_error::{NumberFault, NumberForm};

/// The units of 10^-28 in 1.
const ONE: i128 = 10_i128.pow(28);
const FRACTION_DIGITS: usize = 28;
/// Those in 10^-9.
const BILLIONTH: i128 = 10_i128.pow(19);
/// The latter half of them.
const HALF: i128 = 10_i128.pow(14);
const HALF_DIGITS: usize = 14;

/// An exact sum of numbers.
///
/// The result does not depend on the order of the numbers. A running sum of
/// [`Number`]s would, where it has to round.
///
/// INVARIANT: the fraction is at least zero and below one, so that equal
/// totals have one representation.
///
/// ```
/// use target_rules::value::Total;
/// use target_rules::Number;
/// let large: Number = "9999999999999999999999999999".parse()?;
/// let small: Number = "0.0000000000000000000000000001".parse()?;
/// let one_way = Total::of([large, small, -large])?;
/// assert_eq!(one_way, Total::of([large, -large, small])?);
/// assert_eq!(one_way.number()?, small);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Total {
    whole: i128,
    /// In units of 10^-28.
    fraction: i128,
}

impl Total {
    /// Zero.
    pub const ZERO: Total = Total { whole: 0, fraction: 0 };

    /// The exact sum of numbers.
    ///
    /// ```
    /// use target_rules::value::Total;
    /// use target_rules::Number;
    /// let numbers = [Number::from(2), "0.5".parse()?];
    /// assert_eq!(Total::of(numbers)?.to_string(), "2.5");
    /// assert_eq!(Total::of([])?, Total::ZERO);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of(numbers: impl IntoIterator<Item = Number>) -> Result<Total, NumberFault> {
        numbers.into_iter().try_fold(Total::ZERO, |total, number| total.plus(number.into()))
    }

    /// The sum of both totals; fails from about 10^38 on.
    ///
    /// ```
    /// use target_rules::value::Total;
    /// use target_rules::Number;
    /// let (two, three) = (Total::from(Number::from(2)), Total::from(Number::from(3)));
    /// assert_eq!(two.plus(three)?.to_string(), "5");
    /// assert_eq!(two.minus(three)?.to_string(), "-1");
    /// # Ok::<(), target_rules::value::NumberFault>(())
    /// ```
    pub fn plus(self, other: Total) -> Result<Total, NumberFault> {
        let whole = self.whole.checked_add(other.whole).ok_or(NumberFault::Overflow)?;
        let fraction = self.fraction.saturating_add(other.fraction);
        match fraction.checked_sub(ONE).filter(|rest| *rest >= 0) {
            Some(rest) => {
                Ok(Total { whole: whole.checked_add(1).ok_or(NumberFault::Overflow)?, fraction: rest })
            }
            None => Ok(Total { whole, fraction }),
        }
    }

    /// The difference of both totals; fails from about 10^38 on.
    ///
    /// ```
    /// use target_rules::value::Total;
    /// use target_rules::Number;
    /// let (two, half) = (Number::from(2), Number::from_parts(5, 1)?);
    /// assert_eq!(Total::from(two).minus(half.into())?.to_string(), "1.5");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn minus(self, other: Total) -> Result<Total, NumberFault> {
        let whole = self.whole.checked_sub(other.whole).ok_or(NumberFault::Overflow)?;
        let fraction = self.fraction.saturating_sub(other.fraction);
        if fraction < 0 {
            let whole = whole.checked_sub(1).ok_or(NumberFault::Overflow)?;
            return Ok(Total { whole, fraction: fraction.saturating_add(ONE) });
        }
        Ok(Total { whole, fraction })
    }

    /// The nearest number; ties go to the even digit.
    ///
    /// ```
    /// use target_rules::value::{NumberFault, Total};
    /// use target_rules::Number;
    /// let largest: Number = "9999999999999999999999999999".parse()?;
    /// let twice = Total::of([largest, largest])?;
    /// assert_eq!(twice.to_string(), "19999999999999999999999999998");
    /// assert_eq!(twice.number(), Err(NumberFault::Overflow));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn number(self) -> Result<Number, NumberFault> {
        let (negative, whole, fraction) = self.magnitude();
        let number: Decimal = rounded(whole, fraction).ok_or(NumberFault::Overflow)?;
        let number = Number::held(number)?;
        Ok(if negative { number.negate() } else { number })
    }

    /// The total as an integer; `None` where it has a fraction, or more digits
    /// than 64 bits hold.
    ///
    /// ```
    /// use target_rules::value::Total;
    /// use target_rules::Number;
    /// let total = Total::from(Number::from(-12));
    /// assert_eq!(total.as_integer(), Some(-12));
    /// assert_eq!(total.plus("0.5".parse::<Number>()?.into())?.as_integer(), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn as_integer(self) -> Option<i64> {
        if self.fraction == 0 { i64::try_from(self.whole).ok() } else { None }
    }

    /// The total in units of 10^-9; `None` where it is no whole number of them, or 64 bits don't
    /// hold it.
    ///
    /// ```
    /// use target_rules::value::Total;
    /// use target_rules::Number;
    /// let total = Total::from("-730.5".parse::<Number>()?);
    /// assert_eq!(total.billionths(), Some(-730_500_000_000));
    /// assert_eq!(Total::from(Number::from_parts(1, 10)?).billionths(), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn billionths(self) -> Option<i64> {
        let whole = i64::try_from(self.whole).ok()?.checked_mul(1_000_000_000)?;
        let fraction = match self.fraction {
            0 => 0,
            fraction => {
                (fraction.checked_rem(BILLIONTH)? == 0).then(|| fraction.checked_div(BILLIONTH))??
            }
        };
        whole.checked_add(i64::try_from(fraction).ok()?)
    }

    /// Sign, whole part and fraction of the magnitude.
    fn magnitude(self) -> (bool, i128, i128) {
        if self.whole >= 0 {
            (false, self.whole, self.fraction)
        } else if self.fraction == 0 {
            (true, self.whole.saturating_neg(), 0)
        } else {
            (true, self.whole.saturating_add(1).saturating_neg(), ONE.saturating_sub(self.fraction))
        }
    }
}

// Not in `number.rs`, because a total is built from numbers and numbers do not
// depend on totals.
impl Number {
    /// The exact sum of all numbers, rounded once.
    ///
    /// ```
    /// use target_rules::Number;
    /// let cents = [1_999, 50, 1].into_iter().map(|cents| Number::from_parts(cents, 2));
    /// let amounts: Vec<Number> = cents.collect::<Result<_, _>>()?;
    /// assert_eq!(Number::sum(amounts)?.to_string(), "20.5");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn sum(numbers: impl IntoIterator<Item = Number>) -> Result<Number, NumberFault> {
        Total::of(numbers).and_then(Total::number)
    }
}

/// Parses an optional sign and digits, optionally with a point and up to 28
/// more digits. Every printed total parses to the same total.
///
/// ```
/// use target_rules::value::Total;
/// use target_rules::Number;
/// let total = Total::of([Number::from(2), "0.5".parse()?])?;
/// assert_eq!(total.to_string(), "2.5");
/// assert_eq!("2.50".parse(), Ok(total));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
impl std::str::FromStr for Total {
    type Err = NumberForm;

    fn from_str(text: &str) -> Result<Total, NumberForm> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text),
        };
        let (whole, fraction) = match digits.split_once('.') {
            Some((whole, fraction)) if !fraction.is_empty() => (whole, fraction),
            Some(_) => return Err(NumberForm::Malformed),
            None => (digits, "0"),
        };
        let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !plain(whole) || !plain(fraction) {
            return Err(NumberForm::Malformed);
        }
        let fraction = fraction.trim_end_matches('0');
        if fraction.len() > FRACTION_DIGITS {
            return Err(NumberForm::OutOfRange);
        }
        let whole = integer(whole).ok_or(NumberForm::OutOfRange)?;
        // INVARIANT: 28 digits fit 128 bits.
        let missing =
            FRACTION_DIGITS.checked_sub(fraction.len()).and_then(|digits| u32::try_from(digits).ok());
        let unit = missing.and_then(|digits| 10_i128.checked_pow(digits)).unwrap_or(1);
        let fraction = if fraction.is_empty() { 0 } else { integer(fraction).unwrap_or(0) };
        let fraction = fraction.checked_mul(unit).unwrap_or(0);
        let total = Total { whole, fraction };
        if negative { Total::ZERO.minus(total).map_err(|_| NumberForm::OutOfRange) } else { Ok(total) }
    }
}

/// The integer of some digits. Machine words are read several times faster.
fn integer(digits: &str) -> Option<i128> {
    digits.parse::<u64>().map(i128::from).or_else(|_| digits.parse()).ok()
}

impl From<Number> for Total {
    fn from(number: Number) -> Total {
        let (coefficient, scale) = (number.mantissa(), number.scale());
        if scale == 0 {
            return Total { whole: coefficient, fraction: 0 };
        }
        // Machine words divide several times faster.
        if let (Ok(coefficient), Some(unit)) = (i64::try_from(coefficient), 10_i64.checked_pow(scale)) {
            let (whole, rest) = (coefficient.div_euclid(unit), coefficient.rem_euclid(unit));
            let shift = 10_i128.checked_pow(28_u32.saturating_sub(scale)).unwrap_or(1);
            return Total { whole: whole.into(), fraction: i128::from(rest).saturating_mul(shift) };
        }
        // INVARIANT: a number has at most 28 fraction digits.
        let unit = 10_i128.checked_pow(scale).unwrap_or(1);
        let rest = coefficient.rem_euclid(unit);
        let shift = 10_i128.checked_pow(28_u32.saturating_sub(scale)).unwrap_or(1);
        Total { whole: coefficient.div_euclid(unit), fraction: rest.saturating_mul(shift) }
    }
}

impl std::fmt::Display for Total {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (negative, whole, mut fraction) = self.magnitude();
        let sign = if negative { "-" } else { "" };
        if fraction == 0 {
            return match u64::try_from(whole) {
                Ok(whole) => write!(formatter, "{sign}{whole}"),
                Err(_) => write!(formatter, "{sign}{whole}"),
            };
        }
        // Of nearly all fractions the latter half is zero: then the rest fits machine words.
        if fraction.checked_rem(HALF) == Some(0)
            && let Some(Ok(mut digits)) = fraction.checked_div(HALF).map(u64::try_from)
            && let Ok(whole) = u64::try_from(whole)
        {
            let mut width = HALF_DIGITS;
            while digits.checked_rem(10) == Some(0) {
                digits = digits.checked_div(10).unwrap_or(digits);
                width = width.saturating_sub(1);
            }
            return write!(formatter, "{sign}{whole}.{digits:0width$}");
        }
        let mut width = FRACTION_DIGITS;
        // Most fractions are short: a part of zeros goes at once.
        for (factor, digits) in [(10_i128.pow(20), 20), (10_i128.pow(4), 4), (10, 1)] {
            while fraction.checked_rem(factor) == Some(0) {
                fraction = fraction.checked_div(factor).unwrap_or(fraction);
                width = width.saturating_sub(digits);
            }
        }
        match u64::try_from(fraction) {
            Ok(fraction) => write!(formatter, "{sign}{whole}.{fraction:0>width$}"),
            Err(_) => write!(formatter, "{sign}{whole}.{fraction:0>width$}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn total(text: &str) -> Total {
        Number::from_json(text).unwrap().into()
    }

    #[test]
    fn totals_are_written_and_read_back() {
        for text in [
            "0",
            "1346.15",
            "-0.5",
            "-1.5",
            "-3",
            "0.0000000000000000000000000001",
            "9999999999999999999999999999",
            "-20000000000.00000000000001",
            "7.000000000000001",
            "0.00000000000001",
            "18446744073709551616.5",
            "0.05",
        ] {
            assert_eq!(total(text).to_string(), text);
            assert_eq!(text.parse(), Ok(total(text)));
            assert_eq!(total(text).number(), Ok(Number::from_json(text).unwrap()));
        }
        let long =
            total("9999999999999999999999999999").plus(total("0.0000000000000000000000000001")).unwrap();
        assert_eq!(long.to_string().parse(), Ok(long));
        for (text, same) in
            [("-0", "0"), ("1.50", "1.5"), ("01", "1"), ("1.00000000000000000000000000000", "1")]
        {
            assert_eq!(text.parse(), Ok(total(same)), "{text}");
        }
        for text in ["", "-", "1.", ".5", "1e3", "+1", "1,5", "--1", " 1"] {
            assert_eq!(text.parse::<Total>(), Err(NumberForm::Malformed), "{text}");
        }
        for text in ["1.00000000000000000000000000001", "170141183460469231731687303715884105728"] {
            assert_eq!(text.parse::<Total>(), Err(NumberForm::OutOfRange), "{text}");
        }
    }

    #[test]
    fn sums_do_not_depend_on_the_order() {
        let numbers = [
            "9999999999999999999999999999",
            "0.0000000000000000000000000001",
            "-9999999999999999999999999999",
            "-0.3",
        ];
        let forth = numbers.iter().fold(Total::ZERO, |sum, text| sum.plus(total(text)).unwrap());
        let back = numbers.iter().rev().fold(Total::ZERO, |sum, text| sum.plus(total(text)).unwrap());
        assert_eq!(forth, back);
        assert_eq!(forth.to_string(), "-0.2999999999999999999999999999");
        assert_eq!(total("1.5").minus(total("2.75")).unwrap().to_string(), "-1.25");
    }
}
