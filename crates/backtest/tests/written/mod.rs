//! Parquet files for tests.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::io::Cursor;
use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch};
use arrow_json::ReaderBuilder;
use arrow_json::reader::infer_json_schema;
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;

/// Lines of JSON as columns, of whatever types their values have.
pub(crate) fn of_lines(lines: &[String]) -> Vec<RecordBatch> {
    let text = lines.join("\n");
    let (schema, _) = infer_json_schema(Cursor::new(&text), None).unwrap();
    let reader = ReaderBuilder::new(Arc::new(schema)).build(Cursor::new(&text)).unwrap();
    reader.map(Result::unwrap).collect()
}

pub(crate) fn of_columns(columns: &[(&str, ArrayRef)]) -> RecordBatch {
    RecordBatch::try_from_iter_with_nullable(
        columns.iter().map(|(name, column)| (*name, column.clone(), true)),
    )
    .unwrap()
}

pub(crate) fn parquet(batches: &[RecordBatch], properties: WriterProperties) -> Vec<u8> {
    let mut file = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut file, batches[0].schema(), Some(properties)).unwrap();
    batches.iter().for_each(|batch| writer.write(batch).unwrap());
    writer.close().unwrap();
    file
}
