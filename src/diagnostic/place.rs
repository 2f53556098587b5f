//! Lines and columns.

use crate::report::{Offset, Span};

/// A span with what people and tools call it.
///
/// ```
/// use target_rules::diagnostic::{Form, Source, Span};
/// let text = r#"{"store": "Café", "value": 730.50}"#;
/// let source = Source::new(Form::Payload, text);
/// // `é` is two bytes and one column: byte 28, counted from 0, is column 28 from 1.
/// let place = source.place(Span::new(28, 34));
/// assert_eq!(source.slice(place.span), "730.50");
/// assert_eq!((place.line, place.column), (1, 28));
/// assert_eq!(place.pointer.as_deref(), Some("/value"));
/// ```
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

impl Place {
    /// The place of a span of a text, which is read from its start.
    pub(super) fn read(text: &str, span: Span) -> Place {
        Point::START.place(text, span)
    }
}

/// The nearest start of a character at or before a byte; the end of the text
/// where it has no such byte.
pub(super) fn floor(text: &str, at: Offset) -> Offset {
    let starts = (0..=at.get().min(text.len())).rev().find(|at| text.is_char_boundary(*at));
    Offset::from(starts.unwrap_or(0))
}

/// A byte of a text whose line and column are known, both from 1.
#[derive(Debug, Clone, Copy)]
struct Point {
    at: Offset,
    line: usize,
    column: usize,
}

impl Point {
    const START: Point = Point { at: Offset::START, line: 1, column: 1 };

    /// The point at a later byte, which starts a character.
    fn at(self, text: &str, at: Offset) -> Point {
        let between = text.get(Span::new(self.at, at).range()).unwrap_or("");
        let (lines, before) = match between.rfind('\n') {
            None => (0, self.column),
            Some(_) => (between.matches('\n').count(), 1),
        };
        let last = between.rsplit('\n').next().unwrap_or("");
        let columns = if last.is_ascii() { last.len() } else { last.encode_utf16().count() };
        // INVARIANT: no text has as many characters as these are counted up to.
        let sum = |before: usize, more: usize| [before, more].into_iter().sum();
        Point { at, line: sum(self.line, lines), column: sum(before, columns) }
    }

    /// The place of a span that starts no earlier.
    fn place(self, text: &str, span: Span) -> Place {
        let start = self.at(text, floor(text, span.start()));
        let end = floor(text, span.end());
        Place { span: Span::new(start.at, end), line: start.line, column: start.column, pointer: None }
    }
}

/// How far two known points lie apart, in bytes.
const STRIDE: usize = 1024;

/// Lines and columns of a text, found without reading it from the start: many
/// places in one large text cost no more than the text.
///
/// ```
/// use target_rules::diagnostic::{Lines, Span};
/// let text = "first\nsecond";
/// let place = Lines::of(text).place(text, Span::new(8, 9));
/// assert_eq!((place.line, place.column), (2, 3));
/// ```
#[derive(Debug)]
pub struct Lines {
    /// In order; the first is the start.
    points: Vec<Point>,
}

impl Lines {
    /// Reads the text once.
    pub fn of(text: &str) -> Lines {
        let mut points = vec![Point::START];
        let mut last = Point::START;
        let end = Offset::from(text.len());
        while last.at + STRIDE < end {
            last = last.at(text, floor(text, last.at + STRIDE));
            points.push(last);
        }
        Lines { points }
    }

    /// The place of a span of the same text. A span outside the text or inside
    /// a character is moved to the nearest that is not. The pointer is left out.
    pub fn place(&self, text: &str, span: Span) -> Place {
        let start = floor(text, span.start());
        let known = self.points.partition_point(|point| point.at <= start);
        let nearest = self.points.get(..known).and_then(<[_]>::last);
        nearest.copied().unwrap_or(Point::START).place(text, span)
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, clippy::string_slice, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::diagnostic::{Form, Source};

    #[test]
    fn lines_say_the_same_as_a_reading_from_the_start() {
        let text = format!("{}\n\n{}x", "é😀a\r\n".repeat(400), "😀".repeat(1_500));
        let source = Source::new(Form::Dsl, text.as_str());
        let lines = Lines::of(&text);
        assert!(lines.points.len() > 5);
        for start in (0..text.len() + 3).step_by(7) {
            for length in [0, 1, 5, 3_000] {
                let span = Span::new(start, start + length);
                assert_eq!(lines.place(&text, span), source.place(span), "{span:?}");
            }
        }
    }
}
