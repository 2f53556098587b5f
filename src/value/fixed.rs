//! Fixed-point decimals in units of 10^-9: the form in which engines compare
//! and add.
//!
//! Comparing two integers takes a fraction of the time of comparing two
//! `Decimal`, which must first be brought to one scale. Every literal of a rule
//! fits, and nearly every number of a document; the others stay [`Number`].

use std::cmp::Ordering;

use super::Number;

/// The units in 1.
const UNIT: i128 = 1_000_000_000;
const FRACTION_DIGITS: usize = 9;
/// The powers of ten up to that.
const UNITS: [u64; FRACTION_DIGITS + 1] =
    [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000];
/// 18 integer digits, the most that a literal may have. Sums of a few thousand
/// such numbers are far from the limits of 128 bits.
const LIMIT: i128 = 1_000_000_000_000_000_000_i128.saturating_mul(UNIT);

/// A decimal of at most 18 integer and 9 fraction digits.
///
/// INVARIANT: below 10^18 in absolute value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Fixed(i128);

impl Fixed {
    /// The number in this form; `None` where it does not fit.
    pub(crate) fn of(number: Number) -> Option<Fixed> {
        let (coefficient, scale) = (number.mantissa(), number.scale());
        let shift = u32::try_from(FRACTION_DIGITS).ok()?.checked_sub(scale)?;
        Fixed::held(coefficient.checked_mul(10_i128.checked_pow(shift)?)?)
    }

    /// The number of so many plain digits, of which some follow the point; `None`
    /// where these are too many.
    #[inline]
    pub(crate) fn of_digits(negative: bool, digits: u64, fraction: usize) -> Option<Fixed> {
        let unit = UNITS.get(FRACTION_DIGITS.checked_sub(fraction)?)?;
        // INVARIANT: the product of two such factors is below 2^94.
        let magnitude = i128::from(digits).wrapping_mul(i128::from(*unit));
        Fixed::held(if negative { magnitude.wrapping_neg() } else { magnitude })
    }

    /// Parses plain digits, as most numbers are written; `None` for any other
    /// form, which may still be a number.
    pub(crate) fn read(text: &str) -> Option<Fixed> {
        let bytes = text.as_bytes();
        let (negative, digits) = match bytes {
            [b'-', rest @ ..] => (true, rest),
            _ => (false, bytes),
        };
        let mut value: u64 = 0;
        let mut read = digits.iter();
        let mut fraction: Option<usize> = None;
        let mut count = 0_usize;
        for byte in read.by_ref() {
            match byte {
                b'0'..=b'9' => {
                    value = value.checked_mul(10)?.checked_add(u64::from(byte.wrapping_sub(b'0')))?;
                    count = count.saturating_add(1);
                }
                b'.' if fraction.is_none() && count > 0 => fraction = Some(count),
                _ => return None,
            }
        }
        let fraction_digits = match fraction {
            Some(point) => count.checked_sub(point).filter(|digits| *digits > 0)?,
            None => 0,
        };
        let integer_digits = count.checked_sub(fraction_digits)?;
        // JSON has no leading zeros and no empty parts.
        if integer_digits == 0 || (integer_digits > 1 && digits.first() == Some(&b'0')) {
            return None;
        }
        Fixed::of_digits(negative, value, fraction_digits)
    }

    fn held(units: i128) -> Option<Fixed> {
        (units > LIMIT.saturating_neg() && units < LIMIT).then_some(Fixed(units))
    }

    /// The same value as a [`Number`].
    pub(crate) fn number(self) -> Number {
        Number::of_billionths(self.0)
    }

    /// The sum, where it fits this form.
    pub(crate) fn plus(self, other: Fixed) -> Option<Fixed> {
        Fixed::held(self.0.checked_add(other.0)?)
    }

    /// The difference, where it fits this form.
    pub(crate) fn minus(self, other: Fixed) -> Option<Fixed> {
        Fixed::held(self.0.checked_sub(other.0)?)
    }

    /// The negated number.
    pub(crate) fn negate(self) -> Fixed {
        Fixed(self.0.saturating_neg())
    }

    /// The product with a whole number, where it fits this form.
    pub(crate) fn times_whole(self, factor: i64) -> Option<Fixed> {
        Fixed::held(self.0.checked_mul(i128::from(factor))?)
    }

    /// The quotient by a whole number other than zero, where it is exact in
    /// this form.
    pub(crate) fn divided_by_whole(self, divisor: i64) -> Option<Fixed> {
        // Division of 64 bits is several times cheaper than of 128.
        if let Ok(units) = i64::try_from(self.0) {
            let quotient = units.checked_div(divisor)?;
            return (quotient.checked_mul(divisor)? == units).then_some(Fixed(i128::from(quotient)));
        }
        let divisor = i128::from(divisor);
        let quotient = self.0.checked_div(divisor)?;
        (quotient.checked_mul(divisor)? == self.0).then_some(Fixed(quotient))
    }

    /// The value as an integer, if it is whole.
    pub(crate) fn whole(self) -> Option<i64> {
        let whole = self.0.checked_div(UNIT)?;
        (whole.checked_mul(UNIT)? == self.0).then(|| i64::try_from(whole).ok())?
    }
}

impl Fixed {
    /// The number with this many billionths.
    pub(crate) fn of_small(billionths: i64) -> Fixed {
        Fixed(i128::from(billionths))
    }

    /// A count, where its billionths fit 64 bits.
    pub(crate) fn of_count(count: usize) -> Option<Fixed> {
        let units = i64::try_from(count).ok()?.checked_mul(1_000_000_000)?;
        Some(Fixed::of_small(units))
    }

    /// The billionths, where they fit 64 bits: up to about 9.2 x 10^9.
    pub(crate) fn small(self) -> Option<i64> {
        i64::try_from(self.0).ok()
    }
}

/// An exact sum of fixed-point numbers.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct FixedSum(i128);

impl FixedSum {
    /// Adds a number; false where the sum would overflow.
    #[must_use]
    pub(crate) fn add(&mut self, number: Fixed) -> bool {
        match self.0.checked_add(number.0) {
            Some(sum) => {
                self.0 = sum;
                true
            }
            None => false,
        }
    }

    /// The sum, where it fits [`Fixed`].
    pub(crate) fn total(self) -> Option<Fixed> {
        Fixed::held(self.0)
    }
}

/// The numbers that compare so with a constant, as a closed range from the
/// first to the last. Two neighbours of [`Fixed`] have none between them, so a
/// strict comparison is a plain one with the next number. Only a [`Number`]
/// with more fraction digits can be between them; for it the strictness is
/// kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Bounds {
    low: Fixed,
    high: Fixed,
    above: bool,
    below: bool,
}

impl Bounds {
    /// Every number.
    pub(crate) const ALL: Bounds =
        Bounds { low: Fixed(i128::MIN), high: Fixed(i128::MAX), above: false, below: false };

    /// The numbers that equal the constant.
    pub(crate) fn equal_to(constant: Fixed) -> Bounds {
        Bounds { low: constant, high: constant, ..Bounds::ALL }
    }

    /// The numbers above the constant if `strict`, else also the constant.
    pub(crate) fn from(constant: Fixed, strict: bool) -> Bounds {
        let low = Fixed(constant.0.saturating_add(i128::from(strict)));
        Bounds { low, above: strict, ..Bounds::ALL }
    }

    /// The numbers below the constant if `strict`, else also the constant.
    pub(crate) fn up_to(constant: Fixed, strict: bool) -> Bounds {
        let high = Fixed(constant.0.saturating_sub(i128::from(strict)));
        Bounds { high, below: strict, ..Bounds::ALL }
    }

    /// The intersection.
    pub(crate) fn and(self, other: Bounds) -> Bounds {
        // Of two equal ends the one that is not strict is narrower: only the
        // strict one includes numbers between the neighbours.
        let (low, above) = match self.low.cmp(&other.low) {
            Ordering::Less => (other.low, other.above),
            Ordering::Greater => (self.low, self.above),
            Ordering::Equal => (self.low, self.above && other.above),
        };
        let (high, below) = match self.high.cmp(&other.high) {
            Ordering::Less => (self.high, self.below),
            Ordering::Greater => (other.high, other.below),
            Ordering::Equal => (self.high, self.below && other.below),
        };
        Bounds { low, high, above, below }
    }

    /// Whether the low end is strict, and the high end.
    pub(crate) fn strict_ends(&self) -> (bool, bool) {
        (self.above, self.below)
    }

    /// The ends in billionths; an open end is the least or the greatest `i64`.
    /// `None` where an end does not fit 64 bits, or is one of these two itself.
    pub(crate) fn small_ends(&self) -> Option<(i64, i64)> {
        let closed = |end: Fixed| end.small().filter(|end| !matches!(*end, i64::MIN | i64::MAX));
        let low = if self.low.0 == i128::MIN { i64::MIN } else { closed(self.low)? };
        let high = if self.high.0 == i128::MAX { i64::MAX } else { closed(self.high)? };
        Some((low, high))
    }

    /// The lower end and whether it is included; `None` where it is open.
    pub(crate) fn low_end(&self) -> Option<(Number, bool)> {
        let end = Fixed(self.low.0.saturating_sub(i128::from(self.above)));
        (self.low.0 != i128::MIN).then(|| (end.number(), !self.above))
    }

    /// The same for the upper end.
    pub(crate) fn high_end(&self) -> Option<(Number, bool)> {
        let end = Fixed(self.high.0.saturating_add(i128::from(self.below)));
        (self.high.0 != i128::MAX).then(|| (end.number(), !self.below))
    }

    /// The first and last whole number within the bounds, clamped to 64 bits.
    pub(crate) fn whole_ends(&self) -> (i64, i64) {
        let floor = self.high.0.div_euclid(UNIT);
        let ceiling =
            self.low.0.div_euclid(UNIT).saturating_add(i128::from(self.low.0.rem_euclid(UNIT) != 0));
        let held = |whole: i128| i64::try_from(whole).unwrap_or(if whole < 0 { i64::MIN } else { i64::MAX });
        (held(ceiling), held(floor))
    }

    /// The number, if the bounds hold exactly one.
    pub(crate) fn single(&self) -> Option<Fixed> {
        (self.low == self.high && !self.above && !self.below).then_some(self.low)
    }

    #[inline]
    pub(crate) fn hold(&self, number: Fixed) -> bool {
        self.low <= number && number <= self.high
    }

    /// The same for a [`Number`] that does not fit [`Fixed`].
    #[cold]
    pub(crate) fn hold_number(&self, number: Number) -> bool {
        let from_low = self.low.0 == i128::MIN || {
            let constant = Fixed(self.low.0.saturating_sub(i128::from(self.above))).number();
            if self.above { number > constant } else { number >= constant }
        };
        let to_high = self.high.0 == i128::MAX || {
            let constant = Fixed(self.high.0.saturating_add(i128::from(self.below))).number();
            if self.below { number < constant } else { number <= constant }
        };
        from_low && to_high
    }
}

#[cfg(test)]
mod tests {
    use super::Fixed;
    use crate::value::Number;

    #[test]
    fn digits_read_as_the_plain_number_does() {
        for text in
            ["0", "-0", "7", "0.5", "-12.340000001", "999999999999999999", "2500.00", "18446744073709.55"]
        {
            let number = Number::from_json(text).unwrap();
            assert_eq!(Fixed::read(text).map(Fixed::number), Some(number), "{text}");
            assert_eq!(Fixed::of(number).map(Fixed::number), Some(number), "{text}");
        }
        for text in
            ["", "-", ".5", "5.", "07", "1e3", "+1", "1_0", "0.1234567891", "1.2.3", "99999999999999999999"]
        {
            assert_eq!(Fixed::read(text), None, "{text}");
        }
    }
}
