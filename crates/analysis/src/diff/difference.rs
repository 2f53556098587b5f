//! How two rules differ, as it is told.

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use target_rules::Truth;

/// How the transactions for which a rule is true relate to those of an older
/// one. What is not true may be false or unknown. It is said of the documents
/// that can be read for both rules: one with a value of a wrong type may be an
/// error for one of them.
///
/// ```
/// use target_rules_analysis::Verdict;
/// assert_eq!(serde_json::to_string(&Verdict::Narrower)?, r#""narrower""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Both are true for the same transactions. Proved. The reasons for which they
    /// are unknown may differ.
    Equivalent,
    /// The new rule is true only where the old one is, and not everywhere there.
    Narrower,
    /// The new rule is true everywhere where the old one is, and elsewhere too.
    Wider,
    /// Both may be true, and never for one transaction.
    Disjoint,
    /// Both may be true for one transaction, and each of them alone. Where rules
    /// are compared over all three truth values, also: both are true for the
    /// same transactions, and one is false where the other is unknown.
    Different,
    /// It is not known which; [`Difference::why`] says what stood in the way.
    Unknown,
}

/// A transaction on which two rules differ, confirmed by deciding both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// The transaction document, as JSON.
    pub transaction: String,
    /// What the old rule comes to.
    pub old: Truth,
    /// What the new rule comes to.
    pub new: Truth,
    /// Where it was recorded, as whoever added it calls the place; `None` of one
    /// that was made to show the difference.
    pub place: Option<String>,
}

impl Serialize for Witness {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::{Error, SerializeStruct};
        let fields = if self.place.is_some() { 4 } else { 3 };
        let mut written = serializer.serialize_struct("Witness", fields)?;
        let transaction = RawValue::from_string(self.transaction.clone()).map_err(S::Error::custom)?;
        written.serialize_field("transaction", &transaction)?;
        written.serialize_field("old", &self.old.to_string())?;
        written.serialize_field("new", &self.new.to_string())?;
        match &self.place {
            Some(place) => written.serialize_field("recorded", place)?,
            None => written.skip_field("recorded")?,
        }
        written.end()
    }
}

/// How two rules differ, with a transaction for each direction in which they do.
///
/// ```
/// use target_rules::{Ast, Limits, Schema};
/// use target_rules_analysis::{Options, Verdict, diff};
/// let (limits, schema) = (Limits::default(), Schema::standard());
/// let rule = |text| Ast::from_text(text, &limits)?.check(&schema, &limits).into_rule();
/// let old = rule("currentTxn.value > 500")?;
/// let new = rule("currentTxn.value >= 500")?;
/// let difference = diff(&old, &new, &Options::default());
/// assert_eq!(difference.verdict, Verdict::Wider);
/// let witness = &difference.witnesses[0];
/// assert_eq!(witness.transaction, r#"{"currentTxn":{"value":500}}"#);
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The relation.
    pub verdict: Verdict,
    /// Of each direction in which one is known, a transaction: first one for
    /// which only the old rule is true, then one for which only the new one is.
    ///
    /// Over three truth values then one on which the old rule is false and the
    /// new one unknown, and one on which it is the other way round.
    pub witnesses: Vec<Witness>,
    /// What the proof takes for granted of documents; empty where it holds of
    /// every one.
    pub assumes: Vec<String>,
    /// What stood in the way, where the verdict is unknown.
    pub why: Vec<String>,
    /// What recorded transactions say, where some were looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recorded: Option<Recorded>,
}

/// How many of the transactions that were looked at tell two rules apart.
///
/// ```
/// use target_rules_analysis::Recorded;
/// let recorded = Recorded { transactions: 12, lost: 1, ..Recorded::default() };
/// let json = serde_json::to_string(&recorded)?;
/// assert_eq!(json, r#"{"transactions":12,"lost":1,"gained":0,"undecided":0}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Recorded {
    /// How many there were.
    pub transactions: usize,
    /// For how many only the old rule is true.
    pub lost: usize,
    /// For how many only the new rule is true.
    pub gained: usize,
    /// For how many one rule is false and the other unknown.
    pub undecided: usize,
}
