//! How many transactions another threshold would hit.

use maud::{Markup, html};

use super::words::{amount, count, difference, thousandths};
use crate::report::{Amount, CurveReport};

/// The curve of a threshold, with the present one marked.
pub(super) fn curve(report: &CurveReport, transactions: u64) -> Markup {
    let most = report.points.iter().map(|point| point.eligible).max().unwrap_or(0);
    let present = report.points.iter().find(|point| point.threshold == report.threshold);
    let hits = present.map_or(0, |point| point.eligible);
    let (Some(first), Some(last)) = (report.points.first(), report.points.last()) else { return html! {} };
    let place = places(report);
    let dots = || report.points.iter().zip(&place);
    let y = |eligible: u64| 100_u64.saturating_sub(thousandths(eligible, most) / 10);
    let line: Vec<String> = dots().map(|(point, x)| format!("{x} {}", y(point.eligible))).collect();
    let told = format!(
        "Hits by threshold: {} with {}, {} with {}, the present one, and {} with {}",
        count(first.eligible),
        amount(&first.threshold),
        count(hits),
        amount(&report.threshold),
        count(last.eligible),
        amount(&last.threshold)
    );
    html! {
        figure.chart {
            figcaption {
                "Hits by the threshold of " code { (super::words::rule(&report.text)) }
                span.key { span.swatch.present {} " now " strong { (amount(&report.threshold)) } ": " (count(hits)) " hits" }
            }
            div.plot {
                div.scale aria-hidden="true" { span { (count(most)) } span { (count(most / 2)) } span { "0" } }
                svg role="img" aria-label=(told) viewBox="-10 0 1020 100" preserveAspectRatio="none" {
                    @for y in [0, 50, 100] { path.grid d={ "M-10 " (y) "H1010" } {} }
                    @for (point, x) in dots().filter(|(point, _)| point.threshold == report.threshold) {
                        path.present d={ "M" (x) " 100V0" } { title { "now: " (amount(&point.threshold)) } }
                    }
                    polyline.line points=(line.join(" ")) {}
                    @for (point, x) in dots() {
                        path.dot d={ "M" (x) " " (y(point.eligible)) "h0" } {
                            title { (amount(&point.threshold)) ": " (count(point.eligible)) " hits" }
                        }
                    }
                }
                div.ends aria-hidden="true" {
                    span { (amount(&first.threshold)) }
                    span { (amount(&last.threshold)) }
                }
            }
            details {
                summary { "Every threshold" }
                div.scrolls tabindex="0" role="region" aria-label="Every threshold" {
                    table {
                        thead { tr { th scope="col" { "Threshold" } th.number scope="col" { "Hits" } th.number scope="col" { "Of all" } th.number scope="col" { "Against now" } } }
                        tbody {
                            @for point in &report.points {
                                tr.present[point.threshold == report.threshold] {
                                    th scope="row" { (amount(&point.threshold)) }
                                    td.number { (count(point.eligible)) }
                                    td.number { (super::words::share(point.eligible, transactions)) }
                                    td.number { (difference(point.eligible, hits)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Where each threshold stands from the left, of a thousand.
fn places(report: &CurveReport) -> Vec<String> {
    // Pixels need no more digits than a float has; what is told is exact.
    let value = |threshold: &Amount| threshold.to_string().parse::<f64>().unwrap_or(0.0);
    let all: Vec<f64> = report.points.iter().map(|point| value(&point.threshold)).collect();
    let (least, most) = (all.first().copied().unwrap_or(0.0), all.last().copied().unwrap_or(0.0));
    let width = if most > least { most - least } else { 1.0 };
    all.iter().map(|value| format!("{:.1}", (value - least) / width * 1000.0)).collect()
}
