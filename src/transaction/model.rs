//! A transaction: its cells, and the buffers that their values are stored in.

use crate::typed::Read;
use crate::value::Number;

use super::buffers::Buffers;
use super::cell::{BufferRange, Cell, Key, Symbol};
use super::cells::Cells;
use super::field_value::{FieldValue, Texts};
use super::layout::Layout;
use super::list::List;
use super::plan::{Plan, number_of_transaction};

/// One activity of one customer, such as a purchase.
///
/// Made by [`Layout::read`]. It holds what the rules of that layout read;
/// everything else counts as absent, even if the document has it. It can be
/// reused for one document after the other, with the same buffers.
///
/// Its values are read from a document, or set one by one (see
/// [`Layout::slot`]). Numbers are exact, dates are instants or local times. A
/// value stays until it is cleared.
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
    pub(super) layout: Layout,
    /// By slot.
    cells: Cells,
    /// By the list's index in the layout.
    pub(super) lists: Vec<List>,
    /// The buffer for the texts of all cells.
    text: String,
    pub(super) texts: Vec<BufferRange>,
    pub(super) numbers: Vec<Number>,
    pub(super) buffers: Buffers,
}

impl Transaction {
    /// The layout that it belongs to.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// A single value; absent where the document lacks it or the layout does
    /// not read it.
    pub(crate) fn value(&self, read: &Read) -> FieldValue<'_> {
        self.layout.plan.slot(read).map_or(FieldValue::Absent, |slot| self.view(self.cell(slot)))
    }

    /// The cell of a slot.
    #[inline]
    pub(crate) fn cell(&self, slot: usize) -> &Cell {
        self.cells.get(slot)
    }

    /// The keys of all single values, by slot.
    #[inline]
    pub(crate) fn keys(&self) -> &[Key] {
        self.cells.keys()
    }

    /// Stores a cell in a slot.
    /// Whether profiles may have a single value, by their numbers: of those that are
    /// not told none has any.
    pub(crate) fn each_profile(&self, mut there: impl FnMut(u32)) {
        let plan = &self.layout.plan;
        match self.cells.filled() {
            Some(filled) => filled.iter().filter_map(|slot| plan.profile_of(*slot)).for_each(there),
            None => (0..plan.width()).filter_map(|slot| plan.profile_of(slot)).for_each(&mut there),
        }
    }

    pub(super) fn set(&mut self, slot: usize, cell: Cell) {
        self.cells.set(slot, cell);
    }

    /// A cell for a text, with its symbol if rules compare it. `None` where
    /// [`Transaction::keep`] gives none.
    #[inline]
    pub(super) fn text_cell(&mut self, plan: &Plan, text: &str, compared: bool) -> Option<Cell> {
        let symbol = if compared { plan.symbol(text) } else { Symbol::default() };
        Some(Cell::Text(self.keep(text)?, symbol))
    }

    /// Appends a text to the transaction's buffer; `None` where the buffer
    /// would exceed 4 GiB.
    #[inline]
    pub(super) fn keep(&mut self, text: &str) -> Option<BufferRange> {
        let start = self.text.len();
        let range = BufferRange::new(start..start.checked_add(text.len())?)?;
        self.text.push_str(text);
        Some(range)
    }

    /// The text of a range of the buffer.
    #[inline]
    pub(crate) fn text(&self, range: BufferRange) -> &str {
        self.text.get(range.range()).unwrap_or("")
    }

    /// The values of a custom field or segment.
    pub(crate) fn texts(&self, range: BufferRange) -> impl Iterator<Item = &str> {
        self.texts_of(range).iter()
    }

    fn texts_of(&self, range: BufferRange) -> Texts<'_> {
        Texts::new(&self.text, self.texts.get(range.range()).unwrap_or_default())
    }

    /// The value of a cell, as the language sees it.
    pub(crate) fn view(&self, cell: &Cell) -> FieldValue<'_> {
        match cell {
            Cell::Absent => FieldValue::Absent,
            Cell::NoEntry => FieldValue::NoEntry,
            Cell::Boolean(value) => FieldValue::Boolean(*value),
            Cell::Fixed(number) => FieldValue::Number(number.number()),
            Cell::Number(number) => FieldValue::Number(*number),
            Cell::Text(range, _) => FieldValue::Text(self.text(*range)),
            Cell::Date(date) => FieldValue::Date(*date),
            Cell::Numbers(range) => FieldValue::Numbers(self.numbers.get(range.range()).unwrap_or_default()),
            Cell::Texts(range) => FieldValue::Texts(self.texts_of(*range)),
        }
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
        match self.value(&number_of_transaction()) {
            FieldValue::Text(number) => Some(number),
            _ => None,
        }
    }

    /// Clears every value and keeps the buffers.
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
        self.cells.clear();
        for list in &mut self.lists {
            list.clear();
        }
        self.text.clear();
        self.texts.clear();
        self.numbers.clear();
    }
}

impl Layout {
    /// An empty transaction of the same layout.
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
            cells: Cells::absent(self.plan.width()),
            lists: vec![List::default(); self.plan.list_plans.len()],
            text: String::new(),
            texts: Vec::new(),
            numbers: Vec::new(),
            buffers: Buffers::default(),
        }
    }
}
