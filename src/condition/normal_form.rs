//! A rule in negation normal form, its subjects and predicates by number.

use std::sync::Arc;

use crate::schema::ListName;
use crate::typed::{Node, text_of};

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
    /// By number.
    pub(super) subjects: Vec<Arc<Subject>>,
    pub(super) predicates: Vec<Arc<Predicate>>,
    pub(super) list: Option<ListName>,
    /// The typed tree that it was made from.
    pub(super) rule: Arc<Node>,
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
        self.list.map(ListName::key)
    }

    /// The same as engines need it.
    pub(crate) fn list_name(&self) -> Option<ListName> {
        self.list
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
