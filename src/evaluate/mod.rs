//! A checked rule over a transaction: true, false, or unknown and why.

mod clause;
mod explain;
mod explanation;
mod methods;
mod oracle;
mod reasons;

use serde::{Deserialize, Serialize};

use crate::diagnostic::{Form, Span};
use crate::rule::Rule;
use crate::transaction::Transaction;
use crate::value::{NumberFault, Truth, Zone};

pub use explanation::{
    Distance, ExplainedKind, ExplainedNode, ExplainedState, ExplainedTree, ExplainedType, Explanation,
    Requirement, Unrolled,
};

pub(crate) use explain::shortened;

/// What a rule says of a transaction.
///
/// A service's client reads back what serde writes, and the decision out of an
/// [`Explanation`] in the same way: its keys stand beside those of the decision.
///
/// ```
/// use target_rules::{Ast, Decision, Layout, Limits, Schema, Zone};
/// let limits = Limits::default();
/// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let transaction = Layout::of([&rule]).read("{}", &limits)?;
/// let decision = rule.decide(&transaction, &Zone::UTC);
/// assert!(decision.result.is_unknown());
/// assert_eq!(decision.absent, ["currentTxn.value"]);
/// let json = serde_json::to_string(&rule.explain(&transaction, &Zone::UTC))?;
/// assert_eq!(serde_json::from_str::<Decision>(&json)?, decision);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Decision {
    /// True, false, or unknown.
    pub result: Truth,
    /// What is absent and was needed, by the name that the rule gives it;
    /// sorted, each once. Empty where the rule is decided.
    pub absent: Vec<String>,
    /// Operations that have no result, by place. Empty where the rule is decided.
    pub faults: Vec<Fault>,
    /// Positions from 0 of the line items for which a rule that is decided
    /// per item is true.
    pub items: Vec<usize>,
}

impl Decision {
    /// A decided result.
    pub(crate) fn of(result: Truth, items: Vec<usize>) -> Decision {
        Decision { result, absent: Vec::new(), faults: Vec::new(), items }
    }
}

/// An operation without a result, or a value that cannot be used.
///
/// ```
/// use target_rules::{Ast, FaultCode, Layout, Limits, Schema, Zone};
/// let limits = Limits::default();
/// let text = "currentTxn.value / currentTxn.discount > 2";
/// let ast = Ast::from_text(text, &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let document = r#"{"currentTxn": {"value": 730.50, "discount": 0}}"#;
/// let transaction = Layout::of([&rule]).read(document, &limits)?;
/// let decision = rule.decide(&transaction, &Zone::UTC);
/// assert!(decision.result.is_unknown());
/// let fault = decision.faults[0];
/// assert_eq!(fault.code, FaultCode::DivisionByZero);
/// let place = &text[fault.span.start..fault.span.end];
/// assert_eq!(place, "currentTxn.value / currentTxn.discount");
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Fault {
    /// What went wrong.
    pub code: FaultCode,
    /// The form of the rule that the span is in.
    pub form: Form,
    /// The node, without enclosing brackets.
    pub span: Span,
}

/// Why a value that is there cannot be used.
///
/// ```
/// use target_rules::FaultCode;
/// let code: FaultCode = serde_json::from_str(r#""invalid-date""#)?;
/// assert_eq!((code, code.name()), (FaultCode::InvalidDate, "invalid-date"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum FaultCode {
    /// Division or remainder by zero.
    DivisionByZero,
    /// A string that is no date.
    InvalidDate,
    /// A result of 10^28 or more.
    NumberOverflow,
}

impl FaultCode {
    /// The stable name, such as `division-by-zero`.
    pub fn name(self) -> &'static str {
        match self {
            FaultCode::DivisionByZero => "division-by-zero",
            FaultCode::InvalidDate => "invalid-date",
            FaultCode::NumberOverflow => "number-overflow",
        }
    }
}

/// The stable name.
impl std::fmt::Display for FaultCode {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(self.name())
    }
}

/// The stable name of the code, and the place.
impl std::fmt::Display for Fault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Span { start, end } = self.span;
        write!(formatter, "{} in bytes {start} to {end} of the rule", self.code)
    }
}

impl std::error::Error for Fault {}

impl From<NumberFault> for FaultCode {
    fn from(fault: NumberFault) -> FaultCode {
        match fault {
            NumberFault::DivisionByZero => FaultCode::DivisionByZero,
            NumberFault::Overflow => FaultCode::NumberOverflow,
        }
    }
}

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
