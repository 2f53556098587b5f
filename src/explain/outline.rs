//! Which nodes of a tree are shown: all of a small tree; of a large one the top
//! and what made the decision, with the rest as counts.

use std::collections::VecDeque;

use crate::interpret::{ExplainedKind, ExplainedNode};
use crate::value::{Count, Truth};

/// Up to so many terms of a chain are all shown; of a longer one some are
/// folded.
const MOST_SIBLINGS: usize = 12;
/// How many terms of a longer chain are shown that decide it.
const MOST_DECISIVE: usize = 8;
/// How many terms of a longer chain are shown that do not decide it.
const MOST_OTHERS: usize = 2;

/// The nodes of a tree that are shown. The first is the root.
pub(super) struct Outline<'e> {
    nodes: Vec<OutlineNode<'e>>,
}

/// A node that is shown.
pub(super) struct OutlineNode<'e> {
    pub(super) node: &'e ExplainedNode,
    /// Whether it and all nodes above it contribute to the result.
    pub(super) decides: bool,
    /// Its children that are shown, in the order of the rule.
    pub(super) branches: Vec<OutlineBranch>,
}

/// One line below a node.
#[derive(Debug, Clone, Copy)]
pub(super) enum OutlineBranch {
    /// The child at this index of the outline.
    Node(usize),
    /// A count of children that are not shown.
    Folded(Folded),
}

/// The number of nodes that are not shown, by result.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Folded {
    pub(super) count: Count,
    pub(super) holding: Count,
    pub(super) failing: Count,
    pub(super) unknown: Count,
}

impl Folded {
    fn add(&mut self, node: &ExplainedNode) {
        self.count.add_one();
        let counter = match node.truth() {
            Some(Truth::True) => &mut self.holding,
            Some(Truth::False) => &mut self.failing,
            Some(Truth::Unknown) => &mut self.unknown,
            None => return,
        };
        counter.add_one();
    }

    /// `9990 more: 9988 false, 2 unknown`, or `9990 more: all false`.
    pub(super) fn words(self) -> String {
        let counts =
            [(self.holding.get(), "true"), (self.failing.get(), "false"), (self.unknown.get(), "unknown")];
        let told: Vec<String> =
            counts
                .into_iter()
                .filter(|(count, _)| *count > 0)
                .map(|(count, word)| {
                    if count == self.count.get() { format!("all {word}") } else { format!("{count} {word}") }
                })
                .collect();
        let separator = if told.is_empty() { "" } else { ": " };
        format!("{} more{separator}{}", self.count.get(), told.join(", "))
    }
}

impl<'e> Outline<'e> {
    /// The part of a tree that is shown, about `most` nodes: first those that
    /// made the decision, from the root down, then the others.
    pub(super) fn of(root: &'e ExplainedNode, most: usize) -> Outline<'e> {
        let mut outline =
            Outline { nodes: vec![OutlineNode { node: root, decides: true, branches: Vec::new() }] };
        let mut decisive = VecDeque::from([0]);
        let mut others = VecDeque::new();
        while let Some(at) = decisive.pop_front().or_else(|| others.pop_front()) {
            let Some(OutlineNode { node, decides, .. }) = outline.nodes.get(at) else { continue };
            let (node, decides) = (*node, *decides);
            let shown =
                if outline.nodes.len() < most { ShownIndices::of(node) } else { ShownIndices::Nothing };
            let mut branches = Vec::new();
            let mut folded = Folded::default();
            for (index, child) in visible(node).enumerate() {
                if !shown.has(index) {
                    folded.add(child);
                    continue;
                }
                if folded.count.get() > 0 {
                    branches.push(OutlineBranch::Folded(std::mem::take(&mut folded)));
                }
                let number = outline.nodes.len();
                let decides = decides && child.decisive;
                outline.nodes.push(OutlineNode { node: child, decides, branches: Vec::new() });
                if decides { &mut decisive } else { &mut others }.push_back(number);
                branches.push(OutlineBranch::Node(number));
            }
            if folded.count.get() > 0 {
                branches.push(OutlineBranch::Folded(folded));
            }
            if let Some(parent) = outline.nodes.get_mut(at) {
                parent.branches = branches;
            }
        }
        outline
    }

    pub(super) fn node(&self, at: usize) -> Option<&OutlineNode<'e>> {
        self.nodes.get(at)
    }
}

/// Which children of a node are shown, by index.
enum ShownIndices {
    Nothing,
    All,
    Some(Vec<usize>),
}

impl ShownIndices {
    fn of(node: &ExplainedNode) -> ShownIndices {
        if visible(node).nth(MOST_SIBLINGS).is_none() {
            return ShownIndices::All;
        }
        let of_kind = |decisive: bool, most: usize| {
            let found = visible(node).enumerate().filter(move |(_, child)| child.decisive == decisive);
            found.map(|(index, _)| index).take(most)
        };
        ShownIndices::Some(of_kind(true, MOST_DECISIVE).chain(of_kind(false, MOST_OTHERS)).collect())
    }

    fn has(&self, index: usize) -> bool {
        match self {
            ShownIndices::Nothing => false,
            ShownIndices::All => true,
            ShownIndices::Some(indices) => indices.contains(&index),
        }
    }
}

/// The children of a node without constants, which are in its text already. In
/// a chain constants are kept, because the text of a chain is not shown.
fn visible(node: &ExplainedNode) -> impl Iterator<Item = &ExplainedNode> {
    let chain = matches!(node.kind, ExplainedKind::All | ExplainedKind::Any);
    node.children.iter().filter(move |child| chain || child.kind != ExplainedKind::Literal)
}
