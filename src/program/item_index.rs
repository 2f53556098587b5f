//! The line items of a transaction by what aggregates select them by, found at
//! most once for an evaluation.

use crate::transaction::{Entries, Symbol};

/// What was found for one evaluation. The memory is used again for the next.
#[derive(Debug, Clone, Default)]
pub(super) struct ItemIndexes {
    /// The evaluation that the positions are of.
    evaluation: u64,
    /// By the number of a selector.
    states: Vec<State>,
    /// The positions of items that have a value, by its symbol.
    by_value: Vec<(u32, u32)>,
    /// The positions of items that match a pattern.
    matching: Vec<u32>,
}

#[derive(Debug, Clone, Copy, Default)]
struct State {
    /// The evaluation that found it.
    evaluation: u64,
    found: IndexedItems,
}

/// What an evaluation has found for a selector.
#[derive(Debug, Clone, Copy, Default)]
pub(super) enum IndexedItems {
    /// Nothing, and it was not asked for before.
    #[default]
    New,
    /// Nothing, but it was asked for: from the second aggregate on it is worth
    /// finding.
    AskedOnce,
    Values(ValueIndex),
    Matching(Positions),
}

/// A range of positions.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Positions {
    start: usize,
    end: usize,
}

/// Items by the value of an attribute.
#[derive(Debug, Clone, Copy)]
pub(super) struct ValueIndex {
    /// A bit for the symbol of each value that is there. Several symbols share
    /// one.
    present: [u64; ValueIndex::WORDS],
    positions: Positions,
}

impl ValueIndex {
    const WORDS: usize = 4;

    fn place(symbol: u32) -> (usize, u64) {
        // INVARIANT: there are as many words as two bits count.
        ((symbol.wrapping_shr(6) & 3) as usize, 1_u64.wrapping_shl(symbol & 63))
    }

    fn add(&mut self, symbol: u32) {
        let (word, bit) = ValueIndex::place(symbol);
        if let Some(word) = self.present.get_mut(word) {
            *word |= bit;
        }
    }

    /// Whether any item may have the value.
    #[inline]
    fn may_have(&self, symbol: Symbol) -> bool {
        let (word, bit) = ValueIndex::place(symbol.0);
        self.present.get(word).is_some_and(|word| word & bit != 0)
    }
}

impl ItemIndexes {
    /// What was found for a selector; from now on it is one that was asked for.
    #[inline]
    pub(super) fn ask(&mut self, evaluation: u64, selector: u32, count: usize) -> IndexedItems {
        let selector = selector as usize;
        if self.states.len() <= selector {
            self.states.resize(count, State::default());
        }
        let Some(state) = self.states.get_mut(selector) else { return IndexedItems::New };
        if state.evaluation == evaluation {
            return state.found;
        }
        *state = State { evaluation, found: IndexedItems::AskedOnce };
        IndexedItems::New
    }

    /// Whether it is known already that no item has a value.
    #[inline]
    pub(super) fn lack(&self, evaluation: u64, selector: u32, symbol: Symbol) -> bool {
        match self.states.get(selector as usize) {
            Some(State { evaluation: of, found: IndexedItems::Values(index) }) if *of == evaluation => {
                self.having(index, symbol).is_empty()
            }
            _ => false,
        }
    }

    fn keep(&mut self, evaluation: u64, selector: u32, found: IndexedItems) {
        if let Some(state) = self.states.get_mut(selector as usize) {
            *state = State { evaluation, found };
        }
    }

    fn start(&mut self, evaluation: u64) {
        if self.evaluation != evaluation {
            self.evaluation = evaluation;
            self.by_value.clear();
            self.matching.clear();
        }
    }

    /// Sorts the items by the value of an attribute, which is in this slot.
    pub(super) fn sort(
        &mut self,
        evaluation: u64,
        selector: u32,
        entries: Entries<'_>,
        slot: u32,
    ) -> ValueIndex {
        self.start(evaluation);
        let start = self.by_value.len();
        let mut index = ValueIndex { present: [0; ValueIndex::WORDS], positions: Positions::default() };
        for (key, position) in entries.column(slot).zip(0_u32..) {
            // Zero is a value that no rule names, and less is none.
            if let Ok(symbol) = u32::try_from(key)
                && symbol > 0
            {
                index.add(symbol);
                self.by_value.push((symbol, position));
            }
        }
        index.positions = Positions { start, end: self.by_value.len() };
        self.by_value.get_mut(start..).unwrap_or_default().sort_unstable();
        self.keep(evaluation, selector, IndexedItems::Values(index));
        index
    }

    /// The positions of the items that have a value, each with its symbol.
    #[inline]
    pub(super) fn having(&self, index: &ValueIndex, symbol: Symbol) -> &[(u32, u32)] {
        if !index.may_have(symbol) {
            return &[];
        }
        let all = self.by_value.get(index.positions.start..index.positions.end).unwrap_or_default();
        let first = all.partition_point(|(other, _)| *other < symbol.0);
        let rest = all.get(first..).unwrap_or_default();
        let count = rest.iter().take_while(|(other, _)| *other == symbol.0).count();
        rest.get(..count).unwrap_or_default()
    }

    /// Finds the items of which something is true.
    pub(super) fn find(
        &mut self,
        evaluation: u64,
        selector: u32,
        count: usize,
        mut matches: impl FnMut(usize) -> bool,
    ) -> Positions {
        self.start(evaluation);
        let start = self.matching.len();
        for (position, number) in (0..count).zip(0_u32..) {
            if matches(position) {
                self.matching.push(number);
            }
        }
        let found = Positions { start, end: self.matching.len() };
        self.keep(evaluation, selector, IndexedItems::Matching(found));
        found
    }

    pub(super) fn matching(&self, positions: Positions) -> &[u32] {
        self.matching.get(positions.start..positions.end).unwrap_or_default()
    }
}
