//! What is found in a rule, and how it is told.

use serde::Serialize;
use target_rules::diagnostic::{Code, Diagnostic, Span};

/// What was found.
///
/// ```
/// use target_rules::diagnostic::Code;
/// use target_rules_analysis::FindingKind;
/// assert_eq!(serde_json::to_string(&FindingKind::NeverTrue)?, r#""never-true""#);
/// assert_eq!(FindingKind::NeverTrue.code(), Code::NeverTrue);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum FindingKind {
    /// The rule is true for no transaction.
    NeverTrue,
    /// The rule is true for every transaction.
    AlwaysTrue,
    /// The rule is neither true nor false for any transaction.
    NeverDecided,
    /// Clauses of one `&&` are never true together, though each may be.
    Contradiction,
    /// A comparison is true of no value, or of every one.
    ImpossibleComparison,
    /// A clause stands beside an equal one.
    Duplicate,
    /// A clause of an `&&` is true wherever what stands beside it is.
    Implied,
    /// Without this clause the rule is true for the same transactions.
    NoEffect,
}

impl FindingKind {
    /// The code of its diagnostic.
    pub fn code(self) -> Code {
        match self {
            FindingKind::NeverTrue => Code::NeverTrue,
            FindingKind::AlwaysTrue => Code::AlwaysTrue,
            FindingKind::NeverDecided => Code::NeverDecided,
            FindingKind::Contradiction => Code::Contradiction,
            FindingKind::ImpossibleComparison => Code::ImpossibleComparison,
            FindingKind::Duplicate => Code::Duplicate,
            FindingKind::Implied => Code::Implied,
            FindingKind::NoEffect => Code::NoEffect,
        }
    }
}

/// One thing that is proved of a rule, or of a clause of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// What it is.
    pub kind: FindingKind,
    /// The clause, as the canonical text of its parts; of the rule as a whole
    /// its text.
    pub clause: String,
    /// The places of these parts in the form that the rule was read from, in
    /// bytes; none where it is the rule as a whole.
    #[serde(serialize_with = "written")]
    pub spans: Vec<Span>,
    /// What was proved, in a sentence.
    pub why: String,
    /// The places of the clause that is to blame, where it is one.
    #[serde(serialize_with = "written")]
    pub because: Vec<Span>,
    /// The places of the parts without which the rule is true for the same
    /// transactions; none where nothing can be left out.
    #[serde(serialize_with = "written")]
    pub in_vain: Vec<Span>,
}

fn written<S: serde::Serializer>(spans: &[Span], serializer: S) -> Result<S::Ok, S::Error> {
    let ranges = spans.iter().map(|span| [span.start(), span.end()]);
    serializer.collect_seq(ranges)
}

/// From the beginning of the first of some places to the end of the last.
pub(super) fn hull(spans: &[Span]) -> Option<Span> {
    spans.iter().copied().reduce(Span::to)
}

impl Finding {
    /// The finding as a diagnostic of the form that the rule was read from; a
    /// warning, whose place is the clause, or all of a rule of so many bytes.
    pub fn to_diagnostic(&self, length: usize) -> Diagnostic {
        let of_rule = self.spans.is_empty();
        let place = match (self.kind, self.spans.as_slice()) {
            (FindingKind::Contradiction, [first, ..]) => *first,
            (_, spans) => hull(spans).unwrap_or_else(|| Span::new(0, length)),
        };
        let message =
            if of_rule { format!("this rule has one answer: {}", self.why) } else { self.why.clone() };
        let diagnostic = Diagnostic::new(self.kind.code(), place, message);
        if of_rule {
            return diagnostic;
        }
        let (note, label) = match self.kind {
            FindingKind::Contradiction => ("this", "and this"),
            FindingKind::Duplicate => ("the second one", "the first one"),
            FindingKind::Implied => ("says nothing new", "this implies it"),
            FindingKind::NoEffect => ("says nothing new", "this is true then, too"),
            _ => return diagnostic,
        };
        let others = match (self.kind, self.spans.as_slice()) {
            (FindingKind::Contradiction, [_, others @ ..]) => others.to_vec(),
            _ => hull(&self.because).into_iter().collect(),
        };
        others.into_iter().fold(diagnostic.note(note), |found, other| found.label(other, label))
    }
}
