//! Comparisons of linear sums with constant factors, normalised to one sum with
//! whole factors that is compared with zero.

use crate::syntax::Operator;
use crate::value::{Fixed, Number};

use super::expression::{Leaf, NumberExpression};

/// Both sides of a comparison brought to one side: some attributes, each times
/// a whole number, plus a constant.
///
/// `discount <= ((value + discount) * 40) / 100` is
/// `60 x discount - 40 x value <= 0`, and `value > discount * 1.25` is
/// `100 x value - 125 x discount > 0`.
///
/// That gives the same result as computing both sides operation by operation,
/// for numbers that are below 10^10 and have at most 9 fraction digits, because
/// none of these operations is rounded then: factors are below 10^3 and there
/// are 8 terms at most, so a side is below 10^14. It has 23 digits, or 26 where
/// factors are decimal: those have 3 fraction digits at most, all of one side
/// together. Only a quotient may be rounded, and of what has decimal factors
/// none is taken. It keeps 14 fraction digits. Two sides that differ do so by
/// at least 10^-9 divided by the least common multiple of the divisors, which
/// is below 10^4; and two that are equal are rounded alike. For other numbers
/// both sides must be computed as written.
///
/// ```
/// use target_rules::condition::{Comparison, Predicate};
/// use target_rules::{Ast, Limits, Schema};
/// let limits = Limits::default();
/// let ast = Ast::from_text("currentTxn.value * 2 > currentTxn.discount + 5", &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let predicate = &*rule.condition().predicates()[0];
/// let Predicate::Compares(compares) = predicate else { panic!() };
/// let Comparison::Numbers { linear: Some(linear), .. } = &**compares else { panic!() };
/// // 2 x value - discount - 5, the constant in billionths.
/// let factors: Vec<i64> = linear.terms().map(|(_, factor)| factor).collect();
/// assert_eq!((factors, linear.constant()), (vec![2, -1], -5_000_000_000));
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Linear {
    pub(crate) terms: Box<[(Leaf, i64)]>,
    /// In billionths.
    pub(crate) constant: i128,
}

const MOST_TERMS: usize = 8;
const FACTORS: i128 = 1_000;
const DIVISORS: i64 = 10_000;
/// How many fraction digits a factor has at most: a divisor of 10^4 is too much.
const MOST_DIGITS: u32 = 3;

impl Linear {
    /// The left side minus the right side, where both are linear.
    pub(super) fn of(left: &NumberExpression, right: &NumberExpression) -> Option<Linear> {
        let (left, right) = (Side::of(left)?, Side::of(right)?);
        let divisor = common_multiple(left.divisor, right.divisor)?;
        if divisor >= DIVISORS {
            return None;
        }
        let side = left.over(divisor)?.plus(right.over(divisor)?.times(-1)?)?;
        let term = |(leaf, factor): (Leaf, i128)| Some((leaf, i64::try_from(factor).ok()?));
        let terms: Option<Vec<(Leaf, i64)>> = side.terms.into_iter().map(term).collect();
        Some(Linear { terms: terms?.into(), constant: side.constant })
    }

    /// The attributes, each with its factor.
    pub fn terms(&self) -> impl Iterator<Item = (&Leaf, i64)> {
        self.terms.iter().map(|(leaf, factor)| (leaf, *factor))
    }

    /// The constant, in billionths.
    pub fn constant(&self) -> i128 {
        self.constant
    }
}

/// One side: a factor for each attribute, a constant, and a divisor of the
/// whole sum.
struct Side {
    terms: Vec<(Leaf, i128)>,
    constant: i128,
    divisor: i64,
}

impl Side {
    fn of(expression: &NumberExpression) -> Option<Side> {
        if let NumberExpression::Arithmetic(chain) = expression
            && let Some(((Operator::Divide, divisor), before)) = chain.steps.split_last()
            && let Some(divisor) = whole(divisor)
        {
            let side = Side::chain(&chain.first, before)?;
            let divides = (1..DIVISORS).contains(&divisor) && side.divisor == 1;
            return divides.then_some(Side { divisor, ..side });
        }
        Side::sum(expression)
    }

    /// A side that is not divided; its divisor is a power of ten, that of its
    /// decimal factors.
    fn sum(expression: &NumberExpression) -> Option<Side> {
        let plain = |terms: Vec<(Leaf, i128)>, constant| Side { terms, constant, divisor: 1 };
        let side = match expression {
            NumberExpression::Constant(number) => plain(Vec::new(), i128::from(Fixed::of(*number)?.small()?)),
            NumberExpression::Attribute(leaf) if leaf.is_in_a_slot() => plain(vec![(leaf.clone(), 1)], 0),
            NumberExpression::Negate(operand) => Side::sum(operand)?.times(-1)?,
            NumberExpression::Arithmetic(chain) => Side::chain(&chain.first, &chain.steps)?,
            _ => return None,
        };
        side.if_small()
    }

    /// A sum that a chain of arithmetic is. It ends early where it has too many
    /// terms, so that a long chain costs no more than they do.
    fn chain(first: &NumberExpression, steps: &[(Operator, NumberExpression)]) -> Option<Side> {
        if let [(Operator::Multiply, right), rest @ ..] = steps
            && let (Some(factor), None) = (Factor::of(first), Factor::of(right))
        {
            let product = Side::sum(right)?.multiplied(factor)?.if_small()?;
            return rest.iter().try_fold(product, Side::then);
        }
        steps.iter().try_fold(Side::sum(first)?, Side::then)
    }

    fn then(self, (operator, right): &(Operator, NumberExpression)) -> Option<Side> {
        let side = match operator {
            Operator::Add => self.plus(Side::sum(right)?)?,
            Operator::Subtract => self.plus(Side::sum(right)?.times(-1)?)?,
            Operator::Multiply => self.multiplied(Factor::of(right)?)?,
            _ => return None,
        };
        side.if_small()
    }

    fn if_small(self) -> Option<Side> {
        let most = FACTORS.checked_mul(i128::from(self.divisor))?;
        let small = self.terms.iter().all(|(_, factor)| factor.abs() < most);
        (small && self.divisor < DIVISORS && self.terms.len() <= MOST_TERMS).then_some(self)
    }

    fn multiplied(self, factor: Factor) -> Option<Side> {
        let divisor = self.divisor.checked_mul(factor.divisor)?;
        Side { divisor, ..self }.times(i128::from(factor.times))
    }

    /// The same with a divisor that is a multiple of its own.
    fn over(self, divisor: i64) -> Option<Side> {
        let factor = divisor.checked_div(self.divisor)?;
        Side { divisor, ..self }.times(i128::from(factor))
    }

    fn times(mut self, factor: i128) -> Option<Side> {
        for (_, own) in &mut self.terms {
            *own = own.checked_mul(factor)?;
        }
        self.constant = self.constant.checked_mul(factor)?;
        // The constant must stay below what a number times the largest factor
        // can be.
        let most = i128::from(i64::MAX).checked_mul(FACTORS)?.checked_mul(i128::from(self.divisor))?;
        (self.constant.abs() < most).then_some(self)
    }

    fn plus(self, other: Side) -> Option<Side> {
        if self.divisor != other.divisor {
            // INVARIANT: both are powers of ten, so the larger is a multiple.
            let divisor = self.divisor.max(other.divisor);
            return self.over(divisor)?.plus(other.over(divisor)?);
        }
        self.plus_alike(other)
    }

    fn plus_alike(mut self, other: Side) -> Option<Side> {
        for (leaf, factor) in other.terms {
            match self.terms.iter_mut().find(|(own, _)| *own == leaf) {
                Some((_, own)) => *own = own.checked_add(factor)?,
                None => self.terms.push((leaf, factor)),
            }
        }
        self.constant = self.constant.checked_add(other.constant)?;
        Some(self)
    }
}

/// A constant factor: a whole number divided by a power of ten.
#[derive(Debug, Clone, Copy)]
struct Factor {
    times: i64,
    divisor: i64,
}

impl Factor {
    fn of(expression: &NumberExpression) -> Option<Factor> {
        if let Some(times) = whole(expression) {
            return Some(Factor { times, divisor: 1 });
        }
        let billionths = Fixed::of(expression.constant()?)?.small()?;
        (1..=MOST_DIGITS).find_map(|digits| {
            let unit = 10_i64.checked_pow(9_u32.checked_sub(digits)?)?;
            let is_whole = billionths.checked_rem(unit)? == 0;
            let times = billionths.checked_div(unit)?;
            is_whole.then_some(Factor { times, divisor: 10_i64.checked_pow(digits)? })
        })
    }
}

fn common_multiple(left: i64, right: i64) -> Option<i64> {
    let (mut divisor, mut rest) = (left, right);
    while let Some(next) = divisor.checked_rem(rest) {
        (divisor, rest) = (rest, next);
    }
    left.checked_div(divisor)?.checked_mul(right)
}

/// The value of a constant, if it is a whole number.
fn whole(expression: &NumberExpression) -> Option<i64> {
    expression.constant().and_then(Number::as_integer)
}
