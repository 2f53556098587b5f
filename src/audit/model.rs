//! An audit, and how what is found is kept: bounded, each kind once.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::{Code, Severity};
use crate::limits::Limits;
use crate::rule::Rule;
use crate::schema::Schema;
use crate::transaction::Transaction;
use crate::value::Count;

use super::finding::{Finding, FoundAt};
use super::known::Known;
use super::needed::Needed;
use super::wanted::RuleReads;

/// Transaction documents held against a schema and, where there are any,
/// against what rules read of them.
///
/// What is never there, what is spelled nearly as it is read, what has another
/// type or another unit: each is one [`Finding`], counted, with the first places.
/// A document that would be refused is an error, all else a warning.
///
/// Memory is bounded by [`Limits::findings`] and [`Limits::places`], whatever the
/// number of documents. Cost is linear in each document; a key that nothing reads
/// is compared with at most a thousand names.
///
/// ```
/// use target_rules::audit::Audit;
/// use target_rules::{Ast, Limits, Schema};
/// let (schema, limits) = (Schema::standard(), Limits::default());
/// let text = r#"currentTxn.value > 500 && currentCustomer.slabName == "Gold""#;
/// let rule = Ast::from_text(text, &limits)?.check(&schema, &limits).into_rule()?;
/// let mut audit = Audit::new(&schema, &limits).rules([&rule]);
/// audit.add(r#"{"currentTxn": {"Value": 730.50}}"#, 1);
/// audit.add(r#"{"currentTxn": {"value": "seven hundred"}}"#, 2);
/// let found: Vec<(&str, String)> =
///     audit.findings().into_iter().map(|one| (one.code.name(), one.path)).collect();
/// assert_eq!(found, [
///     ("wrong-type", "currentTxn.value".to_owned()),
///     ("never-there", "currentCustomer".to_owned()),
///     ("unknown-key", "currentTxn.Value".to_owned()),
/// ]);
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone)]
pub struct Audit {
    pub(super) schema: Schema,
    pub(super) known: Arc<Known>,
    pub(super) limits: Limits,
    pub(super) rules: Vec<Rule>,
    /// What hosts read.
    pub(super) needed: Vec<Needed>,
    pub(super) wanted: RuleReads,
    /// What documents are read into; made with the first.
    pub(super) transaction: Option<Transaction>,
    pub(super) documents: Count,
    /// By path, then code.
    pub(super) found: BTreeMap<(String, Code), (Finding, Count)>,
    pub(super) left_out: Count,
}

/// What is said at one place.
pub(super) struct Occurrence {
    pub(super) code: Code,
    pub(super) severity: Severity,
    pub(super) path: String,
    pub(super) read: bool,
    pub(super) message: String,
    pub(super) help: Option<String>,
}

impl Audit {
    /// Whether it is known what of the documents is read.
    pub(super) fn has_readers(&self) -> bool {
        !self.rules.is_empty() || !self.needed.is_empty()
    }

    /// What the rules call what they read at the path of a finding; of a profile,
    /// all that they read of it. Nothing where they read nothing there.
    ///
    /// ```
    /// use target_rules::audit::Audit;
    /// use target_rules::{Ast, Limits, Schema};
    /// let (schema, limits) = (Schema::standard(), Limits::default());
    /// let text = "currentCustomer.extField_tier > 2";
    /// let rule = Ast::from_text(text, &limits)?.check(&schema, &limits).into_rule()?;
    /// let mut audit = Audit::new(&schema, &limits).rules([&rule]);
    /// audit.add(r#"{"currentCustomer": {}}"#, 1);
    /// let finding = &audit.findings()[0];
    /// assert_eq!(finding.path, "currentCustomer.extendedFields.tier");
    /// assert_eq!(audit.names(finding), ["currentCustomer.extField_tier"]);
    /// # Ok::<(), target_rules::Diagnostics>(())
    /// ```
    pub fn names(&self, finding: &Finding) -> Vec<&str> {
        self.wanted.names(&finding.path)
    }

    /// Keeps what was said, or counts it where it was said before. The place is
    /// asked for only where it is kept.
    pub(super) fn note(&mut self, said: Occurrence, place: impl FnOnce() -> FoundAt) {
        let Occurrence { code, severity, path, read, message, help } = said;
        let (count, places) = (0, Vec::new());
        let key = (path.clone(), code);
        if !self.found.contains_key(&key) && self.found.len() >= self.limits.findings.max(1) {
            self.left_out.add_one();
            return;
        }
        let finding = Finding { code, severity, path, read, message, help, count, places };
        let (finding, count) = self.found.entry(key).or_insert((finding, Count::default()));
        count.add_one();
        finding.severity = finding.severity.min(severity);
        if finding.places.len() < self.limits.places {
            finding.places.push(place());
        }
    }
}
