//! A rule as a condition: predicates joined by `&&` and `||`, with every
//! negation at a predicate.
//!
//! **Not yet stable.** This is what programs, rule sets and layouts are made
//! from, and what studies of rules read. It may change in any version.
//!
//! The condition says the same as the rule it is made from, in the same
//! three-valued logic: a predicate is unknown exactly where its subject has no
//! value, `&&` and `||` are those of Kleene, and a negated predicate is unknown
//! where the predicate is. Comparisons of one subject with constants are one
//! set of values, however they were written.
//!
//! ```
//! use target_rules::condition::{Clause, Predicate};
//! use target_rules::{Ast, Limits, Schema};
//! let limits = Limits::default();
//! let text = "currentTxn.value > 500 && !(currentTxn.value >= 900)";
//! let rule = Ast::from_text(text, &limits)?
//!     .check(&Schema::standard(), &limits)
//!     .into_rule()?;
//! // One predicate: the value is above 500 and below 900.
//! let Clause::Literal(literal) = rule.condition().root() else { panic!() };
//! assert!(matches!(*literal.predicate, Predicate::In(..)));
//! assert_eq!(literal.origins.len(), 2);
//! # Ok::<(), target_rules::Diagnostics>(())
//! ```

mod expression;
mod intern;
mod join;
mod linear;
mod lower;
mod predicate;
mod reads;
mod set;
mod visit;

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use crate::diagnostic::Span;
use crate::typed::{Node, text_of};

pub use crate::schema::Each;
pub use crate::typed::{Answer, Container, Field, Figure, Read, Selection, ValueKind};
pub use crate::value::{DateDistance, DatePart};
pub use expression::{
    Aggregate, BooleanExpression, BooleanOperand, DateExpression, Expression, Leaf, Measure,
    NumberExpression, TextExpression,
};
pub use linear::Linear;
pub use predicate::{Comparison, OpaqueCall, Predicate, Presence, Set, Subject, Values};
pub(crate) use reads::{Reading, Reads};
pub(crate) use set::Numbers;
pub use set::{NumberRange, NumberSet, TextSet};
pub use visit::Visitor;

/// A rule as predicates joined by `&&` and `||`. `Rule::condition` gives it.
#[derive(Debug, Clone)]
pub struct Condition {
    root: Clause,
    /// By number.
    subjects: Vec<Arc<Subject>>,
    predicates: Vec<Arc<Predicate>>,
    each: Option<Each>,
    /// The typed tree that it was made from.
    rule: Arc<Node>,
}

/// The number of a subject. Within one condition, two subjects have one number
/// exactly where they are equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SubjectId(pub(crate) u32);

/// The number of a predicate, likewise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PredicateId(pub(crate) u32);

/// A part of a condition.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Clause {
    /// `true` or `false`, as the rule writes it.
    Constant(bool),
    /// A predicate, or its negation.
    Literal(Literal),
    /// All must hold.
    All(Vec<Clause>),
    /// Any must hold.
    Any(Vec<Clause>),
}

/// A predicate, or its negation.
///
/// Two are equal where they ask the same, wherever they come from.
#[derive(Debug, Clone)]
pub struct Literal {
    /// What is asked.
    pub predicate: Arc<Predicate>,
    /// The number of the predicate in its condition.
    pub id: PredicateId,
    /// Whether it is to be false.
    pub negated: bool,
    /// The nodes of the rule that it was made from, in the order of the rule.
    pub origins: Vec<Origin>,
}

impl PartialEq for Literal {
    fn eq(&self, other: &Literal) -> bool {
        self.negated == other.negated
            && (Arc::ptr_eq(&self.predicate, &other.predicate) || self.predicate == other.predicate)
    }
}

impl Eq for Literal {}

impl Hash for Literal {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.negated.hash(state);
        self.predicate.hash(state);
    }
}

/// A node of the rule that a literal was made from. Origins are ordered as
/// their nodes stand in the rule. [`Condition::text`] gives a node's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// The place of the node in the form that the rule was read from, without
    /// enclosing brackets. No two nodes of a rule have the same.
    pub span: Span,
}

impl Condition {
    /// The whole of it.
    pub fn root(&self) -> &Clause {
        &self.root
    }

    /// The key of the list that it is asked for, item by item: `lineItems` or
    /// `tenders`; `None` where it is asked once.
    pub fn list(&self) -> Option<&'static str> {
        self.each.map(Each::key)
    }

    /// The same as engines need it.
    pub(crate) fn each(&self) -> Option<Each> {
        self.each
    }

    /// The subjects of its sets, each once. A subject's number is its position.
    pub fn subjects(&self) -> &[Arc<Subject>] {
        &self.subjects
    }

    /// Its predicates, each once. A predicate's number is its position.
    pub fn predicates(&self) -> &[Arc<Predicate>] {
        &self.predicates
    }

    /// The number of a subject of this condition.
    pub fn subject_id(&self, subject: &Subject) -> Option<SubjectId> {
        let at = self.subjects.iter().position(|held| **held == *subject)?;
        u32::try_from(at).ok().map(SubjectId)
    }

    /// The canonical text of the node that something was made from.
    pub fn text(&self, origin: Origin) -> Option<String> {
        let mut node: &Node = &self.rule;
        while node.span != origin.span {
            let holds = |inner: &&Node| {
                inner.span.start() <= origin.span.start() && origin.span.end() <= inner.span.end()
            };
            node = node.children().find(holds)?;
        }
        Some(text_of(node))
    }
}
