//! Parquet files: each row becomes the document that its columns are, and is read as such. So it
//! means what a line of JSON means, whatever is read of it, and faults are told alike.

mod cut;
mod footer;
mod shape;
mod table;
mod text;
mod values;

pub(super) use cut::pieces;
pub(super) use table::TableRows;
