//! Transactions to be looked at.

use maud::{Markup, html};

use super::frame::named;
use super::words::{count, cut};
use crate::report::{ExampleKind, ExampleReport};

/// Examples of one kind after the other. `clause` is the text of a clause by its
/// position.
pub(super) fn examples(all: &[ExampleReport], clause: impl Fn(usize) -> Option<Markup>) -> Markup {
    if all.is_empty() {
        return html! {};
    }
    html! {
        h3 { "Transactions to look at" }
        ul.examples {
            @for one in all {
                li {
                    span.tag { (kind(one.kind)) } " "
                    @match &one.number {
                        Some(number) => (named(number)),
                        None => span.quiet { "without a number" },
                    }
                    " " span.quiet { (cut(&one.file, 120)) ", line\u{a0}" (count(one.line)) }
                    @if let Some(text) = one.clause.and_then(&clause) { " but for " (text) }
                }
            }
        }
    }
}

fn kind(kind: ExampleKind) -> &'static str {
    match kind {
        ExampleKind::Eligible => "hit",
        ExampleKind::NearMiss => "near miss",
        ExampleKind::Unknown => "unknown",
        ExampleKind::Gained => "gained",
        ExampleKind::Lost => "lost",
    }
}
