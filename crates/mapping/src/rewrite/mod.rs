//! A document of another shape written as a standard one.
//!
//! It says what a mapping means; the reader is held to it by tests. Returns, which
//! are kept as they are written, and commands that show documents need the text.

mod conditions;
mod standard;
mod values;

use target_rules::Limits;
use target_rules::diagnostic::{Code, Diagnostic, Diagnostics, Form, Input, Source as Text};
use target_rules::json::Kind;
use target_rules::transaction::{Columns, RowValue};

use crate::bounded::text_within;
use crate::file::{Mapping, Profile};
use crate::places::RETURN;
use crate::tree::Tree;

use conditions::holds;
use standard::Standard;

/// What a document is as a standard one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rewritten {
    /// A transaction.
    Bill(String),
    /// A return: what it takes back stands in `returnBill`.
    Return(String),
    /// No transaction: a condition of `skip` holds.
    Skipped,
}

const BILL: &str = "currentTxn";

impl Mapping {
    /// Writes a document of another shape as a standard one.
    ///
    /// For many documents, [`MappedReader`](crate::MappedReader) reads them
    /// without that. Fails where the text is not JSON, is too long or too deep,
    /// or has a value that cannot be converted. Cost is that of the document's
    /// length times the keys that the mapping names in one object.
    ///
    /// ```
    /// use target_rules::{Limits, Schema};
    /// use target_rules_mapping::{Mapping, Rewritten};
    /// let file = r#"{"document": {"currentTxn": {"value": {"at": "/cents", "minorDigits": 2}}}}"#;
    /// let limits = Limits::default();
    /// let mapping = Mapping::read(file, &Schema::standard(), &limits)?;
    /// let standard = r#"{"currentTxn":{"value":730.50}}"#.to_owned();
    /// assert_eq!(mapping.rewrite(r#"{"cents": 73050}"#, &limits)?, Rewritten::Bill(standard));
    /// # Ok::<(), target_rules::Diagnostics>(())
    /// ```
    pub fn rewrite(
        &self,
        document: &(impl Input + ?Sized),
        limits: &Limits,
    ) -> Result<Rewritten, Diagnostics> {
        let text = text_within(document, limits.transaction, "the document")?;
        self.rewrite_text(text, limits)
            .map_err(|fault| Diagnostics::gather(&Text::new(Form::Payload, text), vec![fault], limits.errors))
    }

    fn rewrite_text(&self, text: &str, limits: &Limits) -> Result<Rewritten, Diagnostic> {
        let tree = Tree::read(text, limits.transaction_depth)?;
        if tree.kind() != Kind::Object {
            let message = format!("a transaction document must be an object, is {}", tree.kind().name());
            return Err(
                Diagnostic::new(Code::WrongType, tree.located.head(), message).note("of another type")
            );
        }
        if holds(&self.skip, &tree)? {
            return Ok(Rewritten::Skipped);
        }
        let returned = holds(&self.returns, &tree)?;
        let mut standard = Standard::new(text);
        for (name, profile) in &self.document {
            self.add(&mut standard, &tree, (name, profile), returned)?;
        }
        let written = standard.finish();
        Ok(if returned { Rewritten::Return(written) } else { Rewritten::Bill(written) })
    }

    fn add(
        &self,
        standard: &mut Standard,
        tree: &Tree,
        (name, profile): (&str, &Profile),
        returned: bool,
    ) -> Result<(), Diagnostic> {
        let own = self.document.contains_key(RETURN);
        match (name, returned, own) {
            (RETURN, false, _) => Ok(()),
            (BILL, true, false) => standard.profile(RETURN, profile, tree),
            // A return has a number and a date of its own; figures there would
            // add nothing.
            (BILL, true, true) => {
                let mut of_its_own = Profile::default();
                for key in ["number", "date"] {
                    if let Some(source) = profile.attributes.get(key) {
                        of_its_own.attributes.insert(key.to_owned(), source.clone());
                    }
                }
                standard.profile(BILL, &of_its_own, tree)
            }
            _ => standard.profile(name, profile, tree),
        }
    }
}

/// A row of a table as a document whose keys are the columns.
pub(crate) fn row_as_document(columns: &Columns, values: &[RowValue]) -> String {
    let mut document = String::from("{");
    for (name, value) in columns.names().zip(values) {
        let value = match value {
            RowValue::Null => continue,
            // What is read as a text is read of the constant too.
            RowValue::Text(text @ ("true" | "false")) => (*text).to_owned(),
            RowValue::Text(text) => serde_json::Value::from(*text).to_string(),
            RowValue::Number(number) => number.to_string(),
            RowValue::Boolean(value) => value.to_string(),
            RowValue::Date(instant) => instant.milliseconds().to_string(),
            RowValue::Json(text) => (*text).to_owned(),
            _ => continue,
        };
        if document.len() > 1 {
            document.push(',');
        }
        document.push_str(&format!("{}:{value}", serde_json::Value::from(name)));
    }
    document.push('}');
    document
}
