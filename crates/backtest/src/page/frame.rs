//! What every page has: its head, its style, notices and figures.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::words::{cut, name, title};

const STYLE: &str = include_str!("page.css");

/// A whole page.
pub(super) fn page(called: &str, body: &Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'";
                title { (cut(called, 80)) }
                style { (PreEscaped(STYLE)) }
            }
            body { main { (body) } }
        }
    };
    page.into_string()
}

/// A name, cut where it is long.
pub(super) fn named(text: &str) -> Markup {
    html! { span.name title=[title(text)] { (name(text)) } }
}

/// A text of a rule, or words in its place.
pub(super) fn clause(text: &str, is_code: bool) -> Markup {
    html! {
        @if is_code { code { (super::words::rule(text)) } } @else { (super::words::rule(text)) }
    }
}

/// A figure with what it is, and a note.
pub(super) fn figure(what: &str, value: &str, note: &str) -> Markup {
    entry(what, &html! { strong { (value) } }, note)
}

/// The same of words, which are longer than numbers.
pub(super) fn figure_in_words(what: &str, value: &str, note: &str) -> Markup {
    entry(what, &html! { strong.words { (value) } }, note)
}

fn entry(what: &str, value: &Markup, note: &str) -> Markup {
    html! {
        div.figure {
            dt { (what) }
            dd { (value) @if !note.is_empty() { " " span.note { (note) } } }
        }
    }
}

/// Figures beside each other.
pub(super) fn figures(all: &[Markup]) -> Markup {
    html! { dl.figures { @for one in all { (one) } } }
}

/// Something the reader must know before she believes what stands below.
pub(super) fn notice(text: &str) -> Markup {
    html! { p.notice role="note" { strong { (text) } } }
}
