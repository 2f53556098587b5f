//! Enrolling and withdrawing while the service runs. Each case that a caller
//! must tell apart is one of its own.

use target_rules::value::DateText;
use target_rules::{Instant, Limits, Number};

use crate::eligibility::{CheckedGroup, CheckedTarget, Window, unknown_text};
use crate::model::{EnrolmentMethod, EvaluationType, Word};

use super::outline::window_of;
use super::participation::Which;
use super::record::CustomerRecord;
use super::recorded::RecordedEnrolment;

/// That a customer is to be enrolled in a target.
///
/// ```
/// use loyalty_targets::store::EnrolmentRequest;
/// use loyalty_targets::EnrolmentMethod;
/// let mut request = EnrolmentRequest::new(50, EnrolmentMethod::AudienceFilter);
/// request.period_id = Some(7);
/// request.enrolled_on = Some("2026-03-07".parse()?);
/// # Ok::<(), target_rules::value::DateError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct EnrolmentRequest {
    /// The target.
    pub target_id: i64,
    /// Its group, where the caller names one; it is held against the target's.
    pub target_group_id: Option<i64>,
    /// The period; without one, every period of the target's group.
    pub period_id: Option<i64>,
    /// What is to be reached; without it, what the target says.
    pub value: Option<Number>,
    /// How the customer comes to it.
    pub method: EnrolmentMethod,
    /// From when activities count; a day without a time of day is one of the
    /// organisation's zone. Without it all of them do.
    pub enrolled_on: Option<DateText>,
}

impl EnrolmentRequest {
    /// In every period of the target, for what the target says is to be reached.
    pub fn new(target_id: i64, method: EnrolmentMethod) -> EnrolmentRequest {
        EnrolmentRequest {
            target_id,
            target_group_id: None,
            period_id: None,
            value: None,
            method,
            enrolled_on: None,
        }
    }
}

/// Why a customer cannot be enrolled, or cannot withdraw. Nothing is changed.
///
/// ```
/// use loyalty_targets::store::{EnrolmentError, EnrolmentRequest, Roster};
/// use loyalty_targets::EnrolmentMethod;
/// use target_rules::Zone;
/// let roster = Roster::new(Vec::new(), Zone::UTC)?;
/// let request = EnrolmentRequest::new(50, EnrolmentMethod::Import);
/// let refused = roster.stranger(19721).enrol(&request).unwrap_err();
/// assert_eq!(refused, EnrolmentError::NoTarget { target_id: 50 });
/// assert_eq!(refused.to_string(), "there is no target 50");
/// # Ok::<(), loyalty_targets::LedgerError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum EnrolmentError {
    /// There is no such group.
    NoGroup {
        /// The group that was named.
        target_group_id: i64,
    },
    /// The group is switched off.
    GroupInactive {
        /// The group; `None` where it has no id.
        target_group_id: Option<i64>,
    },
    /// There is no such target.
    NoTarget {
        /// The target that was named.
        target_id: i64,
    },
    /// The target is switched off.
    TargetInactive {
        /// The target.
        target_id: i64,
    },
    /// The target is of another group than the one that was named, or of none.
    OtherGroup {
        /// The target.
        target_id: i64,
        /// The group that was named.
        target_group_id: i64,
    },
    /// There is no such period.
    NoPeriod {
        /// The period that was named.
        period_id: i64,
    },
    /// The period is one of another target's.
    OtherPeriod {
        /// The target.
        target_id: i64,
        /// The period that was named.
        period_id: i64,
    },
    /// The customer is enrolled already, in one of these periods at least.
    AlreadyEnrolled {
        /// The target.
        target_id: i64,
        /// The period that she is enrolled in; `None` where it is all of them.
        period_id: Option<i64>,
    },
    /// The customer is not enrolled, or has withdrawn already.
    NotEnrolled {
        /// The target.
        target_id: i64,
    },
    /// Neither the request nor the target says what is to be reached.
    NothingToReach {
        /// The target.
        target_id: i64,
    },
    /// Only a bill enrols by this method.
    OnlyByBill,
    /// What the target counts, or when, is not known here.
    NotCountable {
        /// The target.
        target_id: i64,
        /// Why not.
        why: String,
    },
    /// The customer has as many periods in the target that no group lists as are
    /// booked at once, by the default of the limit `periods-at-once`.
    TooManyPeriods {
        /// The target.
        target_id: i64,
        /// How many there may be.
        most: usize,
    },
    /// The date is none.
    NoDate,
}

impl std::fmt::Display for EnrolmentError {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoGroup { target_group_id } => write!(to, "there is no target group {target_group_id}"),
            Self::GroupInactive { target_group_id: Some(id) } => {
                write!(to, "the target group {id} is switched off")
            }
            Self::GroupInactive { target_group_id: None } => {
                to.write_str("the target's group is switched off")
            }
            Self::NoTarget { target_id } => write!(to, "there is no target {target_id}"),
            Self::TargetInactive { target_id } => write!(to, "the target {target_id} is switched off"),
            Self::OtherGroup { target_id, target_group_id } => {
                write!(to, "the target {target_id} is not of the group {target_group_id}")
            }
            Self::NoPeriod { period_id } => write!(to, "there is no target period {period_id}"),
            Self::OtherPeriod { target_id, period_id } => {
                write!(to, "the period {period_id} is not one of target {target_id}")
            }
            Self::AlreadyEnrolled { target_id, period_id: Some(period) } => {
                write!(to, "the customer is already enrolled in target {target_id} and its period {period}")
            }
            Self::AlreadyEnrolled { target_id, period_id: None } => {
                write!(to, "the customer is already enrolled in target {target_id}")
            }
            Self::NotEnrolled { target_id } => {
                write!(to, "the customer is not enrolled in target {target_id}")
            }
            Self::NothingToReach { target_id } => {
                write!(to, "neither the enrolment nor target {target_id} says what is to be reached")
            }
            Self::OnlyByBill => to.write_str("only a bill enrols by the method TRANSACTION"),
            Self::NotCountable { target_id, why } => {
                write!(to, "target {target_id} cannot be accounted for: {why}")
            }
            Self::TooManyPeriods { target_id, most } => {
                write!(
                    to,
                    "the customer has {most} periods in target {target_id} that are not listed, and may have no more"
                )
            }
            Self::NoDate => to.write_str("this is no date that somebody can be enrolled on"),
        }
    }
}

impl std::error::Error for EnrolmentError {}

impl CustomerRecord {
    /// Enrols the customer, and gives what is recorded of it.
    ///
    /// Whoever has withdrawn can be enrolled again: then activities count from
    /// the withdrawal on, unless the request names a later date.
    ///
    /// Cost is that of her enrolments in this target and of the periods of its group,
    /// however many others there are of either, but for moving those of higher ids in
    /// memory; where the request names a group that the target is not of, or a period
    /// that its group does not list, it is linear in the targets.
    pub fn enrol(&mut self, request: &EnrolmentRequest) -> Result<RecordedEnrolment, EnrolmentError> {
        let targets = self.targets.clone();
        let target_id = request.target_id;
        if request.method == EnrolmentMethod::Transaction {
            return Err(EnrolmentError::OnlyByBill);
        }
        let target = self.wanted(request)?;
        let which = self.which(target, request.period_id)?;
        let since = request.enrolled_on.map(|date| date.resolve(&targets.zone).ok_or(EnrolmentError::NoDate));
        let since = since.transpose()?.map(Instant::milliseconds);
        let reach = |period| request.value.or_else(|| target.counting().default_in(period));
        let reaches = match which {
            Which::All => target
                .group()
                .is_some_and(|group| group.periods.iter().any(|period| reach(Some(period.id)).is_some())),
            Which::Open(period) => reach(period).is_some(),
            Which::Listed(period) => reach(Some(period)).is_some(),
        };
        if !reaches {
            return Err(EnrolmentError::NothingToReach { target_id });
        }
        let mut overlapping = self.overlapping(target, which, request.period_id);
        if let Some(first) = overlapping.find(|one| one.withdrawn_on.is_none()) {
            let period_id = first.period_id;
            return Err(EnrolmentError::AlreadyEnrolled { target_id, period_id });
        }
        drop(overlapping);
        self.few_periods(target, which)?;
        let before: Vec<&RecordedEnrolment> = self.overlapping(target, which, request.period_id).collect();
        let ended = before.iter().filter_map(|one| one.withdrawn_on).max();
        // In every period: those that she had withdrawn from would go on to be excepted.
        let replaced = before.into_iter().filter(|_| matches!(which, Which::All));
        let replaced: Vec<_> = replaced.map(|one| one.period_id).collect();
        self.enrolments.remove(target_id, &replaced);
        let whole = self.enrolments.withdrawn.get(&target_id).copied();
        // From the other periods she has withdrawn still, and bills enrol her in none.
        if !matches!(which, Which::Listed(_)) {
            self.enrolments.withdrawn.remove(&target_id);
        }
        let enrolment = RecordedEnrolment {
            target_id,
            period_id: request.period_id,
            value: request.value,
            method: Word::from(request.method),
            enrolled_on: since.max(ended).max(whole),
            withdrawn_on: None,
        };
        self.enrolments.put(enrolment.clone());
        self.enrolments_changed();
        Ok(enrolment)
    }

    /// Ends that the customer takes part in a target from an instant on, in one
    /// period or in all of it: activities of then and later don't count, and what
    /// was counted stays. Returns go on to take back from the bills that were
    /// counted. After it has ended in all periods, bills enrol her no more.
    ///
    /// Fails where she is not enrolled, or has withdrawn already. Cost is that of her
    /// enrolments in this target, and in a period that is named of one.
    pub fn withdraw(
        &mut self,
        target_id: i64,
        period_id: Option<i64>,
        at: Instant,
    ) -> Result<(), EnrolmentError> {
        let at = at.milliseconds();
        let holding = |one: &&RecordedEnrolment| one.withdrawn_on.is_none();
        let in_period = || self.enrolments.get(target_id, period_id).into_iter();
        let mut ended: Vec<RecordedEnrolment> = match period_id {
            Some(_) => in_period().filter(holding).cloned().collect(),
            None => self.enrolments.of_target(target_id).filter(holding).cloned().collect(),
        };
        if ended.is_empty() {
            // One in every period is one in this period, too.
            let target = self.targets.position(target_id).and_then(|at| self.targets.get(at));
            let listed = target.and_then(|target| Which::of(target, period_id));
            let all = self.enrolments.get(target_id, None).filter(holding).filter(|one| !one.is_by_bill());
            if let (Some(Which::Listed(_)), Some(all)) = (listed, all) {
                ended.push(RecordedEnrolment { period_id, ..all.clone() });
            }
        }
        if ended.is_empty() {
            return Err(EnrolmentError::NotEnrolled { target_id });
        }
        for one in ended {
            self.enrolments.put(RecordedEnrolment { withdrawn_on: Some(at), ..one });
        }
        if period_id.is_none() {
            self.enrolments.withdrawn.insert(target_id, at);
        }
        self.enrolments_changed();
        Ok(())
    }

    /// The target of a request, where somebody can be enrolled in it.
    fn wanted(&self, request: &EnrolmentRequest) -> Result<&CheckedTarget, EnrolmentError> {
        let all = &self.targets.targets;
        let target_id = request.target_id;
        let target = self.targets.position(target_id).and_then(|at| self.targets.get(at));
        let group = target.and_then(CheckedTarget::group);
        let of_group = |id: &i64| group.and_then(|group| group.id) == Some(*id);
        if let Some(target_group_id) = request.target_group_id {
            let named = |group: &&CheckedGroup| group.id == Some(target_group_id);
            // Nearly always its own, so that the others need not be looked at.
            let others = || all.iter().filter_map(CheckedTarget::group).find(named);
            let group = group.filter(named).or_else(others);
            let group = group.ok_or(EnrolmentError::NoGroup { target_group_id })?;
            if !group.active {
                return Err(EnrolmentError::GroupInactive { target_group_id: group.id });
            }
        }
        let target = target.ok_or(EnrolmentError::NoTarget { target_id })?;
        if let Some(target_group_id) = request.target_group_id.filter(|id| !of_group(id)) {
            return Err(EnrolmentError::OtherGroup { target_id, target_group_id });
        }
        if let Some(group) = group.filter(|group| !group.active) {
            return Err(EnrolmentError::GroupInactive { target_group_id: group.id });
        }
        if !target.active() {
            return Err(EnrolmentError::TargetInactive { target_id });
        }
        let why = match (&target.counting().measure, window_of(target)) {
            (Err(why), _) => Some(why.clone()),
            (_, Window::Unknown(word)) => Some(unknown_text::<EvaluationType>(word)),
            _ => None,
        };
        match why {
            Some(why) => Err(EnrolmentError::NotCountable { target_id, why }),
            None => Ok(target),
        }
    }

    /// Her enrolments for a period that a new one is for, too, in order; `stated` is the
    /// period that it names.
    fn overlapping<'r>(
        &'r self,
        target: &'r CheckedTarget,
        which: Which,
        stated: Option<i64>,
    ) -> impl Iterator<Item = &'r RecordedEnrolment> + use<'r> {
        let all = matches!(which, Which::All);
        let of_target = all.then(|| self.enrolments.of_target(target.id()));
        // One in a period can only meet one in the same, or one that names none.
        let period = match which {
            Which::All => None,
            Which::Listed(period) => Some(period),
            Which::Open(period) => period,
        };
        let named = [None, stated, period].into_iter().filter(move |_| !all);
        let named = named.filter_map(|period| self.enrolments.get(target.id(), period));
        of_target.into_iter().flatten().chain(named).filter(move |one| overlap(target, which, one))
    }

    /// That a new enrolment is not one too many that no date is compared with: a
    /// bill is booked in the periods of all.
    fn few_periods(&self, target: &CheckedTarget, which: Which) -> Result<(), EnrolmentError> {
        let (target_id, most) = (target.id(), Limits::default().periods_at_once);
        let of_target = || self.enrolments.of_target(target_id);
        let others = || of_target().filter_map(|one| Which::of(target, one.period_id));
        let open = |which: &Which| matches!(which, Which::Open(_));
        let is_new = open(&which) && others().all(|other| other != which);
        match is_new && others().filter(open).count() >= most {
            true => Err(EnrolmentError::TooManyPeriods { target_id, most }),
            false => Ok(()),
        }
    }

    fn which(&self, target: &CheckedTarget, stated: Option<i64>) -> Result<Which, EnrolmentError> {
        let target_id = target.id();
        let lists = |target: &CheckedTarget, period: i64| {
            target.group().is_some_and(|group| group.period_ids.contains(&period))
        };
        if let Some(period_id) = stated.filter(|period| !lists(target, *period)) {
            if self.targets.targets.iter().any(|other| lists(other, period_id)) {
                return Err(EnrolmentError::OtherPeriod { target_id, period_id });
            }
            // Of a group that lists its periods, no other is known.
            if target.group().is_some_and(|group| group.complete) {
                return Err(EnrolmentError::NoPeriod { period_id });
            }
        }
        let no_period = EnrolmentError::NoPeriod { period_id: stated.unwrap_or_default() };
        Which::of(target, stated).ok_or(no_period)
    }
}

/// Whether an enrolment is for a period that a new one is for, too. One in every
/// period is only in those that something is to be reached in.
fn overlap(target: &CheckedTarget, which: Which, other: &RecordedEnrolment) -> bool {
    let has_default = |period| target.counting().default_in(Some(period)).is_some();
    match (which, Which::of(target, other.period_id)) {
        (_, None) => false,
        (Which::All, Some(Which::All)) => true,
        // What a bill has enrolled her in she is enrolled in.
        (Which::All, Some(Which::Listed(period))) => other.is_by_bill() || has_default(period),
        (Which::Listed(period), Some(Which::All)) => other.value.is_some() || has_default(period),
        (one, Some(other)) => one == other,
    }
}
