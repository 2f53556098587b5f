//! What is wrong with an input, where, and how to mend it: the model that
//! every stage reports in, and that hosts report in too.
//!
//! A fault starts as a [`Diagnostic`] with its [`Code`], its [`Span`] and a
//! sentence. [`Diagnostics::gather`] sorts and bounds what was found in a
//! [`Source`], and finds line, column and pointer of each. One that stands in a
//! larger file becomes a [`FileDiagnostic`]. [`render`] shows one to people, a
//! [`SarifLog`] to tools.
//!
//! The list of codes is one for rules, schema files, targets and what hosts
//! make of them, so that a script that knows a code knows it everywhere.

mod code;
mod decode;
mod file;
mod input;
mod render;
mod sarif;
mod source;
mod suggestion;

pub use code::{Code, Severity};
pub use file::{FileDiagnostic, FilePlace, Lines};
#[cfg(feature = "batch")]
pub(crate) use input::bytes_of;
pub use input::{Input, utf8_of};
pub use render::{Colour, render, render_in_file};
pub use sarif::{Artifact, SarifLog};
pub use source::{Form, Place, Source, Span};
pub use suggestion::{Confidence, Edit, Repair, Suggestion};

pub(crate) use render::visible;
pub(crate) use suggestion::splice;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// A second place that explains a diagnostic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Label {
    /// The place, in bytes of the same form.
    pub span: Span,
    /// What is to be seen there.
    pub message: String,
}

/// One fault or warning, with its place and, where one is known, its repair.
///
/// Printed, it is its code and its message on one line; [`render`] draws it
/// with its place. A service's client reads back what serde writes, but for
/// the words of [`field@Diagnostic::note`], which are for drawing alone.
///
/// ```
/// use target_rules::{Ast, Diagnostic, Limits};
/// let refused = Ast::from_text("currentTxn.value=1", &Limits::default()).unwrap_err();
/// let diagnostic = refused.iter().next().unwrap();
/// assert!(diagnostic.to_string().starts_with("single-equals: "));
/// let json = serde_json::to_string(diagnostic)?;
/// let read: Diagnostic = serde_json::from_str(&json)?;
/// assert_eq!((read.code, read.span), (diagnostic.code, diagnostic.span));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    /// How to mend it, in words.
    pub help: Option<String>,
    /// How to mend it, as edits of the same form: each is a way of its own, the
    /// likeliest first. Empty where the repair is not known to the letter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suggestions: Vec<Suggestion>,
}

impl Diagnostic {
    /// A diagnostic of a span in bytes, with a sentence without a full stop.
    /// Line, column, form and pointer are found when it is gathered into
    /// [`Diagnostics`].
    ///
    /// ```
    /// use target_rules::diagnostic::{
    ///     Code, Colour, Diagnostic, Diagnostics, Form, Source, Span, render,
    /// };
    /// let source = Source::new(Form::Payload, r#"{"from": 9, "to": 3}"#);
    /// let to = Span::new(18, 19);
    /// let fault = Diagnostic::new(Code::WrongType, to, "this ends before it starts")
    ///     .note("before the start")
    ///     .label(Span::new(9, 10), "the start")
    ///     .help("exchange the two");
    /// let found = Diagnostics::gather(&source, vec![fault], 20);
    /// for diagnostic in &found {
    ///     let shown = render(diagnostic, &source, "window.json", Colour::Off);
    ///     assert!(shown.contains("= help: exchange the two"));
    /// }
    /// ```
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Diagnostic {
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
            suggestions: Vec::new(),
        }
    }

    /// The same with a few words that stand under the place itself.
    pub fn note(mut self, note: impl Into<String>) -> Diagnostic {
        self.note = note.into();
        self
    }

    /// The same with a further place, and what is to be seen there.
    pub fn label(mut self, span: Span, message: impl Into<String>) -> Diagnostic {
        self.labels.push(Label { span, message: message.into() });
        self
    }

    /// The repair: words, and the edits that make it where it has some.
    pub fn help(mut self, repair: impl Into<Repair>) -> Diagnostic {
        let Repair { help, suggestions } = repair.into();
        self.help = Some(help);
        self.suggestions = suggestions;
        self
    }

    pub(crate) fn help_if(self, repair: Option<impl Into<Repair>>) -> Diagnostic {
        match repair {
            Some(repair) => self.help(repair),
            None => self,
        }
    }

    /// An edit that makes the repair which `help` has put into words.
    pub(crate) fn suggest(mut self, suggestion: impl IntoIterator<Item = Suggestion>) -> Diagnostic {
        self.suggestions.extend(suggestion);
        self
    }

    /// Whether the rule is refused for it.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// The code and the message.
impl std::fmt::Display for Diagnostic {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for Diagnostic {}

/// What an author wrote, for a message: a long name is cut.
pub(crate) fn shortened(text: &str) -> Cow<'_, str> {
    cut(text, 40)
}

/// What an author should write, for a message: cut only where it is so long
/// that nobody would copy it from there.
pub(crate) fn repair(text: &str) -> Cow<'_, str> {
    cut(text, 200)
}

fn cut(text: &str, longest: usize) -> Cow<'_, str> {
    match text.char_indices().nth(longest) {
        Some((end, _)) => Cow::Owned(format!("{}...", text.get(..end).unwrap_or(""))),
        None => Cow::Borrowed(text),
    }
}

/// A count with its word, such as `1 level` and `3 levels`.
pub(crate) fn counted(count: usize, word: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {word}{plural}")
}

/// The end of a help that names the limit to raise, where it may be raised.
pub(crate) fn or_raise(limit: &str, at: usize, hardest: Option<usize>) -> String {
    match hardest {
        Some(hardest) if at >= hardest => String::new(),
        _ => format!("; the limit `{limit}` can be raised: `--limit {limit}=NUMBER`"),
    }
}

/// Every diagnostic of one input, sorted by place, then code.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Diagnostics {
    reported: Vec<Diagnostic>,
    left_out: usize,
}

/// Warnings that are reported of one input. A tree can hold tens of thousands,
/// and the pointers to them are as long as it is deep.
const MOST_WARNINGS: usize = 100;

impl Diagnostics {
    /// Sorts, bounds and locates what was found in a source: at most so many
    /// errors are kept, as [`Limits::errors`](crate::Limits) says, and always
    /// the first. What is left out is counted. Cost is linear in the source,
    /// however much was found.
    pub fn gather(source: &Source, mut found: Vec<Diagnostic>, errors: usize) -> Diagnostics {
        found.sort_by(|a, b| (a.span, a.code.name(), &a.message).cmp(&(b.span, b.code.name(), &b.message)));
        found.dedup();
        let all = found.len();
        // Without its first error a refused rule would look accepted.
        let (mut errors, mut warnings) = (errors.max(1), MOST_WARNINGS);
        found.retain(|diagnostic| {
            let left = if diagnostic.is_error() { &mut errors } else { &mut warnings };
            let reported = *left > 0;
            *left = left.saturating_sub(1);
            reported
        });
        let spans: Vec<Span> = found.iter().map(|diagnostic| diagnostic.span).collect();
        for (diagnostic, place) in found.iter_mut().zip(source.places(&spans)) {
            diagnostic.form = source.form();
            diagnostic.span = place.span;
            diagnostic.line = place.line;
            diagnostic.column = place.column;
            diagnostic.pointer = place.pointer;
        }
        Diagnostics { left_out: all.saturating_sub(found.len()), reported: found }
    }

    /// Sorts what was found in something that has no text, by pointer. Each has
    /// its pointer already.
    pub fn by_pointer(mut found: Vec<Diagnostic>) -> Diagnostics {
        found.sort_by(|a, b| (&a.pointer, a.code.name()).cmp(&(&b.pointer, b.code.name())));
        Diagnostics { reported: found, left_out: 0 }
    }

    /// Adds what was found in another form of the same rule.
    pub fn extend(&mut self, other: Diagnostics) {
        self.reported.extend(other.reported);
        self.left_out = self.left_out.saturating_add(other.left_out);
    }

    /// Whether nothing was found, not even a warning.
    pub fn is_empty(&self) -> bool {
        self.reported.is_empty()
    }

    /// Whether the input is refused.
    pub fn has_errors(&self) -> bool {
        self.reported.iter().any(Diagnostic::is_error)
    }

    /// How many more were found than are reported here: errors above the limit
    /// `errors`, and warnings above a hundred.
    ///
    /// ```
    /// let mut limits = target_rules::Limits::default();
    /// limits.errors = 1;
    /// let text = "currentTxn.value=1&&currentTxn.value=2&&currentTxn.value=3";
    /// let refused = target_rules::Ast::from_text(text, &limits).unwrap_err();
    /// assert_eq!((refused.iter().count(), refused.left_out()), (1, 2));
    /// ```
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// The diagnostics in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.reported.iter()
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.reported.into_iter()
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
        self.reported.serialize(serializer)
    }
}

impl std::fmt::Display for Diagnostics {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, diagnostic) in self.reported.iter().enumerate() {
            if index > 0 {
                formatter.write_str("; ")?;
            }
            write!(formatter, "{diagnostic}")?;
        }
        match self.left_out {
            0 => Ok(()),
            more => write!(formatter, "; and {more} more"),
        }
    }
}

impl std::error::Error for Diagnostics {}
