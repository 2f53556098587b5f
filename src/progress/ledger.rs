//! The accounts of customers: activities are weighed one by one and booked in
//! batches.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Serialize;

use crate::diagnostic::Diagnostics;
use crate::limits::Limits;
use crate::target::{CheckedGroup, CheckedTarget, DAY, Eligibility, Window, local_day};
use crate::transaction::Layout;
use crate::value::{Instant, Number, Total, Truth, Zone};

use super::account::{Account, AccountKey};
use super::activity::{Activity, ActivityNumber, reads};
use super::contribution::{Unknown, contribution};
use super::enrolment::{Enrolled, Enrolments};
use super::standing::{Reason, Standing};

/// What customers have achieved of their targets.
///
/// In fixed calendar windows a batch gives the same progress in any order and
/// in any parts. In the other windows a batch is booked by date, then number;
/// what comes in a later batch than it should counts by the offset-days rule.
///
/// ```
/// use target_rules::{Enrolments, Ledger, Limits, Payload, Schema, Zone};
/// let limits = Limits::default();
/// let payload = r#"{"data": [{"id": 50, "targetType": "SALES", "targetEntity": "TRANSACTION",
///                             "expression": "currentTxn.value>500"}]}"#;
/// let payload = Payload::read(payload, &limits)?;
/// let targets: Vec<_> =
///     payload.targets().filter_map(|target| target.check(&Schema::standard(), &limits).target).collect();
/// let enrolments = r#"[{"userId": 19721, "targetId": 50, "periodId": 7, "value": 5000}]"#;
/// let enrolments = Enrolments::read(enrolments, &targets, &limits)?;
/// let mut ledger = Ledger::new(targets, enrolments, Zone::UTC)?;
///
/// let mut batch = Vec::new();
/// for value in ["730.50", "615.65", "12.00"] {
///     let document = format!(
///         r#"{{"currentCustomer": {{"id": 19721}},
///             "currentTxn": {{"number": "n-{value}", "date": "2024-07-29T12:20:20Z", "value": {value}}}}}"#);
///     batch.extend(ledger.weigh(&ledger.read(&document, &limits)?));
/// }
/// ledger.book(batch);
/// let progress = serde_json::to_string(&ledger.progress().next())?;
/// assert_eq!(progress, r#"{"userId":19721,"targetId":50,"periodId":7,"defined":5000,"achieved":1346.15,"gap":3653.85,"reached":false}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Ledger {
    pub(super) targets: Vec<CheckedTarget>,
    pub(super) enrolments: Enrolments,
    pub(super) zone: Zone,
    layout: Layout,
    pub(super) accounts: BTreeMap<AccountKey, Account>,
    /// By customer and target, where windows are not fixed.
    pub(super) tracks: BTreeMap<(i64, i64), Track>,
}

/// What is known of a customer's time in a target.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Track {
    /// The first activity, in milliseconds.
    pub(super) first: Option<i64>,
    /// The latest one.
    pub(super) latest: Option<i64>,
}

/// A target that somebody takes part in and that cannot be accounted for.
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

/// What an activity adds to a target of its customer; to be booked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weighed {
    date: i64,
    number: ActivityNumber,
    user: i64,
    target: usize,
    day: i64,
    adds: Adds,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Adds {
    /// It does not count, and may still be the customer's first activity.
    Nothing,
    Known(Total),
    Unknown,
}

/// An activity that was weighed and not counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct NotCounted {
    /// The activity's number.
    pub number: String,
    /// The customer.
    pub user_id: i64,
    /// The target.
    pub target_id: i64,
    /// Why not; `None` where it cannot be told whether or what it adds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
}

/// Where an activity is booked.
pub(super) struct Place {
    key: AccountKey,
    value: Number,
    period: Option<i64>,
}

impl Ledger {
    /// A ledger in which nothing is booked yet.
    ///
    /// Fails for the first target that somebody takes part in and that has a
    /// type or a window which is not known here.
    pub fn new(
        targets: Vec<CheckedTarget>,
        enrolments: Enrolments,
        zone: Zone,
    ) -> Result<Ledger, LedgerError> {
        let enrolled: BTreeSet<usize> =
            enrolments.by_customer.values().flat_map(|enrolled| enrolled.keys().copied()).collect();
        for target in enrolled.into_iter().filter_map(|at| targets.get(at)) {
            let window = target.group().map(|group| &group.window);
            let why = match (&target.counting().measure, window) {
                (Err(why), _) => why.clone(),
                (_, Some(Window::Unknown(word))) => format!("the evaluation type `{word}` is not known"),
                _ => continue,
            };
            return Err(LedgerError { target_id: target.id(), why });
        }
        let layout = CheckedTarget::layout_with(&targets, &reads(targets.iter()));
        Ok(Ledger { targets, enrolments, zone, layout, accounts: BTreeMap::new(), tracks: BTreeMap::new() })
    }

    /// Reads the document of an activity.
    ///
    /// Beside what makes any document refused, one is refused that says no
    /// customer, no number or no date.
    pub fn read(&self, document: &str, limits: &Limits) -> Result<Activity, Diagnostics> {
        Activity::read(&self.layout, document, &self.zone, limits)
    }

    /// What an activity adds to the targets that its customer takes part in.
    /// Nothing is booked, so that activities can be weighed side by side.
    pub fn weigh(&self, activity: &Activity) -> Vec<Weighed> {
        let mut weighed: Vec<Weighed> = Vec::new();
        let enrolled = self.enrolments.by_customer.get(&activity.customer);
        for at in enrolled.into_iter().flat_map(BTreeMap::keys) {
            let Some(target) = self.targets.get(*at) else { continue };
            let eligibility = self.decide(target, activity);
            let adds = match eligibility.result {
                Truth::False => Adds::Nothing,
                Truth::Unknown => Adds::Unknown,
                Truth::True => match contribution(target, activity, &eligibility.items) {
                    Ok(total) => Adds::Known(total),
                    Err(_) => Adds::Unknown,
                },
            };
            weighed.push(Weighed {
                date: activity.date.milliseconds(),
                number: activity.number.clone(),
                user: activity.customer,
                target: *at,
                day: local_day(activity.date, &self.zone),
                adds,
            });
        }
        weighed
    }

    /// Books a batch, and says what of it does not count. The order of the
    /// batch is of no account.
    pub fn book(&mut self, mut batch: Vec<Weighed>) -> Vec<NotCounted> {
        // By date, then number; the rest makes the order total, so that two
        // documents of one number count alike in whatever order they come.
        batch.sort_by(|a, b| {
            (a.date, &a.number, a.user, a.target, &a.adds)
                .cmp(&(b.date, &b.number, b.user, b.target, &b.adds))
        });
        let mut not_counted = Vec::new();
        for weighed in batch {
            let counts = weighed.adds != Adds::Nothing;
            let unknown = weighed.adds == Adds::Unknown;
            let (number, user_id, target) = (weighed.number.text.to_string(), weighed.user, weighed.target);
            let reason = self.book_one(weighed).err();
            if counts && (reason.is_some() || unknown) {
                let target_id = self.targets.get(target).map_or(0, CheckedTarget::id);
                not_counted.push(NotCounted { number, user_id, target_id, reason });
            }
        }
        not_counted
    }

    fn book_one(&mut self, weighed: Weighed) -> Result<(), Reason> {
        let Some(target) = self.targets.get(weighed.target) else { return Ok(()) };
        let places = self.places(weighed.user, weighed.target, weighed.date, weighed.day);
        if !matches!(window_of(target), Window::Fixed) && !matches!(places, Err(Reason::BeforeEnrolment)) {
            let track = self.tracks.entry((weighed.user, target.id())).or_default();
            track.first = track.first.or(Some(weighed.date));
            track.latest = track.latest.max(Some(weighed.date));
        }
        let places = places?;
        if weighed.adds == Adds::Nothing {
            // It may have been one of which that could not be told.
            for place in places {
                if let Some(account) = self.accounts.get_mut(&place.key) {
                    account.unknown.remove(&weighed.number);
                }
            }
            return Ok(());
        }
        let mut result = Err(Reason::CountedBefore);
        for place in places {
            if self.counted(&place.key, &weighed.number) {
                continue;
            }
            let account = self.accounts.entry(place.key).or_default();
            match weighed.adds {
                Adds::Known(added) => {
                    account
                        .book(target, weighed.number.clone(), weighed.day, added)
                        .map_err(|_| Reason::TooLarge)?;
                    let agnostic = matches!(window_of(target), Window::Agnostic { .. });
                    if agnostic && account.ended.is_none() && account.reaches(place.value) {
                        account.ended = Some(weighed.date);
                    }
                }
                _ => drop(account.unknown.insert(weighed.number.clone())),
            }
            result = Ok(());
        }
        result
    }

    /// Whether an activity was counted: in the period, or in any of the cycles,
    /// for the activity that ends a cycle is at the start of the next one too.
    fn counted(&self, key: &AccountKey, number: &ActivityNumber) -> bool {
        let first = AccountKey { cycle: 0, ..key.clone() };
        let last = AccountKey { cycle: i64::MAX, ..key.clone() };
        self.accounts.range(first..=last).any(|(_, account)| account.counted.contains(number))
    }

    /// Where an activity of a customer counts for a target, going by its date.
    fn places(&self, user: i64, at: usize, date: i64, day: i64) -> Result<Vec<Place>, Reason> {
        let Some(target) = self.targets.get(at) else { return Err(Reason::NotEnrolled) };
        let enrolled = self.enrolments.by_customer.get(&user).and_then(|enrolled| enrolled.get(&at));
        let Some(enrolled) = enrolled else { return Err(Reason::NotEnrolled) };
        let mut places = Vec::new();
        let mut reason = Reason::NoPeriod;
        for enrolled in enrolled {
            match self.place(target, user, enrolled, date, day) {
                Ok(place) => places.push(place),
                // That it is in no other period says less than any other reason.
                Err(Reason::NoPeriod) => {}
                Err(other) => reason = other,
            }
        }
        if places.is_empty() { Err(reason) } else { Ok(places) }
    }

    fn place(
        &self,
        target: &CheckedTarget,
        user: i64,
        enrolled: &Enrolled,
        date: i64,
        day: i64,
    ) -> Result<Place, Reason> {
        let group = target.group();
        let key = |cycle| AccountKey { user, target: target.id(), period: enrolled.period, cycle };
        // An activity counts when the customer takes part at that time; a day
        // without a time of day counts whole.
        let from = enrolled.from.and_then(|from| from.resolve(&self.zone)).map(Instant::milliseconds);
        let too_early = from.is_some_and(|from| date < from);
        let window = window_of(target);
        if *window == Window::Fixed {
            let of = |group: &CheckedGroup| {
                group.periods.iter().position(|period| Some(period.id) == enrolled.period)
            };
            if let Some(period) = group.and_then(|group| group.periods.get(of(group)?)) {
                if !period.contains(day, &self.zone) {
                    return Err(Reason::NoPeriod);
                }
                if !period.active {
                    return Err(Reason::PeriodInactive { period_id: period.id });
                }
            }
            if too_early {
                return Err(Reason::BeforeEnrolment);
            }
            return Ok(Place { key: key(0), value: enrolled.value, period: enrolled.period });
        }
        if too_early {
            return Err(Reason::BeforeEnrolment);
        }
        let track = self.tracks.get(&(user, target.id())).copied().unwrap_or_default();
        let cycle = match *window {
            Window::Cyclic { length, cycles, offset_days } => {
                cyclic(track, date, length.max(1), cycles, offset_days)?
            }
            Window::Agnostic { cycles, offset_days } => {
                let last = |cycle: i64| self.accounts.get(&key(cycle)).and_then(|account| account.ended);
                agnostic(track, date, cycles, offset_days, last)?
            }
            Window::Fixed | Window::Unknown(_) => 0,
        };
        Ok(Place { key: key(cycle), value: enrolled.value, period: period_of_cycle(target, enrolled, cycle) })
    }

    /// Eligible, and of the activity that the target counts.
    fn decide(&self, target: &CheckedTarget, activity: &Activity) -> Eligibility {
        let mut eligibility = target.decide(&activity.transaction, &self.zone);
        let group_active = target.group().is_none_or(|group| group.active);
        if !group_active || event_refuses(target, activity).is_some() {
            eligibility.result = Truth::False;
            eligibility.absent.clear();
            eligibility.faults.clear();
            eligibility.items.clear();
        }
        eligibility
    }

    /// Whether an activity counts for each target, where, and why not. Nothing
    /// is booked.
    pub fn standings(&self, activity: &Activity) -> Vec<Standing> {
        (0..self.targets.len()).filter_map(|at| self.standing(at, activity)).collect()
    }

    fn standing(&self, at: usize, activity: &Activity) -> Option<Standing> {
        let target = self.targets.get(at)?;
        let eligibility = self.decide(target, activity);
        let date = activity.date.milliseconds();
        let places = self.places(activity.customer, at, date, local_day(activity.date, &self.zone));
        let mut standing = Standing {
            target_id: target.id(),
            period_id: None,
            cycle: None,
            result: eligibility.result,
            reason: None,
            absent: eligibility.absent,
            faults: eligibility.faults,
        };
        let reason = if !target.active() {
            Some(Reason::TargetInactive)
        } else if target.group().is_some_and(|group| !group.active) {
            Some(Reason::GroupInactive)
        } else {
            event_refuses(target, activity)
        };
        let reason = reason.or_else(|| match &places {
            Err(reason) => Some(reason.clone()),
            Ok(places) => {
                let place = places.first()?;
                standing.period_id = place.period;
                standing.cycle = Some(place.key.cycle).filter(|cycle| *cycle > 0);
                let counted = places.iter().all(|place| self.counted(&place.key, &activity.number));
                counted.then_some(Reason::CountedBefore)
            }
        });
        let reason = reason.or_else(|| {
            if standing.result != Truth::False {
                return None;
            }
            match target.refusing_filter(&activity.transaction) {
                Some((filter, field)) => Some(Reason::Filter { filter, field }),
                None => {
                    let clause = target.rule().refusing_clause(&activity.transaction, &self.zone);
                    clause.map(|(clause, span)| Reason::Rule { clause, span })
                }
            }
        });
        if reason.is_some() {
            standing.result = Truth::False;
            standing.absent.clear();
            standing.faults.clear();
        } else if standing.result == Truth::True {
            match contribution(target, activity, &eligibility.items) {
                Ok(_) => {}
                Err(Unknown::Absent(names)) => {
                    standing.result = Truth::Unknown;
                    standing.absent = names;
                }
                Err(Unknown::Overflow) => standing.result = Truth::Unknown,
            }
        }
        standing.reason = reason;
        Some(standing)
    }

    /// The targets by their ids.
    pub(super) fn by_id(&self) -> HashMap<i64, usize> {
        self.targets.iter().enumerate().map(|(at, target)| (target.id(), at)).collect()
    }
}

pub(super) fn window_of(target: &CheckedTarget) -> &Window {
    target.group().map_or(&Window::Fixed, |group| &group.window)
}

/// The period that people see of a cycle: the one that the group lists at its
/// place, else the one of the enrolment.
pub(super) fn period_of_cycle(target: &CheckedTarget, enrolled: &Enrolled, cycle: i64) -> Option<i64> {
    let group = target.group().filter(|group| group.complete);
    let at = usize::try_from(cycle.saturating_sub(1)).ok();
    let listed = group.and_then(|group| group.periods.get(at?));
    listed.map(|period| period.id).or(enrolled.period)
}

/// The cycle, from 1, that contains a date. Cycles follow each other from the
/// first activity on.
fn cyclic(track: Track, date: i64, length: i64, cycles: i64, offset_days: i64) -> Result<i64, Reason> {
    let first = track.first.unwrap_or(date);
    if date < first {
        return Err(Reason::BeforeFirstCycle);
    }
    let cycle_at = |date: i64| date.saturating_sub(first).div_euclid(length).saturating_add(1);
    let cycle = cycle_at(date);
    if cycle > cycles {
        return Err(Reason::AfterLastCycle);
    }
    let latest = track.latest.unwrap_or(date).max(date);
    let current = cycle_at(latest);
    let end = first.saturating_add(cycle.saturating_mul(length));
    let late = cycle < current;
    if late && (cycle.saturating_add(1) < current || !within_offset(latest, end, offset_days)) {
        return Err(Reason::TooLate { cycle: Some(cycle) });
    }
    Ok(cycle)
}

/// The cycle, from 1, that an activity belongs to where a cycle runs until its
/// value is reached. `ended` says when a cycle did.
fn agnostic(
    track: Track,
    date: i64,
    cycles: i64,
    offset_days: i64,
    ended: impl Fn(i64) -> Option<i64>,
) -> Result<i64, Reason> {
    let (mut cycle, mut start, mut start_before) = (1_i64, None, None);
    while let Some(end) = ended(cycle) {
        (start, start_before) = (Some(end), start);
        cycle = cycle.saturating_add(1);
    }
    match start {
        Some(start) if date < start => {
            let before = cycle.saturating_sub(1);
            if start_before.is_some_and(|before| date < before) {
                return Err(Reason::TooLate { cycle: None });
            }
            let latest = track.latest.unwrap_or(date).max(date);
            if within_offset(latest, start, offset_days) {
                Ok(before)
            } else {
                Err(Reason::TooLate { cycle: Some(before) })
            }
        }
        _ if cycle > cycles => Err(Reason::AfterLastCycle),
        _ => Ok(cycle),
    }
}

/// Whether a late bill still counts in a cycle. When it came is not written in
/// it, so that the latest activity that is known stands for the present.
fn within_offset(latest: i64, end: i64, offset_days: i64) -> bool {
    latest < end.saturating_add(offset_days.saturating_mul(DAY))
}

/// Why a target does not count an activity of its kind. One that does not say
/// of which event it is counts; a return takes back what a bill added.
fn event_refuses(target: &CheckedTarget, activity: &Activity) -> Option<Reason> {
    const BILLS: [&str; 3] = ["TransactionAdd", "ReturnBill", "ReturnTransaction"];
    let (expected, found) = (target.counting().event.as_ref()?, activity.event.as_ref()?);
    let is = |name: &&str| expected.eq_ignore_ascii_case(name);
    if expected.eq_ignore_ascii_case(found) || (activity.is_return() && BILLS.iter().any(is)) {
        return None;
    }
    Some(Reason::Event { expected: expected.to_string(), found: found.to_string() })
}
