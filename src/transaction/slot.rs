//! The slots by which hosts set the values of a transaction and take them out.
#![deny(clippy::arithmetic_side_effects)]

use std::collections::BTreeMap;

use crate::rule::Reference;
use crate::schema::Each;
use crate::typed::{Field, Read, ValueKind};

use super::Layout;
use super::layout::{ListPlan, Plan};
use super::read::expected;

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
    pub(super) layout: u64,
    pub(super) place: usize,
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
    pub(super) layout: u64,
    pub(super) list: usize,
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
    pub(super) list: EntryList,
    pub(super) place: usize,
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

/// What a slot holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Held {
    Value(ValueKind),
    /// The values of a custom field or a segment.
    Texts,
}

impl Held {
    pub(super) fn name(self) -> &'static str {
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
    pub(super) compared: bool,
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

    pub(super) fn part(&self, place: usize, at: usize) -> Option<Part> {
        self.places.get(place)?.get(at).copied()
    }

    /// What a place is called in messages.
    #[cold]
    pub(super) fn name(&self, place: usize) -> String {
        let reference = self.numbers.iter().find(|(_, number)| **number == place);
        reference.map_or_else(String::new, |(reference, _)| written(reference))
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
