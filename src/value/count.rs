//! Counting one by one.

/// A count that grows and shrinks by one.
///
/// INVARIANT: no program counts to 2^64 one by one, so adding one never
/// overflows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Count(usize);

impl Count {
    /// One more, and how many there are then.
    #[inline]
    pub(crate) fn add_one(&mut self) -> usize {
        self.0 = self.0.wrapping_add(1);
        self.0
    }

    /// One less.
    ///
    /// INVARIANT: what is taken was added before.
    #[inline]
    pub(crate) fn take_one(&mut self) {
        self.0 = self.0.wrapping_sub(1);
    }

    #[inline]
    pub(crate) fn get(self) -> usize {
        self.0
    }
}
