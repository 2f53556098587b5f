//! What has bits in a block: rules, and the chains of `||` and `&&` below them.

use std::ops::Range;

use crate::value::Truth;

use super::bits::{has, one, ones};
use super::space::{Lanes, NodeKind, WantedTruth, Widths};

/// The chains below the rules of a block.
#[derive(Debug)]
pub(super) struct Nodes {
    /// The chains of `||`, and those of `&&`.
    pub(super) any: Chains,
    pub(super) all: Chains,
    pub(super) outermost: Outermost,
    /// Where the bits of each kind stand.
    pub(super) widths: Widths,
}

/// The chains of `||` that stand in rules.
#[derive(Debug, Default)]
pub(super) struct Outermost {
    /// The rules that have any.
    pub(super) rules: Box<[u64]>,
    /// By rule: its first chain, and after the last rule where they end.
    ///
    /// INVARIANT: those of a rule follow each other.
    pub(super) first: Box<[u32]>,
}

/// Chains of one kind.
#[derive(Debug, Default)]
pub(super) struct Chains {
    /// By chain: its rule, and the chain that it stands in, which is of the
    /// other kind; for the outermost the rule.
    pub(super) rule_of: Box<[u16]>,
    pub(super) parent_of: Box<[u16]>,
    /// By chain: the first of the other kind that stands in it, and where they end.
    ///
    /// INVARIANT: those of one chain follow each other.
    pub(super) below: Box<[(u16, u16)]>,
}

/// Where the value of a subject comes from.
#[derive(Debug, Clone, Copy)]
pub(super) enum ReadFrom {
    Slot(u32),
    Entry(u32),
    /// It is computed, which is done only where some rule needs it.
    Computed,
}

impl Nodes {
    /// The rule of a node, by its bit.
    pub(super) fn rule_of(&self, node: u32) -> Option<usize> {
        let (chains, number) = match self.kind_of(node) {
            (NodeKind::Rule, number) => return Some(number),
            (NodeKind::Any, number) => (&self.any, number),
            (NodeKind::All, number) => (&self.all, number),
        };
        chains.rule_of.get(number).map(|rule| usize::from(*rule))
    }

    /// The kind of a node, and its number among those.
    fn kind_of(&self, node: u32) -> (NodeKind, usize) {
        let node = node as usize;
        let number = |of: NodeKind| node.checked_sub(self.widths.first(of));
        match (number(NodeKind::All), number(NodeKind::Any)) {
            (Some(number), _) => (NodeKind::All, number),
            (None, Some(number)) => (NodeKind::Any, number),
            (None, None) => (NodeKind::Rule, node),
        }
    }

    /// Whether it matters what a literal of a node comes to.
    #[inline]
    pub(super) fn need(&self, node: u32, lanes: &Lanes, wanted: WantedTruth) -> bool {
        if !has(&lanes.open, node as usize) {
            return false;
        }
        // What is unknown already cannot become true, but for an `||`.
        let is_unknown = wanted == WantedTruth::True && has(&lanes.unknown, node as usize);
        match self.kind_of(node) {
            (NodeKind::Rule, _) => !is_unknown,
            (NodeKind::Any, chain) => self.need_chain(&self.any, chain, lanes, wanted),
            (NodeKind::All, chain) => {
                let parent = self.all.parent_of.get(chain).map_or(0, |parent| usize::from(*parent));
                !is_unknown
                    && has(&lanes.open, self.widths.first(NodeKind::Any).wrapping_add(parent))
                    && self.need_chain(&self.all, chain, lanes, wanted)
            }
        }
    }

    fn need_chain(&self, chains: &Chains, chain: usize, lanes: &Lanes, wanted: WantedTruth) -> bool {
        chains.rule_of.get(chain).is_some_and(|rule| lanes.needs_rule(usize::from(*rule), wanted))
    }

    /// Tells the rules what the chains below them come to: from the rules, for
    /// often few of them are left.
    pub(super) fn settle_chains(&self, lanes: &mut Lanes, wanted: WantedTruth) {
        let (Some((candidates, open)), Some((unknown, of_chains))) = (
            lanes.open.split_at_mut_checked(self.widths.rules),
            lanes.unknown.split_at_mut_checked(self.widths.rules),
        ) else {
            return;
        };
        let all_from = self.widths.any.wrapping_mul(64);
        let chains = ChainBits { nodes: self, open, unknown: of_chains, all_from, wanted };
        let words = candidates.iter_mut().zip(unknown).zip(&self.outermost.rules);
        for (((candidates, unknown), has_chains), first) in words.zip((0_usize..).step_by(64)) {
            // What is unknown already cannot become true.
            let settled = if wanted == WantedTruth::True { *unknown } else { 0 };
            for at in ones(*candidates & has_chains & !settled) {
                let rule = first | at;
                let below = self.outermost.first.get(rule..rule.wrapping_add(2));
                let Some([start, end]) = below else { break };
                // Many rules have one.
                let truth = match end.wrapping_sub(*start) {
                    1 => chains.chain(*start),
                    _ => chains.all_of(*start..*end, Truth::True),
                };
                match truth {
                    Truth::True => {}
                    Truth::Unknown => *unknown |= one(at),
                    Truth::False => *candidates &= !one(at),
                }
            }
        }
    }
}

/// What is known of chains, while rules ask them.
struct ChainBits<'n> {
    nodes: &'n Nodes,
    /// The bits of the chains of `||`, then of those of `&&`.
    open: &'n [u64],
    unknown: &'n [u64],
    /// The first bit of a chain of `&&`.
    all_from: usize,
    wanted: WantedTruth,
}

impl ChainBits<'_> {
    /// What chains of `||` come to that must all be true, beside what is known of
    /// the literals beside them. Recurses as deep as the rule.
    fn all_of(&self, chains: Range<u32>, mut truth: Truth) -> Truth {
        for chain in chains {
            // Where nothing but what is true is wanted, unknown is as good as false.
            if truth == Truth::Unknown && self.wanted == WantedTruth::True {
                break;
            }
            truth = match self.chain(chain) {
                Truth::True => truth,
                Truth::Unknown => Truth::Unknown,
                Truth::False => return Truth::False,
            };
        }
        truth
    }

    /// What a chain of `||` comes to. Most have no chains in them.
    #[inline]
    fn chain(&self, chain: u32) -> Truth {
        let at = chain as usize;
        if !has(self.open, at) {
            return Truth::True;
        }
        let own = if has(self.unknown, at) { Truth::Unknown } else { Truth::False };
        let below = self.nodes.any.below(chain);
        if below.is_empty() { own } else { self.any_of(below, own) }
    }

    /// What chains of `&&` come to of which one must be true, likewise.
    fn any_of(&self, chains: Range<u32>, mut truth: Truth) -> Truth {
        for chain in chains {
            let at = self.all_from.wrapping_add(chain as usize);
            if !has(self.open, at) {
                continue;
            }
            let own = if has(self.unknown, at) { Truth::Unknown } else { Truth::True };
            truth = match self.all_of(self.nodes.all.below(chain), own) {
                Truth::True => return Truth::True,
                Truth::Unknown => Truth::Unknown,
                Truth::False => truth,
            };
        }
        truth
    }
}

impl Chains {
    /// The chains that stand in one.
    #[inline]
    fn below(&self, chain: u32) -> Range<u32> {
        self.below.get(chain as usize).map_or(0..0, |(start, end)| u32::from(*start)..u32::from(*end))
    }
}
