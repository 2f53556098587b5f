//! Rows of record batches as documents. A column is a key; `currentTxn.value` is the key
//! `value` of `currentTxn`, and a struct is an object. Or one column holds documents as JSON.

use std::fmt::Write;

use arrow_array::cast::AsArray;
use arrow_array::ffi_stream::RecordBatchStreamReader;
use arrow_array::types::{
    Date32Type, Date64Type, Decimal128Type, Decimal256Type, Float32Type, Float64Type, Int8Type, Int16Type,
    Int32Type, Int64Type, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, RecordBatch, StructArray};
use arrow_pyarrow::FromPyArrow;
use arrow_schema::{DataType, TimeUnit};
use pyo3::prelude::*;

use crate::document::string_into;
use crate::failure::failure;

/// Record batches, read to their end.
pub(crate) struct Rows(Vec<RecordBatch>);

impl<'py> FromPyObject<'_, 'py> for Rows {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, 'py, PyAny>) -> PyResult<Rows> {
        let py = given.py();
        let reader = RecordBatchStreamReader::from_pyarrow_bound(&given)?;
        let batches: Result<Vec<RecordBatch>, _> = py.detach(|| reader.collect());
        batches.map(Rows).map_err(|error| failure(py, "value", &error.to_string(), None))
    }
}

impl Rows {
    /// Each row as a document, written as JSON.
    ///
    /// Fails where a column has no form in JSON, and where the column of documents is
    /// not there or holds none.
    pub(crate) fn documents(&self, py: Python<'_>, json_column: Option<&str>) -> PyResult<Vec<String>> {
        let written = py.detach(|| {
            let mut documents = Vec::with_capacity(self.0.iter().map(RecordBatch::num_rows).sum());
            for batch in &self.0 {
                match json_column {
                    None => rows_of(batch, &mut documents)?,
                    Some(name) => texts_of(batch, name, &mut documents)?,
                }
            }
            Ok(documents)
        });
        written.map_err(|error: String| failure(py, "value", &error, None))
    }
}

fn texts_of(batch: &RecordBatch, name: &str, into: &mut Vec<String>) -> Result<(), String> {
    let Some(column) = batch.column_by_name(name) else {
        return Err(format!("there is no column `{name}` of documents"));
    };
    for row in 0..batch.num_rows() {
        // Nothing is no document, and refused as one.
        let text = text_at(column.as_ref(), row);
        into.push(text.ok_or_else(|| {
            format!("the column `{name}` holds {}, and documents are texts", column.data_type())
        })?);
    }
    Ok(())
}

fn text_at(column: &dyn Array, row: usize) -> Option<String> {
    let bytes = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Some(match column.data_type() {
        _ if column.is_null(row) => String::new(),
        DataType::Utf8 => column.as_string::<i32>().value(row).to_owned(),
        DataType::LargeUtf8 => column.as_string::<i64>().value(row).to_owned(),
        DataType::Utf8View => column.as_string_view().value(row).to_owned(),
        DataType::Binary => bytes(column.as_binary::<i32>().value(row)),
        DataType::LargeBinary => bytes(column.as_binary::<i64>().value(row)),
        DataType::BinaryView => bytes(column.as_binary_view().value(row)),
        _ => return None,
    })
}

/// Columns below one key.
struct Keys<'b> {
    below: Vec<(&'b str, Key<'b>)>,
}

enum Key<'b> {
    Column(&'b dyn Array),
    Object(Keys<'b>),
}

impl<'b> Keys<'b> {
    /// Puts a column in its place. Fails where another one is there.
    fn put(&mut self, path: &'b str, column: &'b dyn Array) -> Result<(), String> {
        let twice = || format!("two columns are `{path}` of one document");
        let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
        let there = self.below.iter().position(|(name, _)| *name == first);
        let there = there.and_then(|at| self.below.get_mut(at)).map(|(_, key)| key);
        match (there, rest) {
            (Some(Key::Object(keys)), Some(rest)) => keys.put(rest, column),
            (Some(_), _) => Err(twice()),
            (None, None) => {
                self.below.push((first, Key::Column(column)));
                Ok(())
            }
            (None, Some(rest)) => {
                let mut keys = Keys { below: Vec::new() };
                keys.put(rest, column)?;
                self.below.push((first, Key::Object(keys)));
                Ok(())
            }
        }
    }

    /// Writes the object of a row; what is null is left out.
    fn write(&self, row: usize, into: &mut String) -> Result<(), String> {
        into.push('{');
        let mut first = true;
        for (name, key) in &self.below {
            if matches!(key, Key::Column(column) if column.is_null(row)) {
                continue;
            }
            if !first {
                into.push(',');
            }
            first = false;
            string_into(into, name);
            into.push(':');
            match key {
                Key::Column(column) => value(*column, row, into)?,
                Key::Object(keys) => keys.write(row, into)?,
            }
        }
        into.push('}');
        Ok(())
    }
}

fn rows_of(batch: &RecordBatch, into: &mut Vec<String>) -> Result<(), String> {
    let mut keys = Keys { below: Vec::new() };
    let schema = batch.schema_ref();
    for (field, column) in schema.fields().iter().zip(batch.columns()) {
        keys.put(field.name(), column.as_ref())?;
    }
    for row in 0..batch.num_rows() {
        let mut text = String::new();
        keys.write(row, &mut text)?;
        into.push(text);
    }
    Ok(())
}

macro_rules! whole {
    ($column:expr, $row:expr, $into:expr, $kind:ty) => {
        write!($into, "{}", $column.as_primitive::<$kind>().value($row)).map_err(|error| error.to_string())?
    };
}

/// Writes a value that is there.
fn value(column: &dyn Array, row: usize, into: &mut String) -> Result<(), String> {
    match column.data_type() {
        _ if column.is_null(row) => into.push_str("null"),
        DataType::Null => into.push_str("null"),
        DataType::Boolean => into.push_str(if column.as_boolean().value(row) { "true" } else { "false" }),
        DataType::Int8 => whole!(column, row, into, Int8Type),
        DataType::Int16 => whole!(column, row, into, Int16Type),
        DataType::Int32 => whole!(column, row, into, Int32Type),
        DataType::Int64 => whole!(column, row, into, Int64Type),
        DataType::UInt8 => whole!(column, row, into, UInt8Type),
        DataType::UInt16 => whole!(column, row, into, UInt16Type),
        DataType::UInt32 => whole!(column, row, into, UInt32Type),
        DataType::UInt64 => whole!(column, row, into, UInt64Type),
        DataType::Float32 => float(column.as_primitive::<Float32Type>().value(row), into)?,
        DataType::Float64 => float(column.as_primitive::<Float64Type>().value(row), into)?,
        DataType::Decimal128(..) => {
            into.push_str(&column.as_primitive::<Decimal128Type>().value_as_string(row))
        }
        DataType::Decimal256(..) => {
            into.push_str(&column.as_primitive::<Decimal256Type>().value_as_string(row))
        }
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => {
            string_into(into, &text_at(column, row).unwrap_or_default());
        }
        DataType::Struct(_) => object(column.as_struct(), row, into)?,
        DataType::List(_) => list(column.as_list::<i32>().value(row).as_ref(), into)?,
        DataType::LargeList(_) => list(column.as_list::<i64>().value(row).as_ref(), into)?,
        DataType::FixedSizeList(..) => list(column.as_fixed_size_list().value(row).as_ref(), into)?,
        DataType::Map(..) => map(column, row, into)?,
        DataType::Dictionary(..) => {
            let dictionary = column.as_any_dictionary();
            let key = dictionary.normalized_keys().get(row).copied().unwrap_or_default();
            value(dictionary.values().as_ref(), key, into)?;
        }
        DataType::Date32 | DataType::Date64 | DataType::Timestamp(..) => moment(column, row, into)?,
        other => return Err(format!("a column of {other} has no form in a document")),
    }
    Ok(())
}

fn float(number: impl std::fmt::Display + Into<f64> + Copy, into: &mut String) -> Result<(), String> {
    if !number.into().is_finite() {
        return Err("a document can't hold an infinite number, or none (NaN)".to_owned());
    }
    write!(into, "{number}").map_err(|error| error.to_string())
}

fn object(of: &StructArray, row: usize, into: &mut String) -> Result<(), String> {
    let mut keys = Keys { below: Vec::new() };
    for (name, column) in of.column_names().into_iter().zip(of.columns()) {
        // A dot in the name of a field is one.
        keys.below.push((name, Key::Column(column.as_ref())));
    }
    keys.write(row, into)
}

fn list(of: &dyn Array, into: &mut String) -> Result<(), String> {
    into.push('[');
    for at in 0..of.len() {
        if at > 0 {
            into.push(',');
        }
        value(of, at, into)?;
    }
    into.push(']');
    Ok(())
}

fn map(column: &dyn Array, row: usize, into: &mut String) -> Result<(), String> {
    let entries = column.as_map().value(row);
    let [keys, values] = entries.columns() else { return Err("a map without keys and values".to_owned()) };
    into.push('{');
    for at in 0..entries.len() {
        if at > 0 {
            into.push(',');
        }
        let key = text_at(keys.as_ref(), at).ok_or("keys of a document are texts")?;
        string_into(into, &key);
        into.push(':');
        value(values.as_ref(), at, into)?;
    }
    into.push('}');
    Ok(())
}

/// A date as it is read: a moment in epoch milliseconds, a day or a local time in
/// ISO 8601.
fn moment(column: &dyn Array, row: usize, into: &mut String) -> Result<(), String> {
    const DAY: i64 = 86_400_000;
    let (milliseconds, zone) = match column.data_type() {
        DataType::Date32 => {
            (i64::from(column.as_primitive::<Date32Type>().value(row)).checked_mul(DAY), None)
        }
        DataType::Date64 => (Some(column.as_primitive::<Date64Type>().value(row)), None),
        DataType::Timestamp(unit, zone) => {
            let milliseconds = match unit {
                TimeUnit::Second => column.as_primitive::<TimestampSecondType>().value(row).checked_mul(1000),
                TimeUnit::Millisecond => Some(column.as_primitive::<TimestampMillisecondType>().value(row)),
                TimeUnit::Microsecond => {
                    Some(column.as_primitive::<TimestampMicrosecondType>().value(row).div_euclid(1000))
                }
                TimeUnit::Nanosecond => {
                    Some(column.as_primitive::<TimestampNanosecondType>().value(row).div_euclid(1_000_000))
                }
            };
            (milliseconds, zone.as_deref())
        }
        other => return Err(format!("a column of {other} holds no moments")),
    };
    let milliseconds = milliseconds.ok_or("a date is too far away")?;
    if zone.is_some() {
        return write!(into, "{milliseconds}").map_err(|error| error.to_string());
    }
    // Days and times of no zone are those of the zone that is decided in.
    let instant =
        target_rules::Instant::from_milliseconds(milliseconds).map_err(|error| error.to_string())?;
    let local = target_rules::Zone::UTC.local(instant).to_string();
    let written = match column.data_type() {
        DataType::Date32 | DataType::Date64 => local.split('T').next().unwrap_or_default(),
        _ => &local,
    };
    string_into(into, written);
    Ok(())
}
