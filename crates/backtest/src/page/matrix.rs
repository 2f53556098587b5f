//! Which targets hit the same transactions.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::frame::named;
use super::words::{called, count, share, thousandths};
use crate::report::Report;

/// The overlap of the targets in focus: of the hits of each row, which part the target
/// of each column hits too. Nothing where there are no two of them.
pub(super) fn matrix(report: &Report) -> Markup {
    if report.overlap.is_empty() {
        return html! {};
    }
    let mut both = BTreeMap::new();
    for pair in &report.overlap {
        both.insert((pair.first.as_str(), pair.second.as_str()), pair.both);
        both.insert((pair.second.as_str(), pair.first.as_str()), pair.both);
    }
    let targets: Vec<(usize, &str, String, u64)> = report
        .focus
        .iter()
        .enumerate()
        .filter_map(|(at, focus)| {
            let target = report.targets.iter().find(|target| target.id == focus.id)?;
            let name = called(target.name.as_deref(), &target.id);
            Some((at.saturating_add(1), focus.id.as_str(), name, target.eligible))
        })
        .collect();
    html! {
        section id="overlap" {
            h2 { "Targets that hit the same transactions" }
            p.quiet { "Of the hits of the target of a row, which part the target of a column hits too." }
            div.scrolls tabindex="0" role="region" aria-label="Overlap of targets" {
                table.matrix {
                    thead { tr {
                        td {}
                        @for (number, _, name, _) in &targets {
                            th scope="col" { abbr title=(super::words::cut(name, 200)) { (number) } }
                        }
                    } }
                    tbody {
                        @for (number, id, name, eligible) in &targets {
                            tr {
                                th scope="row" { (number) ". " (named(name)) " " span.quiet { (count(*eligible)) } }
                                @for (_, other, other_name, _) in &targets {
                                    @if id == other { td.same aria-label="itself" {} } @else {
                                        @let both = both.get(&(*id, *other)).copied().unwrap_or(0);
                                        (cell(both, *eligible, &super::words::cut(other_name, 200)))
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A cell: the darker, the larger its part.
fn cell(both: u64, whole: u64, other: &str) -> Markup {
    let part = thousandths(both, whole).min(1000);
    html! {
        td title={ (count(both)) " also hit by " (other) } {
            svg aria-hidden="true" viewBox="0 0 10 10" preserveAspectRatio="none" {
                rect.part width="10" height="10" fill-opacity={ "0." (format!("{:03}", part.saturating_mul(55) / 100)) } {}
            }
            span { @if both == 0 { "\u{b7}" } @else { (short(both, whole)) } }
        }
    }
}

/// The share in few characters.
fn short(part: u64, whole: u64) -> String {
    match thousandths(part, whole) {
        0..10 => "<1%".to_owned(),
        1000 if part < whole => ">99%".to_owned(),
        _ => share(part, whole).split('.').next().map_or_else(String::new, |whole| {
            if whole.ends_with('%') { whole.to_owned() } else { format!("{whole}%") }
        }),
    }
}
