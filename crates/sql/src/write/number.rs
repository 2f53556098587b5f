//! Numbers, with a bound on their digits: what may not be exact is refused.

use target_rules::Number;
use target_rules::condition::{
    Leaf, Linear, NumberExpression, NumberSet, Read, ValueKind,
};
use target_rules::syntax::Operator;

use crate::columns::ColumnType;
use crate::dialect::Dialect;
use crate::refusal::{Reason, Refused};

use super::date::{distance, part};
use super::table::{Table, sign};

/// Below this every coefficient fits the 96 bits of the engine's numbers, so that nothing is
/// rounded and nothing is too large.
const EXACT: u128 = 10_u128.pow(28);
/// The most digits behind the point of the engine's numbers.
const SCALE: u32 = 28;
/// The most digits of a number in DuckDB.
const WIDEST: u32 = 38;
/// The most operations of one chain: each is a level of the database's own tree, of which
/// DuckDB takes a thousand by default.
const STEPS: usize = 400;

/// A number as SQL.
pub(super) struct NumberSql {
    /// An expression that may stand beside any operator.
    pub(super) sql: String,
    /// A bound on its absolute value, in units of its last digit.
    most: u128,
    /// Its digits behind the point.
    scale: u32,
    /// Whether it is a whole number of the database and no decimal.
    whole: bool,
    /// Whether its type has the most digits already.
    wide: bool,
}

impl NumberSql {
    /// A whole number that the database computes.
    fn whole(sql: String, most: u32) -> NumberSql {
        NumberSql { sql, most: u128::from(most), scale: 0, whole: true, wide: false }
    }

    fn computed(sql: String, most: u128, scale: u32) -> Result<NumberSql, Refused> {
        if most >= EXACT || scale > SCALE { Err(too_many_digits()) } else {
            Ok(NumberSql { sql, most, scale, whole: false, wide: true })
        }
    }

    /// As an operand of arithmetic: of a type in which no operation overflows.
    fn operand(&self, dialect: Dialect) -> String {
        match dialect {
            Dialect::DuckDb if !self.wide => {
                format!("CAST({} AS {})", self.sql, dialect.decimal(WIDEST, self.scale))
            }
            _ => self.sql.clone(),
        }
    }

    fn aligned(&self, scale: u32) -> Option<u128> {
        self.most.checked_mul(10_u128.checked_pow(scale.checked_sub(self.scale)?)?)
    }
}

fn too_many_digits() -> Refused {
    Refused::new(
        Reason::Digits,
        "its numbers may have more digits than are exact; state in the mapping how few its columns have",
    )
}

/// A constant in plain digits.
fn digits(number: Number, point: bool) -> String {
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
fn trimmed(number: Number) -> (i128, u32) {
    let (mut mantissa, mut scale) = (number.mantissa(), number.scale());
    while scale > 0 && mantissa.checked_rem(10) == Some(0) {
        mantissa = mantissa.checked_div(10).unwrap_or(0);
        scale = scale.saturating_sub(1);
    }
    (mantissa, scale)
}

/// A constant. In arithmetic it has no digits behind the point that it does not need.
fn constant(number: Number) -> NumberSql {
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

/// A number as SQL.
pub(super) fn number(table: &mut Table<'_>, expression: &NumberExpression) -> Result<NumberSql, Refused> {
    match expression {
        NumberExpression::Constant(number) => Ok(constant(*number)),
        NumberExpression::Attribute(leaf) => attribute(table, leaf.read()),
        NumberExpression::Answer(answer) => attribute(table, answer.read()),
        NumberExpression::Aggregate(_) => Err(Refused::new(
            Reason::Items,
            "sums and counts over line items are not translated; keep this rule with the engine",
        )),
        NumberExpression::Part(of, date) => {
            let (sql, most) = part(table, *of, date)?;
            Ok(NumberSql::whole(sql, most))
        }
        NumberExpression::Distance(how, dates) => {
            let (sql, most) = distance(table, *how, &dates.0, &dates.1)?;
            // No type of 32 bits holds it.
            Ok(NumberSql { most: u128::from(most), ..NumberSql::whole(sql, 0) })
        }
        NumberExpression::Interval(of, edges) => interval(table, of, edges),
        NumberExpression::Negate(of) => {
            let of = number(table, of)?;
            let sql = table.sized(format!("(-{})", of.operand(table.dialect)))?;
            NumberSql::computed(sql, of.most, of.scale)
        }
        NumberExpression::Arithmetic(chain) => {
            if chain.steps.len() > STEPS {
                let why = format!("a chain of more than {STEPS} operations nests too deep; split the rule");
                return Err(Refused::new(Reason::Size, why));
            }
            let mut result = number(table, &chain.first)?;
            for (operator, operand) in &chain.steps {
                result = step(table, result, *operator, operand)?;
            }
            Ok(result)
        }
        _ => Err(Refused::new(Reason::Unsupported, "this number is not translated")),
    }
}

fn attribute(table: &mut Table<'_>, read: &Read) -> Result<NumberSql, Refused> {
    let sql = table.column_of(read, ValueKind::Number)?;
    let (_, ColumnType::Number(digits)) = table.column(read)? else {
        return Err(Refused::new(Reason::Unsupported, "a value of this type has no column"));
    };
    let of = table.dialect.decimal(digits.all(), digits.fraction());
    let most = 10_u128.checked_pow(digits.all()).ok_or_else(too_many_digits)?.saturating_sub(1);
    let sql = format!("CAST({sql} AS {of})");
    Ok(NumberSql { sql, most, scale: digits.fraction(), whole: false, wide: false })
}

/// One operation of a chain.
fn step(
    table: &mut Table<'_>,
    left: NumberSql,
    operator: Operator,
    operand: &NumberExpression,
) -> Result<NumberSql, Refused> {
    let right = match (operator, operand) {
        // The quotient is a product with the reciprocal, where that is exact: the engine then
        // rounds as little as the database.
        (Operator::Divide, NumberExpression::Constant(divisor)) => {
            constant(reciprocal(*divisor).ok_or_else(rounded)?)
        }
        (Operator::Divide, _) => return Err(rounded()),
        (Operator::Remainder, NumberExpression::Constant(divisor)) if !divisor.is_zero() => constant(*divisor),
        (Operator::Remainder, _) => return Err(rounded()),
        (_, operand) => number(table, operand)?,
    };
    let scale = left.scale.max(right.scale);
    let both = left.aligned(scale).zip(right.aligned(scale));
    let (sign, most, scale) = match operator {
        Operator::Add | Operator::Subtract => {
            let sign = if operator == Operator::Add { "+" } else { "-" };
            (sign, both.and_then(|(left, right)| left.checked_add(right)), scale)
        }
        Operator::Multiply | Operator::Divide => {
            ("*", left.most.checked_mul(right.most), left.scale.saturating_add(right.scale))
        }
        Operator::Remainder => ("%", both.filter(|both| both.1 < EXACT).map(|(left, right)| left.min(right)), scale),
        _ => return Err(Refused::new(Reason::Unsupported, "this operator is not translated")),
    };
    let (left, right) = (left.operand(table.dialect), right.operand(table.dialect));
    let sql = table.sized(format!("({left} {sign} {right})"))?;
    NumberSql::computed(sql, most.ok_or_else(too_many_digits)?, scale)
}

fn rounded() -> Refused {
    Refused::new(
        Reason::Quotient,
        "a quotient is rounded otherwise there; multiply the other side instead of dividing this one",
    )
}

/// The number of which a product is the quotient by this one, where it is exact.
fn reciprocal(divisor: Number) -> Option<Number> {
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

/// Which of the ranges between edges a number is in.
fn interval(table: &mut Table<'_>, of: &NumberExpression, edges: &[Number]) -> Result<NumberSql, Refused> {
    let of = number(table, of)?;
    if of.sql.len().saturating_add(20).saturating_mul(edges.len()) > table.most {
        return Err(table.too_large());
    }
    let mut sql = String::from("CASE");
    for (position, edge) in (1_usize..).zip(edges) {
        let edge = beside(&of, *edge)?;
        sql.push_str(&format!(" WHEN {} <= {edge} THEN {position}", of.sql));
    }
    let Some(last) = edges.last() else {
        return Err(Refused::new(Reason::Unsupported, "an interval without edges is not translated"));
    };
    let above = edges.len().saturating_add(1);
    sql.push_str(&format!(" WHEN {} > {} THEN {above} END", of.sql, beside(&of, *last)?));
    let most = u32::try_from(above).unwrap_or(u32::MAX);
    Ok(NumberSql::whole(table.sized(format!("({sql})"))?, most))
}

/// A constant that is compared with a number, so that neither is converted inexactly.
fn beside(number: &NumberSql, other: Number) -> Result<String, Refused> {
    let written = constant(other);
    comparable(number, &written)?;
    let is_short = trimmed(other).1 == 0 && written.whole;
    Ok(if number.whole && is_short { written.sql } else { digits(other, true) })
}

/// Refuses numbers that no type has both of.
fn comparable(left: &NumberSql, right: &NumberSql) -> Result<(), Refused> {
    // A constant may have a digit more behind the point than it needs.
    let scale = left.scale.max(right.scale).max(1);
    let fits = |number: &NumberSql| {
        number.aligned(scale).is_some_and(|most| most < 10_u128.pow(WIDEST))
    };
    if fits(left) && fits(right) { Ok(()) } else { Err(too_many_digits()) }
}

/// Whether a number is in a set.
pub(super) fn member(
    table: &mut Table<'_>,
    expression: &NumberExpression,
    set: &NumberSet,
) -> Result<String, Refused> {
    let number = number(table, expression)?;
    let ranges: Vec<_> = set.ranges().collect();
    let point = |range: &target_rules::condition::NumberRange| match (range.low, range.high) {
        (Some((low, true)), Some((high, true))) if low == high => Some(low),
        _ => None,
    };
    let points: Option<Vec<Number>> = ranges.iter().map(point).collect();
    if let Some(points) = points.filter(|points| points.len() > 1) {
        let points: Result<Vec<String>, Refused> =
            points.into_iter().map(|point| beside(&number, point)).collect();
        return table.sized(format!("{} IN ({})", number.sql, points?.join(", ")));
    }
    let mut parts = Vec::new();
    for range in &ranges {
        if let Some(point) = point(range) {
            parts.push(format!("{} = {}", number.sql, beside(&number, point)?));
            continue;
        }
        let mut ends = Vec::new();
        if let Some((low, included)) = range.low {
            let sign = if included { ">=" } else { ">" };
            ends.push(format!("{} {sign} {}", number.sql, beside(&number, low)?));
        }
        if let Some((high, included)) = range.high {
            let sign = if included { "<=" } else { "<" };
            ends.push(format!("{} {sign} {}", number.sql, beside(&number, high)?));
        }
        match ends.len() {
            0 => parts.push(format!("{0} = {0}", number.sql)),
            1 => parts.append(&mut ends),
            _ => parts.push(format!("({})", ends.join(" AND "))),
        }
    }
    table.sized(match parts.len() {
        // No number is in it, and without a number that is unknown.
        0 => format!("{0} <> {0}", number.sql),
        1 => parts.concat(),
        _ => format!("({})", parts.join(" OR ")),
    })
}

/// Two numbers compared.
pub(super) fn compare(
    table: &mut Table<'_>,
    operator: Operator,
    (left, right): (&NumberExpression, &NumberExpression),
    sum: Option<&Linear>,
) -> Result<String, Refused> {
    let written = number(table, left).and_then(|left| Ok((left, number(table, right)?)));
    match (written, sum) {
        (Ok((left, right)), _) => {
            comparable(&left, &right)?;
            let side = |number: &NumberSql| match number.whole {
                true => number.operand(table.dialect),
                false => number.sql.clone(),
            };
            table.sized(format!("{} {} {}", side(&left), sign(operator)?, side(&right)))
        }
        // A rounded quotient changes no such comparison.
        (Err(refused), Some(sum)) if refused.reason == Reason::Quotient => {
            linear(table, operator, sum)?.ok_or(refused)
        }
        (Err(refused), _) => Err(refused),
    }
}

/// A comparison as a sum that is compared with zero; `None` where numbers of the columns may
/// be larger than those for which it is the same.
fn linear(table: &mut Table<'_>, operator: Operator, sum: &Linear) -> Result<Option<String>, Refused> {
    let mut sql = String::new();
    let mut most = 0_u128;
    let mut scale = 9;
    for (leaf, factor) in sum.terms() {
        let leaf: &Leaf = leaf;
        let number = attribute(table, leaf.read())?;
        scale = scale.max(number.scale);
        let whole_digits = 10_u128.checked_pow(number.scale.saturating_add(10));
        if number.scale > 9 || whole_digits.is_none_or(|bound| number.most >= bound) {
            return Ok(None);
        }
        let billionths = number.aligned(9).unwrap_or(EXACT);
        most = most.saturating_add(billionths.saturating_mul(u128::from(factor.unsigned_abs())));
        let factor = constant(Number::from(factor)).sql;
        let joined = if sql.is_empty() { "" } else { " + " };
        sql.push_str(&format!("{joined}{factor} * {}", number.operand(table.dialect)));
    }
    let Ok(constant_part) = Number::from_parts(sum.constant(), 9) else { return Ok(None) };
    if sql.is_empty() || most.saturating_add(sum.constant().unsigned_abs()) >= EXACT {
        return Ok(None);
    }
    let sign = sign(operator)?;
    let sql = format!("({sql} + {}) {sign} 0", digits(constant_part, true));
    table.sized(sql).map(Some)
}
