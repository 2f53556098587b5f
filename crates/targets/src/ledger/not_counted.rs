//! What is told of activities that don't count.

use serde::{Deserialize, Serialize};
use target_rules::interpret::Fault;

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
    /// What is absent and was needed, by its names in rules; none where there is
    /// a reason. A bill that is unknown for very many targets which would enrol
    /// its customer has it for the first of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub absent: Vec<String>,
    /// Operations of the rule without a result; none where there is a reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<Fault>,
    /// Where the first line item or tender lacks something that is needed, as a
    /// JSON pointer: `/currentTxn/lineItems/0/discount`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing_at: Option<String>,
}

/// The first of what does not count of a batch, as much as there is room for: by
/// date, then number and target.
///
/// [`CustomerRecord::book_within`](crate::store::CustomerRecord::book_within) has an
/// example.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct NotCountedFirst {
    /// The first, in order.
    pub first: Vec<NotCounted>,
    /// How many there are more, which come later.
    pub left_out: u64,
    /// How many bytes the first take in memory.
    pub(super) bytes: usize,
}

/// What of a batch does not count, put together: activities of one target with
/// one reason.
///
/// ```
/// use loyalty_targets::{Enrolments, Ledger, NotCountedSummary, Payload};
/// use target_rules::{Limits, Schema, Zone};
/// let limits = Limits::default();
/// let text = r#"{"data": [{"id": 50, "targetType": "SALES", "expression": "true"}]}"#;
/// let payload = Payload::read(text, &limits)?;
/// let schema = Schema::standard();
/// let targets = payload.targets().filter_map(|one| one.check(&schema, &limits).target);
/// let targets: Vec<_> = targets.collect();
/// let enrolments = r#"[{"userId": 19721, "targetId": 50, "value": 5000}]"#;
/// let enrolments = Enrolments::read(enrolments, &targets, &limits)?;
/// let mut ledger = Ledger::new(targets, enrolments, Zone::UTC)?;
/// let mut batch = Vec::new();
/// for number in ["n-1", "n-2", "n-3"] {
///     // The bills lack their value.
///     let bill = format!(
///         r#"{{"currentCustomer": {{"id": 19721}},
///             "currentTxn": {{"number": "{number}", "date": "2026-03-07"}}}}"#);
///     batch.extend(ledger.weigh(&ledger.read(&bill, &limits)?));
/// }
/// let told: NotCountedSummary = ledger.book_summed(batch, 100);
/// let group = &told.groups[0];
/// assert_eq!((group.first.number.as_str(), group.count), ("n-1", 3));
/// assert_eq!((told.groups.len(), told.left_out), (1, 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct NotCountedSummary {
    /// By target, and why.
    pub groups: Vec<NotCountedGroup>,
    /// How many activities are in groups that were left out, since there were
    /// more than were wanted.
    pub left_out: u64,
}

/// Activities of one target that don't count for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NotCountedGroup {
    /// The first of them, by date.
    pub first: NotCounted,
    /// How many there are, with the first.
    pub count: u64,
}

impl NotCounted {
    pub(super) fn new(
        (number, user_id, target_id): (&str, i64, Option<i64>),
        reason: Option<Reason>,
    ) -> NotCounted {
        let (absent, faults) = (Vec::new(), Vec::new());
        let number = number.to_owned();
        NotCounted { number, user_id, target_id, reason, absent, faults, missing_at: None }
    }

    /// How many bytes it takes in memory, beside its date.
    pub(super) fn bytes(&self) -> usize {
        let texts =
            |texts: &[String]| texts.iter().map(|one| one.len().saturating_add(size_of::<String>())).sum();
        let parts = [
            size_of::<(i64, NotCounted)>(),
            self.number.len(),
            texts(&self.absent),
            self.faults.len().saturating_mul(size_of::<Fault>()),
            self.missing_at.as_ref().map_or(0, String::len),
            self.reason.as_ref().map_or(0, Reason::text_bytes),
        ];
        parts.into_iter().fold(0, usize::saturating_add)
    }

    /// Why not, in words, and what is absent; without the place in the document,
    /// so that it is the same of all that lack the same.
    ///
    /// ```
    /// use loyalty_targets::{Enrolments, Ledger, Payload};
    /// use target_rules::{Limits, Schema, Zone};
    /// let limits = Limits::default();
    /// let text = r#"{"data": [{"id": 50, "targetType": "QUANTITY", "expression": "true"}]}"#;
    /// let payload = Payload::read(text, &limits)?;
    /// let schema = Schema::standard();
    /// let targets = payload.targets().filter_map(|one| one.check(&schema, &limits).target);
    /// let targets: Vec<_> = targets.collect();
    /// let enrolments = r#"[{"userId": 19721, "targetId": 50, "value": 9}]"#;
    /// let enrolments = Enrolments::read(enrolments, &targets, &limits)?;
    /// let mut ledger = Ledger::new(targets, enrolments, Zone::UTC)?;
    /// let bill = r#"{"currentCustomer": {"id": 19721}, "currentTxn":
    ///     {"number": "n-1", "date": "2026-03-07", "lineItems": [{"rate": 5}]}}"#;
    /// let weighed = ledger.weigh(&ledger.read(bill, &limits)?);
    /// let told = &ledger.book(weighed)[0];
    /// assert_eq!(
    ///     told.why(),
    ///     "it cannot be told whether or what it adds: `currentLineItem.qty` is absent"
    /// );
    /// assert_eq!(told.missing_at.as_deref(), Some("/currentTxn/lineItems/0/qty"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn why(&self) -> String {
        if let Some(reason) = &self.reason {
            return reason.to_string();
        }
        let verb = if self.absent.len() == 1 { "is" } else { "are" };
        let absent = self.absent.join("`, `");
        let absent = (!self.absent.is_empty()).then(|| format!("`{absent}` {verb} absent"));
        let mut codes: Vec<&str> = self.faults.iter().map(|fault| fault.code.name()).collect();
        codes.dedup();
        let faults = (!codes.is_empty()).then(|| format!("its rule has the fault {}", codes.join(", ")));
        let lacks: Vec<String> = absent.into_iter().chain(faults).collect();
        let lacks = if lacks.is_empty() { String::new() } else { format!(": {}", lacks.join("; ")) };
        format!("it cannot be told whether or what it adds{lacks}")
    }
}
