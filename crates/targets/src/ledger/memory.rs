//! The accounts of all customers, in memory. An activity is first weighed,
//! which says what it would add and changes nothing; what was weighed is booked
//! in batches.

use std::collections::HashSet;
use std::sync::Arc;

use hashbrown::HashMap;
use target_rules::diagnostic::{Diagnostics, Form, Input, utf8_of};
use target_rules::{Limits, Scratch, Transaction, Zone};

use crate::eligibility::CheckedTarget;

use super::activity::{Activity, Head};
use super::customer::{Customer, CustomerBatch};
use super::customer_view::CustomerView;
use super::enrolment::Enrolments;
use super::lacking::SeenLacking;
use super::not_counted::{NotCounted, NotCountedSummary};
use super::participation::Participation;
use super::saved::SavedTarget;
use super::targets::{CompiledTargets, unknown_word};
use super::told::Told;
use super::weigh::Weighed;

/// What customers have achieved of their targets.
///
/// In fixed calendar windows the progress does not depend on the order of bills
/// and returns, nor on how they are split into batches. In the other windows a
/// batch is booked by date; an activity that comes in a later batch than its
/// date asks for still counts within the group's `offsetDays`.
///
/// The targets are shared by all clones of a ledger; what is booked is not.
///
/// ```
/// use loyalty_targets::{Enrolments, Ledger, Payload};
/// use target_rules::{Limits, Schema, Zone};
/// let limits = Limits::default();
/// let payload = r#"{"data": [{"id": 50, "expression": "currentTxn.value>500",
///     "targetType": "SALES", "targetEntity": "TRANSACTION"}]}"#;
/// let payload = Payload::read(payload, &limits)?;
/// let schema = Schema::standard();
/// let targets = payload.targets().filter_map(|one| one.check(&schema, &limits).target);
/// let targets: Vec<_> = targets.collect();
/// let enrolments =
///     r#"[{"userId": 19721, "targetId": 50, "periodId": 7, "value": 5000}]"#;
/// let enrolments = Enrolments::read(enrolments, &targets, &limits)?;
/// let mut ledger = Ledger::new(targets, enrolments, Zone::UTC)?;
///
/// let mut batch = Vec::new();
/// for value in ["730.50", "615.65", "12.00"] {
///     let document = format!(
///         r#"{{"currentCustomer": {{"id": 19721}},
///             "currentTxn": {{"number": "n-{value}", "date": "2024-07-29T12:20:20Z",
///                             "value": {value}}}}}"#);
///     batch.extend(ledger.weigh(&ledger.read(&document, &limits)?));
/// }
/// ledger.book(batch);
/// let progress = serde_json::to_string(&ledger.progress().next())?;
/// assert_eq!(progress, concat!(
///     r#"{"userId":19721,"targetId":50,"periodId":7,"#,
///     r#""defined":5000,"achieved":1346.15,"gap":3653.85,"reached":false}"#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Ledger {
    pub(super) targets: Arc<CompiledTargets>,
    /// By customer; those of a customer by the position of the target.
    pub(super) enrolled: HashMap<i64, Vec<Participation>>,
    pub(super) customers: HashMap<i64, Customer>,
    /// The targets that a state was booked by and that are not among these, so
    /// that they are held against it when they come again.
    pub(super) gone: Vec<SavedTarget>,
}

/// What a thread reads activities in: buffers that are used for one document
/// after the other. [`Ledger::workspace`] makes it.
///
/// ```
/// use loyalty_targets::{Enrolments, Ledger};
/// use target_rules::{Limits, Zone};
/// let ledger = Ledger::new(Vec::new(), Enrolments::default(), Zone::UTC)?;
/// let mut workspace = ledger.workspace();
/// for number in ["n-1", "n-2"] {
///     let document = format!(
///         r#"{{"currentCustomer": {{"id": 19721}},
///             "currentTxn": {{"number": "{number}", "date": "2026-03-07"}}}}"#);
///     let weighed = workspace.weigh(&ledger, &document, &Limits::default())?;
///     assert!(weighed.is_none(), "nobody takes part in anything");
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Workspace {
    transaction: Transaction,
    pub(super) scratch: Scratch,
    pub(super) seen: SeenLacking,
}

/// A target that somebody takes part in and that cannot be accounted for.
///
/// ```
/// use loyalty_targets::{Enrolments, Ledger, Payload};
/// use target_rules::{Limits, Schema, Zone};
/// let limits = Limits::default();
/// // A newer platform's type of targets.
/// let text =
///     r#"{"data": [{"id": 50, "targetType": "STARS", "expression": "true"}]}"#;
/// let payload = Payload::read(text, &limits)?;
/// let schema = Schema::standard();
/// let targets = payload.targets().filter_map(|one| one.check(&schema, &limits).target);
/// let targets: Vec<_> = targets.collect();
/// let enrolments = r#"[{"userId": 19721, "targetId": 50, "value": 5000}]"#;
/// let enrolments = Enrolments::read(enrolments, &targets, &limits)?;
/// let refused = Ledger::new(targets, enrolments, Zone::UTC).unwrap_err();
/// assert_eq!(refused.target_id, 50);
/// assert!(refused.why.contains("STARS"), "{}", refused.why);
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LedgerError {
    /// The target.
    pub target_id: i64,
    /// Why not.
    pub why: String,
}

impl std::fmt::Display for LedgerError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "target {} cannot be accounted for: {}", self.target_id, self.why)
    }
}

impl std::error::Error for LedgerError {}

impl Ledger {
    /// A ledger in which nothing is booked yet.
    ///
    /// Fails for the first target that somebody takes part in, or that bills
    /// enrol in, and that has a type or a window which is not known here.
    ///
    /// Cost is linear in the targets and enrolments.
    pub fn new(
        targets: Vec<CheckedTarget>,
        enrolments: Enrolments,
        zone: Zone,
    ) -> Result<Ledger, LedgerError> {
        let mut enrolled = enrolments.by_customer;
        let taken = enrolled.values().flatten().map(|one| one.target).collect::<HashSet<usize>>();
        if let Some((target_id, why)) = unknown_word(&targets, &taken) {
            return Err(LedgerError { target_id, why });
        }
        enrolled.values_mut().flatten().for_each(|one| one.resolve(&zone));
        let targets = Arc::new(CompiledTargets::new(targets, zone));
        Ok(Ledger { targets, enrolled, customers: HashMap::new(), gone: Vec::new() })
    }

    /// Reads the document of an activity, from text or bytes.
    ///
    /// Beside what makes any document refused, one is refused that says no
    /// customer, no number or no date, and a return of less than nothing: what
    /// is below zero in `returnBill` would add.
    pub fn read(&self, document: &(impl Input + ?Sized), limits: &Limits) -> Result<Activity, Diagnostics> {
        self.targets.read(document_within(document, limits)?, limits)
    }

    /// What an activity adds to the targets of its customer; `None` where it
    /// concerns none. Nothing is booked, so that activities can be weighed side
    /// by side.
    pub fn weigh(&self, activity: &Activity) -> Option<Weighed> {
        let enrolled = self.enrolled(activity.head.customer);
        let (mut scratch, mut seen) = (Scratch::default(), SeenLacking::default());
        self.targets.weigh_activity(activity, enrolled, (&mut scratch, &mut seen))
    }

    /// What a thread reads and weighs activities in.
    pub fn workspace(&self) -> Workspace {
        Workspace::of(&self.targets)
    }

    /// What a customer is enrolled in by a list.
    pub(super) fn enrolled(&self, customer: i64) -> &[Participation] {
        self.enrolled.get(&customer).map(Vec::as_slice).unwrap_or_default()
    }

    /// A customer as the targets see her.
    pub(super) fn of_customer(&self, customer: i64) -> CustomerView<'_> {
        CustomerView {
            targets: &self.targets,
            customer,
            enrolled: self.enrolled(customer),
            booked: self.customers.get(&customer),
        }
    }

    /// Ends that a customer takes part in a target: what is booked from now on
    /// does not count, and what was counted stays. Whether there is such a target.
    ///
    /// Returns go on to take back from the bills that were counted. A state does
    /// not hold this; the enrolments do, by `withdrawnOn`.
    pub fn withdraw(&mut self, customer: i64, target_id: i64) -> bool {
        let Some(at) = self.targets.position(target_id) else { return false };
        let of_customer = self.enrolled.entry(customer).or_default();
        let found = of_customer.binary_search_by_key(&at, |one| one.target);
        let place = found.unwrap_or_else(|place| {
            of_customer.insert(place, Participation::new(at));
            place
        });
        of_customer.get_mut(place).is_some_and(|one| {
            one.withdrawn_from = Some(i64::MIN);
            true
        })
    }

    /// The returns that wait for their bill: the customer, and the number of
    /// the bill; by customer and number.
    pub fn waiting_returns(&self) -> impl Iterator<Item = (i64, &str)> {
        let waiting = self.customers.iter().flat_map(|(customer, booked)| {
            let waiting = booked.returns.all().filter(|(.., one)| one.waits);
            waiting.map(move |(bill, ..)| (*customer, &**bill))
        });
        let mut waiting: Vec<(i64, &str)> = waiting.collect();
        waiting.sort_unstable();
        waiting.into_iter()
    }

    /// Books a batch, and says what of it does not count, by date. The order of
    /// the batch does not matter.
    ///
    /// Cost is that of sorting the batch.
    pub fn book(&mut self, batch: impl IntoIterator<Item = Weighed>) -> Vec<NotCounted> {
        let mut told = Told::each();
        self.book_telling(batch, &mut told);
        told.in_order()
    }

    /// The same as [`Ledger::book`], but tells what does not count put together:
    /// at most so many groups, and how many activities are in others. What is held
    /// of it does not grow with the batch.
    ///
    /// [`NotCountedSummary`] has an example.
    pub fn book_summed(
        &mut self,
        batch: impl IntoIterator<Item = Weighed>,
        most: usize,
    ) -> NotCountedSummary {
        let mut told = Told::together(most);
        self.book_telling(batch, &mut told);
        told.summary()
    }

    fn book_telling(&mut self, batch: impl IntoIterator<Item = Weighed>, told: &mut Told) {
        let mut batch = batch.into_iter();
        let (first, second) = (batch.next(), batch.next());
        match (first, second) {
            // Whoever posts one activity after the other pays for no grouping.
            (Some(only), None) => self.book_one(only, told),
            (first, second) => {
                let mut of_customer: HashMap<i64, Vec<Weighed>> = HashMap::new();
                for weighed in first.into_iter().chain(second).chain(batch) {
                    of_customer.entry(weighed.user).or_default().push(weighed);
                }
                of_customer.into_iter().for_each(|(user, batch)| self.book_of(user, batch, told));
            }
        }
    }

    fn book_of(&mut self, user: i64, batch: Vec<Weighed>, told: &mut Told) {
        let enrolled = self.enrolled.get(&user).map(Vec::as_slice).unwrap_or_default();
        let customer = self.customers.entry(user).or_default();
        let mut booking = CustomerBatch::new(&self.targets, user, enrolled, customer, told.anew());
        booking.book(batch);
        told.join(booking.told);
    }

    fn book_one(&mut self, weighed: Weighed, told: &mut Told) {
        let user = weighed.user;
        let enrolled = self.enrolled.get(&user).map(Vec::as_slice).unwrap_or_default();
        let customer = self.customers.entry(user).or_default();
        let mut booking = CustomerBatch::new(&self.targets, user, enrolled, customer, told.anew());
        booking.book_one(weighed);
        told.join(booking.told);
    }
}

impl Workspace {
    pub(super) fn of(targets: &CompiledTargets) -> Workspace {
        Workspace {
            transaction: targets.layout.blank(),
            scratch: Scratch::default(),
            seen: SeenLacking::default(),
        }
    }

    /// Reads the document of an activity and weighs it: what
    /// [`Ledger::read`] and [`Ledger::weigh`] do, with the buffers of this
    /// workspace. Fails as [`Ledger::read`] does.
    ///
    /// Cost is linear in the document, and in the targets that concern it.
    pub fn weigh(
        &mut self,
        ledger: &Ledger,
        document: &(impl Input + ?Sized),
        limits: &Limits,
    ) -> Result<Option<Weighed>, Diagnostics> {
        let Workspace { transaction, scratch, seen } = self;
        let targets = &ledger.targets;
        let document = document_within(document, limits)?;
        targets.layout.read_into(document, limits, transaction)?;
        let head = Head::of(&targets.slots, document, transaction, &targets.zone, limits)?;
        targets.refuse_items(&head, document, limits)?;
        let enrolled = ledger.enrolled(head.customer);
        Ok(targets.weigh(&targets.slots, &head, transaction, enrolled, (scratch, seen)))
    }
}

pub(super) fn document_within<'i>(
    document: &'i (impl Input + ?Sized),
    limits: &Limits,
) -> Result<&'i str, Diagnostics> {
    utf8_of(document, Form::Payload, limits.transaction.min(Limits::HARDEST_TEXT))
}
