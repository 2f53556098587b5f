//! How often each target hits each customer.

use std::borrow::Cow;
use std::sync::{Mutex, MutexGuard, PoisonError};

use hashbrown::HashMap;

use crate::error::Error;

use super::spool::{BUCKETS, Row, Spool, bucket_of};

/// Hits of all customers: a row of a byte for each target, and those above 255 aside.
/// All threads share it.
#[derive(Debug)]
pub(crate) struct Hits {
    targets: usize,
    /// How many rows a bucket holds before they go to the file.
    most_rows: usize,
    buckets: Vec<Mutex<Bucket>>,
    spool: Spool,
}

#[derive(Debug, Default)]
struct Bucket {
    rows: HashMap<i64, Box<[u8]>>,
    /// Full counts of 256, by customer and target.
    more: HashMap<(i64, u32), u64>,
}

impl Hits {
    /// For so many targets, in about so many bytes of memory.
    pub(crate) fn new(targets: usize, memory: usize) -> Hits {
        let of_bucket = memory / BUCKETS;
        // A row, its place in the table, and what the allocator keeps of it.
        let most_rows = (of_bucket / (targets + 56)).max(16);
        Hits {
            targets,
            most_rows,
            buckets: (0..BUCKETS).map(|_| Mutex::default()).collect(),
            spool: Spool::default(),
        }
    }

    fn bucket(&self, at: usize) -> Option<MutexGuard<'_, Bucket>> {
        Some(self.buckets.get(at)?.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// One more hit of each of these targets.
    pub(crate) fn add(&self, customer: i64, targets: &[u32]) -> Result<(), Error> {
        let at = bucket_of(customer);
        let Some(mut bucket) = self.bucket(at) else { return Ok(()) };
        let Bucket { rows, more } = &mut *bucket;
        if rows.len() >= self.most_rows && !rows.contains_key(&customer) {
            let spilled = std::mem::take(&mut *bucket);
            let rows = spilled.rows();
            self.spool.write(at, rows.iter().map(|(customer, row)| (*customer, row.as_slice())))?;
            drop(bucket);
            return self.add(customer, targets);
        }
        let row = rows.entry(customer).or_insert_with(|| vec![0; self.targets].into());
        for target in targets {
            let Some(count) = usize::try_from(*target).ok().and_then(|at| row.get_mut(at)) else { continue };
            *count = count.wrapping_add(1);
            if *count == 0 {
                *more.entry((customer, *target)).or_default() += 256;
            }
        }
        Ok(())
    }

    /// All rows of a bucket, by customer.
    pub(crate) fn rows_of(&self, bucket: usize) -> Result<Vec<Row>, Error> {
        let memory = self.bucket(bucket).map(|bucket| bucket.rows()).unwrap_or_default();
        let memory = memory.into_iter().map(|(customer, row)| (customer, Cow::Owned(row))).collect();
        self.spool.all_of(bucket, memory)
    }

    /// Adds rows of a bucket, by customer.
    pub(crate) fn add_rows(&self, bucket: usize, rows: &[Row]) -> Result<(), Error> {
        self.spool.write(bucket, rows.iter().map(|(customer, row)| (*customer, row.as_slice())))
    }

    /// Calls with the hits of each customer of a bucket, by target.
    pub(crate) fn each_of(
        &self,
        bucket: usize,
        mut each: impl FnMut(i64, &[u64]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let memory = self.bucket(bucket).map(|bucket| bucket.rows()).unwrap_or_default();
        let memory = memory.into_iter().map(|(customer, row)| (customer, Cow::Owned(row))).collect();
        let mut counts = vec![0_u64; self.targets];
        self.spool.merge(bucket, memory, |customer, rows| {
            counts.fill(0);
            rows.iter().for_each(|row| add_written(&mut counts, row));
            each(customer, &counts)
        })
    }
}

impl Bucket {
    /// The rows as they are written, by customer.
    fn rows(&self) -> Vec<Row> {
        let mut rows: Vec<Row> =
            self.rows.iter().map(|(customer, counts)| (*customer, self.written(*customer, counts))).collect();
        rows.sort_unstable_by_key(|(customer, _)| *customer);
        rows
    }

    fn written(&self, customer: i64, counts: &[u8]) -> Vec<u8> {
        let mut row = Vec::new();
        // Mostly no target hits anybody so often.
        let more = (!self.more.is_empty()).then_some(&self.more);
        for (target, count) in (0_u32..).zip(counts) {
            let more = more.and_then(|more| more.get(&(customer, target))).copied().unwrap_or_default();
            let hits = u64::from(*count) + more;
            if hits > 0 {
                row.extend(target.to_le_bytes());
                match u8::try_from(hits) {
                    Ok(hits) if hits < u8::MAX => row.push(hits),
                    _ => {
                        row.push(u8::MAX);
                        row.extend(hits.to_le_bytes());
                    }
                }
            }
        }
        row
    }
}

/// Adds a row to counts: of each target that hits, its number and how often.
fn add_written(counts: &mut [u64], row: &[u8]) {
    let mut left = row;
    while let Some((target, after)) = left.split_first_chunk::<4>() {
        let Some((hits, after)) = after.split_first() else { return };
        let (hits, after) = match (*hits, after.split_first_chunk::<8>()) {
            (u8::MAX, Some((many, after))) => (u64::from_le_bytes(*many), after),
            (few, _) => (u64::from(few), after),
        };
        left = after;
        let target = usize::try_from(u32::from_le_bytes(*target)).unwrap_or(usize::MAX);
        if let Some(count) = counts.get_mut(target) {
            *count += hits;
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn told(hits: &Hits) -> BTreeMap<i64, Vec<u64>> {
        let mut all = BTreeMap::new();
        for bucket in 0..BUCKETS {
            let each = |customer, counts: &[u64]| {
                assert!(all.insert(customer, counts.to_vec()).is_none());
                Ok(())
            };
            hits.each_of(bucket, each).unwrap();
        }
        all
    }

    #[test]
    fn hits_are_the_same_in_memory_and_in_the_file() {
        let (roomy, tight) = (Hits::new(3, 1 << 30), Hits::new(3, 0));
        let mut expected: BTreeMap<i64, Vec<u64>> = BTreeMap::new();
        for step in 0..200_000_i64 {
            let customer = (step * 7919) % 4_001 - 2_000;
            let targets: &[u32] = match step % 3 {
                0 => &[0],
                1 => &[0, 2],
                _ => &[],
            };
            let row = expected.entry(customer).or_insert_with(|| vec![0; 3]);
            targets.iter().for_each(|target| row[*target as usize] += 1);
            for hits in [&roomy, &tight] {
                hits.add(customer, targets).unwrap();
            }
        }
        for _ in 0..1_000 {
            expected.get_mut(&5).unwrap()[1] += 1;
            roomy.add(5, &[1]).unwrap();
            tight.add(5, &[1]).unwrap();
        }
        assert_eq!(told(&roomy), expected);
        assert_eq!(told(&tight), expected);
    }
}
