//! What targets read and count, as documents are held against it.

use std::collections::HashSet;

use target_rules::audit::{Audit, Needed};
use target_rules::transaction::ValueKind;
use target_rules::{Limits, Schema};

use super::checked::CheckedTarget;
use super::needed::{BILL, RETURN, attribute};

impl CheckedTarget {
    /// An audit of documents against what these targets read: what their rules
    /// and their filters ask for, the figures that they count and, of returns,
    /// what is taken back and from which bill.
    ///
    /// Cost is linear in the targets.
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
    ///
    /// // What is counted is read too.
    /// let target = r#"{"id": 51, "expression": "currentTxn.value>500",
    ///     "targetType": "QUANTITY", "targetEntity": "LINEITEM"}"#;
    /// let target: Target = serde_json::from_str(target)?;
    /// let target = target.check(&schema, &limits)?;
    /// let mut audit = CheckedTarget::audit([&target], &schema, &limits);
    /// audit.add(r#"{"currentTxn": {"value": 730.50, "lineItems": [{"rate": 5}]}}"#, 1);
    /// assert_eq!(audit.findings()[0].path, "currentTxn.lineItems[].qty");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn audit<'t>(
        targets: impl IntoIterator<Item = &'t CheckedTarget>,
        schema: &Schema,
        limits: &Limits,
    ) -> Audit {
        let mut audit = Audit::new(schema, limits);
        let mut seen = HashSet::new();
        let mut gives_back = false;
        for target in targets {
            audit = audit.rules([target.rule()]);
            let of_filters = target.filter_references();
            let of_filters = of_filters.map(|(reference, kind)| vec![Needed::Value(reference, kind)]);
            for one_of in of_filters.chain(target.counting().needed(BILL)) {
                if seen.insert((BILL, one_of.clone())) {
                    audit = audit.needing(&one_of);
                }
            }
            if !target.counting().gives_back() {
                continue;
            }
            gives_back = true;
            for one_of in target.counting().needed(RETURN) {
                if seen.insert((RETURN, one_of.clone())) {
                    audit = audit.needing_with(RETURN, &one_of);
                }
            }
        }
        if gives_back {
            let number = |profile| Needed::Value(attribute(profile, "number"), ValueKind::Text);
            audit = audit.needing_with(RETURN, &[number(RETURN), number(BILL)]);
        }
        audit
    }
}
