//! A rule that checks: what hosts hold, print and ask.
//!
//! A [`Rule`] says what it reads ([`Reference`]) and writes itself in its two
//! forms; other modules decide, explain and compile it.
#![deny(clippy::arithmetic_side_effects)]

mod reference;
mod tree;

use std::sync::{Arc, OnceLock};

use crate::condition::Condition;
use crate::diagnostic::Form;
use crate::schema::ListName;
use crate::typed::{self, Node};

pub use reference::Reference;
pub use tree::{TreeStyle, TreeTooLarge};

/// The version of the rule language that this crate speaks. It changes where
/// the meaning of a rule changes, which a new version of the crate alone does not.
///
/// ```
/// // To be kept beside stored rules.
/// assert_eq!(target_rules::LANGUAGE_VERSION, 1);
/// ```
pub const LANGUAGE_VERSION: u32 = 1;

/// A rule that checks.
///
/// Cheap to clone. Two rules are equal where they mean the same by the same
/// structure: numbers by value, a bare word equal to the same string, places
/// left out.
///
/// ```
/// use target_rules::{Ast, Layout, Limits, Schema, Truth, Zone};
/// let (schema, limits) = (Schema::standard(), Limits::default());
/// let ast = Ast::from_text("(currentTxn.value) > 500.0", &limits)?;
/// let rule = ast.check(&schema, &limits).into_rule()?;
/// assert_eq!(rule.to_text(), "currentTxn.value>500.0");
/// let same = Ast::from_text("currentTxn.value>500", &limits)?.check(&schema, &limits);
/// assert_eq!(same.rule(), Some(&rule));
///
/// let layout = Layout::of([&rule]);
/// let transaction = layout.read(r#"{"currentTxn": {"value": 730.50}}"#, &limits)?;
/// assert_eq!(rule.decide(&transaction, &Zone::UTC).result, Truth::True);
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone)]
pub struct Rule {
    root: Arc<Node>,
    form: Form,
    list: Option<ListName>,
    /// Made when it is first asked for.
    condition: Arc<OnceLock<Condition>>,
}

impl Rule {
    pub(crate) fn new(root: Node, form: Form) -> Rule {
        let mut list = None;
        root.visit(&mut |node| list = list.or(node.unrolls()));
        Rule { root: Arc::new(root), form, list, condition: Arc::default() }
    }

    pub(crate) fn root(&self) -> &Node {
        &self.root
    }

    /// The canonical text: fewest brackets (an `&&` inside an `||` keeps its
    /// own), no white space, names in their listed spelling. Reading it gives
    /// an equal rule, and the text of that is the same.
    ///
    /// ```
    /// use target_rules::{Ast, Limits, Schema};
    /// let limits = Limits::default();
    /// let text = "((currentTxn.value) > 500) && (!(currentTxn.discount == 0))";
    /// let ast = Ast::from_text(text, &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// assert_eq!(rule.to_text(), "currentTxn.value>500&&!(currentTxn.discount==0)");
    /// # Ok::<(), target_rules::Diagnostics>(())
    /// ```
    pub fn to_text(&self) -> String {
        typed::text_of(&self.root)
    }

    /// The expression tree as JSON text, at most `limit` bytes of it.
    ///
    /// The same rule is read back from it.
    ///
    /// ```
    /// use target_rules::rule::TreeStyle;
    /// use target_rules::{Ast, Limits, Schema};
    /// let (schema, limits) = (Schema::standard(), Limits::default());
    /// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
    /// let rule = ast.check(&schema, &limits).into_rule()?;
    /// let tree = rule.to_tree(TreeStyle::Pretty, limits.rule_tree)?;
    /// let read_back = Ast::from_tree(&tree, &limits)?.check(&schema, &limits).into_rule()?;
    /// assert_eq!(read_back, rule);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn to_tree(&self, style: TreeStyle, limit: usize) -> Result<String, TreeTooLarge> {
        tree::written(&self.root, style, limit)
    }

    /// What must be fetched to decide this rule, sorted, each once. A value
    /// that follows from line items is there with the figures it follows from.
    ///
    /// ```
    /// use target_rules::{Ast, Limits, Reference, Schema};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentCustomer.extField_tier_date.year() == 2026", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let profile = "currentCustomer".to_owned();
    /// let name = "tier_date".to_owned();
    /// assert_eq!(rule.references(), [Reference::ExtendedField { profile, name }]);
    /// # Ok::<(), target_rules::Diagnostics>(())
    /// ```
    pub fn references(&self) -> Vec<Reference> {
        self.with_condition(reference::references)
    }

    /// The rule as a condition: what every engine but the interpreter runs, and
    /// what studies of rules read. Made once, and kept with the rule.
    ///
    /// ```
    /// use target_rules::{Ast, Limits, Schema};
    /// let limits = Limits::default();
    /// let text = r#"currentCustomer.slabName == "Gold"
    ///     || currentCustomer.slabName == "Silver""#;
    /// let ast = Ast::from_text(text, &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// // One question about one subject: whether the tier is one of two.
    /// assert_eq!(rule.condition().predicates().len(), 1);
    /// # Ok::<(), target_rules::Diagnostics>(())
    /// ```
    pub fn condition(&self) -> &Condition {
        self.condition.get_or_init(|| self.lowered())
    }

    /// The same for one use: where the rule has no condition yet, it is not
    /// kept. Sets of many rules would otherwise hold all of them.
    pub(crate) fn with_condition<T>(&self, then: impl FnOnce(&Condition) -> T) -> T {
        match self.condition.get() {
            Some(condition) => then(condition),
            None => then(&self.lowered()),
        }
    }

    /// The same with every literal as the rule has it.
    pub(crate) fn condition_unjoined(&self) -> Condition {
        Condition::lower_with(&self.root, self.list, false)
    }

    fn lowered(&self) -> Condition {
        Condition::lower(&self.root, self.list)
    }

    /// The form that the rule was read from; spans of faults are in it.
    ///
    /// ```
    /// use target_rules::diagnostic::Form;
    /// use target_rules::{Ast, Limits, Schema};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// assert_eq!(rule.form(), Form::Dsl);
    /// # Ok::<(), target_rules::Diagnostics>(())
    /// ```
    pub fn form(&self) -> Form {
        self.form
    }

    /// Whether the rule names `currentLineItem` or `tenderProfile` and so is
    /// decided once per line item or tender.
    ///
    /// ```
    /// use target_rules::{Ast, Limits, Schema};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentLineItem.qty > 2", &limits)?;
    /// assert!(ast.check(&Schema::standard(), &limits).into_rule()?.unrolls());
    /// # Ok::<(), target_rules::Diagnostics>(())
    /// ```
    pub fn unrolls(&self) -> bool {
        self.list.is_some()
    }

    /// The key in `currentTxn` of the list whose entries the rule is decided
    /// for one by one, `lineItems` or `tenders`; `None` where it is decided once.
    ///
    /// ```
    /// use target_rules::{Ast, Limits, Schema};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentLineItem.qty > 2", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// assert_eq!(rule.unrolled_list(), Some("lineItems"));
    /// # Ok::<(), target_rules::Diagnostics>(())
    /// ```
    pub fn unrolled_list(&self) -> Option<&'static str> {
        self.list.map(ListName::key)
    }

    /// The list that it is decided for one by one.
    pub(crate) fn list_name(&self) -> Option<ListName> {
        self.list
    }
}

impl PartialEq for Rule {
    fn eq(&self, other: &Rule) -> bool {
        typed::equal(&self.root, &other.root)
    }
}
