//! What is booked of one customer, and how a batch of her activities changes it.
//!
//! Customers know nothing of each other, so that they are booked side by side.

use std::collections::BTreeMap;
use std::sync::Arc;

use target_rules::Scratch;

use super::account::{Account, Bill, Contribution};
use super::activity::Activity;
use super::adds::{Added, Adds};
use super::lacking::{Lacking, SeenLacking};
use super::not_counted::NotCounted;
use super::participation::Participation;
use super::returns::{BookedReturn, ReturnIdentity, ReturnedBill, Returns};
use super::standing::Reason;
use super::taking_back::{ReadReturn, ReturnsBefore};
use super::targets::CompiledTargets;
use super::told::Told;
use super::weigh::{Weighed, WeighedActivity, WeighedReturn};

/// All that is booked of a customer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Customer {
    /// By the target's id, so that a change of the payload moves nothing. Boxed,
    /// since a node of the map has room for eleven, and most customers have few.
    pub(super) accounts: BTreeMap<i64, Box<Account>>,
    pub(super) returns: Returns,
}

impl Customer {
    /// Takes back what returns could not from targets that were not there, and are
    /// again.
    pub(super) fn take_back_missed(&mut self, targets: &CompiledTargets) {
        let Customer { accounts, returns } = self;
        for (bill, one) in returns.missed() {
            let mut missed = std::mem::take(&mut one.missed);
            let read = ReadReturn::of(targets, &one.versions);
            missed.retain(|id| {
                let Some(at) = targets.position(*id) else { return true };
                // Nobody waits for an answer: a figure that is lacking may come with
                // the same return again.
                let account = accounts.get_mut(id);
                account.and_then(|account| read.take_from(targets, at, account, bill));
                false
            });
            one.missed = missed;
        }
    }
}

/// A batch of one customer that is being booked.
pub(super) struct CustomerBatch<'a> {
    targets: &'a CompiledTargets,
    user: i64,
    /// By the position of the target.
    enrolled: &'a [Participation],
    customer: &'a mut Customer,
    pub(super) told: Told,
    /// How many contributions may be booked still; `None` once there was no room for
    /// one, and then nothing more is booked.
    pub(super) room: Option<usize>,
    /// The returns of the batch whose bill had not come at their turn.
    waiting: Vec<(i64, Arc<str>, Arc<str>, ReturnIdentity)>,
}

impl<'a> CustomerBatch<'a> {
    pub(super) fn new(
        targets: &'a CompiledTargets,
        user: i64,
        enrolled: &'a [Participation],
        customer: &'a mut Customer,
        told: Told,
    ) -> CustomerBatch<'a> {
        CustomerBatch { targets, user, enrolled, customer, told, room: Some(usize::MAX), waiting: Vec::new() }
    }

    /// The same with room for so many contributions.
    pub(super) fn within(mut self, contributions: usize) -> CustomerBatch<'a> {
        self.room = Some(contributions);
        self
    }

    /// Weighs activities of the customer and books them, as [`CustomerBatch::book`]
    /// does. Those of one instant and number are weighed together and no others, so
    /// that what is held does not grow with the batch.
    pub(super) fn weigh_and_book(
        &mut self,
        mut activities: Vec<&Activity>,
        (scratch, seen): (&mut Scratch, &mut SeenLacking),
    ) {
        let key = |one: &Activity| (one.head.date.milliseconds(), one.head.returned.is_some());
        let alike = |one: &&Activity, other: &&Activity| {
            key(one).cmp(&key(other)).then_with(|| one.head.number.cmp(&other.head.number))
        };
        activities.sort_by(alike);
        for together in activities.chunk_by(|one, other| alike(one, other).is_eq()) {
            let (mut batch, mut held) = (Vec::new(), 0_usize);
            for activity in together {
                let with = (&mut *scratch, &mut *seen);
                let Some(weighed) = self.targets.weigh_activity(activity, self.enrolled, with) else {
                    continue;
                };
                if let WeighedActivity::Bill { adds, .. } = &weighed.what {
                    held = held.saturating_add(adds.len());
                }
                batch.push(weighed);
                if batch.len() > 1 {
                    self.room = self.room.filter(|room| held <= *room);
                }
                if self.room.is_none() {
                    return;
                }
            }
            self.book_in_order(batch);
        }
        self.tell_waiting();
    }

    /// Books activities of the customer by date, bills before returns, then
    /// number; the rest makes the order total, so that two documents of one
    /// number count alike in whatever order they come.
    pub(super) fn book(&mut self, batch: Vec<Weighed>) {
        self.book_in_order(batch);
        self.tell_waiting();
    }

    fn book_in_order(&mut self, mut batch: Vec<Weighed>) {
        let returned = |one: &Weighed| matches!(one.what, WeighedActivity::Return(_));
        batch.sort_by(|a, b| {
            let order = |one: &Weighed| (one.date, returned(one));
            order(a).cmp(&order(b)).then_with(|| (&a.number, &a.what).cmp(&(&b.number, &b.what)))
        });
        batch.into_iter().for_each(|weighed| self.book_next(weighed));
    }

    /// Books one activity as a batch.
    pub(super) fn book_one(&mut self, weighed: Weighed) {
        self.book_next(weighed);
        self.tell_waiting();
    }

    fn book_next(&mut self, weighed: Weighed) {
        let Weighed { date, number, what, .. } = weighed;
        match what {
            WeighedActivity::Bill { day, adds } => self.book_bill(date, day, &number, &adds),
            WeighedActivity::Return(returned) => self.book_return(date, &number, *returned),
        }
    }

    fn book_bill(&mut self, date: i64, day: i64, number: &Arc<str>, adds: &Adds) {
        self.note_activity(date);
        self.forget_unknown(number, adds);
        let returns = self.customer.returns.take(number);
        let counted = self.book_in_each((date, day, number), adds, &ReturnsBefore::of(returns.as_ref()));
        if let Some(mut returns) = returns {
            if counted {
                returns.values_mut().for_each(|one| one.waits = false);
            }
            self.customer.returns.put_back(number.clone(), returns);
        }
    }

    /// Books a bill in each target that it adds something to, or may; whether any
    /// counts it.
    fn book_in_each(
        &mut self,
        (date, day, number): (i64, i64, &Arc<str>),
        adds: &Adds,
        returns: &ReturnsBefore<'_>,
    ) -> bool {
        let mut counted = false;
        for (at, added) in adds.iter() {
            if self.room.is_none() {
                break;
            }
            let target = self.targets.outline(at).map(|outline| outline.id);
            let lacking = match added {
                Added::Known(adds) => {
                    match self.book_in(at, &Bill { number, date, day, adds }, returns) {
                        Err(reason) => self.tell(date, number, target, reason),
                        Ok(()) => counted = true,
                    }
                    continue;
                }
                Added::Unknown(lacking) => lacking,
            };
            if !self.takes_part(at) {
                // It would enrol the customer, were it known what it adds. It is told and
                // not kept: strangers' bills would fill accounts of targets by the thousand.
                if lacking.eligible && self.targets.enrolled(at, None, date, day).is_ok() {
                    self.tell_unknown(date, number, target, lacking);
                }
                continue;
            }
            let adds = &Contribution::Unknown(lacking.clone());
            match self.book_in(at, &Bill { number, date, day, adds }, returns) {
                Err(reason) => self.tell(date, number, target, reason),
                Ok(()) => self.tell_unknown(date, number, target, lacking),
            }
        }
        counted
    }

    /// Books a bill in its account of one target, and what was returned of it.
    fn book_in(&mut self, at: usize, bill: &Bill<'_>, returns: &ReturnsBefore<'_>) -> Result<(), Reason> {
        let (Some(outline), Some(method)) = (self.targets.outline(at), self.targets.method(at)) else {
            return Ok(());
        };
        let enrolled = self.targets.enrolled(at, self.enrolled_in(at), bill.date, bill.day)?;
        let change = match self.customer.accounts.get(&outline.id) {
            Some(account) => account.decide(&method, &enrolled, bill)?,
            None => Account::default().decide(&method, &enrolled, bill)?,
        };
        let account = self.customer.accounts.entry(outline.id).or_default();
        if !outline.fixed {
            account.touch(bill.date);
        }
        account.apply(&method, bill, &change);
        self.room = self.room.and_then(|room| room.checked_sub(change.places()));
        if matches!(bill.adds, Contribution::Known { .. }) && outline.gives_back {
            for (identity, date, read) in returns.read(self.targets) {
                let found = read.take_from(self.targets, at, account, bill.number);
                self.told.extend(found.map(|reason| {
                    let number = identity.number().unwrap_or(bill.number);
                    (*date, NotCounted::new((number, self.user, Some(outline.id)), Some(reason)))
                }));
            }
        }
        account.end_cycles(&method, &change, bill.date);
        Ok(())
    }

    fn book_return(&mut self, date: i64, number: &Arc<str>, returned: WeighedReturn) {
        let WeighedReturn { bill, identity, returned, figures_beside } = returned;
        if self.customer.returns.of(&bill).is_some_and(|of_bill| of_bill.contains_key(&identity)) {
            return self.repeat_return(date, number, &bill, &identity, &returned);
        }
        if figures_beside {
            self.tell(date, number, None, Reason::FiguresOfReturn { bill: bill.to_string() });
        }
        let booked = BookedReturn { date, versions: vec![returned], waits: true, missed: Vec::new() };
        self.customer.returns.add(bill.clone(), identity.clone(), booked);
        if !self.take_back(number, &bill, &identity) {
            self.waiting.push((date, number.clone(), bill, identity));
        }
    }

    /// Tells of the returns that came with this batch and wait still.
    fn tell_waiting(&mut self) {
        for (date, number, bill, identity) in std::mem::take(&mut self.waiting) {
            let one = self.customer.returns.of(&bill).and_then(|of_bill| of_bill.get(&identity));
            if one.is_some_and(|one| one.waits) {
                self.tell(date, &number, None, Reason::ReturnWaits { bill: bill.to_string() });
            }
        }
    }

    /// Takes a return back from every account that counts its bill; whether
    /// there is any.
    fn take_back(&mut self, number: &str, bill: &Arc<str>, identity: &ReturnIdentity) -> bool {
        let Customer { accounts, returns } = &mut *self.customer;
        let one = returns.of_mut(bill).and_then(|of_bill| of_bill.get_mut(identity));
        let Some(one) = one else { return false };
        let (mut read, mut counts, mut missed) = (None, false, Vec::new());
        for (id, account) in accounts.iter_mut().filter(|(_, account)| account.counts(bill)) {
            counts = true;
            let Some(at) = self.targets.position(*id) else {
                missed.push(*id);
                continue;
            };
            let read = read.get_or_insert_with(|| ReadReturn::of(self.targets, &one.versions));
            let found = if account.returned_earlier(number) {
                Some(Reason::CountedBefore)
            } else {
                read.take_from(self.targets, at, account, bill)
            };
            self.told.extend(
                found.map(|reason| (one.date, NotCounted::new((number, self.user, Some(*id)), Some(reason)))),
            );
        }
        one.waits &= !counts;
        one.missed = missed;
        counts
    }

    /// A return that came before. It takes something back only where it lacked
    /// its figure and has it now, which one with a number of its own may.
    fn repeat_return(
        &mut self,
        date: i64,
        number: &str,
        bill: &Arc<str>,
        identity: &ReturnIdentity,
        returned: &ReturnedBill,
    ) {
        let Customer { accounts, returns } = &mut *self.customer;
        let one = returns.of_mut(bill).and_then(|of_bill| of_bill.get_mut(identity));
        let Some(one) = one.filter(|_| identity.number().is_some()) else {
            return self.tell(date, number, None, Reason::CountedBefore);
        };
        let before = ReadReturn::of(self.targets, &one.versions);
        let lacking = accounts.iter_mut().filter_map(|(id, account)| {
            let at = self.targets.position(*id).filter(|_| account.bills.contains_key(bill))?;
            let lacks = before.lacks(self.targets, at, account, bill) == Some(true);
            lacks.then_some((*id, at, account))
        });
        let lacking: Vec<_> = lacking.collect();
        one.again(returned);
        let after = ReadReturn::of(self.targets, &one.versions);
        let mut repeated = lacking.is_empty();
        for (id, at, account) in lacking {
            let reason = after.take_from(self.targets, at, account, bill);
            repeated |= matches!(reason, Some(Reason::ReturnLacks { .. }));
            self.told.extend(
                reason.map(|reason| (date, NotCounted::new((number, self.user, Some(id)), Some(reason)))),
            );
        }
        if repeated {
            self.tell(date, number, None, Reason::CountedBefore);
        }
    }

    /// Whether the customer takes part in a target: by a list, or by a bill. One
    /// of which it is unknown whether it counts enrols nobody.
    fn takes_part(&self, at: usize) -> bool {
        let account = || self.customer.accounts.get(&self.targets.outline(at)?.id);
        self.enrolled_in(at).is_some() || account().is_some_and(|account| account.counts_any())
    }

    fn enrolled_in(&self, at: usize) -> Option<&Participation> {
        let found = self.enrolled.binary_search_by_key(&at, |one| one.target).ok()?;
        self.enrolled.get(found)
    }

    /// Notes that the customer was active, where cycles follow from that.
    fn note_activity(&mut self, date: i64) {
        if !self.targets.any_cycles {
            return;
        }
        let targets = self.targets;
        for one in self.enrolled {
            if let Some(outline) = targets.outline(one.target).filter(|outline| !outline.fixed)
                && one.ever_at(date)
            {
                self.customer.accounts.entry(outline.id).or_default().touch(date);
            }
        }
        // Whom a bill has enrolled goes on to be active.
        let enrolled = self.enrolled;
        let listed = |at: usize| {
            let found = enrolled.binary_search_by_key(&at, |one| one.target).ok();
            let found = found.and_then(|found| enrolled.get(found));
            found.is_some_and(|one| one.is_listed() || one.withdrawn_at(date))
        };
        for (id, account) in &mut self.customer.accounts {
            let by_bill =
                account.track.first.is_some() && targets.position(*id).is_some_and(|at| !listed(at));
            if by_bill {
                account.touch(date);
            }
        }
    }

    /// Forgets that a bill was unknown to the targets that it adds nothing to.
    fn forget_unknown(&mut self, number: &str, adds: &Adds) {
        let targets = self.targets;
        for (id, account) in &mut self.customer.accounts {
            if account.is_unknown(number) {
                let at = targets.position(*id);
                if at.is_some_and(|at| !adds.contains(at)) {
                    account.forget_unknown(number);
                }
            }
        }
    }

    fn tell(&mut self, date: i64, number: &str, target_id: Option<i64>, reason: Reason) {
        if self.told.is_nothing() {
            return;
        }
        self.told.push(date, NotCounted::new((number, self.user, target_id), Some(reason)));
    }

    fn tell_unknown(&mut self, date: i64, number: &str, target_id: Option<i64>, lacking: &Arc<Lacking>) {
        self.told.push_unknown(date, (number, self.user, target_id), lacking);
    }
}
