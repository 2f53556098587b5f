//! Activities that were weighed and wait until all of their customer are there.

use std::borrow::Cow;

use crate::error::Error;

use super::spool::{BUCKETS, HeldRow, Row, Spool, bucket_of};

/// The activities of all customers: what didn't fit the memory of threads is in the file.
#[derive(Debug, Default)]
pub(crate) struct Activities {
    spool: Spool,
}

/// Those that a thread has weighed and that are in memory still.
#[derive(Debug)]
pub(crate) struct Waiting {
    /// By bucket.
    rows: Vec<Vec<Place>>,
    bytes: Vec<u8>,
    /// So many bytes are held at most, about.
    most: usize,
}

/// A row of the bytes that are held.
#[derive(Debug, Clone, Copy)]
struct Place {
    customer: i64,
    start: u32,
    length: u32,
}

/// The memory that a row takes beside its bytes.
const BESIDE: usize = 24;

impl Waiting {
    pub(crate) fn new(memory: usize) -> Waiting {
        Waiting { rows: vec![Vec::new(); BUCKETS], bytes: Vec::new(), most: memory.clamp(64 * 1024, 1 << 30) }
    }

    /// Adds a row that `write` appends.
    pub(crate) fn add(
        &mut self,
        all: &Activities,
        customer: i64,
        write: impl FnOnce(&mut Vec<u8>),
    ) -> Result<(), Error> {
        let start = self.bytes.len();
        write(&mut self.bytes);
        let length = self.bytes.len() - start;
        let place = u32::try_from(start).ok().zip(u32::try_from(length).ok());
        let (start, length) = place.ok_or_else(Error::row_too_large)?;
        if let Some(rows) = self.rows.get_mut(bucket_of(customer)) {
            rows.push(Place { customer, start, length });
        }
        let count: usize =
            if self.bytes.len() < self.most / 2 { 0 } else { self.rows.iter().map(Vec::len).sum() };
        if self.bytes.len() + count * BESIDE > self.most { self.spill(all) } else { Ok(()) }
    }

    /// Puts all rows into the file.
    pub(crate) fn spill(&mut self, all: &Activities) -> Result<(), Error> {
        for (bucket, rows) in self.rows.iter_mut().enumerate() {
            rows.sort_by_key(|place| place.customer);
            let bytes = &self.bytes;
            all.spool.write(bucket, rows.iter().map(|place| (place.customer, place.of(bytes))))?;
            rows.clear();
        }
        self.bytes.clear();
        Ok(())
    }

    /// The rows of a bucket, by customer.
    fn of(&self, bucket: usize) -> impl Iterator<Item = HeldRow<'_>> {
        let rows = self.rows.get(bucket).into_iter().flatten();
        rows.map(|place| (place.customer, Cow::Borrowed(place.of(&self.bytes))))
    }
}

impl Place {
    fn of<'b>(&self, bytes: &'b [u8]) -> &'b [u8] {
        let start = usize::try_from(self.start).unwrap_or(usize::MAX);
        let length = usize::try_from(self.length).unwrap_or_default();
        bytes.get(start..start.saturating_add(length)).unwrap_or_default()
    }
}

impl Activities {
    /// All rows of a bucket, by customer.
    pub(crate) fn rows_of(&self, bucket: usize, waiting: &[Waiting]) -> Result<Vec<Row>, Error> {
        self.spool.all_of(bucket, in_memory(bucket, waiting))
    }

    /// Adds rows of a bucket, by customer.
    pub(crate) fn add_rows(&self, bucket: usize, rows: &[Row]) -> Result<(), Error> {
        self.spool.write(bucket, rows.iter().map(|(customer, row)| (*customer, row.as_slice())))
    }

    /// Calls with the rows of each customer of a bucket.
    pub(crate) fn each_of<'m>(
        &self,
        bucket: usize,
        waiting: &'m [Waiting],
        each: impl FnMut(i64, &mut Vec<Cow<'m, [u8]>>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.spool.merge(bucket, in_memory(bucket, waiting), each)
    }
}

/// The rows of a bucket that are in memory still, by customer.
fn in_memory(bucket: usize, waiting: &[Waiting]) -> Vec<HeldRow<'_>> {
    let mut memory: Vec<HeldRow<'_>> = waiting.iter().flat_map(|waiting| waiting.of(bucket)).collect();
    memory.sort_by_key(|(customer, _)| *customer);
    memory
}
