//! The rows of a piece, one after the other.

use std::fs::File;
use std::sync::atomic::{AtomicU64, Ordering};

use arrow_array::RecordBatch;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder, RowSelection, RowSelector,
};

use crate::error::Error;

use super::super::files::{Source, Split};
use super::super::found::{Content, Found};
use super::super::piece::Piece;
use super::cut::{guarded, metadata};
use super::shape::{Shape, Wants};
use super::values::Values;

/// So many bytes of a group are decoded at once, about, and so many rows at most.
const AT_ONCE: u64 = 2 << 20;
const MOST_ROWS: u64 = 1_024;

/// The rows of a piece.
pub(in crate::input) struct TableRows<'f> {
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
    pub(in crate::input) fn open(
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
    pub(in crate::input) fn read(&self) -> u64 {
        self.given
    }

    /// The next row, as a document.
    pub(in crate::input) fn next(&mut self) -> Result<Option<Found<'_>>, Error> {
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
