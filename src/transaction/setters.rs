//! Setters: a host fills a transaction from its own structs, without a
//! document.

use std::fmt;

use crate::typed::ValueKind;
use crate::value::{DateText, Number};

use super::cell::{BufferRange, Cell, Symbol};
use super::fault::expected;
use super::list::Row;
use super::model::Transaction;
use super::slot::{EntryList, EntrySlot, Slot};
use super::slot_table::{Held, SlotValue, TypedCell};

/// Why a value cannot be set.
///
/// ```
/// use target_rules::{Ast, Layout, Limits, Schema};
/// let limits = Limits::default();
/// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let layout = Layout::of([&rule]);
/// let value = layout.slot("currentTxn.value").ok_or("the rule reads it")?;
/// let refused = layout.blank().set_text(value, "500").unwrap_err();
/// assert_eq!(refused.to_string(), "`currentTxn.value` must be a number, is a string");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SetError {
    /// The slot is of another layout than the transaction's, which did not grow
    /// from it either.
    OtherLayout,
    /// The rules read a value of another type there.
    WrongType {
        /// The name of the slot, such as `currentTxn.value`.
        name: String,
        /// The type that its value must have, such as `a number`.
        expected: &'static str,
        /// The type that was given, such as `a string`.
        given: &'static str,
    },
    /// The texts of one transaction would exceed 4 GiB.
    TooMuchText,
}

impl fmt::Display for SetError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SetError::OtherLayout => {
                formatter.write_str("the slot belongs to another layout: ask the transaction's own for it")
            }
            SetError::WrongType { name, expected, given } => {
                write!(formatter, "`{name}` must be {expected}, is {given}")
            }
            SetError::TooMuchText => {
                formatter.write_str("the texts of one transaction have more than 4 GiB: clear it between two")
            }
        }
    }
}

impl std::error::Error for SetError {}

type Result<T = ()> = std::result::Result<T, SetError>;

/// Each setter fails where the slot is of another layout, or where the rules
/// read a value of another type; the transaction is then unchanged. None
/// allocates once the buffers have grown, except for the error.
impl Transaction {
    /// Sets a number; an integer is one.
    ///
    /// ```
    /// use target_rules::{Ast, Layout, Limits, Number, Schema, Truth, Zone};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let layout = Layout::of([&rule]);
    /// let value = layout.slot("currentTxn.value").ok_or("the rule reads it")?;
    /// let mut transaction = layout.blank();
    /// transaction.set_number(value, Number::from_parts(73_050, 2)?)?; // 730.50
    /// assert_eq!(rule.decide(&transaction, &Zone::UTC).result, Truth::True);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn set_number(&mut self, slot: Slot, number: impl Into<Number>) -> Result {
        let number = number.into();
        self.fill(slot, Held::Value(ValueKind::Number), |_| Cell::of(number))
    }

    /// Sets a text, or the constant of an enumeration.
    ///
    /// ```
    /// use target_rules::{Ast, Layout, Limits, Schema, Truth, Zone};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentCustomer.slabName == \"Gold\"", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let layout = Layout::of([&rule]);
    /// let tier = layout.slot("currentCustomer.slabName").ok_or("the rule reads it")?;
    /// let mut transaction = layout.blank();
    /// transaction.set_text(tier, "Gold")?;
    /// assert_eq!(rule.decide(&transaction, &Zone::UTC).result, Truth::True);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn set_text(&mut self, slot: Slot, text: &str) -> Result {
        let span = self.keep_text(text)?;
        let symbol = self.layout.plan.symbol(text);
        self.fill(slot, Held::Value(ValueKind::Text), |typed| text_cell(span, symbol, typed))
    }

    /// Sets a truth value.
    pub fn set_boolean(&mut self, slot: Slot, value: bool) -> Result {
        self.fill(slot, Held::Value(ValueKind::Boolean), |_| Cell::Boolean(value))
    }

    /// Sets a date: an [`Instant`](crate::value::Instant), or a
    /// [`LocalTime`](crate::value::LocalTime), which becomes an instant in the
    /// zone of the evaluation.
    ///
    /// ```
    /// use target_rules::value::LocalTime;
    /// use target_rules::{Ast, Instant, Layout, Limits, Schema, Truth, Zone};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentTxn.date.year() == 2026", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let layout = Layout::of([&rule]);
    /// let date = layout.slot("currentTxn.date").ok_or("the rule reads it")?;
    /// let (mut transaction, kolkata) = (layout.blank(), Zone::named("Asia/Kolkata")?);
    ///
    /// // An instant: New Year's Eve in UTC is New Year in Kolkata.
    /// transaction.set_date(date, "2025-12-31T20:00:00Z".parse::<Instant>()?)?;
    /// assert_eq!(rule.decide(&transaction, &Zone::UTC).result, Truth::False);
    /// assert_eq!(rule.decide(&transaction, &kolkata).result, Truth::True);
    /// // A local time: the same day in every zone.
    /// transaction.set_date(date, LocalTime::midnight(2026, 1, 1)?)?;
    /// assert_eq!(rule.decide(&transaction, &Zone::UTC).result, Truth::True);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn set_date(&mut self, slot: Slot, date: impl Into<DateText>) -> Result {
        let date = date.into();
        self.fill(slot, Held::Value(ValueKind::Date), |_| Cell::Date(date))
    }

    /// Sets a list of numbers, such as the zones of a store.
    pub fn set_numbers(&mut self, slot: Slot, numbers: &[Number]) -> Result {
        let start = self.numbers.len();
        self.numbers.extend_from_slice(numbers);
        let span = BufferRange::new(start..self.numbers.len()).ok_or(SetError::TooMuchText)?;
        self.fill(slot, Held::Value(ValueKind::Numbers), |_| Cell::Numbers(span))
    }

    /// Sets the values of a custom field or a segment.
    ///
    /// ```
    /// use target_rules::{Ast, Layout, Limits, Schema, Truth, Zone};
    /// let limits = Limits::default();
    /// let text = r#"currentCustomer.customFieldValueIncludes("hobby", "golf")"#;
    /// let ast = Ast::from_text(text, &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let layout = Layout::of([&rule]);
    /// let hobby = layout.slot_of(&rule.references()[0]).ok_or("the rule reads it")?;
    /// let mut transaction = layout.blank();
    /// transaction.set_texts(hobby, ["chess", "golf"])?;
    /// assert_eq!(rule.decide(&transaction, &Zone::UTC).result, Truth::True);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn set_texts<'v>(&mut self, slot: Slot, texts: impl IntoIterator<Item = &'v str>) -> Result {
        let start = self.texts.len();
        for text in texts {
            let span = self.keep_text(text)?;
            self.texts.push(span);
        }
        let span = BufferRange::new(start..self.texts.len()).ok_or(SetError::TooMuchText)?;
        self.fill(slot, Held::Texts, |_| Cell::Texts(span))
    }

    /// Says that the custom fields or segments of a profile are known and that
    /// this one is not among them. One that is not set at all is unknown.
    ///
    /// ```
    /// use target_rules::{Ast, Layout, Limits, Schema, Truth, Zone};
    /// let limits = Limits::default();
    /// let text = r#"currentCustomer.customFieldValueIncludes("hobby", "golf")"#;
    /// let ast = Ast::from_text(text, &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let layout = Layout::of([&rule]);
    /// let hobby = layout.slot_of(&rule.references()[0]).ok_or("the rule reads it")?;
    /// let mut transaction = layout.blank();
    /// assert_eq!(rule.decide(&transaction, &Zone::UTC).result, Truth::Unknown);
    /// transaction.set_no_entry(hobby)?;
    /// assert_eq!(rule.decide(&transaction, &Zone::UTC).result, Truth::False);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn set_no_entry(&mut self, slot: Slot) -> Result {
        self.fill(slot, Held::Texts, |_| Cell::NoEntry)
    }

    /// Makes a value absent.
    ///
    /// ```
    /// use target_rules::{Ast, Layout, Limits, Schema};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let layout = Layout::of([&rule]);
    /// let value = layout.slot("currentTxn.value").ok_or("the rule reads it")?;
    /// let mut transaction = layout.blank();
    /// transaction.set_number(value, 12)?;
    /// transaction.clear_value(value)?;
    /// assert_eq!(transaction.get_number(value), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn clear_value(&mut self, slot: Slot) -> Result {
        let layout = self.layout.clone();
        let value = slot.within(&layout.plan).ok_or(SetError::OtherLayout)?;
        value.cells.iter().for_each(|typed| self.set(typed.cell, Cell::Absent));
        Ok(())
    }

    /// Makes a list present and empty. A list that is not set at all is
    /// unknown.
    ///
    /// ```
    /// use target_rules::{Ast, Layout, Limits, Schema, Truth, Zone};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentLineItem.qty > 2", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let layout = Layout::of([&rule]);
    /// let items = layout.list("currentTxn.lineItems").ok_or("the rule reads it")?;
    /// let mut transaction = layout.blank();
    /// assert_eq!(rule.decide(&transaction, &Zone::UTC).result, Truth::Unknown);
    /// transaction.set_no_entries(items)?;
    /// assert_eq!(rule.decide(&transaction, &Zone::UTC).result, Truth::False);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn set_no_entries(&mut self, list: EntryList) -> Result {
        let number = list.within(&self.layout.plan).ok_or(SetError::OtherLayout)?;
        if let Some(held) = self.lists.get_mut(number) {
            held.clear();
            held.present = true;
        }
        Ok(())
    }

    /// Adds an entry to a list. All of its values are absent at first.
    ///
    /// ```
    /// use target_rules::{Ast, Evaluation, Layout, Limits, Schema, Scratch, Truth, Zone};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentTxn.basketQty(\"brand\", \"Puma\") >= 3", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let layout = Layout::of([&rule]);
    /// let items = layout.list("currentTxn.lineItems").ok_or("no rule reads the items")?;
    /// let quantity = layout.entry_slot(items, "qty").ok_or("no rule reads quantities")?;
    /// let brand = layout.item_attribute(items, "brand").ok_or("no rule reads brands")?;
    ///
    /// let mut transaction = layout.blank();
    /// for (bought, made_by) in [(2, "Puma"), (5, "Nike"), (1, "Puma")] {
    ///     transaction.add_entry(items)?.number(quantity, bought)?.text(brand, made_by)?;
    /// }
    /// let (mut scratch, zone) = (Scratch::default(), Zone::UTC);
    /// let mut evaluation = Evaluation::new(&transaction, &zone, &mut scratch);
    /// assert_eq!(layout.compile(&rule)?.decide(&mut evaluation), Truth::True);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn add_entry(&mut self, list: EntryList) -> Result<EntrySetter<'_>> {
        let number = list.within(&self.layout.plan).ok_or(SetError::OtherLayout)?;
        let width = self.layout.plan.list_plans.get(number).ok_or(SetError::OtherLayout)?.width();
        let held = self.lists.get_mut(number).ok_or(SetError::OtherLayout)?;
        let row = held.add(width);
        held.present = true;
        Ok(EntrySetter { transaction: self, list, number, row })
    }

    fn keep_text(&mut self, text: &str) -> Result<BufferRange> {
        self.keep(text).ok_or(SetError::TooMuchText)
    }

    /// Stores a cell for the slot, if its value is read as that type.
    fn fill(&mut self, slot: Slot, held: Held, cell: impl Fn(TypedCell) -> Cell) -> Result {
        let value = slot.within(&self.layout.plan).ok_or(SetError::OtherLayout)?;
        let typed = value.typed(held).ok_or_else(|| wrong_type(value, held))?;
        self.set(typed.cell, cell(typed));
        Ok(())
    }
}

fn text_cell(span: BufferRange, symbol: Symbol, typed: TypedCell) -> Cell {
    Cell::Text(span, if typed.compared { symbol } else { Symbol::default() })
}

#[cold]
fn wrong_type(value: &SlotValue, given: Held) -> SetError {
    let expected = value.cells.first().map_or("", |typed| name_of(typed.held));
    SetError::WrongType { name: value.name(), expected, given: name_of(given) }
}

fn name_of(held: Held) -> &'static str {
    match held {
        Held::Value(ValueKind::Date) => "a date",
        Held::Value(kind) => expected(kind),
        Held::Texts => "a list of strings",
    }
}

/// A line item or tender that is being added.
///
/// ```
/// use target_rules::{Ast, Layout, Limits, Schema, Truth, Zone};
/// let limits = Limits::default();
/// let text = "currentLineItem.qty > 2 && currentLineItem.rate < 100";
/// let ast = Ast::from_text(text, &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let layout = Layout::of([&rule]);
/// let items = layout.list("currentTxn.lineItems").ok_or("the rule reads it")?;
/// let slot = |name| layout.entry_slot(items, name).ok_or("the rule reads it");
/// let (quantity, rate) = (slot("qty")?, slot("rate")?);
/// let mut transaction = layout.blank();
/// transaction.add_entry(items)?.number(quantity, 3)?.number(rate, 20)?;
/// assert_eq!(rule.decide(&transaction, &Zone::UTC).result, Truth::True);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct EntrySetter<'t> {
    transaction: &'t mut Transaction,
    list: EntryList,
    /// The index of the list in the layout.
    number: usize,
    row: Row,
}

/// Each fails as the setters of [`Transaction`] do, and where the slot is of
/// another list.
impl EntrySetter<'_> {
    /// Sets a number; an integer is one.
    pub fn number(&mut self, slot: EntrySlot, number: impl Into<Number>) -> Result<&mut Self> {
        let number = number.into();
        self.fill(slot, Held::Value(ValueKind::Number), |_| Cell::of(number))
    }

    /// Sets a text: a field, or an attribute that items are selected by.
    pub fn text(&mut self, slot: EntrySlot, text: &str) -> Result<&mut Self> {
        let span = self.transaction.keep_text(text)?;
        let symbol = self.transaction.layout.plan.symbol(text);
        self.fill(slot, Held::Value(ValueKind::Text), |typed| text_cell(span, symbol, typed))
    }

    /// Sets a truth value.
    pub fn boolean(&mut self, slot: EntrySlot, value: bool) -> Result<&mut Self> {
        self.fill(slot, Held::Value(ValueKind::Boolean), |_| Cell::Boolean(value))
    }

    /// Sets a date.
    pub fn date(&mut self, slot: EntrySlot, date: impl Into<DateText>) -> Result<&mut Self> {
        let date = date.into();
        self.fill(slot, Held::Value(ValueKind::Date), |_| Cell::Date(date))
    }

    fn fill(&mut self, slot: EntrySlot, held: Held, cell: impl Fn(TypedCell) -> Cell) -> Result<&mut Self> {
        let Transaction { layout, lists, .. } = &mut *self.transaction;
        let value = slot.within(self.list, &layout.plan).ok_or(SetError::OtherLayout)?;
        let typed = value.typed(held).ok_or_else(|| wrong_type(value, held))?;
        if let Some(entries) = lists.get_mut(self.number) {
            entries.set(self.row, typed.cell, cell(typed));
        }
        Ok(self)
    }
}
