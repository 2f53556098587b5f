//! A pattern by its positions: the parts that are built, and run.

use std::ops::Range;

use regex_syntax::hir::Look;

use super::symbols::Symbols;

/// The bits of a word.
pub(super) const WORD: usize = 64;

/// A pattern as nodes, children before their parents; the root is the last.
#[derive(Debug)]
pub(crate) struct PositionMatcher {
    pub(super) nodes: Box<[Node]>,
    pub(super) children: Box<[Child]>,
    /// How many words the marks of all nodes take, and those of all runs.
    pub(super) words: usize,
    pub(super) run_words: usize,
    pub(super) symbols: Symbols,
    pub(super) symbol_count: usize,
    /// Whether a symbol is in a class, class by class.
    pub(super) fits: Box<[bool]>,
    /// Of each run, for each symbol, at which of its places it fits.
    pub(super) masks: Box<[u64]>,
    /// Where the masks of each run begin.
    pub(super) masks_of: Box<[usize]>,
    /// Every match begins where the text does.
    pub(super) only_at_start: bool,
}

/// A part of a pattern. Its marks, a bit for each lane, are `words` words from
/// `at` on.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) at: usize,
    pub(super) words: usize,
    pub(super) kind: Kind,
}

/// A node by its number, and where its marks begin.
#[derive(Debug, Clone, Copy)]
pub(super) struct Child {
    pub(super) number: usize,
    pub(super) at: usize,
}

#[derive(Debug)]
pub(super) enum Kind {
    Empty,
    Look(Look),
    /// One character of a class.
    Class(usize),
    /// Characters that follow each other, each of a class of its own; the place
    /// of the last one.
    Run {
        run: usize,
        from: usize,
        words: usize,
        last: usize,
    },
    /// All children, one after the other.
    All(Range<usize>),
    /// One of the children.
    Any(Range<usize>),
    /// The child once, where it may again and again, or not at all.
    Once {
        child: Child,
        again: bool,
        may_be_none: bool,
    },
    /// A repetition, each copy a child.
    Copies {
        children: Range<usize>,
        least: usize,
        again: bool,
    },
    /// A repetition whose copies are the lanes of its child.
    Lanes {
        child: Child,
        lanes: usize,
        least: usize,
        again: bool,
    },
}
