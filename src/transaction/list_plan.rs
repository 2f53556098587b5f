//! What is read of each entry of a list.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::schema::ListName;
use crate::typed::{Field, Read, ValueKind};

use super::classes::Classes;
use super::destination::Destination;
use super::lookup::LookUp;
use super::names::Names;
use super::slot_table::SlotTable;

/// A field by which figures of line items are stated, or follow from each other.
#[derive(Debug, Clone, Copy)]
pub(crate) enum FigureField {
    Amount,
    Discount,
    DiscountPercentage,
    Quantity,
    Rate,
    Value,
}

impl FigureField {
    /// In their order.
    const ALL: [FigureField; 6] = [
        FigureField::Amount,
        FigureField::Discount,
        FigureField::DiscountPercentage,
        FigureField::Quantity,
        FigureField::Rate,
        FigureField::Value,
    ];

    fn name(self) -> &'static str {
        match self {
            FigureField::Amount => "amount",
            FigureField::Discount => "discount",
            FigureField::DiscountPercentage => "discountPercentage",
            FigureField::Quantity => "qty",
            FigureField::Rate => "rate",
            FigureField::Value => "value",
        }
    }
}

/// What is read of each entry of a list.
#[derive(Debug, Clone, Default)]
pub(crate) struct ListPlan {
    /// The slots of the fields of an entry.
    fields: BTreeMap<(Field, ValueKind), usize>,
    /// Those of figures, as numbers: asked of every line item, so that they are not looked up.
    figures: [Option<usize>; FigureField::ALL.len()],
    /// The slots of item attributes, by the name that rules use.
    attributes: BTreeMap<Arc<str>, usize>,
    pub(super) own: Names<Vec<Destination>>,
    pub(super) extended: Names<Vec<Destination>>,
    /// The look-ups of the same attributes, ordered by name.
    pub(super) look_ups: Vec<LookUp>,
    /// Their names regardless of case.
    pub(super) classes: Classes,
    /// By slot: the generation of the plan that added it.
    slot_generations: Vec<u64>,
    /// The slots whose text rules compare.
    compared: BTreeSet<usize>,
}

impl ListPlan {
    /// The number of slots of an entry.
    #[inline]
    pub(super) fn width(&self) -> usize {
        self.slot_generations.len()
    }

    /// The slot of a field of an entry.
    pub(crate) fn field(&self, field: &Field, kind: ValueKind) -> Option<usize> {
        self.fields.get(&(field.clone(), kind)).copied()
    }

    /// The slot of a figure, as a number.
    #[inline]
    pub(super) fn figure(&self, field: FigureField) -> Option<usize> {
        self.figures.get(field as usize).copied().flatten()
    }

    /// The slot of an item attribute.
    #[inline]
    pub(crate) fn attribute(&self, name: &str) -> Option<usize> {
        self.attributes.get(name).copied()
    }

    /// The number of slots whose text rules compare.
    pub(super) fn compared_count(&self) -> usize {
        self.compared.len()
    }

    pub(super) fn is_compared(&self, slot: usize) -> bool {
        self.compared.contains(&slot)
    }

    pub(super) fn mark_compared(&mut self, slot: Option<usize>) {
        self.compared.extend(slot);
    }

    pub(super) fn add_field(&mut self, field: &Field, kind: ValueKind, generation: u64) {
        let key = (field.clone(), kind);
        if self.fields.contains_key(&key) {
            return;
        }
        let slot = self.add_slot(generation);
        self.fields.insert(key, slot);
        if !field.extended && kind == ValueKind::Number {
            let own = FigureField::ALL.into_iter().zip(&mut self.figures);
            own.filter(|(figure, _)| figure.name() == &*field.name)
                .for_each(|(_, known)| *known = Some(slot));
        }
        let named = if field.extended { &mut self.extended } else { &mut self.own };
        named.push(&field.name, Destination::new(slot, kind));
    }

    pub(super) fn add_attribute(&mut self, name: &Arc<str>, generation: u64) {
        if !self.attributes.contains_key(name) {
            let slot = self.add_slot(generation);
            self.attributes.insert(name.clone(), slot);
        }
    }

    fn add_slot(&mut self, generation: u64) -> usize {
        let slot = self.width();
        self.slot_generations.push(generation);
        slot
    }

    /// Updates what depends on all rules, after the last one was added.
    pub(super) fn finish(&mut self) {
        self.own.mark(&self.compared);
        self.extended.mark(&self.compared);
        let mut classes = Classes::default();
        let look_ups = self.attributes.iter().enumerate().map_while(|(number, (name, slot))| {
            LookUp::new(name, *slot, self.compared.contains(slot), number, &mut classes)
        });
        self.look_ups = look_ups.collect();
        self.classes = classes;
    }

    /// What hosts can set and get in an entry of the list.
    pub(super) fn slot_table(&self, section: &Arc<str>, list: ListName) -> SlotTable {
        let section = || section.clone();
        let fields = self.fields.iter().map(|((field, kind), slot)| {
            (*slot, Read::EntryField { section: section(), list, field: field.clone(), kind: *kind })
        });
        let attributes = self
            .attributes
            .iter()
            .map(|(name, slot)| (*slot, Read::ItemAttribute { section: section(), name: name.clone() }));
        SlotTable::of(fields.chain(attributes), &self.compared, &self.slot_generations)
    }
}
