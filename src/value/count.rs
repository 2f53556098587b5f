//! Counting.

/// How many things there are that come one by one.
///
/// INVARIANT: nothing is counted one by one to 2^64, so the sum of a count and
/// one never overflows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Count(usize);

impl Count {
    /// One more, and how many there are then.
    #[inline]
    pub(crate) fn add_one(&mut self) -> usize {
        self.0 = self.0.wrapping_add(1);
        self.0
    }

    /// One less than before.
    ///
    /// INVARIANT: it was added.
    #[inline]
    pub(crate) fn take_one(&mut self) {
        self.0 = self.0.wrapping_sub(1);
    }

    #[inline]
    pub(crate) fn get(self) -> usize {
        self.0
    }
}
