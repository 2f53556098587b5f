//! Numbers as SQL: with a bound on their digits, so that what may not be exact is refused.

use target_rules::Number;

use crate::columns::Digits;
use crate::dialect::Dialect;
use crate::refusal::{Reason, Refused};

/// Below this every coefficient fits the 96 bits of the engine's numbers, so that nothing is
/// rounded and nothing is too large.
pub(super) const EXACT: u128 = 10_u128.pow(28);
/// The most digits behind the point of the engine's numbers.
pub(super) const SCALE: u32 = 28;
/// The most digits of a number in DuckDB.
const WIDEST: u32 = 38;
/// A number as SQL.
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
}

impl NumberSql {
    /// A whole number that the database computes.
    pub(super) fn whole(sql: String, most: impl Into<u128>) -> NumberSql {
        NumberSql { sql, most: most.into(), scale: 0, whole: true, wide: false }
    }

    pub(super) fn computed(sql: String, most: u128, scale: u32) -> Result<NumberSql, Refused> {
        if most >= EXACT || scale > SCALE {
            Err(too_many_digits())
        } else {
            Ok(NumberSql { sql, most, scale, whole: false, wide: true })
        }
    }

    /// A sum of so many numbers like this one.
    pub(super) fn summed(&self, sql: String, times: u32) -> Result<NumberSql, Refused> {
        let most = self.most.checked_mul(u128::from(times)).ok_or_else(too_many_digits)?;
        NumberSql::computed(sql, most, self.scale)
    }

    /// As an operand of arithmetic: of a type in which no operation overflows.
    pub(super) fn operand(&self, dialect: Dialect) -> String {
        match dialect {
            Dialect::DuckDb if !self.wide => {
                format!("CAST({} AS {})", self.sql, dialect.decimal(WIDEST, self.scale))
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
    NumberSql { sql, most, scale, whole: scale == 0, wide: true }
}

/// A number of a column.
pub(super) fn of_field(dialect: Dialect, sql: &str, digits: Digits) -> Result<NumberSql, Refused> {
    let of = dialect.decimal(digits.all(), digits.fraction());
    let most = 10_u128.checked_pow(digits.all()).ok_or_else(too_many_digits)?.saturating_sub(1);
    let sql = format!("CAST({sql} AS {of})");
    Ok(NumberSql { sql, most, scale: digits.fraction(), whole: false, wide: false })
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
