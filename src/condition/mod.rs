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
//! assert_eq!(literal.origins.iter().count(), 2);
//! # Ok::<(), target_rules::Diagnostics>(())
//! ```
#![deny(clippy::arithmetic_side_effects)]

mod expression;
mod intern;
mod join;
mod linear;
mod lower;
mod origin;
mod predicate;
mod reads;
mod set;
mod visit;

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use crate::typed::{Node, text_of};

pub use crate::schema::Each;
pub use crate::typed::{Answer, Container, Field, Figure, Read, Selection, ValueKind};
pub use crate::value::{DateDistance, DatePart};
pub use expression::{
    Aggregate, BooleanExpression, BooleanOperand, DateExpression, Expression, Leaf, Measure,
    NumberExpression, TextExpression,
};
pub use linear::Linear;
pub use origin::{Origin, Origins};
pub use predicate::{Comparison, OpaqueCall, Predicate, Presence, Set, Subject, Values};
pub(crate) use reads::{Reading, Reads};
pub(crate) use set::Numbers;
pub use set::{NumberRange, NumberSet, TextSet};
pub use visit::Visitor;

/// A rule as predicates joined by `&&` and `||`. `Rule::condition` gives it.
///
/// ```
/// use target_rules::{Ast, Limits, Schema};
/// let limits = Limits::default();
/// let text = r#"currentTxn.value > 500 && currentCustomer.slabName == "Gold""#;
/// let ast = Ast::from_text(text, &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let condition = rule.condition();
/// assert_eq!(condition.subjects().len(), 2);
/// assert_eq!(condition.predicates().len(), 2);
/// assert_eq!(condition.list(), None);
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
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
///
/// ```
/// use target_rules::condition::Predicate;
/// use target_rules::{Ast, Limits, Schema};
/// let limits = Limits::default();
/// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let condition = rule.condition();
/// let Predicate::In(subject, _) = &*condition.predicates()[0] else { panic!() };
/// assert!(condition.subject_id(subject).is_some());
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SubjectId(pub(crate) u32);

/// The number of a predicate, likewise.
///
/// ```
/// use target_rules::condition::{Clause, Literal};
/// use target_rules::{Ast, Limits, Schema};
/// let limits = Limits::default();
/// let text = "currentLineItem.qty > 2 && !(currentLineItem.qty > currentLineItem.rate)";
/// let ast = Ast::from_text(text, &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let Clause::All(clauses) = rule.condition().root() else { panic!() };
/// let id = |clause: &Clause| match clause {
///     Clause::Literal(Literal { id, .. }) => Some(*id),
///     _ => None,
/// };
/// assert_ne!(id(&clauses[0]), id(&clauses[1]));
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PredicateId(pub(crate) u32);

/// A part of a condition.
///
/// ```
/// use target_rules::condition::Clause;
/// use target_rules::{Ast, Limits, Schema};
/// let limits = Limits::default();
/// // The negation goes down to the predicates: `&&` becomes `||`.
/// let text = r#"!(currentTxn.value > 500 && currentCustomer.slabName == "Gold")"#;
/// let ast = Ast::from_text(text, &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let Clause::Any(clauses) = rule.condition().root() else { panic!() };
/// assert_eq!(clauses.len(), 2);
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
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
///
/// ```
/// use target_rules::condition::Clause;
/// use target_rules::{Ast, Limits, Schema};
/// let limits = Limits::default();
/// let ast = Ast::from_text(r#"currentCustomer.slabName != "Gold""#, &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let Clause::Literal(literal) = rule.condition().root() else { panic!() };
/// assert!(literal.negated);
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone)]
pub struct Literal {
    /// What is asked.
    pub predicate: Arc<Predicate>,
    /// The number of the predicate in its condition.
    pub id: PredicateId,
    /// Whether it is to be false.
    pub negated: bool,
    /// The nodes of the rule that it was made from, in the order of the rule.
    pub origins: Origins,
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

impl Condition {
    /// The whole of it.
    ///
    /// ```
    /// use target_rules::condition::Clause;
    /// use target_rules::{Ast, Limits, Schema};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("true", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// assert_eq!(*rule.condition().root(), Clause::Constant(true));
    /// # Ok::<(), target_rules::Diagnostics>(())
    /// ```
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
