//! The result of deciding a rule for a transaction.

use serde::{Deserialize, Serialize};

use crate::diagnostic::{Form, Span};
use crate::value::{NumberFault, Truth};

/// The result of deciding a rule for a transaction.
///
/// Serde writes it and reads it back. It can also be read from the JSON of an
/// [`Explanation`](super::Explanation), which has the keys of its decision
/// beside its own.
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
    /// The values that are needed but absent, by their names in the rule;
    /// sorted, without duplicates. Empty unless the result is unknown.
    pub absent: Vec<String>,
    /// Operations without a result and values that cannot be used, in the order
    /// of their spans. Empty unless the result is unknown.
    pub faults: Vec<Fault>,
    /// Positions, from 0, of the line items for which the rule is true, if it
    /// is decided per item.
    pub items: Vec<usize>,
}

impl Decision {
    /// A decision without reasons.
    pub(crate) fn of(result: Truth, items: Vec<usize>) -> Decision {
        Decision { result, absent: Vec::new(), faults: Vec::new(), items }
    }
}

/// An operation without a result, or a value that cannot be used.
///
/// ```
/// use target_rules::interpret::FaultCode;
/// use target_rules::{Ast, Layout, Limits, Schema, Zone};
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
/// let place = &text[fault.span.range()];
/// assert_eq!(place, "currentTxn.value / currentTxn.discount");
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Fault {
    /// What went wrong.
    pub code: FaultCode,
    /// The form of the rule that the span is in.
    pub form: Form,
    /// The place of the node in the rule, without enclosing brackets.
    pub span: Span,
}

/// Why an operation has no result, or why a value that is present cannot be
/// used.
///
/// ```
/// use target_rules::interpret::FaultCode;
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
    /// A string that is not a valid date.
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

/// The stable name of the code, and the span.
impl std::fmt::Display for Fault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (start, end) = (self.span.start(), self.span.end());
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
