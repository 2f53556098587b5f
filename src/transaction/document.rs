//! Reads transaction documents, from text or from bytes.

use crate::diagnostic::{Diagnostics, Form, Input, Source, utf8_of};
use crate::limits::Limits;

use super::layout::Layout;
use super::model::Transaction;

impl Layout {
    /// Reads a transaction document: one JSON object, keyed by profile.
    ///
    /// Only what the layout reads is checked. There, a value of the wrong type
    /// and a duplicate key are errors for the whole document, each with its
    /// JSON pointer. Cost is linear in the length of the document.
    ///
    /// ```
    /// use target_rules::{Ast, Layout, Limits, Schema};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let layout = Layout::of([&rule]);
    /// // As it comes from the wire.
    /// let document = br#"{"currentTxn": {"number": "n-1", "value": 12}}"#;
    /// let transaction = layout.read(document, &limits)?;
    /// assert_eq!(transaction.number(), Some("n-1"));
    /// let refused = layout.read(r#"{"currentTxn": {"value": true}}"#, &limits).unwrap_err();
    /// let fault = refused.iter().next().and_then(|fault| fault.pointer.as_deref());
    /// assert_eq!(fault, Some("/currentTxn/value"));
    /// # Ok::<(), target_rules::Diagnostics>(())
    /// ```
    pub fn read(
        &self,
        document: &(impl Input + ?Sized),
        limits: &Limits,
    ) -> Result<Transaction, Diagnostics> {
        let mut transaction = self.blank();
        let document = utf8_of(document, Form::Payload, limits.transaction());
        self.read_text(document, limits, &mut transaction)?;
        Ok(transaction)
    }

    /// Reads a document, text or bytes, into a transaction and reuses its
    /// buffers; its old values are cleared. A transaction of another layout
    /// becomes one of this layout.
    ///
    /// Allocates nothing once the buffers have grown to what the documents
    /// need. Fails as [`Layout::read`] does; the transaction is then empty.
    ///
    /// Cost is that of [`Layout::read`], without the memory.
    ///
    /// ```
    /// use target_rules::{Ast, Evaluation, Layout, Limits, Schema, Scratch, Truth, Zone};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let layout = Layout::of([&rule]);
    /// let program = layout.compile(&rule)?;
    /// let (mut transaction, mut scratch) = (layout.blank(), Scratch::default());
    /// let zone = Zone::UTC;
    /// let mut counted = 0;
    /// for value in ["730.50", "12"] {
    ///     let document = format!(r#"{{"currentTxn": {{"value": {value}}}}}"#);
    ///     layout.read_into(document.as_bytes(), &limits, &mut transaction)?;
    ///     let mut evaluation = Evaluation::new(&transaction, &zone, &mut scratch);
    ///     counted += usize::from(program.decide(&mut evaluation) == Truth::True);
    /// }
    /// assert_eq!(counted, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn read_into(
        &self,
        document: &(impl Input + ?Sized),
        limits: &Limits,
        transaction: &mut Transaction,
    ) -> Result<(), Diagnostics> {
        if transaction.layout.is(self) {
            transaction.clear();
        } else {
            *transaction = self.blank();
        }
        transaction.buffers.shapes.learns = true;
        self.read_text(utf8_of(document, Form::Payload, limits.transaction()), limits, transaction)
    }

    /// Reads a document into an empty transaction of this layout.
    fn read_text(
        &self,
        document: Result<&str, Diagnostics>,
        limits: &Limits,
        transaction: &mut Transaction,
    ) -> Result<(), Diagnostics> {
        let document = document?;
        self.read_document(document, limits, transaction).map_err(|fault| {
            transaction.clear();
            Diagnostics::gather(&Source::new(Form::Payload, document), vec![fault], limits.errors)
        })
    }
}
