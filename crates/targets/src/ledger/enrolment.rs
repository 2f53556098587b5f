//! Who takes part in which target, from when, and what they are to reach.

use std::collections::{BTreeMap, HashMap};

use target_rules::diagnostic::{Code, Diagnostic, Diagnostics, Form, Source, Span};
use target_rules::json::{Entries, Kind, Located, PathSegment, Reader, find};
use target_rules::{DateText, Limits, Number};

use crate::eligibility::{CheckedTarget, Window};
use crate::model::record::record;
use crate::model::shape::{for_people, placed, steps_of};
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
        /// From when activities count; without it, from ever.
        enrolled_on "enrolledOn": Option<WrittenDate>,
    }
}

/// Enrolments that fit the targets.
#[derive(Debug, Clone, Default)]
pub struct Enrolments {
    /// By customer, then the place of the target among the targets.
    pub(super) by_customer: BTreeMap<i64, BTreeMap<usize, Vec<Enrolled>>>,
}

/// One customer in one period of one target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Enrolled {
    /// Its place among the targets.
    pub(super) target: usize,
    /// `None` where the target has no periods, or none that are fixed.
    pub(super) period: Option<i64>,
    pub(super) value: Number,
    pub(super) from: Option<DateText>,
}

impl Enrolments {
    /// Reads a file of enrolments: a list of objects.
    ///
    /// Fails where one of them has another shape, names a target or a period
    /// that is not there, stands twice, or does not say what is to be reached
    /// where the target does not say it either. Every fault has its place.
    ///
    /// ```
    /// use loyalty_targets::{Enrolments, Payload};
    /// use target_rules::{Limits, Schema};
    /// let limits = Limits::default();
    /// let payload = Payload::read(r#"{"data": [{"id": 50, "expression": "true"}]}"#, &limits)?;
    /// let targets: Vec<_> =
    ///     payload.targets().filter_map(|target| target.check(&Schema::standard(), &limits).target).collect();
    /// let text = r#"[{"userId": 19721, "targetId": 50, "value": 5000, "enrolledOn": "2024-04-02"},
    ///                {"userId": 19722, "targetId": 51}]"#;
    /// let refused = Enrolments::read(text, &targets, &limits).unwrap_err();
    /// assert!(refused.to_string().contains("no target 51"));
    /// # Ok::<(), target_rules::Diagnostics>(())
    /// ```
    pub fn read(text: &str, targets: &[CheckedTarget], limits: &Limits) -> Result<Enrolments, Diagnostics> {
        let mut reader = EnrolmentReader {
            text,
            targets: targets.iter().enumerate().map(|(at, target)| (target.id(), (at, target))).collect(),
            read: Enrolments::default(),
            seen: HashMap::new(),
            faults: Vec::new(),
            most: limits.errors,
        };
        if let Err(fault) = reader.all(limits) {
            reader.faults.push(fault);
        }
        if reader.faults.is_empty() {
            return Ok(reader.read);
        }
        Err(Diagnostics::gather(&Source::new(Form::Payload, text), reader.faults, limits.errors))
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
    text: &'a str,
    targets: HashMap<i64, (usize, &'a CheckedTarget)>,
    read: Enrolments,
    /// Where each enrolment stands.
    seen: HashMap<(i64, usize, Option<i64>), Span>,
    faults: Vec<Diagnostic>,
    most: usize,
}

impl EnrolmentReader<'_> {
    fn all(&mut self, limits: &Limits) -> Result<(), Diagnostic> {
        let text = self.text;
        let most = limits.payload.min(Limits::HARDEST_TEXT);
        if text.len() > most {
            return Err(Diagnostic::new(
                Code::Limit,
                Span::new(most, text.len()),
                format!("the enrolments have {} bytes; at most {most} are read", text.len()),
            ));
        }
        let mut json = Reader::new(text);
        let list = Located::read(&mut json)?;
        json.finish()?;
        if list.kind != Kind::Array {
            let message = format!("enrolments are a list, not {}", list.kind.name());
            return Err(Diagnostic::new(Code::PayloadShape, list.head(), message).help(EXAMPLE));
        }
        for entry in Entries::of(text, list) {
            if self.faults.len() >= self.most {
                break;
            }
            if let Err(fault) = self.enrolment(entry) {
                self.faults.push(fault);
            }
        }
        Ok(())
    }

    fn enrolment(&mut self, entry: Located) -> Result<(), Diagnostic> {
        let text = self.text;
        let json = text.get(entry.span.range()).unwrap_or("");
        let enrolment: Enrolment = serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_str(
            json,
        ))
        .map_err(|error| {
            let message = placed(&error.path().to_string(), for_people(error.inner()));
            let (value, _) = find(text, entry, &steps_of(error.path()));
            Diagnostic::new(Code::PayloadShape, value.head(), message).help(EXAMPLE)
        })?;
        let fault = |key: &str, message: String| {
            let (value, _) = find(text, entry, &[PathSegment::Key(key.to_owned())]);
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
    /// Cycles are counted from what the customer does, so that there a period
    /// only says which of the target's values is meant.
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
