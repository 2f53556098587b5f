//! A checked rule: what hosts hold, print and query.
//!
//! A [`Rule`] tells what it reads ([`Reference`]) and prints itself in both
//! forms of the language; other modules decide, explain and compile it.

mod named_reference;
mod reference;
mod tree;

use std::sync::{Arc, OnceLock};

use crate::condition::Condition;
use crate::diagnostic::Form;
use crate::schema::{ListName, Schema};
use crate::typed::{self, Node};

pub use named_reference::NamedReference;
pub use reference::Reference;
pub use tree::{TreeStyle, TreeTooLarge};

/// The version of the rule language that this crate implements. It changes only
/// when the meaning of rules changes, not with every version of the crate.
///
/// ```
/// // To be kept beside stored rules.
/// assert_eq!(target_rules::LANGUAGE_VERSION, 2);
/// ```
pub const LANGUAGE_VERSION: u32 = 2;

/// A checked rule.
///
/// Cheap to clone. Two rules are equal where they have the same structure and
/// meaning: numbers are compared by value, a bare word equals the same string,
/// and spans are ignored.
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
    /// Lowered on first use.
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

    /// The canonical text: as few brackets as possible (an `&&` inside an `||`
    /// keeps its own), no white space, names as the schema lists them. Reading
    /// it gives an equal rule, whose canonical text is the same.
    ///
    /// Cost is linear in the size of the rule.
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
    /// Reading it gives an equal rule.
    ///
    /// Cost is linear in what is written, which `limit` bounds.
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

    /// What must be fetched to decide this rule, sorted, without duplicates.
    /// For a value that can be computed from line items, the figures that it
    /// needs are included.
    ///
    /// Cost is linear in the size of the rule.
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

    /// The same by name, with types and what a schema says of each: best the
    /// one that the rule was checked with.
    ///
    /// Cost is linear in the size of the rule.
    ///
    /// ```
    /// use target_rules::{Ast, Limits, Schema};
    /// let (limits, schema) = (Limits::default(), Schema::standard());
    /// let text = r#"currentTxn.customFieldValueIncludes("wallet", "PayFast")"#;
    /// let rule = Ast::from_text(text, &limits)?.check(&schema, &limits).into_rule()?;
    /// let [wallet] = rule.named_references(&schema).try_into().unwrap();
    /// assert_eq!(wallet.name, "currentTxn.customFields.wallet");
    /// # Ok::<(), target_rules::Diagnostics>(())
    /// ```
    pub fn named_references(&self, schema: &Schema) -> Vec<NamedReference> {
        self.with_condition(|condition| named_reference::named_references(condition, schema))
    }

    /// The rule as a condition, which every engine but the interpreter runs,
    /// and which tools that analyse rules read. It is lowered on first use and
    /// kept with the rule.
    ///
    /// Cost is linear in the size of the rule, once.
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

    /// The same for a single use: a condition that is not lowered yet is
    /// dropped again. Otherwise large rule sets would keep the conditions of
    /// all rules.
    pub(crate) fn with_condition<T>(&self, then: impl FnOnce(&Condition) -> T) -> T {
        match self.condition.get() {
            Some(condition) => then(condition),
            None => then(&self.lowered()),
        }
    }

    /// The condition without joining literals: one literal for each in the
    /// rule.
    pub(crate) fn condition_unjoined(&self) -> Condition {
        Condition::lower_with(&self.root, self.list, false)
    }

    fn lowered(&self) -> Condition {
        Condition::lower(&self.root, self.list)
    }

    /// The same rule with a condition in which each literal is made from one
    /// node: comparisons of one subject stay apart, so that tools can speak of
    /// each. What it means is the same, and engines decide it more slowly.
    ///
    /// ```
    /// use target_rules::{Ast, Limits, Schema};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentTxn.value > 500 && currentTxn.value < 900", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// assert_eq!(rule.condition().predicates().len(), 1);
    /// assert_eq!(rule.unjoined().condition().predicates().len(), 2);
    /// # Ok::<(), target_rules::Diagnostics>(())
    /// ```
    pub fn unjoined(&self) -> Rule {
        Rule { condition: Arc::new(OnceLock::from(self.condition_unjoined())), ..self.clone() }
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

    /// The list of `currentTxn` for whose entries the rule is decided one by
    /// one; `None` where it is decided once.
    ///
    /// ```
    /// use target_rules::schema::ListName;
    /// use target_rules::{Ast, Limits, Schema};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentLineItem.qty > 2", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// assert_eq!(rule.unrolled_list(), Some(ListName::LineItems));
    /// # Ok::<(), target_rules::Diagnostics>(())
    /// ```
    pub fn unrolled_list(&self) -> Option<ListName> {
        self.list
    }
}

impl PartialEq for Rule {
    fn eq(&self, other: &Rule) -> bool {
        typed::equal(&self.root, &other.root)
    }
}
