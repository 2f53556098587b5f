//! The questions of a condition: each is true, false or unknown by itself.

use std::sync::Arc;

use crate::syntax::Operator;
use crate::typed::{Container, Selection};
use crate::value::DateText;

use super::linear::Linear;
use super::set::{NumberSet, TextSet};
use super::{BooleanExpression, Clause, DateExpression, Expression, NumberExpression, TextExpression};

/// One question.
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
    /// A call that no set says.
    Call(Box<OpaqueCall>),
}

/// What a set is about. Two rules that ask about one thing have equal subjects.
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
    /// A date; unknown where it is absent or no date.
    Date(DateExpression),
    /// A truth value; unknown where it is absent.
    Boolean(BooleanExpression),
    /// Whether a value is there: never unknown, but for a value of an item
    /// that is asked while the document has no list of them.
    Presence(Expression),
    /// A custom field or a segment, which has any number of texts.
    Container(Container),
}

/// Some values of a subject's domain.
///
/// ```
/// use target_rules::condition::{Predicate, Set};
/// use target_rules::{Ast, Limits, Schema};
/// let limits = Limits::default();
/// let ast = Ast::from_text("currentTxn.date.isBefore(2026,1,1)", &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let Predicate::In(_, set) = &*rule.condition().predicates()[0] else { panic!() };
/// assert!(matches!(set, Set::Dates(..)));
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Set {
    /// Numbers.
    Numbers(NumberSet),
    /// Texts.
    Texts(TextSet),
    /// The instants that compare so with a date that the rule writes.
    Dates(Operator, DateText),
    /// The one truth value `true`.
    True,
    /// What may be there, or not.
    Presence(Presence),
    /// What a custom field or a segment may have.
    Values(Values),
}

/// Whether a value is there, and what is asked of it besides.
///
/// ```
/// use target_rules::condition::{Predicate, Presence, Set};
/// use target_rules::{Ast, Limits, Schema};
/// let limits = Limits::default();
/// let ast = Ast::from_text("currentCustomer.slabName.isNull()", &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let Predicate::In(_, set) = &*rule.condition().predicates()[0] else { panic!() };
/// assert_eq!(*set, Set::Presence(Presence::Absent));
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Presence {
    /// It is absent, and nothing that it needs is at fault.
    Absent,
    /// A text that is there, is not empty, and holds this one.
    Holding(Arc<str>),
    /// A date that is there and is one.
    Valid,
}

/// What is asked of a custom field or a segment.
///
/// ```
/// use target_rules::condition::{Predicate, Set, Values};
/// use target_rules::{Ast, Limits, Schema};
/// let limits = Limits::default();
/// let text = r#"currentCustomer.customFieldValueIncludes("hobby", "golf")"#;
/// let ast = Ast::from_text(text, &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let Predicate::In(_, set) = &*rule.condition().predicates()[0] else { panic!() };
/// assert_eq!(*set, Set::Values(Values::Includes("golf".into())));
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Values {
    /// One of its texts is this; unknown where the profile has no such fields
    /// at all.
    Includes(Arc<str>),
    /// It has a text that is not empty; never unknown.
    Any,
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
        /// The same as one sum that is compared with zero, where it is exact.
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
    /// Two texts that are to be the same.
    Texts(TextExpression, TextExpression),
    /// Two truth values that are to be the same.
    Booleans(Clause, Clause),
}

/// A call that no set of values says.
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
    /// Whether a text holds another, neither of them fixed.
    Contains {
        /// The text.
        text: TextExpression,
        /// What it is to hold.
        part: TextExpression,
    },
    /// Whether the current line item is selected; false where it lacks the
    /// attribute.
    ItemMatches(Selection),
}
