//! A batch booked on all cores: customers know nothing of each other.

use std::convert::Infallible;
use std::ops::ControlFlow;

use hashbrown::HashMap;
use target_rules::batch::{Document, Runner, StartError};

use super::customer::{Customer, CustomerBatch};
use super::memory::Ledger;
use super::not_counted::{NotCounted, NotCountedSummary};
use super::told::Told;
use super::weigh::Weighed;

/// The activities of one customer.
struct Job<'l> {
    user: i64,
    customer: &'l mut Customer,
    batch: Vec<Weighed>,
}

impl Document for Job<'_> {
    fn byte_len(&self) -> usize {
        self.batch.len().saturating_mul(size_of::<Weighed>())
    }
}

impl Ledger {
    /// The same as [`Ledger::book`], on the threads of a runner: what is booked
    /// and what is told does not depend on how many they are.
    ///
    /// Fails where the system gives no thread. Where the runner is cancelled,
    /// some customers are booked and others are not, each of them whole.
    ///
    /// ```
    /// use loyalty_targets::{Enrolments, Ledger, Payload};
    /// use target_rules::batch::Runner;
    /// use target_rules::{Limits, Schema, Zone};
    /// let limits = Limits::default();
    /// let payload = r#"{"data": [{"id": 50, "expression": "true",
    ///     "targetType": "SALES", "targetEntity": "TRANSACTION"}]}"#;
    /// let payload = Payload::read(payload, &limits)?;
    /// let schema = Schema::standard();
    /// let checked = payload.targets().filter_map(|one| one.check(&schema, &limits).target);
    /// let targets: Vec<_> = checked.collect();
    /// let enrolments = r#"[{"userId": 1, "targetId": 50, "value": 5000},
    ///                     {"userId": 2, "targetId": 50, "value": 5000}]"#;
    /// let enrolments = Enrolments::read(enrolments, &targets, &limits)?;
    /// let mut ledger = Ledger::new(targets, enrolments, Zone::UTC)?;
    /// let mut workspace = ledger.workspace();
    /// let mut batch = Vec::new();
    /// for customer in [1, 2] {
    ///     let bill = format!(
    ///         r#"{{"currentCustomer": {{"id": {customer}}},
    ///             "currentTxn": {{"number": "n-1", "date": "2026-03-07", "value": 9}}}}"#);
    ///     batch.extend(workspace.weigh(&ledger, &bill, &limits)?);
    /// }
    /// assert!(ledger.book_on(&Runner::new(0)?, batch)?.is_empty());
    /// let achieved: Vec<String> =
    ///     ledger.progress().map(|line| line.achieved.to_string()).collect();
    /// assert_eq!(achieved, ["9", "9"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn book_on(&mut self, runner: &Runner, batch: Vec<Weighed>) -> Result<Vec<NotCounted>, StartError> {
        self.book_telling_on(runner, batch, Told::each()).map(Told::in_order)
    }

    /// The same as [`Ledger::book_summed`], on the threads of a runner as
    /// [`Ledger::book_on`].
    pub fn book_summed_on(
        &mut self,
        runner: &Runner,
        batch: Vec<Weighed>,
        most: usize,
    ) -> Result<NotCountedSummary, StartError> {
        self.book_telling_on(runner, batch, Told::together(most)).map(Told::summary)
    }

    fn book_telling_on(
        &mut self,
        runner: &Runner,
        batch: Vec<Weighed>,
        mut told: Told,
    ) -> Result<Told, StartError> {
        let nothing = told.anew();
        let Ledger { targets, enrolled, customers, .. } = self;
        let mut of_customer: HashMap<i64, Vec<Weighed>> = HashMap::new();
        for weighed in batch {
            customers.entry(weighed.user).or_default();
            of_customer.entry(weighed.user).or_default().push(weighed);
        }
        let jobs = customers.iter_mut().filter_map(|(user, customer)| {
            let batch = of_customer.remove(user)?;
            Some(Job { user: *user, customer, batch })
        });
        let work = |(): &mut (), job: Job<'_>| {
            let enrolled = enrolled.get(&job.user).map(Vec::as_slice).unwrap_or_default();
            let mut booking = CustomerBatch::new(targets, job.user, enrolled, job.customer, nothing.anew());
            booking.book(job.batch);
            booking.told
        };
        let jobs: Vec<Job<'_>> = jobs.collect();
        let end = runner.run(
            jobs,
            || (),
            work,
            |of_customer: Told| {
                told.join(of_customer);
                ControlFlow::<Infallible>::Continue(())
            },
        );
        end.map(|_| told)
    }
}
