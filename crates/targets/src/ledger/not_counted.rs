//! What is told of activities that don't count.

use serde::{Deserialize, Serialize};

use super::standing::Reason;

/// An activity that was weighed and not counted.
///
/// ```
/// use loyalty_targets::{Enrolments, Ledger, Payload, Reason};
/// use target_rules::{Limits, Schema, Zone};
/// let limits = Limits::default();
/// let text = r#"{"data": [{"id": 50, "targetType": "SALES",
///                          "expression": "currentTxn.value>500"}]}"#;
/// let payload = Payload::read(text, &limits)?;
/// let schema = Schema::standard();
/// let targets = payload.targets().filter_map(|one| one.check(&schema, &limits).target);
/// let targets: Vec<_> = targets.collect();
/// let enrolments = r#"[{"userId": 19721, "targetId": 50, "value": 5000}]"#;
/// let enrolments = Enrolments::read(enrolments, &targets, &limits)?;
/// let mut ledger = Ledger::new(targets, enrolments, Zone::UTC)?;
/// let bill = r#"{"currentCustomer": {"id": 19721},
///     "currentTxn": {"number": "n-1", "date": "2026-03-07", "value": 730.50}}"#;
/// let weighed = ledger.weigh(&ledger.read(bill, &limits)?);
/// assert!(ledger.book(weighed.clone()).is_empty());
/// // The same bill comes again with a later batch.
/// let again = ledger.book(weighed);
/// assert_eq!((again[0].number.as_str(), again[0].target_id), ("n-1", Some(50)));
/// assert_eq!(again[0].reason, Some(Reason::CountedBefore));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct NotCounted {
    /// The activity's number; of a return its own, else that of its bill.
    pub number: String,
    /// The customer.
    pub user_id: i64,
    /// The target; `None` where it is of no matter which.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_id: Option<i64>,
    /// Why not; `None` where it is unknown whether it counts, or how much it adds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
}
