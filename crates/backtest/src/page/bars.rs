//! Bars beside words.

use maud::{Markup, html};

use super::words::thousandths;

/// A bar of one row.
pub(super) struct Bar {
    /// What it is, at the left or above.
    pub(super) label: Markup,
    /// Its parts, each with its style, from the left.
    pub(super) parts: Vec<(&'static str, u64)>,
    /// What it says, in words: the bar itself is not read aloud.
    pub(super) told: Markup,
    /// More about it, below.
    pub(super) more: Option<Markup>,
}

impl Bar {
    /// A bar of one part.
    pub(super) fn plain(label: Markup, value: u64, told: Markup) -> Bar {
        Bar { label, parts: vec![("part", value)], told, more: None }
    }
}

/// Rows of bars, each as long as its part of a whole.
pub(super) fn bars(rows: &[Bar], whole: u64) -> Markup {
    html! {
        ol.bars role="list" {
            @for row in rows {
                li {
                    span.label { (row.label) }
                    (bar(&row.parts, whole))
                    span.told { (row.told) }
                    @if let Some(more) = &row.more { span.more { (more) } }
                }
            }
        }
    }
}

/// One bar, which stretches with its place.
pub(super) fn bar(parts: &[(&'static str, u64)], whole: u64) -> Markup {
    let mut from = 0_u64;
    let rects = parts.iter().map(|(style, value)| {
        // What is there is seen, however little it is.
        let width = if *value > 0 { thousandths(*value, whole).max(4) } else { 0 };
        let rect = (*style, from, width);
        from = from.saturating_add(width);
        rect
    });
    let rects: Vec<(&str, u64, u64)> = rects.collect();
    html! {
        svg.bar viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true" focusable="false" {
            rect.track width="1000" height="10" {}
            @for (style, x, width) in rects {
                @if width > 0 { rect class=(style) x=(x) width=(width) height="10" {} }
            }
        }
    }
}
