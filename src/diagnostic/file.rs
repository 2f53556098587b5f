//! Diagnostics of rules that stand inside a file, with their places there.
#![deny(clippy::arithmetic_side_effects)]

use serde::{Deserialize, Serialize};

use super::{Diagnostic, Place, Span, Suggestion};

/// Where something stands in the file that holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FilePlace {
    /// JSON pointer of the value in the file.
    pub pointer: String,
    /// Bytes of the file; of a string, as it is written there with its escapes.
    pub span: Span,
    /// Line in the file, from 1.
    pub line: usize,
    /// Column in the file in UTF-16 units, from 1.
    pub column: usize,
}

/// A diagnostic and its place in the file that holds the rule.
///
/// The diagnostic's own places count in the decoded text or tree, as if the
/// rule stood alone; so do its suggestions. Its JSON has those of the file in
/// `file`, beside the place.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileDiagnostic {
    /// What is wrong.
    pub diagnostic: Diagnostic,
    /// Where that is in the file.
    pub file: FilePlace,
    /// The labels' places in the file, in their order.
    pub(crate) labels: Vec<Place>,
    suggestions: Vec<Suggestion>,
}

impl FilePlace {
    /// The place of a span of the file, as [`Lines::place`] gives it, at a
    /// pointer.
    pub fn new(place: Place, pointer: String) -> FilePlace {
        FilePlace { pointer, span: place.span, line: place.line, column: place.column }
    }
}

impl FileDiagnostic {
    /// A diagnostic, its place in the file, and those of its labels, in their
    /// order.
    pub fn new(diagnostic: Diagnostic, file: FilePlace, labels: Vec<Place>) -> FileDiagnostic {
        FileDiagnostic { diagnostic, file, labels, suggestions: Vec::new() }
    }

    /// Takes the diagnostic's suggestions to the file, where its form stands in
    /// a JSON string: `place` says where a part of the form stands there.
    pub fn suggest_in_string(mut self, place: impl Fn(Span) -> Span) -> FileDiagnostic {
        let suggestions = self.diagnostic.suggestions.iter();
        self.suggestions = suggestions.map(|suggestion| suggestion.within(&place, escaped)).collect();
        self
    }

    /// The suggestions of the diagnostic as edits of the file, in the same
    /// order: bytes of the file are replaced by what is to be written there,
    /// with the escapes of the string that holds the rule.
    pub fn suggestions_in_file(&self) -> &[Suggestion] {
        &self.suggestions
    }
}

/// A text as it is written within a JSON string.
fn escaped(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')).unwrap_or_default().to_owned()
}

/// Reads one back; the places of its labels are not written.
impl<'de> Deserialize<'de> for FileDiagnostic {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<FileDiagnostic, D::Error> {
        #[derive(Deserialize)]
        struct Written {
            #[serde(flatten)]
            diagnostic: Diagnostic,
            file: InFile,
        }
        #[derive(Deserialize)]
        struct InFile {
            #[serde(flatten)]
            place: FilePlace,
            #[serde(default)]
            suggestions: Vec<Suggestion>,
        }
        let Written { diagnostic, file } = Written::deserialize(deserializer)?;
        Ok(FileDiagnostic { diagnostic, file: file.place, labels: Vec::new(), suggestions: file.suggestions })
    }
}

impl Serialize for FileDiagnostic {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Written<'d> {
            #[serde(flatten)]
            diagnostic: &'d Diagnostic,
            file: InFile<'d>,
        }
        #[derive(Serialize)]
        struct InFile<'d> {
            #[serde(flatten)]
            place: &'d FilePlace,
            #[serde(skip_serializing_if = "<[Suggestion]>::is_empty")]
            suggestions: &'d [Suggestion],
        }
        let file = InFile { place: &self.file, suggestions: &self.suggestions };
        Written { diagnostic: &self.diagnostic, file }.serialize(serializer)
    }
}

impl From<Diagnostic> for FileDiagnostic {
    /// A diagnostic of the file itself, whose place in the file is its own.
    fn from(diagnostic: Diagnostic) -> FileDiagnostic {
        let file = FilePlace {
            pointer: diagnostic.pointer.clone().unwrap_or_default(),
            span: diagnostic.span,
            line: diagnostic.line,
            column: diagnostic.column,
        };
        let suggestions = diagnostic.suggestions.clone();
        FileDiagnostic { suggestions, ..FileDiagnostic::new(diagnostic, file, Vec::new()) }
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
