//! A table of the keys that are read in an object.

use std::sync::Arc;

use hashbrown::HashMap;

/// Names, each with an entry, numbered in the order in which they were added.
///
/// Most keys of a document are not in the table, and many of them are ruled out
/// by their length, before they are hashed.
#[derive(Debug, Clone)]
pub(super) struct Names<T> {
    numbers: HashMap<Arc<str>, usize>,
    entries: Vec<T>,
    lengths: Lengths,
}

/// The lengths of a set of names, one bit each; 63 and above share a bit.
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

/// Where a key of an object leads: to an entry of its table, and in items also
/// to a class of names (see [`Classes`](super::classes::Classes)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Lead {
    pub(super) entry: Option<u32>,
    pub(super) class: Option<u32>,
}

/// The keys of one object that are read.
pub(super) trait KeyLookup {
    /// The number of entries, of which none may come twice.
    fn count(&self) -> usize;

    /// Where a key leads. `folded` is a buffer.
    fn lead(&self, key: &str, folded: &mut String) -> Lead;
}

impl<T> KeyLookup for Names<T> {
    #[inline]
    fn count(&self) -> usize {
        self.len()
    }

    #[inline]
    fn lead(&self, key: &str, _: &mut String) -> Lead {
        Lead { entry: self.number(key), class: None }
    }
}

impl<T> Default for Names<T> {
    fn default() -> Names<T> {
        Names { numbers: HashMap::new(), entries: Vec::new(), lengths: Lengths::default() }
    }
}

impl<T> Names<T> {
    /// The number of names.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The number of a name, and its entry.
    #[inline]
    pub(super) fn get(&self, name: &str) -> Option<(usize, &T)> {
        if !self.lengths.have(name) {
            return None;
        }
        let number = *self.numbers.get(name)?;
        self.entries.get(number).map(|entry| (number, entry))
    }

    /// The number of a name.
    #[inline]
    pub(super) fn number(&self, name: &str) -> Option<u32> {
        self.get(name).and_then(|(number, _)| u32::try_from(number).ok())
    }

    /// The entry of a number.
    #[inline]
    pub(super) fn at(&self, number: u32) -> Option<&T> {
        self.entries.get(number as usize)
    }

    /// The names, in the order in which they were added.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let mut named: Vec<(usize, &str)> =
            self.numbers.iter().map(|(name, number)| (*number, &**name)).collect();
        named.sort_unstable();
        named.into_iter().map(|(_, name)| name)
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = &T> {
        self.entries.iter()
    }

    pub(super) fn entries_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.entries.iter_mut()
    }

    /// The entry of a name; `make` makes it where the table does not have the
    /// name.
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
