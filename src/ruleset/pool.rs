//! What many rules have alike, each kept once: subjects, names, and what is read.

use std::collections::BTreeSet;
use std::hash::BuildHasher;
use std::sync::Arc;

use hashbrown::{DefaultHashBuilder, HashMap, HashSet, HashTable};

use crate::program::compile::Compiled;
use crate::rule::Reference;

use super::subject::{Subject, SubjectKey};

/// What rules read, each kept once and known by a number; and each set of
/// numbers kept once, for most rules read what others do.
#[derive(Debug, Clone, Default)]
pub(super) struct ReferencePool {
    numbers: HashMap<Reference, u32>,
    sets: HashSet<Arc<[u32]>>,
}

impl ReferencePool {
    pub(super) fn shared(pool: &mut Arc<ReferencePool>, references: BTreeSet<Reference>) -> Arc<[u32]> {
        let known: Option<Vec<u32>> = references.iter().map(|reference| pool.known(reference)).collect();
        if let Some(held) = known.and_then(|numbers| pool.sets.get(&*numbers).cloned()) {
            return held;
        }
        let pool = Arc::make_mut(pool);
        let mut number = |reference| {
            let next = u32::try_from(pool.numbers.len()).unwrap_or(u32::MAX);
            *pool.numbers.entry(reference).or_insert(next)
        };
        let set: Vec<u32> = references.into_iter().map(&mut number).collect();
        pool.sets.get_or_insert_with(&*set, |set| set.into()).clone()
    }

    /// The number of what some rule reads.
    pub(super) fn known(&self, reference: &Reference) -> Option<u32> {
        self.numbers.get(reference).copied()
    }
}

/// The names by which rules call what they read, by number.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    held: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, u32>,
    /// By number: its place among all names in their order.
    ranks: Vec<u32>,
    /// By place: the number of the name there.
    ordered: Vec<u32>,
}

impl Names {
    pub(super) fn name(&self, number: u32) -> &str {
        self.held.get(number as usize).map_or("", |name| name)
    }

    /// Makes numbers ascending by name, each once.
    pub(super) fn sort(&self, numbers: &mut Vec<u32>) {
        if numbers.len() > 1 {
            // As places, so that no comparison looks anything up: there may be
            // as many names as a rule has terms.
            exchange(numbers, &self.ranks);
            numbers.sort_unstable();
            numbers.dedup();
            exchange(numbers, &self.ordered);
        }
    }
}

/// Puts in place of each number what a table says of it.
fn exchange(numbers: &mut [u32], by: &[u32]) {
    for number in numbers {
        // INVARIANT: every name has a place, and every place a name.
        *number = by.get(*number as usize).copied().unwrap_or(u32::MAX);
    }
}

/// The subjects of the rules of a set, by number. Identity is by equality: the
/// table compares. One that no rule asks any more stays until the set is made anew.
#[derive(Debug, Clone, Default)]
pub(super) struct Subjects {
    held: Vec<Arc<Subject>>,
    numbers: HashTable<u32>,
    hasher: DefaultHashBuilder,
    pub(super) names: Names,
}

impl Subjects {
    pub(super) fn len(&self) -> usize {
        self.held.len()
    }

    #[inline]
    pub(super) fn get(&self, number: u32) -> Option<&Arc<Subject>> {
        self.held.get(number as usize)
    }

    /// The number of a subject, which is made where there is none yet.
    pub(super) fn number(
        pool: &mut Arc<Subjects>,
        key: SubjectKey,
        make: impl FnOnce(SubjectKey) -> Compiled<Subject>,
    ) -> Compiled<u32> {
        let hash = pool.hasher.hash_one(&key);
        let is_it = |number: &u32| pool.get(*number).is_some_and(|held| held.key == key);
        if let Some(number) = pool.numbers.find(hash, is_it) {
            return Ok(*number);
        }
        let subject = Arc::new(make(key)?);
        let Subjects { held, numbers, hasher, .. } = Arc::make_mut(pool);
        // INVARIANT: memory ends long before 32 bits.
        let number = u32::try_from(held.len()).unwrap_or(u32::MAX);
        held.push(subject);
        numbers.insert_unique(hash, number, |number| {
            held.get(*number as usize).map_or(0, |held| hasher.hash_one(&held.key))
        });
        Ok(number)
    }

    /// The number of a name.
    pub(super) fn name(pool: &mut Arc<Subjects>, name: &str) -> u32 {
        if let Some(number) = pool.names.numbers.get(name) {
            return *number;
        }
        let names = &mut Arc::make_mut(pool).names;
        let number = u32::try_from(names.held.len()).unwrap_or(u32::MAX);
        let name: Arc<str> = name.into();
        names.held.push(name.clone());
        names.numbers.insert(name, number);
        number
    }

    /// Orders the names, once rules were added.
    pub(super) fn finish(pool: &mut Arc<Subjects>) {
        if pool.names.ranks.len() == pool.names.held.len() {
            return;
        }
        let names = &mut Arc::make_mut(pool).names;
        names.ordered = (0..).zip(&names.held).map(|(number, _)| number).collect();
        names.ordered.sort_unstable_by_key(|number| names.held.get(*number as usize));
        names.ranks = vec![0; names.held.len()];
        for (rank, number) in (0..).zip(&names.ordered) {
            if let Some(held) = names.ranks.get_mut(*number as usize) {
                *held = rank;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::Subjects;

    #[test]
    fn names_are_sorted_and_told_once() {
        let mut pool = Arc::new(Subjects::default());
        let mut numbers: Vec<u32> =
            ["b", "a", "c", "b"].into_iter().map(|name| Subjects::name(&mut pool, name)).collect();
        Subjects::finish(&mut pool);
        pool.names.sort(&mut numbers);
        let names: Vec<&str> = numbers.into_iter().map(|number| pool.names.name(number)).collect();
        assert_eq!(names, ["a", "b", "c"]);
    }
}
