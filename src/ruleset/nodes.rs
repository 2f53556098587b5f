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
        match self.kind_of(node) {
            (NodeKind::Rule, rule) => lanes.needs_rule(rule, wanted),
            (NodeKind::Any, chain) => self.need_chain(&self.any, chain, lanes, wanted),
            (NodeKind::All, chain) => {
                let parent = self.all.parent_of.get(chain).map_or(0, |parent| usize::from(*parent));
                has(&lanes.open, self.widths.first(NodeKind::Any).wrapping_add(parent))
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
        for (word, has_chains) in self.outermost.rules.iter().enumerate() {
            let (Some(candidates), Some(unknown)) = (lanes.open.get(word), lanes.unknown.get(word)) else {
                break;
            };
            // What is unknown already cannot become true.
            let settled = if wanted == WantedTruth::True { *unknown } else { 0 };
            let (mut falses, mut unknowns) = (0, 0);
            for at in ones(candidates & has_chains & !settled) {
                match self.of_rule(word.wrapping_mul(64) | at, lanes, wanted) {
                    Truth::True => {}
                    Truth::Unknown => unknowns |= one(at),
                    Truth::False => falses |= one(at),
                }
            }
            if let Some(candidates) = lanes.open.get_mut(word) {
                *candidates &= !falses;
            }
            if let Some(unknown) = lanes.unknown.get_mut(word) {
                *unknown |= unknowns;
            }
        }
    }

    /// What the chains that stand in a rule come to.
    fn of_rule(&self, rule: usize, lanes: &Lanes, wanted: WantedTruth) -> Truth {
        let Some([start, end]) = self.outermost.first.get(rule..rule.wrapping_add(2)) else {
            return Truth::True;
        };
        self.all_of(*start..*end, Truth::True, lanes, wanted)
    }

    /// What chains of `||` come to that must all be true, beside what is known of
    /// the literals beside them. Recurses as deep as the rule.
    fn all_of(&self, chains: Range<u32>, mut truth: Truth, lanes: &Lanes, wanted: WantedTruth) -> Truth {
        let first = self.widths.first(NodeKind::Any);
        for chain in chains {
            // Where nothing but what is true is wanted, unknown is as good as false.
            if truth == Truth::Unknown && wanted == WantedTruth::True {
                break;
            }
            let at = first.wrapping_add(chain as usize);
            if !has(&lanes.open, at) {
                continue;
            }
            let own = if has(&lanes.unknown, at) { Truth::Unknown } else { Truth::False };
            truth = match self.any_of(self.any.below(chain), own, lanes, wanted) {
                Truth::True => truth,
                Truth::Unknown => Truth::Unknown,
                Truth::False => return Truth::False,
            };
        }
        truth
    }

    /// What chains of `&&` come to of which one must be true, likewise.
    fn any_of(&self, chains: Range<u32>, mut truth: Truth, lanes: &Lanes, wanted: WantedTruth) -> Truth {
        let first = self.widths.first(NodeKind::All);
        for chain in chains {
            let at = first.wrapping_add(chain as usize);
            if !has(&lanes.open, at) {
                continue;
            }
            let own = if has(&lanes.unknown, at) { Truth::Unknown } else { Truth::True };
            truth = match self.all_of(self.all.below(chain), own, lanes, wanted) {
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
