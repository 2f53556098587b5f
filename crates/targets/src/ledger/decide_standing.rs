//! Whether an activity would count for each target of a ledger, and why not.

use target_rules::Truth;

use crate::eligibility::local_day;

use super::activity::Activity;
use super::booking::{Ledger, event_refuses};
use super::contribution::{MissingFigure, contribution};
use super::standing::{Reason, Standing};

impl Ledger {
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
            let slots = self.slots_for(activity);
            match contribution(&slots, (at, target), activity, &eligibility.items) {
                Ok(_) => {}
                Err(MissingFigure::Absent(names)) => {
                    standing.result = Truth::Unknown;
                    standing.absent = names;
                }
                Err(MissingFigure::Overflow) => standing.result = Truth::Unknown,
            }
        }
        standing.reason = reason;
        Some(standing)
    }
}
