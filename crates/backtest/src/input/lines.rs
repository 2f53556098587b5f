//! The lines of a split: those that begin in it.

use std::io::BufRead;

use super::form::MARK;
use super::found::{Content, Found};

/// The lines from one byte of a file to another.
pub(super) struct Lines<'r> {
    reader: Box<dyn BufRead + Send + 'r>,
    /// The byte that is read next.
    at: u64,
    /// Lines that begin here belong to the next split.
    end: Option<u64>,
    /// A line has at most so many bytes.
    most: usize,
    /// How many lines were read.
    pub(super) lines: u64,
    line: Vec<u8>,
}

impl<'r> Lines<'r> {
    /// The lines that begin at `start` or later; `reader` stands at the byte before, where
    /// there is one: if that ends a line, one begins at `start`.
    pub(super) fn open(
        mut reader: Box<dyn BufRead + Send + 'r>,
        (start, end): (u64, Option<u64>),
        most: usize,
    ) -> std::io::Result<Lines<'r>> {
        let mut at = start;
        if let Some(before) = start.checked_sub(1) {
            at = before + length(skip_line(&mut reader)?.0);
        } else if reader.fill_buf()?.starts_with(MARK) {
            reader.consume(MARK.len());
            at += length(MARK.len());
        }
        Ok(Lines { reader, at, end, most, lines: 0, line: Vec::new() })
    }

    /// The next line that isn't blank, and the byte after it.
    pub(super) fn next(&mut self) -> std::io::Result<Option<Found<'_>>> {
        loop {
            if self.end.is_some_and(|end| self.at >= end) {
                return Ok(None);
            }
            let first = self.at;
            self.line.clear();
            let read = self.read_line()?;
            if read == 0 {
                return Ok(None);
            }
            self.at += length(read);
            self.lines += 1;
            if !self.line.trim_ascii().is_empty() {
                return Ok(Some(Found {
                    at: first,
                    entry: self.lines,
                    content: Content::Document(&self.line),
                }));
            }
        }
    }

    /// Reads a line without its end, at most one byte above what it may have; how many bytes
    /// it takes in the file.
    fn read_line(&mut self) -> std::io::Result<usize> {
        let mut read = 0;
        loop {
            let held = self.reader.fill_buf()?;
            if held.is_empty() {
                break;
            }
            let end = memchr::memchr(b'\n', held);
            let taken = end.unwrap_or(held.len());
            let room = (self.most + 1).saturating_sub(self.line.len());
            self.line.extend(held.get(..taken.min(room)).unwrap_or_default());
            let used = end.map_or(taken, |end| end + 1);
            self.reader.consume(used);
            read += used;
            if end.is_some() {
                break;
            }
        }
        if self.line.last() == Some(&b'\r') {
            self.line.pop();
        }
        Ok(read)
    }
}

/// Skips what is left of a line; how many bytes that were, and whether it had an end.
fn skip_line(reader: &mut impl BufRead) -> std::io::Result<(usize, bool)> {
    let mut skipped = 0;
    loop {
        let held = reader.fill_buf()?;
        if held.is_empty() {
            return Ok((skipped, false));
        }
        let end = memchr::memchr(b'\n', held);
        let used = end.map_or(held.len(), |end| end + 1);
        reader.consume(used);
        skipped += used;
        if end.is_some() {
            return Ok((skipped, true));
        }
    }
}

pub(super) fn length(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}
