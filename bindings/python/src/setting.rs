//! What every question is asked under: limits, a schema, a zone.

use pyo3::prelude::*;
use target_rules::limits::Limits as OfLibrary;

use crate::document::{Document, given};
use crate::failure::{json, refused, told};

/// How much is read.
#[pyclass(frozen, module = "target_rules._native")]
pub(crate) struct Limits(pub(crate) OfLibrary);

#[pymethods]
impl Limits {
    /// The defaults, with others for some names.
    #[new]
    fn new(py: Python<'_>, values: Vec<(String, usize)>) -> PyResult<Limits> {
        let mut limits = OfLibrary::default();
        for (name, value) in values {
            limits.set(&name, value).map_err(|error| told(py, "value", &error))?;
        }
        Ok(Limits(limits))
    }

    /// All limits with their names.
    fn items(&self) -> Vec<(&'static str, usize)> {
        OfLibrary::ALL.iter().map(|limit| (limit.name, limit.of(&self.0))).collect()
    }
}

/// Which names there are.
#[pyclass(frozen, module = "target_rules._native")]
pub(crate) struct Schema(pub(crate) target_rules::Schema);

#[pymethods]
impl Schema {
    /// The names of the platform.
    #[staticmethod]
    fn standard() -> Schema {
        Schema(target_rules::Schema::standard())
    }

    /// With what a schema file adds.
    fn with_file(&self, py: Python<'_>, file: Document, limits: &Limits) -> PyResult<Schema> {
        let schema = py.detach(|| given!(file.given(), one => self.0.with(one, &limits.0)));
        schema.map(Schema).map_err(|found| refused(py, "schema", &found))
    }

    /// One profile of it alone.
    fn only(&self, profile: &str) -> Option<Schema> {
        self.0.only(profile).map(Schema)
    }

    /// All of it.
    fn json(&self, py: Python<'_>) -> PyResult<String> {
        json(py, &self.0)
    }
}

/// Where days begin.
#[pyclass(frozen, module = "target_rules._native")]
pub(crate) struct Zone(pub(crate) target_rules::Zone);

#[pymethods]
impl Zone {
    /// By its IANA name, or an offset such as `+05:30`.
    #[new]
    fn new(py: Python<'_>, name: &str) -> PyResult<Zone> {
        target_rules::Zone::named(name).map(Zone).map_err(|error| told(py, "value", &error))
    }

    /// Its name.
    fn name(&self) -> &str {
        self.0.name()
    }
}
