//! Documents of another shape: the same values, at other places.
//!
//! [`Places`] says where they stand, and [`Layout::placed`] makes a table of it,
//! by which documents are read at the speed of the plain reader.
//!
//! [`Layout::placed`]: super::Layout::placed

mod conversion;
mod layout;
mod node;
mod places;
mod planner;
mod reader;
mod row;
#[cfg(test)]
mod tests;
mod values;

pub use conversion::{Conversion, Written};
pub use layout::{Columns, Marks, PlacedLayout};
pub use places::{Container, Form, Places, Test};
pub use row::RowValue;
