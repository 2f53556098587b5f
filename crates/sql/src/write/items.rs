//! Line items and tenders: lists of structs in DuckDB, asked by subqueries.

use target_rules::condition::{Aggregate, Figure, ListName, Measure, Selection};
use target_rules::syntax::Operator;

use crate::columns::ColumnType;
use crate::refusal::{Reason, Refused};

use super::decimal::{NumberSql, beside, of_field};
use super::pattern::matches;
use super::table::{ITEM, Table, sign};

/// The most items of a list that a transaction has.
const MOST_ITEMS: u32 = 10_000;
/// The items of a list as rows. No column of a host has this name.
const ITEMS: &str = "\"rule.items\"";

/// The items of a list as rows, each with the name [`ITEM`].
fn rows(list: &str) -> String {
    format!("unnest({list}) AS {ITEMS}({ITEM})")
}

/// An aggregate over the items of a profile, as a number.
pub(super) fn number(table: &mut Table<'_>, aggregate: &Aggregate) -> Result<NumberSql, Refused> {
    let section = &aggregate.section;
    let list = table.list(section, ListName::LineItems)?;
    let selected = Selected::of(table, aggregate)?;
    let mut known = Vec::new();
    if let Some(field) = &selected.needs {
        known.push(format!("count(*) = count({field})"));
    }
    let filter = match &selected.sql {
        Some(sql) => format!(" FILTER (WHERE {sql})"),
        None => String::new(),
    };
    let (measure, result) = match aggregate.measure {
        Measure::Sum(figure) => {
            let field = figure_of(table, section, figure)?;
            known.push(format!("count(*){filter} = count({}){filter}", field.sql));
            let sql = format!("COALESCE(sum({}){filter}, 0)", field.sql);
            (sql, Some(field))
        }
        Measure::Count => (format!("count(*){filter}"), None),
        _ => return Err(Refused::new(Reason::Unsupported, "this aggregate is not translated")),
    };
    let value = match known.is_empty() {
        true => measure,
        false => format!("CASE WHEN {} THEN {measure} END", known.join(" AND ")),
    };
    let sql = format!("(CASE WHEN {list} IS NOT NULL THEN (SELECT {value} FROM {}) END)", rows(&list));
    let sql = table.sized(sql)?;
    match result {
        Some(field) => field.summed(sql, MOST_ITEMS),
        None => Ok(NumberSql::whole(sql, MOST_ITEMS)),
    }
}

/// Whether any item is selected.
pub(super) fn any(table: &mut Table<'_>, aggregate: &Aggregate) -> Result<String, Refused> {
    let list = table.list(&aggregate.section, ListName::LineItems)?;
    let selected = Selected::of(table, aggregate)?;
    if selected.needs.is_some() {
        return Err(Refused::new(Reason::Unsupported, "this test of items is not translated"));
    }
    let filter = selected.sql.unwrap_or_else(|| "TRUE".to_owned());
    table.sized(format!(
        "CASE WHEN {list} IS NOT NULL THEN EXISTS (SELECT 1 FROM {} WHERE {filter}) END",
        rows(&list)
    ))
}

/// Whether the item at hand is selected; false where it lacks the attribute.
pub(super) fn is_selected(table: &mut Table<'_>, selection: &Selection) -> Result<String, Refused> {
    let (sql, _) = selects(table, table.items_of(), selection)?;
    Ok(format!("COALESCE({sql}, FALSE)"))
}

/// A condition of one item, decided for each: true where it is true for any, else unknown
/// where it is unknown for any. `without` is what it gives where there is no list.
pub(super) fn unrolled(list: &str, condition: &str, without: &str) -> String {
    format!(
        "(CASE WHEN {list} IS NOT NULL THEN (SELECT CASE WHEN bool_or(held) THEN TRUE \
         WHEN count(*) > count(held) THEN NULL ELSE FALSE END FROM (SELECT {condition} AS held FROM {}) \
         AS \"rule.held\") WHEN NOT {without} THEN FALSE END)",
        rows(list)
    )
}

/// Which items count.
struct Selected {
    /// A condition of an item; `None` where all count.
    sql: Option<String>,
    /// A field that no item may lack.
    needs: Option<String>,
}

impl Selected {
    fn of(table: &mut Table<'_>, aggregate: &Aggregate) -> Result<Selected, Refused> {
        let Some(selection) = &aggregate.selection else { return Ok(Selected { sql: None, needs: None }) };
        let (sql, needs) = selects(table, aggregate.section.to_string(), selection)?;
        Ok(Selected { sql: Some(sql), needs })
    }
}

/// The condition of a selection, and the field that no item may lack.
fn selects(
    table: &mut Table<'_>,
    section: String,
    selection: &Selection,
) -> Result<(String, Option<String>), Refused> {
    let attribute = |table: &mut Table<'_>, name: &str| {
        let field = table.field(&section, ListName::LineItems, name, ColumnType::Text, None)?;
        Ok(format!("{field} COLLATE \"C\""))
    };
    match selection {
        Selection::Equals { attribute: name, value } => {
            let field = attribute(table, name)?;
            Ok((format!("{field} = {}", table.dialect.text(value)?), None))
        }
        Selection::Matches { attribute: name, pattern } => {
            let field = attribute(table, name)?;
            Ok((matches(table.dialect, &field, pattern)?, None))
        }
        Selection::EqualsAndMatches { attribute: name, value, pattern } => {
            let field = attribute(table, name)?;
            let found = matches(table.dialect, &field, pattern)?;
            Ok((format!("({field} = {} AND {found})", table.dialect.text(value)?), None))
        }
        Selection::Compares { figure, operator, number } => {
            let field = figure_of(table, &section, *figure)?;
            let number = beside(&field, *number)?;
            let sql = match operator {
                Operator::NotEqual => format!("{} <> {number}", field.sql),
                operator => format!("{} {} {number}", field.sql, sign(*operator)?),
            };
            Ok((sql, Some(field.sql)))
        }
        _ => Err(Refused::new(Reason::Unsupported, "this selection of items is not translated")),
    }
}

/// A figure of an item, as the engine has it: stated, or computed from others.
fn figure_of(table: &mut Table<'_>, section: &str, figure: Figure) -> Result<NumberSql, Refused> {
    let digits = table.digits_of(section, ListName::LineItems, figure.key());
    let holds = ColumnType::Number(digits);
    let field = table.field(section, ListName::LineItems, figure.key(), holds, Some(figure))?;
    of_field(table.dialect, &field, digits)
}
