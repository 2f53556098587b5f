//! A rule decided for a transaction, with the reasons where it is unknown.

use crate::rule::Rule;
use crate::transaction::{CurrentEntry, Transaction};
use crate::typed::TRANSACTION;
use crate::value::{Truth, Zone};

use super::decision::Decision;
use super::interpreter::Context;
use super::memo::Memo;
use super::reasons::Reasons;

impl Rule {
    /// Decides the rule for a transaction. `zone` gives the local time of its
    /// dates.
    ///
    /// The transaction must have been read for a layout that includes this
    /// rule; a value that the layout does not read counts as absent. Never
    /// fails, never panics. Each aggregate over line items is computed once, in
    /// time linear in their number; the rest is linear in the size of the rule.
    /// Of a rule that names `currentLineItem`, the parts that do so cost that
    /// much for each line item.
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
        decide(self, transaction, zone)
    }

    /// The result alone, as [`decide`](Rule::decide) gives it: without the reasons, which
    /// take longer to find than that the result is unknown.
    ///
    /// ```
    /// use target_rules::{Ast, Layout, Limits, Schema, Truth, Zone};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let transaction = Layout::of([&rule]).read("{}", &limits)?;
    /// assert_eq!(rule.truth(&transaction, &Zone::UTC), Truth::Unknown);
    /// # Ok::<(), target_rules::Diagnostics>(())
    /// ```
    pub fn truth(&self, transaction: &Transaction, zone: &Zone) -> Truth {
        match self.unrolled_list() {
            // What is decided for each item is so with a memo.
            Some(_) => decide(self, transaction, zone).result,
            None => truth(self, transaction, zone),
        }
    }
}

/// The result of a rule that is not decided for each item.
fn truth(rule: &Rule, transaction: &Transaction, zone: &Zone) -> Truth {
    let (memo, item) = (&Memo::default(), CurrentEntry::None);
    Context { transaction, zone, item, memo }.truth(rule.root())
}

pub(super) fn decide(rule: &Rule, transaction: &Transaction, zone: &Zone) -> Decision {
    let Some(list) = rule.unrolled_list() else {
        let result = truth(rule, transaction, zone);
        let mut reasons = Reasons::default();
        if result == Truth::Unknown {
            // What is asked why is asked again for everything above it.
            let (memo, item) = (&Memo::of(rule.root()), CurrentEntry::None);
            reasons.gather(&Context { transaction, zone, item, memo }, rule.root());
        }
        return reasons.decision(result, Vec::new(), rule.form());
    };
    let memo = &Memo::of(rule.root());
    let context = |item| Context { transaction, zone, item, memo };
    let Some(items) = transaction.entries(TRANSACTION, list) else {
        let context = context(CurrentEntry::Missing);
        let result = context.truth(rule.root());
        let mut reasons = Reasons::default();
        if result == Truth::False {
            return reasons.decision(Truth::False, Vec::new(), rule.form());
        }
        if result == Truth::Unknown {
            reasons.gather(&context, rule.root());
        }
        if reasons.is_empty() {
            reasons.every_item_leaf(rule.root());
        }
        return reasons.decision(Truth::Unknown, Vec::new(), rule.form());
    };
    // True if it is true for any item; else unknown if it is for any; else
    // false. Without items it is false.
    let mut result = Truth::False;
    let mut holds = Vec::new();
    let mut reasons = Reasons::default();
    for (position, item) in items.enumerate() {
        let context = context(CurrentEntry::At(item));
        let of_item = context.truth(rule.root());
        match of_item {
            Truth::True => holds.push(position),
            Truth::Unknown => reasons.gather(&context, rule.root()),
            Truth::False => {}
        }
        result = result.or(of_item);
    }
    reasons.decision(result, holds, rule.form())
}
