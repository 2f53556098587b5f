//! The documents of a split, whatever the form of its file.

use std::io::{BufRead, Read};

use target_rules::transaction::Wanted;

use crate::error::Error;

use super::array::Entries;
#[cfg(feature = "parquet")]
use super::columnar::TableRows;
use super::files::{Files, Split};
use super::form::{MARK, unpacked};
use super::found::{Content, Found};
use super::lines::Lines;
use super::rows::Rows;

/// The documents of a split, one after the other.
pub(crate) struct Documents<'f> {
    path: &'f str,
    form: Form<'f>,
}

enum Form<'f> {
    Lines(Lines<'f>),
    Entries(Entries<'f>),
    Rows(Box<Rows<'f>>),
    #[cfg(feature = "parquet")]
    Table(Box<TableRows<'f>>),
}

impl<'f> Documents<'f> {
    /// Opens a split; a document has at most `most` bytes, and of a Parquet file those columns
    /// are read that are wanted.
    pub(crate) fn open(
        files: &'f Files,
        split: Split,
        most: usize,
        wants: impl Fn(&[&str]) -> Wanted,
    ) -> Result<Documents<'f>, Error> {
        let Some(source) = files.sources.get(split.source) else {
            return Err(Error::usage("there is no such split"));
        };
        let path = source.path.as_str();
        #[cfg(feature = "parquet")]
        if let Some(rows) = TableRows::open(source, split, &files.read, (most, &wants))? {
            return Ok(Documents { path, form: Form::Table(Box::new(rows)) });
        }
        // Other files have no columns that could be left out.
        let _ = wants;
        let raw = source.open(split.start.saturating_sub(1), &files.read)?;
        let opened = |raw| -> std::io::Result<Form<'f>> {
            if split.start > 0 {
                return Ok(Form::Lines(Lines::open(raw, (split.start, split.end), most)?));
            }
            let mut plain = unpacked(raw)?;
            if source.is_table() {
                return Ok(Form::Rows(Box::new(Rows::open(plain)?)));
            }
            let start = plain.fill_buf()?;
            let start = start.strip_prefix(MARK).unwrap_or(start);
            Ok(match start.trim_ascii_start().first() {
                Some(b'[') => Form::Entries(Entries::open(plain, most)),
                _ => Form::Lines(Lines::open(plain, (0, split.end), most)?),
            })
        };
        let form = opened(raw).map_err(|error| failed(path, &error))?;
        Ok(Documents { path, form })
    }

    /// The names of the columns, where the documents are rows.
    pub(crate) fn columns(&self) -> Option<&[String]> {
        match &self.form {
            Form::Rows(rows) => Some(&rows.names),
            _ => None,
        }
    }

    /// The next document. Fails where the file can't be read on.
    pub(crate) fn next(&mut self) -> Result<Option<Found<'_>>, Error> {
        let path = self.path;
        match &mut self.form {
            #[cfg(feature = "parquet")]
            Form::Table(rows) => return rows.next(),
            Form::Lines(lines) => lines.next(),
            Form::Entries(entries) => entries.next(),
            Form::Rows(rows) => rows
                .next()
                .map(|row| row.map(|(at, entry, cells)| Found { at, entry, content: Content::Row(cells) })),
        }
        .map_err(|error| failed(path, &error))
    }

    /// How many lines or entries were read.
    pub(crate) fn read(&self) -> u64 {
        match &self.form {
            Form::Lines(lines) => lines.lines,
            Form::Entries(entries) => entries.entries,
            Form::Rows(rows) => rows.rows,
            #[cfg(feature = "parquet")]
            Form::Table(rows) => rows.read(),
        }
    }
}

/// How many lines of a file begin before a byte; how many rows stand before one.
pub(crate) fn lines_before(files: &Files, source: usize, byte: u64) -> Result<u64, Error> {
    let Some(source) = files.sources.get(source) else { return Ok(0) };
    if source.pieces.is_some() {
        return Ok(byte);
    }
    let failed = |error: std::io::Error| failed(&source.path, &error);
    // One begins at the first byte, and one after each end of a line.
    let Some(before) = byte.checked_sub(1) else { return Ok(0) };
    let mut reader = source.open(0, &files.read)?.take(before);
    let mut lines = 1_u64;
    let mut buffer = vec![0_u8; 256 * 1024];
    loop {
        let read = reader.read(&mut buffer).map_err(failed)?;
        if read == 0 {
            return Ok(lines);
        }
        let ends = memchr::memchr_iter(b'\n', buffer.get(..read).unwrap_or_default()).count();
        lines += u64::try_from(ends).unwrap_or(u64::MAX);
    }
}

fn failed(path: &str, error: &std::io::Error) -> Error {
    match error.kind() {
        std::io::ErrorKind::UnexpectedEof => Error::input(
            path,
            format!("the file ends too early ({error}); it was cut off, so there is no report"),
        ),
        _ => Error::input(path, format!("{error}; there is no report, for it would be of a part")),
    }
}
