//! Documents of another shape, and how a backtest reads them.

use pyo3::prelude::*;
use target_rules::diagnostic::{Form, utf8_of};
use target_rules::transaction::{Columns, RowValue, Wanted};
use target_rules::{Diagnostics, Layout, Limits as OfLibrary, Transaction};
use target_rules_backtest::{DocumentReader, ReadAs, Reading};
use target_rules_mapping::{Mapped, MappedReader, Mapping as OfDocuments, Rewritten};

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

/// Reads by a mapping, documents and rows alike.
pub(crate) struct MappedReading(pub(crate) OfDocuments);

struct Reader<'r> {
    reader: MappedReader,
    limits: &'r OfLibrary,
    columns: Option<Columns>,
}

impl Reading for MappedReading {
    fn reader<'r>(&'r self, layout: &'r Layout, limits: &'r OfLibrary) -> Box<dyn DocumentReader + 'r> {
        Box::new(Reader { reader: MappedReader::new(&self.0, layout), limits, columns: None })
    }
}

impl DocumentReader for Reader<'_> {
    fn read_into<'d>(
        &mut self,
        document: &'d [u8],
        into: &mut Transaction,
    ) -> Result<ReadAs<'d>, Diagnostics> {
        self.reader.read_into(document, self.limits, into).map(read_as)
    }

    fn columns(&mut self, names: &[&str]) -> Result<(), String> {
        self.columns = Some(self.reader.columns(names.iter().copied()));
        Ok(())
    }

    fn read_row(&mut self, cells: &[&[u8]], into: &mut Transaction) -> Result<ReadAs<'static>, Diagnostics> {
        // INVARIANT: columns are told before the first row.
        let columns = self.columns.get_or_insert_with(|| self.reader.columns([]));
        let mut values = Vec::with_capacity(cells.len());
        for cell in cells {
            let text = utf8_of(*cell, Form::Payload, self.limits.transaction)?;
            values.push(if text.is_empty() { RowValue::Null } else { RowValue::Text(text) });
        }
        self.reader.read_row(columns, &values, self.limits, into).map(read_as)
    }

    fn wants(&self, path: &[&str]) -> Wanted {
        self.reader.wants(path)
    }
}

fn read_as<'d>(mapped: Mapped) -> ReadAs<'d> {
    match mapped {
        Mapped::Bill => ReadAs::Bill,
        Mapped::Return(standard) => ReadAs::Rewritten(standard),
        Mapped::Skipped => ReadAs::Skipped,
    }
}
