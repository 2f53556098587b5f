//! What is found in a rule, and how it is told.

use serde::Serialize;
use serde_json::value::RawValue;
use target_rules::Rule;
use target_rules::condition::{Clause, Origin};
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
    /// Two ranges of one value meet, and neither takes the edge or the number between
    /// them.
    MissedEdge,
    /// One text matches a pattern, and no other.
    PlainPattern,
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
            FindingKind::MissedEdge => Code::MissedEdge,
            FindingKind::PlainPattern => Code::PlainPattern,
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
    /// A transaction that shows it, as JSON: of a missed edge one whose value is the
    /// edge. What holds of every transaction has none.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "shown")]
    pub witness: Option<String>,
}

/// Writes a document as it stands, as the transaction of an object: a witness has
/// this wherever one is told.
pub(super) fn shown<S: serde::Serializer>(
    document: &Option<String>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Shown {
        transaction: Box<RawValue>,
    }
    let raw = document.clone().map(RawValue::from_string).transpose();
    let shown = raw.map_err(serde::ser::Error::custom)?.map(|transaction| Shown { transaction });
    shown.serialize(serializer)
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
    /// What is found in some clauses of a rule.
    pub(super) fn of(rule: &Rule, kind: FindingKind, parts: &[Clause], why: String) -> Finding {
        let origins = origins_of(parts);
        let condition = rule.condition();
        let texts: Vec<String> = origins.iter().filter_map(|origin| condition.text(*origin)).collect();
        Finding {
            kind,
            clause: texts.join(", "),
            spans: origins.iter().map(|origin| origin.span).collect(),
            why,
            because: Vec::new(),
            in_vain: Vec::new(),
            witness: None,
        }
    }

    /// The finding as a diagnostic of the form that the rule was read from; a
    /// warning, whose place is the clause, or all of a rule of so many bytes.
    pub fn to_diagnostic(&self, length: usize) -> Diagnostic {
        let of_rule = self.spans.is_empty();
        let place = match (self.kind, self.spans.as_slice()) {
            (FindingKind::Contradiction | FindingKind::MissedEdge, [first, ..]) => *first,
            (_, spans) => hull(spans).unwrap_or_else(|| Span::new(0, length)),
        };
        let message =
            if of_rule { format!("this rule has one answer: {}", self.why) } else { self.why.clone() };
        let diagnostic = Diagnostic::new(self.kind.code(), place, message);
        if of_rule {
            return diagnostic;
        }
        let (note, label) = match self.kind {
            FindingKind::Contradiction | FindingKind::MissedEdge => ("this", "and this"),
            FindingKind::Duplicate => ("the second one", "the first one"),
            FindingKind::Implied => ("says nothing new", "this implies it"),
            FindingKind::NoEffect => ("says nothing new", "this is true then, too"),
            _ => return diagnostic,
        };
        let others = match (self.kind, self.spans.as_slice()) {
            (FindingKind::Contradiction | FindingKind::MissedEdge, [_, others @ ..]) => others.to_vec(),
            _ => hull(&self.because).into_iter().collect(),
        };
        others.into_iter().fold(diagnostic.note(note), |found, other| found.label(other, label))
    }
}

/// The places of all nodes of the rule that a clause was made from.
pub(super) fn spans_of(clause: &Clause) -> Vec<Span> {
    origins_of(std::slice::from_ref(clause)).iter().map(|origin| origin.span).collect()
}

/// The nodes of the rule that clauses were made from, in its order.
fn origins_of(clauses: &[Clause]) -> Vec<Origin> {
    let mut origins: Vec<Origin> = Vec::new();
    clauses.iter().for_each(|clause| gather(clause, &mut origins));
    origins.sort_unstable();
    origins.dedup();
    origins
}

fn gather(clause: &Clause, origins: &mut Vec<Origin>) {
    match clause {
        Clause::Literal(literal) => origins.extend(literal.origins.iter()),
        Clause::All(parts) | Clause::Any(parts) => parts.iter().for_each(|part| gather(part, origins)),
        _ => {}
    }
}
