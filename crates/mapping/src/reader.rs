//! Documents and rows read by a mapping.

use std::sync::Arc;

use target_rules::diagnostic::{Form, Input, utf8_of};
use target_rules::transaction::{Columns, Layout, Marks, PlacedLayout, RowValue, Transaction, Wanted};
use target_rules::{Diagnostics, Limits};

use crate::file::Mapping;
use crate::places::{self, Asked};
use crate::rewrite::{Rewritten, row_as_document};
use crate::wants::Taken;

/// Reads documents of another shape for one layout, at the speed at which the
/// library reads standard ones: in one walk, straight into the cells.
///
/// Cheap to clone; threads share it.
///
/// ```
/// use target_rules::{Ast, Layout, Limits, Schema, Truth, Zone};
/// use target_rules_mapping::{Mapped, MappedReader, Mapping};
/// let (schema, limits) = (Schema::standard(), Limits::default());
/// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
/// let rule = ast.check(&schema, &limits).into_rule()?;
/// let layout = Layout::of([&rule]);
/// let file = r#"{"document": {"currentTxn": {"value": {"at": "/cents", "minorDigits": 2}}},
///                "skip": [{"at": "/state", "equals": "failed"}]}"#;
/// let reader = MappedReader::new(&Mapping::read(file, &schema, &limits)?, &layout);
///
/// let mut bill = layout.blank();
/// assert_eq!(reader.read_into(r#"{"cents": 73050}"#, &limits, &mut bill)?, Mapped::Bill);
/// assert_eq!(rule.decide(&bill, &Zone::UTC).result, Truth::True);
/// let failed = r#"{"cents": 73050, "state": "failed"}"#;
/// assert_eq!(reader.read_into(failed, &limits, &mut bill)?, Mapped::Skipped);
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone)]
pub struct MappedReader {
    mapping: Arc<Mapping>,
    placed: PlacedLayout,
    asked: Arc<Asked>,
    taken: Arc<Taken>,
}

/// What a document was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mapped {
    /// A transaction, which was read.
    Bill,
    /// A return, which was read too. This is the standard document of it: a
    /// ledger keeps returns as they are written.
    Return(String),
    /// No transaction: a condition of `skip` holds. The transaction is empty.
    Skipped,
}

impl MappedReader {
    /// A reader of a mapping for a layout. Cost is linear in both.
    pub fn new(mapping: &Mapping, layout: &Layout) -> MappedReader {
        let (places, asked) = places::of(mapping);
        let placed = layout.placed(&places);
        let taken = Arc::new(Taken::of(mapping));
        MappedReader { mapping: Arc::new(mapping.clone()), placed, asked: Arc::new(asked), taken }
    }

    /// The layout of the transactions that are read.
    pub fn layout(&self) -> &Layout {
        self.placed.layout()
    }

    /// What the mapping takes of that which stands at a path of documents: the keys that lead
    /// there. The entries of a list are no step of a path. What it wants nothing of may be left
    /// out of a document.
    ///
    /// ```
    /// use target_rules::transaction::Wanted;
    /// use target_rules::{Layout, Limits, Schema};
    /// use target_rules_mapping::{MappedReader, Mapping};
    /// let file = r#"{"document": {"currentTxn": {"value": "/total/net"}}}"#;
    /// let mapping = Mapping::read(file, &Schema::standard(), &Limits::default())?;
    /// let reader = MappedReader::new(&mapping, &Layout::of([]));
    /// assert_eq!(reader.wants(&["total"]), Wanted::Parts);
    /// assert_eq!(reader.wants(&["total", "net"]), Wanted::Value);
    /// assert_eq!(reader.wants(&["till"]), Wanted::Nothing);
    /// # Ok::<(), target_rules::Diagnostics>(())
    /// ```
    pub fn wants(&self, path: &[&str]) -> Wanted {
        self.taken.wants(path)
    }

    /// Reads a document, text or bytes, into a transaction and reuses its
    /// buffers.
    ///
    /// Fails as [`Layout::read_into`] does, with the place in this document,
    /// unless it is to be skipped; and where a value cannot be converted. Cost is
    /// linear in the length of the document. Nothing is allocated, but for
    /// returns and for what some conversions need.
    pub fn read_into(
        &self,
        document: &(impl Input + ?Sized),
        limits: &Limits,
        transaction: &mut Transaction,
    ) -> Result<Mapped, Diagnostics> {
        let text = utf8_of(document, Form::Payload, limits.transaction.min(Limits::HARDEST_TEXT))?;
        let read = self.placed.read_into(text, limits, transaction);
        self.outcome(read, || text.to_owned(), limits, transaction)
    }

    /// Finds what is read of the columns of a table. The mapping names columns,
    /// or has pointers to them, such as `/Total`.
    pub fn columns<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Columns {
        self.placed.columns(names)
    }

    /// Reads a row of a table. `values` are those of the columns, in their order.
    ///
    /// Fails as [`MappedReader::read_into`] does; the source of a fault is a
    /// document that has the column alone.
    pub fn read_row<'v>(
        &self,
        columns: &Columns,
        values: &[RowValue<'v>],
        limits: &Limits,
        transaction: &mut Transaction,
    ) -> Result<Mapped, Diagnostics> {
        let read = self.placed.read_row(columns, values.iter().copied(), limits, transaction);
        self.outcome(read, || row_as_document(columns, values), limits, transaction)
    }

    fn outcome(
        &self,
        read: Result<Marks, Diagnostics>,
        text: impl FnOnce() -> String,
        limits: &Limits,
        transaction: &mut Transaction,
    ) -> Result<Mapped, Diagnostics> {
        let holds = |asked: &[(u32, bool)], marks: Marks| {
            asked.iter().any(|(number, counts)| marks.holds(*number) == *counts)
        };
        match read {
            Ok(marks) if holds(&self.asked.skip, marks) => {
                transaction.clear();
                Ok(Mapped::Skipped)
            }
            Ok(marks) if holds(&self.asked.returns, marks) => self.rewritten(&text(), limits, transaction),
            Ok(_) => Ok(Mapped::Bill),
            // What is to be skipped, or is a return, is told by all of the document.
            Err(fault) if !self.asked.skip.is_empty() || !self.asked.returns.is_empty() => {
                match self.mapping.rewrite(&text(), limits) {
                    Ok(Rewritten::Skipped) => Ok(Mapped::Skipped),
                    Ok(Rewritten::Return(standard)) => self.read_return(standard, limits, transaction),
                    _ => Err(fault),
                }
            }
            Err(fault) => Err(fault),
        }
    }

    fn rewritten(
        &self,
        text: &str,
        limits: &Limits,
        transaction: &mut Transaction,
    ) -> Result<Mapped, Diagnostics> {
        transaction.clear();
        match self.mapping.rewrite(text, limits)? {
            Rewritten::Skipped => Ok(Mapped::Skipped),
            Rewritten::Bill(standard) | Rewritten::Return(standard) => {
                self.read_return(standard, limits, transaction)
            }
        }
    }

    fn read_return(
        &self,
        standard: String,
        limits: &Limits,
        transaction: &mut Transaction,
    ) -> Result<Mapped, Diagnostics> {
        self.layout().read_into(standard.as_str(), limits, transaction)?;
        Ok(Mapped::Return(standard))
    }
}
