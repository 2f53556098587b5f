//! What hosts can set and get, by what it is called.

use std::collections::{BTreeMap, BTreeSet};

use crate::rule::Reference;
use crate::typed::{Read, ValueKind};

/// All values that hosts can set and get: single ones, and those of the
/// entries of each list.
#[derive(Debug, Clone, Default)]
pub(super) struct SlotTables {
    pub(super) single: SlotTable,
    pub(super) lists: Vec<SlotTable>,
}

/// Values in the order in which a plan came to read them, so that they keep
/// their numbers as the plan grows.
#[derive(Debug, Clone, Default)]
pub(super) struct SlotTable {
    numbers: BTreeMap<Reference, usize>,
    values: Vec<SlotValue>,
}

/// A value that hosts can set and get. Rules may read one value as two types:
/// it then has a cell of each.
#[derive(Debug, Clone)]
pub(super) struct SlotValue {
    pub(super) reference: Reference,
    /// That of the plan that added it.
    pub(super) generation: u64,
    pub(super) cells: Vec<TypedCell>,
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

impl SlotTable {
    /// Of cells by what is read into them, which of those are compared, and
    /// the generation of each.
    pub(super) fn of(
        cells: impl Iterator<Item = (usize, Read)>,
        compared: &BTreeSet<usize>,
        generations: &[u64],
    ) -> SlotTable {
        let mut cells: Vec<(usize, Read)> = cells.collect();
        cells.sort_unstable_by_key(|(cell, _)| *cell);
        let mut table = SlotTable::default();
        for ((cell, read), generation) in cells.into_iter().zip(generations) {
            table.add(read, cell, compared.contains(&cell), *generation);
        }
        table
    }

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
        let number = *self.numbers.entry(reference.clone()).or_insert(self.values.len());
        if number == self.values.len() {
            self.values.push(SlotValue { reference, generation, cells: Vec::new() });
        }
        if let Some(value) = self.values.get_mut(number) {
            value.cells.push(TypedCell { cell, held, compared });
        }
    }

    /// A value by its number; `None` where another generation added it.
    pub(super) fn value(&self, number: usize, generation: u64) -> Option<&SlotValue> {
        self.values.get(number).filter(|value| value.generation == generation)
    }

    /// The number of a value, and the value.
    pub(super) fn find(&self, reference: &Reference) -> Option<(usize, &SlotValue)> {
        let number = *self.numbers.get(reference)?;
        Some((number, self.values.get(number)?))
    }

    /// The same of the first one that is called so.
    pub(super) fn find_by(&self, is: impl Fn(&Reference) -> bool) -> Option<(usize, &SlotValue)> {
        self.values.iter().enumerate().find(|(_, value)| is(&value.reference))
    }
}

impl SlotValue {
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
