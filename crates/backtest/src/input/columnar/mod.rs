//! Parquet files: each row becomes the document that its columns are, and is read as such. So it
//! means what a line of JSON means, whatever is read of it, and faults are told alike.

mod footer;
mod shape;
mod text;
mod values;

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arrow_array::RecordBatch;
use arrow_schema::{DataType, Field, Fields, Schema};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
    RowSelection, RowSelector,
};

use crate::error::Error;

use super::files::{Source, Split};
use super::found::{Content, Found};
use super::pieces::Piece;
use shape::{Shape, Wants};
use values::Values;

/// A row group is cut into pieces of so many rows, so that a file of one group is read on several
/// threads. Rows before a piece are decoded and left out, so pieces are large.
const ROWS_OF_PIECE: u64 = 1 << 18;
/// Into so many pieces at most.
const MOST_PIECES: u64 = 1 << 10;
/// So many bytes of a group are decoded at once, about, and so many rows at most.
const AT_ONCE: u64 = 2 << 20;
const MOST_ROWS: u64 = 1_024;

/// The pieces of a file. Fails where it is cut off, or no Parquet file.
pub(super) fn pieces(path: &str, file: &mut File) -> Result<Vec<Piece>, Error> {
    footer::check(file).map_err(|why| Error::input(path, why))?;
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

fn metadata(path: &str, file: &File) -> Result<ArrowReaderMetadata, Error> {
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
fn guarded<T, E: std::fmt::Display>(read: impl FnOnce() -> Result<T, E>) -> Result<T, String> {
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(read) => read.map_err(|error| error.to_string()),
        Err(_) => Err("it is damaged".to_owned()),
    }
}

/// The rows of a piece.
pub(super) struct TableRows<'f> {
    path: &'f str,
    piece: Piece,
    reader: ParquetRecordBatchReader,
    shape: Shape,
    /// The rows that were decoded, how many they are, and which comes next.
    values: Values,
    rows: usize,
    at: usize,
    /// How many rows of the piece were given.
    given: u64,
    document: Vec<u8>,
    most: usize,
    /// How many bytes are read, to be told; and how many of them are those of the piece.
    told: &'f AtomicU64,
    bytes: u64,
    bytes_told: u64,
}

impl<'f> TableRows<'f> {
    /// Opens a piece of a Parquet file; `None` where it is none.
    pub(super) fn open(
        source: &'f Source,
        split: Split,
        told: &'f AtomicU64,
        (most, wants): (usize, Wants<'_>),
    ) -> Result<Option<TableRows<'f>>, Error> {
        let path = source.path.as_str();
        let Some(pieces) = &source.pieces else { return Ok(None) };
        let Some(piece) = pieces.iter().find(|piece| piece.start == split.start).copied() else {
            return Err(Error::usage("there is no such split"));
        };
        let file = File::open(path).map_err(|error| Error::input(path, error))?;
        source.is_unchanged()?;
        let metadata = metadata(path, &file)?;
        let parquet = metadata.parquet_schema();
        let shape = Shape::of(metadata.schema(), parquet, wants).map_err(|why| Error::input(path, why))?;
        let reader = guarded(|| {
            let mask = ProjectionMask::leaves(parquet, shape.columns.iter().map(|(at, _)| *at));
            reader(file, metadata.clone(), mask, piece)
        });
        let reader = reader.map_err(|why| unread(path, piece, 0, &why))?;
        let all: u64 = pieces.iter().map(|piece| piece.rows).sum();
        let bytes = u128::from(source.length.unwrap_or(0)) * u128::from(piece.rows) / u128::from(all.max(1));
        Ok(Some(TableRows {
            path,
            piece,
            reader,
            shape,
            values: Values::Nothing,
            rows: 0,
            at: 0,
            given: 0,
            document: Vec::new(),
            most,
            told,
            bytes: u64::try_from(bytes).unwrap_or(u64::MAX),
            bytes_told: 0,
        }))
    }

    /// How many rows were given.
    pub(super) fn read(&self) -> u64 {
        self.given
    }

    /// The next row, as a document.
    pub(super) fn next(&mut self) -> Result<Option<Found<'_>>, Error> {
        while self.at >= self.rows {
            let Some(batch) = self.batch()? else { return Ok(None) };
            let values = Values::of(&batch, &self.shape, self.most);
            self.values = values.map_err(|why| Error::input(self.path, why))?;
            (self.rows, self.at) = (batch.num_rows(), 0);
        }
        self.document.clear();
        self.values.document(self.at, self.most, &mut self.document);
        self.at += 1;
        self.given += 1;
        Ok(Some(Found {
            at: self.piece.start + self.given - 1,
            entry: self.given,
            content: Content::Document(&self.document),
        }))
    }

    /// The next rows. Fails where they can't be decoded, and where there are fewer than the
    /// footer says.
    fn batch(&mut self) -> Result<Option<RecordBatch>, Error> {
        let (path, piece, given) = (self.path, self.piece, self.given);
        let batch = guarded(|| self.reader.next().transpose());
        let batch = batch.map_err(|why| unread(path, piece, given, &why))?;
        let rows = batch.as_ref().map_or(0, RecordBatch::num_rows);
        let decoded = given.saturating_add(u64::try_from(rows).unwrap_or(u64::MAX));
        if decoded > piece.rows || (batch.is_none() && given < piece.rows) {
            return Err(unread(path, piece, given, "it has other rows than its footer says"));
        }
        let bytes = u128::from(self.bytes) * u128::from(decoded) / u128::from(piece.rows.max(1));
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        self.told.fetch_add(bytes.saturating_sub(self.bytes_told), Ordering::Relaxed);
        self.bytes_told = bytes;
        Ok(batch)
    }
}

fn reader(
    file: File,
    metadata: ArrowReaderMetadata,
    mask: ProjectionMask,
    piece: Piece,
) -> Result<ParquetRecordBatchReader, String> {
    let group = metadata.metadata().row_groups().get(piece.group);
    let group = group.ok_or("it has changed")?;
    let rows = u64::try_from(group.num_rows()).unwrap_or(0);
    let bytes = u64::try_from(group.total_byte_size()).unwrap_or(0);
    let of_row = (bytes / rows.max(1)).max(1);
    let at_once = usize::try_from((AT_ONCE / of_row).clamp(1, MOST_ROWS)).unwrap_or(1);
    let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata);
    let builder = builder.with_row_groups(vec![piece.group]).with_projection(mask).with_batch_size(at_once);
    let builder = if piece.rows == rows {
        builder
    } else {
        let count = |rows: u64| usize::try_from(rows).map_err(|error| error.to_string());
        let (skipped, read) = (count(piece.skipped)?, count(piece.rows)?);
        builder.with_row_selection(RowSelection::from(vec![
            RowSelector::skip(skipped),
            RowSelector::select(read),
        ]))
    };
    builder.build().map_err(|error| error.to_string())
}

fn unread(path: &str, piece: Piece, given: u64, why: &str) -> Error {
    let (first, last) = (piece.start.saturating_add(given), piece.start.saturating_add(piece.rows));
    let why = format!(
        "rows {} to {last} can't be read: {why}; there is no report, for it would be of a part",
        first.saturating_add(1)
    );
    Error::input(path, why)
}
