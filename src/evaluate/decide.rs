//! What a rule is asked about a transaction, by the walker that defines what it
//! means. Apart from what it answers, so that neither file needs the other.

use crate::diagnostic::Span;
use crate::rule::Rule;
use crate::transaction::Transaction;
use crate::value::Zone;

use super::{Decision, Explanation, oracle};

impl Rule {
    /// Decides the rule for a transaction, its dates seen in a zone.
    ///
    /// The transaction must have been read for a layout that includes this
    /// rule; what it was not read for is absent. Never fails, never panics.
    /// Cost is linear in the size of the rule, times the line items that it
    /// selects from and, for a rule that names `currentLineItem`, times them again.
    ///
    /// [`Layout::compile`](crate::Layout::compile) gives a [`Program`](crate::Program) that answers the same
    /// and faster: for a rule that is decided many times.
    ///
    /// ```
    /// use target_rules::{Ast, Layout, Limits, Schema, Truth, Zone};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentTxn.date.day() == 7", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let document = r#"{"currentTxn": {"date": "2026-03-07T22:00:00Z"}}"#;
    /// let transaction = Layout::of([&rule]).read(document, &limits)?;
    /// // Saturday night in UTC is Sunday morning in Kolkata.
    /// assert_eq!(rule.decide(&transaction, &Zone::UTC).result, Truth::True);
    /// let kolkata = Zone::named("Asia/Kolkata")?;
    /// assert_eq!(rule.decide(&transaction, &kolkata).result, Truth::False);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn decide(&self, transaction: &Transaction, zone: &Zone) -> Decision {
        oracle::decide(self, transaction, zone)
    }

    /// Explains the decision for a transaction: what [`Rule::decide`] says,
    /// with the value of every node.
    ///
    /// The transaction must have been read for a layout that includes this
    /// rule. Never fails, never panics. Cost is that of deciding the rule,
    /// times its depth and the trees that are given; at most
    /// [`Explanation::MOST_TREES`] of them, and fewer of a large rule.
    ///
    /// ```
    /// use target_rules::{Ast, ExplainedState, Layout, Limits, Schema, Zone};
    /// let limits = Limits::default();
    /// let text = r#"currentTxn.value > 500 || currentCustomer.slabName == "Gold""#;
    /// let ast = Ast::from_text(text, &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let document = r#"{"currentTxn": {"value": 455}}"#;
    /// let transaction = Layout::of([&rule]).read(document, &limits)?;
    /// let explanation = rule.explain(&transaction, &Zone::UTC);
    /// let [value, slab] = explanation.trees[0].root.children.as_slice() else { panic!() };
    /// assert_eq!(value.value.as_deref(), Some("false"));
    /// assert_eq!(slab.children[0].state, ExplainedState::Absent);
    /// # Ok::<(), target_rules::Diagnostics>(())
    /// ```
    pub fn explain(&self, transaction: &Transaction, zone: &Zone) -> Explanation {
        self.explanation(transaction, zone)
    }

    /// The innermost clause that by itself makes the rule false: its canonical
    /// text and place. `None` where the rule is not false.
    ///
    /// Of a chain of `&&` it is the first false operand; for a rule that is
    /// decided for each line item, the first that is false for every one. The
    /// place is in the form that the rule was read from.
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
    /// assert_eq!((clause.as_str(), span.start), ("currentTxn.value<900", 26));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn refusing_clause(&self, transaction: &Transaction, zone: &Zone) -> Option<(String, Span)> {
        self.false_clause(transaction, zone)
    }
}
