//! The values of some rows, written as JSON row by row.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Decimal128Type, Decimal256Type, Float16Type, Float32Type, Float64Type,
    Int8Type, Int16Type, Int32Type, Int64Type, Time32MillisecondType, Time64MicrosecondType,
    Time64NanosecondType, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, ListArray, MapArray, RecordBatch, StructArray};
use arrow_schema::{DataType, TimeUnit};
use serde::de::IgnoredAny;

use super::shape::{Kind, Member, Root, Shape};
use super::text::{Unit, decimal, float, put, quoted, short_float};

/// Writes the value of a row.
type Write = Box<dyn Fn(usize, &mut Vec<u8>) + Send>;

/// The values of a column, or what is made of several.
pub(super) enum Values {
    /// None of them is there.
    Nothing,
    Leaf(ArrayRef, Write),
    Struct(StructArray, Vec<(Vec<u8>, Values)>),
    List(ListArray, Box<Values>),
    Map(MapArray, Box<[Values; 2]>),
    /// Of several columns; it is there where one of them is.
    Object(Vec<(Vec<u8>, Values)>),
}

impl Values {
    /// Those of a batch; a text is looked at up to `most` bytes and one. Fails where a column has
    /// a type that no document has.
    pub(super) fn of(batch: &RecordBatch, shape: &Shape, most: usize) -> Result<Values, String> {
        let mut kinds = shape.columns.iter().map(|(_, kind)| *kind);
        let mut columns = Vec::new();
        for (field, array) in batch.schema().fields().iter().zip(batch.columns()) {
            let values = Values::column(array, &mut kinds, most);
            columns.push(Some(values.ok_or_else(|| {
                let name = target_rules::diagnostic::excerpt(field.name());
                format!("the column `{name}` has the type {}, which is not read", field.data_type())
            })?));
        }
        Ok(match &shape.root {
            Root::Document => columns.pop().flatten().unwrap_or(Values::Nothing),
            Root::Members(members) => Values::Object(Values::members(members, &mut columns)),
        })
    }

    fn members(members: &[Member], columns: &mut [Option<Values>]) -> Vec<(Vec<u8>, Values)> {
        let each = |member: &Member| {
            let values = match member {
                Member::Column(_, at) => columns.get_mut(*at).and_then(Option::take),
                Member::Object(_, members) => Some(Values::Object(Values::members(members, columns))),
            };
            (key(member.key()), values.unwrap_or(Values::Nothing))
        };
        members.iter().map(each).collect()
    }

    /// Nesting is bounded. `None` where no document has such values.
    fn column(array: &ArrayRef, kinds: &mut impl Iterator<Item = Kind>, most: usize) -> Option<Values> {
        Some(match array.data_type() {
            DataType::Struct(fields) => {
                let array = array.as_struct_opt()?;
                let mut members = Vec::with_capacity(fields.len());
                for (field, column) in fields.iter().zip(array.columns()) {
                    members.push((key(field.name()), Values::column(column, kinds, most)?));
                }
                Values::Struct(array.clone(), members)
            }
            DataType::List(_) => {
                let array = array.as_list_opt::<i32>()?;
                Values::List(array.clone(), Box::new(Values::column(array.values(), kinds, most)?))
            }
            DataType::Map(..) => {
                let array = array.as_map_opt()?;
                let keys = Values::column(array.keys(), kinds, most)?;
                let values = Values::column(array.values(), kinds, most)?;
                Values::Map(array.clone(), Box::new([keys, values]))
            }
            DataType::Null => {
                kinds.next();
                Values::Nothing
            }
            _ => Values::Leaf(array.clone(), writer(array, kinds.next()?, most)?),
        })
    }

    fn is_null(&self, row: usize) -> bool {
        match self {
            Values::Nothing => true,
            Values::Leaf(array, _) => array.is_null(row),
            Values::Struct(array, _) => array.is_null(row),
            Values::List(array, _) => array.is_null(row),
            Values::Map(array, _) => array.is_null(row),
            Values::Object(members) => members.iter().all(|(_, values)| values.is_null(row)),
        }
    }

    /// Writes a row as a document: an object, also where nothing is there.
    pub(super) fn document(&self, row: usize, most: usize, out: &mut Vec<u8>) {
        match self {
            Values::Object(members) => object(members, row, most, out),
            values => values.write(row, most, out),
        }
    }

    /// Writes a value. What comes to more than `most` bytes is not written to its end: it is too
    /// long however it goes on.
    fn write(&self, row: usize, most: usize, out: &mut Vec<u8>) {
        if self.is_null(row) {
            out.extend_from_slice(b"null");
            return;
        }
        match self {
            Values::Nothing => {}
            Values::Leaf(_, write) => write(row, out),
            Values::Struct(_, members) | Values::Object(members) => object(members, row, most, out),
            Values::List(array, entries) => {
                out.push(b'[');
                for (number, at) in within(array.value_offsets(), row).enumerate() {
                    if out.len() > most {
                        return;
                    }
                    if number > 0 {
                        out.push(b',');
                    }
                    entries.write(at, most, out);
                }
                out.push(b']');
            }
            Values::Map(array, columns) => {
                let [keys, values] = &**columns;
                out.push(b'{');
                for (number, at) in within(array.value_offsets(), row).enumerate() {
                    if out.len() > most {
                        return;
                    }
                    if number > 0 {
                        out.push(b',');
                    }
                    as_key(out, |out| keys.write(at, most, out));
                    values.write(at, most, out);
                }
                out.push(b'}');
            }
        }
    }
}

/// The positions of the entries of a row.
fn within(offsets: &[i32], row: usize) -> std::ops::Range<usize> {
    let at = |row: usize| offsets.get(row).and_then(|offset| usize::try_from(*offset).ok()).unwrap_or(0);
    at(row)..at(row + 1)
}

fn key(name: &str) -> Vec<u8> {
    let mut key = Vec::new();
    quoted(name.as_bytes(), &mut key);
    key.push(b':');
    key
}

/// Writes a value as the key of an object: in quotes.
fn as_key(out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    write(out);
    if out.get(start) != Some(&b'"') {
        out.insert(start, b'"');
        out.push(b'"');
    }
    out.push(b':');
}

fn object(members: &[(Vec<u8>, Values)], row: usize, most: usize, out: &mut Vec<u8>) {
    out.push(b'{');
    let start = out.len();
    for (key, values) in members {
        if out.len() > most {
            return;
        }
        if values.is_null(row) {
            continue;
        }
        if out.len() > start {
            out.push(b',');
        }
        out.extend_from_slice(key);
        values.write(row, most, out);
    }
    out.push(b'}');
}

/// What writes the values of a column.
fn writer(array: &ArrayRef, kind: Kind, most: usize) -> Option<Write> {
    match array.data_type() {
        DataType::Boolean => {
            let array = array.as_boolean_opt()?.clone();
            Some(Box::new(move |row, out| put(out, format_args!("{}", array.value(row)))))
        }
        DataType::Int8 => displayed::<Int8Type>(array),
        DataType::Int16 => displayed::<Int16Type>(array),
        DataType::Int32 => displayed::<Int32Type>(array),
        DataType::Int64 => displayed::<Int64Type>(array),
        DataType::UInt8 => displayed::<UInt8Type>(array),
        DataType::UInt16 => displayed::<UInt16Type>(array),
        DataType::UInt32 => displayed::<UInt32Type>(array),
        DataType::UInt64 => displayed::<UInt64Type>(array),
        DataType::Float16 => each::<Float16Type>(array, |value, out| short_float(f32::from(value), out)),
        DataType::Float32 => each::<Float32Type>(array, short_float),
        DataType::Float64 => each::<Float64Type>(array, float),
        DataType::Decimal128(_, scale) => {
            let scale = *scale;
            each::<Decimal128Type>(array, move |value, out| decimal(&value.to_string(), scale, out))
        }
        DataType::Decimal256(_, scale) => {
            let scale = *scale;
            each::<Decimal256Type>(array, move |value, out| decimal(&value.to_string(), scale, out))
        }
        _ => text(array, kind, most).or_else(|| date(array, kind)),
    }
}

/// Of texts and bytes.
fn text(array: &ArrayRef, kind: Kind, most: usize) -> Option<Write> {
    let write = move |bytes: &[u8], out: &mut Vec<u8>| written(bytes, (kind, most), out);
    match array.data_type() {
        DataType::Utf8 => {
            let array = array.as_string_opt::<i32>()?.clone();
            Some(Box::new(move |row, out| write(array.value(row).as_bytes(), out)))
        }
        DataType::Utf8View => {
            let array = array.as_string_view_opt()?.clone();
            Some(Box::new(move |row, out| write(array.value(row).as_bytes(), out)))
        }
        DataType::Binary => {
            let array = array.as_binary_opt::<i32>()?.clone();
            Some(Box::new(move |row, out| write(array.value(row), out)))
        }
        DataType::BinaryView => {
            let array = array.as_binary_view_opt()?.clone();
            Some(Box::new(move |row, out| write(array.value(row), out)))
        }
        DataType::FixedSizeBinary(_) => {
            let array = array.as_fixed_size_binary_opt()?.clone();
            Some(Box::new(move |row, out| write(array.value(row), out)))
        }
        _ => None,
    }
}

/// Of dates and times.
fn date(array: &ArrayRef, kind: Kind) -> Option<Write> {
    let (milli, micro, nano) = (Unit(1_000), Unit(1_000_000), Unit(1_000_000_000));
    // Without a zone it is a time of some clock; but Spark writes moments so.
    let is_instant = |zone: &Option<_>| zone.is_some() || kind == Kind::Int96;
    match array.data_type() {
        DataType::Date32 => each::<Date32Type>(array, Unit::day),
        DataType::Time32(TimeUnit::Millisecond) => {
            each::<Time32MillisecondType>(array, move |value, out| milli.time(i64::from(value), out))
        }
        DataType::Time64(TimeUnit::Microsecond) => {
            each::<Time64MicrosecondType>(array, move |value, out| micro.time(value, out))
        }
        DataType::Time64(TimeUnit::Nanosecond) => {
            each::<Time64NanosecondType>(array, move |value, out| nano.time(value, out))
        }
        DataType::Timestamp(TimeUnit::Millisecond, zone) => {
            moment::<TimestampMillisecondType>(array, milli, is_instant(zone))
        }
        DataType::Timestamp(TimeUnit::Microsecond, zone) => {
            moment::<TimestampMicrosecondType>(array, micro, is_instant(zone))
        }
        DataType::Timestamp(TimeUnit::Nanosecond, zone) => {
            moment::<TimestampNanosecondType>(array, nano, is_instant(zone))
        }
        _ => None,
    }
}

fn moment<T: ArrowPrimitiveType<Native = i64>>(
    array: &ArrayRef,
    unit: Unit,
    is_instant: bool,
) -> Option<Write> {
    match is_instant {
        true => each::<T>(array, move |value, out| unit.instant(value, out)),
        false => each::<T>(array, move |value, out| unit.local(value, out)),
    }
}

fn displayed<T: ArrowPrimitiveType<Native: std::fmt::Display>>(array: &ArrayRef) -> Option<Write> {
    each::<T>(array, |value, out| put(out, format_args!("{value}")))
}

fn each<T: ArrowPrimitiveType>(
    array: &ArrayRef,
    write: impl Fn(T::Native, &mut Vec<u8>) + Send + 'static,
) -> Option<Write> {
    let array = array.as_primitive_opt::<T>()?.clone();
    Some(Box::new(move |row, out| write(array.value(row), out)))
}

/// Writes bytes by what they are.
fn written(bytes: &[u8], (kind, most): (Kind, usize), out: &mut Vec<u8>) {
    let bytes = bytes.get(..most.saturating_add(1)).unwrap_or(bytes);
    match (kind, bytes.len()) {
        // What is no JSON is a text, which is refused where something within it is read.
        (Kind::Json, _) if serde_json::from_slice::<IgnoredAny>(bytes).is_ok() => {
            out.extend_from_slice(bytes);
        }
        // It is read as it is, so that faults are told where they are.
        (Kind::Document, _) => out.extend_from_slice(bytes),
        (Kind::Uuid, 16) => {
            out.push(b'"');
            for (at, byte) in bytes.iter().enumerate() {
                let dash = if matches!(at, 4 | 6 | 8 | 10) { "-" } else { "" };
                put(out, format_args!("{dash}{byte:02x}"));
            }
            out.push(b'"');
        }
        _ => quoted(bytes, out),
    }
}
