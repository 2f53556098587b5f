//! What was read, and what was not.

use maud::{Markup, html};

use super::days::{Series, chart};
use super::words::{count, cut, number_of};
use crate::report::InputReport;

/// The most files and faults that are shown.
const MOST: usize = 50;

/// The last section of each page.
pub(super) fn section(input: &InputReport) -> Markup {
    html! {
        section id="input" {
            h2 { "What was read" }
            (chart(&input.days, &Series { style: "quiet", what: "transaction", days: &input.days }, None))
            (left_out(input))
            (faults(input))
            (files(input))
        }
    }
}

fn left_out(input: &InputReport) -> Markup {
    let asked = match (&input.since, &input.until) {
        (Some(since), Some(until)) => format!("from {} to {}", cut(since, 20), cut(until, 20)),
        (Some(since), None) => format!("from {} on", cut(since, 20)),
        (None, Some(until)) => format!("up to {}", cut(until, 20)),
        (None, None) => "of the days that were asked for".to_owned(),
    };
    let all = [
        (input.unreadable, "could not be read".to_owned()),
        (input.skipped, "are no transactions, as the mapping says".to_owned()),
        (input.not_sampled, "are not in the sample".to_owned()),
        (input.other_days, format!("are not {asked}")),
        (input.without_date, "say no date, and are on no day of these charts".to_owned()),
        (input.without_customer, "say no customer".to_owned()),
        (input.without_amount, "say no value".to_owned()),
        (input.without_store, "say no store".to_owned()),
        (input.days_left_out, "are of more days than are told apart".to_owned()),
        (input.stores_left_out, "are of more stores than are told apart".to_owned()),
    ];
    html! {
        ul {
            @for (number, what) in all.iter().filter(|(number, _)| *number > 0) {
                li { (count(*number)) " " (what) }
            }
        }
    }
}

fn faults(input: &InputReport) -> Markup {
    if input.faults.is_empty() {
        return html! {};
    }
    let shown = u64::try_from(input.faults.len().min(MOST)).unwrap_or(u64::MAX);
    html! {
        h3 { "Documents that could not be read" }
        ol.faults {
            @for fault in input.faults.iter().take(MOST) {
                li { (cut(&fault.file, 200)) ", line\u{a0}" (count(fault.line)) ": " (cut(&fault.message, 400)) " " code { (cut(&fault.code, 60)) } }
            }
        }
        @if input.unreadable > shown { p.quiet { "And " (count(input.unreadable.saturating_sub(shown))) " more." } }
    }
}

fn files(input: &InputReport) -> Markup {
    let left = input.files.len().saturating_sub(MOST);
    html! {
        details open[input.files.len() <= 5] {
            summary { (number_of(input.files.len().try_into().unwrap_or(u64::MAX), "file")) }
            ul {
                @for file in input.files.iter().take(MOST) {
                    li { (cut(&file.path, 300)) " " span.quiet { (number_of(file.documents, "document")) } }
                }
            }
            @if left > 0 { p.quiet { "And " (left) " more." } }
        }
    }
}
