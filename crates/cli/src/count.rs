//! Counts of what is read and decided, which need no check for overflow.

use std::fmt::{self, Display, Formatter};

use serde::Serialize;
use target_rules::Diagnostics;

/// How many of something there are: lines, bytes of a file, transactions.
///
/// INVARIANT: all that is counted was read or made one by one, and 64 bits do
/// not overflow while a program runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub(crate) struct Count(u64);

impl Count {
    /// One more.
    pub(crate) fn increase(&mut self) {
        self.add(1);
    }

    /// So many more.
    #[expect(clippy::arithmetic_side_effects, reason = "64 bits do not overflow; see the type")]
    pub(crate) fn add(&mut self, more: usize) {
        // Nowhere is an address wider than 64 bits.
        self.0 += u64::try_from(more).unwrap_or(u64::MAX);
    }

    /// The position, from 1 as people count, of what stands at an index.
    pub(crate) fn position(index: usize) -> Count {
        let mut position = Count::from(index);
        position.increase();
        position
    }

    /// As many as the other has, too.
    #[expect(clippy::arithmetic_side_effects, reason = "64 bits do not overflow; see the type")]
    pub(crate) fn join(&mut self, other: Count) {
        self.0 += other.0;
    }

    pub(crate) fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The same as the library counts, which tells places in memory. A file may
    /// be longer where addresses are narrow; then it is the last one.
    pub(crate) fn in_memory(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

impl Count {
    /// How many diagnostics there are, with those that are not kept.
    pub(crate) fn of_all(diagnostics: &Diagnostics) -> Count {
        let mut all = Count::from(diagnostics.iter().count());
        all.add(diagnostics.left_out());
        all
    }
}

impl From<usize> for Count {
    fn from(count: usize) -> Count {
        let mut counted = Count::default();
        counted.add(count);
        counted
    }
}

impl From<Count> for u64 {
    fn from(count: Count) -> u64 {
        count.0
    }
}

impl Display for Count {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// So many of what a noun names.
pub(crate) fn plural(count: impl Display, noun: &str) -> String {
    let count = count.to_string();
    if count == "1" { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
