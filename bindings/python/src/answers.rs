//! Many documents at once, on all cores and without Python's lock, and what came of
//! each: only what somebody looks at becomes objects of Python.

use std::ops::ControlFlow;
use std::sync::{Mutex, PoisonError};

use pyo3::exceptions::PyIndexError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use target_rules::batch::{Runner, Workspace};
use target_rules::interpret::Fault;
use target_rules::{Decision, Diagnostics, Evaluation, Layout, Limits, Truth, Zone};

use crate::arrow::Rows;
use crate::document::{Document, Given, given};
use crate::failure::{failure, json, refused, told};
use crate::setting;

/// So few documents are not worth threads.
const FEW: usize = 256;

/// What was decided of one rule for one document.
pub(crate) struct Found {
    /// The rule's place among those that were asked.
    pub(crate) position: usize,
    /// True, false or unknown.
    pub(crate) result: Truth,
    /// The line items for which it is true.
    pub(crate) items: Vec<usize>,
    /// What was absent and needed.
    pub(crate) absent: Vec<String>,
    /// Operations without a result.
    pub(crate) faults: Vec<Fault>,
}

/// A fault for Python: its code, the form that its place is in, and the place.
pub(crate) type PyFault = (&'static str, &'static str, usize, usize);
/// Of one rule: its place, the result, items, absent, faults.
pub(crate) type PyFound = (usize, u8, Vec<usize>, Vec<String>, Vec<PyFault>);

impl Found {
    /// The decision of the only rule.
    pub(crate) fn of(decision: Decision) -> Found {
        let Decision { result, absent, faults, items, .. } = decision;
        Found { position: 0, result, items, absent, faults }
    }

    /// For Python.
    pub(crate) fn told(&self) -> PyFound {
        let faults = self.faults.iter().map(told_fault).collect();
        (self.position, code(self.result), self.items.clone(), self.absent.clone(), faults)
    }
}

fn told_fault(fault: &Fault) -> PyFault {
    let form = match fault.form {
        target_rules::diagnostic::Form::Dsl => "dsl",
        target_rules::diagnostic::Form::Tree => "tree",
        target_rules::diagnostic::Form::Payload => "payload",
    };
    (fault.code.name(), form, fault.span.start().get(), fault.span.end().get())
}

/// False 0, true 1, unknown 2.
pub(crate) fn code(truth: Truth) -> u8 {
    match truth {
        Truth::False => 0,
        Truth::True => 1,
        Truth::Unknown => 2,
    }
}

/// A document that could not be read.
const REFUSED: u8 = 3;

/// What came of documents, in their order.
#[pyclass(frozen, module = "target_rules._native")]
pub(crate) struct Answers(Vec<Result<Vec<Found>, Diagnostics>>);

#[pymethods]
impl Answers {
    fn __len__(&self) -> usize {
        self.0.len()
    }

    /// What was found of one document; fails where it could not be read.
    fn found(&self, py: Python<'_>, at: usize) -> PyResult<Vec<PyFound>> {
        match self.0.get(at) {
            None => Err(PyIndexError::new_err("there is no such document")),
            Some(Ok(found)) => Ok(found.iter().map(Found::told).collect()),
            Some(Err(diagnostics)) => Err(refused(py, "document", diagnostics)),
        }
    }

    /// Why a document could not be read, as JSON; `None` where it could.
    fn refusal(&self, py: Python<'_>, at: usize) -> PyResult<Option<String>> {
        match self.0.get(at) {
            Some(Err(diagnostics)) => json(py, diagnostics).map(Some),
            _ => Ok(None),
        }
    }

    /// Of one rule, a byte for each document: 0 false, 1 true, 2 unknown, 3 refused.
    fn codes<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        let code_of = |answer: &Result<Vec<Found>, Diagnostics>| match answer {
            Ok(found) => found.first().map_or(0, |found| code(found.result)),
            Err(_) => REFUSED,
        };
        PyBytes::new(py, &self.0.iter().map(code_of).collect::<Vec<u8>>())
    }

    /// Which rules are true (1) or unknown (2), as the buffers of a list of 64-bit ids:
    /// offsets of 32 bits, one more than documents, then the ids.
    fn lists<'py>(
        &self,
        py: Python<'py>,
        ids: Vec<i64>,
        wanted: u8,
    ) -> PyResult<(Bound<'py, PyBytes>, Bound<'py, PyBytes>)> {
        let (mut offsets, mut values) = (vec![0_u8; 4], Vec::new());
        for answer in &self.0 {
            for found in answer.iter().flatten().filter(|found| code(found.result) == wanted) {
                let id = ids.get(found.position).copied().unwrap_or_default();
                values.extend_from_slice(&id.to_ne_bytes());
            }
            let end = i32::try_from(values.len() / 8)
                .map_err(|_| failure(py, "value", "a batch has at most 2^31 matches", None))?;
            offsets.extend_from_slice(&end.to_ne_bytes());
        }
        Ok((PyBytes::new(py, &offsets), PyBytes::new(py, &values)))
    }
}

/// What decides a document that was read.
pub(crate) type Decide<'d> = &'d (dyn Fn(&mut Evaluation<'_>) -> Vec<Found> + Sync);

/// How documents are read.
#[derive(Clone, Copy)]
pub(crate) struct ReadBy<'r> {
    layout: &'r Layout,
    limits: &'r Limits,
    zone: &'r Zone,
}

impl<'r> ReadBy<'r> {
    pub(crate) fn new(
        layout: &'r Layout,
        setting::Zone(zone): &'r setting::Zone,
        setting::Limits(limits): &'r setting::Limits,
    ) -> ReadBy<'r> {
        ReadBy { layout, limits, zone }
    }

    fn one<T>(
        &self,
        workspace: &mut Workspace,
        document: Given<'_>,
        decide: &dyn Fn(&mut Evaluation<'_>) -> T,
    ) -> Result<T, Diagnostics> {
        let read = given!(document, one => workspace.read(one, self.limits, self.zone));
        read.map(|mut evaluation| decide(&mut evaluation))
    }

    /// Decides documents in order, on so many threads; 0 for as many as there are cores.
    ///
    /// Fails where the system gives no thread.
    fn all(self, documents: &[Given<'_>], threads: usize, decide: Decide<'_>) -> Result<Answers, String> {
        let mut answers = Vec::with_capacity(documents.len());
        if documents.len() < FEW || threads == 1 {
            let mut workspace = Workspace::new(self.layout);
            answers.extend(documents.iter().map(|document| self.one(&mut workspace, *document, decide)));
            return Ok(Answers(answers));
        }
        let runner = Runner::new(threads).map_err(|error| error.to_string())?;
        let ended = runner.run(
            documents.iter().copied(),
            || Workspace::new(self.layout),
            |workspace, document| self.one(workspace, document, decide),
            |answer| {
                answers.push(answer);
                ControlFlow::<()>::Continue(())
            },
        );
        // INVARIANT: nobody stops it.
        ended.map(|_| Answers(answers)).map_err(|error| error.to_string())
    }
}

/// Buffers to decide in that no thread uses just now.
#[derive(Default)]
pub(crate) struct Idle(Mutex<Vec<Workspace>>);

impl Idle {
    /// Decides one document, without Python's lock.
    pub(crate) fn decide<T: Send>(
        &self,
        py: Python<'_>,
        by: ReadBy<'_>,
        document: &Document,
        decide: impl Fn(&mut Evaluation<'_>) -> T + Sync,
    ) -> PyResult<T> {
        let decided = py.detach(|| {
            let idle = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let mut workspace = idle.unwrap_or_else(|| Workspace::new(by.layout));
            let decided = by.one(&mut workspace, document.given(), &decide);
            self.0.lock().unwrap_or_else(PoisonError::into_inner).push(workspace);
            decided
        });
        decided.map_err(|found| refused(py, "document", &found))
    }
}

/// The lines of a text that hold something.
fn lines_of(text: &[u8]) -> Vec<&[u8]> {
    let trimmed = text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    trimmed.filter(|line| !line.is_empty()).collect()
}

enum Source {
    Each(Vec<Document>),
    Lines(Document),
    Rows(Vec<String>),
}

/// Documents of any source, to be decided together.
#[pyclass(frozen, module = "target_rules._native")]
pub(crate) struct Documents(Source);

#[pymethods]
impl Documents {
    /// One for each.
    #[staticmethod]
    fn each(documents: Vec<Document>) -> Documents {
        Documents(Source::Each(documents))
    }

    /// One a line of a text.
    #[staticmethod]
    fn lines(text: Document) -> Documents {
        Documents(Source::Lines(text))
    }

    /// One a row of record batches; or what a column of them holds.
    #[staticmethod]
    fn rows(py: Python<'_>, rows: Rows, json_column: Option<&str>) -> PyResult<Documents> {
        Ok(Documents(Source::Rows(rows.documents(py, json_column)?)))
    }
}

impl Documents {
    /// Decides all of them, without Python's lock.
    pub(crate) fn decide(
        &self,
        py: Python<'_>,
        by: ReadBy<'_>,
        threads: usize,
        decide: Decide<'_>,
    ) -> PyResult<Answers> {
        let decided = py.detach(|| {
            let documents: Vec<Given<'_>> = match &self.0 {
                Source::Each(documents) => documents.iter().map(Document::given).collect(),
                Source::Lines(text) => lines_of(text.bytes()).into_iter().map(Given::Bytes).collect(),
                Source::Rows(rows) => rows.iter().map(|row| Given::Text(row)).collect(),
            };
            by.all(&documents, threads, decide)
        });
        decided.map_err(|error| told(py, "error", &error))
    }
}
