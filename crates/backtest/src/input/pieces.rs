//! How a Parquet file is cut into pieces, where this build reads such files.

use std::fs::File;

use crate::error::Error;

use super::piece::Piece;

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
