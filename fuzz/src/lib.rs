//! What the fuzz targets add to the promises: a writer of rules that are right
//! by construction.

pub mod written;
