//! One customer by herself: her enrolments and all that is booked of her, with
//! the targets that she is booked by. What a [`Ledger`](super::Ledger) does for
//! all customers in memory is done here for one that comes from a store.

use std::sync::{Arc, OnceLock};

use target_rules::diagnostic::{Diagnostics, Input};
use target_rules::value::DateText;
use target_rules::{Instant, Limits};

use crate::model::{EnrolmentMethod, Word};

use super::account::Account;
use super::activity::Activity;
use super::booked_form;
use super::booking_room::{BookingRoom, NoRoom};
use super::customer::{Customer, CustomerBatch};
use super::customer_view::CustomerView;
use super::explained_target::ExplainedTarget;
use super::memory::{Workspace, document_within};
use super::not_counted::{NotCounted, NotCountedFirst};
use super::participation::{Participation, Terms, Which};
use super::progress::{Progress, UnifiedProgress};
use super::recorded::{RecordedEnrolment, RecordedEnrolments};
use super::returns::ReturnIdentity;
use super::standing::Standing;
use super::targets::CompiledTargets;
use super::told::Told;

/// A customer: what she is enrolled in, and all that is booked of her.
///
/// [`Roster::open`](super::Roster::open) makes it of what a store keeps, for the
/// targets of that roster; it is booked by these, whatever else is swapped
/// meanwhile. A copy is booked without effect on the other: a dry run.
///
/// ```
/// use loyalty_targets::store::{EnrolmentRequest, Roster};
/// use loyalty_targets::{EnrolmentMethod, Payload};
/// use target_rules::{Limits, Schema, Zone};
/// let limits = Limits::default();
/// let payload = r#"{"data": [{"id": 50, "targetType": "SALES",
///     "targetEntity": "TRANSACTION", "expression": "currentTxn.value>500"}]}"#;
/// let payload = Payload::read(payload, &limits)?;
/// let schema = Schema::standard();
/// let targets = payload.targets().filter_map(|one| one.check(&schema, &limits).target);
/// let roster = Roster::new(targets.collect(), Zone::named("Asia/Kolkata")?)?;
///
/// let mut customer = roster.stranger(19721);
/// let mut request = EnrolmentRequest::new(50, EnrolmentMethod::Import);
/// request.value = Some("5000".parse()?);
/// customer.enrol(&request)?;
/// let bill = r#"{"currentCustomer": {"id": 19721},
///     "currentTxn": {"number": "n-1", "date": "2026-03-07", "value": 730.50}}"#;
/// let bill = roster.read(bill, &limits)?;
/// let not_counted = customer.book(&mut roster.workspace(), [&bill]);
/// assert!(not_counted.is_empty());
/// let progress = customer.progress().next().ok_or("she takes part")?;
/// assert_eq!(progress.achieved.to_string(), "730.5");
///
/// // What a store keeps of her, and read again.
/// let (enrolments, booked) = (customer.enrolments().to_text(), customer.booked_text());
/// let again = roster.open(19721, &enrolments, &booked)?;
/// assert_eq!(again.progress().next(), customer.progress().next());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct CustomerRecord {
    pub(super) targets: Arc<CompiledTargets>,
    pub(super) customer: i64,
    pub(super) enrolments: RecordedEnrolments,
    /// Put together when it is asked for, so that whoever is enrolled in many targets
    /// one after the other pays for it once.
    ///
    /// INVARIANT: follows from the enrolments and the targets.
    enrolled: OnceLock<Vec<Participation>>,
    pub(super) booked: Customer,
}

impl CustomerRecord {
    pub(super) fn new(
        targets: Arc<CompiledTargets>,
        customer: i64,
        enrolments: RecordedEnrolments,
        mut booked: Customer,
    ) -> CustomerRecord {
        booked.take_back_missed(&targets);
        let mut record = CustomerRecord { targets, customer, enrolments, enrolled: OnceLock::new(), booked };
        if !record.booked.accounts.is_empty() {
            record.carry_over();
        }
        record
    }

    /// Carries over what was counted in periods that are there no more.
    fn carry_over(&mut self) {
        let enrolled = self.enrolled.get_or_init(|| participations(&self.targets, &self.enrolments));
        let carried = self.booked.carry_over(&self.targets, enrolled, &self.enrolments);
        if carried.is_empty() {
            return;
        }
        // What bills have enrolled her in follows them.
        let counts = |one: &RecordedEnrolment| {
            let mut books = self.booked.accounts.get(&one.target_id).into_iter().flat_map(|of| of.books());
            books.any(|(key, book)| key.period == one.period_id && book.counted > 0)
        };
        self.enrolments.all.retain(|one| {
            let follows = one.is_by_bill() && one.withdrawn_on.is_none();
            !follows || carried.binary_search(&one.target_id).is_err() || counts(one)
        });
        self.enrolments_changed();
        self.enrolled_by_bills();
    }

    /// How she takes part in the targets, by their positions.
    fn enrolled(&self) -> &[Participation] {
        self.enrolled.get_or_init(|| participations(&self.targets, &self.enrolments))
    }

    /// That the enrolments have changed.
    pub(super) fn enrolments_changed(&mut self) {
        self.enrolled.take();
    }

    /// How she takes part in the targets, and what is booked.
    pub(super) fn into_parts(self) -> (Vec<Participation>, Customer) {
        let enrolled = self.enrolled.into_inner();
        (enrolled.unwrap_or_else(|| participations(&self.targets, &self.enrolments)), self.booked)
    }

    /// The customer's id.
    pub fn id(&self) -> i64 {
        self.customer
    }

    /// What she is enrolled in.
    pub fn enrolments(&self) -> &RecordedEnrolments {
        &self.enrolments
    }

    /// What a store keeps of what is booked: JSON; empty where nothing is.
    ///
    /// Cost is linear in what is booked.
    pub fn booked_text(&self) -> String {
        if self.booked == Customer::default() {
            return String::new();
        }
        booked_form::written(self.customer, &self.booked)
    }

    /// Whether all that another record of this customer has is here: what she is
    /// enrolled in, and every bill and return. A record that was taken over is
    /// included in what has become of it since, and need not be taken over again.
    pub fn includes(&self, other: &CustomerRecord) -> bool {
        let enrolled = |one: &RecordedEnrolment| {
            self.enrolments.of_target(one.target_id).any(|mine| mine.period_id == one.period_id)
        };
        let counts = |id: &i64, account: &Account| {
            self.booked.accounts.get(id).is_some_and(|mine| mine.includes(account))
        };
        let returned = |bill: &str, identity: &ReturnIdentity| {
            self.booked.returns.of(bill).is_some_and(|of_bill| of_bill.contains_key(identity))
        };
        self.customer == other.customer
            && other.enrolments.all.iter().all(enrolled)
            && other.booked.accounts.iter().all(|(id, account)| counts(id, account))
            && other.booked.returns.all().all(|(bill, identity, _)| returned(bill, identity))
    }

    fn view(&self) -> CustomerView<'_> {
        CustomerView {
            targets: &self.targets,
            customer: self.customer,
            enrolled: self.enrolled(),
            booked: Some(&self.booked),
        }
    }

    /// Books activities of the customer, and says what of them does not count,
    /// by date. Their order does not matter. Those of other customers are left
    /// out.
    ///
    /// The same activity again counts once, by its number; a bill that counts for
    /// a target with the enrolment method `TRANSACTION` enrols her.
    ///
    /// Cost is that of weighing each activity for the targets that concern it.
    pub fn book<'a>(
        &mut self,
        workspace: &mut Workspace,
        activities: impl IntoIterator<Item = &'a Activity>,
    ) -> Vec<NotCounted> {
        let (told, _) = self.book_telling(workspace, activities, (Told::each(), usize::MAX));
        told.in_order()
    }

    /// The same as [`CustomerRecord::book`] within a room: the first of what does not
    /// count is told, and how much more there is. The room is less by what was taken.
    ///
    /// Fails where there is no room for all that is booked. Then some is booked and
    /// some isn't: the record is to be thrown away, and nothing of it kept.
    ///
    /// ```
    /// use loyalty_targets::store::{BookingRoom, EnrolmentRequest, NoRoom, Roster};
    /// use loyalty_targets::{EnrolmentMethod, Payload};
    /// use target_rules::{Limits, Schema, Zone};
    /// let limits = Limits::default();
    /// let payload = r#"{"data": [{"id": 50, "targetType": "SALES", "expression": "true"}]}"#;
    /// let payload = Payload::read(payload, &limits)?;
    /// let schema = Schema::standard();
    /// let targets = payload.targets().filter_map(|one| one.check(&schema, &limits).target);
    /// let roster = Roster::new(targets.collect(), Zone::UTC)?;
    /// let mut customer = roster.stranger(19721);
    /// let mut request = EnrolmentRequest::new(50, EnrolmentMethod::Import);
    /// request.value = Some("5000".parse()?);
    /// customer.enrol(&request)?;
    ///
    /// let bill = |number: &str| roster.read(&format!(
    ///     r#"{{"currentCustomer": {{"id": 19721}}, "currentTxn":
    ///         {{"number": "{number}", "date": "2026-03-07", "value": 7}}}}"#), &limits);
    /// let bills = [bill("n-1")?, bill("n-1")?, bill("n-1")?];
    /// // Room for one reason, of some 200 bytes, and for two contributions.
    /// let mut room = BookingRoom::new(300, 3);
    /// let told = customer.book_within(&mut roster.workspace(), &bills, &mut room)?;
    /// assert_eq!((told.first.len(), told.left_out), (1, 1));
    /// // There is room for two contributions still, and none for three.
    /// let bills = [bill("n-2")?, bill("n-3")?, bill("n-4")?];
    /// let refused = customer.book_within(&mut roster.workspace(), &bills, &mut room);
    /// assert_eq!(refused, Err(NoRoom));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn book_within<'a>(
        &mut self,
        workspace: &mut Workspace,
        activities: impl IntoIterator<Item = &'a Activity>,
        room: &mut BookingRoom,
    ) -> Result<NotCountedFirst, NoRoom> {
        let within = (Told::first(room.told_bytes), room.contributions);
        let (told, contributions) = self.book_telling(workspace, activities, within);
        let told = told.first_in_order();
        room.told_bytes = room.told_bytes.saturating_sub(told.bytes);
        room.contributions = contributions.ok_or(NoRoom)?;
        Ok(told)
    }

    /// What is told, and how many contributions there is room for still.
    fn book_telling<'a>(
        &mut self,
        workspace: &mut Workspace,
        activities: impl IntoIterator<Item = &'a Activity>,
        (told, room): (Told, usize),
    ) -> (Told, Option<usize>) {
        let Workspace { scratch, seen, .. } = workspace;
        let mine = activities.into_iter().filter(|activity| activity.customer() == self.customer);
        let targets = &*self.targets;
        let enrolled = self.enrolled.get_or_init(|| participations(targets, &self.enrolments));
        let booking = CustomerBatch::new(targets, self.customer, enrolled, &mut self.booked, told);
        let mut booking = booking.within(room);
        booking.weigh_and_book(mine.collect(), (scratch, seen));
        let done = (booking.told, booking.room);
        self.enrolled_by_bills();
        done
    }

    /// Records what bills have enrolled the customer in, so that it is told
    /// without a look at what is booked.
    pub(super) fn enrolled_by_bills(&mut self) {
        let targets = self.targets.clone();
        let mut new = Vec::new();
        for (id, account) in &self.booked.accounts {
            let Some(at) = targets.position(*id) else { continue };
            if !targets.outline(at).is_some_and(|outline| outline.enrols) {
                continue;
            }
            let listed = self.enrolled().binary_search_by_key(&at, |one| one.target).ok();
            let listed = listed.and_then(|found| self.enrolled().get(found));
            for (key, _) in account.books().filter(|(_, book)| book.counted > 0) {
                if listed.is_some_and(|listed| listed.names(key.period)) {
                    continue;
                }
                if !self.enrolments.has(*id, key.period) {
                    new.push(RecordedEnrolment {
                        target_id: *id,
                        period_id: key.period,
                        value: None,
                        method: Word::from(EnrolmentMethod::Transaction),
                        enrolled_on: None,
                        // A bill of before may come after she has withdrawn.
                        withdrawn_on: self.enrolments.withdrawn.get(id).copied(),
                    });
                }
            }
        }
        if !new.is_empty() {
            self.enrolments.add(new);
            self.enrolments_changed();
        }
    }

    /// What the customer has achieved, by target, period and cycle.
    pub fn progress(&self) -> impl Iterator<Item = Progress> {
        self.view().progress()
    }

    /// What she has achieved of unified targets, by the order of the groups,
    /// then period.
    pub fn unified_progress(&self) -> Vec<UnifiedProgress> {
        let (view, groups) = (self.view(), self.targets.unified_groups());
        groups.iter().flat_map(|group| view.unified_in(group)).collect()
    }

    /// Whether an activity of hers counts, where, and why not, for each target
    /// that she takes part in, by the order of the roster. Nothing is booked.
    ///
    /// Cost is that of deciding these targets, however many others there are.
    pub fn standings(&self, activity: &Activity) -> Vec<Standing> {
        let view = self.view();
        view.taking_part().into_iter().filter_map(|at| view.standing_at(at, activity)).collect()
    }

    /// The same for one target, whether or not she takes part in it; `None`
    /// where there is no such target.
    pub fn standing(&self, target_id: i64, activity: &Activity) -> Option<Standing> {
        self.view().standing_at(self.targets.position(target_id)?, activity)
    }

    /// Why an activity counts for a target or doesn't, part by part; `None`
    /// where there is no such target. Nothing is booked.
    ///
    /// Fails where the document cannot be read.
    pub fn explain(
        &self,
        target_id: i64,
        document: &(impl Input + ?Sized),
        limits: &Limits,
    ) -> Result<Option<ExplainedTarget>, Diagnostics> {
        let text = document_within(document, limits)?;
        let nobody =
            |customer| CustomerView { targets: &self.targets, customer, enrolled: &[], booked: None };
        let of = |customer| if customer == self.customer { self.view() } else { nobody(customer) };
        self.targets.explain(target_id, text, true, limits, of)
    }

    /// The numbers of the bills whose returns wait for them, in order.
    pub fn waiting_returns(&self) -> impl Iterator<Item = &str> {
        self.booked.returns.all().filter(|(.., one)| one.waits).map(|(bill, ..)| &**bill)
    }
}

/// How a customer takes part in the targets that are there, by their positions.
fn participations(targets: &CompiledTargets, enrolments: &RecordedEnrolments) -> Vec<Participation> {
    let mut all: Vec<Participation> = Vec::new();
    for of_target in enrolments.all.chunk_by(|one, next| one.target_id == next.target_id) {
        let Some(id) = of_target.first().map(|one| one.target_id) else { continue };
        let Some((at, target)) = targets.position(id).and_then(|at| Some((at, targets.get(at)?))) else {
            continue;
        };
        // What a bill has enrolled her in follows from what is booked, unless
        // she has withdrawn from it.
        let stated = of_target.iter().filter(|one| !one.is_by_bill() || one.withdrawn_on.is_some());
        let terms = stated.filter_map(|one| Some((Which::of(target, one.period_id)?, terms_of(one))));
        let mut participation = Participation::of(at, terms);
        participation.withdrawn_from = enrolments.withdrawn.get(&id).copied();
        if participation.is_listed() || participation.withdrawn_from.is_some() {
            all.push(participation);
        }
    }
    all.sort_by_key(|one| one.target);
    all
}

fn terms_of(enrolment: &RecordedEnrolment) -> Terms {
    let date = |at: Option<i64>| Some(DateText::Instant(Instant::from_milliseconds(at?).ok()?));
    Terms::new(enrolment.value, date(enrolment.enrolled_on), date(enrolment.withdrawn_on))
}
