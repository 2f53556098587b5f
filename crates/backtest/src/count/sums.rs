//! Exact sums of amounts, kept where adding is cheapest.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use target_rules::Number;
use target_rules::value::Total;

use crate::report::Amount;

/// The units of 10^-9 in 1.
const BILLION: i128 = 1_000_000_000;
const DIGITS: u32 = 9;

/// An amount of one transaction, as sums take it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Sum {
    /// In units of 10^-9.
    Billionths(i128),
    Other(Total),
}

impl From<Number> for Sum {
    fn from(number: Number) -> Sum {
        let digits = DIGITS.checked_sub(number.scale());
        let factor = digits.and_then(|digits| 10_i128.checked_pow(digits));
        // Far from what overflows, so that a sum of all transactions there are doesn't.
        let short = number.mantissa().unsigned_abs() < 1 << 64;
        match factor.filter(|_| short) {
            Some(factor) => Sum::Billionths(number.mantissa().wrapping_mul(factor)),
            None => Sum::Other(number.into()),
        }
    }
}

/// A sum for each of many things.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sums {
    billionths: Vec<i128>,
    /// Of amounts that these don't hold.
    others: BTreeMap<usize, Amount>,
}

impl Sums {
    pub(crate) fn of(count: usize) -> Sums {
        Sums { billionths: vec![0; count], others: BTreeMap::new() }
    }

    #[inline]
    pub(crate) fn add(&mut self, at: usize, amount: Sum) {
        match amount {
            Sum::Billionths(amount) => {
                if let Some(sum) = self.billionths.get_mut(at) {
                    *sum += amount;
                }
            }
            Sum::Other(amount) => self.add_other(at, amount),
        }
    }

    #[cold]
    fn add_other(&mut self, at: usize, amount: Total) {
        let other = self.others.entry(at).or_default();
        // From 10^38 on there is no sum: more than all money in the smallest unit.
        other.0 = other.0.plus(amount).unwrap_or(other.0);
    }

    pub(crate) fn join(&mut self, other: &Sums) {
        self.billionths.iter_mut().zip(&other.billionths).for_each(|(sum, more)| *sum += more);
        other.others.iter().for_each(|(at, more)| self.add_other(*at, more.0));
    }

    /// The sum of one thing.
    pub(crate) fn total(&self, at: usize) -> Amount {
        let billionths = self.billionths.get(at).copied().unwrap_or_default();
        let (whole, fraction) = (billionths.div_euclid(BILLION), billionths.rem_euclid(BILLION));
        let parts = [(whole, 0), (fraction, DIGITS)];
        let parts =
            parts.into_iter().filter_map(|(mantissa, scale)| Number::from_parts(mantissa, scale).ok());
        let total = Total::of(parts).unwrap_or_default();
        let other = self.others.get(&at).copied().unwrap_or_default();
        Amount(total.plus(other.0).unwrap_or(total))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn sums_are_exact_whatever_the_numbers() {
        let texts =
            ["0.1", "-3", "9999999999999999999999999999", "0.0000000000000000000000000001", "12.999999999"];
        let numbers: Vec<Number> = texts.iter().map(|text| text.parse().unwrap()).collect();
        let (mut one, mut other) = (Sums::of(1), Sums::of(1));
        for (at, number) in numbers.iter().enumerate() {
            if at % 2 == 0 { one.add(0, (*number).into()) } else { other.add(0, (*number).into()) }
        }
        one.join(&other);
        assert_eq!(one.total(0), Amount(Total::of(numbers).unwrap()));
    }
}
