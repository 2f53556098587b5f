//! What the footer of a file says, and how the file is cut into pieces.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use arrow_schema::{DataType, Field, Fields, Schema};
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};

use crate::error::Error;

use super::super::piece::Piece;
use super::footer::check;

/// A row group is cut into pieces of so many rows, so that a file of one group is read on several
/// threads. Rows before a piece are decoded and left out, so pieces are large.
const ROWS_OF_PIECE: u64 = 1 << 18;
/// Into so many pieces at most.
const MOST_PIECES: u64 = 1 << 10;

/// The pieces of a file. Fails where it is cut off, or no Parquet file.
pub(in crate::input) fn pieces(path: &str, file: &mut File) -> Result<Vec<Piece>, Error> {
    check(file).map_err(|why| Error::input(path, why))?;
    let metadata = metadata(path, file)?;
    let (mut pieces, mut start) = (Vec::new(), 0_u64);
    for (group, of_group) in metadata.metadata().row_groups().iter().enumerate() {
        let all = u64::try_from(of_group.num_rows()).map_err(|_| damaged(path))?;
        let step = ROWS_OF_PIECE.max(all.div_ceil(MOST_PIECES));
        let mut skipped = 0;
        while skipped < all {
            let rows = step.min(all - skipped);
            pieces.push(Piece { start, rows, group, skipped });
            skipped += rows;
            start = start.checked_add(rows).ok_or_else(|| damaged(path))?;
        }
    }
    Ok(pieces)
}

fn damaged(path: &str) -> Error {
    Error::input(path, "its footer is damaged")
}

/// What the footer says, texts as views.
pub(super) fn metadata(path: &str, file: &File) -> Result<ArrowReaderMetadata, Error> {
    let options = || ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let load = || {
        let plain = ArrowReaderMetadata::load(file, options())?;
        // Texts are not copied from where they were decoded.
        let schema = Schema::new(viewed(plain.schema().fields()));
        ArrowReaderMetadata::try_new(plain.metadata().clone(), options().with_schema(Arc::new(schema)))
    };
    guarded(load).map_err(|why| Error::input(path, format!("this Parquet file can't be read: {why}")))
}

/// The same columns with texts as views. Nesting is bounded.
fn viewed(fields: &Fields) -> Fields {
    fields.iter().map(|field| Arc::new(viewed_field(field))).collect()
}

fn viewed_field(field: &Field) -> Field {
    let inner = |field: &Arc<Field>| Arc::new(viewed_field(field));
    let data_type = match field.data_type() {
        DataType::Utf8 => DataType::Utf8View,
        DataType::Binary => DataType::BinaryView,
        DataType::Struct(fields) => DataType::Struct(viewed(fields)),
        DataType::List(entry) => DataType::List(inner(entry)),
        DataType::Map(entry, sorted) => DataType::Map(inner(entry), *sorted),
        other => other.clone(),
    };
    field.clone().with_data_type(data_type)
}

/// Asks the library, which for a damaged file panics here and there.
pub(super) fn guarded<T, E: std::fmt::Display>(read: impl FnOnce() -> Result<T, E>) -> Result<T, String> {
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(read) => read.map_err(|error| error.to_string()),
        Err(_) => Err("it is damaged".to_owned()),
    }
}
