//! Finds the parts of a rule that make it false.

use crate::describe::Description;
use crate::diagnostic::{Span, cut};
use crate::rule::Rule;
use crate::schema::ListName;
use crate::syntax::Operator;
use crate::transaction::{CurrentEntry, Transaction};
use crate::typed::{CallKind, Node, NodeKind, TRANSACTION, text_of};
use crate::value::{Truth, Zone};

use super::explanation::{Unmet, UnmetClause};
use super::interpreter::Context;
use super::memo::Memo;

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
        let memo = Memo::of(self.root());
        let asked = Asked::of(self, transaction, zone, &memo);
        if !asked.is_false(self.root()) {
            return None;
        }
        let mut clause = self.root();
        while let NodeKind::Chain { operator: Operator::And, operands } = &clause.kind
            && let Some(inner) = asked.failing(operands).next()
        {
            clause = inner;
        }
        Some((text_of(clause), clause.span))
    }

    /// The clauses that make the rule false; `None` where it is not.
    pub(super) fn unmet(&self, transaction: &Transaction, zone: &Zone, memo: &Memo) -> Option<Unmet> {
        let asked = Asked::of(self, transaction, zone, memo);
        asked.is_false(self.root()).then(|| asked.unmet(self.root()))
    }
}

/// A rule asked about a transaction: once, or for each entry of a list.
struct Asked<'t> {
    contexts: Vec<Context<'t>>,
    list: Option<ListName>,
}

impl<'t> Asked<'t> {
    fn of(rule: &Rule, transaction: &'t Transaction, zone: &'t Zone, memo: &'t Memo) -> Asked<'t> {
        let context = |item| Context { transaction, zone, item, memo };
        let list = rule.unrolled_list();
        let contexts = match list {
            None => vec![context(CurrentEntry::None)],
            Some(list) => match transaction.entries(TRANSACTION, list) {
                None => vec![context(CurrentEntry::Missing)],
                Some(items) => items.map(|item| context(CurrentEntry::At(item))).collect(),
            },
        };
        Asked { contexts, list }
    }

    fn is_false(&self, node: &Node) -> bool {
        self.contexts.iter().all(|context| context.truth(node) == Truth::False)
    }

    /// The operands of a chain that are false by themselves. Without items the
    /// rule is false whatever its clauses say, so there are none.
    fn failing<'n>(&self, operands: &'n [Node]) -> impl Iterator<Item = &'n Node> {
        operands.iter().filter(|operand| !self.contexts.is_empty() && self.is_false(operand))
    }

    fn unmet(&self, root: &Node) -> Unmet {
        let mut clause = root;
        loop {
            let (operands, any) = match &clause.kind {
                NodeKind::Chain { operator, operands } => (operands, *operator == Operator::Or),
                _ => return self.only(clause),
            };
            let failing: Vec<&Node> = self.failing(operands).collect();
            match failing.as_slice() {
                // Items fail for different reasons, or there are none.
                [] => return self.only(clause),
                [one] => clause = one,
                several => return self.several(clause, any, several),
            }
        }
    }

    fn only(&self, clause: &Node) -> Unmet {
        Unmet { any: false, clauses: vec![self.clause(clause)], left: 0 }
    }

    fn several(&self, chain: &Node, any: bool, operands: &[&Node]) -> Unmet {
        let shown: Vec<UnmetClause> =
            operands.iter().take(Unmet::MOST_CLAUSES).map(|operand| self.clause(operand)).collect();
        let left = operands.iter().skip(Unmet::MOST_CLAUSES).count();
        // One of several values is one thing that is asked for.
        if any && shown.iter().all(|clause| clause.distance.is_none()) {
            let whole = self.clause(chain);
            if whole.words.chars().count() <= Unmet::LONGEST_WORDS {
                return Unmet { any: false, clauses: vec![whole], left: 0 };
            }
        }
        Unmet { any, clauses: shown, left }
    }

    fn clause(&self, clause: &Node) -> UnmetClause {
        let mut of_each = false;
        clause.visit(&mut |node| of_each |= node.unrolls().is_some());
        let description = Description::of_clause(clause, self.list.filter(|_| of_each));
        let words = match &clause.kind {
            _ if description.is_sentence() => cut(description.as_str(), Unmet::LONGEST_WORDS).into_owned(),
            NodeKind::Chain { operator: Operator::Or, operands } => {
                format!("one of {} conditions holds", operands.len())
            }
            NodeKind::Chain { operands, .. } => format!("all of {} conditions hold", operands.len()),
            _ => "a condition with many parts holds".to_owned(),
        };
        let distance = match self.contexts.as_slice() {
            // A part of a date, such as the day of the week, is said in words.
            _ if compares_a_part(clause) => None,
            [only] => only.distance(clause),
            [first, ..] if !of_each => first.distance(clause),
            _ => None,
        };
        UnmetClause { words, distance, of_each }
    }
}

/// Whether a part of a date is compared with something.
fn compares_a_part(node: &Node) -> bool {
    let NodeKind::Binary { left, right, .. } = &node.kind else { return false };
    [left, right].into_iter().any(|side| match &side.kind {
        NodeKind::Call(call) => matches!(call.kind, CallKind::Part { .. }),
        _ => false,
    })
}
