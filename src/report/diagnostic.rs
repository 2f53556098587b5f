//! One fault or warning.

use serde::{Deserialize, Serialize};

use super::code::{Code, Severity};
use super::span::{Form, Span};
use super::suggestion::{Repair, Suggestion};

/// A second place that explains a diagnostic.
///
/// ```
/// use target_rules::{Ast, Limits};
/// let text = "(currentTxn.value>500||currentTxn.discount==0";
/// let refused = Ast::from_text(text, &Limits::default()).unwrap_err();
/// let fault = refused.iter().next().ok_or("the rule is accepted")?;
/// // The bracket is missing at the end; the label shows which one is open.
/// assert_eq!(fault.span.start().get(), text.len());
/// let label = fault.labels.first().ok_or("no label")?;
/// assert_eq!(&text[label.span.range()], "(");
/// assert_eq!(label.message, "opened here");
/// # Ok::<(), &str>(())
/// ```
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
/// Printed, it is its code and its message on one line;
/// [`render`](crate::diagnostic::render) draws it with its place. A service's
/// client reads back what serde writes, but for the words of
/// [`field@Diagnostic::note`], which are for drawing alone.
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
    /// [`Diagnostics`](crate::Diagnostics).
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

/// The code and the message, safe to print.
impl std::fmt::Display for Diagnostic {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}: {}", self.code, super::visible(&self.message))
    }
}

impl std::error::Error for Diagnostic {}
