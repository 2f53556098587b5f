//! A pattern by its positions: the parts that are built, and run.

use std::ops::Range;

use super::looks::Contexts;
use super::parts::Copies;
use super::symbols::Symbols;
use super::tables::Tables;

/// A pattern as nodes, children before their parents; the root is the last.
#[derive(Debug)]
pub(crate) struct PositionMatcher {
    pub(super) nodes: Box<[Node]>,
    pub(super) children: Box<[Child]>,
    pub(super) tables: Box<[Tables]>,
    /// How many words the marks of all nodes take, and the positions of all runs
    /// and tables.
    pub(super) words: usize,
    pub(super) place_words: usize,
    pub(super) symbols: Symbols,
    pub(super) symbol_count: usize,
    pub(super) contexts: Contexts,
    /// Whether a symbol is in a class, class by class.
    pub(super) fits: Box<[bool]>,
    /// Of runs and tables, for each symbol, at which of the positions it fits.
    pub(super) masks: Box<[u64]>,
    /// Every match begins where the text does.
    pub(super) only_at_start: bool,
    pub(super) steps: usize,
}

/// A part of a pattern. Its marks, a bit for each lane, are `words` words from
/// `at` on.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) at: usize,
    pub(super) words: usize,
    pub(super) lanes: usize,
    /// It may match again and again, or not at all.
    pub(super) again: bool,
    pub(super) may_be_none: bool,
    pub(super) kind: Kind,
}

impl Node {
    /// Where its marks are.
    #[inline]
    pub(super) fn marks(&self) -> Range<usize> {
        self.at..self.at.wrapping_add(self.words)
    }
}

/// A node by its number, and where its marks begin.
#[derive(Debug, Clone, Copy)]
pub(super) struct Child {
    pub(super) number: usize,
    pub(super) at: usize,
}

/// Positions with their masks: words from `at` on for each symbol, from `masks`
/// on for the first.
#[derive(Debug, Clone, Copy)]
pub(super) struct Places {
    pub(super) at: usize,
    pub(super) words: usize,
    pub(super) masks: usize,
}

impl Places {
    #[inline]
    pub(super) fn range(&self) -> Range<usize> {
        self.at..self.at.wrapping_add(self.words)
    }
}

#[derive(Debug)]
pub(super) enum Kind {
    Look(usize),
    /// One character of a class.
    Class(usize),
    /// So many characters that follow each other, each of a class of its own:
    /// all lanes of the first, then those of the second.
    Run(Places, usize),
    /// A repetition of a run, without lanes: all positions of the copies, and as
    /// the masks of one more symbol those at which enough have matched.
    Repeated(Places),
    /// What tables say, a word for each lane; the masks are those of one lane.
    Tables(Places, usize),
    /// All children, one after the other.
    All(Range<usize>),
    /// One of the children.
    Any(Range<usize>),
    /// A repetition whose copies are lanes of its child: all lanes of the first
    /// copy, then those of the second.
    Copies(Child, Copies),
}
