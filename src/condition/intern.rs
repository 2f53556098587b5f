//! Interning: equal values are stored once and get a number.

use std::hash::Hash;
use std::sync::Arc;

use hashbrown::HashMap;

/// Distinct values, in the order in which they were first interned.
pub(super) struct Interner<T> {
    held: Vec<Arc<T>>,
    /// The number of each value; filled once there are too many for a linear
    /// search.
    numbers: HashMap<Arc<T>, u32>,
}

/// Up to so many values a linear search takes less than hashing; believed, not
/// measured.
const FEW: usize = 8;

impl<T: Eq + Hash> Interner<T> {
    pub(super) fn new() -> Interner<T> {
        Interner { held: Vec::with_capacity(4), numbers: HashMap::new() }
    }

    /// The shared value that equals `thing`, and its number.
    pub(super) fn intern(&mut self, thing: T) -> (Arc<T>, u32) {
        if self.held.len() <= FEW {
            let known = self.held.iter().zip(0_u32..).find(|(held, _)| ***held == thing);
            if let Some((held, number)) = known {
                return (held.clone(), number);
            }
        } else if let Some((held, number)) = self.numbers.get_key_value(&thing) {
            return (held.clone(), *number);
        }
        let thing = Arc::new(thing);
        // INVARIANT: a rule has fewer nodes than 32 bits can count.
        let number = u32::try_from(self.held.len()).unwrap_or(u32::MAX);
        if self.held.len() == FEW {
            self.numbers.extend(self.held.iter().cloned().zip(0..));
        }
        if self.held.len() >= FEW {
            self.numbers.insert(thing.clone(), number);
        }
        self.held.push(thing.clone());
        (thing, number)
    }

    pub(super) fn into_held(self) -> Vec<Arc<T>> {
        self.held
    }
}
