//! A rule as a condition: predicates joined by `&&` and `||`, with every
//! negation pushed down to a predicate (negation normal form).
//!
//! **Not yet stable.** Programs, rule sets and layouts are built from it, and
//! tools that analyse rules read it. It may change in any version.
//!
//! A condition means the same as its rule, in the same three-valued logic: a
//! predicate is unknown exactly where its subject has no value, `&&` and `||`
//! are those of Kleene, and a negated predicate is unknown where the predicate
//! is. Comparisons of one subject with constants become one set of values,
//! however they were written.
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

mod expression;
mod id;
mod intern;
mod join;
mod linear;
mod lower;
mod normal_form;
mod origin;
mod predicate;
mod reads;
mod set;
mod visit;

pub use crate::schema::ListName;
pub use crate::typed::{Answer, Container, Field, Figure, Read, Selection, ValueKind};
pub use crate::value::{DateDistance, DatePart};
pub use expression::{
    Aggregate, ArithmeticChain, BooleanExpression, DateExpression, Leaf, Measure, NumberExpression,
    TextExpression,
};
pub use id::{PredicateId, SubjectId};
pub use linear::Linear;
pub(crate) use lower::value_of;
pub use normal_form::Condition;
pub use origin::{Origin, Origins};
pub use predicate::{
    BooleanOperand, Clause, Comparison, Expression, Literal, OpaqueCall, Predicate, Subject,
};
pub(crate) use reads::{Reading, Reads};
pub(crate) use set::Numbers;
pub use set::{NumberRange, NumberSet, Presence, Set, TextSet, Values};
pub use visit::Visitor;
