//! Layouts: what a set of rules reads from transaction documents.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use crate::condition::Condition;
use crate::rule::Rule;

use super::plan::Plan;

/// The fields that a set of rules reads. A document is read for a layout.
///
/// Cheap to clone.
///
/// ```
/// use target_rules::{Ast, Layout, Limits, Schema};
/// let limits = Limits::default();
/// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let layout = Layout::of([&rule]);
/// // What no rule reads is skipped, whatever it is.
/// let document = r#"{"currentTxn": {"value": 730.50, "till": [1, 2]}}"#;
/// let transaction = layout.read(document, &limits)?;
/// assert!(*transaction.layout() == layout);
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone)]
pub struct Layout {
    pub(crate) plan: Arc<Plan>,
}

impl Layout {
    /// What these rules read, and the transaction's number for reports.
    ///
    /// Cost is linear in the rules.
    ///
    /// ```
    /// use target_rules::{Ast, Layout, Limits, Schema};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let layout = Layout::of([&rule]);
    /// assert!(layout.slot("currentTxn.value").is_some());
    /// assert!(layout.slot("currentTxn.discount").is_none());
    /// # Ok::<(), target_rules::Diagnostics>(())
    /// ```
    pub fn of<'r>(rules: impl IntoIterator<Item = &'r Rule>) -> Layout {
        Layout::builder().rules(rules).build()
    }

    /// This layout if it already reads everything that the condition reads;
    /// else one that grows from it. Slots keep their numbers.
    pub(crate) fn including(&self, condition: &Condition) -> Layout {
        let mut plan = Plan::clone(&self.plan);
        plan.grow();
        plan.add_condition(condition);
        plan.add_outcomes(condition);
        if plan.size() == self.plan.size() {
            return self.clone();
        }
        plan.finish();
        Layout { plan: Arc::new(plan) }
    }

    /// Starts a series of extensions.
    pub(crate) fn grow(&mut self) {
        Arc::make_mut(&mut self.plan).grow();
    }

    /// Extends this layout by what the condition reads, and by results of
    /// expensive predicates that other rules share. [`Layout::grow`] must be
    /// called before, and [`Layout::finish`] before any document is read.
    pub(crate) fn extend(&mut self, condition: &Condition) {
        let plan = Arc::make_mut(&mut self.plan);
        plan.add_condition(condition);
        plan.add_outcomes(condition);
    }

    /// Ends a series of extensions.
    pub(crate) fn finish(&mut self) {
        Arc::make_mut(&mut self.plan).finish();
    }

    /// Whether both are the same layout, or clones of it.
    #[inline]
    pub(crate) fn is(&self, other: &Layout) -> bool {
        Arc::ptr_eq(&self.plan, &other.plan)
    }
}

/// Two layouts are equal only where one is a clone of the other. Two that were
/// built apart are not, even if they read the same: a slot of one means nothing
/// to the other.
///
/// ```
/// use target_rules::Layout;
/// let (layout, other) = (Layout::of([]), Layout::of([]));
/// assert!(layout == layout.clone() && layout != other);
/// assert!(*layout.blank().layout() == layout);
/// ```
impl PartialEq for Layout {
    fn eq(&self, other: &Layout) -> bool {
        self.is(other)
    }
}

impl Eq for Layout {}

/// By identity, as equality is.
impl Hash for Layout {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.plan).hash(state);
    }
}
