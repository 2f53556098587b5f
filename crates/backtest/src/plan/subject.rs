//! What is held against recorded transactions: a rule, or a target with its filters.

use loyalty_targets::CheckedTarget;
use target_rules::Rule;

/// A rule or a target that is backtested.
///
/// ```
/// use target_rules::{Ast, Limits, Schema};
/// use target_rules_backtest::Subject;
/// let limits = Limits::default();
/// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let subject = Subject::rule("large bills", rule);
/// assert_eq!((subject.id(), subject.name()), ("large bills", None));
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone)]
pub struct Subject {
    id: String,
    rule: Rule,
    target: Option<CheckedTarget>,
}

impl Subject {
    /// A rule under a name.
    pub fn rule(id: impl Into<String>, rule: Rule) -> Subject {
        Subject { id: id.into(), rule, target: None }
    }

    /// The name of a rule, the id of a target.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The name of a target.
    pub fn name(&self) -> Option<&str> {
        self.target.as_ref().and_then(CheckedTarget::name)
    }

    /// The rule.
    pub fn checked_rule(&self) -> &Rule {
        &self.rule
    }

    /// The target, where it is one.
    pub fn target(&self) -> Option<&CheckedTarget> {
        self.target.as_ref()
    }

    /// Whether it can count at all: a target may be switched off.
    pub(crate) fn active(&self) -> bool {
        self.target.as_ref().is_none_or(CheckedTarget::active)
    }

    /// Whether two of them count alike.
    pub(crate) fn counts_as(&self, other: &Subject) -> bool {
        let filters = |one: &Subject| one.target().and_then(loyalty_targets::StoreFilters::in_words);
        self.rule.to_text() == other.rule.to_text()
            && self.active() == other.active()
            && filters(self) == filters(other)
    }
}

impl From<CheckedTarget> for Subject {
    fn from(target: CheckedTarget) -> Subject {
        Subject { id: target.id().to_string(), rule: target.rule().clone(), target: Some(target) }
    }
}
