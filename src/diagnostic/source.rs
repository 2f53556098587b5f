//! A text that is pointed into.

use std::sync::Arc;

use crate::report::{Form, Span};

use super::place::{Lines, Place};

/// A text that is pointed into, and the way to its places.
///
/// ```
/// use target_rules::diagnostic::{Form, Source};
/// use target_rules::{Ast, Limits};
/// let text = "currentTxn.value > 500 and currentTxn.points > 5";
/// let source = Source::new(Form::Dsl, text);
/// for fault in &Ast::from_text(text, &Limits::default()).unwrap_err() {
///     assert_eq!(source.slice(fault.span), "and");
///     assert_eq!(source.place(fault.span).column, fault.column);
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    form: Form,
    text: Arc<str>,
}

impl Source {
    /// A source of the form. Places in it are counted up to
    /// [`Limits::HARDEST_TEXT`](crate::Limits::HARDEST_TEXT), above which no door
    /// reads.
    pub fn new(form: Form, text: impl Into<Arc<str>>) -> Source {
        Source { form, text: text.into() }
    }

    /// Its form.
    pub fn form(&self) -> Form {
        self.form
    }

    /// Its text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text of a span; empty where the span is not inside the text.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }

    /// Line, column and pointer of a span. A span outside the text or inside a
    /// character is moved to the nearest that is not.
    pub fn place(&self, span: Span) -> Place {
        let place = self.position(span);
        let pointer = match self.form {
            Form::Dsl => None,
            Form::Tree | Form::Payload => Some(crate::json::pointer_at(&self.text, place.span)),
        };
        Place { pointer, ..place }
    }

    /// The places of spans that are sorted by their start, in one reading.
    pub(super) fn places(&self, spans: &[Span]) -> Vec<Place> {
        if spans.is_empty() {
            return Vec::new();
        }
        let lines = Lines::of(&self.text);
        let mut places: Vec<Place> = spans.iter().map(|span| lines.place(&self.text, *span)).collect();
        if self.form != Form::Dsl {
            let spans: Vec<Span> = places.iter().map(|place| place.span).collect();
            let pointers = crate::json::pointers_at(&self.text, &spans);
            for (place, pointer) in places.iter_mut().zip(pointers) {
                place.pointer = Some(pointer);
            }
        }
        places
    }

    /// The place without its pointer, which costs a walk over the document.
    pub(super) fn position(&self, span: Span) -> Place {
        Place::read(&self.text, span)
    }
}
