//! Numbers as SQL: with a bound on their digits, so that what may not be exact is refused.

use target_rules::Number;
use target_rules::syntax::Operator;

use crate::columns::Digits;
use crate::dialect::Dialect;
use crate::refusal::{Reason, Refused};

/// Below this every coefficient fits the 96 bits of the engine's numbers, so that nothing is
/// rounded and nothing is too large.
pub(super) const EXACT: u128 = 10_u128.pow(28);
/// The most digits behind the point of the engine's numbers.
pub(super) const SCALE: u32 = 28;
/// The most digits of a number in DuckDB and in Spark.
pub(super) const WIDEST: u32 = 38;

/// A number as SQL.
#[derive(Clone)]
pub(super) struct NumberSql {
    /// An expression that may stand beside any operator.
    pub(super) sql: String,
    /// A bound on its absolute value, in units of its last digit.
    pub(super) most: u128,
    /// Its digits behind the point.
    pub(super) scale: u32,
    /// Whether it is a whole number of the database and no decimal.
    pub(super) whole: bool,
    /// Whether its type has the most digits already.
    wide: bool,
    /// The digits of its type in Spark, which gives each operation a type of its own and cuts
    /// off digits behind the point where that had too many.
    digits: u32,
}

/// How many digits a type has for numbers up to a bound.
fn digits_for(most: u128, scale: u32) -> u32 {
    most.checked_ilog10().unwrap_or(0).saturating_add(1).max(scale)
}

impl NumberSql {
    /// A whole number that the database computes.
    pub(super) fn whole(sql: String, most: impl Into<u128>) -> NumberSql {
        let most = most.into();
        NumberSql { sql, most, scale: 0, whole: true, wide: false, digits: digits_for(most, 0) }
    }

    pub(super) fn computed(sql: String, most: u128, scale: u32) -> Result<NumberSql, Refused> {
        if most >= EXACT || scale > SCALE {
            Err(too_many_digits())
        } else {
            Ok(NumberSql { sql, most, scale, whole: false, wide: true, digits: digits_for(most, scale) })
        }
    }

    /// A sum of so many numbers like this one.
    pub(super) fn summed(&self, sql: String, times: u32) -> Result<NumberSql, Refused> {
        let most = self.most.checked_mul(u128::from(times)).ok_or_else(too_many_digits)?;
        NumberSql::computed(sql, most, self.scale)
    }

    /// The type of such a number that was computed.
    pub(super) fn of_type(&self, dialect: Dialect) -> String {
        dialect.decimal(self.digits, self.scale)
    }

    /// As an operand of arithmetic: of a type in which no operation overflows.
    pub(super) fn operand(&self, dialect: Dialect) -> String {
        match dialect {
            Dialect::DuckDb if !self.wide => {
                format!("CAST({} AS {})", self.sql, dialect.decimal(WIDEST, self.scale))
            }
            Dialect::Spark if self.whole => {
                format!("CAST({} AS {})", self.sql, dialect.decimal(self.digits, 0))
            }
            _ => self.sql.clone(),
        }
    }

    pub(super) fn aligned(&self, scale: u32) -> Option<u128> {
        self.most.checked_mul(10_u128.checked_pow(scale.checked_sub(self.scale)?)?)
    }
}

pub(super) fn too_many_digits() -> Refused {
    Refused::new(
        Reason::Digits,
        "its numbers may have more digits than are exact; state in the mapping how few its columns have",
    )
}

/// A constant in plain digits.
pub(super) fn digits(number: Number, point: bool) -> String {
    let (mantissa, scale) = trimmed(number);
    let scale = usize::try_from(scale).unwrap_or(0);
    let mut text = mantissa.unsigned_abs().to_string();
    if text.len() <= scale {
        text = format!("{}{text}", "0".repeat(scale.saturating_add(1).saturating_sub(text.len())));
    }
    let (before, after) = text.split_at_checked(text.len().saturating_sub(scale)).unwrap_or((&text, ""));
    let text = match (after.is_empty(), point) {
        (true, false) => before.to_owned(),
        (true, true) => format!("{before}.0"),
        (false, _) => format!("{before}.{after}"),
    };
    if mantissa < 0 { format!("(-{text})") } else { text }
}

/// The coefficient and the digits behind the point, without trailing zeros.
pub(super) fn trimmed(number: Number) -> (i128, u32) {
    let (mut mantissa, mut scale) = (number.mantissa(), number.scale());
    while scale > 0 && mantissa.checked_rem(10) == Some(0) {
        mantissa = mantissa.checked_div(10).unwrap_or(0);
        scale = scale.saturating_sub(1);
    }
    (mantissa, scale)
}

/// A constant. In arithmetic it has no digits behind the point that it does not need.
pub(super) fn constant(number: Number) -> NumberSql {
    let (mantissa, scale) = trimmed(number);
    let short = mantissa.unsigned_abs() < 1_000_000_000;
    // A longer whole number would be an integer type of its own; a point makes it a decimal.
    let point = scale > 0 || !short;
    let scale = if point { scale.max(1) } else { 0 };
    let sql = digits(number, point);
    let factor = if scale == 1 && trimmed(number).1 == 0 { 10 } else { 1 };
    let most = mantissa.unsigned_abs().saturating_mul(factor);
    NumberSql { sql, most, scale, whole: scale == 0, wide: true, digits: digits_for(most, scale) }
}

/// An operation in Spark, of which the result is below a bound, in the type that Spark gives
/// it. Where that would have too many digits, numbers first get the digits that they need.
///
/// Refuses what has too many even then.
pub(super) fn in_spark(
    (left, right): (&NumberSql, &NumberSql),
    (operator, sign): (Operator, &str),
    most: u128,
    scale: u32,
) -> Result<NumberSql, Refused> {
    let before = |number: &NumberSql| number.digits.saturating_sub(number.scale);
    let natural = |left: &NumberSql, right: &NumberSql| match operator {
        Operator::Multiply | Operator::Divide => left.digits.saturating_add(right.digits).saturating_add(1),
        Operator::Remainder => before(left).min(before(right)).saturating_add(scale).max(1),
        _ => before(left).max(before(right)).saturating_add(scale).saturating_add(1),
    };
    let operand = |number: &NumberSql, digits: u32| match digits == number.digits {
        true => number.operand(Dialect::Spark),
        false => format!("CAST({} AS {})", number.sql, Dialect::Spark.decimal(digits, number.scale)),
    };
    let needed = |number: &NumberSql| number.digits.min(digits_for(number.most, number.scale));
    let (mut narrow_left, mut narrow_right) = (left.clone(), right.clone());
    if natural(left, right) > WIDEST {
        (narrow_left.digits, narrow_right.digits) = (needed(left), needed(right));
    }
    let digits = natural(&narrow_left, &narrow_right);
    if digits > WIDEST {
        return Err(too_many_digits());
    }
    let (left, right) = (operand(left, narrow_left.digits), operand(right, narrow_right.digits));
    let mut result = NumberSql::computed(format!("({left} {sign} {right})"), most, scale)?;
    result.digits = digits;
    Ok(result)
}

/// A number of a column.
pub(super) fn of_field(dialect: Dialect, sql: &str, digits: Digits) -> Result<NumberSql, Refused> {
    let of = dialect.decimal(digits.all(), digits.fraction());
    let most = 10_u128.checked_pow(digits.all()).ok_or_else(too_many_digits)?.saturating_sub(1);
    let sql = format!("CAST({sql} AS {of})");
    let (scale, digits) = (digits.fraction(), digits.all());
    Ok(NumberSql { sql, most, scale, whole: false, wide: false, digits })
}

/// The number of which a product is the quotient by this one, where it is exact.
pub(super) fn reciprocal(divisor: Number) -> Option<Number> {
    let (mantissa, scale) = trimmed(divisor);
    if mantissa == 0 {
        return None;
    }
    // Among 10^0 to 10^28 the first multiple of the coefficient.
    for exponent in 0..=SCALE {
        let power = 10_i128.checked_pow(exponent)?;
        if power.checked_rem(mantissa) == Some(0) {
            let quotient = power.checked_div(mantissa)?;
            return match exponent.checked_sub(scale) {
                Some(scale) => Number::from_parts(quotient, scale).ok(),
                None => {
                    let missing = 10_i128.checked_pow(scale.checked_sub(exponent)?)?;
                    Number::from_parts(quotient.checked_mul(missing)?, 0).ok()
                }
            };
        }
    }
    None
}

/// A constant that is compared with a number, so that neither is converted inexactly.
pub(super) fn beside(number: &NumberSql, other: Number) -> Result<String, Refused> {
    let written = constant(other);
    comparable(number, &written)?;
    let is_short = trimmed(other).1 == 0 && written.whole;
    Ok(if number.whole && is_short { written.sql } else { digits(other, true) })
}

/// Refuses numbers that no type has both of.
pub(super) fn comparable(left: &NumberSql, right: &NumberSql) -> Result<(), Refused> {
    // A constant may have a digit more behind the point than it needs.
    let scale = left.scale.max(right.scale).max(1);
    let fits = |number: &NumberSql| number.aligned(scale).is_some_and(|most| most < 10_u128.pow(WIDEST));
    if fits(left) && fits(right) { Ok(()) } else { Err(too_many_digits()) }
}

/// Whether one type has a number and all of the constants, as a list of them needs.
pub(super) fn together(number: &NumberSql, others: &[Number]) -> bool {
    let others: Vec<NumberSql> = others.iter().map(|other| constant(*other)).collect();
    let scale = others.iter().map(|other| other.scale).max().unwrap_or(0).max(number.scale).max(1);
    let fits = |one: &NumberSql| one.aligned(scale).is_some_and(|most| most < 10_u128.pow(WIDEST));
    fits(number) && others.iter().all(fits)
}
