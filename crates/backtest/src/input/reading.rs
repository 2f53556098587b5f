//! How a document becomes a transaction.

use target_rules::diagnostic::{Diagnostics, Form, Source};
use target_rules::{Layout, Limits, Transaction};

/// Reads documents as transactions of a layout: as they are, or by a mapping.
///
/// Every thread has a reader of its own.
pub trait Reading: Sync {
    /// A reader for transactions of this layout.
    fn reader<'r>(&'r self, layout: &'r Layout, limits: &'r Limits) -> Box<dyn DocumentReader + 'r>;
}

/// Reads one document after the other.
pub trait DocumentReader {
    /// Reads a document into a transaction of the layout. Gives its text where it is in the
    /// form of the platform, so that the ledger finds a return in it; what is mapped is
    /// booked as a bill.
    ///
    /// Fails where the document can't be read.
    fn read_into<'d>(
        &mut self,
        document: &'d [u8],
        into: &mut Transaction,
    ) -> Result<Option<&'d str>, Diagnostics>;
}

/// Documents in the form of the platform.
#[derive(Debug, Clone, Copy, Default)]
pub struct PlainReading;

struct PlainReader<'r> {
    layout: &'r Layout,
    limits: &'r Limits,
}

impl Reading for PlainReading {
    fn reader<'r>(&'r self, layout: &'r Layout, limits: &'r Limits) -> Box<dyn DocumentReader + 'r> {
        Box::new(PlainReader { layout, limits })
    }
}

impl DocumentReader for PlainReader<'_> {
    fn read_into<'d>(
        &mut self,
        document: &'d [u8],
        into: &mut Transaction,
    ) -> Result<Option<&'d str>, Diagnostics> {
        let text = Source::text_of(Form::Payload, document, self.limits.transaction);
        let text = text.map_err(|(_, diagnostics)| diagnostics)?;
        self.layout.read_into(text, self.limits, into)?;
        Ok(Some(text))
    }
}
