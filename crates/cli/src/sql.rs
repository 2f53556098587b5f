//! `sql`: a rule as a condition over columns of a database.

use serde::Serialize;
use target_rules_sql::{ColumnType, Columns, Dialect, Naming, Options, Refusal, Sql, to_sql};

use super::arguments::SqlAsked;
use super::choice::{DialectChoice, Format};
use super::invocation::Invocation;
use super::outcome::{Failure, Outcome};
use super::{rules, screen};

/// A condition as JSON.
#[derive(Serialize)]
struct Condition<'s> {
    condition: &'s str,
    columns: Vec<Column<'s>>,
}

#[derive(Serialize)]
struct Column<'s> {
    path: &'s str,
    sql: &'s str,
    holds: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    digits: Option<[u32; 2]>,
}

#[derive(Serialize)]
struct Refused<'s> {
    refused: Vec<Part<'s>>,
}

#[derive(Serialize)]
struct Part<'s> {
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'s str>,
    message: &'s str,
}

pub(crate) fn sql(invocation: &Invocation, asked: &SqlAsked) -> Outcome {
    let (rule, _) = rules::rule_of(invocation, &asked.rule)?;
    let mut options = Options::new(match asked.dialect {
        DialectChoice::Duckdb => Dialect::DuckDb,
        DialectChoice::Postgres => Dialect::Postgres,
        DialectChoice::Spark => Dialect::Spark,
    });
    options.zone = invocation.zone.clone();
    let naming = if asked.steps { Naming::Steps } else { Naming::Dotted };
    let columns = Columns::default().naming(naming).other_digits(asked.digits);
    options.columns = asked
        .columns
        .iter()
        .fold(columns, |columns, column| columns.column(column.path.as_str(), column.names.clone()));
    match to_sql(&rule, &options) {
        Ok(sql) => told(invocation, &sql),
        Err(refusals) => refused(invocation, &refusals),
    }
}

fn told(invocation: &Invocation, sql: &Sql) -> Outcome {
    let mut out = screen::results();
    match invocation.format {
        Format::Json => {
            let columns = sql.columns.iter().map(|column| {
                let (holds, digits) = match column.holds {
                    ColumnType::Boolean => ("boolean", None),
                    ColumnType::Number(digits) => ("number", Some([digits.all(), digits.fraction()])),
                    ColumnType::Text => ("string", None),
                    ColumnType::Instant => ("date", None),
                    _ => ("lists", None),
                };
                Column { path: &column.path, sql: &column.sql, holds, digits }
            });
            out.json(&Condition { condition: &sql.condition, columns: columns.collect() })?;
        }
        _ => out.exact(&format!("{}\n", sql.condition))?,
    }
    Ok(out.flush()?)
}

fn refused(invocation: &Invocation, refusals: &[Refusal]) -> Outcome {
    if invocation.format == Format::Json {
        let parts = refusals.iter().map(|refusal| Part {
            code: refusal.reason.code(),
            rule: refusal.text.as_deref(),
            message: &refusal.message,
        });
        let mut out = screen::results();
        out.json(&Refused { refused: parts.collect() })?;
        out.flush()?;
        return Err(Failure::Faults);
    }
    let mut err = screen::messages();
    for refusal in refusals {
        let _ = writeln!(err, "error[{}]: {}", refusal.reason.code(), refusal.message);
        if let Some(text) = &refusal.text {
            let _ = writeln!(err, "  = in: {text}");
        }
    }
    Err(Failure::Faults)
}
