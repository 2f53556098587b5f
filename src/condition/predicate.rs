//! The predicates of a condition, and the clauses that join them.
//!
//! These types refer to each other, so they are defined in one file: a clause
//! holds predicates, a predicate may ask about any value, and a boolean value
//! is itself a clause.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use crate::syntax::Operator;
use crate::typed::{Container, Selection};

use super::expression::{BooleanExpression, DateExpression, NumberExpression, TextExpression};
use super::id::PredicateId;
use super::linear::Linear;
use super::origin::Origins;
use super::set::Set;

/// A node of a condition: a constant, a literal, a conjunction or a
/// disjunction.
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
    /// Conjunction: all must hold.
    All(Vec<Clause>),
    /// Disjunction: at least one must hold.
    Any(Vec<Clause>),
}

/// A predicate, or its negation.
///
/// Two literals are equal where their predicate and negation are, whichever
/// nodes they come from.
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
    /// The predicate.
    pub predicate: Arc<Predicate>,
    /// The id of the predicate in its condition.
    pub id: PredicateId,
    /// Whether the predicate is negated.
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

/// One test: it is true, false or unknown for a transaction.
///
/// ```
/// use target_rules::condition::Predicate;
/// use target_rules::{Ast, Limits, Schema};
/// let limits = Limits::default();
/// let text = "currentTxn.value > 500 && currentTxn.value > currentTxn.discount";
/// let ast = Ast::from_text(text, &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let predicates = rule.condition().predicates();
/// assert_eq!(predicates.len(), 2);
/// assert!(predicates.iter().any(|one| matches!(**one, Predicate::In(..))));
/// assert!(predicates.iter().any(|one| matches!(**one, Predicate::Compares(_))));
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Predicate {
    /// Whether the value of a subject is in a set.
    In(Arc<Subject>, Set),
    /// How two values compare, neither of them a constant.
    Compares(Box<Comparison>),
    /// A call that cannot be written as a set of values.
    Call(Box<OpaqueCall>),
}

/// The value that is tested for being in a set. Where two rules ask about the
/// same value, their subjects are equal.
///
/// ```
/// use target_rules::condition::Subject;
/// use target_rules::{Ast, Limits, Schema};
/// let limits = Limits::default();
/// // One subject, asked twice.
/// let text = "currentTxn.value > 500 || currentTxn.value < 20";
/// let ast = Ast::from_text(text, &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let [subject] = rule.condition().subjects() else { panic!() };
/// assert!(matches!(**subject, Subject::Number(_)));
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Subject {
    /// A number; unknown where it has no value.
    Number(NumberExpression),
    /// A text; unknown where it is absent.
    Text(TextExpression),
    /// A date; unknown where it is absent or not a valid date.
    Date(DateExpression),
    /// A truth value; unknown where it is absent.
    Boolean(BooleanExpression),
    /// Whether a value is present. Never unknown, except for a value of the
    /// current item where the document has no list of items.
    Presence(Expression),
    /// A custom field or a segment, which has any number of texts.
    Container(Container),
}

/// Two values of one type, compared.
///
/// ```
/// use target_rules::condition::{Comparison, Predicate};
/// use target_rules::{Ast, Limits, Schema};
/// let limits = Limits::default();
/// let text = "currentTxn.discount <= currentTxn.value * 40 / 100";
/// let ast = Ast::from_text(text, &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let predicate = &*rule.condition().predicates()[0];
/// let Predicate::Compares(compares) = predicate else { panic!() };
/// let Comparison::Numbers { linear: Some(linear), .. } = &**compares else { panic!() };
/// // 100 x discount - 40 x value <= 0
/// let factors: Vec<i64> = linear.terms().map(|(_, factor)| factor).collect();
/// assert_eq!((factors, linear.constant()), (vec![100, -40], 0));
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Comparison {
    /// Two numbers.
    Numbers {
        /// `==`, `<`, `<=`, `>` or `>=`.
        operator: Operator,
        /// The left side, as it was written.
        left: NumberExpression,
        /// The right side, as it was written.
        right: NumberExpression,
        /// The same comparison as one sum that is compared with zero, where
        /// that gives the same result.
        linear: Option<Linear>,
    },
    /// Two dates, as instants.
    Dates {
        /// `==`, `<`, `<=`, `>` or `>=`.
        operator: Operator,
        /// The left side.
        left: DateExpression,
        /// The right side.
        right: DateExpression,
    },
    /// Two texts that must be equal.
    Texts(TextExpression, TextExpression),
    /// Two truth values that must be equal.
    Booleans(Clause, Clause),
}

/// A call that cannot be written as a set of values.
///
/// ```
/// use target_rules::condition::{OpaqueCall, Predicate};
/// use target_rules::{Ast, Limits, Schema};
/// let limits = Limits::default();
/// let ast = Ast::from_text(r#"currentLineItem.doesItemMatch("brand", "Puma")"#, &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let Predicate::Call(call) = &*rule.condition().predicates()[0] else { panic!() };
/// assert!(matches!(**call, OpaqueCall::ItemMatches(_)));
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OpaqueCall {
    /// Whether a text contains another, neither of them a constant.
    Contains {
        /// The text.
        text: TextExpression,
        /// What it must contain.
        part: TextExpression,
    },
    /// Whether the current line item is selected; false where the item lacks
    /// the attribute.
    ItemMatches(Selection),
}

/// A value of any type.
///
/// ```
/// use target_rules::condition::{Expression, Subject};
/// use target_rules::{Ast, Limits, Schema};
/// let limits = Limits::default();
/// let ast = Ast::from_text("currentTxn.value.isNull()", &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let Subject::Presence(value) = &*rule.condition().subjects()[0] else { panic!() };
/// assert!(matches!(value, Expression::Number(_)));
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Expression {
    /// A number.
    Number(NumberExpression),
    /// A text.
    Text(TextExpression),
    /// A date.
    Date(DateExpression),
    /// A truth value: a clause of its own, and the values that it needs.
    Boolean(Arc<BooleanOperand>),
}

/// A truth value that is tested for presence.
///
/// ```
/// use target_rules::condition::{Clause, Expression, Subject};
/// use target_rules::{Ast, Limits, Schema};
/// let limits = Limits::default();
/// let ast = Ast::from_text("currentCustomer.isLoyal.isNull()", &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let asked = rule.condition().subjects().iter().find_map(|subject| match &**subject {
///     Subject::Presence(Expression::Boolean(operand)) => Some(operand),
///     _ => None,
/// });
/// assert!(asked.is_some_and(|operand| matches!(operand.clause, Clause::Literal(_))));
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BooleanOperand {
    /// The truth value.
    pub clause: Clause,
    /// The values that it needs. If one of them is present but at fault, the
    /// truth value counts as present.
    pub needs: Vec<Expression>,
}
