//! A file of cases as types, each with its place in the file.

use target_rules::diagnostic::Span;
use target_rules::json::Located;
use target_rules::value::Total;
use target_rules::{Truth, Zone};

/// Something that was read, and where it stands.
#[derive(Debug, Clone)]
pub(super) struct At<T> {
    pub(super) value: T,
    pub(super) at: Located,
}

/// A file of cases.
pub(super) struct CaseFile {
    /// What is used in place of the zone of the command line.
    pub(super) zone: Option<Zone>,
    /// Schema files, which add to the schema in force.
    pub(super) schemas: Vec<At<String>>,
    pub(super) subject: Subject,
    pub(super) enrolments: Option<Part>,
    pub(super) cases: Vec<Case>,
}

/// What the cases are about.
pub(super) enum Subject {
    Rules(Vec<NamedRule>),
    Targets(Part),
}

/// A part that stands in the file itself, or in one of its own.
#[derive(Clone)]
pub(super) enum Part {
    Inline(Located),
    File(At<String>),
}

/// A rule; the only one of a file needs no name.
pub(super) struct NamedRule {
    pub(super) name: Option<String>,
    /// The JSON pointer of the rule in the file.
    pub(super) pointer: String,
    pub(super) written: WrittenRule,
}

/// How a rule is written.
pub(super) enum WrittenRule {
    /// The text of a rule, or a tree in a string.
    Text(At<String>),
    Tree(Located),
    File(At<String>),
}

/// One case: documents, and what is expected of them.
pub(super) struct Case {
    pub(super) name: String,
    /// The object, at which expectations are added.
    pub(super) object: CaseObject,
    pub(super) documents: Documents,
    pub(super) expect: Option<Expected>,
    pub(super) progress: Option<At<Vec<ExpectedProgress>>>,
}

/// Where a case stands.
pub(super) struct CaseObject {
    pub(super) at: Located,
    /// The key of its last member, and its value.
    pub(super) last: (Span, Located),
}

/// The documents of a case.
pub(super) enum Documents {
    /// One that is decided, and booked where progress is expected.
    One(Document),
    /// Several that are booked together.
    Several(Vec<Document>),
    /// All of a file with one a line.
    AllOf(At<String>),
}

/// A document.
pub(super) enum Document {
    Inline { at: Located, pointer: String },
    File { path: At<String>, choice: Choice },
}

/// Which document of a file is meant.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) enum Choice {
    /// The only one.
    Only,
    /// The one with this `currentTxn.number`.
    Number(String),
    /// The one in this line, from 1.
    Line(usize),
}

/// What is expected of the decisions for a document.
pub(super) enum Expected {
    /// By the position of the rule.
    Rules(Vec<(usize, Outcome)>),
    Targets(ExpectedTargets),
}

pub(super) struct ExpectedTargets {
    /// Exactly the targets that count.
    pub(super) eligible: Option<At<Vec<At<i64>>>>,
    /// Exactly the targets of which it is unknown.
    pub(super) unknown: Option<At<Vec<At<i64>>>>,
    /// Of single targets.
    pub(super) targets: Vec<(At<i64>, Outcome)>,
}

/// What is expected of one decision. What is left out is not asked.
pub(super) struct Outcome {
    /// All of it.
    pub(super) at: Located,
    pub(super) result: Option<Truth>,
    pub(super) absent: Option<Vec<String>>,
    /// Codes of faults.
    pub(super) faults: Option<Vec<String>>,
    /// Positions from 0.
    pub(super) items: Option<Vec<usize>>,
}

/// What is expected of a customer and target after the documents of a case.
/// What is left out is not asked; without period or cycle it is the only one.
pub(super) struct ExpectedProgress {
    pub(super) user: i64,
    pub(super) target: At<i64>,
    pub(super) period: Option<i64>,
    pub(super) cycle: Option<i64>,
    pub(super) defined: Option<At<Total>>,
    pub(super) achieved: Option<At<Total>>,
    pub(super) gap: Option<At<Total>>,
    pub(super) reached: Option<At<bool>>,
    /// Numbers of the documents of which it is unknown whether they count.
    pub(super) unknown: Option<At<Vec<String>>>,
}
