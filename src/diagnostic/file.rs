//! Diagnostics of rules that stand inside a file, with their places there.

use serde::{Deserialize, Serialize};

use crate::report::{Diagnostic, Span, Suggestion};

use super::place::Place;

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
    /// A pointer, and the place of a span of the file, as
    /// [`Lines::place`](super::Lines::place) gives it.
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
