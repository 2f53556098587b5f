//! How a document becomes a transaction.

use target_rules::diagnostic::{Diagnostics, Form, Source};
use target_rules::transaction::Wanted;
use target_rules::{Layout, Limits, Transaction};

use super::columns::PlainColumns;

/// Reads documents as transactions of a layout: as they are, or by a mapping.
///
/// Every thread has a reader of its own.
pub trait Reading: Sync {
    /// A reader for transactions of this layout.
    fn reader<'r>(&'r self, layout: &'r Layout, limits: &'r Limits) -> Box<dyn DocumentReader + 'r>;
}

/// What a document was.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReadAs<'d> {
    /// A document in the form of the platform, which was read. The ledger looks into its
    /// text, where a return stands.
    Document(&'d str),
    /// The same of what was written anew: the standard document of it.
    Rewritten(String),
    /// A bill of another form, which was read.
    Bill,
    /// No transaction: it is in no count but that of what was skipped.
    Skipped,
}

/// Reads one document after the other.
pub trait DocumentReader {
    /// Reads a document into a transaction of the layout.
    ///
    /// Fails where the document can't be read.
    fn read_into<'d>(
        &mut self,
        document: &'d [u8],
        into: &mut Transaction,
    ) -> Result<ReadAs<'d>, Diagnostics>;

    /// Says what the columns of the rows are that come next.
    ///
    /// Fails where they can't be columns.
    fn columns(&mut self, names: &[&str]) -> Result<(), String>;

    /// Reads a row, its cells in the order of the columns; an empty cell says nothing.
    ///
    /// Fails where the row can't be read.
    fn read_row(&mut self, cells: &[&[u8]], into: &mut Transaction) -> Result<ReadAs<'static>, Diagnostics>;

    /// What is read of that which stands at a path of a document: the keys that lead there. The
    /// entries of a list are no step of a path. Of a Parquet file no more is looked at.
    fn wants(&self, path: &[&str]) -> Wanted;
}

/// Documents in the form of the platform, and rows with columns that are named as rules name
/// what is in them, such as `currentTxn.value`.
#[derive(Debug, Clone, Copy, Default)]
pub struct PlainReading;

struct PlainReader<'r> {
    layout: &'r Layout,
    limits: &'r Limits,
    columns: PlainColumns,
}

impl Reading for PlainReading {
    fn reader<'r>(&'r self, layout: &'r Layout, limits: &'r Limits) -> Box<dyn DocumentReader + 'r> {
        Box::new(PlainReader { layout, limits, columns: PlainColumns::default() })
    }
}

impl DocumentReader for PlainReader<'_> {
    fn read_into<'d>(
        &mut self,
        document: &'d [u8],
        into: &mut Transaction,
    ) -> Result<ReadAs<'d>, Diagnostics> {
        let text = Source::text_of(Form::Payload, document, self.limits.transaction);
        let text = text.map_err(|(_, diagnostics)| diagnostics)?;
        self.layout.read_into(text, self.limits, into)?;
        Ok(ReadAs::Document(text))
    }

    fn columns(&mut self, names: &[&str]) -> Result<(), String> {
        self.columns = PlainColumns::of(names)?;
        Ok(())
    }

    fn read_row(&mut self, cells: &[&[u8]], into: &mut Transaction) -> Result<ReadAs<'static>, Diagnostics> {
        let document = self.columns.document(cells);
        match self.read_into(document.as_bytes(), into)? {
            ReadAs::Skipped => Ok(ReadAs::Skipped),
            _ => Ok(ReadAs::Rewritten(document)),
        }
    }

    fn wants(&self, path: &[&str]) -> Wanted {
        match (path, self.layout.wants(path)) {
            // The ledger keeps returns as they are written, and asks whether figures of a bill
            // stand beside one.
            ([RETURN] | [BILL], Wanted::Nothing) => Wanted::Parts,
            ([RETURN, ..] | [BILL, _], Wanted::Nothing) => Wanted::Value,
            (_, wanted) => wanted,
        }
    }
}

const BILL: &str = "currentTxn";
const RETURN: &str = "returnBill";
