//! A rule in negation normal form, with its subjects and predicates numbered.

use std::sync::Arc;

use crate::schema::ListName;
use crate::typed::{Node, NodeKind, text_of};

use super::id::SubjectId;
use super::origin::Origin;
use super::predicate::{Clause, Predicate, Subject};

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
    pub(super) root: Clause,
    /// By id.
    pub(super) subjects: Vec<Arc<Subject>>,
    pub(super) predicates: Vec<Arc<Predicate>>,
    pub(super) list: Option<ListName>,
    /// The typed tree that it was lowered from.
    pub(super) rule: Arc<Node>,
}

impl Condition {
    /// The root clause.
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

    /// The list for whose entries it is decided one by one; `None` where it is
    /// decided once.
    pub fn list(&self) -> Option<ListName> {
        self.list
    }

    /// The subjects of its sets, without duplicates. A subject's id is its
    /// index.
    pub fn subjects(&self) -> &[Arc<Subject>] {
        &self.subjects
    }

    /// Its predicates, without duplicates. A predicate's id is its index.
    pub fn predicates(&self) -> &[Arc<Predicate>] {
        &self.predicates
    }

    /// The id of a subject of this condition.
    pub fn subject_id(&self, subject: &Subject) -> Option<SubjectId> {
        let at = self.subjects.iter().position(|held| **held == *subject)?;
        u32::try_from(at).ok().map(SubjectId)
    }

    /// The canonical text of the node that a literal was made from.
    pub fn text(&self, origin: Origin) -> Option<String> {
        self.node_of(origin).map(text_of)
    }

    /// The node that a literal was made from. Among many operands it is found by
    /// their order, where the form of the rule has them in order.
    pub(crate) fn node_of(&self, origin: Origin) -> Option<&Node> {
        let mut node: &Node = &self.rule;
        let holds =
            |inner: &Node| inner.span.start() <= origin.span.start() && origin.span.end() <= inner.span.end();
        while node.span != origin.span {
            let sorted = match &node.kind {
                NodeKind::Chain { operands, .. } => {
                    let at = operands.partition_point(|operand| operand.span.end() < origin.span.end());
                    operands.get(at).filter(|operand| holds(operand))
                }
                _ => None,
            };
            node = match sorted {
                Some(operand) => operand,
                None => node.children().find(|inner| holds(inner))?,
            };
        }
        Some(node)
    }

    /// The root of the rule.
    pub(crate) fn node(&self) -> &Node {
        &self.rule
    }
}
