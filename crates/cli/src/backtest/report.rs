//! A report as people read it.

use target_rules::diagnostic::visible;
use target_rules_backtest::{
    ClauseReport, CurveReport, FocusReport, InputReport, LedgerReport, Report, TargetReport,
};

use crate::count::plural;
use crate::outcome::Outcome;
use crate::screen::{self, Results};
use crate::table::{self, Column, Table};

/// What stands where there is nothing to say.
const NOTHING: &str = "-";

const TARGETS: [Column; 8] = [
    Column::Word("target"),
    Column::Number("hits"),
    Column::Number("of 100"),
    Column::Number("unknown"),
    Column::Number("customers"),
    Column::Number("amount"),
    Column::Number("reached"),
    Column::Text("name"),
];

const CLAUSES: [Column; 6] = [
    Column::Number("rejects"),
    Column::Number("unknown"),
    Column::Number("first"),
    Column::Number("if dropped"),
    Column::Number("left"),
    Column::Text("clause"),
];

const OVERLAP: [Column; 5] = [
    Column::Word("target"),
    Column::Word("and"),
    Column::Number("both"),
    Column::Number("first"),
    Column::Number("second"),
];

pub(super) fn print(report: &Report) -> Outcome {
    let mut out = screen::results();
    let width = table::width_of_output(screen::results_at_a_terminal());
    input(&mut out, &report.input)?;
    writeln!(out)?;
    let reached = |id: &str| {
        let ledger = report.focus.iter().find(|focus| focus.id == id).and_then(|focus| focus.ledger.as_ref());
        ledger.and_then(|ledger| ledger.reached).map_or(NOTHING.to_owned(), |reached| reached.to_string())
    };
    let row = |target: &TargetReport| {
        vec![
            visible(&target.id),
            target.eligible.to_string(),
            percent(target.eligible, report.input.transactions),
            target.unknown.to_string(),
            target.customers.to_string(),
            target.amount.to_string(),
            reached(&target.id),
            visible(target.name.as_deref().unwrap_or(&target.rule)),
        ]
    };
    Table::whole(&TARGETS, || report.targets.iter().map(row), width, &mut out)?;
    for focus in &report.focus {
        let target = report.targets.iter().find(|target| target.id == focus.id);
        of_focus(&mut out, focus, target, width)?;
    }
    let both: Vec<_> = report.overlap.iter().filter(|pair| pair.both > 0).collect();
    if !both.is_empty() {
        writeln!(out, "\nTransactions that two targets count:")?;
        let row = |pair: &&target_rules_backtest::OverlapReport| {
            let counts = [pair.both, pair.of_first, pair.of_second].map(|count| count.to_string());
            [visible(&pair.first), visible(&pair.second)].into_iter().chain(counts).collect::<Vec<String>>()
        };
        Table::whole(&OVERLAP, || both.iter().map(row), width, &mut out)?;
    }
    out.flush()?;
    Ok(())
}

/// What was read, in some lines.
pub(super) fn input(out: &mut Results, input: &InputReport) -> Outcome {
    let InputReport { transactions, customers, amount, zone, .. } = input;
    let files = plural(input.files.len(), "file");
    writeln!(
        out,
        "{} of {} in {files}; amount {amount}",
        plural(transactions, "transaction"),
        plural(customers, "customer")
    )?;
    if let (Some(first), Some(last)) = (input.days.first(), input.days.last()) {
        writeln!(out, "{} to {}, {zone}", first.day, last.day)?;
    }
    let beside = [
        (input.unreadable, "can't be read"),
        (input.skipped, "skipped by the mapping"),
        (input.not_sampled, "not in the sample"),
        (input.other_days, "of other days"),
        (input.without_date, "without a date"),
        (input.without_customer, "without a customer"),
        (input.without_amount, "without an amount"),
    ];
    let beside: Vec<String> = beside
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    if !beside.is_empty() {
        writeln!(out, "{}", beside.join(", "))?;
    }
    for why in &input.not_whole {
        writeln!(out, "NOT WHOLE: {why}")?;
    }
    Ok(())
}

/// A part of all in percent, with one digit after the point.
pub(super) fn percent(part: u64, all: u64) -> String {
    let thousandths = u128::from(part).checked_mul(1000).and_then(|part| part.checked_div(u128::from(all)));
    let Some(thousandths) = thousandths else { return NOTHING.to_owned() };
    format!("{}.{}", thousandths / 10, thousandths % 10)
}

fn of_focus(out: &mut Results, focus: &FocusReport, target: Option<&TargetReport>, width: usize) -> Outcome {
    let name = target.and_then(|target| target.name.as_deref()).map(|name| format!(" ({})", visible(name)));
    writeln!(out, "\nTarget {}{}", visible(&focus.id), name.unwrap_or_default())?;
    let mut left = focus
        .clauses
        .first()
        .map_or(0, |clause| clause.passes.checked_add(clause.rejects).unwrap_or_default());
    let rows: Vec<Vec<String>> = focus
        .clauses
        .iter()
        .map(|clause| {
            left = left.saturating_sub(clause.rejects_first);
            clause_row(clause, left)
        })
        .collect();
    Table::whole(&CLAUSES, || &rows, width, out)?;
    for curve in &focus.curves {
        curve_line(out, curve)?;
    }
    if let Some(target) = target.filter(|target| !target.absent.names.is_empty()) {
        let names = target.absent.names.iter().take(MOST_NAMES);
        let names: Vec<String> =
            names.map(|name| format!("{} ({})", visible(&name.name), name.transactions)).collect();
        writeln!(out, "  absent, of {} unknown: {}", target.absent.asked, names.join(", "))?;
    }
    if let Some(told) = &focus.ledger {
        ledger(out, told)?;
    }
    if let Some(why) = &focus.no_ledger {
        writeln!(out, "  nothing is booked: {}", visible(why))?;
    }
    // Of a rule of one clause that is no news.
    let several = focus.clauses.len() > 1;
    for example in focus.examples.iter().filter(|example| several && example.clause.is_some()) {
        let clause = example.clause.and_then(|clause| focus.clauses.get(clause));
        let text = clause.map(|clause| visible(&clause.text)).unwrap_or_default();
        let file = visible(&example.file);
        writeln!(out, "  missed by `{text}` alone: {file}:{}", example.line)?;
    }
    Ok(())
}

const MOST_NAMES: usize = 5;

fn clause_row(clause: &ClauseReport, left: u64) -> Vec<String> {
    let counts = [clause.rejects, clause.unknown, clause.rejects_first, clause.admitted_if_dropped, left];
    counts.iter().map(u64::to_string).chain([visible(&clause.text)]).collect()
}

/// The hits for some thresholds around the one that is written.
fn curve_line(out: &mut Results, curve: &CurveReport) -> Outcome {
    let at = curve.points.iter().position(|point| point.threshold == curve.threshold).unwrap_or_default();
    let near = |place: usize| place.abs_diff(at) <= 2 || place.abs_diff(at).is_multiple_of(5);
    let points = curve.points.iter().enumerate().filter(|(place, _)| near(*place));
    let points: Vec<String> = points
        .map(|(place, point)| {
            let told = format!("{}: {}", point.threshold, point.eligible);
            if place == at { format!("[{told}]") } else { told }
        })
        .collect();
    writeln!(out, "  hits by threshold of `{}`: {}", visible(&curve.text), points.join("  "))?;
    Ok(())
}

/// What was achieved, in a line.
pub(super) fn ledger(out: &mut Results, ledger: &LedgerReport) -> Outcome {
    let LedgerReport { customers, achieved, contributions, unknown, .. } = ledger;
    let reached = match ledger.reached {
        Some(reached) => format!("reached by {}", plural(reached, "customer")),
        None => "nothing says what is to be reached".to_owned(),
    };
    let mut beside = String::new();
    if *unknown > 0 {
        beside.push_str(&format!(", {unknown} unknown"));
    }
    if ledger.waiting_returns > 0 {
        beside.push_str(&format!(", {} waiting for their bills", plural(ledger.waiting_returns, "return")));
    }
    writeln!(
        out,
        "  achieved {achieved} by {} in {}{beside}; {reached}",
        plural(customers, "customer"),
        plural(contributions, "contribution")
    )?;
    Ok(())
}
