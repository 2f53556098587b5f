//! What was absent where targets were unknown.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Of one target.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AbsentCounts {
    /// How many unknown transactions were asked.
    pub(crate) asked: u64,
    pub(crate) faults: u64,
    pub(crate) names: BTreeMap<String, u64>,
}

impl AbsentCounts {
    /// One more transaction that lacks these names.
    pub(crate) fn add<'n>(&mut self, names: impl Iterator<Item = &'n str>, at_fault: bool) {
        self.asked += 1;
        self.faults += u64::from(at_fault);
        for name in names {
            match self.names.get_mut(name) {
                Some(count) => *count += 1,
                None => {
                    self.names.insert(name.to_owned(), 1);
                }
            }
        }
    }

    pub(crate) fn join(&mut self, other: AbsentCounts) {
        self.asked += other.asked;
        self.faults += other.faults;
        for (name, count) in other.names {
            *self.names.entry(name).or_default() += count;
        }
    }
}
