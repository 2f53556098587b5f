//! Equal things kept once, by number.

use std::hash::Hash;
use std::sync::Arc;

use hashbrown::HashMap;

/// Things in the order in which they came, each once.
pub(super) struct Interner<T> {
    held: Vec<Arc<T>>,
    /// The number of each thing, once there are too many to look through.
    numbers: HashMap<Arc<T>, u32>,
}

/// To look through so few takes less than to hash one; believed, not measured.
const FEW: usize = 8;

impl<T: Eq + Hash> Interner<T> {
    pub(super) fn new() -> Interner<T> {
        Interner { held: Vec::with_capacity(4), numbers: HashMap::new() }
    }

    /// The thing as it is held, and its number.
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
