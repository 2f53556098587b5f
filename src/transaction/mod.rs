//! A transaction document: exactly what the loaded rules read of it.
//!
//! A [`Layout`] says what is read, and gives the slots by which a host sets the
//! values of a [`Transaction`] and takes them out again.

// In the order in which the pages of `Layout` and `Transaction` show what is
// defined in them: how they are made and read, then single values.
mod layout;

mod builder;
mod document;

mod slot;

mod setters;

mod getters;

mod cell;
mod derived;
mod entries;
mod entry;
mod lookup;
mod names;
mod planner;
mod read;

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use crate::schema::ListName;
use crate::typed::Read;
use crate::value::Number;

pub use crate::typed::{Figure, ValueKind};
pub use builder::LayoutBuilder;
pub use getters::EntryGetter;
pub use layout::Layout;
pub(crate) use layout::{ListPlan, Plan};
pub use setters::{EntrySetter, SetError};
pub use slot::{EntryList, EntrySlot, Slot};

pub(crate) use cell::{BufferRange, Cell, FieldValue, Key, NO_KEY, Symbol};
pub(crate) use derived::Derived;
pub(crate) use entry::{Entries, Entry};

/// One activity of one customer, read from its document.
///
/// Made by [`Layout::read`]. It holds what the rules of that layout read;
/// everything else is absent, as it is where the document does not carry it.
/// Its buffers can be used for one document after the other.
///
/// Its values are read of a document, or set one by one (see [`Layout::slot`]). Numbers are
/// exact, dates instants or local times, and all of it stays as it is until it is cleared.
///
/// ```
/// use target_rules::{Ast, Layout, Limits, Number, Schema};
/// let limits = Limits::default();
/// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let layout = Layout::of([&rule]);
/// let value = layout.slot("currentTxn.value").ok_or("the rule reads it")?;
///
/// let document = r#"{"currentTxn": {"number": "n-1", "value": 730.50}}"#;
/// let mut transaction = layout.read(document, &limits)?;
/// assert_eq!(transaction.number(), Some("n-1"));
/// assert_eq!(transaction.get_number(value), Some("730.5".parse()?));
/// transaction.set_number(value, 12)?;
/// assert_eq!(transaction.get_number(value), Some(Number::from(12)));
/// transaction.clear();
/// assert_eq!(transaction.get_number(value), None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Transaction {
    layout: Layout,
    /// By slot of the layout.
    cells: Vec<Cell>,
    /// The same as keys. INVARIANT: each is its cell's.
    keys: Vec<Key>,
    /// By list of the layout.
    lists: Vec<List>,
    /// The text of every cell that holds some, one after the other.
    text: String,
    texts: Vec<BufferRange>,
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
    /// The same as keys. INVARIANT: each is its cell's.
    keys: Vec<Key>,
}

impl List {
    fn clear(&mut self) {
        self.present = false;
        self.count = 0;
        self.cells.clear();
        self.keys.clear();
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

    /// Every single value as a key, by slot.
    #[inline]
    pub(crate) fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// Puts a cell into a slot.
    fn set(&mut self, slot: usize, cell: Cell) {
        if let (Some(held), Some(keys)) = (self.cells.get_mut(slot), self.keys.get_mut(slot)) {
            *keys = cell.key();
            *held = cell;
        }
    }

    /// A text; its symbol where rules compare it.
    fn text_cell(&mut self, plan: &Plan, text: &str, compared: bool) -> Cell {
        let symbol = if compared { plan.symbol(text) } else { Symbol::default() };
        Cell::Text(self.keep(text), symbol)
    }

    /// Keeps a text in the transaction's buffer.
    fn keep(&mut self, text: &str) -> BufferRange {
        let start = self.text.len();
        self.text.push_str(text);
        // INVARIANT: no document is larger than 4 GiB, for spans are of 32 bits.
        BufferRange::new(start..self.text.len()).unwrap_or_default()
    }

    /// The text that a cell holds.
    #[inline]
    pub(crate) fn text(&self, span: BufferRange) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }

    /// The entries of a list; `None` where the document has no list.
    pub(crate) fn entries(
        &self,
        section: &str,
        name: ListName,
    ) -> Option<impl ExactSizeIterator<Item = Entry<'_>>> {
        let list = self.layout.plan.list(section, name)?;
        self.entries_of(list).map(Entries::iter)
    }

    /// The same by the list's number in the layout.
    pub(crate) fn entries_of(&self, list: usize) -> Option<Entries<'_>> {
        let plan = self.layout.plan.list_plans.get(list)?;
        let held = self.lists.get(list).filter(|held| held.present)?;
        Some(Entries::new(self, plan, held))
    }

    /// The transaction's number, `currentTxn.number`.
    ///
    /// ```
    /// use target_rules::{Layout, Limits};
    /// let document = r#"{"currentTxn": {"number": "n-1784"}}"#;
    /// let transaction = Layout::of([]).read(document, &Limits::default())?;
    /// assert_eq!(transaction.number(), Some("n-1784"));
    /// # Ok::<(), target_rules::Diagnostics>(())
    /// ```
    pub fn number(&self) -> Option<&str> {
        match self.value(&layout::number_of_transaction()) {
            FieldValue::Text(number) => Some(number),
            _ => None,
        }
    }

    /// Forgets every value and keeps the buffers.
    ///
    /// ```
    /// use target_rules::{Layout, Limits};
    /// let document = r#"{"currentTxn": {"number": "n-1784"}}"#;
    /// let mut transaction = Layout::of([]).read(document, &Limits::default())?;
    /// transaction.clear();
    /// assert_eq!(transaction.number(), None);
    /// # Ok::<(), target_rules::Diagnostics>(())
    /// ```
    pub fn clear(&mut self) {
        self.cells.fill(Cell::Absent);
        self.keys.fill(NO_KEY);
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
    ///
    /// ```
    /// use target_rules::{Ast, Layout, Limits, Schema, Zone};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let transaction = Layout::of([&rule]).blank();
    /// assert!(rule.decide(&transaction, &Zone::UTC).result.is_unknown());
    /// # Ok::<(), target_rules::Diagnostics>(())
    /// ```
    pub fn blank(&self) -> Transaction {
        Transaction {
            layout: self.clone(),
            cells: vec![Cell::Absent; self.plan.slots.len()],
            keys: vec![NO_KEY; self.plan.slots.len()],
            lists: vec![List::default(); self.plan.list_plans.len()],
            text: String::new(),
            texts: Vec::new(),
            numbers: Vec::new(),
            buffers: read::Buffers::default(),
        }
    }
}
