//! How a rule joins its predicates.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::condition::{self, Clause};
use crate::program::Evaluation;
use crate::program::compile::{Compiled, Compiler};
use crate::value::Truth;

use super::key_predicate::{KeyLiteral, KeyPredicate, KeySubject};
use super::pool::PredicatePool;

/// Predicates joined by `&&` and `||`: nodes, each followed by those below it.
#[derive(Debug, Default)]
pub(super) struct PredicateTree(Box<[TreeNode]>);

#[derive(Debug)]
enum TreeNode {
    /// With how many nodes stand below it.
    All(u32),
    Any(u32),
    Is(Arc<KeyPredicate>),
    IsNot(Arc<KeyPredicate>),
    /// A test that is no predicate about a key.
    Opaque,
}

/// A node of a tree.
pub(super) enum Branch<'t> {
    All(Branches<'t>),
    Any(Branches<'t>),
    Leaf { predicate: &'t Arc<KeyPredicate>, negated: bool },
    Opaque,
}

/// The nodes that stand side by side.
#[derive(Clone)]
pub(super) struct Branches<'t>(&'t [TreeNode]);

impl<'t> Iterator for Branches<'t> {
    type Item = Branch<'t>;

    fn next(&mut self) -> Option<Branch<'t>> {
        let (node, rest) = self.0.split_first()?;
        let mut below = |count: u32| {
            let (below, after) = rest.split_at_checked(count as usize).unwrap_or((rest, &[]));
            self.0 = after;
            Branches(below)
        };
        Some(match node {
            TreeNode::All(count) => Branch::All(below(*count)),
            TreeNode::Any(count) => Branch::Any(below(*count)),
            leaf => {
                self.0 = rest;
                match leaf {
                    TreeNode::Is(predicate) => Branch::Leaf { predicate, negated: false },
                    TreeNode::IsNot(predicate) => Branch::Leaf { predicate, negated: true },
                    _ => Branch::Opaque,
                }
            }
        })
    }
}

/// Makes trees of the clauses of conditions.
pub(super) struct PredicateTreeBuilder<'p> {
    pub(super) compiler: Compiler<'p>,
    pool: &'p mut PredicatePool,
    /// The list of the current item.
    list: Option<usize>,
    opaque: bool,
}

impl<'p> PredicateTreeBuilder<'p> {
    pub(super) fn new(
        compiler: Compiler<'p>,
        pool: &'p mut PredicatePool,
        list: Option<usize>,
    ) -> PredicateTreeBuilder<'p> {
        PredicateTreeBuilder { compiler, pool, list, opaque: false }
    }

    /// Takes clauses that must all hold. Gives the tree of those whose literals
    /// are all predicates about keys; the tree of the others; and those others.
    pub(super) fn split<'c>(
        &mut self,
        clauses: &'c [Clause],
    ) -> Compiled<(PredicateTree, PredicateTree, Vec<&'c Clause>)> {
        let (mut clear, mut opaque, mut unsaid) = (Vec::new(), Vec::new(), Vec::new());
        for clause in clauses {
            let mut nodes = Vec::new();
            self.opaque = false;
            self.add(clause, &mut nodes)?;
            if self.opaque {
                opaque.append(&mut nodes);
                unsaid.push(clause);
            } else {
                clear.append(&mut nodes);
            }
        }
        Ok((PredicateTree(clear.into()), PredicateTree(opaque.into()), unsaid))
    }

    fn add(&mut self, clause: &Clause, nodes: &mut Vec<TreeNode>) -> Compiled<()> {
        let (clauses, joined): (&[Clause], fn(u32) -> TreeNode) = match clause {
            Clause::All(clauses) => (clauses, TreeNode::All),
            Clause::Any(clauses) => (clauses, TreeNode::Any),
            // INVARIANT: `&&` of nothing is true, and `||` of nothing false.
            Clause::Constant(value) => (&[], if *value { TreeNode::All } else { TreeNode::Any }),
            Clause::Literal(literal) => {
                let node = self.leaf(literal)?;
                nodes.push(node);
                return Ok(());
            }
        };
        let start = nodes.len();
        nodes.push(joined(0));
        for clause in clauses {
            self.add(clause, nodes)?;
        }
        if let Some([node, below @ ..]) = nodes.get_mut(start..) {
            *node = joined(u32::try_from(below.len()).unwrap_or(u32::MAX));
        }
        Ok(())
    }

    fn leaf(&mut self, asked: &condition::Literal) -> Compiled<TreeNode> {
        let Some(KeyLiteral { predicate, negated }) = KeyPredicate::of(asked, &self.compiler, self.list)?
        else {
            self.opaque = true;
            return Ok(TreeNode::Opaque);
        };
        let predicate = self.pool.shared(predicate);
        Ok(if negated { TreeNode::IsNot(predicate) } else { TreeNode::Is(predicate) })
    }
}

impl PredicateTree {
    pub(super) fn branches(&self) -> Branches<'_> {
        Branches(&self.0)
    }

    /// What both require.
    pub(super) fn with(self, other: PredicateTree) -> PredicateTree {
        PredicateTree(self.0.into_iter().chain(other.0).collect())
    }

    /// Whether all of it holds.
    pub(super) fn truth(&self, evaluation: &mut Evaluation<'_>) -> Truth {
        self.branches().joined(true, evaluation)
    }

    /// Adds the slots of every absent value that an unknown node leads to,
    /// where the whole is unknown.
    pub(super) fn absent(&self, evaluation: &mut Evaluation<'_>, slots: &mut BTreeSet<u32>) {
        Branch::All(self.branches()).gather(evaluation, slots);
    }
}

impl Branches<'_> {
    /// Whether all of them hold, or any.
    fn joined(mut self, all: bool, evaluation: &mut Evaluation<'_>) -> Truth {
        let mut truth = Truth::from(all);
        while truth != Truth::from(!all)
            && let Some(branch) = self.next()
        {
            let of_branch = branch.truth(evaluation);
            truth = if all { truth.and(of_branch) } else { truth.or(of_branch) };
        }
        truth
    }
}

impl Branch<'_> {
    fn truth(self, evaluation: &mut Evaluation<'_>) -> Truth {
        match self {
            Branch::All(branches) => branches.joined(true, evaluation),
            Branch::Any(branches) => branches.joined(false, evaluation),
            Branch::Leaf { predicate, negated } => {
                let truth = predicate.truth(evaluation);
                if negated { !truth } else { truth }
            }
            Branch::Opaque => Truth::Unknown,
        }
    }

    fn gather(self, evaluation: &mut Evaluation<'_>, slots: &mut BTreeSet<u32>) -> Truth {
        let (branches, all) = match self {
            Branch::All(branches) => (branches, true),
            Branch::Any(branches) => (branches, false),
            Branch::Leaf { predicate, .. } => {
                let truth = self.truth(evaluation);
                if let (Truth::Unknown, KeySubject::Slot(slot)) = (truth, predicate.subject) {
                    slots.insert(slot);
                }
                return truth;
            }
            Branch::Opaque => return Truth::Unknown,
        };
        let mut truth = Truth::from(all);
        let mut found = BTreeSet::new();
        for branch in branches {
            let of_branch = branch.gather(evaluation, &mut found);
            truth = if all { truth.and(of_branch) } else { truth.or(of_branch) };
        }
        if truth == Truth::Unknown {
            slots.append(&mut found);
        }
        truth
    }
}
