//! What is read: files, folders and patterns, cut into splits that threads work on; the
//! documents of a split, one after the other; and how a document becomes a transaction.

mod array;
mod documents;
mod files;
mod form;
mod lines;
mod reading;

pub(crate) use documents::{Documents, lines_before};
pub use files::Files;
pub(crate) use files::Split;
pub use reading::{DocumentReader, PlainReading, Reading};
