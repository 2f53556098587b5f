//! Who takes part in which target, from when, and what they are to reach.

use std::collections::{BTreeMap, HashMap};

use target_rules::diagnostic::{Code, Diagnostic, Diagnostics, Form, Input, Source, Span};
use target_rules::json::Kind;
use target_rules::value::DateText;
use target_rules::{Limits, Number};

use crate::eligibility::{CheckedTarget, Window};
use crate::json::{Node, ReadJson, parsed_within};
use crate::model::record::record;
use crate::model::{WrittenDate, WrittenNumber};

record! {
    /// That a customer takes part in a target, as a file of enrolments says it.
    pub struct Enrolment, "an enrolment, an object" {
        /// The customer.
        user_id "userId": i64,
        /// The target.
        target_id "targetId": i64,
        /// The period; without one, every period of the target's group.
        period_id "periodId": Option<i64>,
        /// What is to be reached; without it, what the target says.
        value "value": Option<WrittenNumber>,
        /// From when activities count; without it, all of them do.
        enrolled_on "enrolledOn": Option<WrittenDate>,
    }
}

/// Enrolments that fit the targets.
///
/// ```
/// use loyalty_targets::{Enrolments, Payload};
/// use target_rules::{Limits, Schema};
/// let limits = Limits::default();
/// let text = r#"{"data": {"id": 7, "targets": [{"id": 50, "expression": "true"}],
///     "periods": [{"id": 3, "startDate": "2026-01-01", "endDate": "2026-03-31"},
///                 {"id": 4, "startDate": "2026-04-01", "endDate": "2026-06-30"}]}}"#;
/// let payload = Payload::read(text, &limits)?;
/// let schema = Schema::standard();
/// let targets = payload.targets().filter_map(|one| one.check(&schema, &limits).target);
/// let targets: Vec<_> = targets.collect();
/// let text = r#"[{"userId": 19721, "targetId": 50, "value": 5000},
///               {"userId": 19722, "targetId": 50, "periodId": 3, "value": 900}]"#;
/// let enrolments = Enrolments::read(text, &targets, &limits)?;
/// assert_eq!(enrolments.len(), 3); // the first customer takes part in both periods
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Enrolments {
    /// By customer, then by the position of the target among the targets.
    pub(super) by_customer: BTreeMap<i64, BTreeMap<usize, Vec<Enrolled>>>,
}

/// One customer in one period of one target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Enrolled {
    /// The position of the target.
    pub(super) target: usize,
    /// `None` where the target has no periods, or none that are fixed.
    pub(super) period: Option<i64>,
    pub(super) value: Number,
    pub(super) from: Option<DateText>,
}

impl Enrolments {
    /// Reads a file of enrolments, from text or bytes: a list of objects. Cost
    /// is linear in the file.
    ///
    /// Fails where one of them has another shape, names a target or a period
    /// that is not there, stands twice, or does not say what is to be reached
    /// where the target does not say it either. Every fault has its place.
    ///
    /// ```
    /// use loyalty_targets::{Enrolments, Payload};
    /// use target_rules::{Limits, Schema};
    /// let limits = Limits::default();
    /// let text = r#"{"data": [{"id": 50, "expression": "true"}]}"#;
    /// let payload = Payload::read(text, &limits)?;
    /// let schema = Schema::standard();
    /// let checked = payload.targets().filter_map(|one| one.check(&schema, &limits).target);
    /// let targets: Vec<_> = checked.collect();
    /// let text = r#"[
    ///     {"userId": 19721, "targetId": 50, "value": 5000, "enrolledOn": "2024-04-02"},
    ///     {"userId": 19722, "targetId": 51}]"#;
    /// let refused = Enrolments::read(text, &targets, &limits).unwrap_err();
    /// assert!(refused.to_string().contains("no target 51"));
    /// # Ok::<(), target_rules::Diagnostics>(())
    /// ```
    pub fn read(
        file: &(impl Input + ?Sized),
        targets: &[CheckedTarget],
        limits: &Limits,
    ) -> Result<Enrolments, Diagnostics> {
        let parsed = parsed_within(file, "the enrolments have", limits)?;
        let mut reader = EnrolmentReader {
            targets: targets.iter().enumerate().map(|(at, target)| (target.id(), (at, target))).collect(),
            read: Enrolments::default(),
            seen: HashMap::new(),
        };
        let faults = reader.all(parsed.root(), limits.errors);
        if faults.is_empty() {
            return Ok(reader.read);
        }
        Err(Diagnostics::gather(&Source::new(Form::Payload, parsed.text()), faults, limits.errors))
    }

    /// How many customers, targets and periods there are.
    pub fn len(&self) -> usize {
        self.by_customer.values().flat_map(BTreeMap::values).map(Vec::len).sum()
    }

    /// Whether nobody takes part in anything.
    pub fn is_empty(&self) -> bool {
        self.by_customer.is_empty()
    }
}

struct EnrolmentReader<'a> {
    targets: HashMap<i64, (usize, &'a CheckedTarget)>,
    read: Enrolments,
    /// Where each enrolment stands.
    seen: HashMap<(i64, usize, Option<i64>), Span>,
}

impl EnrolmentReader<'_> {
    /// Reads the list, up to so many faults.
    fn all(&mut self, list: Node<'_>, most: usize) -> Vec<Diagnostic> {
        if list.kind() != Kind::Array {
            let message = format!("enrolments are a list, not {}", list.kind().name());
            return vec![Diagnostic::new(Code::PayloadShape, list.head(), message).help(EXAMPLE)];
        }
        list.entries().filter_map(|entry| self.enrolment(entry).err()).take(most).collect()
    }

    fn enrolment(&mut self, entry: Node<'_>) -> Result<(), Diagnostic> {
        let enrolment = Enrolment::read(entry).map_err(|fault| fault.diagnostic(None).help(EXAMPLE))?;
        let fault = |key: &str, message: String| {
            let value = entry.member(key).unwrap_or(entry);
            Diagnostic::new(Code::PayloadShape, value.head(), message)
        };
        let Some((at, target)) = self.targets.get(&enrolment.target_id).copied() else {
            let message = format!("there is no target {} in the payload", enrolment.target_id);
            return Err(fault("targetId", message));
        };
        let from = enrolment.enrolled_on.as_ref().map(WrittenDate::date);
        if from == Some(DateText::Invalid) {
            let message = "this is no date that somebody can be enrolled on".to_owned();
            return Err(fault("enrolledOn", message).help("write a date as `2026-01-31`"));
        }
        let stated = match enrolment.value.as_ref().map(WrittenNumber::value) {
            None => None,
            Some(Ok(value)) => Some(value),
            Some(Err(_)) => {
                let message = "this number has more digits than can be held".to_owned();
                return Err(fault("value", message));
            }
        };
        let mut enrolled = false;
        for period in
            self.periods(target, enrolment.period_id).map_err(|message| fault("periodId", message))?
        {
            let Some(value) = stated.or_else(|| target.counting().default_in(period)) else { continue };
            enrolled = true;
            if let Some(first) = self.seen.insert((enrolment.user_id, at, period), entry.head()) {
                let message = format!(
                    "customer {} is already enrolled in target {}{}",
                    enrolment.user_id,
                    enrolment.target_id,
                    period.map(|period| format!(" and its period {period}")).unwrap_or_default()
                );
                return Err(Diagnostic::new(Code::PayloadShape, entry.head(), message)
                    .note("the second time")
                    .label(first, "the first time")
                    .help("remove one of the two"));
            }
            let of_customer = self.read.by_customer.entry(enrolment.user_id).or_default();
            of_customer.entry(at).or_default().push(Enrolled { target: at, period, value, from });
        }
        if !enrolled {
            let message = "neither the enrolment nor the target says what is to be reached".to_owned();
            return Err(fault("targetId", message).help("give the enrolment a `value`"));
        }
        Ok(())
    }

    /// The periods that an enrolment is for.
    ///
    /// Cycles begin with the customer's activities and not with a period; there
    /// a period only says which of the target's values is to be reached.
    fn periods(&self, target: &CheckedTarget, stated: Option<i64>) -> Result<Vec<Option<i64>>, String> {
        let Some(group) = target.group().filter(|group| !group.periods.is_empty()) else {
            return Ok(vec![stated]);
        };
        match stated {
            Some(id) if !group.complete || group.periods.iter().any(|period| period.id == id) => {
                Ok(vec![Some(id)])
            }
            Some(id) => Err(format!("the group of target {} has no period {id}", target.id())),
            None if group.window == Window::Fixed => {
                Ok(group.periods.iter().map(|period| Some(period.id)).collect())
            }
            None => Ok(vec![group.periods.first().map(|period| period.id)]),
        }
    }
}

const EXAMPLE: &str = "an enrolment looks like `{\"userId\": 19721, \"targetId\": 50, \"periodId\": 7, \"value\": 5000, \"enrolledOn\": \"2024-04-02\"}`";
