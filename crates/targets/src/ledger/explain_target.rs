//! Asks a target part by part whether it counts an activity.

use target_rules::diagnostic::{Diagnostics, Input};
use target_rules::value::DateText;
use target_rules::{Instant, Limits, Transaction, Truth};

use crate::eligibility::{
    CheckedGroup, CheckedPeriod, CheckedTarget, Window, day_in_words, local_day, span_in_words,
};

use super::activity::{Activity, Head};
use super::customer_view::CustomerView;
use super::explained_target::{ExplainedTarget, TargetPart, TargetPartKind};
use super::memory::{Ledger, document_within};
use super::outline::window_of;
use super::standing::{Reason, Standing};
use super::targets::{CompiledTargets, event_refuses};

impl Ledger {
    /// Why an activity counts for a target or doesn't, part by part; `None`
    /// where there is no such target. Nothing is booked.
    ///
    /// `enrolments_known` says whether the ledger was given the enrolments:
    /// without them it is not known who takes part. A document need not say
    /// whose it is, nor when: what follows from that is then not known.
    ///
    /// A return is asked only what it takes back: nothing else of it matters.
    ///
    /// Fails where the document cannot be read.
    ///
    /// Cost is linear in the document, the rule and the periods of the target.
    pub fn explain_target(
        &self,
        target_id: i64,
        document: &(impl Input + ?Sized),
        enrolments_known: bool,
        limits: &Limits,
    ) -> Result<Option<ExplainedTarget>, Diagnostics> {
        let text = document_within(document, limits)?;
        self.targets.explain(target_id, text, enrolments_known, limits, |customer| self.of_customer(customer))
    }
}

impl CompiledTargets {
    /// Why an activity counts for a target or doesn't; `of_customer` gives the
    /// customer whose activity it is.
    pub(super) fn explain<'a>(
        &'a self,
        target_id: i64,
        text: &str,
        enrolments_known: bool,
        limits: &Limits,
        of_customer: impl Fn(i64) -> CustomerView<'a>,
    ) -> Result<Option<ExplainedTarget>, Diagnostics> {
        let transaction = self.layout.read(text, limits)?;
        let Some((at, target)) = self.position(target_id).and_then(|at| Some((at, self.get(at)?))) else {
            return Ok(None);
        };
        let head = Head::of(&self.slots, text, &transaction, &self.zone, limits);
        let (activity, unread) = match head {
            Ok(head) => (Some(Activity { transaction: transaction.clone(), head }), None),
            Err(faults) => (None, faults.iter().next().map(|fault| fault.message.clone())),
        };
        let customer = activity.as_ref().map(|activity| of_customer(activity.customer()));
        let standing = activity.as_ref().zip(customer).and_then(|(one, of)| of.standing_at(at, one));
        let rule = target.rule().explain(&transaction, &self.zone);
        let eligible = target.decide(&transaction, &self.zone).result;
        let asked = TargetQuestion {
            targets: self,
            customer,
            at,
            target,
            activity: activity.as_ref(),
            transaction: &transaction,
        };
        let mut parts = Vec::new();
        if !activity.as_ref().is_some_and(Activity::is_return) {
            parts.extend(asked.before_the_rule(enrolments_known, unread.as_deref()));
            parts.push(match rule.missing_clause() {
                Some(missing) => TargetPart::new(TargetPartKind::Rule, rule.decision.result, missing),
                None => TargetPart::new(TargetPartKind::Rule, Truth::True, "the rule is true"),
            });
        }
        parts.extend(
            standing.as_ref().and_then(|standing| asked.after_the_rule(standing, &parts, enrolments_known)),
        );
        let counts = parts.iter().fold(Truth::True, |all, part| all.and(part.outcome));
        Ok(Some(ExplainedTarget {
            target_id,
            name: target.name().map(str::to_owned),
            transaction: transaction.number().map(str::to_owned),
            counts,
            eligible,
            missing: missing(&parts, counts),
            parts,
            rule,
        }))
    }
}

/// Nobody said who takes part.
const NO_ENROLMENTS: &str = "whether the customer takes part is not known without enrolments";

/// One sentence: of what fails, or else of what is not known.
fn missing(parts: &[TargetPart], counts: Truth) -> Option<String> {
    let word = match counts {
        Truth::True => return None,
        Truth::False => "It does not count",
        Truth::Unknown => "It is not known whether it counts",
    };
    // That no period contains the date is said by the period, and how far off.
    let of_period = |part: &&TargetPart| part.reason == Some(Reason::NoPeriod);
    let period = parts.iter().any(|part| part.part == TargetPartKind::Period && part.outcome == counts);
    let why: Vec<&str> = parts
        .iter()
        .filter(|part| part.outcome == counts && !(period && of_period(part)))
        .map(|part| part.note.as_str())
        .collect();
    Some(format!("{word}: {}.", why.join("; ")))
}

/// A target that is asked about an activity.
struct TargetQuestion<'a> {
    targets: &'a CompiledTargets,
    customer: Option<CustomerView<'a>>,
    at: usize,
    target: &'a CheckedTarget,
    /// `None` where the document does not say whose it is, or when.
    activity: Option<&'a Activity>,
    transaction: &'a Transaction,
}

impl TargetQuestion<'_> {
    /// All but the rule, and what follows from what it adds.
    fn before_the_rule(&self, enrolments_known: bool, unread: Option<&str>) -> Vec<TargetPart> {
        use TargetPartKind::{Active, Filter, Group};
        let part = |kind, holds: bool, yes: &str, no: &str| {
            TargetPart::new(kind, Truth::from(holds), if holds { yes } else { no })
        };
        let active = self.target.active();
        let mut parts = vec![part(Active, active, "it is switched on", "the target is switched off")];
        if let Some(group) = self.target.group() {
            parts.push(part(Group, group.active, "it is switched on", "the target's group is switched off"));
        }
        parts.extend(self.event());
        parts.extend(self.period());
        let filters = self.target.filter_answers(self.transaction).into_iter();
        parts.extend(filters.enumerate().map(|(position, (outcome, note))| TargetPart {
            filter: Some(position),
            ..TargetPart::new(Filter, outcome, note)
        }));
        parts.push(self.enrolment(enrolments_known, unread));
        parts
    }

    fn event(&self) -> Option<TargetPart> {
        let reason = event_refuses(self.target, &self.activity?.head)?;
        let mut part = TargetPart::new(TargetPartKind::Event, Truth::False, reason.to_string());
        part.reason = Some(reason);
        Some(part)
    }

    /// When the activity was, where the document says it.
    fn date(&self) -> Option<Instant> {
        let slot = || self.transaction.layout().slot("currentTxn.date");
        let stated = || DateText::resolve(&self.transaction.get_date(slot()?)?, &self.targets.zone);
        self.activity.map(|activity| activity.head.date).or_else(stated)
    }

    fn period(&self) -> Option<TargetPart> {
        let group = self.target.group()?;
        let period = |outcome, note: String| Some(TargetPart::new(TargetPartKind::Period, outcome, note));
        match window_of(self.target) {
            Window::Fixed if group.periods.is_empty() => None,
            Window::Fixed => match self.date() {
                None => period(Truth::Unknown, "the document does not say when the bill was".to_owned()),
                Some(date) => {
                    let (outcome, note) = self.in_periods(group, date);
                    period(outcome, note)
                }
            },
            // Where a cycle begins follows from what the customer has booked.
            Window::Cyclic { .. } | Window::Agnostic { .. } => None,
            Window::Unknown(word) => {
                period(Truth::Unknown, format!("the evaluation type `{word}` is not known"))
            }
        }
    }

    /// Which period contains a date, or how far off the nearest one is.
    fn in_periods(&self, group: &CheckedGroup, date: Instant) -> (Truth, String) {
        let zone = &self.targets.zone;
        let day = local_day(date, zone);
        let days = |period: &CheckedPeriod| period.days(zone);
        let bill = format!("the bill is of {}", day_in_words(day));
        let containing: Vec<&CheckedPeriod> =
            group.periods.iter().filter(|one| (days(one).0..=days(one).1).contains(&day)).collect();
        if let Some(running) = containing.iter().find(|period| period.active) {
            return (Truth::True, format!("{bill}, in the period {}", span_in_words(days(running))));
        }
        if let Some(off) = containing.first() {
            return (
                Truth::False,
                format!("{bill}, and the period {} is switched off", span_in_words(days(off))),
            );
        }
        let before = group.periods.iter().filter(|one| days(one).1 < day).max_by_key(|one| days(one).1);
        let after = group.periods.iter().filter(|one| days(one).0 > day).min_by_key(|one| days(one).0);
        let ended = before.map(|one| format!("ended on {}", day_in_words(days(one).1)));
        let begins = after.map(|one| format!("begins on {}", day_in_words(days(one).0)));
        let word = |first: &'static str, many: &'static str| {
            if group.periods.len() == 1 { first } else { many }
        };
        let nearest = match (ended, begins) {
            (Some(ended), Some(begins)) => format!("the period before {ended}, the next {begins}"),
            (Some(ended), None) => format!("the {} {ended}", word("period", "last period")),
            (None, Some(begins)) => format!("the {} {begins}", word("period", "first period")),
            (None, None) => "no period contains it".to_owned(),
        };
        (Truth::False, format!("{bill}, {nearest}"))
    }

    fn enrolment(&self, known: bool, unread: Option<&str>) -> TargetPart {
        let part = |outcome, note: String| TargetPart::new(TargetPartKind::Enrolment, outcome, note);
        let targets = self.targets;
        let Some(activity) = self.activity else {
            let note = match unread {
                Some(why) if known => why.to_owned(),
                _ => NO_ENROLMENTS.to_owned(),
            };
            return part(Truth::Unknown, note);
        };
        let head = &activity.head;
        let listed = self.customer.and_then(|customer| customer.participation(self.at));
        if !known && listed.is_none() {
            let enrols = if self.target.enrols() { ", though a bill that counts enrols" } else { "" };
            return part(Truth::Unknown, format!("{NO_ENROLMENTS}{enrols}"));
        }
        let (date, day) = (head.date.milliseconds(), local_day(head.date, &targets.zone));
        match targets.enrolled(self.at, listed, date, day) {
            Ok(_) if listed.is_none() => {
                part(Truth::True, format!("a bill that counts enrols customer {}", head.customer))
            }
            Ok(_) => part(Truth::True, format!("customer {} takes part", head.customer)),
            Err(reason) => {
                let mut refused = part(Truth::False, reason.to_string());
                refused.reason = Some(reason);
                refused
            }
        }
    }

    /// What the ledger says beyond what was asked: that the figure is absent,
    /// that it was counted before, that it came too late.
    fn after_the_rule(
        &self,
        standing: &Standing,
        asked: &[TargetPart],
        enrolments_known: bool,
    ) -> Option<TargetPart> {
        let told = |reason: &Reason| asked.iter().any(|part| part.reason.as_ref() == Some(reason));
        if let Some(reason) = &standing.reason {
            // What follows from enrolments is known only with them; the others
            // were asked one by one.
            let of_parts = matches!(
                reason,
                Reason::TargetInactive
                    | Reason::GroupInactive
                    | Reason::Event { .. }
                    | Reason::Filter { .. }
                    | Reason::Rule { .. }
                    | Reason::NoPeriod
                    | Reason::PeriodInactive { .. }
                    | Reason::NotEnrolled
            );
            if of_parts || told(reason) || !(enrolments_known || self.activity?.is_return()) {
                return None;
            }
            let mut part = TargetPart::new(TargetPartKind::Booking, Truth::False, reason.to_string());
            part.reason = Some(reason.clone());
            return Some(part);
        }
        let ruled = asked.iter().any(|part| part.part == TargetPartKind::Rule && part.outcome.is_true());
        let eligible = asked.iter().all(|part| part.outcome.is_true());
        if ruled && eligible && standing.result == Truth::Unknown {
            let names = standing.absent.join("`, `");
            let note = match standing.absent.as_slice() {
                [] => "what it adds is too large to be counted".to_owned(),
                _ => format!("what it adds is not known: the transaction does not say `{names}`"),
            };
            return Some(TargetPart::new(TargetPartKind::Figure, Truth::Unknown, note));
        }
        let place = match (standing.cycle, standing.period_id) {
            (Some(cycle), _) => format!("it counts in cycle {cycle}"),
            (None, Some(period)) => format!("it counts in period {period}"),
            (None, None) => return None,
        };
        (enrolments_known && standing.result.is_true())
            .then(|| TargetPart::new(TargetPartKind::Booking, Truth::True, place))
    }
}
