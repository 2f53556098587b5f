//! Recorded activities booked anew, customer by customer, with nothing kept between one
//! customer and the next: what a backtest does with more of them than memory holds.

use hashbrown::HashMap;
use target_rules::diagnostic::Diagnostics;
use target_rules::{Layout, Limits, Number, Scratch, Transaction, Truth, Zone};

use crate::eligibility::CheckedTarget;

use super::account::Account;
use super::activity::Head;
use super::customer::{Customer, CustomerBatch};
use super::customer_view::CustomerView;
use super::enrolment::Enrolments;
use super::lacking::SeenLacking;
use super::memory::LedgerError;
use super::participation::{Participation, Terms, Which};
use super::replayed::{AddedUp, Replayed, only_sum};
use super::slots::reading_counted;
use super::targets::{CompiledTargets, unknown_word};
use super::told::Told;
use super::weigh::Weighed;

/// What is to be reached where neither a target nor an enrolment says it: nobody does.
const NEVER: i64 = 1_000_000_000_000_000_000;

/// Targets that recorded activities are booked in, customer by customer.
///
/// Activities are weighed in any order and on any thread; then all of one customer are
/// booked at once. The progress is what a [`Ledger`](super::Ledger) tells after the same
/// activities.
///
/// ```
/// use loyalty_targets::{Enrolments, Payload, Replay, Weighed};
/// use target_rules::{Layout, Limits, Schema, Zone};
/// let limits = Limits::default();
/// let text = r#"{"data": [{"id": 50, "targetType": "SALES", "expression": "true"}]}"#;
/// let payload = Payload::read(text, &limits)?;
/// let schema = Schema::standard();
/// let targets = payload.targets().filter_map(|one| one.check(&schema, &limits).target);
/// let targets: Vec<_> = targets.collect();
/// // Of each transaction is read what the targets count, and what others read of it.
/// let layout = Replay::reading(Layout::builder(), &targets).build();
/// let replay = Replay::everybody(targets, &layout, Zone::UTC)?;
/// let bill = r#"{"currentCustomer": {"id": 19721},
///     "currentTxn": {"number": "n-1", "date": "2026-03-07", "value": 730.50}}"#;
/// let transaction = layout.read(bill, &limits)?;
/// let weighed = replay.weigher().weigh(Some(bill), &transaction, &limits)?;
/// let replayed = replay.book(19721, weighed.into_iter().collect());
/// assert_eq!(replayed.progress[0].achieved.to_string(), "730.5");
/// assert_eq!(replayed.counted, [1]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Replay {
    pub(super) targets: CompiledTargets,
    /// By customer; those of a customer by the position of the target.
    pub(super) listed: HashMap<i64, Vec<Participation>>,
    /// How each customer takes part who isn't listed.
    others: Vec<Participation>,
    /// Whether all targets only sum what bills add.
    pub(super) only_sums: bool,
    /// What is told of a customer who isn't listed and has done nothing.
    pub(super) nothing: AddedUp,
    /// Of which targets it is said what is to be reached, by their positions.
    says_value: Vec<bool>,
}

/// What a thread weighs recorded activities with: [`Replay::weigher`].
#[derive(Debug)]
pub struct Weigher<'r> {
    replay: &'r Replay,
    scratch: Scratch,
    seen: SeenLacking,
}

impl Replay {
    /// Adds to a layout what these targets count and what else an activity must say.
    pub fn reading(
        builder: target_rules::transaction::LayoutBuilder,
        targets: &[CheckedTarget],
    ) -> target_rules::transaction::LayoutBuilder {
        reading_counted(builder, targets)
    }

    /// Targets in which every customer takes part, in every period; `layout` is what
    /// transactions are read for.
    ///
    /// Where a target doesn't say what is to be reached, nobody reaches it.
    ///
    /// Fails for the first target of a type or window that isn't known here.
    pub fn everybody(
        targets: Vec<CheckedTarget>,
        layout: &Layout,
        zone: Zone,
    ) -> Result<Replay, LedgerError> {
        let all = (0..targets.len()).collect();
        if let Some((target_id, why)) = unknown_word(&targets, &all) {
            return Err(LedgerError { target_id, why });
        }
        let says_value: Vec<bool> = targets.iter().map(says_value).collect();
        let others = targets.iter().enumerate().map(|(at, target)| {
            let said = says_value.get(at).copied().unwrap_or_default();
            let value = if said { None } else { Some(Number::from(NEVER)) };
            let terms = Which::of(target, None).map(|which| (which, Terms::new(value, None, None)));
            Participation::of(at, terms.into_iter())
        });
        let others = others.collect();
        let targets = CompiledTargets::reading(layout.clone(), targets, zone);
        Ok(Replay::of(targets, HashMap::new(), others, says_value))
    }

    /// Targets in which those take part whom enrolments list, and whom bills enrol.
    ///
    /// Fails for the first target that somebody takes part in and that has a type or a
    /// window which isn't known here.
    pub fn listed(
        targets: Vec<CheckedTarget>,
        enrolments: &Enrolments,
        layout: &Layout,
        zone: Zone,
    ) -> Result<Replay, LedgerError> {
        let mut listed = enrolments.by_customer.clone();
        let taken = listed.values().flatten().map(|one| one.target).collect();
        if let Some((target_id, why)) = unknown_word(&targets, &taken) {
            return Err(LedgerError { target_id, why });
        }
        listed.values_mut().flatten().for_each(|one| one.resolve(&zone));
        let says_value = vec![true; targets.len()];
        let targets = CompiledTargets::reading(layout.clone(), targets, zone);
        Ok(Replay::of(targets, listed, Vec::new(), says_value))
    }

    fn of(
        targets: CompiledTargets,
        listed: HashMap<i64, Vec<Participation>>,
        others: Vec<Participation>,
        says_value: Vec<bool>,
    ) -> Replay {
        let nothing = AddedUp::of(&targets, book_all(&targets, (0, &others), Vec::new()));
        Replay { only_sums: only_sum(&targets), targets, listed, others, nothing, says_value }
    }

    /// Why a target can't be booked: its type or window isn't known here.
    pub fn refuses(target: &CheckedTarget) -> Option<String> {
        let one = std::slice::from_ref(target);
        unknown_word(one, &std::iter::once(0).collect()).map(|(_, why)| why)
    }

    /// Whether it is said what is to be reached, by the position of the target.
    pub fn says_value(&self, at: usize) -> bool {
        self.says_value.get(at).copied().unwrap_or_default()
    }

    /// Whether only some customers take part, by enrolments.
    pub fn is_listed(&self) -> bool {
        self.others.is_empty()
    }

    /// Those who are enrolled by a list, in order.
    pub fn customers(&self) -> Vec<i64> {
        let mut ids: Vec<i64> = self.listed.keys().copied().collect();
        ids.sort_unstable();
        ids
    }

    /// Whether an activity that adds nothing can matter: it begins a customer's cycles.
    pub fn has_cycles(&self) -> bool {
        self.targets.any_cycles
    }

    /// What a thread weighs with.
    pub fn weigher(&self) -> Weigher<'_> {
        Weigher { replay: self, scratch: Scratch::default(), seen: SeenLacking::untold() }
    }

    pub(super) fn enrolled(&self, customer: i64) -> &[Participation] {
        self.listed.get(&customer).unwrap_or(&self.others)
    }

    /// Books all activities of one customer, whatever their order.
    ///
    /// Cost is that of sorting them.
    pub fn book(&self, customer: i64, activities: Vec<Weighed>) -> Replayed {
        book_all(&self.targets, (customer, self.enrolled(customer)), activities)
    }
}

/// Books all activities of a customer who takes part so.
fn book_all(
    targets: &CompiledTargets,
    (customer, enrolled): (i64, &[Participation]),
    activities: Vec<Weighed>,
) -> Replayed {
    let mut booked = Customer::default();
    let mut batch = CustomerBatch::new(targets, customer, enrolled, &mut booked, Told::Nothing);
    batch.book(activities);
    let view = CustomerView { targets, customer, enrolled, booked: Some(&booked) };
    let counted = targets.targets.iter().map(|target| {
        let account = view.account(target.id());
        account.map_or(0, |account: &Account| u64::try_from(account.bills.len()).unwrap_or(u64::MAX))
    });
    Replayed {
        progress: view.progress().collect(),
        counted: counted.collect(),
        waiting_returns: booked.returns.all().filter(|(.., one)| one.waits).count(),
    }
}

/// Whether a target says what is to be reached, in some period.
fn says_value(target: &CheckedTarget) -> bool {
    let periods = target.group().into_iter().flat_map(|group| &group.periods);
    let mut periods = periods.map(|period| Some(period.id)).chain([None]);
    periods.any(|period| target.counting().default_in(period).is_some())
}

impl Weigher<'_> {
    /// What an activity adds to the targets of its customer; `None` where it concerns none.
    /// `document` is what the transaction was read from; without one it is a bill.
    ///
    /// Fails where it says no customer, number or date, and for a return of less than
    /// nothing.
    pub fn weigh(
        &mut self,
        document: Option<&str>,
        transaction: &Transaction,
        limits: &Limits,
    ) -> Result<Option<Weighed>, Diagnostics> {
        self.weigh_decided(document, transaction, limits, &[])
    }

    /// The same for a host that has decided rules of this transaction already: what they say, by
    /// the positions of their targets, where that is known. It must be what they do say.
    ///
    /// Fails as [`Weigher::weigh`] does.
    pub fn weigh_decided(
        &mut self,
        document: Option<&str>,
        transaction: &Transaction,
        limits: &Limits,
        decided: &[Option<Truth>],
    ) -> Result<Option<Weighed>, Diagnostics> {
        let Replay { targets, .. } = self.replay;
        let head = match document {
            Some(document) => Head::of(&targets.slots, document, transaction, &targets.zone, limits)?,
            None => Head::of_filled(&targets.slots, transaction, &targets.zone)?,
        };
        if let Some(document) = document {
            targets.refuse_items(&head, document, limits)?;
        }
        let enrolled = self.replay.enrolled(head.customer);
        let with = (&mut self.scratch, &mut self.seen);
        Ok(targets.weigh_decided(&targets.slots, (&head, transaction), enrolled, with, decided))
    }
}
