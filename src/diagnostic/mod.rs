//! What is wrong with an input, where, and how to mend it: the model that
//! every stage reports in. Rendering it is the business of [`render`].

mod code;
mod decode;
mod file;
mod render;
mod sarif;
mod source;

pub use code::{Code, Severity};
pub(crate) use file::Lines;
pub use file::{FileDiagnostic, FilePlace};
pub use render::{Colour, render, render_in_file};
pub use sarif::{Artifact, SarifLog};
pub use source::{Form, Place, Source, Span};

pub(crate) use render::visible;

use serde::Serialize;

/// A second place that explains a diagnostic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Label {
    /// The place, in bytes of the same form.
    pub span: Span,
    /// What is to be seen there.
    pub message: String,
}

/// One fault or warning, with its place and, where one is known, its repair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Diagnostic {
    /// Which kind of fault; stable across versions.
    pub code: Code,
    /// Whether the rule is refused for it.
    pub severity: Severity,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// Which form of the rule the place is in.
    pub form: Form,
    /// The place, in bytes of the decoded form.
    pub span: Span,
    /// Line of the place, from 1.
    pub line: usize,
    /// Column of the place in UTF-16 units, from 1, as browsers and Java count.
    pub column: usize,
    /// The JSON pointer of the node, in a tree or a document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// A few words that stand under the place itself when it is shown.
    #[serde(skip)]
    pub note: String,
    /// Further places.
    pub labels: Vec<Label>,
    /// How to mend it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A diagnostic whose line, column, form and pointer are found when it is
    /// gathered into [`Diagnostics`].
    pub(crate) fn new(code: Code, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code,
            severity: code.severity(),
            message: message.into(),
            form: Form::Dsl,
            span,
            line: 1,
            column: 1,
            pointer: None,
            note: String::new(),
            labels: Vec::new(),
            help: None,
        }
    }

    pub(crate) fn note(mut self, note: impl Into<String>) -> Diagnostic {
        self.note = note.into();
        self
    }

    pub(crate) fn label(mut self, span: Span, message: impl Into<String>) -> Diagnostic {
        self.labels.push(Label { span, message: message.into() });
        self
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn help_if(mut self, help: Option<String>) -> Diagnostic {
        if help.is_some() {
            self.help = help;
        }
        self
    }

    /// Whether the rule is refused for it.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// Every diagnostic of one input, sorted by place, then code.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// Locates, sorts and bounds what a stage found in a source.
    pub(crate) fn gather(source: &Source, mut found: Vec<Diagnostic>, errors: usize) -> Diagnostics {
        found.sort_by(|a, b| (a.span, a.code.name(), &a.message).cmp(&(b.span, b.code.name(), &b.message)));
        found.dedup();
        let mut seen = 0_usize;
        found.retain(|diagnostic| {
            seen = seen.saturating_add(usize::from(diagnostic.is_error()));
            // Without its first error a refused rule would look accepted.
            !diagnostic.is_error() || seen <= errors.max(1)
        });
        for diagnostic in &mut found {
            let place = source.place(diagnostic.span);
            diagnostic.form = source.form();
            diagnostic.span = place.span;
            diagnostic.line = place.line;
            diagnostic.column = place.column;
            diagnostic.pointer = place.pointer;
        }
        Diagnostics(found)
    }

    /// Sorts what was found in something that has no text, by pointer.
    pub(crate) fn by_pointer(mut found: Vec<Diagnostic>) -> Diagnostics {
        found.sort_by(|a, b| (&a.pointer, a.code.name()).cmp(&(&b.pointer, b.code.name())));
        Diagnostics(found)
    }

    /// Adds what was found in another form of the same rule.
    pub fn extend(&mut self, other: Diagnostics) {
        self.0.extend(other.0);
    }

    /// Whether nothing was found, not even a warning.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the input is refused.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(Diagnostic::is_error)
    }

    /// The diagnostics in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl Serialize for Diagnostics {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl std::fmt::Display for Diagnostics {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, diagnostic) in self.0.iter().enumerate() {
            if index > 0 {
                formatter.write_str("; ")?;
            }
            write!(formatter, "{}: {}", diagnostic.code, diagnostic.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}
