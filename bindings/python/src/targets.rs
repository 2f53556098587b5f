//! Targets of a payload: checked, described, decided together.

use loyalty_targets::{CheckedTarget, Payload, TargetReport, TargetSet, UnknownDetail};
use pyo3::prelude::*;
use target_rules::Evaluation;

use crate::answers::{Answers, Documents, Found, Idle, PyFound, ReadBy};
use crate::document::{Document, given};
use crate::failure::{json, told};
use crate::rule::Rule;
use crate::setting::{Limits, Schema, Zone};

/// Checked targets.
#[pyclass(frozen, module = "target_rules._native")]
pub(crate) struct Targets {
    pub(crate) targets: Vec<CheckedTarget>,
    set: TargetSet,
    idle: Idle,
}

/// Checks the targets of a payload: those without an error, and of each a report as JSON.
/// Fails where two of them have one id.
#[pyfunction]
pub(crate) fn check_targets(
    py: Python<'_>,
    payload: Document,
    schema: &Schema,
    limits: &Limits,
) -> PyResult<(Targets, String)> {
    let (targets, reports) = py.detach(|| {
        let payload = match given!(payload.given(), one => Payload::read(one.to_owned(), &limits.0)) {
            Ok(payload) => payload,
            Err(found) => return (Vec::new(), vec![TargetReport::from(found)]),
        };
        let mut targets = Vec::new();
        let mut reports = Vec::new();
        for target in payload.targets() {
            let report = target.check(&schema.0, &limits.0);
            targets.extend(report.target.clone());
            reports.push(report);
        }
        (targets, reports)
    });
    let set = py.detach(|| TargetSet::new(targets.iter().cloned()));
    let set = set.map_err(|error| told(py, "value", &error))?;
    let reports = json(py, &reports)?;
    Ok((Targets { targets, set, idle: Idle::default() }, reports))
}

impl Targets {
    fn decided(&self, evaluation: &mut Evaluation<'_>) -> Vec<Found> {
        let mut all = Vec::new();
        // INVARIANT: the document was read for the layout of this set.
        let _ = self.set.decide(evaluation, UnknownDetail::Reasons, |one| {
            all.push(Found {
                position: one.position,
                result: one.result,
                items: one.items.to_vec(),
                absent: one.absent.to_vec(),
                faults: one.faults.to_vec(),
            });
        });
        all
    }
}

#[pymethods]
impl Targets {
    /// Of each: its id, its name, whether it is active, and its rule.
    fn all_of_them(&self) -> Vec<(i64, Option<&str>, bool, Rule)> {
        let each = |target: &'_ CheckedTarget| Rule::of(target.rule().clone());
        self.targets.iter().map(|one| (one.id(), one.name(), one.active(), each(one))).collect()
    }

    /// One of them in plain English, as JSON and as text.
    fn describe(&self, py: Python<'_>, position: usize, zone: &Zone) -> PyResult<(String, String)> {
        let described = self.targets.get(position).map(|target| target.describe(&zone.0));
        let described = described.ok_or_else(|| told(py, "value", &"there is no such target"))?;
        Ok((json(py, &described)?, described.to_string()))
    }

    /// Which a document counts for, or may.
    fn decide(
        &self,
        py: Python<'_>,
        document: Document,
        zone: &Zone,
        limits: &Limits,
    ) -> PyResult<Vec<PyFound>> {
        let by = ReadBy::new(self.set.layout(), zone, limits);
        let decided = self.idle.decide(py, by, &document, |evaluation| self.decided(evaluation))?;
        Ok(decided.iter().map(Found::told).collect())
    }

    /// The same of each of many documents.
    fn decide_all(
        &self,
        py: Python<'_>,
        documents: &Documents,
        zone: &Zone,
        limits: &Limits,
        threads: usize,
    ) -> PyResult<Answers> {
        let by = ReadBy::new(self.set.layout(), zone, limits);
        documents.decide(py, by, threads, &|evaluation| self.decided(evaluation))
    }
}
