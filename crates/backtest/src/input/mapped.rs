//! Documents of another shape, read by a mapping.

use target_rules::diagnostic::{Form, utf8_of};
use target_rules::transaction::{Columns, RowValue, Wanted};
use target_rules::{Diagnostics, Layout, Limits, Transaction};
use target_rules_mapping::{Mapped, MappedReader, Mapping};

use super::reading::{DocumentReader, ReadAs, Reading};

/// Reads by a mapping, documents and rows alike; with the feature `mapping`.
///
/// ```
/// use target_rules_backtest::{MappedReading, Reading};
/// use target_rules_mapping::Mapping;
/// let mapping = Mapping::ready_made("shopify-order").ok_or("there is none")?;
/// let reading: &dyn Reading = &MappedReading(mapping);
/// # let _ = reading;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct MappedReading(pub Mapping);

struct ByMapping<'r> {
    reader: MappedReader,
    limits: &'r Limits,
    columns: Option<Columns>,
}

impl Reading for MappedReading {
    fn reader<'r>(&'r self, layout: &'r Layout, limits: &'r Limits) -> Box<dyn DocumentReader + 'r> {
        Box::new(ByMapping { reader: MappedReader::new(&self.0, layout), limits, columns: None })
    }
}

impl DocumentReader for ByMapping<'_> {
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
