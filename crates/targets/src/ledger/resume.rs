//! Reads the state of a ledger. Nothing of it is trusted: a file that something
//! has happened to is refused, with what is wrong and where.

use std::collections::{BTreeSet, HashSet};

use hashbrown::HashMap;
use serde::Deserialize;
use target_rules::Limits;
use target_rules::diagnostic::{Code, Diagnostic, Diagnostics, Form, Input, Source, Span, excerpt};
use target_rules::json::{Located, Reader};

use crate::json::text_within;
use crate::model::place_of;

use super::memory::Ledger;
use super::outline::window_of;
use super::recorded::RecordedEnrolments;
use super::restore::{Customers, customers, first_customers};
use super::saved::{AnyState, FirstState, SavedTarget, State, VERSION};
use super::state::{counts, event_name, periods};
use super::state_fault::{StateFault, placed};

/// What a state comes to.
struct Resumed {
    customers: Customers,
    /// The targets that it was booked by and that are not here.
    gone: Vec<SavedTarget>,
    warnings: Vec<StateFault>,
}

impl Ledger {
    /// Reads what [`Ledger::state`] has written, from text or bytes, in place of
    /// all that is booked; gives what is dubious of it.
    ///
    /// A state of version 1 is read too. It has sums without their parts, so
    /// that nothing is taken back of the bills in it.
    ///
    /// Fails where it is no state, or one that this crate never writes; where it
    /// was booked in another zone; and where a target has counted something
    /// else. Then nothing is changed. That the rule of a target, its filters, its
    /// event or the days of a period with bills have changed is a warning.
    ///
    /// Cost is linear in the state.
    pub fn resume(
        &mut self,
        state: &(impl Input + ?Sized),
        limits: &Limits,
    ) -> Result<Diagnostics, Diagnostics> {
        let text = text_within(state, "the state has", limits)?;
        let source = Source::new(Form::Payload, text);
        let gathered = |found: Vec<Diagnostic>| Diagnostics::gather(&source, found, limits.errors);
        let resumed = match self.read_state(text) {
            Ok(resumed) => resumed.map_err(|fault| gathered(placed(text, vec![fault])))?,
            Err(no_state) => return Err(gathered(vec![no_state])),
        };
        (self.customers, self.gone) = (resumed.customers, resumed.gone);
        // Lists are held against the periods that there are, so none states one that is gone.
        let stated = RecordedEnrolments::default();
        for (id, customer) in &mut self.customers {
            customer.take_back_missed(&self.targets);
            let enrolled = self.enrolled.get(id).map(Vec::as_slice).unwrap_or_default();
            customer.carry_over(&self.targets, enrolled, &stated);
        }
        Ok(gathered(placed(text, resumed.warnings)))
    }

    /// Fails where it is no state at all; within, where something of it is wrong.
    fn read_state(&self, text: &str) -> Result<Result<Resumed, StateFault>, Diagnostic> {
        let any: AnyState = serde_json::from_str(text).map_err(|error| no_state(text, &error, false))?;
        match any.version {
            1 => parsed(text).map(|state| self.first_resumed(state)),
            VERSION => parsed(text).map(|state| self.resumed(state)),
            other => {
                let message =
                    format!("this state is of version {other}; versions 1 and {VERSION} can be read");
                Ok(Err(StateFault::new(message).at("version")))
            }
        }
    }

    fn first_resumed(&self, state: FirstState) -> Result<Resumed, StateFault> {
        let message = "this state is of version 1, which names neither zone nor targets; it is taken as booked in this zone and by these targets";
        let customers = first_customers(state)?;
        let targets = customers.values().flat_map(|customer| customer.accounts.keys());
        let gone: BTreeSet<i64> = targets.copied().filter(|id| self.is_gone(*id)).collect();
        Ok(Resumed {
            customers,
            gone: gone.into_iter().map(SavedTarget::unknown).collect(),
            warnings: vec![StateFault::warning(message).at("version")],
        })
    }

    fn resumed(&self, state: State) -> Result<Resumed, StateFault> {
        let warnings = self.compared(&state.zone, &state.targets)?;
        let ids: HashSet<i64> = state.targets.iter().map(|target| target.id).collect();
        let customers = customers(state.accounts, state.returns, &ids, &|id| self.targets.summing(id))?;
        let gone = state.targets.into_iter().filter(|target| self.is_gone(target.id)).collect();
        Ok(Resumed { customers, gone, warnings })
    }

    fn is_gone(&self, target: i64) -> bool {
        self.targets.position(target).is_none()
    }

    /// Whether the state was booked as this ledger books; what has changed that
    /// leaves its counts right.
    fn compared(&self, zone: &str, targets: &[SavedTarget]) -> Result<Vec<StateFault>, StateFault> {
        let here = self.targets.zone.name();
        if zone != here {
            let zone = excerpt(zone);
            let message = format!("this state was booked in the zone `{zone}`, not in `{here}`");
            let help = format!("go on with `--timezone {zone}`, or book all bills anew");
            return Err(StateFault::new(message).help(help).at("zone"));
        }
        let (mut warnings, mut ids) = (Vec::new(), HashSet::new());
        for (at, saved) in targets.iter().enumerate() {
            if !ids.insert(saved.id) {
                let twice = StateFault::new(format!("the target {} stands twice", saved.id));
                return Err(twice.within("targets", at));
            }
            let of_target = self.compared_target(saved).map_err(|fault| fault.within("targets", at))?;
            warnings.extend(of_target.into_iter().map(|warning| warning.within("targets", at)));
        }
        Ok(warnings)
    }

    fn compared_target(&self, saved: &SavedTarget) -> Result<Vec<StateFault>, StateFault> {
        let id = saved.id;
        let target = self.targets.position(id).and_then(|at| self.targets.get(at));
        let Some(target) = target else { return Ok(Vec::new()) };
        let now = counts(target.counting(), window_of(target));
        let Some(counted) = &saved.counts else {
            let message = format!(
                "what target {id} has counted is not known, since it was in no payload after a state of version 1; it is taken as {now}"
            );
            return Ok(vec![StateFault::warning(message)]);
        };
        if now != *counted {
            let message = format!("target {id} has counted {}, and now counts {now}", excerpt(counted));
            let help = "give the target another id, or book all bills anew";
            return Err(StateFault::new(message).help(help).at("counts"));
        }
        let changed = |what: String| {
            StateFault::warning(format!("{what} changed since bills were booked; what is booked stays"))
        };
        let mut warnings = Vec::new();
        let differs = |saved: &Option<String>, now: &str| saved.as_deref().is_some_and(|saved| saved != now);
        if differs(&saved.rule, &target.rule().to_text()) {
            warnings.push(changed(format!("the rule of target {id} has")).at("rule"));
        }
        if differs(&saved.filters, &target.filters_text()) {
            warnings.push(changed(format!("the filters of target {id} have")).at("filters"));
        }
        if differs(&saved.event, event_name(target.counting())) {
            warnings.push(changed(format!("the event of target {id} has")).at("event"));
        }
        let now: HashMap<i64, String> = periods(target, &self.targets.zone).collect();
        for (period, before) in &saved.periods {
            let at = |fault: StateFault| fault.at(&period.to_string()).at("periods");
            let before_shown = excerpt(before);
            match now.get(period) {
                Some(days) if days == before => {}
                Some(days) => {
                    let what = format!(
                        "the days of period {period} of target {id} ({before_shown}, now {days}) have"
                    );
                    warnings.push(at(changed(what)));
                }
                None => {
                    let what = format!(
                        "period {period} of target {id} ({before_shown}) is not there any more; what is booked in it counts in the period that contains its day, if there is one"
                    );
                    warnings.push(at(StateFault::warning(what)));
                }
            }
        }
        Ok(warnings)
    }
}

fn parsed<'t, T: Deserialize<'t>>(text: &'t str) -> Result<T, Diagnostic> {
    serde_json::from_str(text).map_err(|error| no_state(text, &error, true))
}

/// What is said of a text that is no state; `begun` where its version is one.
fn no_state(text: &str, error: &serde_json::Error, begun: bool) -> Diagnostic {
    let syntax = if error.is_data() { None } else { json_fault(text) };
    syntax.unwrap_or_else(|| {
        // The names of fields that nobody writes by hand help nobody.
        let place = if begun { place_of(text, error) } else { Span::new(0, 1) };
        Diagnostic::new(Code::PayloadShape, place, "this file is not a state that progress writes")
    })
}

/// Why a text is no JSON, in the words of all other documents.
fn json_fault(text: &str) -> Option<Diagnostic> {
    let mut json = Reader::new(text);
    Located::read(&mut json).and_then(|_| json.finish()).err()
}
