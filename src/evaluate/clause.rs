//! Which part of a rule makes it false.

use crate::diagnostic::Span;
use crate::rule::Rule;
use crate::syntax::Operator;
use crate::transaction::Transaction;
use crate::typed::{Node, NodeKind, TRANSACTION, text_of};
use crate::value::{Truth, Zone};

use super::oracle::{Context, Item};

impl Rule {
    /// What [`Rule::refusing_clause`] gives.
    pub(super) fn false_clause(&self, transaction: &Transaction, zone: &Zone) -> Option<(String, Span)> {
        let context = |item| Context { transaction, zone, item };
        let contexts: Vec<Context<'_>> = match self.each() {
            None => vec![context(Item::None)],
            Some(each) => match transaction.entries(TRANSACTION, each) {
                None => vec![context(Item::Missing)],
                Some(items) => items.map(|item| context(Item::At(item))).collect(),
            },
        };
        let is_false = |node: &Node| contexts.iter().all(|context| context.truth(node) == Truth::False);
        if !is_false(self.root()) {
            return None;
        }
        let mut clause = self.root();
        // A rule without items is false whatever its clauses are.
        while let NodeKind::Chain { operator: Operator::And, operands } = &clause.kind
            && !contexts.is_empty()
            && let Some(inner) = operands.iter().find(|operand| is_false(operand))
        {
            clause = inner;
        }
        Some((text_of(clause), clause.span))
    }
}
