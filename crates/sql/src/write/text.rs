//! Texts, and the lists of custom fields and segments.

use target_rules::condition::{Container, Read, TextExpression, TextSet, ValueKind, Values};

use crate::dialect::Dialect;
use crate::refusal::{Reason, Refused};

use super::pattern::matches;
use super::table::Table;

/// A text as SQL, compared by its bytes whatever the column's collation is.
pub(super) fn text(table: &mut Table<'_>, expression: &TextExpression) -> Result<String, Refused> {
    match expression {
        TextExpression::Constant(text) => table.dialect.text(text),
        other => {
            let column = column(table, other)?;
            Ok(table.dialect.by_bytes(&column))
        }
    }
}

/// The column of a text.
pub(super) fn column(table: &mut Table<'_>, expression: &TextExpression) -> Result<String, Refused> {
    match expression {
        TextExpression::Attribute(leaf) => table.column_of(leaf.read(), ValueKind::Text),
        TextExpression::Answer(answer) => table.column_of(answer.read(), ValueKind::Text),
        _ => Err(Refused::new(Reason::Unsupported, "this text has no column")),
    }
}

/// Whether a text is in a set.
pub(super) fn member(
    table: &mut Table<'_>,
    expression: &TextExpression,
    set: &TextSet,
) -> Result<String, Refused> {
    let sql = text(table, expression)?;
    let sql = match set {
        TextSet::Values(values) => {
            let literals: Result<Vec<String>, Refused> =
                values.iter().map(|value| table.dialect.text(value)).collect();
            match literals?.as_slice() {
                [one] => format!("{sql} = {one}"),
                all => format!("{sql} IN ({})", all.join(", ")),
            }
        }
        TextSet::Containing(part) => {
            let part = table.dialect.text(part)?;
            table.dialect.contains(&sql, &part)
        }
        TextSet::Matching(pattern) => matches(table.dialect, &sql, pattern)?,
        _ => return Err(Refused::new(Reason::Unsupported, "this test of a text is not translated")),
    };
    table.sized(sql)
}

/// Whether a text is there, not empty, and holds another; never unknown.
pub(super) fn holding(
    table: &mut Table<'_>,
    expression: &TextExpression,
    part: &str,
) -> Result<String, Refused> {
    let sql = text(table, expression)?;
    if part.is_empty() {
        return Ok(format!("COALESCE({sql} <> '', FALSE)"));
    }
    // What holds such a part is not empty.
    let part = table.dialect.text(part)?;
    Ok(format!("COALESCE({}, FALSE)", table.dialect.contains(&sql, &part)))
}

/// A test of the values of a custom field or segment.
pub(super) fn container(
    table: &mut Table<'_>,
    container: &Container,
    values: &Values,
) -> Result<String, Refused> {
    let name = match container.read() {
        Read::CustomField { name, .. } | Read::Segment { name, .. } => name.clone(),
        _ => return Err(Refused::new(Reason::Unsupported, "this list of values is not translated")),
    };
    let (column, _) = table.column(container.read())?;
    let name = table.dialect.text(&name)?;
    match (values, table.dialect) {
        (Values::Includes(value), Dialect::DuckDb) => {
            let value = table.dialect.text(value)?;
            Ok(format!(
                "CASE WHEN {column} IS NOT NULL THEN EXISTS (SELECT 1 FROM unnest({column}[{name}]) AS held(value) \
                 WHERE value COLLATE \"C\" = {value}) END"
            ))
        }
        (Values::Includes(value), Dialect::Postgres) => {
            let value = table.dialect.text(value)?;
            Ok(format!(
                "CASE WHEN {column} IS NOT NULL THEN COALESCE({column} -> {name} @> to_jsonb({value}::text), FALSE) END"
            ))
        }
        (Values::Any, Dialect::DuckDb) => {
            Ok(format!("EXISTS (SELECT 1 FROM unnest({column}[{name}]) AS held(value) WHERE value <> '')"))
        }
        (Values::Any, Dialect::Postgres) => Ok(format!(
            "COALESCE(jsonb_path_exists({column} -> {name}, '$[*] ? (@ != \"\" && @ != null)'), FALSE)"
        )),
        (Values::Includes(value), Dialect::Spark) => {
            let value = table.dialect.text(value)?;
            Ok(format!(
                "CASE WHEN {column} IS NOT NULL THEN {} END",
                holds(&format!("{column}, {name}"), "=", &value)
            ))
        }
        (Values::Any, Dialect::Spark) => Ok(holds(&format!("{column}, {name}"), "<>", "''")),
        _ => Err(Refused::new(Reason::Unsupported, "this test of a list is not translated")),
    }
}

/// Whether any text of a list in Spark is equal to a value, or not equal; false without a list.
fn holds(list: &str, sign: &str, value: &str) -> String {
    let held = Dialect::Spark.by_bytes("`rule_value`");
    format!("COALESCE(exists(try_element_at({list}), `rule_value` -> {held} {sign} {value}), FALSE)")
}
