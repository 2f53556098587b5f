//! How one customer takes part in one target: in which periods, from when, and
//! what they are to reach.

use smallvec::SmallVec;
use target_rules::value::DateText;
use target_rules::{Number, Zone};

use crate::eligibility::{CheckedTarget, Window};

use super::calendar::Calendar;
use super::standing::Reason;

/// The enrolments of a customer in a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Participation {
    /// The position of the target.
    pub(super) target: usize,
    /// In every period of the group.
    pub(super) all: Option<Terms>,
    /// In periods of the group, by id.
    pub(super) listed: Box<[(i64, Terms)]>,
    /// In what no date is compared with: a period that the payload does not
    /// list, or none.
    pub(super) open: Box<[(Option<i64>, Terms)]>,
    /// From when the customer takes part no more, in no period; in epoch
    /// milliseconds.
    pub(super) withdrawn_from: Option<i64>,
}

/// What an enrolment says; `None` where it only says that somebody takes part, so
/// that a short line of a file takes little memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Terms(Option<Box<StatedTerms>>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct StatedTerms {
    /// What is to be reached; `None` where the target says it.
    value: Option<Number>,
    /// As they are written; in a ledger as instants in its zone.
    from: Option<DateText>,
    until: Option<DateText>,
}

/// The periods that an enrolment is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    /// All that the group lists.
    All,
    /// A period, or none, that no date is compared with.
    Open(Option<i64>),
    /// A period of the group.
    Listed(i64),
}

impl Which {
    /// The periods that an enrolment is for which names this one, or none;
    /// `None` where the group has no such period.
    ///
    /// Cycles begin with the customer's activities and not with a period; there
    /// a period only says which of the target's values is to be reached.
    pub(super) fn of(target: &CheckedTarget, stated: Option<i64>) -> Option<Which> {
        let Some(group) = target.group().filter(|group| !group.periods.is_empty()) else {
            return Some(Which::Open(stated));
        };
        let fixed = group.window == Window::Fixed;
        match stated {
            Some(id) if group.period_ids.contains(&id) && fixed => Some(Which::Listed(id)),
            Some(id) if group.period_ids.contains(&id) || !group.complete => Some(Which::Open(Some(id))),
            Some(_) => None,
            None if fixed => Some(Which::All),
            None => Some(Which::Open(group.periods.first().map(|period| period.id))),
        }
    }
}

/// One customer in one period of one target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Enrolled {
    /// `None` where the target has no periods, or none that are fixed.
    pub(super) period: Option<i64>,
    /// What is to be reached.
    pub(super) value: Number,
}

/// The periods that an activity may count in: nearly always one.
pub(super) type EnrolledPeriods = SmallVec<[Enrolled; 1]>;

impl Terms {
    /// Activities count from a date on, and before another one; a day without
    /// a time of day counts whole.
    pub(super) fn new(value: Option<Number>, from: Option<DateText>, until: Option<DateText>) -> Terms {
        let stated = value.is_some() || from.is_some() || until.is_some();
        Terms(stated.then(|| Box::new(StatedTerms { value, from, until })))
    }

    fn resolve(&mut self, zone: &Zone) {
        if let Some(StatedTerms { from, until, .. }) = self.0.as_deref_mut() {
            for date in [from, until] {
                *date = date.and_then(|date| date.resolve(zone)).map(DateText::Instant);
            }
        }
    }

    /// From when and until when activities count, in epoch milliseconds.
    pub(super) fn span(&self) -> (Option<i64>, Option<i64>) {
        let Some(StatedTerms { from, until, .. }) = self.0.as_deref() else { return (None, None) };
        (bound(from.as_ref()), bound(until.as_ref()))
    }

    /// What is to be reached; `None` where the target says it.
    pub(super) fn value(&self) -> Option<Number> {
        self.0.as_deref().and_then(|stated| stated.value)
    }

    /// Whether the customer takes part at a time, and if not, why.
    pub(super) fn at(&self, date: i64) -> Result<(), Reason> {
        let (from, until) = self.span();
        if from.is_some_and(|since| date < since) {
            Err(Reason::BeforeEnrolment)
        } else if until.is_some_and(|before| date >= before) {
            Err(Reason::Withdrawn)
        } else {
            Ok(())
        }
    }
}

/// A date that was found out, in epoch milliseconds.
fn bound(date: Option<&DateText>) -> Option<i64> {
    match date {
        Some(DateText::Instant(instant)) => Some(instant.milliseconds()),
        _ => None,
    }
}

impl Participation {
    pub(super) fn new(target: usize) -> Participation {
        Participation {
            target,
            all: None,
            listed: Box::default(),
            open: Box::default(),
            withdrawn_from: None,
        }
    }

    /// The enrolments of a customer in a target, put together.
    pub(super) fn of(target: usize, terms: impl Iterator<Item = (Which, Terms)>) -> Participation {
        let mut participation = Participation::new(target);
        let (mut listed, mut open) = (Vec::new(), Vec::new());
        for (which, terms) in terms {
            match which {
                Which::All => participation.all = Some(terms),
                Which::Listed(period) => listed.push((period, terms)),
                Which::Open(period) => open.push((period, terms)),
            }
        }
        listed.sort_by_key(|(period, _)| *period);
        open.sort_by_key(|(period, _)| *period);
        (participation.listed, participation.open) = (listed.into(), open.into());
        participation
    }

    /// Finds out when the dates of the enrolments are.
    pub(super) fn resolve(&mut self, zone: &Zone) {
        let all = self.all.iter_mut().chain(self.listed.iter_mut().map(|(_, terms)| terms));
        all.chain(self.open.iter_mut().map(|(_, terms)| terms)).for_each(|terms| terms.resolve(zone));
    }

    /// The terms in a period of the group.
    pub(super) fn in_period(&self, period: i64) -> Option<&Terms> {
        let listed = self.listed.binary_search_by_key(&period, |(period, _)| *period).ok();
        let listed = listed.and_then(|at| self.listed.get(at)).map(|(_, terms)| terms);
        listed.or(self.all.as_ref())
    }

    /// Whether the customer has withdrawn from all periods at a time.
    pub(super) fn withdrawn_at(&self, date: i64) -> bool {
        self.withdrawn_from.is_some_and(|from| date >= from)
    }

    /// Whether somebody has listed the customer again by these terms, after she
    /// had withdrawn from all periods.
    pub(super) fn resumes_by(&self, terms: &Terms) -> bool {
        let (Some(since), until) = terms.span() else { return false };
        // Of a withdrawal from the beginning of time on nobody knows when it was; and
        // one may be enrolled for later, and withdraw before that.
        let lasts = until.is_none_or(|until| since < until);
        let after = |from: i64| from != i64::MIN && lasts && since >= from;
        self.withdrawn_from.is_some_and(after)
    }

    /// Whether somebody has listed the customer, in whichever period.
    pub(super) fn is_listed(&self) -> bool {
        self.all.is_some() || !self.listed.is_empty() || !self.open.is_empty()
    }

    /// Whether somebody has listed her in what no date is compared with.
    pub(super) fn names_open(&self, period: Option<i64>) -> bool {
        self.open.iter().any(|(open, _)| *open == period)
    }

    /// Whether somebody has listed her in a period of the group by its id.
    pub(super) fn names_listed(&self, period: i64) -> bool {
        self.listed.binary_search_by_key(&period, |(period, _)| *period).is_ok()
    }

    /// Whether somebody has listed the customer in a period.
    pub(super) fn names(&self, period: Option<i64>) -> bool {
        self.names_open(period) || period.is_some_and(|period| self.in_period(period).is_some())
    }

    /// Whether the customer takes part at a time, in whichever period.
    pub(super) fn ever_at(&self, date: i64) -> bool {
        let all = self.all.iter().chain(self.listed.iter().map(|(_, terms)| terms));
        !self.withdrawn_at(date)
            && all.chain(self.open.iter().map(|(_, terms)| terms)).any(|terms| terms.at(date).is_ok())
    }

    /// Every period that the customer is enrolled in and what is to be reached
    /// there, where the enrolment says it, in the order of the ids.
    pub(super) fn periods(&self, calendar: &Calendar) -> Vec<(Option<i64>, Option<Number>)> {
        let listed = self.listed.iter().map(|(period, terms)| (Some(*period), terms.value()));
        let named = |id: &&i64| self.names_listed(**id);
        let others = || calendar.ids().iter().filter(move |id| !named(id));
        let all = self.all.iter().flat_map(|terms| {
            let value = terms.value();
            others().map(move |id| (Some(*id), value))
        });
        let open = self.open.iter().map(|(period, terms)| (*period, terms.value()));
        let mut periods: Vec<_> = listed.chain(all).chain(open).collect();
        periods.sort_by_key(|(period, _)| *period);
        periods
    }
}
