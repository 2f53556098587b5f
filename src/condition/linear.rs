//! Comparisons of linear sums with whole factors, normalised to one sum that is
//! compared with zero.

use crate::syntax::Operator;
use crate::value::{Fixed, Number};

use super::expression::{Leaf, NumberExpression};

/// Both sides of a comparison brought to one side: some attributes, each times
/// a whole number, plus a constant.
///
/// `discount <= ((value + discount) * 40) / 100` is
/// `60 x discount - 40 x value <= 0`.
///
/// That gives the same result as computing both sides operation by operation,
/// for numbers that are below 10^10 and have at most 9 fraction digits, because
/// none of these operations is rounded then: factors are below 10^3 and there
/// are 8 terms at most, so a side is below 10^14 and has 23 digits. Only a
/// quotient may be rounded. It keeps 14 fraction digits. Two sides that differ
/// do so by at least 10^-9 divided by the product of the divisors, which is
/// below 10^4; and if two sides are equal, their quotients are not rounded. For
/// other numbers both sides must be computed as written.
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

impl Linear {
    /// The left side minus the right side, where both are linear.
    pub(super) fn of(left: &NumberExpression, right: &NumberExpression) -> Option<Linear> {
        let (left, right) = (Side::of(left)?, Side::of(right)?);
        let (left_divisor, right_divisor) = (left.divisor, right.divisor);
        if left_divisor.checked_mul(right_divisor)? >= DIVISORS {
            return None;
        }
        let right = right.times(i128::from(left_divisor).checked_neg()?)?;
        let side = left.times(i128::from(right_divisor))?.plus(right)?;
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
            return (1..DIVISORS).contains(&divisor).then_some(Side { divisor, ..side });
        }
        Side::sum(expression)
    }

    /// A side that is not divided.
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
            && let (Some(factor), None) = (whole(first), whole(right))
        {
            let product = Side::sum(right)?.times(i128::from(factor))?.if_small()?;
            return rest.iter().try_fold(product, Side::then);
        }
        steps.iter().try_fold(Side::sum(first)?, Side::then)
    }

    fn then(self, (operator, right): &(Operator, NumberExpression)) -> Option<Side> {
        let side = match operator {
            Operator::Add => self.plus(Side::sum(right)?)?,
            Operator::Subtract => self.plus(Side::sum(right)?.times(-1)?)?,
            Operator::Multiply => self.times(i128::from(whole(right)?))?,
            _ => return None,
        };
        side.if_small()
    }

    fn if_small(self) -> Option<Side> {
        let small = self.terms.iter().all(|(_, factor)| factor.abs() < FACTORS);
        (small && self.terms.len() <= MOST_TERMS).then_some(self)
    }

    fn times(mut self, factor: i128) -> Option<Side> {
        for (_, own) in &mut self.terms {
            *own = own.checked_mul(factor)?;
        }
        self.constant = self.constant.checked_mul(factor)?;
        // The constant must stay below what a number times the largest factor
        // can be.
        (self.constant.abs() < i128::from(i64::MAX).checked_mul(FACTORS)?).then_some(self)
    }

    fn plus(mut self, other: Side) -> Option<Side> {
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

/// The value of a constant, if it is a whole number.
fn whole(expression: &NumberExpression) -> Option<i64> {
    expression.constant().and_then(Number::as_integer)
}
