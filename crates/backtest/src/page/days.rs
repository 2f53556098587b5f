//! What happened when: bars over time.

use maud::{Markup, html};

use super::period::{Steps, short};
use super::words::{count, number_of, thousandths};
use crate::report::DayCount;

/// What is counted, on one side of the axis.
pub(super) struct Series<'a> {
    pub(super) style: &'static str,
    /// One of them in words, such as `hit`.
    pub(super) what: &'static str,
    pub(super) days: &'a [DayCount],
}

/// A chart over the days of all transactions; `below` goes down from the axis. Nothing
/// where no day is known.
pub(super) fn chart(all: &[DayCount], above: &Series, below: Option<&Series>) -> Markup {
    let Some(steps) = Steps::of(all) else { return html! { p.quiet { "No transaction says its day." } } };
    let up = steps.sums(above.days);
    let down = below.map(|series| steps.sums(series.days));
    let most = up.iter().chain(down.iter().flatten()).copied().max().unwrap_or(0);
    let top = nice(most);
    let height: u64 = if down.is_some() { 200 } else { 100 };
    let width = steps.steps.len().saturating_mul(10);
    html! {
        figure.chart {
            figcaption {
                (capital(above.what)) "s"
                @if let Some(below) = below { " above the line, " (below.what) "s below it" }
                " per " (steps.each)
            }
            div.plot.halved[down.is_some()] {
                div.scale aria-hidden="true" {
                    span { (count(top)) }
                    @if down.is_some() { span { "0" } span { (count(top)) } }
                    @else { span { (count(top / 2)) } span { "0" } }
                }
                svg role="img" aria-label=(told(&steps, above, &up)) viewBox={ "0 0 " (width) " " (height) } preserveAspectRatio="none" {
                    (grid(width, height))
                    (rects(&steps, above, &up, top, 100, false))
                    @if let (Some(below), Some(down)) = (below, &down) {
                        (rects(&steps, below, down, top, 100, true))
                        path.axis d={ "M0 100H" (width) } {}
                    }
                }
                div.ends aria-hidden="true" {
                    @if let (Some(first), Some(last)) = (steps.steps.first(), steps.steps.last()) {
                        span { (short(first.from)) }
                        @if last.to != first.from { span { (short(last.to)) } }
                    }
                }
            }
        }
    }
}

fn grid(width: usize, height: u64) -> Markup {
    html! {
        @for y in [0, height / 2, height] { path.grid d={ "M0 " (y) "H" (width) } {} }
    }
}

fn rects(steps: &Steps, series: &Series, sums: &[u64], top: u64, axis: u64, down: bool) -> Markup {
    html! {
        @for ((at, step), sum) in steps.steps.iter().enumerate().zip(sums).filter(|(_, sum)| **sum > 0) {
            // Of a hundred, and never so low that it isn't seen.
            @let high = (thousandths(*sum, top) / 10).max(1);
            @let y = if down { axis } else { axis.saturating_sub(high) };
            rect class=(series.style) x=(at.saturating_mul(10).saturating_add(1)) width="8" y=(y) height=(high) {
                title { (step.written()) ": " (number_of(*sum, series.what)) }
            }
        }
    }
}

/// The chart in a sentence.
fn told(steps: &Steps, series: &Series, sums: &[u64]) -> String {
    let all = sums.iter().fold(0_u64, |all, sum| all.saturating_add(*sum));
    let most = steps.steps.iter().zip(sums).rev().max_by_key(|(_, sum)| **sum);
    let Some((step, most)) = most.filter(|(_, most)| **most > 0) else {
        return format!("No {}s", series.what);
    };
    format!(
        "{} in {}; the most, {}, in the {} of {}",
        number_of(all, series.what),
        number_of(steps.steps.len().try_into().unwrap_or(u64::MAX), steps.each),
        count(*most),
        steps.each,
        step.written()
    )
}

/// A round number that is not below this one, and even.
fn nice(most: u64) -> u64 {
    let mut unit = 1_u64;
    loop {
        for step in [2_u64, 4, 6, 8, 10] {
            let round = unit.saturating_mul(step);
            if round >= most {
                return round;
            }
        }
        unit = unit.saturating_mul(10);
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_top_of_an_axis_is_round() {
        assert_eq!([0, 1, 3, 9, 11, 999, u64::MAX].map(super::nice), [2, 2, 4, 10, 20, 1_000, u64::MAX]);
    }
}
