//! Finds the part of a rule that makes it false.

use crate::diagnostic::Span;
use crate::rule::Rule;
use crate::syntax::Operator;
use crate::transaction::{CurrentEntry, Transaction};
use crate::typed::{Node, NodeKind, TRANSACTION, text_of};
use crate::value::{Truth, Zone};

use super::interpreter::Context;

impl Rule {
    /// The innermost clause that by itself makes the rule false: its canonical
    /// text and place. `None` where the rule is not false.
    ///
    /// In a chain of `&&` it is the first operand that is false; in a rule that
    /// is decided for each line item, the first that is false for every item.
    /// The span is in the form that the rule was read from.
    ///
    /// ```
    /// use target_rules::{Ast, Layout, Limits, Schema, Zone};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentTxn.value > 500 && currentTxn.value < 900", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let document = r#"{"currentTxn": {"value": 950}}"#;
    /// let transaction = Layout::of([&rule]).read(document, &limits)?;
    /// let clause = rule.refusing_clause(&transaction, &Zone::UTC);
    /// let (clause, span) = clause.ok_or("it is false")?;
    /// assert_eq!((clause.as_str(), span.start().get()), ("currentTxn.value<900", 26));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn refusing_clause(&self, transaction: &Transaction, zone: &Zone) -> Option<(String, Span)> {
        let context = |item| Context { transaction, zone, item };
        let contexts: Vec<Context<'_>> = match self.unrolled_list() {
            None => vec![context(CurrentEntry::None)],
            Some(list) => match transaction.entries(TRANSACTION, list) {
                None => vec![context(CurrentEntry::Missing)],
                Some(items) => items.map(|item| context(CurrentEntry::At(item))).collect(),
            },
        };
        let is_false = |node: &Node| contexts.iter().all(|context| context.truth(node) == Truth::False);
        if !is_false(self.root()) {
            return None;
        }
        let mut clause = self.root();
        // Without items the rule is false whatever its clauses say, so it stays
        // whole.
        while let NodeKind::Chain { operator: Operator::And, operands } = &clause.kind
            && !contexts.is_empty()
            && let Some(inner) = operands.iter().find(|operand| is_false(operand))
        {
            clause = inner;
        }
        Some((text_of(clause), clause.span))
    }
}
