//! Diagnostics of rules that stand inside a file, with their places there.

use serde::{Deserialize, Serialize};

use crate::json::escaped;
use crate::report::{Diagnostic, Span, Suggestion};

use super::place::Place;

/// Where something stands in the file that holds it.
///
/// ```
/// use target_rules::diagnostic::{FilePlace, Lines, Span};
/// use target_rules::json::pointer_at;
///
/// let file = "{\n  \"name\": \"Gold\"\n}";
/// let gold = Span::new(12, 18);
/// let place = Lines::of(file).place(file, gold);
/// let place = FilePlace::new(place, pointer_at(file, gold));
/// assert_eq!((place.line, place.column), (2, 11));
/// assert_eq!(place.pointer, "/name");
/// ```
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
///
/// ```
/// use target_rules::diagnostic::{FileDiagnostic, FilePlace, Lines, Suggestion};
/// use target_rules::json::{Escapes, Located, PathSegment, Reader, find};
/// use target_rules::{Ast, Limits};
///
/// // The target file holds its rule as a string, with the escapes of JSON.
/// let file = r#"{"id": 50, "rule": "currentCustomer.slabName = \"Gold\""}"#;
/// let document = Located::read(&mut Reader::new(file))?;
/// let (value, _) = find(file, document, &[PathSegment::Key("rule".to_owned())]);
/// let rule = Reader::within(file, value.span).string()?;
///
/// let refused = Ast::from_text(&rule, &Limits::default()).unwrap_err();
/// let fault = refused.into_iter().next().ok_or("the rule is accepted")?;
/// let escapes = Escapes::of(file, value);
/// let place = Lines::of(file).place(file, escapes.span(fault.span));
/// let place = FilePlace::new(place, "/rule".to_owned());
/// let found = FileDiagnostic::new(fault, place, vec![])
///     .suggest_in_string(|span| escapes.span(span));
/// // Column 26 of the rule is column 46 of the file.
/// assert_eq!((found.diagnostic.column, found.file.column), (26, 46));
/// let mended = Suggestion::apply_all(file, found.suggestions_in_file());
/// assert_eq!(mended, r#"{"id": 50, "rule": "currentCustomer.slabName == \"Gold\""}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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

    /// Suggestions that are edits of the file already, as of a rule that stands
    /// there in two forms, which both change.
    ///
    /// ```
    /// use target_rules::diagnostic::{
    ///     Code, Confidence, Diagnostic, FileDiagnostic, Span, Suggestion,
    /// };
    /// let found = Diagnostic::new(Code::Duplicate, Span::new(1, 2), "the same again");
    /// let edit = Suggestion::replace(Span::new(0, 2), "", Confidence::Safe);
    /// let found = FileDiagnostic::from(found).suggest_in_file(vec![edit]);
    /// assert_eq!(Suggestion::apply_all("aab", found.suggestions_in_file()), "b");
    /// ```
    pub fn suggest_in_file(mut self, suggestions: Vec<Suggestion>) -> FileDiagnostic {
        self.suggestions = suggestions;
        self
    }

    /// The suggestions of the diagnostic as edits of the file, in the same
    /// order: bytes of the file are replaced by what is to be written there,
    /// with the escapes of the string that holds the rule.
    pub fn suggestions_in_file(&self) -> &[Suggestion] {
        &self.suggestions
    }
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
