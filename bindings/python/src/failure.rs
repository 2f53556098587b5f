//! What goes wrong, as exceptions of the Python package: it makes them, by their kind,
//! of a message and of diagnostics as JSON.

use pyo3::prelude::*;
use serde::Serialize;
use target_rules::diagnostic::{Colour, Diagnostic, Diagnostics, Form, Source};

/// An exception of the package.
pub(crate) fn failure(py: Python<'_>, kind: &str, message: &str, diagnostics: Option<&str>) -> PyErr {
    let made = || -> PyResult<PyErr> {
        let make = py.import("target_rules._errors")?.getattr("_make")?;
        Ok(PyErr::from_value(make.call1((kind, message, diagnostics))?))
    };
    // What stands in the way of the exception is told in its place.
    made().unwrap_or_else(|other| other)
}

/// A failure that says what it is by its text.
pub(crate) fn told(py: Python<'_>, kind: &str, error: &dyn std::fmt::Display) -> PyErr {
    failure(py, kind, &error.to_string(), None)
}

/// A failure with diagnostics.
pub(crate) fn refused(py: Python<'_>, kind: &str, found: &Diagnostics) -> PyErr {
    match json(py, found) {
        Ok(diagnostics) => failure(py, kind, &found.to_string(), Some(&diagnostics)),
        Err(error) => error,
    }
}

/// JSON of what the package reads again. Fails where something has no JSON, which is a
/// fault of this module.
pub(crate) fn json(py: Python<'_>, value: &(impl Serialize + ?Sized)) -> PyResult<String> {
    serde_json::to_string(value).map_err(|error| told(py, "error", &error))
}

/// A diagnostic drawn below its text: `form` is `dsl`, `tree` or `payload`.
#[pyfunction]
pub(crate) fn render(
    py: Python<'_>,
    diagnostic: &str,
    text: &str,
    form: &str,
    origin: &str,
) -> PyResult<String> {
    let read: Diagnostic = serde_json::from_str(diagnostic).map_err(|error| told(py, "error", &error))?;
    let form = match form {
        "dsl" => Form::Dsl,
        "tree" => Form::Tree,
        _ => Form::Payload,
    };
    let source = Source::new(form, text);
    Ok(target_rules::render(&read, &source, origin, Colour::Off).into_string())
}
