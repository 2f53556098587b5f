//! Whom would it have hit: files read without Python's lock, whole or in parts that
//! other processes count.

use std::sync::atomic::{AtomicBool, Ordering};

use loyalty_targets::Enrolments;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use serde::Deserialize;
use target_rules_backtest::{
    Comparison, Error, ErrorKind, FileSplit, Files, Finished, MappedReading, Options, Partial, PlainReading,
    Reading, Report, Subject, count_splits, run,
};

use crate::document::{Document, given};
use crate::failure::{failure, json, refused, told};
use crate::mapping::Mapping;
use crate::rule::Rule;
use crate::setting::{Limits, Schema, Zone};
use crate::targets::Targets;

/// What is counted, and by which mapping its documents are read.
#[pyclass(frozen, module = "target_rules._native")]
pub(crate) struct Plan {
    plan: target_rules_backtest::Plan,
    mapped: Option<MappedReading>,
}

/// The schema, the zone, the limits and a mapping.
type By<'py> = (PyRef<'py, Schema>, PyRef<'py, Zone>, PyRef<'py, Limits>, Option<PyRef<'py, Mapping>>);

/// What the package sets, as JSON.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    focus: Option<Vec<String>>,
    since: Option<i64>,
    until: Option<i64>,
    sample_millionths: Option<u32>,
    reasons_every: Option<u32>,
    threads: Option<usize>,
    memory: Option<usize>,
    split_bytes: Option<u64>,
    strict: bool,
}

/// What is held against the transactions.
#[derive(FromPyObject)]
enum Held<'py> {
    Targets(PyRef<'py, Targets>),
    Rules(Vec<(String, PyRef<'py, Rule>)>),
}

impl Held<'_> {
    fn subjects(&self) -> Vec<Subject> {
        match self {
            Held::Targets(targets) => targets.targets.iter().cloned().map(Subject::from).collect(),
            Held::Rules(rules) => {
                rules.iter().map(|(id, rule)| Subject::rule(id, rule.rule.clone())).collect()
            }
        }
    }

    fn enrolments(
        &self,
        py: Python<'_>,
        file: Option<&Document>,
        limits: &Limits,
    ) -> PyResult<Option<Enrolments>> {
        let Some(file) = file else { return Ok(None) };
        let targets = match self {
            Held::Targets(targets) => targets.targets.as_slice(),
            Held::Rules(_) => &[],
        };
        let read = given!(file.given(), one => Enrolments::read(one, targets, &limits.0));
        read.map(Some).map_err(|found| refused(py, "enrolments", &found))
    }
}

/// The report and, of a comparison, what differs: both as JSON.
type Told = (String, Option<String>);

#[pymethods]
impl Plan {
    /// Of rules or targets, or how new ones differ from old ones.
    #[new]
    fn new(
        py: Python<'_>,
        held: Held<'_>,
        new: Option<Held<'_>>,
        enrolments: Option<Document>,
        options: &str,
        by: By<'_>,
    ) -> PyResult<Plan> {
        let (schema, zone, limits, mapping) = by;
        let given: Given = serde_json::from_str(options).map_err(|error| told(py, "value", &error))?;
        let mut options = Options::default();
        options.zone = zone.0.clone();
        options.limits = limits.0.clone();
        options.schema = schema.0.clone();
        options.focus = given.focus;
        options.since = given.since;
        options.until = given.until;
        options.sample_millionths = given.sample_millionths.unwrap_or(options.sample_millionths);
        options.reasons_every = given.reasons_every;
        options.threads = given.threads;
        options.memory = given.memory.unwrap_or(options.memory);
        options.split_bytes = given.split_bytes.unwrap_or(options.split_bytes);
        options.strict = given.strict;
        let of_held = held.enrolments(py, enrolments.as_ref(), &limits)?;
        let plan = match new {
            None => target_rules_backtest::Plan::new(held.subjects(), of_held, options),
            Some(new) => {
                let of = [of_held, new.enrolments(py, enrolments.as_ref(), &limits)?];
                target_rules_backtest::Plan::compare(held.subjects(), new.subjects(), of, options)
            }
        };
        let mapped = mapping.map(|mapping| MappedReading(mapping.0.clone()));
        plan.map(|plan| Plan { plan, mapped }).map_err(|error| failed(py, &error))
    }

    /// Counts all of the files.
    fn run(&self, py: Python<'_>, paths: Vec<String>) -> PyResult<Told> {
        let stop = AtomicBool::new(false);
        let mut asked = None;
        let finished = py.detach(|| {
            let files = Files::of(&paths)?;
            run(&self.plan, &files, self.reading(), &stop, &mut |_| listen(&stop, &mut asked))
        });
        match asked {
            Some(error) => Err(error),
            None => finished_as_json(py, finished),
        }
    }

    /// The splits of files, of so many bytes each.
    fn splits(
        &self,
        py: Python<'_>,
        paths: Vec<String>,
        bytes: u64,
    ) -> PyResult<Vec<(String, u64, Option<u64>)>> {
        let files = Files::of(&paths).map_err(|error| failed(py, &error))?;
        Ok(files.cut(bytes).into_iter().map(|split| (split.path, split.start, split.end)).collect())
    }

    /// Counts some splits of files, and gives the part as bytes.
    fn part<'py>(
        &self,
        py: Python<'py>,
        paths: Vec<String>,
        splits: Vec<(String, u64, Option<u64>)>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let stop = AtomicBool::new(false);
        let mut asked = None;
        let written = py.detach(|| {
            let files = Files::of(&paths)?;
            let splits: Vec<FileSplit> =
                splits.into_iter().map(|(path, start, end)| FileSplit { path, start, end }).collect();
            let counted = count_splits(&self.plan, &files, self.reading(), &splits, &stop, &mut |_| {
                listen(&stop, &mut asked);
            })?;
            let mut bytes = Vec::new();
            counted.write(&self.plan, &mut bytes)?;
            Ok(bytes)
        });
        if let Some(error) = asked {
            return Err(error);
        }
        written.map(|bytes| PyBytes::new(py, &bytes)).map_err(|error: Error| failed(py, &error))
    }

    /// The report of parts, in any order.
    fn merge(&self, py: Python<'_>, paths: Vec<String>, parts: Vec<Document>) -> PyResult<Told> {
        let finished = py.detach(|| {
            let files = Files::of(&paths)?;
            let nothing = AtomicBool::new(false);
            let mut all = count_splits(&self.plan, &files, self.reading(), &[], &nothing, &mut |_| {})?;
            for part in &parts {
                all.join(Partial::read(&self.plan, &mut part.bytes())?)?;
            }
            all.finish(&self.plan, &files)
        });
        finished_as_json(py, finished)
    }
}

impl Plan {
    fn reading(&self) -> &dyn Reading {
        self.mapped.as_ref().map_or(&PlainReading, |mapped| mapped)
    }
}

/// Stops where somebody has pressed Ctrl-C.
fn listen(stop: &AtomicBool, asked: &mut Option<PyErr>) {
    if asked.is_none()
        && let Err(error) = Python::attach(|py| py.check_signals())
    {
        stop.store(true, Ordering::Relaxed);
        *asked = Some(error);
    }
}

fn finished_as_json(py: Python<'_>, finished: Result<Finished, Error>) -> PyResult<Told> {
    let finished = finished.map_err(|error| failed(py, &error))?;
    let comparison = finished.comparison.as_ref().map(|one| json(py, one)).transpose()?;
    Ok((json(py, &finished.report)?, comparison))
}

fn failed(py: Python<'_>, error: &Error) -> PyErr {
    let kind = match error.kind() {
        ErrorKind::Input => "input",
        ErrorKind::Usage => "value",
        _ => "backtest",
    };
    failure(py, kind, &error.to_string(), None)
}

/// The page of a report, or of a comparison, that was written as JSON.
#[pyfunction]
pub(crate) fn page(py: Python<'_>, report: &str, comparison: bool) -> PyResult<String> {
    let page = py.detach(|| match comparison {
        true => serde_json::from_str::<Comparison>(report).map(|read| read.to_html()),
        false => serde_json::from_str::<Report>(report).map(|read| read.to_html()),
    });
    page.map_err(|error| told(py, "value", &error))
}
