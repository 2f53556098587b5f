//! What targets read, as documents are held against it.

use target_rules::audit::Audit;
use target_rules::{Limits, Schema};

use super::checked::CheckedTarget;

impl CheckedTarget {
    /// An audit of documents against what these targets read to decide who is
    /// eligible: their rules, and the fields of the store that their filters
    /// look at.
    ///
    /// ```
    /// use loyalty_targets::{CheckedTarget, Target};
    /// use target_rules::{Limits, Schema};
    /// let (schema, limits) = (Schema::standard(), Limits::default());
    /// let target = r#"{"id": 50, "expression": "currentTxn.value>500",
    ///     "filters": [{"entityType": "STORE", "entityIds": [12]}]}"#;
    /// let target: Target = serde_json::from_str(target)?;
    /// let target = target.check(&schema, &limits)?;
    /// let mut audit = CheckedTarget::audit([&target], &schema, &limits);
    /// audit.add(r#"{"currentTxn": {"value": 730.50}, "currentStore": {"Id": 12}}"#, 1);
    /// let found: Vec<String> = audit.findings().into_iter().map(|one| one.path).collect();
    /// assert_eq!(found, ["currentStore.Id", "currentStore.id"]); // a slip, so never there
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn audit<'t>(
        targets: impl IntoIterator<Item = &'t CheckedTarget>,
        schema: &Schema,
        limits: &Limits,
    ) -> Audit {
        let mut audit = Audit::new(schema, limits);
        let mut seen = Vec::new();
        for target in targets {
            audit = audit.rules([target.rule()]);
            for (reference, kind) in target.filter_references() {
                if !seen.contains(&reference) {
                    audit = audit.reading(&reference, kind);
                    seen.push(reference);
                }
            }
        }
        audit
    }
}
