//! The targets of a ledger, compiled: shared by all customers, never changed.

use std::collections::HashSet;

use hashbrown::HashMap;
use target_rules::{Evaluation, Layout, Program, Truth, Zone};

use crate::eligibility::{CheckedGroup, CheckedTarget, Window, unknown_text};
use crate::model::EvaluationType;

use super::account::Method;
use super::activity::Head;
use super::asked_items::beyond_items;
use super::calendar::Calendar;
use super::outline::{Events, Outline, window_of};
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
    /// By the position of the target.
    outlines: Vec<Outline>,
    /// Of the groups; the first one has no periods.
    calendars: Vec<Calendar>,
    by_id: HashMap<i64, usize>,
    /// The targets that a bill enrols in.
    pub(super) enrolling: Vec<usize>,
    /// Whether some windows are not fixed.
    pub(super) any_cycles: bool,
    /// The targets that count line items, chosen by their rule.
    pub(super) asking_items: Vec<usize>,
    /// Of those whose rule asks for more than line items: what else, by its names.
    pub(super) asking_beyond: HashMap<usize, Vec<String>>,
}

impl CompiledTargets {
    pub(super) fn new(targets: Vec<CheckedTarget>, zone: Zone) -> CompiledTargets {
        CompiledTargets::reading(layout_of(&targets), targets, zone)
    }

    /// The same for transactions of a layout that reads all that is needed for these targets.
    pub(super) fn reading(layout: Layout, targets: Vec<CheckedTarget>, zone: Zone) -> CompiledTargets {
        let slots = Slots::of(&layout, &targets);
        // INVARIANT: the layout was made for all rules, so each compiles.
        let programs = targets.iter().map(|target| layout.compile(target.rule()).ok()).collect();
        let (outlines, calendars) = outlines(&targets, &zone);
        let where_ = |holds: fn(&Outline) -> bool| -> Vec<usize> {
            outlines.iter().enumerate().filter(|(_, one)| holds(one)).map(|(at, _)| at).collect()
        };
        let enrolling = where_(|one| one.enrols);
        let asking_items = where_(|one| one.chooses_items && one.of_items && one.gives_back);
        let asking_beyond = asking_items.iter().filter_map(|at| {
            let names = beyond_items(targets.get(*at)?.rule());
            (!names.is_empty()).then_some((*at, names))
        });
        CompiledTargets {
            asking_beyond: asking_beyond.collect(),
            any_cycles: outlines.iter().any(|outline| !outline.fixed),
            by_id: targets.iter().enumerate().map(|(at, target)| (target.id(), at)).collect(),
            targets,
            zone,
            layout,
            slots,
            programs,
            outlines,
            calendars,
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
        self.calendars.get(self.outline(at)?.calendar)
    }

    pub(super) fn outline(&self, at: usize) -> Option<&Outline> {
        self.outlines.get(at)
    }

    /// How a target is booked.
    pub(super) fn method(&self, at: usize) -> Option<Method<'_>> {
        let outline = self.outline(at)?;
        let window = if outline.fixed { &Window::Fixed } else { window_of(self.get(at)?) };
        Some(Method { summing: outline.summing, window })
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
        let (Some(target), Some(calendar), Some(outline)) =
            (self.get(at), self.calendar(at), self.outline(at))
        else {
            return Err(Reason::NotEnrolled);
        };
        let mut found =
            PeriodSearch { target, date, enrolled: EnrolledPeriods::new(), reason: Reason::NoPeriod };
        if listed.is_none() && !outline.enrols {
            return Err(Reason::NotEnrolled);
        }
        let withdrawn = listed.filter(|listed| listed.withdrawn_at(date));
        let over = |terms: &Terms| withdrawn.is_some_and(|listed| !listed.resumes_by(terms));
        if withdrawn.is_some() {
            found.reason = Reason::Withdrawn;
        }
        if outline.fixed {
            for period in calendar.on(day) {
                match listed.and_then(|listed| listed.in_period(period.id)) {
                    _ if !period.active && withdrawn.is_none() => {
                        found.reason = Reason::PeriodInactive { period_id: period.id }
                    }
                    Some(terms) if !over(terms) => found.add(Some(period.id), terms),
                    None if outline.enrols && withdrawn.is_none() => found.enrol(Some(period.id)),
                    Some(_) | None => {}
                }
            }
        }
        let open = listed.map(|listed| &*listed.open).unwrap_or_default();
        let open_still = open.iter().filter(|(_, terms)| !over(terms));
        open_still.for_each(|(period, terms)| found.add(*period, terms));
        if open.is_empty() && withdrawn.is_none() && outline.enrols && (!outline.fixed || calendar.is_empty())
        {
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
struct PeriodSearch<'t> {
    target: &'t CheckedTarget,
    date: i64,
    enrolled: EnrolledPeriods,
    /// Why there is none. Any reason says more than that there is no period.
    reason: Reason,
}

impl PeriodSearch<'_> {
    fn add(&mut self, period: Option<i64>, terms: &Terms) {
        let value = terms.value().or_else(|| self.target.counting().default_in(period));
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

/// Every target in brief, and the calendars of their groups.
fn outlines(targets: &[CheckedTarget], zone: &Zone) -> (Vec<Outline>, Vec<Calendar>) {
    let mut calendars = vec![Calendar::default()];
    let mut last: Option<&CheckedGroup> = None;
    let outline = |target| {
        let group = CheckedTarget::group(target);
        // Targets of one group stand together.
        if let Some(group) = group
            && !last.is_some_and(|last| std::ptr::eq(last, group))
        {
            calendars.push(Calendar::of(&group.periods, zone));
            last = Some(group);
        }
        Outline::of(target, group.map_or(0, |_| calendars.len().saturating_sub(1)))
    };
    let outlines = targets.iter().map(outline).collect();
    (outlines, calendars)
}

/// Why a target does not count an activity of its kind.
pub(super) fn event_refuses(target: &CheckedTarget, head: &Head) -> Option<Reason> {
    let events = Events::of(target.counting());
    let found = || head.event.as_deref().unwrap_or("an event").to_owned();
    (!events.take(head)).then(|| Reason::Event { expected: events.name().to_owned(), found: found() })
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
