//! `references`: what rules read of a transaction, by name.

use std::collections::BTreeMap;

use serde::Serialize;
use target_rules::Reference;
use target_rules::diagnostic::visible;
use target_rules::rule::NamedReference;

use super::arguments::RuleOrTargets;
use super::choice::Format;
use super::invocation::Invocation;
use super::outcome::Outcome;
use super::table::{self, Column, Table};
use super::{rules, screen, targets};

/// One name, and which targets of a payload read it.
#[derive(Serialize)]
struct Row {
    #[serde(flatten)]
    named: NamedReference,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    targets: Vec<i64>,
}

pub(crate) fn references(invocation: &Invocation, of: &RuleOrTargets) -> Outcome {
    let rows = match &of.targets {
        Some(path) => {
            let mut rows: BTreeMap<Reference, Row> = BTreeMap::new();
            for target in targets::checked(invocation, path)? {
                for named in target.references(&invocation.schema) {
                    let row = rows.entry(named.reference.clone());
                    row.or_insert(Row { named, targets: Vec::new() }).targets.push(target.id());
                }
            }
            rows.into_values().collect()
        }
        None => {
            let (rule, _) = rules::rule_of(invocation, of.rule())?;
            let named = rule.named_references(&invocation.schema).into_iter();
            named.map(|named| Row { named, targets: Vec::new() }).collect()
        }
    };
    write(invocation, rows, of.targets.is_some())
}

fn write(invocation: &Invocation, mut rows: Vec<Row>, of_targets: bool) -> Outcome {
    rows.sort_by(|first, second| first.named.cmp(&second.named));
    let width = table::width_of_output(screen::results_at_a_terminal());
    let mut out = screen::results();
    if invocation.format == Format::Json {
        for row in &rows {
            out.json(row)?;
        }
        out.flush()?;
        return Ok(());
    }
    if rows.is_empty() {
        // A rule such as `true`.
        writeln!(out, "nothing is read")?;
        out.flush()?;
        return Ok(());
    }
    let mut columns = vec![Column::Word("name"), Column::Word("type"), Column::Word("unit")];
    if of_targets {
        columns.push(Column::Number("targets"));
    }
    columns.push(Column::Text("meaning"));
    let cells = |row: &Row| {
        let NamedReference { name, of, unit, meaning, .. } = &row.named;
        let mut cells = vec![visible(name), (*of).to_owned(), visible(unit.as_deref().unwrap_or_default())];
        if of_targets {
            cells.push(row.targets.len().to_string());
        }
        cells.push(visible(meaning));
        cells
    };
    let cells: Vec<Vec<String>> = rows.iter().map(cells).collect();
    Table::whole(&columns, || &cells, width, &mut out)?;
    out.flush()?;
    Ok(())
}
