//! Line items and tenders: lists of structs, which DuckDB asks by subqueries and Spark by
//! functions of each.

use target_rules::condition::{Aggregate, Figure, ListName, Measure, Selection};
use target_rules::syntax::Operator;

use crate::columns::ColumnType;
use crate::dialect::Dialect;
use crate::refusal::{Reason, Refused};

use super::decimal::{NumberSql, beside, of_field};
use super::pattern::matches;
use super::table::{Table, sign};

/// The most items of a list that a transaction has.
const MOST_ITEMS: u32 = 10_000;
/// The items of a list as rows in DuckDB. No column of a host has this name.
const ITEMS: &str = "\"rule.items\"";

/// The items of a list as rows, each with the name of the item at hand.
fn rows(list: &str) -> String {
    format!("unnest({list}) AS {ITEMS}({})", Dialect::DuckDb.item())
}

/// An aggregate over the items of a profile, as a number.
pub(super) fn number(table: &mut Table<'_>, aggregate: &Aggregate) -> Result<NumberSql, Refused> {
    let section = &aggregate.section;
    let list = table.list(section, ListName::LineItems)?;
    let selected = Selected::of(table, aggregate)?;
    let mut known = Vec::new();
    let asked = Asked { dialect: table.dialect, list: &list };
    if let Some(field) = &selected.needs {
        known.push(asked.none_lacks(field, None));
    }
    let filter = selected.sql.as_deref();
    let (measure, result) = match aggregate.measure {
        Measure::Sum(figure) => {
            let field = figure_of(table, section, figure)?;
            known.push(asked.none_lacks(&field.sql, filter));
            let sum = field.summed(String::new(), MOST_ITEMS)?;
            (asked.sum(&field, &sum, filter), Some(sum))
        }
        Measure::Count => (asked.count(filter), None),
        _ => return Err(Refused::new(Reason::Unsupported, "this aggregate is not translated")),
    };
    let value = match known.is_empty() {
        true => measure,
        false => format!("CASE WHEN {} THEN {measure} END", known.join(" AND ")),
    };
    let value = match table.dialect {
        Dialect::Spark => value,
        _ => format!("(SELECT {value} FROM {})", rows(&list)),
    };
    let sql = table.sized(format!("(CASE WHEN {list} IS NOT NULL THEN {value} END)"))?;
    match result {
        Some(mut sum) => {
            sum.sql = sql;
            Ok(sum)
        }
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
    let any = match table.dialect {
        Dialect::Spark => format!("COALESCE(exists({list}, {} -> {filter}), FALSE)", table.dialect.item()),
        _ => format!("EXISTS (SELECT 1 FROM {} WHERE {filter})", rows(&list)),
    };
    table.sized(format!("CASE WHEN {list} IS NOT NULL THEN {any} END"))
}

/// Whether the item at hand is selected; false where it lacks the attribute.
pub(super) fn is_selected(table: &mut Table<'_>, selection: &Selection) -> Result<String, Refused> {
    let (sql, _) = selects(table, table.items_of(), selection)?;
    Ok(format!("COALESCE({sql}, FALSE)"))
}

/// A condition of one item, decided for each: true where it is true for any, else unknown
/// where it is unknown for any. `without` is what it gives where there is no list.
pub(super) fn unrolled(dialect: Dialect, list: &str, condition: &str, without: &str) -> String {
    let any = match dialect {
        // What `exists` makes of unknown is a setting there.
        Dialect::Spark => {
            let item = dialect.item();
            format!("aggregate({list}, FALSE, (`rule_held`, {item}) -> `rule_held` OR {condition})")
        }
        _ => format!(
            "(SELECT CASE WHEN bool_or(held) THEN TRUE WHEN count(*) > count(held) THEN NULL ELSE FALSE END \
             FROM (SELECT {condition} AS held FROM {}) AS \"rule.held\")",
            rows(list)
        ),
    };
    format!("(CASE WHEN {list} IS NOT NULL THEN {any} WHEN NOT {without} THEN FALSE END)")
}

/// The items of a list, asked together.
struct Asked<'l> {
    dialect: Dialect,
    list: &'l str,
}

impl Asked<'_> {
    /// Whether none of those that count lacks a field.
    fn none_lacks(&self, field: &str, filter: Option<&str>) -> String {
        match (self.dialect, filter) {
            (Dialect::Spark, None) => {
                format!("NOT exists({}, {} -> {field} IS NULL)", self.list, self.dialect.item())
            }
            (Dialect::Spark, Some(filter)) => format!(
                "NOT exists({}, {} -> COALESCE({filter}, FALSE) AND {field} IS NULL)",
                self.list,
                self.dialect.item()
            ),
            _ => format!("count(*){0} = count({field}){0}", filtered(filter)),
        }
    }

    fn sum(&self, field: &NumberSql, sum: &NumberSql, filter: Option<&str>) -> String {
        let Dialect::Spark = self.dialect else {
            return format!("COALESCE(sum({}){}, 0)", field.sql, filtered(filter));
        };
        let (of, item) = (sum.of_type(self.dialect), self.dialect.item());
        format!(
            "aggregate({}, CAST(0 AS {of}), (`rule_sum`, {item}) -> CAST(`rule_sum` + {} AS {of}))",
            self.those(filter),
            field.sql
        )
    }

    fn count(&self, filter: Option<&str>) -> String {
        match self.dialect {
            Dialect::Spark => format!("size({})", self.those(filter)),
            _ => format!("count(*){}", filtered(filter)),
        }
    }

    /// Those that count, in Spark.
    fn those(&self, filter: Option<&str>) -> String {
        match filter {
            Some(filter) => format!("filter({}, {} -> {filter})", self.list, self.dialect.item()),
            None => self.list.to_owned(),
        }
    }
}

fn filtered(filter: Option<&str>) -> String {
    filter.map_or(String::new(), |filter| format!(" FILTER (WHERE {filter})"))
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
        Ok(table.dialect.by_bytes(&field))
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
