//! Later dates at which a rule may have another answer.

use target_rules::value::LocalTime;
use target_rules::{Instant, Zone};

use crate::model::{DatePlan, Question, civil};

/// Days that are tried where it isn't known at which a rule may change its
/// answer: every day of a year.
const YEAR: i64 = 366;
/// So many answers on days are looked at.
const MOST_WORK: usize = 400_000;
/// More dates than this are not tried.
const MOST_DATES: usize = 1_000;

/// Dates after one, and whether there are more than are told.
#[derive(Debug)]
pub(super) struct Later {
    pub(super) dates: Vec<Instant>,
    pub(super) left_out: bool,
}

/// Dates after one, the nearest day first, and on a day the earliest. Among them
/// is one for each answer that the questions have together after that date: on the
/// first such day at the same time of the day and at the times that are asked
/// for, and the instants at which an answer changes. `every` day of a year is
/// among them where the rule asks more than the questions. Midnight comes last
/// of its day where nothing asks for times. An earlier date is nothing that a
/// customer brings about.
pub(super) fn later(questions: &[Question], every: bool, from: Instant, zone: &Zone) -> Later {
    let local = zone.local(from);
    let today = local.epoch_day();
    let plan = DatePlan::of(questions, zone);
    let (mut days, mut left_out) = match &plan {
        Some(plan) => plan.days_after(today, MOST_WORK),
        None => Default::default(),
    };
    days.insert(today);
    let unknown = every || plan.is_none();
    left_out |= unknown;
    if unknown {
        days.extend((1..=YEAR).map(|more| today.saturating_add(more)));
    }
    let minutes: Vec<i64> = match &plan {
        Some(plan) => plan.minutes().iter().copied().collect(),
        None => vec![0],
    };
    let mut found: Vec<Instant> = Vec::new();
    for midnight in days.into_iter().filter_map(civil) {
        if found.len() > MOST_DATES {
            left_out = true;
            break;
        }
        let same = midnight.at(local.hour(), local.minute(), local.second());
        let starts =
            minutes.iter().map(|minute| midnight.at(minute.div_euclid(60), minute.rem_euclid(60), 0));
        found.extend(starts.chain([same]).flatten().filter_map(|local| zone.instant(local).ok()));
    }
    let instants = plan.iter().flat_map(|plan| plan.instants());
    found.extend(instants.filter_map(|at| Instant::from_milliseconds(*at).ok()));
    found.retain(|date| *date > from);
    let is_asked = |date: &Instant| {
        minutes.len() > 1 || plan.as_ref().is_some_and(|plan| plan.instants().contains(&date.milliseconds()))
    };
    found.sort_by_cached_key(|date| {
        let local = zone.local(*date);
        (local.epoch_day(), is_midnight(local) && !is_asked(date), *date)
    });
    found.dedup();
    left_out |= found.len() > MOST_DATES;
    found.truncate(MOST_DATES);
    Later { dates: found, left_out }
}

fn is_midnight(local: LocalTime) -> bool {
    civil(local.epoch_day()) == Some(local)
}
