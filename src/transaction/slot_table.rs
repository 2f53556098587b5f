//! The tables of what hosts can set and get, by name.

use std::collections::{BTreeMap, BTreeSet};

use crate::rule::Reference;
use crate::typed::{Read, ValueKind};

/// All values that hosts can set and get: single values, and the values of the
/// entries of each list.
#[derive(Debug, Clone, Default)]
pub(super) struct SlotTables {
    pub(super) single: SlotTable,
    pub(super) lists: Vec<SlotTable>,
}

/// Values in the order in which the plan added them, so that they keep their
/// index while the plan grows.
#[derive(Debug, Clone, Default)]
pub(super) struct SlotTable {
    numbers: BTreeMap<Reference, usize>,
    values: Vec<SlotValue>,
}

/// A value that hosts can set and get. Where rules read it as two types, it has
/// a cell for each.
#[derive(Debug, Clone)]
pub(super) struct SlotValue {
    pub(super) reference: Reference,
    /// The generation of the plan that added it.
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

/// A cell for one type of a value.
#[derive(Debug, Clone, Copy)]
pub(super) struct TypedCell {
    pub(super) cell: usize,
    pub(super) held: Held,
    pub(super) compared: bool,
}

impl SlotTable {
    /// Builds a table from the reads of the cells, the cells whose text is
    /// compared, and the generation of each cell.
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

    /// Adds the cell that a value is read into. Cells come in ascending order.
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

    /// A value by its index; `None` where another generation added it.
    pub(super) fn value(&self, number: usize, generation: u64) -> Option<&SlotValue> {
        self.values.get(number).filter(|value| value.generation == generation)
    }

    /// The index of a value, and the value.
    pub(super) fn find(&self, reference: &Reference) -> Option<(usize, &SlotValue)> {
        let number = *self.numbers.get(reference)?;
        Some((number, self.values.get(number)?))
    }

    /// The same, for the first value whose reference fits.
    pub(super) fn find_by(&self, is: impl Fn(&Reference) -> bool) -> Option<(usize, &SlotValue)> {
        self.values.iter().enumerate().find(|(_, value)| is(&value.reference))
    }
}

impl SlotValue {
    /// The name of the value, as documents spell it.
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

    /// The cell for a type of the value.
    pub(super) fn typed(&self, held: Held) -> Option<TypedCell> {
        self.cells.iter().find(|typed| typed.held == held).copied()
    }
}
