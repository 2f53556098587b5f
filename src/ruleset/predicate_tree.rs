//! How a rule joins its predicates.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::condition::{self, Clause};
use crate::program::Evaluation;
use crate::program::compile::{Compiled, Compiler};
use crate::value::Truth;

use super::pool::PredicatePool;
use super::predicate::{Literal, Predicate, Subject};

/// Predicates joined by `&&` and `||`: nodes, each followed by those below it.
#[derive(Debug, Default)]
pub(super) struct Tree(Box<[Code]>);

#[derive(Debug)]
enum Code {
    /// As many codes as stand below it.
    All(u32),
    Any(u32),
    Is(Arc<Predicate>),
    IsNot(Arc<Predicate>),
    /// A test that is no predicate.
    Opaque,
}

/// A node of a tree.
pub(super) enum Branch<'t> {
    All(Branches<'t>),
    Any(Branches<'t>),
    Leaf { predicate: &'t Arc<Predicate>, negated: bool },
    Opaque,
}

/// The nodes that stand side by side.
#[derive(Clone)]
pub(super) struct Branches<'t>(&'t [Code]);

impl<'t> Iterator for Branches<'t> {
    type Item = Branch<'t>;

    fn next(&mut self) -> Option<Branch<'t>> {
        let (code, residual) = self.0.split_first()?;
        let mut below = |count: u32| {
            let (below, after) = residual.split_at_checked(count as usize).unwrap_or((residual, &[]));
            self.0 = after;
            Branches(below)
        };
        Some(match code {
            Code::All(count) => Branch::All(below(*count)),
            Code::Any(count) => Branch::Any(below(*count)),
            leaf => {
                self.0 = residual;
                match leaf {
                    Code::Is(predicate) => Branch::Leaf { predicate, negated: false },
                    Code::IsNot(predicate) => Branch::Leaf { predicate, negated: true },
                    _ => Branch::Opaque,
                }
            }
        })
    }
}

/// Makes trees of the clauses of conditions.
pub(super) struct TreeBuilder<'p> {
    pub(super) compiler: Compiler<'p>,
    pool: &'p mut PredicatePool,
    /// The list of the current item.
    list: Option<usize>,
    opaque: bool,
}

impl<'p> TreeBuilder<'p> {
    pub(super) fn new(
        compiler: Compiler<'p>,
        pool: &'p mut PredicatePool,
        list: Option<usize>,
    ) -> TreeBuilder<'p> {
        TreeBuilder { compiler, pool, list, opaque: false }
    }

    /// Takes clauses that are all to hold: the tree of those of which every
    /// literal is a predicate, that of the others, and those others.
    pub(super) fn split<'c>(&mut self, clauses: &'c [Clause]) -> Compiled<(Tree, Tree, Vec<&'c Clause>)> {
        let (mut clear, mut opaque, mut unsaid) = (Vec::new(), Vec::new(), Vec::new());
        for clause in clauses {
            let mut codes = Vec::new();
            self.opaque = false;
            self.add(clause, &mut codes)?;
            if self.opaque {
                opaque.append(&mut codes);
                unsaid.push(clause);
            } else {
                clear.append(&mut codes);
            }
        }
        Ok((Tree(clear.into()), Tree(opaque.into()), unsaid))
    }

    fn add(&mut self, clause: &Clause, codes: &mut Vec<Code>) -> Compiled<()> {
        let (clauses, node): (&[Clause], fn(u32) -> Code) = match clause {
            Clause::All(clauses) => (clauses, Code::All),
            Clause::Any(clauses) => (clauses, Code::Any),
            // Nothing at all holds, and of nothing none does.
            Clause::Constant(value) => (&[], if *value { Code::All } else { Code::Any }),
            Clause::Literal(literal) => {
                let code = self.leaf(literal)?;
                codes.push(code);
                return Ok(());
            }
        };
        let start = codes.len();
        codes.push(node(0));
        for clause in clauses {
            self.add(clause, codes)?;
        }
        if let Some([code, below @ ..]) = codes.get_mut(start..) {
            *code = node(u32::try_from(below.len()).unwrap_or(u32::MAX));
        }
        Ok(())
    }

    fn leaf(&mut self, asked: &condition::Literal) -> Compiled<Code> {
        let Some(Literal { predicate, negated }) = Predicate::of(asked, &self.compiler, self.list)? else {
            self.opaque = true;
            return Ok(Code::Opaque);
        };
        let predicate = self.pool.shared(predicate);
        Ok(if negated { Code::IsNot(predicate) } else { Code::Is(predicate) })
    }
}

impl Tree {
    pub(super) fn branches(&self) -> Branches<'_> {
        Branches(&self.0)
    }

    /// What both require.
    pub(super) fn with(self, other: Tree) -> Tree {
        Tree(self.0.into_iter().chain(other.0).collect())
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
                if let (Truth::Unknown, Subject::Slot(slot)) = (truth, predicate.subject) {
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
