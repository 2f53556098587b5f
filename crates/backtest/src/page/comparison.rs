//! The page of a comparison: what the new version gains and loses.

use std::cmp::Reverse;

use maud::{Markup, html};

use super::bars::{Bar, bar, bars};
use super::days::{Series, chart};
use super::frame::{self, clause, figure, figures, named};
use super::overview::{read, reservations};
use super::words::{amount, called, count, difference, is_code, number_of};
use super::{examples, input, ledger};
use crate::report::{ChangeReport, Comparison, LedgerReport, SideReport};

/// The most rows of the table, and the most targets that are shown one by one.
const MOST_ROWS: usize = 300;
const MOST_SECTIONS: usize = 20;

/// The whole page.
pub(super) fn page(comparison: &Comparison) -> String {
    let headline = headline(comparison);
    let mut changed: Vec<&ChangeReport> =
        comparison.changes.iter().filter(|change| moved(change) > 0).collect();
    changed.sort_by_key(|change| Reverse(moved(change)));
    changed.truncate(MOST_SECTIONS);
    let body = html! {
        header {
            p.kind { "Comparison of two versions" }
            h1 { (headline) }
            (reservations(&comparison.input))
            (read(&comparison.input))
        }
        (table(comparison, &changed))
        @for (at, change) in changed.iter().enumerate() { (section(at.saturating_add(1), change, comparison)) }
        (input::section(&comparison.input))
    };
    frame::page(&headline, &body)
}

/// How many transactions count in one version alone.
fn moved(change: &ChangeReport) -> u64 {
    change.gained.transactions.saturating_add(change.lost.transactions)
}

fn headline(comparison: &Comparison) -> String {
    let of = if comparison.input.whole { "" } else { "Of what was read: " };
    let sum = |of: fn(&ChangeReport) -> u64| {
        comparison.changes.iter().fold(0_u64, |sum, change| sum.saturating_add(of(change)))
    };
    let (gained, lost) = (sum(|change| change.gained.transactions), sum(|change| change.lost.transactions));
    let unchanged = sum(|change| change.unchanged);
    if gained == 0 && lost == 0 {
        return format!("{of}The new version hits what the old one hits: {}", number_of(unchanged, "hit"));
    }
    let says =
        format!("gains {} and loses {}; {} stay", number_of(gained, "hit"), count(lost), count(unchanged));
    match comparison.changes.as_slice() {
        [change] => {
            let name = called(change.name.as_deref(), &change.id);
            format!("{of}\u{201c}{}\u{201d} {says}", super::words::name(&name))
        }
        changes => {
            let touched = changes.iter().filter(|change| moved(change) > 0).count();
            format!("{of}The new version {says}; {touched} of {} targets change", changes.len())
        }
    }
}

fn table(comparison: &Comparison, sections: &[&ChangeReport]) -> Markup {
    let left = comparison.changes.len().saturating_sub(MOST_ROWS);
    let mut rows: Vec<&ChangeReport> = comparison.changes.iter().collect();
    if left > 0 {
        rows.sort_by_key(|change| Reverse(moved(change)));
        rows.truncate(MOST_ROWS);
    }
    html! {
        section id="targets" {
            h2 { "Targets" }
            table.stacks {
                thead { tr {
                    th scope="col" { "Target" }
                    th.number scope="col" { "Old hits" }
                    th.number scope="col" { "New hits" }
                    th.wide scope="col" { span.aside { "Lost, unchanged, gained" } }
                    th.number scope="col" { "Lost" }
                    th.number scope="col" { "Gained" }
                    th.number scope="col" { "Customers" }
                } }
                tbody {
                    @for change in &rows {
                        @let section = sections.iter().position(|other| other.id == change.id);
                        tr {
                            th scope="row" { (title(change, section)) }
                            td.number data-label="Old hits" { (count(change.old_eligible)) }
                            td.number data-label="New hits" { strong { (count(change.new_eligible)) } }
                            td.wide { (sides(change)) }
                            td.number data-label="Lost" { (count(change.lost.transactions)) }
                            td.number data-label="Gained" { (count(change.gained.transactions)) }
                            td.number data-label="Customers" { (count(change.new_customers)) " " span.quiet { (difference(change.new_customers, change.old_customers)) } }
                        }
                    }
                }
            }
            p.key { span.swatch.lost {} " lost " span.swatch.part {} " unchanged " span.swatch.gained {} " gained" }
            @if left > 0 {
                p.quiet { "Shown are those that change most; " (left) " more are in the report as JSON." }
            }
        }
    }
}

fn sides(change: &ChangeReport) -> Markup {
    let parts = [
        ("lost", change.lost.transactions),
        ("part", change.unchanged),
        ("gained", change.gained.transactions),
    ];
    bar(&parts, parts.iter().fold(0_u64, |sum, (_, part)| sum.saturating_add(*part)))
}

fn title(change: &ChangeReport, section: Option<usize>) -> Markup {
    let name = called(change.name.as_deref(), &change.id);
    html! {
        @match section {
            Some(at) => a href={ "#change-" (at.saturating_add(1)) } { (named(&name)) },
            None => (named(&name)),
        }
        @if name != change.id { " " span.quiet { (super::words::name(&change.id)) } }
        @if change.old_rule.is_none() { " " span.tag { "new" } }
        @if change.new_rule.is_none() { " " span.tag { "gone" } }
    }
}

fn section(number: usize, change: &ChangeReport, comparison: &Comparison) -> Markup {
    let gained = Series { style: "gained", what: "gained hit", days: &change.gained.days };
    let lost = Series { style: "lost", what: "lost hit", days: &change.lost.days };
    html! {
        section.focus id={ "change-" (number) } {
            h2 { (named(&called(change.name.as_deref(), &change.id))) }
            dl.versions {
                dt { "Old" } dd { (rule(change.old_rule.as_deref())) }
                dt { "New" } dd { (rule(change.new_rule.as_deref())) }
            }
            (figures(&[
                versions("Hits", change.old_eligible, change.new_eligible),
                versions("Customers", change.old_customers, change.new_customers),
                figure("Value of hits", &amount(&change.new_amount), &format!("was {}", amount(&change.old_amount))),
                versions("Unknown", change.old_unknown, change.new_unknown),
            ]))
            (chart(&comparison.input.days, &gained, Some(&lost)))
            div.beside {
                (side("Gained", "gained", "the old version left them out", &change.gained))
                (side("Lost", "lost", "the new version leaves them out", &change.lost))
            }
            @match (&change.old_ledger, &change.new_ledger) {
                (None, None) => {}
                (old, new) => div.beside { (version_ledger("Old version", old.as_ref())) (version_ledger("New version", new.as_ref())) }
            }
        }
    }
}

fn rule(text: Option<&str>) -> Markup {
    html! {
        @match text {
            Some(text) => code { (super::words::rule(text)) },
            None => span.quiet { "none" },
        }
    }
}

fn versions(what: &str, old: u64, new: u64) -> Markup {
    figure(what, &count(new), &format!("{}, was {}", difference(new, old), count(old)))
}

fn side(name: &str, style: &'static str, why: &str, side: &SideReport) -> Markup {
    let rows: Vec<Bar> = side
        .decided_by
        .iter()
        .map(|by| Bar {
            label: clause(&by.text, is_code(by.kind)),
            parts: vec![(style, by.transactions)],
            told: html! { (count(by.transactions)) },
            more: None,
        })
        .collect();
    html! {
        div.part {
            h3 { (name) ": " (number_of(side.transactions, "transaction")) }
            p { (number_of(side.customers, "customer")) ", value " (amount(&side.amount))
                @if side.without_amount > 0 { span.quiet { " (" (count(side.without_amount)) " without one)" } } }
            @if !rows.is_empty() {
                p.quiet { "By which condition " (why) ":" }
                (bars(&rows, side.transactions))
            }
            (examples::examples(&side.examples, |_| None))
        }
    }
}

fn version_ledger(name: &str, report: Option<&LedgerReport>) -> Markup {
    html! {
        div.part {
            p.kind { (name) }
            @match report {
                Some(report) => (ledger::ledger(report)),
                None => p.quiet { "What customers would have achieved is not known." },
            }
        }
    }
}
