//! The places of a layout as a tree: what is read of each value of a document.

use std::sync::Arc;

use super::super::candidates::ItemPart;
use super::super::destination::Destination;
use super::super::list_plan::ListPlan;
use super::super::names::{KeyLookup, Lead, Names};
use super::conversion::Conversion;
use super::places::Test;
use crate::diagnostic::Span;
use crate::json::Kind;

/// What is read of a value and of what is in it.
#[derive(Clone, Default)]
pub(super) struct Node {
    /// Of an object, its keys. An index of a path is a key too.
    pub(super) keys: Names<Node>,
    /// Of an array, the indices that are read, and the numbers of their keys.
    pub(super) indices: Vec<(usize, u32)>,
    /// What takes the value itself.
    pub(super) takes: Vec<Take>,
    /// Where a plain value goes, if nothing else is to be done with it.
    pub(super) plain: Option<Destination>,
    /// Of an array, the list that its entries are.
    pub(super) list: Option<Box<ListNode>>,
    /// Of an array of pairs, what is read of them.
    pub(super) pairs: Vec<Pairs>,
    /// In an entry: of an object, the part of an item that its keys are, so that
    /// rules may look them up.
    pub(super) part: Option<ItemPart>,
    /// The containers that are there where this is an object.
    pub(super) containers: Vec<usize>,
    pub(super) watches: Vec<(u32, Test)>,
    /// What takes the value only where something else holds, by its number in
    /// the plan: that is known at the end of the document.
    pub(super) later: Vec<u32>,
}

/// A list of line items or tenders.
#[derive(Clone)]
pub(super) struct ListNode {
    pub(super) list: usize,
    pub(super) entry: Node,
    pub(super) constants: Vec<ConstantTake>,
}

/// What is read of a list of pairs of a name and a value.
#[derive(Clone)]
pub(super) struct Pairs {
    pub(super) name: Box<str>,
    pub(super) value: Box<str>,
    /// By name.
    pub(super) wanted: Names<Node>,
    /// The part of an item that the names are.
    pub(super) part: Option<ItemPart>,
    pub(super) container: Option<usize>,
}

/// Where a scalar goes.
#[derive(Clone, Default)]
pub(super) struct Take {
    pub(super) conversion: Option<Arc<dyn Conversion>>,
    pub(super) destinations: Vec<Destination>,
    /// The slot of a custom field or segment.
    pub(super) texts: Option<usize>,
    /// The slot of the label, where nothing else reads the value.
    pub(super) label: Option<usize>,
    /// What of an item rules may look up: the class of its name, the part that
    /// it is of, and the name, as a span of the plan's names.
    pub(super) candidate: Option<(u32, ItemPart, Span)>,
    /// The container that is there with the value.
    pub(super) container: Option<usize>,
}

/// Where a scalar goes if a watched value answers so.
#[derive(Clone)]
pub(super) struct LaterTake {
    pub(super) take: Take,
    pub(super) watch: u32,
    pub(super) counts: bool,
}

/// A value that every document or entry has.
#[derive(Clone)]
pub(super) struct ConstantTake {
    pub(super) kind: Kind,
    /// As a span of the plan's names.
    pub(super) text: Span,
    pub(super) take: Take,
}

impl Take {
    pub(super) fn is_of_nothing(&self) -> bool {
        self.destinations.is_empty()
            && self.texts.is_none()
            && self.label.is_none()
            && self.candidate.is_none()
    }

    /// The only destination of a value that is taken as it is.
    pub(super) fn plain(&self) -> Option<Destination> {
        match self.destinations.as_slice() {
            [only]
                if self.conversion.is_none()
                    && self.texts.is_none()
                    && self.candidate.is_none()
                    && self.label.is_none() =>
            {
                Some(*only)
            }
            _ => None,
        }
    }
}

impl Node {
    /// Finishes the tree, once all is added. It is as deep as its paths, which
    /// whoever made them bounds.
    pub(super) fn finish(&mut self) {
        self.plain = match self.takes.as_slice() {
            [only] if self.watches.is_empty() && self.later.is_empty() => only.plain(),
            _ => None,
        };
        self.keys.entries_mut().for_each(Node::finish);
        if let Some(list) = &mut self.list {
            list.entry.finish();
        }
        for pairs in &mut self.pairs {
            pairs.wanted.entries_mut().for_each(Node::finish);
        }
    }

    /// Whether something in an object is read.
    pub(super) fn reads_members(&self) -> bool {
        !self.keys.is_empty() || self.part.is_some() || !self.containers.is_empty()
    }

    /// Whether something in an array is read.
    pub(super) fn reads_entries(&self) -> bool {
        self.list.is_some() || !self.pairs.is_empty() || !self.indices.is_empty()
    }
}

/// The keys of an object that are read.
pub(super) struct NodeKeys<'l> {
    pub(super) node: &'l Node,
    /// Of an entry, the list.
    pub(super) list: Option<&'l ListPlan>,
}

impl KeyLookup for NodeKeys<'_> {
    #[inline]
    fn count(&self) -> usize {
        self.node.keys.len()
    }

    fn lead(&self, key: &str, folded: &mut String) -> Lead {
        let entry = self.node.keys.number(key);
        let class = match (entry, self.node.part, self.list) {
            // A key with a place has its class among its takes.
            (None, Some(_), Some(list)) => list.classes.of(key, folded),
            _ => None,
        };
        Lead { entry, class }
    }
}
