//! What is read: files, folders and patterns, cut into splits that threads work on; the
//! documents of a split, one after the other; and how a document becomes a transaction.

mod array;
#[cfg(feature = "parquet")]
mod columnar;
mod columns;
mod cut;
mod documents;
mod files;
mod form;
mod found;
mod lines;
#[cfg(feature = "mapping")]
mod mapped;
mod piece;
mod pieces;
mod reading;
mod rows;

pub use cut::FileSplit;
pub(crate) use documents::{Documents, lines_before};
pub use files::Files;
pub(crate) use files::{Source, Split};
pub(crate) use found::Content;
#[cfg(feature = "mapping")]
pub use mapped::MappedReading;
pub use reading::{DocumentReader, PlainReading, ReadAs, Reading};
