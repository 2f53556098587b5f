//! The ids of subjects and predicates.

/// The id of a subject. Within one condition, two subjects have the same id
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

/// The id of a predicate. Within one condition, two predicates have the same id
/// exactly where they are equal.
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
