//! Rows of customers that memory has no room for, in one file: segments, each of one
//! bucket of customers and sorted by customer, read together again.

use std::borrow::Cow;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::sync::{Mutex, PoisonError};

use crate::error::Error;

/// Customers are spread over so many buckets, so that threads share the work.
pub(crate) const BUCKETS: usize = 64;

/// So many bytes of a segment are read at once.
const READ_AT_ONCE: usize = 32 * 1024;

/// The bucket of a customer.
pub(crate) fn bucket_of(customer: i64) -> usize {
    let spread = customer.cast_unsigned().wrapping_mul(0x9E37_79B9_7F4A_7C15);
    usize::try_from(spread >> 58).unwrap_or_default()
}

/// A row: of a customer, with what is told of her.
pub(crate) type Row = (i64, Vec<u8>);

/// The same, where it is in memory still and need not be copied.
pub(crate) type HeldRow<'m> = (i64, Cow<'m, [u8]>);

/// A file of segments. It has no name, so that nothing is left of it.
#[derive(Debug, Default)]
pub(crate) struct Spool {
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    file: Option<File>,
    end: u64,
    segments: Vec<Segment>,
}

#[derive(Debug, Clone, Copy)]
struct Segment {
    bucket: usize,
    start: u64,
    end: u64,
}

impl Spool {
    /// Writes rows of a bucket, sorted by customer.
    pub(crate) fn write<'r>(
        &self,
        bucket: usize,
        rows: impl Iterator<Item = (i64, &'r [u8])>,
    ) -> Result<(), Error> {
        let mut bytes = Vec::new();
        for (customer, row) in rows {
            let length = u32::try_from(row.len()).map_err(|_| Error::row_too_large())?;
            bytes.extend(customer.to_le_bytes());
            bytes.extend(length.to_le_bytes());
            bytes.extend(row);
        }
        if bytes.is_empty() {
            return Ok(());
        }
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let Held { file, end, segments } = &mut *held;
        let mut file = match file {
            Some(file) => &*file,
            None => &*file.insert(tempfile::tempfile().map_err(Error::spool)?),
        };
        file.seek(SeekFrom::Start(*end)).map_err(Error::spool)?;
        file.write_all(&bytes).map_err(Error::spool)?;
        let start = *end;
        *end += u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        segments.push(Segment { bucket, start, end: *end });
        Ok(())
    }

    /// All rows of a bucket, those of memory among them, by customer: calls with the rows
    /// of each. `memory` is sorted by customer.
    pub(crate) fn merge<'m>(
        &self,
        bucket: usize,
        memory: Vec<HeldRow<'m>>,
        mut each: impl FnMut(i64, &mut Vec<Cow<'m, [u8]>>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let segments = self.held.lock().unwrap_or_else(PoisonError::into_inner).segments.clone();
        let segments = segments.into_iter().filter(|segment| segment.bucket == bucket);
        let mut readers: Vec<SegmentReader<'_>> = segments
            .map(|Segment { start, end, .. }| SegmentReader {
                spool: self,
                at: start,
                end,
                held: Vec::new(),
                read: 0,
            })
            .collect();
        let mut heads = Vec::new();
        for reader in &mut readers {
            heads.push(reader.next()?);
        }
        let mut memory = memory.into_iter().peekable();
        let mut rows = Vec::new();
        loop {
            let least = heads.iter().flatten().map(|(customer, _)| *customer);
            let least = least.chain(memory.peek().map(|(customer, _)| *customer)).min();
            let Some(customer) = least else { return Ok(()) };
            rows.clear();
            while let Some((_, row)) = memory.next_if(|(of, _)| *of == customer) {
                rows.push(row);
            }
            for (reader, head) in readers.iter_mut().zip(&mut heads) {
                while let Some((_, row)) = head.take_if(|(of, _)| *of == customer) {
                    rows.push(Cow::Owned(row));
                    *head = reader.next()?;
                }
            }
            each(customer, &mut rows)?;
        }
    }

    /// All rows of a bucket, by customer.
    pub(crate) fn all_of(&self, bucket: usize, memory: Vec<HeldRow<'_>>) -> Result<Vec<Row>, Error> {
        let mut all = Vec::new();
        self.merge(bucket, memory, |customer, rows| {
            all.extend(rows.drain(..).map(|row| (customer, row.into_owned())));
            Ok(())
        })?;
        Ok(all)
    }

    fn read_at(&self, at: u64, into: &mut [u8]) -> Result<(), Error> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let mut file = held.file.as_ref().ok_or_else(|| Error::spool(std::io::ErrorKind::NotFound.into()))?;
        file.seek(SeekFrom::Start(at)).map_err(Error::spool)?;
        file.read_exact(into).map_err(Error::spool)
    }
}

struct SegmentReader<'s> {
    spool: &'s Spool,
    at: u64,
    end: u64,
    held: Vec<u8>,
    /// How many bytes of what is held were told.
    read: usize,
}

impl SegmentReader<'_> {
    fn next(&mut self) -> Result<Option<Row>, Error> {
        let Some(head) = self.take(12)? else { return Ok(None) };
        let (customer, length) = head.split_at(8);
        let customer = i64::from_le_bytes(customer.try_into().unwrap_or_default());
        let length = u32::from_le_bytes(length.try_into().unwrap_or_default());
        let row = self.take(usize::try_from(length).unwrap_or(usize::MAX))?;
        Ok(Some((customer, row.unwrap_or_default())))
    }

    /// So many bytes; `None` where no more are left.
    fn take(&mut self, length: usize) -> Result<Option<Vec<u8>>, Error> {
        if self.held.len() - self.read < length {
            self.held.drain(..self.read);
            self.read = 0;
            let left = usize::try_from(self.end - self.at).unwrap_or(usize::MAX);
            let more = left.min(READ_AT_ONCE.max(length - self.held.len()));
            let from = self.held.len();
            self.held.resize(from + more, 0);
            self.spool.read_at(self.at, self.held.get_mut(from..).unwrap_or_default())?;
            self.at += u64::try_from(more).unwrap_or_default();
        }
        let taken = self.held.get(self.read..self.read + length).map(<[u8]>::to_vec);
        self.read += taken.as_ref().map_or(0, Vec::len);
        Ok(taken)
    }
}
