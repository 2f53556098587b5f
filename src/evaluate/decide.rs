//! A rule decided for a transaction, with the reasons where it is unknown.

use crate::rule::Rule;
use crate::transaction::Transaction;
use crate::value::Zone;

use super::{Decision, oracle};

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
}
