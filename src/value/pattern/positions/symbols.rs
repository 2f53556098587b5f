//! The characters that a pattern tells apart: two that are in the same of its
//! classes are one symbol.

use hashbrown::HashMap;

/// Ranges of characters, ascending, each with its first and its last.
pub(super) type Ranges = Vec<(u32, u32)>;

/// The symbol of each character.
#[derive(Debug)]
pub(super) struct Symbols {
    ascii: Box<[u32; 128]>,
    /// Where each run of characters of one symbol begins, ascending from 0.
    runs: Box<[(u32, u32)]>,
}

/// A set of classes, one bit each.
type ClassSet = Vec<u64>;

impl Symbols {
    /// The symbols of classes, and of each symbol the classes that it is in, in
    /// order of the symbols.
    pub(super) fn of(classes: &[Ranges]) -> (Symbols, Vec<ClassSet>) {
        // Where a class begins, and where it has ended.
        let mut edges: Vec<(u32, usize)> = Vec::new();
        for (class, ranges) in classes.iter().enumerate() {
            for (first, last) in ranges {
                edges.push((*first, class));
                edges.push((last.saturating_add(1), class));
            }
        }
        edges.sort_unstable();
        let mut within: ClassSet = vec![0; classes.len().div_ceil(64)];
        let mut numbers: HashMap<ClassSet, u32> = HashMap::new();
        let mut sets: Vec<ClassSet> = Vec::new();
        let mut runs: Vec<(u32, u32)> = Vec::new();
        let mut edges = edges.into_iter().peekable();
        let mut from = 0;
        loop {
            while let Some((_, class)) = edges.next_if(|(at, _)| *at == from) {
                let bit = 1_u64.rotate_left(u32::try_from(class % 64).unwrap_or(0));
                // The ranges of a class don't touch, so each edge changes it.
                within.get_mut(class / 64).into_iter().for_each(|word| *word ^= bit);
            }
            let symbol = *numbers.entry(within.clone()).or_insert_with_key(|set| {
                sets.push(set.clone());
                u32::try_from(sets.len().saturating_sub(1)).unwrap_or(u32::MAX)
            });
            if runs.last().is_none_or(|(_, before)| *before != symbol) {
                runs.push((from, symbol));
            }
            match edges.peek() {
                Some((at, _)) => from = *at,
                None => break,
            }
        }
        let mut symbols = Symbols { ascii: Box::new([0; 128]), runs: runs.into() };
        let ascii = (0..128).map(|character| symbols.search(character));
        symbols.ascii = Box::new(std::array::from_fn({
            let ascii: Vec<u32> = ascii.collect();
            move |at| ascii.get(at).copied().unwrap_or_default()
        }));
        (symbols, sets)
    }

    #[inline]
    pub(super) fn of_character(&self, character: char) -> usize {
        let character = u32::from(character);
        let known = usize::try_from(character).ok().and_then(|at| self.ascii.get(at));
        let symbol = known.copied().unwrap_or_else(|| self.search(character));
        usize::try_from(symbol).unwrap_or(usize::MAX)
    }

    fn search(&self, character: u32) -> u32 {
        let after = self.runs.partition_point(|(from, _)| *from <= character);
        after.checked_sub(1).and_then(|at| self.runs.get(at)).map_or(0, |(_, symbol)| *symbol)
    }

    /// What the tables take, in bytes.
    pub(super) fn bytes(&self) -> usize {
        size_of_val(&*self.ascii).saturating_add(size_of_val(&*self.runs))
    }
}
