//! Documents of another shape.

use pyo3::prelude::*;
use target_rules_mapping::{Mapping as OfDocuments, Rewritten};

use crate::document::{Document, given};
use crate::failure::{json, refused};
use crate::setting::{Limits, Schema};

/// Where each value of a standard document stands in those of another shape.
#[pyclass(frozen, module = "target_rules._native")]
pub(crate) struct Mapping(pub(crate) OfDocuments);

#[pymethods]
impl Mapping {
    /// A mapping file, checked.
    #[staticmethod]
    fn read(py: Python<'_>, file: Document, schema: &Schema, limits: &Limits) -> PyResult<Mapping> {
        let read = py.detach(|| given!(file.given(), one => OfDocuments::read(one, &schema.0, &limits.0)));
        read.map(Mapping).map_err(|found| refused(py, "mapping", &found))
    }

    /// One that is ready made; `None` where none has this name.
    #[staticmethod]
    fn ready_made(name: &str) -> Option<Mapping> {
        OfDocuments::ready_made(name).map(Mapping)
    }

    /// All of it.
    fn json(&self, py: Python<'_>) -> PyResult<String> {
        json(py, &self.0)
    }

    /// A document as a standard one; `None` where it is no transaction.
    fn rewrite(&self, py: Python<'_>, document: Document, limits: &Limits) -> PyResult<Option<String>> {
        let written = py.detach(|| given!(document.given(), one => self.0.rewrite(one, &limits.0)));
        match written {
            Ok(Rewritten::Bill(standard) | Rewritten::Return(standard)) => Ok(Some(standard)),
            Ok(Rewritten::Skipped) => Ok(None),
            Err(found) => Err(refused(py, "document", &found)),
        }
    }
}
