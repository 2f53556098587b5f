//! A transaction document: exactly what the loaded rules read of it.
//!
//! A [`Layout`] says what is read, and gives the slots by which a host sets the
//! values of a [`Transaction`] and takes them out again.

mod builder;
mod cell;
mod derived;
mod entry;
mod get;
mod layout;
mod lookup;
mod names;
mod planner;
mod read;
mod rows;
mod set;

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use crate::diagnostic::{Diagnostics, Form, Input, Source, utf8_of};
use crate::limits::Limits;
use crate::schema::Each;
use crate::typed::Read;
use crate::value::Number;

pub use crate::typed::{Figure, ValueKind};
pub use builder::LayoutBuilder;
pub use get::EntryGetter;
pub use layout::Layout;
pub(crate) use layout::{ListPlan, Plan};
pub use set::{EntryList, EntrySetter, EntrySlot, SetError, Slot};

pub(crate) use cell::{Cell, FieldValue, Quick, Span as TextSpan, Symbol, UNQUICK};
pub(crate) use derived::Derived;
pub(crate) use entry::{Entry, Rows};

/// One activity of one customer, read from its document.
///
/// Made by [`Layout::read`]. It holds what the rules of that layout read;
/// everything else is absent, as it is where the document does not carry it.
/// Its buffers can be used for one document after the other.
#[derive(Debug, Clone)]
pub struct Transaction {
    layout: Layout,
    /// By slot of the layout.
    cells: Vec<Cell>,
    /// The same as words. INVARIANT: each is its cell's.
    quick: Vec<Quick>,
    /// By list of the layout.
    lists: Vec<List>,
    /// The text of every cell that holds some, one after the other.
    text: String,
    texts: Vec<TextSpan>,
    numbers: Vec<Number>,
    buffers: read::Buffers,
}

/// The entries of a list, one after the other.
#[derive(Debug, Clone, Default)]
struct List {
    /// Whether the document has the list at all.
    present: bool,
    count: usize,
    cells: Vec<Cell>,
    /// The same as words. INVARIANT: each is its cell's.
    quick: Vec<Quick>,
}

impl List {
    fn clear(&mut self) {
        self.present = false;
        self.count = 0;
        self.cells.clear();
        self.quick.clear();
    }
}

impl Transaction {
    /// The layout that it is read for.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// A single value; absent where the document or the layout lacks it.
    pub(crate) fn value(&self, read: &Read) -> FieldValue<'_> {
        self.layout.plan.slot(read).map_or(FieldValue::Absent, |slot| self.view(self.cell(slot)))
    }

    /// The cell of a slot.
    #[inline]
    pub(crate) fn cell(&self, slot: usize) -> &Cell {
        self.cells.get(slot).unwrap_or(&Cell::Absent)
    }

    /// Every single value as a word, by slot.
    #[inline]
    pub(crate) fn quick(&self) -> &[Quick] {
        &self.quick
    }

    /// Puts a cell into a slot.
    fn set(&mut self, slot: usize, cell: Cell) {
        if let (Some(held), Some(quick)) = (self.cells.get_mut(slot), self.quick.get_mut(slot)) {
            *quick = cell.quick();
            *held = cell;
        }
    }

    /// A text; its symbol where rules compare it.
    fn text_cell(&mut self, plan: &Plan, text: &str, compared: bool) -> Cell {
        let symbol = if compared { plan.symbol(text) } else { Symbol::default() };
        Cell::Text(self.keep(text), symbol)
    }

    /// Keeps a text in the transaction's buffer.
    fn keep(&mut self, text: &str) -> TextSpan {
        let start = self.text.len();
        self.text.push_str(text);
        // INVARIANT: no document is larger than 4 GiB, for spans are of 32 bits.
        TextSpan::new(start..self.text.len()).unwrap_or_default()
    }

    /// The text that a cell holds.
    #[inline]
    pub(crate) fn text(&self, span: TextSpan) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }

    /// The entries of a list; `None` where the document has no list.
    pub(crate) fn entries(
        &self,
        section: &str,
        each: Each,
    ) -> Option<impl ExactSizeIterator<Item = Entry<'_>>> {
        let list = self.layout.plan.list(section, each)?;
        self.rows(list).map(Rows::entries)
    }

    /// The same by the list's number in the layout.
    pub(crate) fn rows(&self, list: usize) -> Option<Rows<'_>> {
        let plan = self.layout.plan.list_plans.get(list)?;
        let held = self.lists.get(list).filter(|held| held.present)?;
        Some(Rows::new(self, plan, held))
    }

    /// The transaction's number, `currentTxn.number`.
    pub fn number(&self) -> Option<&str> {
        match self.value(&layout::number_of_transaction()) {
            FieldValue::Text(number) => Some(number),
            _ => None,
        }
    }

    /// Forgets every value and keeps the buffers.
    pub fn clear(&mut self) {
        self.cells.fill(Cell::Absent);
        self.quick.fill(UNQUICK);
        for list in &mut self.lists {
            list.clear();
        }
        self.text.clear();
        self.texts.clear();
        self.numbers.clear();
    }
}

/// Two layouts are equal where they are the very same: one, and its clones. Of
/// others it does not matter what they read; slots of one mean nothing to
/// another.
///
/// ```
/// use target_rules::Layout;
/// let (layout, other) = (Layout::of([]), Layout::of([]));
/// assert!(layout == layout.clone() && layout != other);
/// assert!(*layout.blank().layout() == layout);
/// ```
impl PartialEq for Layout {
    fn eq(&self, other: &Layout) -> bool {
        self.is(other)
    }
}

impl Eq for Layout {}

/// By identity, as layouts are equal.
impl Hash for Layout {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.plan).hash(state);
    }
}

impl Layout {
    /// A transaction of which nothing is known yet.
    pub fn blank(&self) -> Transaction {
        Transaction {
            layout: self.clone(),
            cells: vec![Cell::Absent; self.plan.slots.len()],
            quick: vec![UNQUICK; self.plan.slots.len()],
            lists: vec![List::default(); self.plan.list_plans.len()],
            text: String::new(),
            texts: Vec::new(),
            numbers: Vec::new(),
            buffers: read::Buffers::default(),
        }
    }

    /// Reads a transaction document: one JSON object, keyed by profile.
    ///
    /// Only what the layout's rules read is looked at. There, a value of the
    /// wrong type and a key that stands twice are errors for the whole
    /// document, each with its JSON pointer. Cost is linear in its length.
    ///
    /// ```
    /// use target_rules::{Ast, Layout, Limits, Schema};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let layout = Layout::of([&rule]);
    /// // As it comes from the wire.
    /// let transaction = layout.read(br#"{"currentTxn": {"number": "n-1", "value": 12}}"#, &limits)?;
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
        self.read_into(document, limits, &mut transaction)?;
        Ok(transaction)
    }

    /// Reads a document into a transaction whose buffers are used again; what
    /// it held is forgotten. One of another layout is made one of this.
    ///
    /// Allocates nothing once the buffers have grown to what the documents
    /// need. Fails as [`Layout::read`] does; the transaction then holds nothing.
    ///
    /// ```
    /// use target_rules::{Ast, Evaluation, Layout, Limits, Schema, Scratch, Truth, Zone};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let layout = Layout::of([&rule]);
    /// let program = layout.compile(&rule)?;
    /// let (mut transaction, mut scratch, zone) = (layout.blank(), Scratch::default(), Zone::UTC);
    /// let mut counted = 0;
    /// for document in [r#"{"currentTxn": {"value": 730.50}}"#, r#"{"currentTxn": {"value": 12}}"#] {
    ///     layout.read_into(document, &limits, &mut transaction)?;
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
        self.read_text(utf8_of(document, Form::Payload, limits.transaction()), limits, transaction)
    }

    fn read_text(
        &self,
        document: Result<&str, Diagnostics>,
        limits: &Limits,
        transaction: &mut Transaction,
    ) -> Result<(), Diagnostics> {
        if transaction.layout.is(self) {
            transaction.clear();
        } else {
            *transaction = self.blank();
        }
        let document = document?;
        self.read_document(document, limits, transaction).map_err(|fault| {
            transaction.clear();
            Diagnostics::gather(&Source::new(Form::Payload, document), vec![fault], limits.errors)
        })
    }
}
