//! Locks on the rows of customers, so that batches of different customers are
//! worked on side by side. SQLite locks the whole file, and only to write.

use std::collections::HashSet;
use std::sync::{Condvar, Mutex, PoisonError};

/// An organisation and a customer.
pub(crate) type RowKey = (i64, i64);

#[derive(Debug, Default)]
pub(crate) struct RowLocks {
    held: Mutex<HashSet<RowKey>>,
    freed: Condvar,
}

/// Rows that are locked until this is dropped.
pub(crate) struct Locked<'l> {
    locks: &'l RowLocks,
    keys: Vec<RowKey>,
}

impl RowLocks {
    /// Waits until nobody holds any of these rows, and takes all of them at once:
    /// who holds some waits for none, so that nobody waits in a circle.
    pub(crate) fn lock(&self, keys: Vec<RowKey>) -> Locked<'_> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = |held: &mut HashSet<RowKey>| keys.iter().any(|key| held.contains(key));
        let mut held = self.freed.wait_while(held, taken).unwrap_or_else(PoisonError::into_inner);
        held.extend(keys.iter().copied());
        drop(held);
        Locked { locks: self, keys }
    }
}

impl Drop for Locked<'_> {
    fn drop(&mut self) {
        let mut held = self.locks.held.lock().unwrap_or_else(PoisonError::into_inner);
        for key in &self.keys {
            held.remove(key);
        }
        drop(held);
        self.locks.freed.notify_all();
    }
}
