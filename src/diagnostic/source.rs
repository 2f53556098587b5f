//! Where a diagnostic points: forms, spans, lines, columns and pointers.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Lines;

/// Which form of a rule, or which document, a place is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// The text of a rule.
    Dsl,
    /// The expression tree of a rule.
    Tree,
    /// A payload or a transaction document.
    Payload,
}

/// A range of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
}

impl Span {
    /// The bytes from `start` up to `end`.
    pub fn new(start: usize, end: usize) -> Span {
        Span { start, end }
    }

    /// The smallest span that holds both.
    pub fn to(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// A text that is pointed into, and the way to its places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    form: Form,
    text: Arc<str>,
}

/// A span with what people and tools call it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The span, inside the text and on character boundaries.
    pub span: Span,
    /// Line, from 1.
    pub line: usize,
    /// Column in UTF-16 units, from 1.
    pub column: usize,
    /// JSON pointer of the innermost value that holds the span; not for text.
    pub pointer: Option<String>,
}

impl Source {
    /// A source of the form.
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
        self.text.get(span.start..span.end).unwrap_or("")
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
        let start = self.boundary(span.start);
        let end = self.boundary(span.end.max(start));
        let before = self.text.get(..start).unwrap_or("");
        let line_start = before.rfind('\n').map_or(0, |at| at.saturating_add(1));
        let line = before.bytes().filter(|byte| *byte == b'\n').count().saturating_add(1);
        let column = before.get(line_start..).unwrap_or("").encode_utf16().count().saturating_add(1);
        Place { span: Span { start, end }, line, column, pointer: None }
    }

    fn boundary(&self, at: usize) -> usize {
        let mut at = at.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at = at.saturating_sub(1);
        }
        at
    }
}
