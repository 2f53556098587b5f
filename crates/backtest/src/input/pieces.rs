//! The pieces of a Parquet file: rows that one thread reads.

use std::fs::File;

use crate::error::Error;

/// Some rows of a row group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(feature = "parquet"), allow(dead_code, reason = "no file has pieces then"))]
pub(super) struct Piece {
    /// The number of its first row in the file, from 0.
    pub(super) start: u64,
    pub(super) rows: u64,
    pub(super) group: usize,
    /// How many rows of the group stand before it.
    pub(super) skipped: u64,
}

/// The pieces of a Parquet file.
#[cfg(feature = "parquet")]
pub(super) fn pieces_of(path: &str, file: &mut File) -> Result<Vec<Piece>, Error> {
    super::columnar::pieces(path, file)
}

/// Says how the file can be read.
#[cfg(not(feature = "parquet"))]
pub(super) fn pieces_of(path: &str, _: &mut File) -> Result<Vec<Piece>, Error> {
    let why = "this is a Parquet file, which this build doesn't read; the command does that is installed by `cargo install target-rules-cli --features parquet`";
    Err(Error::input(path, why))
}
