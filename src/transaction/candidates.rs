//! The keys of the open item that rules may look up.

use crate::json::Name;

use super::cell::{BufferRange, Symbol};
use super::scalar::Scalar;

/// The parts of an item that may hold an attribute, in the order of the
/// look-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ItemPart {
    Attributes,
    Own,
    Extended,
}

/// A key of an item that may match a look-up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    pub(super) part: ItemPart,
    pub(super) name: Name,
    pub(super) scalar: Scalar,
    /// Its text in the transaction's buffer, once some slot has it.
    pub(super) kept: Option<BufferRange>,
    /// Its symbol, once it was asked for.
    pub(super) symbol: Option<Symbol>,
    /// The next one of its class.
    next: Option<u32>,
}

impl Candidate {
    pub(super) fn new(part: ItemPart, name: Name, scalar: Scalar, kept: Option<BufferRange>) -> Candidate {
        Candidate { part, name, scalar, kept, symbol: None, next: None }
    }
}

/// The candidates of one item, by their class of names.
#[derive(Debug, Clone, Default)]
pub(super) struct Candidates {
    all: Vec<Candidate>,
    /// By class: its first candidate and its last one.
    chains: Vec<Option<(u32, u32)>>,
    /// The classes that have one.
    classes: Vec<u32>,
}

impl Candidates {
    /// Forgets all; what it costs follows from how many there are.
    pub(super) fn clear(&mut self) {
        for class in self.classes.drain(..) {
            if let Some(chain) = self.chains.get_mut(class as usize) {
                *chain = None;
            }
        }
        self.all.clear();
    }

    /// Adds one after those that came before.
    pub(super) fn add(&mut self, class: u32, candidate: Candidate) {
        // INVARIANT: each takes a byte of a document of less than 2^31 at least.
        let Ok(number) = u32::try_from(self.all.len()) else { return };
        self.all.push(candidate);
        let at = class as usize;
        if let Some(length) = at.checked_add(1).filter(|length| *length > self.chains.len()) {
            self.chains.resize(length, None);
        }
        let Some(chain) = self.chains.get_mut(at) else { return };
        match chain {
            Some((_, last)) => {
                let before = std::mem::replace(last, number);
                if let Some(before) = self.all.get_mut(before as usize) {
                    before.next = Some(number);
                }
            }
            None => {
                *chain = Some((number, number));
                self.classes.push(class);
            }
        }
    }

    /// The classes that have candidates, by their number among them.
    #[inline]
    pub(super) fn class(&self, at: usize) -> Option<u32> {
        self.classes.get(at).copied()
    }

    /// The only candidate of a class, where there are no others and it has a
    /// text.
    #[inline]
    pub(super) fn only_text(&self, class: u32) -> Option<u32> {
        let (first, last) = self.chains.get(class as usize).copied().flatten()?;
        let only = self.all.get(first as usize).filter(|_| first == last)?;
        matches!(only.scalar, Scalar::Text(_)).then_some(first)
    }

    /// Whether a class has a candidate.
    pub(super) fn have(&self, class: u32) -> bool {
        self.chains.get(class as usize).is_some_and(Option::is_some)
    }

    /// The candidates of a class, each with its number.
    #[inline]
    pub(super) fn of(&self, class: u32) -> impl Iterator<Item = (u32, &Candidate)> + Clone {
        let first = self.chains.get(class as usize).copied().flatten().map(|(first, _)| first);
        let at = |number: u32| self.all.get(number as usize).map(|candidate| (number, candidate));
        std::iter::successors(first.and_then(at), move |(_, candidate)| candidate.next.and_then(at))
    }

    pub(super) fn get_mut(&mut self, number: u32) -> Option<&mut Candidate> {
        self.all.get_mut(number as usize)
    }
}
