//! What the fuzz targets share: the promises that they hold the library to,
//! and a writer of rules that are right by construction.

pub mod promises;
pub mod written;
