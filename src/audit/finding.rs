//! What is found in documents.

use serde::{Deserialize, Serialize};

use crate::diagnostic::{Code, Severity};

/// One thing that is wrong or dubious in documents, however often it was found.
/// What is written as JSON can be read back.
///
/// ```
/// use target_rules::audit::Audit;
/// use target_rules::{Limits, Schema};
/// let mut audit = Audit::new(&Schema::standard(), &Limits::default());
/// audit.add(r#"{"currentTxn": {"Value": 199}}"#, 1);
/// let found = audit.findings();
/// assert_eq!(found[0].code.name(), "unknown-key");
/// assert_eq!(found[0].path, "currentTxn.Value");
/// assert_eq!(found[0].help.as_deref(), Some("did you mean `value`?"));
/// assert_eq!((found[0].places[0].line, found[0].places[0].column), (1, 17));
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Finding {
    /// Which kind of fault it is.
    pub code: Code,
    /// An error where a document that has it is refused.
    pub severity: Severity,
    /// What it is about, such as `currentTxn.lineItems[].qty`; empty for a
    /// document as a whole.
    pub path: String,
    /// Whether it is about something that the rules read; true where none are
    /// given.
    pub read: bool,
    /// What is wrong, in the words of the first time.
    pub message: String,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// How often it was found; of what is never there, in how many documents
    /// it is not.
    pub count: usize,
    /// Where it was found first; none of what is never there.
    pub places: Vec<FoundAt>,
}

/// The place of a finding in a file of documents.
///
/// ```
/// use target_rules::audit::FoundAt;
/// let place: FoundAt = serde_json::from_str(r#"{"line": 5, "column": 126}"#)?;
/// assert_eq!((place.line, place.column), (5, 126));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundAt {
    /// The line of the file, from 1.
    pub line: usize,
    /// The column in UTF-16 units, from 1.
    pub column: usize,
}
