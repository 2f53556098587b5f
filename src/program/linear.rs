//! Comparisons of sums and whole multiples, as one sum that is compared with
//! zero.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::syntax::Operator;
use crate::transaction::{Quick, UNQUICK};

use super::evaluation::Evaluation;
use super::operand::{NumberOperand, Numeric, Place};

/// Two sides of a comparison, brought to one: the words of some slots, each
/// times a whole number, and a constant.
///
/// `discount <= ((value + discount) * 40) / 100` is
/// `60 x discount - 40 x value <= 0`.
///
/// That is the same as computing both sides one operation after the other,
/// because none of these is rounded: words are below 10^10 with 9 fraction
/// digits, factors are below 10^3 and there are 8 terms at most, so a side is
/// below 10^14 and has 23 digits. Only a quotient may be rounded; it keeps 14
/// fraction digits, while two sides that differ do so by at least 10^-9
/// divided by the divisors, which are below 10^4 together, and two sides that
/// are equal have a quotient that is not rounded.
#[derive(Debug)]
pub(super) struct Linear {
    terms: Box<[(u32, i64)]>,
    constant: i128,
}

const MOST_TERMS: usize = 8;
const FACTORS: i128 = 1_000;
const DIVISORS: i64 = 10_000;

/// One side: factors by slot, a constant, and a divisor of all.
struct Side {
    terms: BTreeMap<u32, i128>,
    constant: i128,
    divisor: i64,
}

impl Side {
    fn of(operand: &NumberOperand) -> Option<Side> {
        if let NumberOperand::DividedByWhole(operand, divisor) = operand {
            let side = Side::sum(operand)?;
            return (1..DIVISORS).contains(divisor).then_some(Side { divisor: *divisor, ..side });
        }
        Side::sum(operand)
    }

    /// A side without a divisor.
    fn sum(operand: &NumberOperand) -> Option<Side> {
        let plain = |terms: BTreeMap<u32, i128>, constant| Side { terms, constant, divisor: 1 };
        let side = match operand {
            NumberOperand::Constant(Numeric::Fixed(number)) => {
                plain(BTreeMap::new(), i128::from(number.small()?))
            }
            NumberOperand::At(Place::Slot(slot)) | NumberOperand::Stated(slot, _) => {
                plain(BTreeMap::from([(*slot, 1)]), 0)
            }
            NumberOperand::Negate(operand) => Side::sum(operand)?.times(-1)?,
            NumberOperand::TimesWhole(operand, factor) => Side::sum(operand)?.times(i128::from(*factor))?,
            NumberOperand::Arithmetic(operator, operands) => {
                let (left, right) = (Side::sum(&operands.0)?, Side::sum(&operands.1)?);
                match operator {
                    Operator::Add => left.plus(right)?,
                    Operator::Subtract => left.plus(right.times(-1)?)?,
                    _ => return None,
                }
            }
            _ => return None,
        };
        let small = side.terms.values().all(|factor| factor.abs() < FACTORS);
        (small && side.terms.len() <= MOST_TERMS).then_some(side)
    }

    fn times(mut self, factor: i128) -> Option<Side> {
        for own in self.terms.values_mut() {
            *own = own.checked_mul(factor)?;
        }
        self.constant = self.constant.checked_mul(factor)?;
        // A constant is no larger than a word times a factor may be.
        (self.constant.abs() < i128::from(i64::MAX).checked_mul(FACTORS)?).then_some(self)
    }

    fn plus(mut self, other: Side) -> Option<Side> {
        for (slot, factor) in other.terms {
            let own = self.terms.entry(slot).or_insert(0);
            *own = own.checked_add(factor)?;
        }
        self.constant = self.constant.checked_add(other.constant)?;
        Some(self)
    }
}

impl Linear {
    /// The difference of two operands, where they are of that kind.
    pub(super) fn of(left: &NumberOperand, right: &NumberOperand) -> Option<Linear> {
        let (left, right) = (Side::of(left)?, Side::of(right)?);
        let (left_divisor, right_divisor) = (left.divisor, right.divisor);
        if left_divisor.checked_mul(right_divisor)? >= DIVISORS {
            return None;
        }
        let right = right.times(i128::from(left_divisor).checked_neg()?)?;
        let side = left.times(i128::from(right_divisor))?.plus(right)?;
        let terms: Option<Vec<(u32, i64)>> =
            side.terms.into_iter().map(|(slot, factor)| Some((slot, i64::try_from(factor).ok()?))).collect();
        Some(Linear { terms: terms?.into(), constant: side.constant })
    }

    /// How the left side stands to the right; `None` where a value is absent
    /// or has no word, which says nothing of the order.
    #[inline]
    pub(super) fn order(&self, evaluation: &Evaluation<'_>) -> Option<Ordering> {
        let words: &[Quick] = evaluation.transaction().quick();
        let mut sum = self.constant;
        for (slot, factor) in &self.terms {
            let word = words.get(*slot as usize).copied().filter(|word| *word != UNQUICK)?;
            sum = sum.checked_add(i128::from(word).checked_mul(i128::from(*factor))?)?;
        }
        Some(sum.cmp(&0))
    }
}
