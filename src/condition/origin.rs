//! Where the literals of a condition come from.

use crate::diagnostic::Span;

/// A node of the rule that a literal was made from. Origins are ordered by
/// their position in the rule. [`Condition::text`](super::Condition::text)
/// gives a node's text.
///
/// ```
/// use target_rules::condition::Clause;
/// use target_rules::{Ast, Limits, Schema};
/// let limits = Limits::default();
/// let ast = Ast::from_text("(currentTxn.value) > 500", &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let condition = rule.condition();
/// let Clause::Literal(literal) = condition.root() else { panic!() };
/// let origin = literal.origins.first();
/// assert_eq!(origin.span.range(), 0..24); // bytes
/// assert_eq!(condition.text(origin).as_deref(), Some("currentTxn.value>500"));
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// The place of the node in the form that the rule was read from, without
    /// enclosing brackets. No two nodes of a rule have the same span.
    pub span: Span,
}

/// The nodes that a literal was made from, in the order of the rule: one, or
/// several if literals were joined.
///
/// ```
/// use target_rules::condition::Clause;
/// use target_rules::{Ast, Limits, Schema};
/// let limits = Limits::default();
/// let ast = Ast::from_text("currentTxn.value > 500 && currentTxn.value < 900", &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let condition = rule.condition();
/// // Both comparisons became one literal.
/// let Clause::Literal(literal) = condition.root() else { panic!() };
/// let texts = literal.origins.iter().filter_map(|origin| condition.text(origin));
/// let texts: Vec<_> = texts.collect();
/// assert_eq!(texts, ["currentTxn.value>500", "currentTxn.value<900"]);
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone)]
pub struct Origins {
    first: Origin,
    // Most literals are made from one node; then this vector allocates nothing.
    others: Vec<Origin>,
}

impl Origins {
    pub(super) fn one(first: Origin) -> Origins {
        Origins { first, others: Vec::new() }
    }

    pub(super) fn append(&mut self, other: Origins) {
        self.others.push(other.first);
        self.others.extend(other.others);
    }

    pub(super) fn reserve(&mut self, more: usize) {
        self.others.reserve(more);
    }

    /// The first node.
    pub fn first(&self) -> Origin {
        self.first
    }

    /// All nodes, in the order of the rule.
    pub fn iter(&self) -> impl Iterator<Item = Origin> + '_ {
        std::iter::once(self.first).chain(self.others.iter().copied())
    }
}
