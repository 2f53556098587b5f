//! Values set by a host that has them in its own structs, without a document.
#![deny(clippy::arithmetic_side_effects)]

use std::collections::BTreeMap;
use std::fmt;

use crate::rule::Reference;
use crate::schema::Each;
use crate::typed::{Field, Read, ValueKind};
use crate::value::{DateText, Number};

use super::cell::Span as TextSpan;
use super::layout::{ListPlan, Plan};
use super::read::expected;
use super::{Cell, Layout, Symbol, Transaction, UNQUICK};

/// A single value that some rule of a layout reads. [`Layout::slot`] gives it.
///
/// ```
/// use target_rules::transaction::SetError;
/// use target_rules::{Ast, Layout, Limits, Schema};
/// let limits = Limits::default();
/// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let layout = Layout::of([&rule]);
/// let value = layout.slot("currentTxn.value").ok_or("the rule reads it")?;
/// layout.blank().set_number(value, 12)?;
/// // A slot belongs to the layout that gave it.
/// let mut other = Layout::of([&rule]).blank();
/// assert_eq!(other.set_number(value, 12), Err(SetError::OtherLayout));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Slot {
    layout: u64,
    place: usize,
}

/// A list of line items or tenders that some rule of a layout reads.
/// [`Layout::list`] gives it.
///
/// ```
/// use target_rules::{Ast, Layout, Limits, Schema};
/// let limits = Limits::default();
/// let ast = Ast::from_text("currentLineItem.qty > 2", &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let layout = Layout::of([&rule]);
/// assert!(layout.list("currentTxn.lineItems").is_some());
/// assert!(layout.list("currentTxn.tenders").is_none());
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct EntryList {
    layout: u64,
    list: usize,
}

/// A value of every entry of a list. [`Layout::entry_slot`] and
/// [`Layout::item_attribute`] give it.
///
/// ```
/// use target_rules::{Ast, Layout, Limits, Schema};
/// let limits = Limits::default();
/// let ast = Ast::from_text("currentLineItem.qty > 2", &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let layout = Layout::of([&rule]);
/// let items = layout.list("currentTxn.lineItems").ok_or("the rule reads it")?;
/// assert!(layout.entry_slot(items, "qty").is_some());
/// assert!(layout.entry_slot(items, "rate").is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct EntrySlot {
    list: EntryList,
    place: usize,
}

impl Slot {
    /// Its place in a plan; `None` where it is of another one.
    pub(super) fn within(self, plan: &Plan) -> Option<usize> {
        (self.layout == plan.id).then_some(self.place)
    }
}

impl EntryList {
    /// Its number in a plan; `None` where it is of another one.
    pub(super) fn within(self, plan: &Plan) -> Option<usize> {
        (self.layout == plan.id).then_some(self.list)
    }
}

impl EntrySlot {
    /// Its place in a list; `None` where it is of another one.
    pub(super) fn within(self, list: EntryList) -> Option<usize> {
        (self.list == list).then_some(self.place)
    }
}

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
/// assert_eq!(refused.to_string(), "`currentTxn.value` is a number, not a string");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SetError {
    /// The slot was made by another layout than the transaction.
    OtherLayout,
    /// The rules read a value of another type there.
    WrongType {
        /// What the slot holds, such as `currentTxn.value`.
        name: String,
        /// What its value is, such as `a number`.
        expected: &'static str,
        /// What was given, such as `a string`.
        given: &'static str,
    },
    /// The texts of one transaction have more than 4 GiB.
    TooMuchText,
}

impl fmt::Display for SetError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SetError::OtherLayout => {
                formatter.write_str("the slot belongs to another layout: ask the transaction's own for it")
            }
            SetError::WrongType { name, expected, given } => {
                write!(formatter, "`{name}` is {expected}, not {given}")
            }
            SetError::TooMuchText => {
                formatter.write_str("the texts of one transaction have more than 4 GiB: clear it between two")
            }
        }
    }
}

impl std::error::Error for SetError {}

type Result<T = ()> = std::result::Result<T, SetError>;

/// What a slot holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Held {
    Value(ValueKind),
    /// The values of a custom field or a segment.
    Texts,
}

impl Held {
    fn name(self) -> &'static str {
        match self {
            Held::Value(ValueKind::Date) => "a date",
            Held::Value(kind) => expected(kind),
            Held::Texts => "a list of strings",
        }
    }
}

/// One cell of a place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    pub(super) cell: usize,
    pub(super) held: Held,
    compared: bool,
}

/// What hosts can set, by number. Rules may read one value as two types: it
/// then has a cell of each.
#[derive(Debug, Clone, Default)]
pub(super) struct Places {
    numbers: BTreeMap<Reference, usize>,
    places: Vec<Vec<Part>>,
}

impl Places {
    /// A cell, by what is read into it.
    pub(super) fn add(&mut self, read: &Read, cell: usize, compared: bool) {
        let held = match read {
            Read::Field { kind, .. } | Read::EntryField { kind, .. } | Read::Answer { kind, .. } => {
                Held::Value(*kind)
            }
            Read::ItemAttribute { .. } => Held::Value(ValueKind::Text),
            Read::CustomField { .. } | Read::Segment { .. } => Held::Texts,
            Read::List { .. } => return,
        };
        let number = *self.numbers.entry(Reference::from(read.clone())).or_insert(self.places.len());
        if self.places.len() <= number {
            self.places.push(Vec::new());
        }
        if let Some(parts) = self.places.get_mut(number) {
            parts.push(Part { cell, held, compared });
        }
    }

    /// The cells of a place.
    pub(super) fn parts(&self, place: usize) -> impl Iterator<Item = &Part> {
        self.places.get(place).into_iter().flatten()
    }

    fn part(&self, place: usize, at: usize) -> Option<Part> {
        self.places.get(place)?.get(at).copied()
    }

    #[cold]
    fn wrong(&self, place: usize, given: Held) -> SetError {
        let reference = self.numbers.iter().find(|(_, number)| **number == place);
        let name = reference.map_or_else(String::new, |(reference, _)| written(reference));
        let expected = self.part(place, 0).map_or("", |part| part.held.name());
        SetError::WrongType { name, expected, given: given.name() }
    }
}

/// A reference as its document has it.
fn written(reference: &Reference) -> String {
    match reference {
        Reference::Attribute { profile, name } | Reference::ItemAttribute { profile, name } => {
            format!("{profile}.{name}")
        }
        Reference::ExtendedField { profile, name } => format!("{profile}.extendedFields.{name}"),
        Reference::CustomField { profile, name } => format!("{profile}.customFields.{name}"),
        Reference::Segment { profile, name } => format!("{profile}.clusters.{name}"),
        Reference::Answer { profile, method, arguments } => {
            [&[profile.clone(), method.clone()], arguments.as_slice()].concat().join(".")
        }
        Reference::List { profile, list } => format!("{profile}.{list}"),
        Reference::EntryField { profile, list, name, .. } => format!("{profile}.{list}.{name}"),
    }
}

impl Layout {
    /// The slot of an attribute by the name that rules use, such as
    /// `currentTxn.value` or `currentCustomer.extField_tier`; `None` where no
    /// rule of the layout reads it. Ask once, and keep it for every transaction.
    ///
    /// ```
    /// use target_rules::{Ast, Evaluation, Layout, Limits, Schema, Scratch, Truth, Zone};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let layout = Layout::of([&rule]);
    /// let program = layout.compile(&rule)?;
    /// let value = layout.slot("currentTxn.value").ok_or("no rule reads the value")?;
    ///
    /// let (mut transaction, mut scratch) = (layout.blank(), Scratch::default());
    /// let zone = Zone::UTC;
    /// for (amount, expected) in [(730, Truth::True), (12, Truth::False)] {
    ///     transaction.clear();
    ///     transaction.set_number(value, amount)?;
    ///     let mut evaluation = Evaluation::new(&transaction, &zone, &mut scratch);
    ///     assert_eq!(program.decide(&mut evaluation), expected);
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn slot(&self, name: &str) -> Option<Slot> {
        let (profile, name) = name.split_once('.')?;
        let profile = self.plan.section_named(profile)?.to_string();
        let Field { extended, name } = Field::named(name);
        let name = name.to_string();
        self.slot_of(&match extended {
            true => Reference::ExtendedField { profile, name },
            false => Reference::Attribute { profile, name },
        })
    }

    /// The slot of any single value that a rule refers to: an attribute, a
    /// field, a custom field, a segment, or a method's answer.
    ///
    /// `Rule::references` names them all.
    ///
    /// ```
    /// use target_rules::{Ast, Layout, Limits, Schema};
    /// let limits = Limits::default();
    /// let text = r#"currentCustomer.customFieldValueIncludes("hobby", "golf")"#;
    /// let ast = Ast::from_text(text, &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let layout = Layout::of([&rule]);
    /// for reference in rule.references() {
    ///     assert!(layout.slot_of(&reference).is_some());
    /// }
    /// # Ok::<(), target_rules::Diagnostics>(())
    /// ```
    pub fn slot_of(&self, reference: &Reference) -> Option<Slot> {
        let place = *self.plan.places.numbers.get(reference)?;
        Some(Slot { layout: self.plan.id, place })
    }

    /// The list of line items or tenders of a profile, by its name in the
    /// document, such as `currentTxn.lineItems`; `None` where no rule reads it.
    ///
    /// ```
    /// use target_rules::{Ast, Layout, Limits, Schema};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentTxn.basketQty(\"brand\", \"Puma\") > 2", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let layout = Layout::of([&rule]);
    /// let items = layout.list("currentTxn.lineItems").ok_or("the rule reads it")?;
    /// assert!(layout.item_attribute(items, "brand").is_some());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn list(&self, name: &str) -> Option<EntryList> {
        let (profile, key) = name.split_once('.')?;
        let profile = self.plan.section_named(profile)?;
        let each = [Each::LineItems, Each::Tenders].into_iter().find(|each| each.key() == key)?;
        Some(EntryList { layout: self.plan.id, list: self.plan.list(profile, each)? })
    }

    /// The slot of a field of every entry of a list, such as `amount` or
    /// `extField_gift`; `None` where no rule reads it.
    ///
    /// ```
    /// use target_rules::{Ast, Layout, Limits, Schema};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentLineItem.qty > 2", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let layout = Layout::of([&rule]);
    /// let items = layout.list("currentTxn.lineItems").ok_or("the rule reads it")?;
    /// let quantity = layout.entry_slot(items, "qty").ok_or("the rule reads it")?;
    /// layout.blank().add_entry(items)?.number(quantity, 3)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn entry_slot(&self, list: EntryList, field: &str) -> Option<EntrySlot> {
        let field = Field::named(field);
        self.entry_place(list, |reference| {
            matches!(reference, Reference::EntryField { extended, name, .. }
                if *extended == field.extended && **name == *field.name)
        })
    }

    /// The slot of an attribute that rules select line items by, such as
    /// `brand`, by the name that the rules use; `None` where no rule reads it.
    ///
    /// ```
    /// use target_rules::{Ast, Layout, Limits, Schema};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text(r#"currentTxn.basketQty("brand", "Puma") > 2"#, &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let layout = Layout::of([&rule]);
    /// let items = layout.list("currentTxn.lineItems").ok_or("the rule reads it")?;
    /// let brand = layout.item_attribute(items, "brand").ok_or("the rule reads it")?;
    /// layout.blank().add_entry(items)?.text(brand, "Puma")?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn item_attribute(&self, list: EntryList, attribute: &str) -> Option<EntrySlot> {
        self.entry_place(
            list,
            |reference| matches!(reference, Reference::ItemAttribute { name, .. } if name == attribute),
        )
    }

    fn entry_place(&self, list: EntryList, is: impl Fn(&Reference) -> bool) -> Option<EntrySlot> {
        let plan = self.plan.list_plans.get(list.list).filter(|_| list.layout == self.plan.id)?;
        let (_, place) = plan.places.numbers.iter().find(|(reference, _)| is(reference))?;
        Some(EntrySlot { list, place: *place })
    }
}

/// Each setter fails where the slot is of another layout, or where the rules
/// read a value of another type; the transaction is then as it was. None
/// allocates once the buffers have grown, but for the message of a failure.
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

    /// Sets a text, or the name of an enum's value.
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
        self.fill(slot, Held::Value(ValueKind::Text), |part| text_cell(span, symbol, part))
    }

    /// Sets a truth value.
    pub fn set_boolean(&mut self, slot: Slot, value: bool) -> Result {
        self.fill(slot, Held::Value(ValueKind::Boolean), |_| Cell::Boolean(value))
    }

    /// Sets a date: an [`Instant`](crate::value::Instant), or a
    /// [`LocalTime`](crate::value::LocalTime) whose zone the evaluation gives.
    ///
    /// ```
    /// use target_rules::{Ast, Instant, Layout, Limits, LocalTime, Schema, Truth, Zone};
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
        let span = TextSpan::new(start..self.numbers.len()).ok_or(SetError::TooMuchText)?;
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
        let span = TextSpan::new(start..self.texts.len()).ok_or(SetError::TooMuchText)?;
        self.fill(slot, Held::Texts, |_| Cell::Texts(span))
    }

    /// Says that the custom fields or segments are known and that this one is
    /// not among them. One that is not set at all is unknown.
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
        self.check(slot.layout)?;
        let mut at = 0_usize;
        while let Some(part) = self.layout.plan.places.part(slot.place, at) {
            self.set(part.cell, Cell::Absent);
            at = at.saturating_add(1);
        }
        Ok(())
    }

    /// Says that a list is there and has no entries. A list that is not set at
    /// all is unknown.
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
        self.check(list.layout)?;
        if let Some(held) = self.lists.get_mut(list.list) {
            held.clear();
            held.present = true;
        }
        Ok(())
    }

    /// Adds an entry to a list, of which nothing is known yet.
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
        self.check(list.layout)?;
        let width = self.layout.plan.list_plans.get(list.list).map_or(0, |plan| plan.width);
        let mut first = 0;
        if let Some(held) = self.lists.get_mut(list.list) {
            first = held.cells.len();
            held.present = true;
            held.count = held.count.saturating_add(1);
            held.cells.resize(first.saturating_add(width), Cell::Absent);
            held.quick.resize(first.saturating_add(width), UNQUICK);
        }
        Ok(EntrySetter { transaction: self, list, first })
    }

    fn check(&self, layout: u64) -> Result {
        if layout == self.layout.plan.id { Ok(()) } else { Err(SetError::OtherLayout) }
    }

    fn keep_text(&mut self, text: &str) -> Result<TextSpan> {
        let start = self.text.len();
        let span = TextSpan::new(start..start.saturating_add(text.len())).ok_or(SetError::TooMuchText)?;
        self.text.push_str(text);
        Ok(span)
    }

    /// Puts a cell into every part of a place that holds such a value.
    fn fill(&mut self, slot: Slot, held: Held, cell: impl Fn(Part) -> Cell) -> Result {
        self.check(slot.layout)?;
        let (mut at, mut filled) = (0_usize, false);
        while let Some(part) = self.layout.plan.places.part(slot.place, at) {
            if part.held == held {
                self.set(part.cell, cell(part));
                filled = true;
            }
            at = at.saturating_add(1);
        }
        if filled { Ok(()) } else { Err(self.layout.plan.places.wrong(slot.place, held)) }
    }
}

fn text_cell(span: TextSpan, symbol: Symbol, part: Part) -> Cell {
    Cell::Text(span, if part.compared { symbol } else { Symbol::default() })
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
    first: usize,
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
        self.fill(slot, Held::Value(ValueKind::Text), |part| text_cell(span, symbol, part))
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

    fn fill(&mut self, slot: EntrySlot, held: Held, cell: impl Fn(Part) -> Cell) -> Result<&mut Self> {
        if slot.list != self.list {
            return Err(SetError::OtherLayout);
        }
        let (list, first) = (self.list, self.first);
        let Transaction { layout, lists, .. } = &mut *self.transaction;
        let (Some(plan), Some(rows)) = (layout.plan.list_plans.get(list.list), lists.get_mut(list.list))
        else {
            return Err(SetError::OtherLayout);
        };
        let mut filled = false;
        for part in plan.places.places.get(slot.place).into_iter().flatten().filter(|part| part.held == held)
        {
            let at = first.saturating_add(part.cell);
            if let (Some(held), Some(quick)) = (rows.cells.get_mut(at), rows.quick.get_mut(at)) {
                *held = cell(*part);
                *quick = held.quick();
                filled = true;
            }
        }
        if !filled {
            return Err(plan.places.wrong(slot.place, held));
        }
        Ok(self)
    }
}

impl Plan {
    /// A profile by the first of its names.
    fn section_named(&self, key: &str) -> Option<&str> {
        let (_, index) = self.keys.get(key)?;
        self.sections.iter().find(|(_, section)| *section == index).map(|(name, _)| &**name)
    }
}

impl ListPlan {
    /// The cells of an entry, of the list by these names.
    pub(super) fn add_places(&mut self, section: &std::sync::Arc<str>, each: Each) {
        let section = || section.clone();
        for ((field, kind), cell) in &self.fields {
            let read = Read::EntryField { section: section(), each, field: field.clone(), kind: *kind };
            self.places.add(&read, *cell, self.compared.contains(cell));
        }
        for (name, cell) in &self.attributes {
            let read = Read::ItemAttribute { section: section(), name: name.clone() };
            self.places.add(&read, *cell, self.compared.contains(cell));
        }
    }
}
