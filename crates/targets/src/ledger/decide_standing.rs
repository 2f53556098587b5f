//! Whether an activity would count for each target of a ledger, and why not.

use std::sync::Arc;

use target_rules::{Scratch, Truth};

use crate::eligibility::{CheckedTarget, Eligibility, asks_each_item, local_day};

use super::account::{Account, Bill, Contribution};
use super::activity::Activity;
use super::contribution::{KnownFigures, MissingFigure, contribution};
use super::customer_view::CustomerView;
use super::cycles::period_of_cycle;
use super::lacking::SeenLacking;
use super::memory::Ledger;
use super::return_bill::ReturnDocument;
use super::standing::{Reason, Standing};
use super::taking_back::ReadReturn;
use super::targets::event_refuses;
use super::weigh::WeighedActivity;

impl Ledger {
    /// Whether an activity counts for each target, where, and why not. Nothing
    /// is booked.
    ///
    /// A return counts for no target: it takes back from those that count its
    /// bill, whatever the rest of its document says.
    ///
    /// Cost is that of deciding each target once.
    pub fn standings(&self, activity: &Activity) -> Vec<Standing> {
        let customer = self.of_customer(activity.customer());
        (0..self.targets.targets.len()).filter_map(|at| customer.standing_at(at, activity)).collect()
    }

    /// The same for one target; `None` where there is no such target. Cost does
    /// not depend on how many there are.
    pub fn standing(&self, target_id: i64, activity: &Activity) -> Option<Standing> {
        self.of_customer(activity.customer()).standing_at(self.targets.position(target_id)?, activity)
    }
}

impl CustomerView<'_> {
    pub(super) fn standing_at(&self, at: usize, activity: &Activity) -> Option<Standing> {
        let target = self.targets.get(at)?;
        let mut standing = Standing {
            target_id: target.id(),
            period_id: None,
            cycle: None,
            result: Truth::False,
            reason: None,
            absent: Vec::new(),
            faults: Vec::new(),
        };
        match &activity.head.returned {
            Some(returned) => self.standing_of_return(at, activity, returned, &mut standing),
            None => self.standing_of_bill((at, target), activity, &mut standing),
        }
        Some(standing)
    }

    fn standing_of_bill(
        &self,
        (at, target): (usize, &CheckedTarget),
        activity: &Activity,
        standing: &mut Standing,
    ) {
        standing.reason = if !target.active() {
            Some(Reason::TargetInactive)
        } else if !target.running() {
            Some(Reason::GroupInactive)
        } else {
            event_refuses(target, &activity.head)
        };
        standing.reason = standing.reason.take().or_else(|| self.place((at, target), activity, standing));
        if standing.reason.is_some() {
            return;
        }
        let Eligibility { result, absent, faults, items } =
            target.decide(&activity.transaction, &self.targets.zone);
        standing.result = result;
        match result {
            Truth::False => {
                let refusing = target.refusing_filter(&activity.transaction);
                standing.reason = match refusing {
                    Some((filter, field)) => Some(Reason::Filter { filter, field }),
                    None => {
                        let clause = target.rule().refusing_clause(&activity.transaction, &self.targets.zone);
                        clause.map(|(clause, span)| Reason::Rule { clause, span })
                    }
                };
            }
            Truth::Unknown => (standing.absent, standing.faults) = (absent, faults),
            Truth::True => {
                let slots = self.targets.slots_for(&activity.transaction);
                let chosen = asks_each_item(target.rule()).then_some(items.as_slice());
                let mut known = KnownFigures::default();
                match contribution(&slots, (at, target), &activity.transaction, chosen, &mut known) {
                    Ok(_) => {}
                    Err(MissingFigure::Absent { names, .. }) => {
                        standing.result = Truth::Unknown;
                        standing.absent = names;
                    }
                    Err(MissingFigure::Overflow) => standing.result = Truth::Unknown,
                }
            }
        }
    }

    /// Finds the place of a bill; or why it has none.
    fn place(
        &self,
        (at, target): (usize, &CheckedTarget),
        activity: &Activity,
        standing: &mut Standing,
    ) -> Option<Reason> {
        let head = &activity.head;
        let (date, day) = (head.date.milliseconds(), local_day(head.date, &self.targets.zone));
        let enrolled = match self.targets.enrolled(at, self.participation(at), date, day) {
            Ok(enrolled) => enrolled,
            Err(reason) => return Some(reason),
        };
        let none = Account::default();
        let account = self.account(target.id()).unwrap_or(&none);
        // Where it would stand does not depend on how much it adds.
        let bill = Bill { number: &head.number, date, day, adds: &Contribution::Unknown(Arc::default()) };
        let method = self.targets.method(at)?;
        let placed = account.place(&method, &enrolled, bill.date);
        if let Some(place) = placed.iter().flatten().next() {
            let cycle = Some(place.key.cycle).filter(|cycle| *cycle > 0);
            standing.period_id = match cycle {
                Some(cycle) => period_of_cycle(target, place.key.period, cycle),
                None => place.key.period,
            };
            standing.cycle = cycle;
        }
        account.decide(&method, &enrolled, &bill).err()
    }

    fn standing_of_return(
        &self,
        at: usize,
        activity: &Activity,
        returned: &ReturnDocument,
        standing: &mut Standing,
    ) {
        let bill = &returned.bill;
        let account = self.account(standing.target_id).filter(|account| account.counts(bill));
        let Some(account) = account else {
            standing.reason = Some(Reason::ReturnWaits { bill: bill.to_string() });
            return;
        };
        let with = (&mut Scratch::default(), &mut SeenLacking::default());
        let weighed = self.targets.weigh_activity(activity, self.enrolled, with).map(|weighed| weighed.what);
        let Some(WeighedActivity::Return(weighed)) = weighed else { return };
        let came = self.booked.and_then(|customer| customer.returns.of(bill));
        let before = came.and_then(|of_bill| of_bill.get(&weighed.identity));
        let before = before.map(|one| ReadReturn::of(self.targets, &one.versions));
        if before.and_then(|read| read.lacks(self.targets, at, account, bill)) == Some(false) {
            standing.reason = Some(Reason::CountedBefore);
            return;
        }
        let versions = [weighed.returned];
        let mut account = account.clone();
        let gives_back = self.targets.get(at).is_some_and(|target| target.counting().gives_back());
        match ReadReturn::of(self.targets, &versions).take_from(self.targets, at, &mut account, bill) {
            Some(Reason::ReturnLacks { absent, .. }) => {
                (standing.result, standing.absent) = (Truth::Unknown, absent);
            }
            Some(reason) => standing.reason = Some(reason),
            None if gives_back => standing.result = Truth::True,
            None => standing.reason = Some(Reason::CountsStay),
        }
    }
}
