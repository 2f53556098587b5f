//! Between a ledger, which keeps all customers in memory and in one file, and
//! records, which are kept one by one.

use std::collections::BTreeSet;

use hashbrown::HashMap;

use crate::eligibility::CheckedTarget;
use crate::model::{EnrolmentMethod, Word};

use super::memory::Ledger;
use super::participation::{Participation, Terms};
use super::record::CustomerRecord;
use super::recorded::{RecordedEnrolment, RecordedEnrolments};
use super::roster::Roster;

impl Ledger {
    /// The targets of this ledger as a roster, which shares them.
    pub fn roster(&self) -> Roster {
        Roster { targets: self.targets.clone() }
    }

    /// Every customer by herself, by id: how a store takes a ledger over. Whoever
    /// was enrolled by a list came by the method `IMPORT`.
    ///
    /// ```
    /// use loyalty_targets::store::{Ending, MemoryStore, Store};
    /// use loyalty_targets::{Enrolments, Ledger, Payload};
    /// use target_rules::{Limits, Schema, Zone};
    /// let limits = Limits::default();
    /// let payload = Payload::read(
    ///     r#"{"data": [{"id": 50, "targetType": "SALES", "expression": "true"}]}"#,
    ///     &limits,
    /// )?;
    /// let schema = Schema::standard();
    /// let targets = payload.targets().filter_map(|one| one.check(&schema, &limits).target);
    /// let targets: Vec<_> = targets.collect();
    /// let enrolments = r#"[{"userId": 19721, "targetId": 50, "value": 5000}]"#;
    /// let enrolments = Enrolments::read(enrolments, &targets, &limits)?;
    /// // A state that `progress --state` has written goes in by `resume`.
    /// let ledger = Ledger::new(targets, enrolments, Zone::UTC)?;
    ///
    /// let mut store = MemoryStore::default();
    /// store.create_organisation("shoes", "UTC")?;
    /// for customer in ledger.records() {
    ///     store.update("shoes", 0, &[customer.id()], &mut |rows| {
    ///         rows.iter_mut().for_each(|row| row.keep(&customer));
    ///         Ok(Ending::Commit)
    ///     })?;
    /// }
    /// // And out again.
    /// let rows = store.read("shoes", &[19721])?;
    /// let customer = rows[0].open(&ledger.roster())?;
    /// assert_eq!(Ledger::of_records(&ledger.roster(), [customer]).state(), ledger.state());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn records(&self) -> impl Iterator<Item = CustomerRecord> {
        let ids: BTreeSet<i64> = self.enrolled.keys().chain(self.customers.keys()).copied().collect();
        ids.into_iter().map(|customer| {
            let mut enrolments = RecordedEnrolments::default();
            for one in self.enrolled(customer) {
                let Some(target) = self.targets.get(one.target) else { continue };
                record(target, one, &mut enrolments);
            }
            let booked = self.customers.get(&customer).cloned().unwrap_or_default();
            let mut record = CustomerRecord::new(self.targets.clone(), customer, enrolments, booked);
            record.enrolled_by_bills();
            record
        })
    }

    /// A ledger of customers who were opened for a roster: to write the state
    /// that `progress --state` goes on from.
    pub fn of_records(roster: &Roster, records: impl IntoIterator<Item = CustomerRecord>) -> Ledger {
        let (mut enrolled, mut customers) = (HashMap::new(), HashMap::new());
        for record in records {
            let customer = record.customer;
            let (takes_part, booked) = record.into_parts();
            if !takes_part.is_empty() {
                enrolled.insert(customer, takes_part);
            }
            customers.insert(customer, booked);
        }
        Ledger { targets: roster.targets.clone(), enrolled, customers, gone: Vec::new() }
    }
}

/// Adds what a customer is enrolled in, of one target.
fn record(target: &CheckedTarget, one: &Participation, to: &mut RecordedEnrolments) {
    let mut put = |period_id: Option<i64>, terms: &Terms| {
        let (enrolled_on, until) = terms.span();
        to.put(RecordedEnrolment {
            target_id: target.id(),
            period_id,
            value: terms.value(),
            method: Word::from(EnrolmentMethod::Import),
            enrolled_on,
            withdrawn_on: until
                .into_iter()
                .chain(one.withdrawn_from.filter(|_| !one.resumes_by(terms)))
                .min(),
        });
    };
    one.all.iter().for_each(|terms| put(None, terms));
    one.listed.iter().for_each(|(period, terms)| put(Some(*period), terms));
    one.open.iter().for_each(|(period, terms)| put(*period, terms));
    if let Some(from) = one.withdrawn_from {
        to.withdrawn.insert(target.id(), from);
    }
}
