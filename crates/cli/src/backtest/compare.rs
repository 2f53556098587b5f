//! A comparison as people read it.

use target_rules::diagnostic::visible;
use target_rules_backtest::{ChangeReport, Comparison, SideReport};

use crate::count::plural;
use crate::outcome::Outcome;
use crate::screen::{self, Results};
use crate::table::{self, Column, Table};

use super::report::{input, ledger};

const CHANGES: [Column; 7] = [
    Column::Word("target"),
    Column::Number("old"),
    Column::Number("new"),
    Column::Number("gained"),
    Column::Number("lost"),
    Column::Number("unchanged"),
    Column::Text("name"),
];

pub(super) fn print(comparison: &Comparison) -> Outcome {
    let mut out = screen::results();
    let width = table::width_of_output(screen::results_at_a_terminal());
    input(&mut out, &comparison.input)?;
    writeln!(out)?;
    let row = |change: &ChangeReport| {
        let counts = [
            change.old_eligible,
            change.new_eligible,
            change.gained.transactions,
            change.lost.transactions,
            change.unchanged,
        ];
        let name = change.name.as_deref().or(change.new_rule.as_deref()).or(change.old_rule.as_deref());
        let counts = counts.iter().map(u64::to_string);
        let ends = [visible(&change.id), visible(name.unwrap_or_default())];
        let [id, name] = ends;
        [id].into_iter().chain(counts).chain([name]).collect::<Vec<String>>()
    };
    Table::whole(&CHANGES, || comparison.changes.iter().map(row), width, &mut out)?;
    for change in comparison.changes.iter().filter(|change| differs(change)) {
        of_target(&mut out, change)?;
    }
    out.flush()?;
    Ok(())
}

fn differs(change: &ChangeReport) -> bool {
    change.gained.transactions > 0 || change.lost.transactions > 0 || change.old_rule != change.new_rule
}

fn of_target(out: &mut Results, change: &ChangeReport) -> Outcome {
    writeln!(out, "\nTarget {}", visible(&change.id))?;
    for (which, rule) in [("old", &change.old_rule), ("new", &change.new_rule)] {
        match rule {
            Some(rule) => writeln!(out, "  {which}: {}", visible(rule))?,
            None => writeln!(out, "  {which}: there is none")?,
        }
    }
    writeln!(
        out,
        "  customers {} to {}, amount {} to {}, unknown {} to {}",
        change.old_customers,
        change.new_customers,
        change.old_amount,
        change.new_amount,
        change.old_unknown,
        change.new_unknown
    )?;
    side(out, "gained", &change.gained)?;
    side(out, "lost", &change.lost)?;
    for (which, told) in [("old", &change.old_ledger), ("new", &change.new_ledger)] {
        if let Some(told) = told {
            write!(out, "  {which}:")?;
            ledger(out, told)?;
        }
    }
    Ok(())
}

fn side(out: &mut Results, word: &str, side: &SideReport) -> Outcome {
    if side.transactions == 0 {
        return Ok(());
    }
    let customers = plural(side.customers, "customer");
    let transactions = plural(side.transactions, "transaction");
    writeln!(out, "  {word}: {transactions}, {customers} by them alone, amount {}", side.amount)?;
    for decided in &side.decided_by {
        writeln!(out, "    {} by `{}`", decided.transactions, visible(&decided.text))?;
    }
    for example in &side.examples {
        writeln!(out, "    such as {}:{}", visible(&example.file), example.line)?;
    }
    Ok(())
}
