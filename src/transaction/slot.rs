//! Slots: handles by which hosts set and get the values of a transaction.

use crate::rule::Reference;
use crate::schema::{ListName, NameError, Schema};
use crate::typed::{FIGURE_FIELDS, Field};

use super::layout::Layout;
use super::plan::Plan;
use super::slot_table::SlotValue;

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
    /// The index in the slot table of the layout.
    number: usize,
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
    /// The index in the slot table of the list.
    number: usize,
}

impl Slot {
    /// The value in a plan; `None` where the plan is not the slot's own and did
    /// not grow from it.
    pub(super) fn within(self, plan: &Plan) -> Option<&SlotValue> {
        plan.slot_tables().single.value(self.number, self.generation)
    }
}

impl EntryList {
    /// The index of the list in a plan; `None` where the plan is not the list's
    /// own and did not grow from it.
    pub(super) fn within(self, plan: &Plan) -> Option<usize> {
        (plan.list_generations.get(self.list) == Some(&self.generation)).then_some(self.list)
    }
}

impl EntrySlot {
    /// The value in the entries of a list of a plan; `None` where the slot is
    /// of another list.
    pub(super) fn within(self, list: EntryList, plan: &Plan) -> Option<&SlotValue> {
        let list = list.within(plan).filter(|_| self.list == list)?;
        plan.slot_tables().lists.get(list)?.value(self.number, self.generation)
    }
}

impl Layout {
    /// The slot of an attribute by the name that rules use, such as
    /// `currentTxn.value` or `currentCustomer.extField_tier`; `None` where no
    /// rule of the layout reads it. A name that is not an attribute gives `None`
    /// too; [`Layout::slot_in`] tells the two apart.
    ///
    /// Ask once and keep the slot: it is valid for every transaction of this
    /// layout and of layouts that grow from it: those of
    /// [`RuleSet::with`](crate::RuleSet::with), and those of
    /// [`RuleSet::reading`](crate::RuleSet::reading) and [`Layout::to_builder`]
    /// with this one. Where there was none, ask the grown layout again: a new
    /// rule may read the value.
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

    /// The same for a name that must be in a schema, in any of its spellings: a
    /// typing error in a host's own list of names is then an error that names
    /// the closest, and `None` says that no rule reads the value.
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
        let (number, value) = self.plan.slot_tables().single.find(reference)?;
        Some(Slot { generation: value.generation, number })
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
        let list = self.plan.list(profile, ListName::of_key(key)?)?;
        Some(EntryList { generation: *self.plan.list_generations.get(list)?, list })
    }

    /// The same for a name that must be that of a list of a profile of a schema.
    ///
    /// ```
    /// use target_rules::{Ast, Layout, Limits, Schema};
    /// let (schema, limits) = (Schema::standard(), Limits::default());
    /// let ast = Ast::from_text("currentLineItem.qty > 2", &limits)?;
    /// let layout = Layout::of([&ast.check(&schema, &limits).into_rule()?]);
    /// assert!(layout.list_in(&schema, "currentTxn.lineItems")?.is_some());
    /// assert!(layout.list_in(&schema, "currentTxn.tenders")?.is_none());
    /// let slip = layout.list_in(&schema, "currentTxn.lineitem").unwrap_err();
    /// assert_eq!(slip.closest(), Some("lineItems"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn list_in(&self, schema: &Schema, name: &str) -> std::result::Result<Option<EntryList>, NameError> {
        let (profile, list) = schema.list(name)?;
        Ok(self.list(&format!("{profile}.{}", list.key())))
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
        self.find_entry_slot(list, |reference| {
            matches!(reference, Reference::EntryField { extended, name, .. }
                if *extended == field.extended && **name == *field.name)
        })
    }

    /// The same for a name that must be in a schema: an attribute of
    /// `currentLineItem` or `tenderProfile`, or a figure of line items.
    ///
    /// ```
    /// use target_rules::{Ast, Layout, Limits, Schema};
    /// let (schema, limits) = (Schema::standard(), Limits::default());
    /// let ast = Ast::from_text("currentLineItem.qty > 2", &limits)?;
    /// let layout = Layout::of([&ast.check(&schema, &limits).into_rule()?]);
    /// let items = layout.list("currentTxn.lineItems").ok_or("the rule reads it")?;
    /// assert!(layout.entry_slot_in(&schema, items, "qty")?.is_some());
    /// assert!(layout.entry_slot_in(&schema, items, "rate")?.is_none());
    /// let slip = layout.entry_slot_in(&schema, items, "quty").unwrap_err();
    /// assert_eq!(slip.closest(), Some("qty"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn entry_slot_in(
        &self,
        schema: &Schema,
        list: EntryList,
        field: &str,
    ) -> std::result::Result<Option<EntrySlot>, NameError> {
        let Some(named) = list.within(&self.plan).and_then(|list| self.plan.list_name(list)) else {
            return Ok(None);
        };
        let figures = if named == ListName::LineItems { FIGURE_FIELDS } else { &[] };
        let field = schema.entry_field(named, field, figures)?;
        Ok(self.entry_slot(list, &field))
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
        self.find_entry_slot(
            list,
            |reference| matches!(reference, Reference::ItemAttribute { name, .. } if name == attribute),
        )
    }

    /// The same, but for an error where no rule reads the attribute and its name
    /// is nearly that of a known one. Items may have any attribute, so other
    /// names give `None`.
    ///
    /// ```
    /// use target_rules::{Ast, Layout, Limits, Schema};
    /// let (schema, limits) = (Schema::standard(), Limits::default());
    /// let ast = Ast::from_text(r#"currentTxn.basketQty("brand", "Puma") > 2"#, &limits)?;
    /// let layout = Layout::of([&ast.check(&schema, &limits).into_rule()?]);
    /// let items = layout.list("currentTxn.lineItems").ok_or("the rule reads it")?;
    /// assert!(layout.item_attribute_in(&schema, items, "brand")?.is_some());
    /// assert!(layout.item_attribute_in(&schema, items, "colour")?.is_none());
    /// let slip = layout.item_attribute_in(&schema, items, "categroy").unwrap_err();
    /// assert_eq!(slip.closest(), Some("category"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn item_attribute_in(
        &self,
        schema: &Schema,
        list: EntryList,
        attribute: &str,
    ) -> std::result::Result<Option<EntrySlot>, NameError> {
        match self.item_attribute(list, attribute) {
            Some(slot) => Ok(Some(slot)),
            None => schema.known_item_attribute(attribute).map(|()| None),
        }
    }

    fn find_entry_slot(&self, list: EntryList, is: impl Fn(&Reference) -> bool) -> Option<EntrySlot> {
        let table = self.plan.slot_tables().lists.get(list.within(&self.plan)?)?;
        let (number, value) = table.find_by(is)?;
        Some(EntrySlot { list, generation: value.generation, number })
    }
}
