//! Dates: instants compared, and their parts in the zone of the evaluation.

use target_rules::Instant;
use target_rules::condition::{DateDistance, DateExpression, DatePart, ValueKind};
use target_rules::syntax::Operator;
use target_rules::value::{DateText, LocalTime};

use crate::dialect::{Dialect, written};
use crate::refusal::{Reason, Refused};

use super::table::{Table, UNKNOWN, sign};

/// The milliseconds of a day.
const DAY: u32 = 86_400_000;

/// An instant as SQL; `None` for a constant that is none in the zone.
fn instant(table: &mut Table<'_>, date: &DateExpression) -> Result<Option<String>, Refused> {
    match date {
        DateExpression::Constant(date) => Ok(constant(table, *date)),
        DateExpression::Attribute(leaf) => table.column_of(leaf.read(), ValueKind::Date).map(Some),
        DateExpression::Answer(answer) => table.column_of(answer.read(), ValueKind::Date).map(Some),
        _ => Err(Refused::new(
            Reason::Date,
            "a text that is read as a date is not translated; have a column of dates for it",
        )),
    }
}

fn constant(table: &Table<'_>, date: DateText) -> Option<String> {
    date.resolve(table.zone).map(|instant| table.dialect.instant(instant))
}

/// The column of a date, to be tested for being there.
pub(super) fn column(table: &mut Table<'_>, date: &DateExpression) -> Result<String, Refused> {
    let none = || Refused::new(Reason::Date, "this date has no column");
    instant(table, date)?.ok_or_else(none)
}

/// A date compared with a constant.
pub(super) fn member(
    table: &mut Table<'_>,
    date: &DateExpression,
    operator: Operator,
    other: DateText,
) -> Result<String, Refused> {
    compare(table, operator, date, &DateExpression::Constant(other))
}

/// Two dates compared.
pub(super) fn compare(
    table: &mut Table<'_>,
    operator: Operator,
    left: &DateExpression,
    right: &DateExpression,
) -> Result<String, Refused> {
    let sign = sign(operator)?;
    Ok(match (instant(table, left)?, instant(table, right)?) {
        (Some(left), Some(right)) => format!("{left} {sign} {right}"),
        // A constant that is no date.
        _ => UNKNOWN.to_owned(),
    })
}

/// The local time of an instant, held within the years 0001 to 9999 as the engine holds it. In
/// Spark as milliseconds since the beginning of 1970.
fn local(table: &mut Table<'_>, date: &DateExpression) -> Result<String, Refused> {
    let none = || Refused::new(Reason::Date, "a part of a date that is none is not translated");
    let instant = instant(table, date)?.ok_or_else(none)?;
    let name = table.zone.name().to_owned();
    let in_spark = table.dialect == Dialect::Spark;
    let shown = match (name.as_str(), in_spark) {
        ("UTC", false) => return Ok(format!("({instant} AT TIME ZONE 'UTC')")),
        ("UTC", true) => return Ok(format!("unix_millis({instant})")),
        // PostgreSQL reads such a name with the opposite sign.
        (name, false) if name.starts_with(['+', '-']) => {
            format!("({instant} AT TIME ZONE 'UTC' + INTERVAL '{} minutes')", minutes(table))
        }
        (name, false) => format!("({instant} AT TIME ZONE {})", table.dialect.text(name)?),
        (name, true) if name.starts_with(['+', '-']) => {
            format!("(unix_millis({instant}) + {})", minutes(table).saturating_mul(60_000))
        }
        (name, true) => format!("unix_millis(from_utc_timestamp({instant}, {}))", table.dialect.text(name)?),
    };
    let mut cases = String::new();
    for (end, sign) in [(last(), ">"), (first(), "<")] {
        // Where no instant shows the end, none shows more.
        if let Some(end) = end
            && let Ok(instant_of_end) = table.zone.instant(end)
        {
            let bound = table.dialect.instant(instant_of_end);
            let held = match in_spark {
                true => end.milliseconds().to_string(),
                false => format!("TIMESTAMP '{}'", written(end)),
            };
            cases.push_str(&format!("WHEN {instant} {sign} {bound} THEN {held} "));
        }
    }
    Ok(match cases.is_empty() {
        true => shown,
        false => format!("(CASE {cases}ELSE {shown} END)"),
    })
}

fn last() -> Option<LocalTime> {
    let last = LocalTime::midnight(9999, 12, 31).ok()?.at(23, 59, 59).ok()?;
    LocalTime::from_milliseconds(last.milliseconds().checked_add(999)?).ok()
}

fn first() -> Option<LocalTime> {
    LocalTime::midnight(1, 1, 1).ok()
}

/// By how many minutes a zone of a fixed offset is ahead.
fn minutes(table: &Table<'_>) -> i64 {
    let Ok(instant) = Instant::from_milliseconds(0) else { return 0 };
    table.zone.local(instant).milliseconds().div_euclid(60_000)
}

/// A part of a date, and the largest that it can be.
pub(super) fn part(
    table: &mut Table<'_>,
    part: DatePart,
    date: &DateExpression,
) -> Result<(String, u32), Refused> {
    if table.dialect == Dialect::Spark {
        return part_in_spark(table, part, date);
    }
    let local = local(table, date)?;
    let (sql, most) = match part {
        // Sunday is 0 there.
        DatePart::Weekday => (format!("(extract(dow FROM {local}) + 1)"), 7),
        DatePart::DayOfMonth => (format!("extract(day FROM {local})"), 31),
        DatePart::Month => (format!("extract(month FROM {local})"), 12),
        DatePart::Year => (format!("extract(year FROM {local})"), 9999),
        DatePart::MinuteOfDay => {
            (format!("(extract(hour FROM {local}) * 60 + extract(minute FROM {local}))"), 1439)
        }
        _ => return Err(Refused::new(Reason::Unsupported, "this part of a date is not translated")),
    };
    Ok((table.sized(sql)?, most))
}

/// Functions of Spark see a timestamp in the zone of its session, so that the local time is
/// in milliseconds there, since the beginning of 1970.
fn part_in_spark(
    table: &mut Table<'_>,
    part: DatePart,
    date: &DateExpression,
) -> Result<(String, u32), Refused> {
    let (sql, most) = match part {
        DatePart::Weekday => (format!("dayofweek({})", day(table, date)?), 7),
        DatePart::DayOfMonth => (format!("day({})", day(table, date)?), 31),
        DatePart::Month => (format!("month({})", day(table, date)?), 12),
        DatePart::Year => (format!("year({})", day(table, date)?), 9999),
        DatePart::MinuteOfDay => (format!("(pmod({}, {DAY}) div 60000)", local(table, date)?), 1439),
        _ => return Err(Refused::new(Reason::Unsupported, "this part of a date is not translated")),
    };
    Ok((table.sized(sql)?, most))
}

/// The day of an instant, in Spark. A quotient this small is floored exactly.
fn day(table: &mut Table<'_>, date: &DateExpression) -> Result<String, Refused> {
    Ok(format!("date_from_unix_date(CAST(floor({} / {DAY}) AS INT))", local(table, date)?))
}

/// A distance between two dates, and the largest that it can be.
pub(super) fn distance(
    table: &mut Table<'_>,
    how: DateDistance,
    from: &DateExpression,
    to: &DateExpression,
) -> Result<(String, u64), Refused> {
    match how {
        DateDistance::Days => {
            let sql = match table.dialect {
                Dialect::Spark => format!("abs(datediff({}, {}))", day(table, from)?, day(table, to)?),
                _ => {
                    let (from, to) = (local(table, from)?, local(table, to)?);
                    format!("abs(CAST({from} AS DATE) - CAST({to} AS DATE))")
                }
            };
            Ok((table.sized(sql)?, 3_652_059))
        }
        DateDistance::Minutes => {
            let (from, to) = (column(table, from)?, column(table, to)?);
            let sql = match table.dialect {
                Dialect::DuckDb => format!("(abs(epoch_ms({from}) - epoch_ms({to})) // 60000)"),
                Dialect::Spark => format!("(abs(unix_millis({from}) - unix_millis({to})) div 60000)"),
                Dialect::Postgres => {
                    format!("div(abs(extract(epoch FROM {from}) - extract(epoch FROM {to})), 60)")
                }
            };
            Ok((table.sized(sql)?, 5_258_964_960))
        }
        _ => Err(Refused::new(
            Reason::Date,
            "how near the next anniversary is cannot be computed the same there",
        )),
    }
}
