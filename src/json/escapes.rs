//! The way from a byte of a decoded JSON string to its byte in the document.

use crate::report::{Offset, Span, Suggestion};

use super::places::Located;
use super::reader::Kind;

/// The distance between two points that are kept, in bytes of the document. A
/// look-up reads at most that many, and a string of n bytes keeps n / 1024
/// points.
const STRIDE: usize = 1024;

/// Maps places in a value's decoded text to places in its document.
///
/// Made in one pass over the value; a look-up costs a bounded number of steps.
///
/// ```
/// use target_rules::diagnostic::Span;
/// use target_rules::json::{Escapes, Located, Reader};
/// let text = r#""a\u00e9b""#;
/// let value = Located::read(&mut Reader::new(text))?;
/// // `b` is byte 3 of the decoded text `aéb`, and byte 8 of the document.
/// assert_eq!(Escapes::of(text, value).span(Span::new(3, 4)), Span::new(8, 9));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Escapes<'a> {
    text: &'a str,
    /// The content of the string, without its quotes.
    content: Span,
    /// Decoded byte and document byte of points between characters.
    points: Vec<(Offset, Offset)>,
}

impl<'a> Escapes<'a> {
    /// The map of the value at a place of a document. What is not a string,
    /// such as `true`, is its own decoded text.
    pub fn of(text: &'a str, value: Located) -> Escapes<'a> {
        let whole = text.get(value.span.range()).filter(|_| value.kind == Kind::String);
        let inner = whole.and_then(|whole| whole.strip_prefix('"')?.strip_suffix('"'));
        let content = inner.map_or(value.span, |inner| {
            let start = value.span.start() + 1;
            Span::new(start, start + inner.len())
        });
        let mut at = (Offset::START, content.start());
        let mut escapes = Escapes { text, content, points: vec![at] };
        let mut last = content.start();
        while let Some(next) = escapes.step(at) {
            if next.1 - last >= STRIDE {
                escapes.points.push(next);
                last = next.1;
            }
            at = next;
        }
        escapes
    }

    /// The bytes of the document that stand for a span of the decoded text. A
    /// span outside it is moved to its end.
    pub fn span(&self, decoded: Span) -> Span {
        let start = self.place(decoded.start());
        Span::new(start, self.place(decoded.end()).max(start))
    }

    /// A suggestion for the decoded text as one for the document, with the
    /// escapes of a JSON string.
    ///
    /// ```
    /// use target_rules::diagnostic::{Confidence, Span, Suggestion};
    /// use target_rules::json::{Escapes, Located, Reader};
    /// let text = r#""\u0061=5""#;
    /// let value = Located::read(&mut Reader::new(text))?;
    /// let quoted = Suggestion::replace(Span::new(1, 2), " == \"", Confidence::Safe);
    /// let in_document = Escapes::of(text, value).suggestion(&quoted);
    /// let mended = Suggestion::apply_all(text, [&in_document]);
    /// assert_eq!(mended, r#""\u0061 == \"5""#);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn suggestion(&self, decoded: &Suggestion) -> Suggestion {
        decoded.within(|span| self.span(span), escaped)
    }

    fn place(&self, decoded: Offset) -> Offset {
        let known = self.points.partition_point(|(point, _)| *point <= decoded);
        // INVARIANT: the first point is the start of the text.
        let nearest = self.points.get(..known).and_then(<[_]>::last);
        let mut at = nearest.copied().unwrap_or((Offset::START, self.content.start()));
        while at.0 < decoded {
            match self.step(at) {
                // A byte inside a character belongs to the character.
                Some(next) if next.0 > decoded => break,
                Some(next) => at = next,
                None => break,
            }
        }
        at.1
    }

    /// The point after the character at a point. The string was read before,
    /// so its escapes are known to be whole.
    fn step(&self, (decoded, place): (Offset, Offset)) -> Option<(Offset, Offset)> {
        let rest = self.text.get(Span::new(place, self.content.end()).range())?;
        let mut characters = rest.chars();
        let first = characters.next()?;
        let (from, to) = match first {
            '\\' => match characters.next() {
                Some('u') => escaped_unit(rest),
                _ => (2, 1),
            },
            plain => (plain.len_utf8(), plain.len_utf8()),
        };
        Some((decoded + to, (place + from).min(self.content.end())))
    }
}

/// A text as it is written within a JSON string.
pub(crate) fn escaped(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')).unwrap_or_default().to_owned()
}

/// Bytes of a `\u` escape, or of a surrogate pair of them, and of the
/// character that it stands for.
fn escaped_unit(rest: &str) -> (usize, usize) {
    let unit = rest.get(2..6).and_then(|digits| u32::from_str_radix(digits, 16).ok());
    match unit {
        Some(0xD800..=0xDBFF) => (12, 4),
        Some(unit) => (6, char::from_u32(unit).map_or(1, char::len_utf8)),
        None => (2, 1),
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, clippy::string_slice, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::json::Reader;

    /// Every character of the decoded string is found where it is written.
    fn follows(document: &str, written: &[&str]) {
        let mut json = Reader::new(document);
        let value = Located::read(&mut json).unwrap();
        let decoded = Reader::within(document, value.span).string().unwrap();
        let escapes = Escapes::of(document, value);
        assert_eq!(decoded.chars().count(), written.len(), "{document}");
        for ((start, character), written) in decoded.char_indices().zip(written) {
            let span = escapes.span(Span::new(start, start + character.len_utf8()));
            assert_eq!(&document[span.range()], *written, "{document}");
            // A byte inside the character is moved to its start.
            let inside = escapes.span(Span::new(start + character.len_utf8() - 1, start));
            assert_eq!(inside.start(), span.start());
        }
        let end = escapes.span(Span::new(decoded.len(), decoded.len() + 9));
        assert_eq!(end, Span::new(value.span.end() - 1, value.span.end() - 1));
    }

    #[test]
    fn every_escape_is_followed() {
        follows(
            r#" "a\"b\\c\/\n\t\b\f\r" "#,
            &["a", r#"\""#, "b", r"\\", "c", r"\/", r"\n", r"\t", r"\b", r"\f", r"\r"],
        );
        follows(
            r#""\u0041é\u00e9\u20AC\ud83d\uDE00😀z""#,
            &[r"\u0041", "é", r"\u00e9", r"\u20AC", r"\ud83d\uDE00", "😀", "z"],
        );
        follows(r#""""#, &[]);
    }

    #[test]
    fn a_long_string_is_followed_from_its_nearest_point() {
        let document = format!("[\"{}\"]", r#"\"é\ud83d\ude00x"#.repeat(2_000));
        let array = Located::read(&mut Reader::new(&document)).unwrap();
        let value = crate::json::Entries::of(&document, array).next().unwrap();
        let escapes = Escapes::of(&document, value);
        assert!(escapes.points.len() > 20, "{}", escapes.points.len());
        // One round is 8 bytes decoded and 17 bytes written.
        for round in [0, 1, 63, 64, 999, 1_999] {
            let span = escapes.span(Span::new(round * 8 + 3, round * 8 + 7));
            assert_eq!(span, Span::new(2 + round * 17 + 4, 2 + round * 17 + 16));
        }
    }

    #[test]
    fn a_constant_is_its_own_text() {
        let document = " true";
        let value = Located::read(&mut Reader::new(document)).unwrap();
        let escapes = Escapes::of(document, value);
        assert_eq!(escapes.span(Span::new(1, 4)), Span::new(2, 5));
    }
}
