//! Slots: how hosts name the values of a transaction.
#![deny(clippy::arithmetic_side_effects)]

use std::collections::BTreeMap;

use crate::rule::Reference;
use crate::schema::{ListName, NameError, Schema};
use crate::typed::{Field, Read, ValueKind};

use super::Layout;
use super::layout::{ListPlan, Plan};

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
    generation: u64,
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
    generation: u64,
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
    generation: u64,
    place: usize,
}

impl Slot {
    /// The value in a plan; `None` where the plan did not grow from the slot's.
    pub(super) fn within(self, plan: &Plan) -> Option<&Place> {
        plan.settable().single.place(self.place, self.generation)
    }
}

impl EntryList {
    /// Its number in a plan; `None` where the plan did not grow from the list's.
    pub(super) fn within(self, plan: &Plan) -> Option<usize> {
        (plan.list_generations.get(self.list) == Some(&self.generation)).then_some(self.list)
    }
}

impl EntrySlot {
    /// The value of the entries of a list of a plan; `None` where it is of
    /// another one.
    pub(super) fn within(self, list: EntryList, plan: &Plan) -> Option<&Place> {
        let number = list.within(plan).filter(|_| self.list == list)?;
        plan.settable().lists.get(number)?.place(self.place, self.generation)
    }
}

/// The type of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Held {
    Value(ValueKind),
    /// The values of a custom field or a segment.
    Texts,
}

/// A cell that a value stands in.
#[derive(Debug, Clone, Copy)]
pub(super) struct TypedCell {
    pub(super) cell: usize,
    pub(super) held: Held,
    pub(super) compared: bool,
}

/// A value that hosts can set and get. Rules may read one value as two types:
/// it then has a cell of each.
#[derive(Debug, Clone)]
pub(super) struct Place {
    reference: Reference,
    generation: u64,
    pub(super) cells: Vec<TypedCell>,
}

/// Values in the order in which a plan came to read them, so that they keep
/// their numbers as the plan grows.
#[derive(Debug, Clone, Default)]
pub(super) struct Places {
    numbers: BTreeMap<Reference, usize>,
    places: Vec<Place>,
}

/// All values that hosts can set and get: single ones, and those of the
/// entries of each list.
#[derive(Debug, Clone, Default)]
pub(crate) struct Settable {
    single: Places,
    lists: Vec<Places>,
}

impl Places {
    /// A cell, by what is read into it; cells come in the order of their numbers.
    fn add(&mut self, read: Read, cell: usize, compared: bool, generation: u64) {
        let held = match &read {
            Read::Field { kind, .. } | Read::EntryField { kind, .. } | Read::Answer { kind, .. } => {
                Held::Value(*kind)
            }
            Read::ItemAttribute { .. } => Held::Value(ValueKind::Text),
            Read::CustomField { .. } | Read::Segment { .. } => Held::Texts,
            Read::List { .. } => return,
        };
        let reference = Reference::from(read);
        let number = *self.numbers.entry(reference.clone()).or_insert(self.places.len());
        if number == self.places.len() {
            self.places.push(Place { reference, generation, cells: Vec::new() });
        }
        if let Some(place) = self.places.get_mut(number) {
            place.cells.push(TypedCell { cell, held, compared });
        }
    }

    fn place(&self, number: usize, generation: u64) -> Option<&Place> {
        self.places.get(number).filter(|place| place.generation == generation)
    }

    /// A value by what it is called, with its number.
    fn find(&self, is: impl Fn(&Reference) -> bool) -> Option<(usize, &Place)> {
        self.places.iter().enumerate().find(|(_, place)| is(&place.reference))
    }
}

impl Place {
    /// What the value is called, as its document has it.
    pub(super) fn name(&self) -> String {
        match &self.reference {
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

    /// The cell of the value as a type.
    pub(super) fn typed(&self, held: Held) -> Option<TypedCell> {
        self.cells.iter().find(|typed| typed.held == held).copied()
    }
}

impl Layout {
    /// The slot of an attribute by the name that rules use, such as
    /// `currentTxn.value` or `currentCustomer.extField_tier`; `None` where no
    /// rule of the layout reads it. Ask once, and keep it for every transaction,
    /// also of layouts that grow from this one. A name that is no attribute
    /// gives `None` too; [`Layout::slot_in`] tells the two apart.
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

    /// The same for a name that a schema must know, by any of its spellings: so
    /// a slip in a host's own list of names is told.
    ///
    /// ```
    /// use target_rules::{Ast, Layout, Limits, Schema};
    /// let (schema, limits) = (Schema::standard(), Limits::default());
    /// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
    /// let layout = Layout::of([&ast.check(&schema, &limits).into_rule()?]);
    /// assert!(layout.slot_in(&schema, "currentTxn.value")?.is_some());
    /// assert!(layout.slot_in(&schema, "currentTxn.discount")?.is_none());
    /// let slip = layout.slot_in(&schema, "currentTxn.vlaue").unwrap_err();
    /// assert_eq!(slip.closest(), Some("value"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn slot_in(&self, schema: &Schema, name: &str) -> std::result::Result<Option<Slot>, NameError> {
        let (profile, attribute) = name.split_once('.').unwrap_or((name, ""));
        let profile = schema.profile(profile)?;
        let attribute = profile.attribute(attribute)?;
        Ok(self.slot(&format!("{}.{}", profile.name(), attribute.name())))
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
        let single = &self.plan.settable().single;
        let place = *single.numbers.get(reference)?;
        Some(Slot { generation: single.places.get(place)?.generation, place })
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
        let named = [ListName::LineItems, ListName::Tenders].into_iter().find(|name| name.key() == key)?;
        let list = self.plan.list(profile, named)?;
        Some(EntryList { generation: *self.plan.list_generations.get(list)?, list })
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
        let number = list.within(&self.plan)?;
        let (place, found) = self.plan.settable().lists.get(number)?.find(is)?;
        Some(EntrySlot { list, generation: found.generation, place })
    }
}

impl Plan {
    /// A profile by the first of its names.
    fn section_named(&self, key: &str) -> Option<&str> {
        let (_, index) = self.keys.get(key)?;
        self.sections.iter().find(|(_, section)| *section == index).map(|(name, _)| &**name)
    }

    /// What hosts can set and get. Made when it is first asked for: a host that
    /// reads documents never does.
    pub(super) fn settable(&self) -> &Settable {
        self.settable.get_or_init(|| {
            let mut single: Vec<(usize, &Read)> =
                self.slots.iter().map(|(read, slot)| (*slot, read)).collect();
            single.sort_unstable_by_key(|(slot, _)| *slot);
            let mut places = Places::default();
            for ((slot, read), generation) in single.into_iter().zip(&self.slot_generations) {
                places.add(read.clone(), slot, self.compared.contains(&slot), *generation);
            }
            let mut lists = vec![Places::default(); self.list_plans.len()];
            for ((section, name), list) in &self.lists {
                if let (Some(places), Some(plan)) = (lists.get_mut(*list), self.list_plans.get(*list)) {
                    plan.add_places(section, *name, places);
                }
            }
            Settable { single: places, lists }
        })
    }
}

impl ListPlan {
    /// The values of an entry, of the list by these names.
    fn add_places(&self, section: &std::sync::Arc<str>, list: ListName, places: &mut Places) {
        let section = || section.clone();
        let fields = self.fields.iter().map(|((field, kind), cell)| {
            (*cell, Read::EntryField { section: section(), list, field: field.clone(), kind: *kind })
        });
        let attributes = self
            .attributes
            .iter()
            .map(|(name, cell)| (*cell, Read::ItemAttribute { section: section(), name: name.clone() }));
        let mut reads: Vec<(usize, Read)> = fields.chain(attributes).collect();
        reads.sort_unstable_by_key(|(cell, _)| *cell);
        for ((cell, read), generation) in reads.into_iter().zip(&self.slot_generations) {
            places.add(read, cell, self.compared.contains(&cell), *generation);
        }
    }
}
