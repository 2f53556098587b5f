//! The targets of an organisation, compiled once and shared by everybody: what
//! turns rows of a store into customers who can be booked.

use std::collections::HashSet;
use std::sync::Arc;

use target_rules::diagnostic::{Diagnostics, Input};
use target_rules::{Instant, Layout, Limits, Transaction, Zone};

use crate::eligibility::{CheckedTarget, local_day};

use super::activity::{Activity, Head};
use super::book::Summing;
use super::booked_form;
use super::customer::Customer;
use super::memory::{LedgerError, Workspace, document_within};
use super::outline::window_of;
use super::participation::Which;
use super::record::CustomerRecord;
use super::recorded::{RecordFault, RecordedEnrolment, RecordedEnrolments};
use super::state::counts;
use super::targets::{CompiledTargets, unknown_word};

/// The targets of an organisation in its zone, compiled. A clone shares them;
/// what customers have booked is kept elsewhere, each by herself.
///
/// A live change makes a new roster; the old one stays in use as long as
/// somebody holds it.
///
/// [`CustomerRecord`] has an example.
#[derive(Debug, Clone)]
pub struct Roster {
    pub(super) targets: Arc<CompiledTargets>,
}

/// What a change of the targets does to what is booked.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RosterChange {
    /// The organisation's zone is another one: the days of all bills would be
    /// wrong.
    Zone,
    /// The target counts something else, or in other windows: what is booked in
    /// it would be wrong. Give it another id.
    Counts {
        /// The target.
        target_id: i64,
        /// What it has counted.
        before: String,
        /// What it counts now.
        now: String,
    },
}

impl std::fmt::Display for RosterChange {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            RosterChange::Zone => to.write_str("the zone is another one, so that all days would be wrong"),
            RosterChange::Counts { target_id, before, now } => {
                write!(to, "target {target_id} has counted {before}, and now counts {now}")
            }
        }
    }
}

impl Roster {
    /// Compiles targets for an organisation's zone.
    ///
    /// Fails for the first target that bills enrol in and that has a type or a
    /// window which is not known here.
    ///
    /// Cost is linear in the targets.
    pub fn new(targets: Vec<CheckedTarget>, zone: Zone) -> Result<Roster, LedgerError> {
        if let Some((target_id, why)) = unknown_word(&targets, &HashSet::new()) {
            return Err(LedgerError { target_id, why });
        }
        Ok(Roster { targets: Arc::new(CompiledTargets::new(targets, zone)) })
    }

    /// The organisation's zone.
    pub fn zone(&self) -> &Zone {
        &self.targets.zone
    }

    /// The targets, in the order in which they were given.
    pub fn targets(&self) -> &[CheckedTarget] {
        &self.targets.targets
    }

    /// The target of an id.
    pub fn target(&self, id: i64) -> Option<&CheckedTarget> {
        self.targets.get(self.targets.position(id)?)
    }

    /// What is read of activities: for hosts that fill a transaction by setters,
    /// and call [`Roster::activity`] with it.
    pub fn layout(&self) -> &Layout {
        &self.targets.layout
    }

    /// What a thread books in: buffers that are used for one customer after the
    /// other.
    pub fn workspace(&self) -> Workspace {
        Workspace::of(&self.targets)
    }

    /// Reads the document of an activity, from text or bytes. Fails as
    /// [`Ledger::read`](super::Ledger::read) does.
    ///
    /// Nothing of a customer is needed for it, so that it can be done before
    /// anything is locked.
    pub fn read(&self, document: &(impl Input + ?Sized), limits: &Limits) -> Result<Activity, Diagnostics> {
        self.targets.read(document_within(document, limits)?, limits)
    }

    /// An activity of a transaction that was filled by setters, by the slots of
    /// [`Roster::layout`].
    ///
    /// Fails, as [`Roster::read`] does, where it has no customer
    /// (`currentCustomer.id`), no number (`currentTxn.number`, or of an event
    /// `currentEvent.number`) or no date; and where it has something under
    /// `returnBill`: a return is kept as it was written, so that it comes as a
    /// document.
    ///
    /// ```
    /// use loyalty_targets::store::Roster;
    /// use target_rules::{Instant, Zone};
    /// let roster = Roster::new(Vec::new(), Zone::UTC)?;
    /// let slot = |name| roster.layout().slot(name).ok_or("it is read of every activity");
    /// let mut transaction = roster.layout().blank();
    /// transaction.set_number(slot("currentCustomer.id")?, 19721)?;
    /// transaction.set_text(slot("currentTxn.number")?, "n-1")?;
    /// let date: Instant = "2026-03-07T12:00:00Z".parse()?;
    /// transaction.set_date(slot("currentTxn.date")?, date)?;
    /// let activity = roster.activity(transaction)?;
    /// assert_eq!((activity.customer(), activity.number()), (19721, "n-1"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn activity(&self, transaction: Transaction) -> Result<Activity, Diagnostics> {
        let slots = self.targets.slots_for(&transaction).into_owned();
        let head = Head::of_filled(&slots, &transaction, &self.targets.zone)?;
        Ok(Activity { transaction, head })
    }

    /// A customer of whom nothing is kept.
    pub fn stranger(&self, customer: i64) -> CustomerRecord {
        let nothing = (RecordedEnrolments::default(), Customer::default());
        CustomerRecord::new(self.targets.clone(), customer, nothing.0, nothing.1)
    }

    /// A customer of what a store keeps of her: her enrolments, and what is
    /// booked. Each is empty where there is nothing.
    ///
    /// Fails where it is nothing that was written here; each part is held
    /// against the others. Cost is linear in what is booked.
    pub fn open(&self, customer: i64, enrolments: &str, booked: &str) -> Result<CustomerRecord, RecordFault> {
        let enrolments = RecordedEnrolments::read(enrolments)?;
        let booked = if booked.is_empty() {
            Customer::default()
        } else {
            let read = booked_form::read(booked, &|id| self.targets.summing(id));
            read.map_err(|fault| RecordFault::new(fault.told()))?
        };
        Ok(CustomerRecord::new(self.targets.clone(), customer, enrolments, booked))
    }

    /// Whether an enrolment is for a period that contains an instant. A target
    /// without fixed periods contains every instant. Nothing where the target is
    /// not here.
    ///
    /// Whether the customer has withdrawn is asked apart:
    /// [`RecordedEnrolment::holds_at`].
    pub fn contains(&self, enrolment: &RecordedEnrolment, instant: Instant) -> bool {
        self.is_for(enrolment, instant, |_, _| true)
    }

    /// Whether a customer takes part at an instant by one of her enrolments: she
    /// has not withdrawn from it, and it is for a period that contains the instant
    /// and in which something is to be reached. Of one in every period another one
    /// takes the place where that names the period: whoever has withdrawn from one
    /// period takes part in the others.
    pub fn takes_part(
        &self,
        enrolment: &RecordedEnrolment,
        among: &RecordedEnrolments,
        instant: Instant,
    ) -> bool {
        let named = |period| {
            let stated = among.of_target(enrolment.target_id).filter(|one| one.period_id == Some(period));
            // What a bill has enrolled her in is one of her periods already.
            stated.into_iter().any(|one| !one.is_by_bill() || one.withdrawn_on.is_some())
        };
        let counts = |target: &CheckedTarget, period| {
            let reach = enrolment.value.is_some() || target.counting().default_in(Some(period)).is_some();
            reach && (enrolment.period_id.is_some() || !named(period))
        };
        enrolment.holds_at(instant) && self.is_for(enrolment, instant, counts)
    }

    /// Whether an enrolment is for a period that contains an instant and counts.
    fn is_for(
        &self,
        enrolment: &RecordedEnrolment,
        instant: Instant,
        counts: impl Fn(&CheckedTarget, i64) -> bool,
    ) -> bool {
        let Some(at) = self.targets.position(enrolment.target_id) else { return false };
        let (Some(target), Some(calendar)) = (self.targets.get(at), self.targets.calendar(at)) else {
            return false;
        };
        if calendar.is_empty() || !self.targets.outline(at).is_some_and(|outline| outline.fixed) {
            return true;
        }
        // Its bill waits for a period that contains its day.
        if self.is_by_bill_elsewhere(enrolment) {
            return false;
        }
        let mut on = calendar
            .on(local_day(instant, self.zone()))
            .filter(|period| period.active && counts(target, period.id));
        match Which::of(target, enrolment.period_id) {
            Some(Which::All) => on.next().is_some(),
            Some(Which::Listed(id)) => on.any(|period| period.id == id),
            // A period that the group does not list: no date is compared with it.
            Some(Which::Open(_)) => true,
            None => false,
        }
    }

    /// What of these targets would make wrong what is booked by the ones before:
    /// ask it before a change is kept.
    ///
    /// That periods come, go or are cut in another way is no such change: what was
    /// counted is carried over to the period that contains its day when a customer is
    /// opened, and where there is none it waits for one. Who would lose by that is what
    /// [`Roster::loses`] tells.
    pub fn changes_from(&self, before: &Roster) -> Vec<RosterChange> {
        let zone = (before.zone().name() != self.zone().name()).then_some(RosterChange::Zone);
        let counted = before.targets().iter().filter_map(|target| {
            let said = |target: &CheckedTarget| counts(target.counting(), window_of(target));
            let (before, now) = (said(target), said(self.target(target.id())?));
            (before != now).then(|| RosterChange::Counts { target_id: target.id(), before, now })
        });
        zone.into_iter().chain(counted).collect()
    }
}

impl CompiledTargets {
    /// How a target sums; a target that is not here any more books nothing.
    pub(super) fn summing(&self, target: i64) -> Summing {
        let outline = self.position(target).and_then(|at| self.outline(at));
        outline.map_or(Summing::All, |outline| outline.summing)
    }

    pub(super) fn read(&self, document: &str, limits: &Limits) -> Result<Activity, Diagnostics> {
        let transaction = self.layout.read(document, limits)?;
        let head = Head::of(&self.slots, document, &transaction, &self.zone, limits)?;
        self.refuse_items(&head, document, limits)?;
        Ok(Activity { transaction, head })
    }
}
