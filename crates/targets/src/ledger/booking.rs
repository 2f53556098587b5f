//! The accounts of customers. An activity is first weighed, which says what it
//! would add and changes nothing; what was weighed is booked in batches.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};
use target_rules::diagnostic::{Diagnostics, Input};
use target_rules::value::Total;
use target_rules::{Instant, Layout, Limits, Number, Truth, Zone};

use crate::eligibility::{CheckedGroup, CheckedTarget, Eligibility, Window, local_day};

use super::account::{Account, AccountKey};
use super::activity::{Activity, ActivityNumber};
use super::contribution::contribution;
use super::cycles::{Track, agnostic, cyclic, period_of_cycle, window_of};
use super::enrolment::{Enrolled, Enrolments};
use super::slots::{Slots, layout_of};
use super::standing::Reason;

/// What customers have achieved of their targets.
///
/// In fixed calendar windows the progress does not depend on the order of the
/// activities, nor on how they are split into batches. In the other windows a
/// batch is booked by date, then number; an activity that comes in a later batch
/// than its date asks for still counts within the group's `offsetDays`.
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
    pub(super) targets: Vec<CheckedTarget>,
    pub(super) enrolments: Enrolments,
    pub(super) zone: Zone,
    layout: Layout,
    slots: Slots,
    pub(super) accounts: BTreeMap<AccountKey, Account>,
    /// By customer and target, where windows are not fixed.
    pub(super) tracks: BTreeMap<(i64, i64), Track>,
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

/// What an activity adds to a target of its customer; to be booked.
///
/// ```
/// use loyalty_targets::{Enrolments, Ledger, Payload, Weighed};
/// use target_rules::{Limits, Schema, Zone};
/// let limits = Limits::default();
/// let text = r#"{"data": [{"id": 50, "targetType": "SALES",
///                          "expression": "currentTxn.value>500"}]}"#;
/// let payload = Payload::read(text, &limits)?;
/// let schema = Schema::standard();
/// let targets = payload.targets().filter_map(|one| one.check(&schema, &limits).target);
/// let targets: Vec<_> = targets.collect();
/// let enrolments = r#"[{"userId": 19721, "targetId": 50, "value": 5000}]"#;
/// let enrolments = Enrolments::read(enrolments, &targets, &limits)?;
/// let mut ledger = Ledger::new(targets, enrolments, Zone::UTC)?;
/// let bill = r#"{"currentCustomer": {"id": 19721},
///     "currentTxn": {"number": "n-1", "date": "2026-03-07", "value": 730.50}}"#;
/// let weighed: Vec<Weighed> = ledger.weigh(&ledger.read(bill, &limits)?);
/// assert_eq!(weighed.len(), 1, "the customer takes part in one target");
/// let achieved = |ledger: &Ledger| {
///     let progress = ledger.progress().next();
///     serde_json::to_value(progress).map(|progress| progress["achieved"].to_string())
/// };
/// assert_eq!(achieved(&ledger)?, "0"); // weighing books nothing
/// ledger.book(weighed);
/// assert_eq!(achieved(&ledger)?, "730.5");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weighed {
    date: i64,
    number: ActivityNumber,
    user: i64,
    target: usize,
    day: i64,
    adds: Contribution,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Contribution {
    /// It adds nothing. It is kept because cycles begin with the customer's
    /// first activity, whether it counts or not.
    Nothing,
    Known(Total),
    /// It is unknown whether it counts, or how much it adds.
    Unknown,
}

/// An activity that was weighed and not counted.
///
/// ```
/// use loyalty_targets::{Enrolments, Ledger, Payload, Reason};
/// use target_rules::{Limits, Schema, Zone};
/// let limits = Limits::default();
/// let text = r#"{"data": [{"id": 50, "targetType": "SALES",
///                          "expression": "currentTxn.value>500"}]}"#;
/// let payload = Payload::read(text, &limits)?;
/// let schema = Schema::standard();
/// let targets = payload.targets().filter_map(|one| one.check(&schema, &limits).target);
/// let targets: Vec<_> = targets.collect();
/// let enrolments = r#"[{"userId": 19721, "targetId": 50, "value": 5000}]"#;
/// let enrolments = Enrolments::read(enrolments, &targets, &limits)?;
/// let mut ledger = Ledger::new(targets, enrolments, Zone::UTC)?;
/// let bill = r#"{"currentCustomer": {"id": 19721},
///     "currentTxn": {"number": "n-1", "date": "2026-03-07", "value": 730.50}}"#;
/// let weighed = ledger.weigh(&ledger.read(bill, &limits)?);
/// assert!(ledger.book(weighed.clone()).is_empty());
/// // The same bill comes again with a later batch.
/// let again = ledger.book(weighed);
/// assert_eq!((again[0].number.as_str(), again[0].target_id), ("n-1", 50));
/// assert_eq!(again[0].reason, Some(Reason::CountedBefore));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct NotCounted {
    /// The activity's number.
    pub number: String,
    /// The customer.
    pub user_id: i64,
    /// The target.
    pub target_id: i64,
    /// Why not; `None` where it is unknown whether it counts, or how much it adds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
}

/// The account that an activity is booked in, and what is to be reached there.
pub(super) struct Destination {
    pub(super) key: AccountKey,
    value: Number,
    pub(super) period: Option<i64>,
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
        let layout = layout_of(&targets);
        let slots = Slots::of(&layout, &targets);
        Ok(Ledger {
            targets,
            enrolments,
            zone,
            layout,
            slots,
            accounts: BTreeMap::new(),
            tracks: BTreeMap::new(),
        })
    }

    /// Reads the document of an activity, from text or bytes.
    ///
    /// Beside what makes any document refused, one is refused that says no
    /// customer, no number or no date.
    pub fn read(&self, document: &(impl Input + ?Sized), limits: &Limits) -> Result<Activity, Diagnostics> {
        Activity::read(&self.layout, &self.slots, document, &self.zone, limits)
    }

    /// What an activity adds to the targets that its customer takes part in.
    /// Nothing is booked, so that activities can be weighed side by side.
    pub fn weigh(&self, activity: &Activity) -> Vec<Weighed> {
        let mut weighed: Vec<Weighed> = Vec::new();
        let slots = self.slots_for(activity);
        let enrolled = self.enrolments.by_customer.get(&activity.customer);
        for at in enrolled.into_iter().flat_map(BTreeMap::keys) {
            let Some(target) = self.targets.get(*at) else { continue };
            let eligibility = self.decide(target, activity);
            let adds = match eligibility.result {
                Truth::False => Contribution::Nothing,
                Truth::Unknown => Contribution::Unknown,
                Truth::True => match contribution(&slots, (*at, target), activity, &eligibility.items) {
                    Ok(total) => Contribution::Known(total),
                    Err(_) => Contribution::Unknown,
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

    /// The slots of an activity: this ledger's, unless another one read it.
    pub(super) fn slots_for(&self, activity: &Activity) -> Cow<'_, Slots> {
        // INVARIANT: an activity says its customer, so that only a slot of
        // another layout holds none.
        match activity.number_in(self.slots.customer) {
            Some(_) => Cow::Borrowed(&self.slots),
            None => Cow::Owned(Slots::of(activity.transaction.layout(), &self.targets)),
        }
    }

    /// Books a batch, and says what of it does not count. The order of the
    /// batch does not matter.
    pub fn book(&mut self, mut batch: Vec<Weighed>) -> Vec<NotCounted> {
        // By date, then number; the rest makes the order total, so that two
        // documents of one number count alike in whatever order they come.
        batch.sort_by(|a, b| {
            (a.date, &a.number, a.user, a.target, &a.adds)
                .cmp(&(b.date, &b.number, b.user, b.target, &b.adds))
        });
        let mut not_counted = Vec::new();
        for weighed in batch {
            let counts = weighed.adds != Contribution::Nothing;
            let unknown = weighed.adds == Contribution::Unknown;
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
        if weighed.adds == Contribution::Nothing {
            // It may have been unknown in an earlier batch, and is decided now.
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
                Contribution::Known(added) => {
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
    pub(super) fn counted(&self, key: &AccountKey, number: &ActivityNumber) -> bool {
        let first = AccountKey { cycle: 0, ..key.clone() };
        let last = AccountKey { cycle: i64::MAX, ..key.clone() };
        self.accounts.range(first..=last).any(|(_, account)| account.counted.contains(number))
    }

    /// Where an activity of a customer counts for a target, going by its date.
    pub(super) fn places(
        &self,
        user: i64,
        at: usize,
        date: i64,
        day: i64,
    ) -> Result<Vec<Destination>, Reason> {
        let Some(target) = self.targets.get(at) else { return Err(Reason::NotEnrolled) };
        let enrolled = self.enrolments.by_customer.get(&user).and_then(|enrolled| enrolled.get(&at));
        let Some(enrolled) = enrolled else { return Err(Reason::NotEnrolled) };
        let mut places = Vec::new();
        let mut reason = Reason::NoPeriod;
        for enrolled in enrolled {
            match self.place(target, user, enrolled, date, day) {
                Ok(place) => places.push(place),
                // Any other reason says more than that it is in no period.
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
    ) -> Result<Destination, Reason> {
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
            return Ok(Destination { key: key(0), value: enrolled.value, period: enrolled.period });
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
        Ok(Destination {
            key: key(cycle),
            value: enrolled.value,
            period: period_of_cycle(target, enrolled, cycle),
        })
    }

    /// Eligible, and of the activity that the target counts.
    pub(super) fn decide(&self, target: &CheckedTarget, activity: &Activity) -> Eligibility {
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

    /// The targets by their ids.
    pub(super) fn by_id(&self) -> HashMap<i64, usize> {
        self.targets.iter().enumerate().map(|(at, target)| (target.id(), at)).collect()
    }
}

/// Why a target does not count an activity of its kind. One that does not say
/// of which event it is counts; a return takes back what a bill added.
pub(super) fn event_refuses(target: &CheckedTarget, activity: &Activity) -> Option<Reason> {
    const BILLS: [&str; 3] = ["TransactionAdd", "ReturnBill", "ReturnTransaction"];
    let (expected, found) = (target.counting().event.as_ref()?, activity.event.as_ref()?);
    let is = |name: &&str| expected.eq_ignore_ascii_case(name);
    if expected.eq_ignore_ascii_case(found) || (activity.is_return() && BILLS.iter().any(is)) {
        return None;
    }
    Some(Reason::Event { expected: expected.to_string(), found: found.to_string() })
}
