//! How one customer takes part in one target: in which periods, from when, and
//! what they are to reach.

use smallvec::SmallVec;
use target_rules::value::DateText;
use target_rules::{Instant, Number, Zone};

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
    pub(super) listed: Vec<(i64, Terms)>,
    /// In what no date is compared with: a period that the payload does not
    /// list, or none.
    pub(super) open: Vec<(Option<i64>, Terms)>,
    /// Whether the customer takes part no more, in no period.
    pub(super) withdrawn: bool,
}

/// What an enrolment says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Terms {
    /// What is to be reached; `None` where the target says it.
    pub(super) value: Option<Number>,
    from: Option<DateText>,
    until: Option<DateText>,
    /// The same two in epoch milliseconds, in the zone of the ledger.
    since: i64,
    before: i64,
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
        Terms { value, from, until, since: i64::MIN, before: i64::MAX }
    }

    fn resolve(&mut self, zone: &Zone) {
        let at = |date: Option<DateText>| date.and_then(|date| date.resolve(zone)).map(Instant::milliseconds);
        self.since = at(self.from).unwrap_or(i64::MIN);
        self.before = at(self.until).unwrap_or(i64::MAX);
    }

    /// Whether the customer takes part at a time, and if not, why.
    pub(super) fn at(&self, date: i64) -> Result<(), Reason> {
        if date < self.since {
            Err(Reason::BeforeEnrolment)
        } else if date >= self.before {
            Err(Reason::Withdrawn)
        } else {
            Ok(())
        }
    }
}

impl Participation {
    pub(super) fn new(target: usize) -> Participation {
        Participation { target, all: None, listed: Vec::new(), open: Vec::new(), withdrawn: false }
    }

    /// Puts the periods in order, so that they are found.
    pub(super) fn sort(&mut self) {
        self.listed.sort_by_key(|(period, _)| *period);
        self.open.sort_by_key(|(period, _)| *period);
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

    /// Whether the customer takes part at a time, in whichever period.
    pub(super) fn ever_at(&self, date: i64) -> bool {
        let all = self.all.iter().chain(self.listed.iter().map(|(_, terms)| terms));
        !self.withdrawn
            && all.chain(self.open.iter().map(|(_, terms)| terms)).any(|terms| terms.at(date).is_ok())
    }

    /// Every period that the customer is enrolled in and the terms there, in
    /// the order of the ids.
    pub(super) fn periods(&self, calendar: &Calendar) -> Vec<(Option<i64>, Terms)> {
        let listed = self.listed.iter().map(|(period, terms)| (Some(*period), *terms));
        let named = |id: &&i64| self.listed.binary_search_by_key(*id, |(period, _)| *period).is_ok();
        let others = || calendar.ids().iter().filter(move |id| !named(id));
        let all = self.all.iter().flat_map(|terms| others().map(|id| (Some(*id), *terms)));
        let mut periods: Vec<_> = listed.chain(all).chain(self.open.iter().copied()).collect();
        periods.sort_by_key(|(period, _)| *period);
        periods
    }
}
