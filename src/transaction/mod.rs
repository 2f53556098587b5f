//! A transaction document: exactly what the loaded rules read of it.
//!
//! A [`Layout`] says what is read, and gives the slots by which a host sets the
//! values of a [`Transaction`] and takes them out again.

// In the order in which the pages of `Layout` and `Transaction` show what is
// defined in them: how they are made and read, then single values, then the
// whole.
mod layout;

mod builder;
mod document;

mod slot;

mod setters;

mod getters;

mod model;

mod buffers;
mod candidates;
mod cell;
mod cells;
mod classes;
mod derived;
mod destination;
mod entry;
mod fault;
mod field_value;
mod item_keys;
mod list;
mod list_plan;
mod list_reader;
mod lookup;
mod names;
mod placed;
mod plan;
mod planner;
mod reader;
mod reads;
mod scalar;
mod section_plan;
mod section_reader;
mod selector;
mod shapes;
mod slot_table;
#[cfg(test)]
mod tests;

pub use crate::typed::{Figure, ValueKind};
pub use builder::LayoutBuilder;
pub use getters::EntryGetter;
pub use layout::Layout;
pub use model::Transaction;
pub use placed::{
    Columns, Container, Conversion, Form, Marks, PlacedLayout, Places, RowValue, Test, Written,
};
pub use reads::Wanted;
pub use setters::{EntrySetter, SetError};
pub use slot::{EntryList, EntrySlot, Slot};

pub(crate) use builder::read_of;
pub(crate) use fault::{value_fault, wrong_type};
pub(crate) use lookup::field_of_alias;

pub(crate) use cell::{Cell, Key, NO_KEY, Symbol};
pub(crate) use derived::Derived;
pub(crate) use entry::{Amount, CurrentEntry, Entries, Entry};
pub(crate) use field_value::FieldValue;
pub(crate) use list_plan::ListPlan;
pub(crate) use plan::Plan;
pub(crate) use selector::Selector;
