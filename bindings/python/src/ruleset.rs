//! Many rules decided together.

use std::sync::{Mutex, PoisonError};

use pyo3::prelude::*;
use target_rules::batch::Workspace;
use target_rules::{Evaluation, Truth};

use crate::answers::{Answers, Found, PyFound, ReadBy, Source};
use crate::arrow::Rows;
use crate::document::{Document, given};
use crate::failure::{refused, told};
use crate::rule::Rule;
use crate::setting::{Limits, Zone};

/// Rules by their places.
#[pyclass(frozen, module = "target_rules._native")]
pub(crate) struct RuleSet {
    set: target_rules::RuleSet<usize>,
    idle: Mutex<Vec<Workspace>>,
}

impl RuleSet {
    fn decided(&self, evaluation: &mut Evaluation<'_>) -> Vec<Found> {
        let mut all = Vec::new();
        // INVARIANT: the document was read for the layout of this set.
        let _ = self.set.decide(evaluation, |position, items| {
            all.push(Found {
                position: *position,
                result: Truth::True,
                items: items.to_vec(),
                absent: Vec::new(),
                faults: Vec::new(),
            });
        });
        let _ = self.set.undecided(evaluation, |one| {
            all.push(Found {
                position: *one.id,
                result: Truth::Unknown,
                items: Vec::new(),
                absent: one.absent.to_vec(),
                faults: one.faults.to_vec(),
            });
        });
        all
    }

    fn all(
        &self,
        py: Python<'_>,
        source: &Source,
        (zone, limits, threads): (&Zone, &Limits, usize),
    ) -> PyResult<Answers> {
        let by = ReadBy { layout: self.set.layout(), limits: &limits.0, zone: &zone.0, threads };
        source.decide(py, by, &|evaluation| self.decided(evaluation))
    }
}

#[pymethods]
impl RuleSet {
    #[new]
    fn new(py: Python<'_>, rules: Vec<PyRef<'_, Rule>>) -> PyResult<RuleSet> {
        let rules: Vec<_> = rules.iter().map(|rule| rule.rule.clone()).enumerate().collect();
        let set = py.detach(|| target_rules::RuleSet::new(rules));
        set.map(|set| RuleSet { set, idle: Mutex::new(Vec::new()) })
            .map_err(|error| told(py, "value", &error))
    }

    /// Which are true or unknown for a document.
    fn decide(
        &self,
        py: Python<'_>,
        document: Document,
        zone: &Zone,
        limits: &Limits,
    ) -> PyResult<Vec<PyFound>> {
        let decided = py.detach(|| {
            let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let mut workspace = idle.unwrap_or_else(|| Workspace::new(self.set.layout()));
            let read = given!(document.given(), one => workspace.read(one, &limits.0, &zone.0));
            let decided = read.map(|mut evaluation| self.decided(&mut evaluation));
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(workspace);
            decided
        });
        let decided = decided.map_err(|found| refused(py, "document", &found))?;
        Ok(decided.iter().map(Found::told).collect())
    }

    /// The same of many documents.
    fn decide_many(
        &self,
        py: Python<'_>,
        documents: Vec<Document>,
        zone: &Zone,
        limits: &Limits,
        threads: usize,
    ) -> PyResult<Answers> {
        self.all(py, &Source::Each(documents), (zone, limits, threads))
    }

    /// The same of each line of a text.
    fn decide_lines(
        &self,
        py: Python<'_>,
        lines: Document,
        zone: &Zone,
        limits: &Limits,
        threads: usize,
    ) -> PyResult<Answers> {
        self.all(py, &Source::Lines(lines), (zone, limits, threads))
    }

    /// The same of each row of record batches.
    fn decide_arrow(
        &self,
        py: Python<'_>,
        rows: Rows,
        json_column: Option<&str>,
        zone: &Zone,
        limits: &Limits,
        threads: usize,
    ) -> PyResult<Answers> {
        self.all(py, &rows.documents(py, json_column)?, (zone, limits, threads))
    }
}
