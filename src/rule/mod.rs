//! A rule that checks: what hosts hold, print and ask.
#![deny(clippy::arithmetic_side_effects)]

mod reference;
mod tree;

use std::sync::{Arc, OnceLock};

use crate::condition::Condition;
use crate::diagnostic::Form;
use crate::schema::Each;
use crate::typed::{self, Node};

pub use reference::Reference;
pub use tree::{TreeStyle, TreeTooLarge};

/// The version of the rule language that this crate speaks. It changes where
/// the meaning of a rule changes, which a new version of the crate alone does not.
pub const LANGUAGE_VERSION: u32 = 1;

/// A rule that checks.
///
/// Cheap to clone. Two rules are equal where they mean the same by the same
/// structure: numbers by value, a bare word equal to the same string, places
/// left out.
#[derive(Debug, Clone)]
pub struct Rule {
    root: Arc<Node>,
    form: Form,
    each: Option<Each>,
    /// Made when it is first asked for.
    condition: Arc<OnceLock<Condition>>,
}

impl Rule {
    pub(crate) fn new(root: Node, form: Form) -> Rule {
        let mut each = None;
        root.visit(&mut |node| each = each.or(node.unrolls()));
        Rule { root: Arc::new(root), form, each, condition: Arc::default() }
    }

    pub(crate) fn root(&self) -> &Node {
        &self.root
    }

    /// The canonical text: fewest brackets (an `&&` inside an `||` keeps its
    /// own), no white space, names in their listed spelling. Reading it gives
    /// an equal rule, and the text of that is the same.
    pub fn to_text(&self) -> String {
        typed::text_of(&self.root)
    }

    /// The rule as a condition: what every engine but the interpreter runs, and
    /// what studies of rules read. Made once, and kept with the rule.
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
        Condition::lower_with(&self.root, self.each, false)
    }

    fn lowered(&self) -> Condition {
        Condition::lower(&self.root, self.each)
    }

    /// The form that the rule was read from; spans of faults are in it.
    pub fn form(&self) -> Form {
        self.form
    }

    /// Whether the rule names `currentLineItem` or `tenderProfile` and so is
    /// decided once per line item or tender.
    pub fn unrolls(&self) -> bool {
        self.each.is_some()
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
        self.each.map(Each::key)
    }

    /// The list that it is decided for one by one.
    pub(crate) fn each(&self) -> Option<Each> {
        self.each
    }
}

impl PartialEq for Rule {
    fn eq(&self, other: &Rule) -> bool {
        typed::equal(&self.root, &other.root)
    }
}
