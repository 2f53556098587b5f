//! What can be proved of rules, as JSON.

use pyo3::prelude::*;
use serde::Serialize;
use serde_json::value::RawValue;
use target_rules::diagnostic::{Form, utf8_of};
use target_rules_analysis::{Nearest, Options, diff_three_valued, lint_written};

use crate::document::{Document, given};
use crate::failure::{json, refused};
use crate::rule::Rule;
use crate::setting::{Limits, Schema, Zone};

fn options(zone: &Zone, limits: &Limits, work: Option<usize>) -> Options {
    let mut options = Options { zone: zone.0.clone(), limits: limits.0.clone(), ..Options::default() };
    if let Some(work) = work {
        options.work = work;
    }
    options
}

/// What in a rule is never the case or can't matter: findings of the text or tree that
/// it was read from.
#[pyfunction]
#[pyo3(signature = (rule, source, schema, zone, limits, work))]
pub(crate) fn lint(
    py: Python<'_>,
    rule: &Rule,
    source: &str,
    schema: &Schema,
    zone: &Zone,
    limits: &Limits,
    work: Option<usize>,
) -> PyResult<String> {
    let options = options(zone, limits, work);
    let found = py.detach(|| lint_written(&rule.rule, source, &schema.0, &options));
    json(py, &found)
}

/// How two rules differ.
#[pyfunction]
pub(crate) fn diff(
    py: Python<'_>,
    old: &Rule,
    new: &Rule,
    three_valued: bool,
    zone: &Zone,
    limits: &Limits,
    work: Option<usize>,
) -> PyResult<String> {
    let options = options(zone, limits, work);
    let compare = if three_valued { diff_three_valued } else { target_rules_analysis::diff };
    let difference = py.detach(|| compare(&old.rule, &new.rule, &options));
    json(py, &difference)
}

/// A nudge with the document that it leads to, and in words.
#[derive(Serialize)]
struct Told<'n> {
    changes: &'n [target_rules_analysis::Change],
    words: Vec<String>,
    transaction: Box<RawValue>,
}

/// All that is told of the nearest.
#[derive(Serialize)]
struct AllTold<'n> {
    result: String,
    nudges: Vec<Told<'n>>,
    why: &'n [String],
}

/// The smallest changes of a document that make a rule true.
#[pyfunction]
pub(crate) fn nearest(
    py: Python<'_>,
    rule: &Rule,
    document: Document,
    schema: &Schema,
    zone: &Zone,
    limits: &Limits,
    work: Option<usize>,
) -> PyResult<String> {
    let options = options(zone, limits, work);
    let found = py.detach(|| {
        let text = given!(document.given(), one => utf8_of(one, Form::Payload, limits.0.transaction))?;
        target_rules_analysis::nearest(&rule.rule, text, &schema.0, &options)
    });
    let Nearest { result, nudges, why, .. } = found.map_err(|found| refused(py, "document", &found))?;
    let each = nudges.iter().map(|nudge| {
        Ok(Told {
            changes: &nudge.changes,
            words: nudge.changes.iter().map(|change| change.in_words(&zone.0)).collect(),
            transaction: RawValue::from_string(nudge.transaction.clone())?,
        })
    });
    let nudges: Result<Vec<Told<'_>>, serde_json::Error> = each.collect();
    let nudges = nudges.map_err(|error| crate::failure::told(py, "error", &error))?;
    json(py, &AllTold { result: result.to_string(), nudges, why: &why })
}
