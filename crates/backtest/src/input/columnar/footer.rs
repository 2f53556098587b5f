//! The footer of a Parquet file, looked at before the library reads it: that it is whole, and
//! that its columns nest no deeper than a stack can bear, for the library recurses.
//!
//! A footer is a struct in Thrift's compact protocol, of which field 2 is the list of the
//! columns, each with how many stand within it.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

const MAGIC: &[u8] = b"PAR1";
const ENCRYPTED: &[u8] = b"PARE";
/// Before the footer stands the magic; after it its length and the magic.
const AROUND: u64 = 12;
/// A footer has at most so many bytes.
const MOST: u64 = 64 << 20;
/// Columns nest at most so deep.
const DEEPEST: usize = 64;

/// Fails where the footer can't be read.
pub(super) fn check(file: &mut File) -> Result<(), String> {
    let told = |error: std::io::Error| error.to_string();
    let length = file.metadata().map_err(told)?.len();
    let mut end = [0_u8; 8];
    let from = length.checked_sub(8).filter(|_| length >= AROUND).ok_or(CUT)?;
    file.seek(SeekFrom::Start(from)).map_err(told)?;
    file.read_exact(&mut end).map_err(told)?;
    let (size, magic) = end.split_at(4);
    if magic == ENCRYPTED {
        return Err("its footer is encrypted; write the file without encryption".to_owned());
    }
    let size = size.try_into().map_or(0, |size| u64::from(u32::from_le_bytes(size)));
    if magic != MAGIC || size > length - AROUND {
        return Err(CUT.to_owned());
    }
    if size > MOST {
        return Err(format!("its footer has {size} bytes; at most {MOST} are read"));
    }
    let mut footer = Vec::new();
    file.seek(SeekFrom::Start(from - size)).map_err(told)?;
    file.take(size).read_to_end(&mut footer).map_err(told)?;
    match (Scan { rest: &footer, skipping: 0 }).deepest() {
        None => Err("its footer is damaged".to_owned()),
        Some(depth) if depth > DEEPEST => {
            Err(format!("its columns stand more than {DEEPEST} deep within each other"))
        }
        Some(_) => Ok(()),
    }
}

const CUT: &str = "the file ends too early, for a Parquet file ends with its footer; it was cut off";

struct Scan<'f> {
    rest: &'f [u8],
    /// How many values are being skipped within each other.
    skipping: usize,
}

/// Types of the protocol.
const TRUE: u8 = 1;
const FALSE: u8 = 2;
const BYTE: u8 = 3;
const I64: u8 = 6;
const DOUBLE: u8 = 7;
const BINARY: u8 = 8;
const LIST: u8 = 9;
const SET: u8 = 10;
const MAP: u8 = 11;
const STRUCT: u8 = 12;

/// Of the footer: the list of columns; of a column: how many stand within it.
const COLUMNS: u64 = 2;
const CHILDREN: u64 = 5;

impl Scan<'_> {
    /// How deep the columns nest; `None` where it is no footer.
    fn deepest(mut self) -> Option<usize> {
        let (mut id, mut deepest) = (0, 0);
        while let Some(kind) = self.field(&mut id)? {
            match (id, kind) {
                (COLUMNS, LIST) => deepest = deepest.max(self.columns()?),
                _ => self.skip(kind)?,
            }
        }
        Some(deepest)
    }

    /// Reads the list of the columns, a group before what stands within it.
    fn columns(&mut self) -> Option<usize> {
        let (count, kind) = self.list()?;
        if kind != STRUCT {
            return None;
        }
        let (mut open, mut deepest): (Vec<u64>, usize) = (Vec::new(), 0);
        for _ in 0..count {
            while open.pop_if(|left| *left == 0).is_some() {}
            if let Some(left) = open.last_mut() {
                *left -= 1;
            }
            let within = self.column()?;
            if within > 0 {
                open.push(within);
                deepest = deepest.max(open.len());
            }
        }
        Some(deepest)
    }

    /// Reads a column: how many stand within it.
    fn column(&mut self) -> Option<u64> {
        let (mut id, mut within) = (0, 0);
        while let Some(kind) = self.field(&mut id)? {
            match (id, kind) {
                (CHILDREN, BYTE..=I64) => {
                    let zigzag = if kind == BYTE { u64::from(self.byte()?) } else { self.varint()? };
                    within = if zigzag & 1 == 0 { zigzag / 2 } else { 0 };
                }
                _ => self.skip(kind)?,
            }
        }
        Some(within)
    }

    /// The type of the next field of a struct, whose number is counted on; `Some(None)` at its
    /// end.
    fn field(&mut self, id: &mut u64) -> Option<Option<u8>> {
        let head = self.byte()?;
        let kind = head & 0xf;
        if kind == 0 {
            return Some(None);
        }
        *id = match u64::from(head >> 4) {
            0 => self.varint()? / 2,
            step => id.checked_add(step)?,
        };
        Some(Some(kind))
    }

    fn skip(&mut self, kind: u8) -> Option<()> {
        if self.skipping > DEEPEST {
            return None;
        }
        self.skipping += 1;
        match kind {
            TRUE | FALSE => {}
            BYTE => drop(self.byte()?),
            DOUBLE => self.bytes(8)?,
            BINARY => {
                let length = self.varint()?;
                self.bytes(length)?;
            }
            LIST | SET => {
                let (count, kind) = self.list()?;
                for _ in 0..count {
                    self.skip_entry(kind)?;
                }
            }
            MAP => self.skip_map()?,
            STRUCT => {
                let mut id = 0;
                while let Some(kind) = self.field(&mut id)? {
                    self.skip(kind)?;
                }
            }
            _ => drop(self.varint()?),
        }
        self.skipping -= 1;
        Some(())
    }

    fn skip_map(&mut self) -> Option<()> {
        let count = self.varint()?;
        if count == 0 {
            return Some(());
        }
        let kinds = self.byte()?;
        for _ in 0..count {
            self.skip_entry(kinds >> 4)?;
            self.skip_entry(kinds & 0xf)?;
        }
        Some(())
    }

    /// Skips an entry: a truth value takes a byte there, so that each takes one.
    fn skip_entry(&mut self, kind: u8) -> Option<()> {
        if matches!(kind, TRUE | FALSE) { self.byte().map(drop) } else { self.skip(kind) }
    }

    /// The number of entries of a list, and their type.
    fn list(&mut self) -> Option<(u64, u8)> {
        let head = self.byte()?;
        let count = match u64::from(head >> 4) {
            15 => self.varint()?,
            count => count,
        };
        Some((count, head & 0xf))
    }

    fn byte(&mut self) -> Option<u8> {
        let (byte, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*byte)
    }

    fn bytes(&mut self, count: u64) -> Option<()> {
        self.rest = self.rest.get(usize::try_from(count).ok()?..)?;
        Some(())
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A footer of groups within each other, and a column in the innermost.
    fn nested(groups: usize) -> Vec<u8> {
        let mut footer = vec![0x15, 2, 0x19, 0xfc];
        let mut count = groups + 1;
        while count > 0x7f {
            footer.push(u8::try_from(count & 0x7f).unwrap_or(0) | 0x80);
            count >>= 7;
        }
        footer.push(u8::try_from(count).unwrap_or(0));
        for _ in 0..groups {
            // A name, and one child.
            footer.extend([0x48, 1, b'g', 0x15, 2, 0]);
        }
        footer.extend([0x15, 2, 0x38, 1, b'c', 0, 0]);
        footer
    }

    #[test]
    fn the_depth_of_columns_is_found() {
        for groups in [0, 1, 64, 65, 100_000] {
            assert_eq!((Scan { rest: &nested(groups), skipping: 0 }).deepest(), Some(groups));
        }
        let whole = nested(3);
        for cut in 0..whole.len() {
            let (start, _) = whole.split_at(cut);
            assert_eq!((Scan { rest: start, skipping: 0 }).deepest(), None);
        }
    }
}
