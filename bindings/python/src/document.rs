//! Documents as Python has them: text, bytes, or a dict, which is written as JSON with
//! every digit of its numbers.

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::pybacked::{PyBackedBytes, PyBackedStr};
use pyo3::types::{
    PyBool, PyByteArray, PyBytes, PyDict, PyFloat, PyInt, PyList, PyMapping, PyMemoryView, PyString, PyTuple,
};

/// So deep a document of Python's own types may nest; what is read of JSON has a limit
/// of its own.
const DEEPEST: usize = 200;

/// A document, held without Python's lock.
pub(crate) enum Document {
    /// A `str`.
    Text(PyBackedStr),
    /// Something of bytes.
    Bytes(PyBackedBytes),
    /// A mapping, written as JSON.
    Written(String),
}

impl Document {
    /// What is read of it.
    pub(crate) fn given(&self) -> Given<'_> {
        match self {
            Document::Text(text) => Given::Text(text),
            Document::Bytes(bytes) => Given::Bytes(bytes),
            Document::Written(text) => Given::Text(text),
        }
    }

    /// Its bytes.
    pub(crate) fn bytes(&self) -> &[u8] {
        match self.given() {
            Given::Text(text) => text.as_bytes(),
            Given::Bytes(bytes) => bytes,
        }
    }
}

/// A text, or bytes that may be one. The library tells them apart: only bytes may have a
/// mark of their order.
#[derive(Clone, Copy)]
pub(crate) enum Given<'g> {
    /// Of a `str`.
    Text(&'g str),
    /// Of bytes.
    Bytes(&'g [u8]),
}

impl target_rules::batch::Document for Given<'_> {
    fn byte_len(&self) -> usize {
        match self {
            Given::Text(text) => text.len(),
            Given::Bytes(bytes) => bytes.len(),
        }
    }
}

/// Calls a function of the library with what was given, as the type that it is.
macro_rules! given {
    ($given:expr, $input:ident => $call:expr) => {
        match $given {
            $crate::document::Given::Text($input) => $call,
            $crate::document::Given::Bytes($input) => $call,
        }
    };
}
pub(crate) use given;

impl<'py> FromPyObject<'_, 'py> for Document {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, 'py, PyAny>) -> PyResult<Document> {
        if given.is_instance_of::<PyString>() {
            return Ok(Document::Text(given.extract()?));
        }
        if given.is_instance_of::<PyBytes>() || given.is_instance_of::<PyByteArray>() {
            return Ok(Document::Bytes(given.extract()?));
        }
        if given.is_instance_of::<PyMemoryView>() {
            let bytes = given.py().get_type::<PyBytes>().call1((given,))?;
            return Ok(Document::Bytes(bytes.extract()?));
        }
        let given = given.to_owned();
        let mut text = String::new();
        Writer { into: &mut text }.value(&given, 0)?;
        Ok(Document::Written(text))
    }
}

/// Writes a value of Python's own types as JSON: `Decimal` and `int` with all their
/// digits, dates in ISO 8601.
#[pyfunction]
pub(crate) fn to_json(value: &Bound<'_, PyAny>) -> PyResult<String> {
    let mut text = String::new();
    Writer { into: &mut text }.value(value, 0)?;
    Ok(text)
}

struct Writer<'w> {
    into: &'w mut String,
}

impl Writer<'_> {
    fn value(&mut self, value: &Bound<'_, PyAny>, depth: usize) -> PyResult<()> {
        if depth > DEEPEST {
            return Err(PyValueError::new_err(format!(
                "the document nests deeper than {DEEPEST} levels, or holds itself"
            )));
        }
        if value.is_none() {
            self.into.push_str("null");
        } else if let Ok(text) = value.cast::<PyString>() {
            self.string(text.to_str()?);
        } else if let Ok(truth) = value.cast::<PyBool>() {
            self.into.push_str(if truth.is_true() { "true" } else { "false" });
        } else if value.is_instance_of::<PyInt>() {
            // A subclass, as of an enum, may print as something else.
            let plain = value.py().get_type::<PyInt>().call_method1("__repr__", (value,))?;
            self.into.push_str(plain.cast::<PyString>()?.to_str()?);
        } else if let Ok(number) = value.cast::<PyFloat>() {
            self.float(number)?;
        } else if let Ok(entries) = value.cast::<PyDict>() {
            self.entries(entries.iter().map(Ok), depth)?;
        } else if let Ok(list) = value.cast::<PyList>() {
            self.list(list.iter().map(Ok), depth)?;
        } else if let Ok(list) = value.cast::<PyTuple>() {
            self.list(list.iter().map(Ok), depth)?;
        } else if let Ok(mapping) = value.cast::<PyMapping>() {
            let items = mapping.items()?;
            self.entries(items.iter().map(|item| item.extract()), depth)?;
        } else {
            self.other(value, depth)?;
        }
        Ok(())
    }

    fn float(&mut self, number: &Bound<'_, PyFloat>) -> PyResult<()> {
        if !number.value().is_finite() {
            return Err(PyValueError::new_err("a document can't hold an infinite number, or none (NaN)"));
        }
        // As Python writes it: the fewest digits that are this number.
        let written = number.py().get_type::<PyFloat>().call_method1("__repr__", (number,))?;
        self.into.push_str(written.cast::<PyString>()?.to_str()?);
        Ok(())
    }

    /// A `Decimal`, or what has a form by ISO 8601.
    fn other(&mut self, value: &Bound<'_, PyAny>, depth: usize) -> PyResult<()> {
        let kind = value.get_type();
        let decimal = value.py().import("decimal")?.getattr("Decimal")?;
        if value.is_instance(&decimal)? {
            if !value.call_method0("is_finite")?.extract::<bool>()? {
                return Err(PyValueError::new_err(
                    "a document can't hold an infinite `Decimal`, or one that is no number",
                ));
            }
            let written = value.str()?;
            // `1E+3` is a number of JSON too.
            self.into.push_str(written.to_str()?);
            return Ok(());
        }
        // A number of numpy is one of Python's own under this name.
        if value.hasattr("dtype")? && value.hasattr("item")? {
            let plain = value.call_method0("item")?;
            if plain.get_type().is(&kind) {
                return Err(PyTypeError::new_err(format!("a document can't hold `{}`", kind.name()?)));
            }
            return self.value(&plain, depth + 1);
        }
        let date = value.py().import("datetime")?.getattr("date")?;
        if value.is_instance(&date)? {
            let written = value.call_method0("isoformat")?;
            self.string(written.cast::<PyString>()?.to_str()?);
            return Ok(());
        }
        Err(PyTypeError::new_err(format!(
            "a document can't hold `{}`; give str, int, float, Decimal, bool, None, datetime, dict and list",
            kind.name()?
        )))
    }

    fn entries<'py>(
        &mut self,
        entries: impl Iterator<Item = PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)>>,
        depth: usize,
    ) -> PyResult<()> {
        self.into.push('{');
        for (at, entry) in entries.enumerate() {
            let (key, value) = entry?;
            if at > 0 {
                self.into.push(',');
            }
            let key =
                key.cast::<PyString>().map_err(|_| PyTypeError::new_err("keys of a document are str"))?;
            self.string(key.to_str()?);
            self.into.push(':');
            self.value(&value, depth + 1)?;
        }
        self.into.push('}');
        Ok(())
    }

    fn list<'py>(
        &mut self,
        values: impl Iterator<Item = PyResult<Bound<'py, PyAny>>>,
        depth: usize,
    ) -> PyResult<()> {
        self.into.push('[');
        for (at, value) in values.enumerate() {
            if at > 0 {
                self.into.push(',');
            }
            self.value(&value?, depth + 1)?;
        }
        self.into.push(']');
        Ok(())
    }

    fn string(&mut self, text: &str) {
        string_into(self.into, text);
    }
}

/// Writes a text as a string of JSON.
pub(crate) fn string_into(into: &mut String, text: &str) {
    into.push('"');
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| matches!(c, '"' | '\\' | '\u{0}'..='\u{1f}')) {
        let (plain, special) = rest.split_at(at);
        into.push_str(plain);
        let mut chars = special.chars();
        match chars.next() {
            Some(c @ ('"' | '\\')) => {
                into.push('\\');
                into.push(c);
            }
            // Below 32: four digits, of which the first two are zero.
            Some(c) => into.push_str(&format!("\\u{:04x}", u32::from(c))),
            None => {}
        }
        rest = chars.as_str();
    }
    into.push_str(rest);
    into.push('"');
}
