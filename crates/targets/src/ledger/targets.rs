//! The targets of a ledger, compiled: shared by all customers, never changed.

use std::collections::HashSet;
use std::sync::Arc;

use hashbrown::HashMap;
use target_rules::{Evaluation, Layout, Program, Truth, Zone};

use crate::eligibility::{CheckedGroup, CheckedTarget, Measure, Window, asks_each_item, unknown_text};
use crate::model::{EvaluationType, TargetEntity};

use super::account::Method;
use super::activity::Head;
use super::book::Summing;
use super::calendar::Calendar;
use super::participation::{Enrolled, EnrolledPeriods, Participation, Terms};
use super::slots::{Slots, layout_of};
use super::standing::Reason;

/// Targets with all that is needed to decide, count and book for them.
#[derive(Debug)]
pub(super) struct CompiledTargets {
    pub(super) targets: Vec<CheckedTarget>,
    pub(super) zone: Zone,
    pub(super) layout: Layout,
    pub(super) slots: Slots,
    /// By the position of the target.
    programs: Vec<Option<Program>>,
    calendars: Vec<Arc<Calendar>>,
    by_id: HashMap<i64, usize>,
    /// The targets that a bill enrols in.
    pub(super) enrolling: Vec<usize>,
    /// Whether some windows are not fixed.
    pub(super) any_cycles: bool,
    /// The targets that count line items, chosen by their rule.
    pub(super) asking_items: Vec<usize>,
}

impl CompiledTargets {
    pub(super) fn new(targets: Vec<CheckedTarget>, zone: Zone) -> CompiledTargets {
        let layout = layout_of(&targets);
        let slots = Slots::of(&layout, &targets);
        // INVARIANT: the layout was made for all rules, so each compiles.
        let programs = targets.iter().map(|target| layout.compile(target.rule()).ok()).collect();
        let where_ = |holds: &dyn Fn(&CheckedTarget) -> bool| {
            targets.iter().enumerate().filter(|(_, target)| holds(target)).map(|(at, _)| at).collect()
        };
        let enrolling = where_(&CheckedTarget::enrols);
        let asking_items = where_(&|target: &CheckedTarget| {
            let counting = target.counting();
            asks_each_item(target.rule())
                && counting.entity == TargetEntity::LineItem
                && counting.gives_back()
        });
        CompiledTargets {
            any_cycles: targets.iter().any(|target| *window_of(target) != Window::Fixed),
            calendars: calendars(&targets, &zone),
            by_id: targets.iter().enumerate().map(|(at, target)| (target.id(), at)).collect(),
            targets,
            zone,
            layout,
            slots,
            programs,
            enrolling,
            asking_items,
        }
    }

    pub(super) fn get(&self, at: usize) -> Option<&CheckedTarget> {
        self.targets.get(at)
    }

    /// The position of the target of an id.
    pub(super) fn position(&self, id: i64) -> Option<usize> {
        self.by_id.get(&id).copied()
    }

    /// The periods of a target's group.
    pub(super) fn calendar(&self, at: usize) -> Option<&Calendar> {
        self.calendars.get(at).map(Arc::as_ref)
    }

    /// The periods of a target in which an activity of a customer may count, by
    /// its date; or why there is none.
    ///
    /// A target that enrols by transaction takes anybody in, in the periods
    /// that nobody has enrolled the customer in: a bill that it counts does so.
    pub(super) fn enrolled(
        &self,
        at: usize,
        listed: Option<&Participation>,
        date: i64,
        day: i64,
    ) -> Result<EnrolledPeriods, Reason> {
        let (Some(target), Some(calendar)) = (self.get(at), self.calendar(at)) else {
            return Err(Reason::NotEnrolled);
        };
        let mut found = Found { target, date, enrolled: EnrolledPeriods::new(), reason: Reason::NoPeriod };
        if listed.is_none() && !target.enrols() {
            return Err(Reason::NotEnrolled);
        }
        if listed.is_some_and(|listed| listed.withdrawn) {
            return Err(Reason::Withdrawn);
        }
        let fixed = *window_of(target) == Window::Fixed;
        if fixed {
            for period in calendar.on(day) {
                match listed.and_then(|listed| listed.in_period(period.id)) {
                    _ if !period.active => found.reason = Reason::PeriodInactive { period_id: period.id },
                    Some(terms) => found.add(Some(period.id), terms),
                    None if target.enrols() => found.enrol(Some(period.id)),
                    None => {}
                }
            }
        }
        let open = listed.map(|listed| listed.open.as_slice()).unwrap_or_default();
        open.iter().for_each(|(period, terms)| found.add(*period, terms));
        if open.is_empty() && target.enrols() && (!fixed || calendar.is_empty()) {
            found.enrol(calendar.ids().first().copied());
        }
        if found.enrolled.is_empty() { Err(found.reason) } else { Ok(found.enrolled) }
    }

    /// Whether the rule of a target holds; the line items for which it does are
    /// in the evaluation afterwards.
    pub(super) fn decide(&self, at: usize, evaluation: &mut Evaluation<'_>) -> Truth {
        let program = self.programs.get(at).and_then(Option::as_ref);
        program.map_or(Truth::Unknown, |program| program.decide(evaluation))
    }
}

/// The periods that were found for an activity.
struct Found<'t> {
    target: &'t CheckedTarget,
    date: i64,
    enrolled: EnrolledPeriods,
    /// Why there is none. Any reason says more than that there is no period.
    reason: Reason,
}

impl Found<'_> {
    fn add(&mut self, period: Option<i64>, terms: &Terms) {
        let value = terms.value.or_else(|| self.target.counting().default_in(period));
        match (value, terms.at(self.date)) {
            (Some(value), Ok(())) => self.enrolled.push(Enrolled { period, value }),
            (Some(_), Err(reason)) => self.reason = reason,
            // Nothing is to be reached there, so nobody takes part.
            (None, _) => {}
        }
    }

    fn enrol(&mut self, period: Option<i64>) {
        match self.target.counting().default_in(period) {
            Some(value) => self.enrolled.push(Enrolled { period, value }),
            None => self.reason = Reason::NotEnrolled,
        }
    }
}

fn calendars(targets: &[CheckedTarget], zone: &Zone) -> Vec<Arc<Calendar>> {
    let none = Arc::new(Calendar::default());
    let mut of_group: Option<(&CheckedGroup, Arc<Calendar>)> = None;
    let calendars = targets.iter().map(|target| {
        let Some(group) = target.group() else { return none.clone() };
        match &of_group {
            Some((last, calendar)) if std::ptr::eq(*last, group) => calendar.clone(),
            _ => {
                let calendar = Arc::new(Calendar::of(&group.periods, zone));
                of_group = Some((group, calendar.clone()));
                calendar
            }
        }
    });
    calendars.collect()
}

/// The window of a target; one that stands alone counts without end.
pub(super) fn window_of(target: &CheckedTarget) -> &Window {
    target.group().map_or(&Window::Fixed, |group| &group.window)
}

/// How a target is booked.
pub(super) fn method_of(target: &CheckedTarget) -> Method<'_> {
    let counting = target.counting();
    let summing = match (&counting.measure, counting.extreme) {
        (Ok(Measure::Days), _) => Summing::Days,
        (_, Some(extreme)) => Summing::Extreme(extreme),
        (_, None) => Summing::All,
    };
    Method { summing, window: window_of(target) }
}

/// Why a target does not count an activity of its kind. A target that names an
/// event counts that; one of bills and their line items, and no event, counts
/// bills.
pub(super) fn event_refuses(target: &CheckedTarget, head: &Head) -> Option<Reason> {
    let counting = target.counting();
    let of_bills = matches!(counting.entity, TargetEntity::Transaction | TargetEntity::LineItem);
    let refusal = |expected: &str, found: &str| {
        Some(Reason::Event { expected: expected.to_owned(), found: found.to_owned() })
    };
    match (&counting.event, &head.event) {
        (Some(expected), Some(found)) if expected.eq_ignore_ascii_case(found) => None,
        (Some(expected), Some(found)) => refusal(expected, found),
        (None, found) if of_bills && !head.bill => {
            refusal("TransactionAdd", found.as_deref().unwrap_or("an event"))
        }
        _ => None,
    }
}

/// Why some target cannot be accounted for: a word that matters and is not
/// known here.
pub(super) fn unknown_word(targets: &[CheckedTarget], enrolled: &HashSet<usize>) -> Option<(i64, String)> {
    let matters = |(at, target): &(usize, &CheckedTarget)| enrolled.contains(at) || target.enrols();
    targets.iter().enumerate().filter(matters).find_map(|(_, target)| {
        let why = match (&target.counting().measure, window_of(target)) {
            (Err(why), _) => why.clone(),
            (_, Window::Unknown(word)) => unknown_text::<EvaluationType>(word),
            _ => return None,
        };
        Some((target.id(), why))
    })
}
