//! Lines and columns.
#![deny(clippy::arithmetic_side_effects)]

use crate::report::Span;

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
    /// Byte, line from 0 and column in UTF-16 units from 0 of points in order.
    points: Vec<(usize, usize, usize)>,
}

impl Lines {
    /// Reads the text once.
    pub fn of(text: &str) -> Lines {
        let mut points = vec![(0, 0, 0)];
        let mut next = STRIDE;
        let (mut line, mut column) = (0_usize, 0_usize);
        for (at, character) in text.char_indices() {
            if at >= next {
                points.push((at, line, column));
                next = at.saturating_add(STRIDE);
            }
            (line, column) = after(character, line, column);
        }
        Lines { points }
    }

    /// The place of a span of the same text. A span outside the text or inside
    /// a character is moved to the nearest that is not. The pointer is left out.
    pub fn place(&self, text: &str, span: Span) -> Place {
        let (start, line, column) = self.find(text, span.start);
        let (end, _, _) = self.find(text, span.end.max(start));
        Place {
            span: Span::new(start, end),
            line: line.saturating_add(1),
            column: column.saturating_add(1),
            pointer: None,
        }
    }

    fn find(&self, text: &str, at: usize) -> (usize, usize, usize) {
        let known = self.points.partition_point(|(point, ..)| *point <= at);
        let (mut found, mut line, mut column) =
            self.points.get(known.saturating_sub(1)).copied().unwrap_or_default();
        for character in text.get(found..).unwrap_or("").chars() {
            let next = found.saturating_add(character.len_utf8());
            if next > at {
                break;
            }
            found = next;
            (line, column) = after(character, line, column);
        }
        (found, line, column)
    }
}

fn after(character: char, line: usize, column: usize) -> (usize, usize) {
    match character {
        '\n' => (line.saturating_add(1), 0),
        other => (line, column.saturating_add(other.len_utf16())),
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
