//! What a set of rules reads of a transaction document, as numbered slots.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use hashbrown::{HashMap, HashSet};

use crate::condition::{Condition, Predicate};
use crate::rule::Rule;
use crate::schema::ListName;
use crate::typed::{Field, Read, TRANSACTION, ValueKind};

use super::cell::Symbol;
use super::derived::Derived;
use super::lookup::LookUp;
use super::names::{Lengths, Names};
use super::slot::Settable;

/// The fields that a set of rules reads, and so what a document is read for.
///
/// Cheap to clone.
///
/// ```
/// use target_rules::{Ast, Layout, Limits, Schema};
/// let limits = Limits::default();
/// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let layout = Layout::of([&rule]);
/// // What no rule reads is skipped, whatever it is.
/// let document = r#"{"currentTxn": {"value": 730.50, "till": [1, 2]}}"#;
/// let transaction = layout.read(document, &limits)?;
/// assert!(*transaction.layout() == layout);
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone)]
pub struct Layout {
    pub(crate) plan: Arc<Plan>,
}

/// How often a plan began to grow.
static GENERATIONS: AtomicU64 = AtomicU64::new(0);

/// Slots by what is read into them, and the same by where it stands.
#[derive(Debug, Clone, Default)]
pub(crate) struct Plan {
    /// The slots of single values.
    pub(super) slots: BTreeMap<Read, usize>,
    pub(super) lists: BTreeMap<(Arc<str>, ListName), usize>,
    pub(crate) list_plans: Vec<ListPlan>,
    /// Which section a key of the document belongs to.
    pub(super) keys: Names<usize>,
    pub(super) sections: BTreeMap<Arc<str>, usize>,
    pub(super) section_plans: Vec<SectionPlan>,
    /// The texts that rules compare with, as numbers.
    symbols: HashMap<Box<str>, Symbol>,
    /// The slots whose text is compared, and so needs its symbol.
    pub(super) compared: BTreeSet<usize>,
    pub(super) derived: HashMap<Derived, usize>,
    /// Expensive predicates that one rule asks so far; their outcome is kept
    /// from the second rule on.
    pub(super) asked_once: HashSet<Arc<Predicate>>,
    /// What hosts can set and get; made when a host first asks.
    pub(super) settable: OnceLock<Settable>,
    /// Another one each time that a plan begins to grow.
    generation: u64,
    /// By slot: the generation that added it. Plans that grew from one plan in
    /// different ways have slots of one number that hold different values; the
    /// generation tells them apart.
    pub(super) slot_generations: Vec<u64>,
    pub(super) list_generations: Vec<u64>,
}

/// What is read of one profile.
#[derive(Debug, Clone, Default)]
pub(super) struct SectionPlan {
    pub(super) keys: Names<MemberPlan>,
    pub(super) extended: Names<Vec<Destination>>,
    pub(super) custom_fields: Names<usize>,
    pub(super) segments: Names<usize>,
}

/// Where a value goes, and what it must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Destination {
    pub(super) index: usize,
    pub(super) kind: ValueKind,
    /// Whether the text is compared, and so needs its symbol.
    pub(super) compared: bool,
}

/// What is done with the value of a key.
#[derive(Debug, Clone, Default)]
pub(super) struct MemberPlan {
    pub(super) values: Vec<Destination>,
    pub(super) structure: Option<Structure>,
}

/// A value of several parts.
#[derive(Debug, Clone)]
pub(super) enum Structure {
    Extended,
    CustomFields,
    Segments,
    Answers(AnswerPlan),
    List(usize),
}

/// The answers of a method, by its arguments from the first to the last.
#[derive(Debug, Clone, Default)]
pub(super) struct AnswerPlan {
    pub(super) answers: Vec<Destination>,
    pub(super) arguments: Names<AnswerPlan>,
}

/// What is read of each entry of a list.
#[derive(Debug, Clone, Default)]
pub(crate) struct ListPlan {
    /// Slots of an entry.
    pub(super) fields: BTreeMap<(Field, ValueKind), usize>,
    /// Item attributes that are looked up by the name that rules use.
    pub(super) attributes: BTreeMap<Arc<str>, usize>,
    pub(super) own: Names<Vec<Destination>>,
    pub(super) extended: Names<Vec<Destination>>,
    /// The same attributes as they are looked up, in the order of their names.
    pub(super) look_ups: Vec<LookUp>,
    /// The lengths of the lower-case names that they may have.
    pub(super) look_up_lengths: Lengths,
    /// By slot: the generation of the plan that added it.
    pub(super) slot_generations: Vec<u64>,
    /// The slots whose text is compared.
    pub(super) compared: BTreeSet<usize>,
    /// How many slots an entry has.
    pub(super) width: usize,
}

impl Layout {
    /// What these rules read, and the transaction's number for reports.
    ///
    /// ```
    /// use target_rules::{Ast, Layout, Limits, Schema};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let layout = Layout::of([&rule]);
    /// assert!(layout.slot("currentTxn.value").is_some());
    /// assert!(layout.slot("currentTxn.discount").is_none());
    /// # Ok::<(), target_rules::Diagnostics>(())
    /// ```
    pub fn of<'r>(rules: impl IntoIterator<Item = &'r Rule>) -> Layout {
        Layout::builder().rules(rules).build()
    }

    /// This layout where it reads what the condition reads already, else one
    /// that reads that too. Slots keep their numbers.
    pub(crate) fn including(&self, condition: &Condition) -> Layout {
        let mut plan = Plan::clone(&self.plan);
        plan.grow();
        plan.add_condition(condition);
        plan.add_outcomes(condition);
        if plan.size() == self.plan.size() {
            return self.clone();
        }
        plan.finish();
        Layout { plan: Arc::new(plan) }
    }

    /// Begins a number of extensions.
    pub(crate) fn grow(&mut self) {
        Arc::make_mut(&mut self.plan).grow();
    }

    /// Makes this layout read what the condition reads too, and keep the
    /// outcomes of its expensive predicates for other rules; [`Layout::grow`]
    /// comes before, and [`Layout::finish`] before anything is read for it.
    pub(crate) fn extend(&mut self, condition: &Condition) {
        let plan = Arc::make_mut(&mut self.plan);
        plan.add_condition(condition);
        plan.add_outcomes(condition);
    }

    /// Ends a number of extensions.
    pub(crate) fn finish(&mut self) {
        Arc::make_mut(&mut self.plan).finish();
    }

    /// Whether it is the very same layout.
    #[inline]
    pub(crate) fn is(&self, other: &Layout) -> bool {
        Arc::ptr_eq(&self.plan, &other.plan)
    }
}

/// What the transaction's number is read from.
pub(super) fn number_of_transaction() -> Read {
    Read::Field { section: TRANSACTION.into(), field: Field::own("number"), kind: ValueKind::Text }
}

impl Plan {
    /// What is added from now on is of a generation of its own.
    pub(super) fn grow(&mut self) {
        self.generation = GENERATIONS.fetch_add(1, Ordering::Relaxed);
    }

    /// How much the plan holds of everything: what is added makes one of
    /// these larger, for nothing is ever taken away.
    fn size(&self) -> [usize; 6] {
        let width = |list: &ListPlan| list.width.saturating_add(list.compared.len());
        [
            self.slots.len(),
            self.lists.len(),
            self.list_plans.iter().map(width).sum(),
            self.symbols.len(),
            self.compared.len().saturating_add(self.keys.len()),
            // An outcome that is kept leaves the others.
            self.derived.len().saturating_mul(2).saturating_add(self.asked_once.len()),
        ]
    }

    /// The name that rules give to what stands in a slot, where that is an
    /// attribute.
    pub(crate) fn name_of(&self, slot: usize) -> Option<String> {
        self.slots.iter().find(|(_, number)| **number == slot).and_then(|(read, _)| match read {
            Read::Field { section, field, .. } => {
                let prefix = if field.extended { crate::typed::EXTENDED } else { "" };
                Some(format!("{section}.{prefix}{}", field.name))
            }
            _ => None,
        })
    }

    /// The slot of a single value; `None` where no rule of the layout reads it.
    pub(crate) fn slot(&self, read: &Read) -> Option<usize> {
        self.slots.get(read).copied()
    }

    pub(crate) fn list(&self, section: &str, name: ListName) -> Option<usize> {
        self.lists.get(&(Arc::from(section), name)).copied()
    }

    pub(super) fn intern(&mut self, text: &str) {
        // Zero is every text that no rule names.
        let next = Symbol(u32::try_from(self.symbols.len().saturating_add(1)).unwrap_or(u32::MAX));
        self.symbols.entry_ref(text).or_insert(next);
    }

    pub(super) fn mark_compared(&mut self, read: &Read) {
        self.add(read);
        match read {
            Read::EntryField { section, list, field, kind } => {
                if let Some(list) = self.add_list(section, *list)
                    && let Some(slot) = list.fields.get(&(field.clone(), *kind))
                {
                    list.compared.insert(*slot);
                }
            }
            Read::ItemAttribute { section, name } => {
                if let Some(list) = self.add_list(section, ListName::LineItems)
                    && let Some(slot) = list.attributes.get(name)
                {
                    list.compared.insert(*slot);
                }
            }
            single => {
                if let Some(slot) = self.slot(single) {
                    self.compared.insert(slot);
                }
            }
        }
    }

    /// What is known only when every rule was seen.
    pub(super) fn finish(&mut self) {
        self.settable = OnceLock::new();
        self.section_plans.iter_mut().for_each(|plan| plan.mark(&self.compared));
        self.list_plans.iter_mut().for_each(ListPlan::finish);
    }

    pub(super) fn derive(&mut self, derived: Derived) {
        let next = self.derived.len();
        self.derived.entry(derived).or_insert(next);
    }

    /// The number of a derived value; `None` where no rule of the layout has it.
    pub(crate) fn derived(&self, derived: &Derived) -> Option<usize> {
        self.derived.get(derived).copied()
    }

    pub(crate) fn derived_count(&self) -> usize {
        self.derived.len()
    }

    /// The symbol of a text; zero where no rule compares with it.
    pub(crate) fn symbol(&self, text: &str) -> Symbol {
        self.symbols.get(text).copied().unwrap_or_default()
    }

    /// The symbol of a text that a rule compares a value with; `None` where
    /// this layout was not made for that comparison, and the value's text may
    /// have no symbol.
    pub(crate) fn compared_symbol(&self, read: &Read, text: &str) -> Option<Symbol> {
        let compared = match read {
            Read::EntryField { section, list, field, kind } => {
                let list = self.list_plans.get(self.list(section, *list)?)?;
                list.compared.contains(&list.field(field, *kind)?)
            }
            Read::ItemAttribute { section, name } => {
                let list = self.list_plans.get(self.list(section, ListName::LineItems)?)?;
                list.compared.contains(&list.attribute(name)?)
            }
            single => self.compared.contains(&self.slot(single)?),
        };
        self.symbols.get(text).copied().filter(|_| compared)
    }

    pub(super) fn section(&mut self, name: &Arc<str>) -> usize {
        if let Some(index) = self.sections.get(name) {
            return *index;
        }
        let index = self.section_plans.len();
        self.section_plans.push(SectionPlan::default());
        self.sections.insert(name.clone(), index);
        if let Some(held) = self.keys.entry(name, || index) {
            *held = index;
        }
        index
    }

    fn section_plan(&mut self, name: &Arc<str>) -> Option<&mut SectionPlan> {
        let index = self.section(name);
        self.section_plans.get_mut(index)
    }

    pub(super) fn add(&mut self, read: &Read) {
        match read {
            Read::List { section, list } => {
                self.add_list(section, *list);
                return;
            }
            Read::EntryField { section, list, field, kind } => {
                let generation = self.generation;
                if let Some(list) = self.add_list(section, *list) {
                    list.add_field(field, *kind, generation);
                }
                return;
            }
            Read::ItemAttribute { section, name } => {
                let generation = self.generation;
                if let Some(list) = self.add_list(section, ListName::LineItems)
                    && !list.attributes.contains_key(name)
                {
                    let slot = list.add_slot(generation);
                    list.attributes.insert(name.clone(), slot);
                }
                return;
            }
            Read::Field { .. } | Read::CustomField { .. } | Read::Segment { .. } | Read::Answer { .. } => {}
        }
        if self.slots.contains_key(read) {
            return;
        }
        let index = self.slots.len();
        self.slots.insert(read.clone(), index);
        self.slot_generations.push(self.generation);
        match read {
            Read::Field { section, field, kind } => {
                let destination = Destination { index, kind: *kind, compared: false };
                let Some(plan) = self.section_plan(section) else { return };
                if field.extended {
                    plan.extended.push(&field.name, destination);
                    plan.structure("extendedFields", Structure::Extended);
                } else {
                    plan.key(&field.name, |key| key.values.push(destination));
                }
            }
            Read::CustomField { section, name } => {
                let Some(plan) = self.section_plan(section) else { return };
                plan.custom_fields.entry(name, || index);
                plan.structure("customFields", Structure::CustomFields);
            }
            Read::Segment { section, name } => {
                let Some(plan) = self.section_plan(section) else { return };
                plan.segments.entry(name, || index);
                plan.structure("clusters", Structure::Segments);
            }
            Read::Answer { section, method, arguments, kind } => {
                let destination = Destination { index, kind: *kind, compared: false };
                let Some(plan) = self.section_plan(section) else { return };
                plan.add_answer(method, arguments, destination);
            }
            Read::List { .. } | Read::EntryField { .. } | Read::ItemAttribute { .. } => {}
        }
    }

    fn add_list(&mut self, section: &Arc<str>, name: ListName) -> Option<&mut ListPlan> {
        let key = (section.clone(), name);
        let index = match self.lists.get(&key) {
            Some(index) => *index,
            None => {
                let index = self.list_plans.len();
                self.list_plans.push(ListPlan::default());
                self.list_generations.push(self.generation);
                self.lists.insert(key, index);
                self.section_plan(section)?.structure(name.key(), Structure::List(index));
                index
            }
        };
        self.list_plans.get_mut(index)
    }
}

impl Names<Vec<Destination>> {
    fn push(&mut self, name: &str, destination: Destination) {
        if let Some(destinations) = self.entry(name, Vec::new) {
            destinations.push(destination);
        }
    }

    /// Marks the destinations whose text is compared.
    fn mark(&mut self, compared: &BTreeSet<usize>) {
        self.entries_mut().for_each(|destinations| mark(destinations, compared));
    }
}

fn mark(destinations: &mut [Destination], compared: &BTreeSet<usize>) {
    for destination in destinations {
        destination.compared = compared.contains(&destination.index);
    }
}

impl SectionPlan {
    fn key(&mut self, name: &str, change: impl FnOnce(&mut MemberPlan)) {
        self.keys.entry(name, MemberPlan::default).map(change);
    }

    fn structure(&mut self, key: &str, structure: Structure) {
        self.key(key, |key| {
            key.structure.get_or_insert(structure);
        });
    }

    fn add_answer(&mut self, method: &str, arguments: &[String], destination: Destination) {
        self.key(method, |key| {
            if arguments.is_empty() {
                key.values.push(destination);
                return;
            }
            let structure = key.structure.get_or_insert_with(|| Structure::Answers(AnswerPlan::default()));
            if let Structure::Answers(plan) = structure {
                plan.add(arguments, destination);
            }
        });
    }

    fn mark(&mut self, compared: &BTreeSet<usize>) {
        for key in self.keys.entries_mut() {
            mark(&mut key.values, compared);
            if let Some(Structure::Answers(answers)) = &mut key.structure {
                answers.mark(compared);
            }
        }
        self.extended.mark(compared);
    }
}

impl AnswerPlan {
    fn add(&mut self, arguments: &[String], destination: Destination) {
        let mut plan = self;
        for argument in arguments {
            let Some(inner) = plan.arguments.entry(argument, AnswerPlan::default) else { return };
            plan = inner;
        }
        plan.answers.push(destination);
    }

    /// Recursion as deep as a method has arguments.
    fn mark(&mut self, compared: &BTreeSet<usize>) {
        mark(&mut self.answers, compared);
        self.arguments.entries_mut().for_each(|plan| plan.mark(compared));
    }
}

impl ListPlan {
    /// The slot of a field of an entry.
    pub(crate) fn field(&self, field: &Field, kind: ValueKind) -> Option<usize> {
        self.fields.get(&(field.clone(), kind)).copied()
    }

    /// The slot of an item attribute.
    pub(crate) fn attribute(&self, name: &str) -> Option<usize> {
        self.attributes.get(name).copied()
    }

    fn add_slot(&mut self, generation: u64) -> usize {
        self.slot_generations.push(generation);
        let slot = self.width;
        self.width = self.slot_generations.len();
        slot
    }

    fn add_field(&mut self, field: &Field, kind: ValueKind, generation: u64) {
        let key = (field.clone(), kind);
        if self.fields.contains_key(&key) {
            return;
        }
        let destination = Destination { index: self.add_slot(generation), kind, compared: false };
        self.fields.insert(key, destination.index);
        let named = if field.extended { &mut self.extended } else { &mut self.own };
        named.push(&field.name, destination);
    }

    fn finish(&mut self) {
        self.own.mark(&self.compared);
        self.extended.mark(&self.compared);
        self.look_ups = self
            .attributes
            .iter()
            .map(|(name, slot)| LookUp::new(name, *slot, self.compared.contains(slot)))
            .collect();
        for look_up in &self.look_ups {
            look_up.names().for_each(|lower| self.look_up_lengths.add(lower));
        }
    }
}
