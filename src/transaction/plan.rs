//! What a set of rules reads of a transaction document, as numbered slots.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use hashbrown::{HashMap, HashSet};

use crate::condition::{Aggregate, Predicate};
use crate::schema::ListName;
use crate::typed::{Field, Read, TRANSACTION, ValueKind};

use super::cell::Symbol;
use super::derived::Derived;
use super::destination::Destination;
use super::list_plan::ListPlan;
use super::names::{Lengths, Names};
use super::section_plan::{SectionPlan, Structure};
use super::selector::{Selector, Selectors};
use super::slot_table::{SlotTable, SlotTables};

/// How many generations there are, in all plans of the process.
static GENERATIONS: AtomicU64 = AtomicU64::new(0);

/// The slots of a layout, by what is read into them and by where it is in the
/// document.
#[derive(Debug, Clone, Default)]
pub(crate) struct Plan {
    /// The slots of single values. By their hash: to order reads is to compare the names
    /// of profiles and fields, and most of those are alike.
    slots: HashMap<Read, usize>,
    /// Whether a rule or the host reads the transaction's number. Else it is
    /// read as the label of reports only.
    number_is_read: bool,
    lists: BTreeMap<(Arc<str>, ListName), usize>,
    pub(crate) list_plans: Vec<ListPlan>,
    /// The section of each top-level key of the document.
    pub(super) keys: Names<usize>,
    sections: BTreeMap<Arc<str>, usize>,
    pub(super) section_plans: Vec<SectionPlan>,
    /// The symbols of texts that rules compare with.
    symbols: HashMap<Box<str>, Symbol>,
    /// Most texts of documents have no symbol, and many are ruled out by their
    /// length.
    symbol_lengths: Lengths,
    /// The slots whose text rules compare, so that it needs its symbol.
    compared: BTreeSet<usize>,
    pub(super) derived: HashMap<Derived, usize>,
    selectors: Selectors,
    /// Expensive predicates that only one rule has so far. Their results are
    /// memoised from the second rule on.
    pub(super) asked_once: HashSet<Arc<Predicate>>,
    /// What hosts can set and get; built on first use.
    slot_tables: OnceLock<SlotTables>,
    /// A new number each time that the plan starts to grow.
    generation: u64,
    /// By slot: the generation that added it. Two plans that grew from the same
    /// plan in different ways have slots with the same number but different
    /// values; the generation tells them apart.
    slot_generations: Vec<u64>,
    /// By slot: the number of its profile.
    slot_profiles: Vec<u32>,
    pub(super) list_generations: Vec<u64>,
}

/// The read of the transaction's number.
pub(super) fn number_of_transaction() -> Read {
    Read::Field { section: TRANSACTION.into(), field: Field::own("number"), kind: ValueKind::Text }
}

/// The sizes of all parts of a plan. Every addition makes one of them larger,
/// or has the number read that was the label only.
/// Nothing is ever removed, except from `asked_once`, and then a derived value
/// is added.
#[derive(PartialEq, Eq)]
pub(super) struct PlanSize {
    slots: usize,
    number_is_read: bool,
    lists: usize,
    entry_slots: usize,
    entry_slots_compared: usize,
    keys: usize,
    symbols: usize,
    compared: usize,
    derived: usize,
    asked_once: usize,
}

/// Queries.
impl Plan {
    pub(super) fn size(&self) -> PlanSize {
        PlanSize {
            slots: self.slots.len(),
            number_is_read: self.number_is_read,
            lists: self.lists.len(),
            entry_slots: self.list_plans.iter().map(ListPlan::width).sum(),
            entry_slots_compared: self.list_plans.iter().map(ListPlan::compared_count).sum(),
            keys: self.keys.len(),
            symbols: self.symbols.len(),
            compared: self.compared.len(),
            derived: self.derived.len(),
            asked_once: self.asked_once.len(),
        }
    }

    /// The number of slots of single values.
    pub(super) fn width(&self) -> usize {
        self.slots.len()
    }

    /// The slot of a single value; `None` where no rule of the layout reads it.
    pub(crate) fn slot(&self, read: &Read) -> Option<usize> {
        self.slots.get(read).copied()
    }

    /// The number of the profile that a slot is of.
    #[inline]
    pub(crate) fn profile_of(&self, slot: usize) -> Option<u32> {
        self.slot_profiles.get(slot).copied()
    }

    pub(crate) fn list(&self, section: &str, list: ListName) -> Option<usize> {
        self.lists.get(&(Arc::from(section), list)).copied()
    }

    /// Which list an index stands for.
    pub(super) fn list_name(&self, list: usize) -> Option<ListName> {
        self.lists.iter().find(|(_, index)| **index == list).map(|((_, name), _)| *name)
    }

    /// The profile with this primary name.
    pub(super) fn section_named(&self, key: &str) -> Option<&str> {
        let (_, index) = self.keys.get(key)?;
        self.sections.iter().find(|(_, section)| *section == index).map(|(name, _)| &**name)
    }

    /// The primary name of a profile.
    pub(super) fn section_name(&self, section: usize) -> Option<Arc<str>> {
        self.sections.iter().find(|(_, index)| **index == section).map(|(name, _)| name.clone())
    }

    /// The number of a derived value; `None` where no rule of the layout has it.
    pub(crate) fn derived(&self, derived: &Derived) -> Option<usize> {
        self.derived.get(derived).copied()
    }

    pub(crate) fn derived_count(&self) -> usize {
        self.derived.len()
    }

    /// The number of a selector; `None` where at most one aggregate selects by it.
    pub(crate) fn selector(&self, selector: &Selector) -> Option<usize> {
        self.selectors.number(selector)
    }

    pub(crate) fn selector_count(&self) -> usize {
        self.selectors.count()
    }

    /// The symbol of a text; zero where no rule compares with it.
    #[inline]
    pub(crate) fn symbol(&self, text: &str) -> Symbol {
        if !self.symbol_lengths.have(text) {
            return Symbol::default();
        }
        self.symbols.get(text).copied().unwrap_or_default()
    }

    /// The symbol of a text that a rule compares a value with. `None` where
    /// this layout was not built for that comparison: then the value may be
    /// stored without a symbol.
    pub(crate) fn compared_symbol(&self, read: &Read, text: &str) -> Option<Symbol> {
        let compared = match read {
            Read::EntryField { section, list, field, kind } => {
                let list = self.list_plans.get(self.list(section, *list)?)?;
                list.is_compared(list.field(field, *kind)?)
            }
            Read::ItemAttribute { section, name } => {
                let list = self.list_plans.get(self.list(section, ListName::LineItems)?)?;
                list.is_compared(list.attribute(name)?)
            }
            single => self.compared.contains(&self.slot(single)?),
        };
        self.symbols.get(text).copied().filter(|_| compared)
    }

    /// What hosts can set and get. Built on first use, because a host that only
    /// reads documents never needs it.
    pub(super) fn slot_tables(&self) -> &SlotTables {
        self.slot_tables.get_or_init(|| {
            let single = self.slots.iter().map(|(read, slot)| (*slot, read.clone()));
            let single = SlotTable::of(single, &self.compared, &self.slot_generations);
            let mut lists = vec![SlotTable::default(); self.list_plans.len()];
            for ((section, name), list) in &self.lists {
                if let (Some(table), Some(plan)) = (lists.get_mut(*list), self.list_plans.get(*list)) {
                    *table = plan.slot_table(section, *name);
                }
            }
            SlotTables { single, lists }
        })
    }
}

/// Growth.
impl Plan {
    /// Starts a new generation, for the slots that are added from now on.
    pub(super) fn grow(&mut self) {
        self.generation = GENERATIONS.fetch_add(1, Ordering::Relaxed);
    }

    /// Updates what depends on all rules, after the last one was added.
    pub(super) fn finish(&mut self) {
        self.slot_tables = OnceLock::new();
        self.section_plans.iter_mut().for_each(|plan| plan.mark(&self.compared));
        let only = !self.number_is_read;
        if let Some(slot) = self.slot(&number_of_transaction())
            && let Some(plan) = self.section_plan(&TRANSACTION.into())
        {
            plan.set_label("number", slot, only);
        }
        self.list_plans.iter_mut().for_each(ListPlan::finish);
    }

    /// Gives a text a symbol, unless there are no more that fit 32 bits. A rule
    /// that compares with a text without a symbol is not compiled, as if the
    /// layout did not read it.
    pub(super) fn intern(&mut self, text: &str) {
        if let Some(next) = Symbol::after(self.symbols.len()) {
            self.symbols.entry_ref(text).or_insert(next);
            self.symbol_lengths.add(text);
        }
    }

    pub(super) fn mark_compared(&mut self, read: &Read) {
        self.add(read);
        match read {
            Read::EntryField { section, list, field, kind } => {
                if let Some(list) = self.add_list(section, *list) {
                    list.mark_compared(list.field(field, *kind));
                }
            }
            Read::ItemAttribute { section, name } => {
                if let Some(list) = self.add_list(section, ListName::LineItems) {
                    list.mark_compared(list.attribute(name));
                }
            }
            single => self.compared.extend(self.slot(single)),
        }
    }

    pub(super) fn derive(&mut self, derived: Derived) {
        let next = self.derived.len();
        self.derived.entry(derived).or_insert(next);
    }

    pub(super) fn derive_aggregate(&mut self, aggregate: &Arc<Aggregate>) {
        let derived = Derived::Aggregate(aggregate.clone());
        if !self.derived.contains_key(&derived) {
            self.selectors.add(aggregate);
            self.derive(derived);
        }
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
        let generation = self.generation;
        match read {
            Read::List { section, list } => drop(self.add_list(section, *list)),
            Read::EntryField { section, list, field, kind } => {
                if let Some(list) = self.add_list(section, *list) {
                    list.add_field(field, *kind, generation);
                }
            }
            Read::ItemAttribute { section, name } => {
                if let Some(list) = self.add_list(section, ListName::LineItems) {
                    list.add_attribute(name, generation);
                }
            }
            Read::Field { section, field, kind } => {
                self.add_single(read, section, |plan, slot| {
                    let destination = Destination::new(slot, *kind);
                    match field.extended {
                        true => plan.add_extended(&field.name, destination),
                        false => plan.add_own(&field.name, destination),
                    }
                });
            }
            Read::CustomField { section, name } => {
                self.add_single(read, section, |plan, slot| plan.add_custom_field(name, slot));
            }
            Read::Segment { section, name } => {
                self.add_single(read, section, |plan, slot| plan.add_segment(name, slot));
            }
            Read::Answer { section, method, arguments, kind } => {
                self.add_single(read, section, |plan, slot| {
                    plan.add_answer(method, arguments, Destination::new(slot, *kind));
                });
            }
        }
    }

    /// Adds a single value to the plan of its profile, if it is new.
    fn add_single(&mut self, read: &Read, section: &Arc<str>, add: impl FnOnce(&mut SectionPlan, usize)) {
        if let Some(slot) = self.slots.get(read) {
            // The layout itself added its first slot, which is the number's.
            self.number_is_read |= *slot == 0;
            return;
        }
        let slot = self.slots.len();
        self.slots.insert(read.clone(), slot);
        self.slot_generations.push(self.generation);
        // INVARIANT: there are as many profiles at most as names fit memory.
        let profile = u32::try_from(self.section(section)).unwrap_or(u32::MAX);
        self.slot_profiles.push(profile);
        if let Some(plan) = self.section_plan(section) {
            add(plan, slot);
        }
    }

    fn add_list(&mut self, section: &Arc<str>, list: ListName) -> Option<&mut ListPlan> {
        let key = (section.clone(), list);
        let index = match self.lists.get(&key) {
            Some(index) => *index,
            None => {
                let index = self.list_plans.len();
                self.list_plans.push(ListPlan::default());
                self.list_generations.push(self.generation);
                self.lists.insert(key, index);
                self.section_plan(section)?.add_structure(list.key(), Structure::List(index));
                index
            }
        };
        self.list_plans.get_mut(index)
    }
}
