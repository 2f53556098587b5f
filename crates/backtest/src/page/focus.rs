//! One target, all that is known of it.

use maud::{Markup, html};

use super::bars::{Bar, bars};
use super::days::{Series, chart};
use super::frame::{clause, figure, figures, named};
use super::words::{amount, called, count, is_code, number_of, share};
use super::{curve, examples, ledger};
use crate::report::{AbsentReport, FocusReport, HitsBand, Report, StoreCount, TargetReport};

/// The most stores that are shown.
const MOST_STORES: usize = 10;
/// The most names that are shown of what was absent.
const MOST_NAMES: usize = 10;

/// The section of a target in focus, and which one it is.
pub(super) fn section(number: usize, focus: &FocusReport, target: &TargetReport, report: &Report) -> Markup {
    let all = report.input.transactions;
    let name = called(target.name.as_deref(), &target.id);
    html! {
        section.focus id={ "focus-" (number) } {
            h2 { (named(&name)) }
            p.rule { code { (super::words::rule(&target.rule)) } }
            (sums(target, all))
            (chart(&report.input.days, &Series { style: "part", what: "hit", days: &target.days }, None))
            (funnel(focus, target, all))
            @for one in &focus.curves { (curve::curve(one, all)) }
            div.beside {
                (by_customer(&target.hits_by_customer, target.customers))
                (by_store(&target.stores, target.eligible))
                (absent(&target.absent, target.unknown))
            }
            @if let Some(report) = &focus.ledger { (ledger::ledger(report)) }
            @if let Some(why) = &focus.no_ledger {
                p.quiet { "What customers would have achieved is not known: " (super::words::cut(why, 400)) }
            }
            (examples::examples(&focus.examples, |at| {
                focus.clauses.get(at).map(|one| clause(&one.text, is_code(one.kind)))
            }))
        }
    }
}

fn sums(target: &TargetReport, all: u64) -> Markup {
    let without = match target.hits_without_customer {
        0 => String::new(),
        without => format!("and {} without one", number_of(without, "hit")),
    };
    let value = match target.without_amount {
        0 => String::new(),
        without => format!("{} without one", number_of(without, "hit")),
    };
    figures(&[
        figure("Hits", &count(target.eligible), &share(target.eligible, all)),
        figure("Customers", &count(target.customers), &without),
        figure("Value of hits", &amount(&target.amount), &value),
        figure("Unknown", &count(target.unknown), &share(target.unknown, all)),
    ])
}

/// How many transactions are left after each clause.
fn funnel(focus: &FocusReport, target: &TargetReport, all: u64) -> Markup {
    if focus.clauses.is_empty() {
        return html! {};
    }
    let mut left = all;
    let mut rows = vec![Bar::plain(html! { "All transactions" }, all, html! { (count(all)) })];
    for one in &focus.clauses {
        let after = left.saturating_sub(one.rejects_first);
        let more = html! {
            @if one.rejects == 0 { "It leaves out nothing." } @else {
                "By itself it leaves out " (count(one.rejects)) " (" (share(one.rejects, all)) ")"
                @if one.unknown > 0 { ", " (count(one.unknown)) " of them because something is absent" }
                ". Without it there would be " strong { (count(one.admitted_if_dropped)) } " more hits."
            }
        };
        rows.push(Bar {
            label: clause(&one.text, is_code(one.kind)),
            parts: vec![("part", after), ("lost", one.rejects_first)],
            told: html! { (count(after)) " left" },
            more: Some(more),
        });
        left = after;
    }
    html! {
        h3 { "Where transactions are lost" }
        p.quiet { "Each condition in its order: how many transactions are left after it, and how many it takes away." }
        div.funnel { (bars(&rows, all)) }
        p.key { span.swatch.part {} " left " span.swatch.lost {} " taken away by this condition" }
        @if left != target.eligible {
            p.quiet { "These conditions leave " (count(left)) " transactions; the target counts " (count(target.eligible)) "." }
        }
    }
}

fn by_customer(bands: &[HitsBand], customers: u64) -> Markup {
    if bands.is_empty() {
        return html! {};
    }
    let hits = |band: &HitsBand| match band.to {
        Some(to) if to == band.from => number_of(to, "hit"),
        Some(to) => format!("{} to {} hits", count(band.from), count(to)),
        None => format!("{} hits and more", count(band.from)),
    };
    let rows: Vec<Bar> = bands
        .iter()
        .map(|band| {
            let told =
                html! { (count(band.customers)) " " span.quiet { (share(band.customers, customers)) } };
            Bar::plain(html! { (hits(band)) }, band.customers, told)
        })
        .collect();
    html! { div.part { h3 { "Hits a customer" } (bars(&rows, largest(bands.iter().map(|band| band.customers)))) } }
}

fn by_store(stores: &[StoreCount], eligible: u64) -> Markup {
    if stores.is_empty() {
        return html! {};
    }
    let mut sorted: Vec<&StoreCount> = stores.iter().collect();
    sorted.sort_by_key(|store| std::cmp::Reverse(store.transactions));
    let left = sorted.len().saturating_sub(MOST_STORES);
    sorted.truncate(MOST_STORES);
    let rows: Vec<Bar> = sorted
        .iter()
        .map(|store| {
            let told = html! { (count(store.transactions)) " " span.quiet { (share(store.transactions, eligible)) } };
            Bar::plain(named(&store.store), store.transactions, told)
        })
        .collect();
    html! {
        div.part {
            h3 { "Stores with the most hits" }
            (bars(&rows, largest(sorted.iter().map(|store| store.transactions))))
            @if left > 0 { p.quiet { "And " (left) " more." } }
        }
    }
}

/// What was absent, the most frequent first.
fn absent(report: &AbsentReport, unknown: u64) -> Markup {
    if unknown == 0 || (report.names.is_empty() && report.faults == 0) {
        return html! {};
    }
    let left = report.names.len().saturating_sub(MOST_NAMES);
    let mut rows: Vec<Bar> = report
        .names
        .iter()
        .take(MOST_NAMES)
        .map(|name| {
            let told = html! { (count(name.transactions)) " " span.quiet { (share(name.transactions, report.asked)) } };
            Bar::plain(clause(&name.name, true), name.transactions, told)
        })
        .collect();
    if report.faults > 0 {
        let told = html! { (count(report.faults)) " " span.quiet { (share(report.faults, report.asked)) } };
        rows.push(Bar::plain(html! { "a value that can't be used" }, report.faults, told));
    }
    html! {
        div.part {
            h3 { "What was absent" }
            p.quiet {
                "Why it is not known whether " (number_of(unknown, "transaction")) " would count"
                @if report.asked < unknown { ", as " (count(report.asked)) " of them say" } "."
            }
            (bars(&rows, report.asked))
            @if left > 0 { p.quiet { "And " (left) " more." } }
        }
    }
}

fn largest(numbers: impl Iterator<Item = u64>) -> u64 {
    numbers.max().unwrap_or(0)
}
