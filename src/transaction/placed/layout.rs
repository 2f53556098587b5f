//! A layout that reads documents of another shape.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::diagnostic::{Diagnostics, Form, Input, Source, utf8_of};
use crate::limits::Limits;

use super::super::fault::Result as Outcome;
use super::super::layout::Layout;
use super::super::model::Transaction;
use super::super::reader::{DocumentReader, ReadBy, too_long};
use super::places::Places;
use super::planner::{PlacedPlan, Planner};

/// How many tables there are in the process, and standard documents.
static TABLES: AtomicU64 = AtomicU64::new(1);

/// A layout with the places of its values in documents of another shape.
///
/// [`Layout::placed`] makes it. Cheap to clone.
#[derive(Clone)]
pub struct PlacedLayout {
    layout: Layout,
    pub(super) plan: Arc<PlacedPlan>,
    table: u64,
}

impl std::fmt::Debug for PlacedLayout {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("PlacedLayout").field("layout", &self.layout).finish_non_exhaustive()
    }
}

/// Which of the watched values of a document hold.
///
/// ```
/// use std::sync::Arc;
/// use target_rules::json::PathSegment;
/// use target_rules::transaction::Places;
/// use target_rules::{Layout, Limits};
/// let mut places = Places::default();
/// let path = [PathSegment::Key("status".to_owned())];
/// let failed = places.watch(&path, Arc::new(|value| value.text == "failed"));
/// let layout = Layout::of([]).placed(&places);
/// let mut bill = layout.layout().blank();
/// let limits = Limits::default();
/// let marks = layout.read_into(r#"{"status": "failed"}"#, &limits, &mut bill)?;
/// assert!(failed.is_some_and(|failed| marks.holds(failed)));
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Marks(pub(super) u64);

impl Marks {
    /// Whether the watched value with this number is there and held.
    pub fn holds(self, number: u32) -> bool {
        self.0 & 1_u64.wrapping_shl(number) != 0
    }
}

/// The columns of a table, each with what is read of it.
/// [`PlacedLayout::columns`] gives them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    pub(super) names: Vec<Box<str>>,
    /// The node of each column that is read.
    pub(super) nodes: Vec<Option<u32>>,
    pub(super) table: u64,
}

impl Columns {
    /// Their names, in their order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|name| &**name)
    }

    /// Whether anything is read of a column, by its number from 0. Values of the
    /// others need not be made.
    ///
    /// ```
    /// use target_rules::Layout;
    /// use target_rules::transaction::Places;
    /// let layout = Layout::of([]).placed(&Places::default());
    /// assert!(!layout.columns(["total"]).are_read(0));
    /// ```
    pub fn are_read(&self, column: usize) -> bool {
        self.nodes.get(column).is_some_and(Option::is_some)
    }
}

impl Layout {
    /// This layout for documents of another shape, in which the values stand at
    /// these places.
    ///
    /// Cost is linear in the places and in what the layout reads.
    ///
    /// ```
    /// use target_rules::json::PathSegment;
    /// use target_rules::transaction::{Container, Form, Places};
    /// use target_rules::{Ast, Layout, Limits, Schema, Truth, Zone};
    /// let limits = Limits::default();
    /// let text = r#"currentTxn.customFieldValueIncludes("till", "7")"#;
    /// let ast = Ast::from_text(text, &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let form = Form::Pairs { name: "key".to_owned(), value: "value".to_owned() };
    /// let to = Container::CustomFields { profile: "currentTxn".to_owned() };
    /// let mut places = Places::default();
    /// places.container(&[PathSegment::Key("notes".to_owned())], form, to);
    ///
    /// let layout = Layout::of([&rule]).placed(&places);
    /// let bill = layout.read(r#"{"notes": [{"key": "till", "value": 7}]}"#, &limits)?;
    /// assert_eq!(rule.decide(&bill, &Zone::UTC).result, Truth::True);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn placed(&self, places: &Places) -> PlacedLayout {
        PlacedLayout {
            layout: self.clone(),
            plan: Arc::new(Planner::plan(&self.plan, places)),
            table: TABLES.fetch_add(1, Ordering::Relaxed),
        }
    }
}

impl PlacedLayout {
    /// The layout of the transactions that are read.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Reads a document as [`Layout::read`] reads a standard one.
    ///
    /// Fails as that does; the places of faults are those in this document.
    /// Cost is linear in the length of the document.
    pub fn read(
        &self,
        document: &(impl Input + ?Sized),
        limits: &Limits,
    ) -> Result<Transaction, Diagnostics> {
        let mut transaction = self.layout.blank();
        self.read_text(utf8_of(document, Form::Payload, limits.transaction()), limits, &mut transaction)?;
        Ok(transaction)
    }

    /// Reads a document into a transaction, as [`Layout::read_into`] reads a
    /// standard one, and says which of the watched values hold.
    ///
    /// Fails as [`PlacedLayout::read`] does; the transaction is then empty.
    /// Allocates nothing once the buffers have grown to what the documents need,
    /// but for what conversions allocate. Cost is linear in the length of the
    /// document.
    pub fn read_into(
        &self,
        document: &(impl Input + ?Sized),
        limits: &Limits,
        transaction: &mut Transaction,
    ) -> Result<Marks, Diagnostics> {
        self.clear(transaction);
        self.read_text(utf8_of(document, Form::Payload, limits.transaction()), limits, transaction)
    }

    /// Makes a transaction one of this layout, and empty.
    pub(super) fn clear(&self, transaction: &mut Transaction) {
        if transaction.layout.is(&self.layout) {
            transaction.clear();
        } else {
            *transaction = self.layout.blank();
        }
        transaction.buffers.shapes.learns = true;
    }

    fn read_text(
        &self,
        document: Result<&str, Diagnostics>,
        limits: &Limits,
        transaction: &mut Transaction,
    ) -> Result<Marks, Diagnostics> {
        let document = document?;
        self.read_document(document, limits, transaction).map_err(|fault| {
            transaction.clear();
            Diagnostics::gather(&Source::new(Form::Payload, document), vec![fault], limits.errors)
        })
    }

    pub(super) fn read_document(
        &self,
        document: &str,
        limits: &Limits,
        transaction: &mut Transaction,
    ) -> Outcome<Marks> {
        let most = limits.transaction();
        if document.len() > most {
            return Err(too_long(document.len(), most));
        }
        DocumentReader::read_by(document, self.by(limits), transaction, |reader| {
            reader.placed_document(&self.plan)?;
            Ok(Marks(reader.buffers.marks))
        })
    }

    pub(super) fn by<'l>(&'l self, limits: &'l Limits) -> ReadBy<'l> {
        ReadBy { limits, plan: &self.layout.plan, shapes_of: self.table }
    }

    /// Finds what is read of the columns of a table: a column is a key of a
    /// document.
    ///
    /// Cost is linear in the columns.
    ///
    /// ```
    /// use target_rules::json::PathSegment;
    /// use target_rules::transaction::{Places, RowValue};
    /// use target_rules::{Ast, Layout, Limits, Reference, Schema, Truth, Zone};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let (profile, name) = ("currentTxn".to_owned(), "value".to_owned());
    /// let mut places = Places::default();
    /// let path = [PathSegment::Key("Total".to_owned())];
    /// places.value(&path, &Reference::Attribute { profile, name }, None);
    ///
    /// let layout = Layout::of([&rule]).placed(&places);
    /// let columns = layout.columns(["Date", "Total"]);
    /// assert!(columns.are_read(1) && !columns.are_read(0));
    /// let mut bill = layout.layout().blank();
    /// let row = [RowValue::Text("2026-03-07"), RowValue::Text("730.50")];
    /// layout.read_row(&columns, row, &limits, &mut bill)?;
    /// assert_eq!(rule.decide(&bill, &Zone::UTC).result, Truth::True);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn columns<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Columns {
        let names: Vec<Box<str>> = names.into_iter().map(Box::from).collect();
        let nodes = names.iter().map(|name| self.plan.root.keys.number(name)).collect();
        Columns { names, nodes, table: self.table }
    }

    /// Whether the columns are those of this layout.
    pub(super) fn has(&self, columns: &Columns) -> bool {
        columns.table == self.table
    }
}
