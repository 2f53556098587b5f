//! Getters: a host takes values out of a transaction by their slots.

use crate::typed::{Figure, ValueKind};
use crate::value::{DateText, Number, NumberFault};

use super::cell::Cell;
use super::entry::Entry;
use super::field_value::FieldValue;
use super::model::Transaction;
use super::slot::{EntryList, EntrySlot, Slot};
use super::slot_table::Held;

/// Each getter gives `None` where the value is absent, where the layout reads
/// a value of another type there, and where the slot is of another layout.
/// None of them allocates.
impl Transaction {
    /// A number.
    ///
    /// ```
    /// use target_rules::{Ast, Layout, Limits, Number, Schema};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentTxn.value > currentTxn.discount", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let layout = Layout::of([&rule]);
    /// let slot = |name| layout.slot(name).ok_or("no rule reads it");
    /// let (value, discount) = (slot("currentTxn.value")?, slot("currentTxn.discount")?);
    /// let transaction = layout.read(r#"{"currentTxn": {"value": 730.50}}"#, &limits)?;
    /// assert_eq!(transaction.get_number(value), Number::from_json("730.5").ok());
    /// assert_eq!(transaction.get_number(discount), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn get_number(&self, slot: Slot) -> Option<Number> {
        match self.held(slot, Held::Value(ValueKind::Number))? {
            FieldValue::Number(number) => Some(number),
            _ => None,
        }
    }

    /// A text, or the constant of an enumeration.
    ///
    /// ```
    /// use target_rules::{Ast, Layout, Limits, Schema};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentCustomer.slabName == \"Gold\"", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let layout = Layout::of([&rule]);
    /// let tier = layout.slot("currentCustomer.slabName").ok_or("the rule reads it")?;
    /// let document = r#"{"currentCustomer": {"slabName": "Silver"}}"#;
    /// let transaction = layout.read(document, &limits)?;
    /// assert_eq!(transaction.get_text(tier), Some("Silver"));
    /// assert_eq!(transaction.get_number(tier), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn get_text(&self, slot: Slot) -> Option<&str> {
        match self.held(slot, Held::Value(ValueKind::Text))? {
            FieldValue::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A truth value.
    pub fn get_boolean(&self, slot: Slot) -> Option<bool> {
        match self.held(slot, Held::Value(ValueKind::Boolean))? {
            FieldValue::Boolean(value) => Some(value),
            _ => None,
        }
    }

    /// A date as the document states it; a text that is not a valid date is
    /// [`DateText::Invalid`].
    ///
    /// ```
    /// use target_rules::value::DateText;
    /// use target_rules::{Ast, Layout, Limits, Schema};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentTxn.date.year() == 2026", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let layout = Layout::of([&rule]);
    /// let date = layout.slot("currentTxn.date").ok_or("the rule reads it")?;
    /// let document = r#"{"currentTxn": {"date": "2026-03-07T12:20:20+05:30"}}"#;
    /// let transaction = layout.read(document, &limits)?;
    /// let instant = "2026-03-07T06:50:20Z".parse()?;
    /// assert_eq!(transaction.get_date(date), Some(DateText::Instant(instant)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn get_date(&self, slot: Slot) -> Option<DateText> {
        match self.held(slot, Held::Value(ValueKind::Date))? {
            FieldValue::Date(date) => Some(date),
            _ => None,
        }
    }

    /// A list of numbers, such as the zones of a store.
    pub fn get_numbers(&self, slot: Slot) -> Option<&[Number]> {
        match self.held(slot, Held::Value(ValueKind::Numbers))? {
            FieldValue::Numbers(numbers) => Some(numbers),
            _ => None,
        }
    }

    /// The values of a custom field or a segment. The iterator is empty where
    /// the document has custom fields or segments, but not this one.
    ///
    /// ```
    /// use target_rules::{Ast, Layout, Limits, Schema};
    /// let limits = Limits::default();
    /// let text = r#"currentCustomer.customFieldValueIncludes("hobby", "golf")"#;
    /// let ast = Ast::from_text(text, &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let layout = Layout::of([&rule]);
    /// let hobby = layout.slot_of(&rule.references()[0]).ok_or("the rule reads it")?;
    /// let document = r#"{"currentCustomer": {"customFields": {"hobby": ["chess"]}}}"#;
    /// let transaction = layout.read(document, &limits)?;
    /// let hobbies = transaction.get_texts(hobby).ok_or("the document has it")?;
    /// assert_eq!(hobbies.collect::<Vec<_>>(), ["chess"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn get_texts(&self, slot: Slot) -> Option<impl Iterator<Item = &str>> {
        let texts = match self.held(slot, Held::Texts)? {
            FieldValue::Texts(texts) => Some(texts),
            FieldValue::NoEntry => None,
            _ => return None,
        };
        Some(texts.into_iter().flat_map(|texts| texts.iter()))
    }

    /// The entries of a list in order; `None` where the document has no such
    /// list, and where `list` is of another layout.
    ///
    /// ```
    /// use target_rules::{Ast, Layout, Limits, Number, Schema};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentLineItem.qty > 2", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let layout = Layout::of([&rule]);
    /// let items = layout.list("currentTxn.lineItems").ok_or("the rule reads it")?;
    /// let quantity = layout.entry_slot(items, "qty").ok_or("the rule reads it")?;
    /// let document = r#"{"currentTxn": {"lineItems": [{"qty": 1}, {"qty": 3}]}}"#;
    /// let transaction = layout.read(document, &limits)?;
    /// let entries = transaction.get_entries(items).ok_or("the document has it")?;
    /// let quantities: Vec<_> = entries.filter_map(|item| item.number(quantity)).collect();
    /// assert_eq!(quantities, [Number::from(1), Number::from(3)]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn get_entries(&self, list: EntryList) -> Option<impl ExactSizeIterator<Item = EntryGetter<'_>>> {
        let number = list.within(&self.layout.plan)?;
        let entries = self.entries_of(number)?;
        Some(entries.iter().map(move |entry| EntryGetter { transaction: self, list, entry }))
    }

    fn held(&self, slot: Slot, held: Held) -> Option<FieldValue<'_>> {
        let typed = slot.within(&self.layout.plan)?.typed(held)?;
        Some(self.view(self.cell(typed.cell)))
    }
}

/// A line item or tender. Its getters work like those of [`Transaction`].
///
/// ```
/// use target_rules::{Ast, Layout, Limits, Schema};
/// let limits = Limits::default();
/// let ast = Ast::from_text("currentTxn.basketQty(\"brand\", \"Puma\") > 2", &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let layout = Layout::of([&rule]);
/// let items = layout.list("currentTxn.lineItems").ok_or("the rule reads it")?;
/// let brand = layout.item_attribute(items, "brand").ok_or("the rule reads it")?;
/// let document = r#"{"currentTxn": {"lineItems": [{"qty": 1, "brand": "Nike"}]}}"#;
/// let transaction = layout.read(document, &limits)?;
/// let mut entries = transaction.get_entries(items).ok_or("the document has it")?;
/// assert_eq!(entries.next().and_then(|item| item.text(brand)), Some("Nike"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct EntryGetter<'t> {
    transaction: &'t Transaction,
    list: EntryList,
    entry: Entry<'t>,
}

impl<'t> EntryGetter<'t> {
    /// A number.
    pub fn number(&self, slot: EntrySlot) -> Option<Number> {
        match self.held(slot, Held::Value(ValueKind::Number))? {
            FieldValue::Number(number) => Some(number),
            _ => None,
        }
    }

    /// A text: a field, or an attribute that items are selected by.
    pub fn text(&self, slot: EntrySlot) -> Option<&'t str> {
        match self.held(slot, Held::Value(ValueKind::Text))? {
            FieldValue::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A truth value.
    pub fn boolean(&self, slot: EntrySlot) -> Option<bool> {
        match self.held(slot, Held::Value(ValueKind::Boolean))? {
            FieldValue::Boolean(value) => Some(value),
            _ => None,
        }
    }

    /// A date.
    pub fn date(&self, slot: EntrySlot) -> Option<DateText> {
        match self.held(slot, Held::Value(ValueKind::Date))? {
            FieldValue::Date(date) => Some(date),
            _ => None,
        }
    }

    /// A figure of a line item: the stated value, or else the value computed
    /// from other figures; `None` where neither is possible.
    ///
    /// The layout must read the figure;
    /// [`LayoutBuilder::item_figure`](super::LayoutBuilder::item_figure) makes
    /// it do so. A field that it does not read counts as absent. Fails where
    /// the figure is too large.
    pub fn figure(&self, figure: Figure) -> Result<Option<Number>, NumberFault> {
        self.entry.figure(figure)
    }

    /// The fewest fields that a line item lacks of what a figure needs; none
    /// where it has the figure.
    ///
    /// ```
    /// use target_rules::transaction::Figure;
    /// use target_rules::{Layout, Limits};
    /// let layout = Layout::builder().item_figure("currentTxn", Figure::Amount).build();
    /// let items = layout.list("currentTxn.lineItems").ok_or("they are read")?;
    /// let document = r#"{"currentTxn": {"lineItems": [{"qty": 2, "rate": 5}]}}"#;
    /// let transaction = layout.read(document, &Limits::default())?;
    /// let mut entries = transaction.get_entries(items).ok_or("the document has it")?;
    /// let item = entries.next().ok_or("one item")?;
    /// assert_eq!(item.lacks(Figure::Amount), ["discount"]);
    /// assert!(item.lacks(Figure::Value).is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn lacks(&self, figure: Figure) -> &'static [&'static str] {
        self.entry.lacks(figure)
    }

    fn held(&self, slot: EntrySlot, held: Held) -> Option<FieldValue<'t>> {
        let typed = slot.within(self.list, &self.transaction.layout.plan)?.typed(held)?;
        let cell: &'t Cell = self.entry.cell(typed.cell);
        Some(self.transaction.view(cell))
    }
}
