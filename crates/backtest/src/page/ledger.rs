//! What customers would have achieved.

use maud::{Markup, html};

use super::bars::bar;
use super::frame::{figure, figures};
use super::words::{amount, count, number_of, share};
use crate::report::{EnrolledReport, LedgerReport, PeriodReport};

/// Progress, and who would have reached the target.
pub(super) fn ledger(report: &LedgerReport) -> Markup {
    let who = match report.enrolled {
        EnrolledReport::Listed => "of the customers who are enrolled",
        EnrolledReport::Everybody => "as if every customer took part",
    };
    let mut told = vec![figure("Customers with progress", &count(report.customers), "")];
    if let Some(reached) = report.reached {
        let note = format!("{} of them", share(reached, report.customers));
        told.push(figure("Reached the target", &count(reached), &note));
    }
    let contributions = number_of(report.contributions, "contribution");
    told.push(figure("Achieved by all", &amount(&report.achieved), &contributions));
    html! {
        h3 { "What customers would have achieved" }
        p.quiet { "By the rules of the target, less what was returned, " (who) "." }
        (figures(&told))
        @if !report.periods.is_empty() { (periods(&report.periods)) }
        (left_out(report))
    }
}

fn periods(all: &[PeriodReport]) -> Markup {
    html! {
        table.stacks {
            thead { tr {
                th scope="col" { "Period" }
                th.number scope="col" { "Customers" }
                th.number scope="col" { "Reached" }
                th.wide scope="col" { span.aside { "Share" } }
                th.number scope="col" { "Achieved" }
            } }
            tbody {
                @for period in all {
                    tr {
                        th scope="row" { (name(period)) }
                        td.number data-label="Customers" { (count(period.customers)) }
                        td.number data-label="Reached" {
                            @match period.reached {
                                Some(reached) => { (count(reached)) " (" (share(reached, period.customers)) ")" }
                                None => "not set",
                            }
                        }
                        td.wide { (bar(&[("part", period.reached.unwrap_or(0))], period.customers)) }
                        td.number data-label="Achieved" { (amount(&period.achieved)) }
                    }
                }
            }
        }
    }
}

fn name(period: &PeriodReport) -> String {
    match (period.period_id, period.cycle) {
        (Some(id), Some(cycle)) => format!("Period {id}, cycle {cycle}"),
        (Some(id), None) => format!("Period {id}"),
        (None, Some(cycle)) => format!("Cycle {cycle}"),
        (None, None) => "All the time".to_owned(),
    }
}

/// What isn't in these figures.
fn left_out(report: &LedgerReport) -> Markup {
    let told = [
        (
            report.unknown,
            "activity may count or not, or nobody knows how much",
            "activities may count or not, or nobody knows how much",
        ),
        (
            report.waiting_returns,
            "return is of a bill that was not read",
            "returns are of bills that were not read",
        ),
        (report.not_booked, "activity has no number or no date", "activities have no number or no date"),
    ];
    let told: Vec<String> = told
        .into_iter()
        .filter(|(number, _, _)| *number > 0)
        .map(|(number, one, many)| format!("{} {}", count(number), if number == 1 { one } else { many }))
        .collect();
    html! {
        @if !told.is_empty() { p.quiet { "Not in these figures: " (told.join("; ")) "." } }
    }
}
