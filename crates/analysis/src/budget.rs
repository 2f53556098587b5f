//! How much a question may cost.

use std::sync::atomic::{AtomicUsize, Ordering};

/// How many steps may still be taken. Where several threads take some at once, a few
/// may be counted once less.
#[derive(Debug)]
pub(crate) struct Budget(AtomicUsize);

impl Budget {
    pub(crate) fn new(steps: usize) -> Budget {
        Budget(AtomicUsize::new(steps))
    }

    pub(crate) fn left(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    pub(crate) fn is_spent(&self) -> bool {
        self.left() == 0
    }

    pub(crate) fn spend(&self, steps: usize) {
        self.0.store(self.left().saturating_sub(steps), Ordering::Relaxed);
    }
}
