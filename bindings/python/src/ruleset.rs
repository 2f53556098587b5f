//! Many rules decided together.

use pyo3::prelude::*;
use target_rules::{Evaluation, Truth};

use crate::answers::{Answers, Documents, Found, Idle, PyFound, ReadBy};
use crate::document::Document;
use crate::failure::told;
use crate::rule::Rule;
use crate::setting::{Limits, Zone};

/// Rules by their places.
#[pyclass(frozen, module = "target_rules._native")]
pub(crate) struct RuleSet {
    set: target_rules::RuleSet<usize>,
    idle: Idle,
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
}

#[pymethods]
impl RuleSet {
    #[new]
    fn new(py: Python<'_>, rules: Vec<PyRef<'_, Rule>>) -> PyResult<RuleSet> {
        let rules: Vec<_> = rules.iter().map(|rule| rule.rule.clone()).enumerate().collect();
        let set = py.detach(|| target_rules::RuleSet::new(rules));
        set.map(|set| RuleSet { set, idle: Idle::default() }).map_err(|error| told(py, "value", &error))
    }

    /// Which are true or unknown for a document.
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
