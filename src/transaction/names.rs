//! A table of the names that are read in an object.

use std::sync::Arc;

use hashbrown::HashMap;

/// Names and what is known of each, numbered in the order of their making.
///
/// Most keys of a document are in no table, and the lengths alone turn many of
/// them away before they are hashed.
#[derive(Debug, Clone)]
pub(super) struct Names<T> {
    numbers: HashMap<Arc<str>, usize>,
    entries: Vec<T>,
    lengths: Lengths,
}

/// The lengths that some names have; those from 63 on count as one.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Lengths(u64);

impl Lengths {
    fn bit(length: usize) -> u64 {
        1_u64.wrapping_shl(u32::try_from(length.min(63)).unwrap_or(63))
    }

    pub(super) fn add(&mut self, name: &str) {
        self.0 |= Lengths::bit(name.len());
    }

    #[inline]
    pub(super) fn have(self, name: &str) -> bool {
        self.0 & Lengths::bit(name.len()) != 0
    }
}

impl<T> Default for Names<T> {
    fn default() -> Names<T> {
        Names { numbers: HashMap::new(), entries: Vec::new(), lengths: Lengths::default() }
    }
}

impl<T> Names<T> {
    /// How many names there are.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The number of a name and what is known of it.
    #[inline]
    pub(super) fn get(&self, name: &str) -> Option<(usize, &T)> {
        if !self.lengths.have(name) {
            return None;
        }
        let number = *self.numbers.get(name)?;
        self.entries.get(number).map(|entry| (number, entry))
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = &T> {
        self.entries.iter()
    }

    pub(super) fn entries_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.entries.iter_mut()
    }

    /// What is known of a name, made where the table does not have it.
    pub(super) fn entry(&mut self, name: &str, make: impl FnOnce() -> T) -> Option<&mut T> {
        let number = match self.numbers.get(name) {
            Some(number) => *number,
            None => {
                let number = self.entries.len();
                self.numbers.insert(name.into(), number);
                self.entries.push(make());
                self.lengths.add(name);
                number
            }
        };
        self.entries.get_mut(number)
    }
}
