//! Rows of a table as transactions: a column is a key of a document.

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Form, Offset, Source, Span};
use crate::json::{Content, Kind, Name, escaped};
use crate::limits::Limits;
use crate::typed::ValueKind;
use crate::value::{Instant, Number};

use super::super::fault::Result as Outcome;
use super::super::model::Transaction;
use super::super::reader::DocumentReader;
use super::layout::{Columns, Marks, PlacedLayout};
use super::node::Node;

/// A value of a row.
///
/// ```
/// use target_rules::Number;
/// use target_rules::transaction::RowValue;
/// let row = [RowValue::Text("n-1"), RowValue::Number(Number::from(12)), RowValue::Null];
/// assert_eq!(row.len(), 3);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum RowValue<'a> {
    /// Nothing: an empty cell.
    Null,
    /// A text. Where a truth value is read, `true` and `false` are one.
    Text(&'a str),
    /// A number.
    Number(Number),
    /// A truth value.
    Boolean(bool),
    /// A moment.
    Date(Instant),
    /// A value of several parts as JSON, such as the line items of a bill.
    Json(&'a str),
}

/// Why a row is refused: in which column, and of which value.
struct RowFault<'a> {
    column: usize,
    value: RowValue<'a>,
    fault: Diagnostic,
}

impl PlacedLayout {
    /// Reads a row of a table, as a document whose keys are the columns. `values`
    /// are in the order of the columns; those that are missing at the end are
    /// absent.
    ///
    /// Fails as [`PlacedLayout::read_into`] does. The source of a fault is a
    /// document with the column alone. Columns of another layout are an error.
    /// Cost is linear in the length of what is read of the row.
    pub fn read_row<'a>(
        &self,
        columns: &Columns,
        values: impl IntoIterator<Item = RowValue<'a>>,
        limits: &Limits,
        transaction: &mut Transaction,
    ) -> Result<Marks, Diagnostics> {
        self.clear(transaction);
        self.read_values(columns, values, limits, transaction).map_err(|fault| {
            transaction.clear();
            self.refused(columns, &fault, limits)
        })
    }

    fn read_values<'a>(
        &self,
        columns: &Columns,
        values: impl IntoIterator<Item = RowValue<'a>>,
        limits: &Limits,
        transaction: &mut Transaction,
    ) -> std::result::Result<Marks, RowFault<'a>> {
        let whole = |fault| RowFault { column: usize::MAX, value: RowValue::Null, fault };
        if !self.has(columns) {
            let message = "the columns belong to another layout";
            return Err(whole(Diagnostic::new(Code::PayloadShape, Span::empty(0), message)));
        }
        let mut most = limits.transaction();
        // What is written as JSON has a reader of its own, for its text is another.
        let mut nested = Vec::new();
        let mut marks = DocumentReader::read_by("", self.by(limits), transaction, |reader| {
            reader.begin_placed(&self.plan)?;
            let mut faulty = None;
            for (column, value) in values.into_iter().enumerate() {
                let number = columns.nodes.get(column).copied().flatten();
                let Some(node) = number.and_then(|number| self.plan.root.keys.at(number)) else { continue };
                let size =
                    if let RowValue::Text(text) | RowValue::Json(text) = value { text.len() } else { 0 };
                let read = match most.checked_sub(size) {
                    None => Err(row_too_long(limits.transaction())),
                    Some(left) => {
                        most = left;
                        match value {
                            RowValue::Json(_) => {
                                nested.push((column, node, value));
                                Ok(())
                            }
                            value => {
                                reader.cell(node, columns.names.get(column).map_or("", |name| name), value)
                            }
                        }
                    }
                };
                if let Err(fault) = read {
                    faulty = Some(RowFault { column, value, fault });
                    break;
                }
            }
            // What waited was written in this row, and its text is kept no longer.
            if faulty.is_none() {
                reader.end_placed(&self.plan)?;
            }
            Ok(faulty.map_or(Ok(reader.buffers.marks), Err))
        })
        .map_err(whole)??;
        for (column, node, value) in nested {
            let RowValue::Json(text) = value else { continue };
            let name = columns.names.get(column).map_or("", |name| name);
            let there = std::mem::take(&mut transaction.buffers.there);
            let read = DocumentReader::read_by(text, self.by(limits), transaction, |reader| {
                reader.buffers.there = there;
                reader.buffers.marks = marks;
                reader.cell_of_json(node, &self.plan, name)?;
                reader.buffers.later.clear();
                reader.end_placed(&self.plan)?;
                Ok(reader.buffers.marks)
            });
            marks = read.map_err(|fault| RowFault { column, value, fault })?;
        }
        Ok(Marks(marks))
    }

    /// What is wrong with a row, told of a document that has the column alone.
    #[cold]
    fn refused(&self, columns: &Columns, fault: &RowFault, limits: &Limits) -> Diagnostics {
        let Some(name) = columns.names.get(fault.column) else {
            let source = Source::new(Form::Payload, "{}");
            return Diagnostics::gather(&source, vec![fault.fault.clone()], limits.errors);
        };
        let value = match fault.value {
            RowValue::Null => "null".to_owned(),
            RowValue::Text(text) => format!("\"{}\"", escaped(text)),
            RowValue::Number(number) => number.to_string(),
            RowValue::Boolean(value) => value.to_string(),
            RowValue::Date(instant) => instant.milliseconds().to_string(),
            RowValue::Json(text) => text.to_owned(),
        };
        let document = format!("{{\"{}\":{value}}}", escaped(name));
        let again = self.read_document(&document, limits, &mut self.layout().blank());
        let fault = match again {
            Err(same) => same,
            Ok(_) => Diagnostic { span: Span::empty(0), ..fault.fault.clone() },
        };
        Diagnostics::gather(&Source::new(Form::Payload, document), vec![fault], limits.errors)
    }
}

#[cold]
fn row_too_long(most: usize) -> Diagnostic {
    Diagnostic::new(
        Code::Limit,
        Span::empty(0),
        format!("the row has more than the {most} bytes that are read"),
    )
}

impl<'l> DocumentReader<'_, 'l, '_> {
    /// Reads a value of a column.
    fn cell(&mut self, node: &'l Node, column: &str, value: RowValue) -> Outcome {
        let (kind, text) = match value {
            RowValue::Null | RowValue::Json(_) => return self.no_cell(node),
            RowValue::Text("true") if wants_boolean(node) => (Kind::Boolean(true), self.json.keep("true")),
            RowValue::Text("false") if wants_boolean(node) => (Kind::Boolean(false), self.json.keep("false")),
            RowValue::Text(text) => (Kind::String, self.json.keep(text)),
            RowValue::Number(number) => (Kind::Number, self.json.keep(number)),
            RowValue::Boolean(value) => (Kind::Boolean(value), self.json.keep(value)),
            RowValue::Date(instant) => (Kind::Number, self.json.keep(instant.milliseconds())),
        };
        let name = Name { content: self.json.keep(column), span: Span::empty(0) };
        self.note_watched(node, kind, Some(text));
        self.placed_scalar(node, (kind, text, Offset::from(0_usize)), name, None)
    }

    fn no_cell(&mut self, node: &'l Node) -> Outcome {
        self.note_watched(node, Kind::Null, None);
        self.nothing(node, Name { content: Content::Decoded(Span::empty(0)), span: Span::empty(0) })
    }

    /// Reads a column that is written as JSON.
    fn cell_of_json(&mut self, node: &'l Node, placed: &super::planner::PlacedPlan, column: &str) -> Outcome {
        if !placed.names.is_empty() {
            self.json.keep(&placed.names);
        }
        let content = self.json.keep(column);
        let name = Name { content, span: Span::empty(0) };
        self.deeper(Offset::from(0_usize))?;
        self.placed_value(node, name)?;
        self.json.finish()
    }
}

fn wants_boolean(node: &Node) -> bool {
    node.plain.is_some_and(|to| to.kind == ValueKind::Boolean)
}
