//! A piece of a Parquet file: rows that one thread reads.

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
