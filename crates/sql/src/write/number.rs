//! Numbers: arithmetic, comparisons, ranges.

use target_rules::Number;
use target_rules::condition::{Leaf, Linear, NumberExpression, NumberSet, Read, ValueKind};
use target_rules::syntax::Operator;

use crate::columns::ColumnType;
use crate::dialect::Dialect;
use crate::refusal::{Reason, Refused};

use super::date::{distance, part};
use super::decimal::{
    EXACT, NumberSql, beside, comparable, constant, digits, in_spark, of_field, reciprocal, together,
    too_many_digits,
};
use super::items;
use super::table::{Table, sign};

/// The most operations of one chain: each is a level of the database's own tree, of which
/// DuckDB takes a thousand by default.
const STEPS: usize = 400;

/// A number as SQL.
pub(super) fn number(table: &mut Table<'_>, expression: &NumberExpression) -> Result<NumberSql, Refused> {
    match expression {
        NumberExpression::Constant(number) => Ok(constant(*number)),
        NumberExpression::Attribute(leaf) => attribute(table, leaf.read()),
        NumberExpression::Answer(answer) => attribute(table, answer.read()),
        NumberExpression::Aggregate(aggregate) => items::number(table, aggregate),
        NumberExpression::Part(of, date) => {
            let (sql, most) = part(table, *of, date)?;
            Ok(NumberSql::whole(sql, most))
        }
        NumberExpression::Distance(how, dates) => {
            let (sql, most) = distance(table, *how, &dates.0, &dates.1)?;
            Ok(NumberSql::whole(sql, most))
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
    of_field(table.dialect, &sql, digits)
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
        (Operator::Remainder, NumberExpression::Constant(divisor)) if !divisor.is_zero() => {
            constant(*divisor)
        }
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
        Operator::Remainder => (
            "%",
            both.filter(|both| both.0 < EXACT && both.1 < EXACT).map(|(left, right)| left.min(right)),
            scale,
        ),
        _ => return Err(Refused::new(Reason::Unsupported, "this operator is not translated")),
    };
    if table.dialect == Dialect::Spark {
        let most = most.ok_or_else(too_many_digits)?;
        let mut result = in_spark((&left, &right), (operator, sign), most, scale)?;
        result.sql = table.sized(result.sql)?;
        return Ok(result);
    }
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
    let of_one_type = |points: &[Number]| table.dialect != Dialect::Spark || together(&number, points);
    if let Some(points) = points.filter(|points| points.len() > 1 && of_one_type(points)) {
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
    let mut in_steps: Option<NumberSql> = None;
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
        let factor = constant(Number::from(factor));
        if table.dialect == Dialect::Spark {
            let product = times(&factor, &number)?;
            in_steps = Some(match in_steps {
                None => product,
                Some(so_far) => plus(&so_far, &product)?,
            });
        }
        let factor = factor.sql;
        let joined = if sql.is_empty() { "" } else { " + " };
        sql.push_str(&format!("{joined}{factor} * {}", number.operand(table.dialect)));
    }
    let Ok(constant_part) = Number::from_parts(sum.constant(), 9) else { return Ok(None) };
    if sql.is_empty() || most.saturating_add(sum.constant().unsigned_abs()) >= EXACT {
        return Ok(None);
    }
    let sign = sign(operator)?;
    let sql = match in_steps {
        Some(so_far) => format!("{} {sign} 0", plus(&so_far, &constant(constant_part))?.sql),
        None => format!("({sql} + {}) {sign} 0", digits(constant_part, true)),
    };
    table.sized(sql).map(Some)
}

fn times(left: &NumberSql, right: &NumberSql) -> Result<NumberSql, Refused> {
    let most = left.most.checked_mul(right.most).ok_or_else(too_many_digits)?;
    in_spark((left, right), (Operator::Multiply, "*"), most, left.scale.saturating_add(right.scale))
}

fn plus(left: &NumberSql, right: &NumberSql) -> Result<NumberSql, Refused> {
    let scale = left.scale.max(right.scale);
    let both = left.aligned(scale).zip(right.aligned(scale));
    let most = both.and_then(|(left, right)| left.checked_add(right)).ok_or_else(too_many_digits)?;
    in_spark((left, right), (Operator::Add, "+"), most, scale)
}
