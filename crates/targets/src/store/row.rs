//! A customer as a store keeps her.

use crate::ledger::{CustomerRecord, RecordedEnrolments, Roster};

use super::store_error::StoreError;

/// A customer as a store keeps her: two texts, of which a store reads nothing.
///
/// ```
/// use loyalty_targets::store::{CustomerRow, Roster};
/// use target_rules::Zone;
/// let roster = Roster::new(Vec::new(), Zone::UTC)?;
/// let mut row = CustomerRow::stored(19721, String::new(), String::new());
/// let customer = row.open(&roster)?;
/// assert_eq!(customer.id(), 19721);
/// row.keep(&customer);
/// assert!(!row.is_changed() && row.is_empty(), "nothing is kept of her");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerRow {
    customer: i64,
    enrolments: String,
    booked: String,
    /// How the targets that she is enrolled in have changed.
    targets: TargetsChanged,
    changed: bool,
}

/// Targets that a customer is enrolled in, or not any more.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct TargetsChanged {
    /// Those that are new, in order.
    pub new: Vec<i64>,
    /// Those that are gone, in order.
    pub gone: Vec<i64>,
}

impl TargetsChanged {
    /// What was found before stays found where what was stored cannot be read.
    fn between(before: &str, now: &RecordedEnrolments, noted: &TargetsChanged) -> TargetsChanged {
        let mut before = RecordedEnrolments::read(before).unwrap_or_default().targets();
        // A row that is kept twice has been read once.
        before.retain(|id| noted.new.binary_search(id).is_err());
        before.extend(&noted.gone);
        before.sort_unstable();
        let now = now.targets();
        // INVARIANT: all of them are in order.
        let less =
            |of: &[i64], by: &[i64]| of.iter().copied().filter(|id| by.binary_search(id).is_err()).collect();
        TargetsChanged { new: less(&now, &before), gone: less(&before, &now) }
    }
}

impl CustomerRow {
    /// A row as it is stored; of a customer of whom nothing is stored, with empty
    /// texts.
    pub fn stored(customer: i64, enrolments: String, booked: String) -> CustomerRow {
        CustomerRow { customer, enrolments, booked, targets: TargetsChanged::default(), changed: false }
    }

    /// The customer's id.
    pub fn customer(&self) -> i64 {
        self.customer
    }

    /// Opens it for the targets of a roster.
    ///
    /// Fails where what is stored cannot be read. Cost is linear in it: 260 000
    /// instructions for 20 bills that count in five targets each, and 210 000 to
    /// keep it again.
    pub fn open(&self, roster: &Roster) -> Result<CustomerRecord, StoreError> {
        let opened = roster.open(self.customer, &self.enrolments, &self.booked);
        opened.map_err(|why| StoreError::Damaged { customer: self.customer, why })
    }

    /// Keeps what has become of a customer, to be written when the work ends. Cost is
    /// linear in what there is of her.
    pub fn keep(&mut self, customer: &CustomerRecord) {
        let (enrolments, booked) = (customer.enrolments().to_text(), customer.booked_text());
        if enrolments != self.enrolments {
            self.targets = TargetsChanged::between(&self.enrolments, customer.enrolments(), &self.targets);
            self.enrolments = enrolments;
            self.changed = true;
        }
        if booked != self.booked {
            self.booked = booked;
            self.changed = true;
        }
    }

    /// What she is enrolled in, to be stored.
    pub fn enrolments(&self) -> &str {
        &self.enrolments
    }

    /// What is booked, to be stored.
    pub fn booked(&self) -> &str {
        &self.booked
    }

    /// How the targets that she is enrolled in have changed since she was read:
    /// a store finds the customers of a target by them.
    pub fn targets_changed(&self) -> &TargetsChanged {
        &self.targets
    }

    /// Whether it is other than it was stored.
    pub fn is_changed(&self) -> bool {
        self.changed
    }

    /// Whether nothing is kept of her.
    pub fn is_empty(&self) -> bool {
        self.enrolments.is_empty() && self.booked.is_empty()
    }
}
