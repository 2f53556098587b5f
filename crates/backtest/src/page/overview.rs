//! The page of a report: its headline, all targets, then each in focus.

use std::cmp::Reverse;

use maud::{Markup, html};

use super::bars::bar;
use super::frame::{self, figure, figure_in_words, figures, named, notice};
use super::period::{span, written};
use super::words::{amount, bytes_of, called, count, number_of, share};
use super::{focus, input, matrix};
use crate::report::{InputReport, NotWhole, Report, TargetReport};

/// The most rows of the table of targets.
const MOST_ROWS: usize = 300;

/// The whole page.
pub(super) fn page(report: &Report) -> String {
    let headline = headline(report);
    let body = html! {
        header {
            p.kind { "Backtest" }
            h1 { (headline) }
            (reservations(&report.input))
            (read(&report.input))
        }
        (targets(report))
        (matrix::matrix(report))
        @for (at, one) in report.focus.iter().enumerate() {
            @if let Some(target) = report.targets.iter().find(|target| target.id == one.id) {
                (focus::section(at.saturating_add(1), one, target, report))
            }
        }
        (input::section(&report.input))
    };
    frame::page(&headline, &body)
}

/// What the reader came for, in a sentence.
fn headline(report: &Report) -> String {
    let all = report.input.transactions;
    let of = if report.input.whole { "" } else { "Of what was read: " };
    match report.targets.as_slice() {
        [] => format!("{of}There are no targets"),
        [target] => format!(
            "{of}{} would have hit {} of {} ({}) and {}",
            quoted(target),
            count(target.eligible),
            number_of(all, "transaction"),
            share(target.eligible, all),
            number_of(target.customers, "customer")
        ),
        targets => {
            let hit = targets.iter().filter(|target| target.eligible > 0).count();
            let most = targets.iter().rev().max_by_key(|target| target.eligible);
            let most = most.filter(|target| target.eligible > 0).map(|target| {
                format!("; most of all {}, {} of them", quoted(target), share(target.eligible, all))
            });
            format!(
                "{of}{hit} of {} targets would have hit some of {}{}",
                targets.len(),
                number_of(all, "transaction"),
                most.unwrap_or_default()
            )
        }
    }
}

fn quoted(target: &TargetReport) -> String {
    format!("\u{201c}{}\u{201d}", super::words::name(&called(target.name.as_deref(), &target.id)))
}

/// Why the figures are not of everything.
pub(super) fn reservations(input: &InputReport) -> Markup {
    let why: Vec<String> = input.not_whole.iter().map(reservation).collect();
    html! {
        @if !input.whole {
            (notice(&format!("These figures are of a part only: {}.", if why.is_empty() { "not all was read".to_owned() } else { why.join("; ") })))
        }
        @if input.unreadable > 0 {
            p.notice role="note" {
                (number_of(input.unreadable, "document")) " could not be read and are in no other figure. "
                a href="#input" { "Which they are" }
            }
        }
    }
}

fn reservation(why: &NotWhole) -> String {
    match why {
        NotWhole::Interrupted { bytes_read, bytes: Some(bytes) } => {
            format!("the run was stopped after {} of {}", bytes_of(*bytes_read), bytes_of(*bytes))
        }
        NotWhole::Interrupted { bytes_read, bytes: None } => {
            format!("the run was stopped after {}", bytes_of(*bytes_read))
        }
        other => other.to_string(),
    }
}

/// What the figures are of.
pub(super) fn read(input: &InputReport) -> Markup {
    let period = span(&input.days).map_or_else(
        || "not known".to_owned(),
        |(first, last)| {
            if first == last { written(first) } else { format!("{} to {}", written(first), written(last)) }
        },
    );
    let sampled = u64::from(input.sample_millionths);
    let looked_at = match sampled {
        1_000_000.. => if input.whole { "all" } else { "a part" }.to_owned(),
        part => format!("a sample: {}", share(part, 1_000_000)),
    };
    let customers = match input.without_customer {
        0 => String::new(),
        without => format!("{} without one", number_of(without, "transaction")),
    };
    let value = match input.without_amount {
        0 => String::new(),
        without => format!("{} without one", count(without)),
    };
    figures(&[
        figure("Transactions", &count(input.transactions), &looked_at),
        figure("Customers", &count(input.customers), &customers),
        figure("Value of all", &amount(&input.amount), &value),
        figure_in_words(
            "Period",
            &period,
            &format!("in the time zone {}", super::words::cut(&input.zone, 60)),
        ),
    ])
}

fn targets(report: &Report) -> Markup {
    let all = report.input.transactions;
    let mut rows: Vec<&TargetReport> = report.targets.iter().collect();
    let left = rows.len().saturating_sub(MOST_ROWS);
    if left > 0 {
        rows.sort_by_key(|target| Reverse(target.eligible));
        rows.truncate(MOST_ROWS);
    }
    let section = |target: &TargetReport| report.focus.iter().position(|focus| focus.id == target.id);
    html! {
        section id="targets" {
            h2 { "Targets" }
            table.stacks {
                thead { tr {
                    th scope="col" { "Target" }
                    th.number scope="col" { "Hits" }
                    th.wide scope="col" { span.aside { "Share" } }
                    th.number scope="col" { "Not" }
                    th.number scope="col" { "Unknown" }
                    th.number scope="col" { "Customers" }
                    th.number scope="col" { "Value of hits" }
                } }
                tbody {
                    @for target in &rows {
                        tr {
                            th scope="row" { (title(target, section(target))) }
                            td.number data-label="Hits" { strong { (count(target.eligible)) } " " span.quiet { (share(target.eligible, all)) } }
                            td.wide { (bar(&[("part", target.eligible), ("unknown", target.unknown)], all)) }
                            td.number data-label="Not" { (count(target.not_eligible)) }
                            td.number data-label="Unknown" { (count(target.unknown)) }
                            td.number data-label="Customers" { (count(target.customers)) }
                            td.number data-label="Value of hits" { (amount(&target.amount)) }
                        }
                    }
                }
            }
            p.key { span.swatch.part {} " hits " span.swatch.unknown {} " not known, since something is absent" }
            @if left > 0 {
                p.quiet { "Shown are those with the most hits; " (count(left.try_into().unwrap_or(u64::MAX))) " more are in the report as JSON." }
            }
        }
    }
}

fn title(target: &TargetReport, section: Option<usize>) -> Markup {
    let name = called(target.name.as_deref(), &target.id);
    html! {
        @match section {
            Some(at) => a href={ "#focus-" (at.saturating_add(1)) } { (named(&name)) },
            None => (named(&name)),
        }
        @if name != target.id { " " span.quiet { (super::words::name(&target.id)) } }
    }
}
