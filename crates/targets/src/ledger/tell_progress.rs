//! What the accounts say that customers have achieved.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use hashbrown::HashMap;
use target_rules::value::Total;
use target_rules::{Number, Truth};

use crate::eligibility::{CheckedGroup, CheckedTarget, Unified, Window};
use crate::model::Aggregation;

use super::account::Account;
use super::book::BookKey;
use super::customer_view::CustomerView;
use super::cycles::period_of_cycle;
use super::memory::Ledger;
use super::outline::window_of;
use super::participation::Enrolled;
use super::progress::{Progress, UnifiedProgress};
use super::targets::CompiledTargets;

impl Ledger {
    /// What every customer has achieved, by customer, target, period and
    /// cycle. A target without an activity is there with nothing achieved.
    ///
    /// Cost is linear in what is told.
    pub fn progress(&self) -> impl Iterator<Item = Progress> {
        self.customer_ids().into_iter().flat_map(move |user| self.progress_of(user))
    }

    /// What one customer has achieved, by target, period and cycle; nothing of
    /// a customer who takes part in no target.
    pub fn progress_of(&self, customer: i64) -> impl Iterator<Item = Progress> {
        self.of_customer(customer).progress()
    }

    /// Everybody who takes part in something, in order.
    fn customer_ids(&self) -> Vec<i64> {
        let mut ids: Vec<i64> = self.enrolled.keys().copied().collect();
        if !self.targets.enrolling.is_empty() {
            ids.extend(self.customers.keys());
        }
        ids.sort_unstable();
        ids.dedup();
        ids
    }
}

impl<'a> CustomerView<'a> {
    /// What the customer has achieved, by target, period and cycle.
    pub(super) fn progress(self) -> impl Iterator<Item = Progress> + use<'a> {
        let mut of_targets: Vec<(i64, usize)> =
            self.taking_part().into_iter().filter_map(|at| Some((self.targets.get(at)?.id(), at))).collect();
        of_targets.sort_unstable();
        of_targets.into_iter().flat_map(move |(_, at)| self.progress_in(at))
    }

    /// The periods in which a customer takes part in a target, by their ids:
    /// those that somebody has listed, and those that a bill enrolled in.
    fn periods(&self, at: usize) -> Vec<Enrolled> {
        let (Some(target), Some(calendar)) = (self.targets.get(at), self.targets.calendar(at)) else {
            return Vec::new();
        };
        let listed = self.participation(at).map(|one| one.periods(calendar)).unwrap_or_default();
        let default_in = |period| target.counting().default_in(period);
        let enrolled = |(period, value): (Option<i64>, Option<Number>)| {
            Some(Enrolled { period, value: value.or_else(|| default_in(period))? })
        };
        let mut periods: Vec<Enrolled> = listed.iter().copied().filter_map(enrolled).collect();
        if target.enrols() {
            let account = self.account(target.id());
            let books = account.into_iter().flat_map(Account::books).filter(|(_, book)| book.counted > 0);
            let mut by_bill: Vec<Option<i64>> = books.map(|(key, _)| key.period).collect();
            by_bill.dedup();
            by_bill.retain(|period| listed.binary_search_by_key(period, |(period, _)| *period).is_err());
            periods.extend(by_bill.into_iter().filter_map(|period| enrolled((period, None))));
            periods.sort_by_key(|enrolled| enrolled.period);
        }
        periods
    }

    fn progress_in(&self, at: usize) -> Vec<Progress> {
        let Some(target) = self.targets.get(at) else { return Vec::new() };
        let account = self.account(target.id());
        let unknown = account.map(Account::unknown_by_book).unwrap_or_default();
        let teller = Teller { customer: self.customer, target, account, unknown };
        let periods = self.periods(at);
        if *window_of(target) == Window::Fixed {
            return periods.iter().map(|enrolled| teller.line(enrolled, 0)).collect();
        }
        let cycles = teller.cycles();
        let mut lines = Vec::new();
        for enrolled in &periods {
            // The first cycle where there is none.
            let of_period = cycles.get(&enrolled.period).map_or(&[1][..], Vec::as_slice);
            lines.extend(of_period.iter().map(|cycle| teller.line(enrolled, *cycle)));
        }
        lines
    }
}

/// Tells what a customer has achieved of one target.
struct Teller<'a> {
    customer: i64,
    target: &'a CheckedTarget,
    account: Option<&'a Account>,
    /// The unknown bills of each book.
    unknown: HashMap<BookKey, Vec<&'a str>>,
}

impl Teller<'_> {
    /// The cycles in which something is booked, or unknown, by period: for all
    /// periods at once, as there may be many of both.
    fn cycles(&self) -> HashMap<Option<i64>, Vec<i64>> {
        let booked = self.account.into_iter().flat_map(Account::books).map(|(key, _)| key);
        let keys: BTreeSet<BookKey> = booked.chain(self.unknown.keys().copied()).collect();
        let mut cycles: HashMap<Option<i64>, Vec<i64>> = HashMap::new();
        for key in keys {
            cycles.entry(key.period).or_default().push(key.cycle);
        }
        cycles
    }

    fn line(&self, enrolled: &Enrolled, cycle: i64) -> Progress {
        let key = BookKey { period: enrolled.period, cycle };
        let achieved = self.account.and_then(|account| account.book(key));
        let achieved = achieved.map_or(Total::ZERO, |book| book.achieved());
        let defined = enrolled.value;
        let unknown = self.unknown.get(&key).map(Vec::as_slice).unwrap_or_default();
        Progress {
            user_id: self.customer,
            target_id: self.target.id(),
            period_id: match cycle {
                0 => enrolled.period,
                _ => period_of_cycle(self.target, enrolled.period, cycle),
            },
            cycle: Some(cycle).filter(|cycle| *cycle > 0),
            defined,
            achieved,
            gap: Total::from(defined).minus(achieved).unwrap_or(Total::ZERO),
            reached: achieved >= defined.into(),
            unknown: unknown.iter().map(|number| (*number).to_owned()).collect(),
        }
    }
}

impl Ledger {
    /// What every customer has achieved of unified targets, by the order of
    /// the groups, then customer and period. A target that the customer does
    /// not take part in is not achieved.
    pub fn unified_progress(&self) -> impl Iterator<Item = UnifiedProgress> {
        let groups = self.targets.unified_groups();
        let customers: Arc<[i64]> = if groups.is_empty() { Vec::new() } else { self.customer_ids() }.into();
        groups.into_iter().flat_map(move |of_group| {
            let customers = customers.clone();
            (0..customers.len()).flat_map(move |at| {
                let customer = customers.get(at).copied().unwrap_or_default();
                self.of_customer(customer).unified_in(&of_group)
            })
        })
    }
}

/// A group whose targets are achieved together, with their positions.
pub(super) struct UnifiedGroup<'t> {
    group: &'t CheckedGroup,
    unified: &'t Unified,
    members: Vec<usize>,
}

impl CompiledTargets {
    pub(super) fn unified_groups(&self) -> Vec<UnifiedGroup<'_>> {
        let mut groups: Vec<UnifiedGroup<'_>> = Vec::new();
        for (at, target) in self.targets.iter().enumerate() {
            let Some(group) = target.group() else { continue };
            let Some(unified) = &group.unified else { continue };
            match groups.last_mut().filter(|last| std::ptr::eq(last.group, group)) {
                Some(last) => last.members.push(at),
                None => groups.push(UnifiedGroup { group, unified, members: vec![at] }),
            }
        }
        groups
    }
}

impl CustomerView<'_> {
    /// What the customer has achieved of the targets of a group together.
    pub(super) fn unified_in(&self, of_group: &UnifiedGroup<'_>) -> Vec<UnifiedProgress> {
        let UnifiedGroup { group, unified, members } = of_group;
        let customer = self.customer;
        let mut periods: BTreeMap<Option<i64>, HashMap<i64, Progress>> = BTreeMap::new();
        for at in members {
            let Some(target) = self.targets.get(*at) else { continue };
            let account = self.account(target.id());
            let teller = Teller { customer, target, account, unknown: HashMap::new() };
            for enrolled in self.periods(*at) {
                let line = teller.line(&enrolled, 0);
                periods.entry(enrolled.period).or_default().insert(target.id(), line);
            }
        }
        let line = |(period, members): (_, HashMap<i64, Progress>)| {
            let there = |id: i64| self.targets.position(id).is_some();
            together(customer, group, unified, period, |id| members.get(&id), there)
        };
        periods.into_iter().map(line).collect()
    }
}

fn together<'p>(
    user: i64,
    group: &CheckedGroup,
    unified: &Unified,
    period: Option<i64>,
    progress: impl Fn(i64) -> Option<&'p Progress>,
    there: impl Fn(i64) -> bool,
) -> UnifiedProgress {
    let mut reached = unified.expression.decide(|id| match progress(id) {
        Some(progress) => progress.reached.into(),
        None if there(id) => Truth::False,
        None => Truth::Unknown,
    });
    let known = unified.expression.operands().all(&there);
    let members = unified.expression.operands().filter_map(&progress);
    let achieved = match unified.aggregation.filter(|_| known) {
        None => None,
        Some(Aggregation::Sum) => {
            let mut members = members;
            members.try_fold(Total::ZERO, |sum, member| sum.plus(member.achieved)).ok()
        }
        Some(Aggregation::Count) => {
            Some(Number::from(members.filter(|member| member.reached).count()).into())
        }
    };
    if unified.unknown_aggregation.is_some() {
        reached = reached.and(Truth::Unknown);
    }
    if unified.aggregation.is_some()
        && let Some(threshold) = unified.threshold
    {
        let enough = achieved.map_or(Truth::Unknown, |achieved| (achieved >= threshold.into()).into());
        reached = reached.and(enough);
    }
    UnifiedProgress {
        user_id: user,
        target_group_id: group.id,
        period_id: period,
        defined: unified.threshold.filter(|_| unified.aggregation.is_some()),
        achieved,
        reached,
    }
}
