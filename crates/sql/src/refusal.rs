//! Why a rule has no condition in SQL.

use target_rules::condition::Origin;

/// What of a rule a database cannot say the same, as a stable code.
///
/// ```
/// use target_rules_sql::Reason;
/// assert_eq!(Reason::Quotient.code(), "sql-quotient");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// It asks about line items or tenders, which are no columns.
    Items,
    /// A quotient or remainder that is rounded, or may be one by zero.
    Quotient,
    /// A number that may have more digits than are exact on both sides.
    Digits,
    /// A regular expression that runs otherwise there.
    Pattern,
    /// A date that is read from a text, or a distance that is not computed there.
    Date,
    /// A text that the database cannot hold.
    Text,
    /// A value that has no column, or whose column has no usable name.
    Column,
    /// More SQL than is allowed, or deeper than databases take it.
    Size,
    /// A part of the language that is not translated.
    Unsupported,
}

impl Reason {
    /// The code, such as `sql-items`.
    pub fn code(self) -> &'static str {
        match self {
            Reason::Items => "sql-items",
            Reason::Quotient => "sql-quotient",
            Reason::Digits => "sql-digits",
            Reason::Pattern => "sql-pattern",
            Reason::Date => "sql-date",
            Reason::Text => "sql-text",
            Reason::Column => "sql-column",
            Reason::Size => "sql-size",
            Reason::Unsupported => "sql-unsupported",
        }
    }
}

/// One part of a rule that has no SQL of the same meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refusal {
    /// Why.
    pub reason: Reason,
    /// Where the part stands in the rule; `None` for the rule as a whole.
    pub origin: Option<Origin>,
    /// The part in canonical text, where it has one.
    pub text: Option<String>,
    /// What the database cannot say, and what can be done.
    pub message: String,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}: {}", self.reason.code(), self.message)?;
        match &self.text {
            Some(text) => write!(formatter, " (in `{text}`)"),
            None => Ok(()),
        }
    }
}

/// A refusal on its way up, before its place is known.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) reason: Reason,
    pub(crate) message: String,
}

impl Refused {
    pub(crate) fn new(reason: Reason, message: impl Into<String>) -> Refused {
        Refused { reason, message: message.into() }
    }
}
