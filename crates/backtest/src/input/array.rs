//! The entries of a JSON array, one after the other, with no more held than one of them.

use std::io::BufRead;

use super::found::{Content, Found};
use super::lines::length;

/// The entries of an array.
pub(super) struct Entries<'r> {
    reader: Box<dyn BufRead + Send + 'r>,
    at: u64,
    most: usize,
    pub(super) entries: u64,
    entry: Vec<u8>,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before the bracket that opens it.
    Before,
    /// After the bracket or a comma.
    Within,
    After,
}

/// Where a byte of an entry stands.
#[derive(Debug, Clone, Copy, Default)]
struct Nesting {
    depth: u64,
    quoted: bool,
    escaped: bool,
}

impl<'r> Entries<'r> {
    pub(super) fn open(reader: Box<dyn BufRead + Send + 'r>, most: usize) -> Entries<'r> {
        Entries { reader, at: 0, most, entries: 0, entry: Vec::new(), state: State::Before }
    }

    /// The next entry. Fails where the array isn't closed, and where something stands after
    /// it.
    pub(super) fn next(&mut self) -> std::io::Result<Option<Found<'_>>> {
        if self.state == State::Before {
            // Its bracket was seen when the form of the file was told.
            self.skip_until(|byte| byte == b'[')?;
            self.take_byte()?;
            self.state = State::Within;
        }
        if self.state == State::After {
            return Ok(None);
        }
        self.skip_until(|byte| !byte.is_ascii_whitespace())?;
        let first = self.at;
        self.entry.clear();
        let mut nesting = Nesting::default();
        let closing = loop {
            let Some(byte) = self.take_byte()? else {
                return Err(std::io::Error::new(
                    std::io::ErrorKind::UnexpectedEof,
                    "the array of this file is not closed",
                ));
            };
            if nesting.ends(byte) {
                break byte;
            }
            if self.entry.len() <= self.most {
                self.entry.push(byte);
            }
        };
        if closing == b']' {
            self.state = State::After;
            self.end()?;
            if self.entry.trim_ascii().is_empty() && self.entries == 0 {
                return Ok(None);
            }
        }
        self.entries += 1;
        Ok(Some(Found { at: first, entry: self.entries, content: Content::Document(&self.entry) }))
    }

    /// Fails where something stands after the array.
    fn end(&mut self) -> std::io::Result<()> {
        self.skip_until(|byte| !byte.is_ascii_whitespace())?;
        match self.take_byte()? {
            None => Ok(()),
            Some(_) => Err(std::io::Error::new(
                std::io::ErrorKind::InvalidData,
                "something stands after the array of this file; an array is read alone, and documents one a line",
            )),
        }
    }

    fn take_byte(&mut self) -> std::io::Result<Option<u8>> {
        let byte = self.reader.fill_buf()?.first().copied();
        if byte.is_some() {
            self.reader.consume(1);
            self.at += 1;
        }
        Ok(byte)
    }

    fn skip_until(&mut self, wanted: impl Fn(u8) -> bool) -> std::io::Result<()> {
        loop {
            let held = self.reader.fill_buf()?;
            if held.is_empty() {
                return Ok(());
            }
            let found = held.iter().position(|byte| wanted(*byte));
            let used = found.unwrap_or(held.len());
            self.reader.consume(used);
            self.at += length(used);
            if found.is_some() {
                return Ok(());
            }
        }
    }
}

impl Nesting {
    /// Whether a byte ends an entry: a comma or the bracket of the array. Goes past it else.
    fn ends(&mut self, byte: u8) -> bool {
        if self.quoted {
            self.quoted = self.escaped || byte != b'"';
            self.escaped = byte == b'\\' && !self.escaped;
            return false;
        }
        match byte {
            b'"' => self.quoted = true,
            b'[' | b'{' => self.depth += 1,
            b',' | b']' if self.depth == 0 => return true,
            b']' | b'}' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        false
    }
}
