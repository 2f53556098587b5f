//! What has bits in a block: rules, and the chains of `||` and `&&` below them.

use super::bits::{clear, has, one, ones, set};
use super::space::{Lanes, NodeKind, WantedTruth};

/// The chains below the rules of a block.
#[derive(Debug)]
pub(super) struct Nodes {
    /// The chains of `||`, and those of `&&`.
    pub(super) any: Chains,
    pub(super) all: Chains,
    /// The chains of one depth each that stand in chains, the innermost first.
    pub(super) steps: Box<[Step]>,
    pub(super) outermost: Outermost,
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
}

/// Chains of one kind and depth, which stand in those of the other kind.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) all: bool,
    /// INVARIANT: a multiple of 64.
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Where the value of a subject comes from.
#[derive(Debug, Clone, Copy)]
pub(super) enum ReadFrom {
    Slot(u32),
    Entry(u32),
    /// It is computed, which is done only where some rule needs it.
    Computed,
}

impl Chains {
    fn words(&self) -> usize {
        self.rule_of.len().div_ceil(64)
    }
}

impl Nodes {
    /// The rule of a node.
    pub(super) fn rule_of(&self, of: NodeKind, node: u16) -> Option<usize> {
        let node = usize::from(node);
        match of {
            NodeKind::Rule => Some(node),
            NodeKind::Any => self.any.rule_of.get(node).map(|rule| usize::from(*rule)),
            NodeKind::All => self.all.rule_of.get(node).map(|rule| usize::from(*rule)),
        }
    }

    /// Whether it matters what a literal of a chain comes to.
    pub(super) fn needs_chain(&self, of: NodeKind, node: u16, lanes: &Lanes, wanted: WantedTruth) -> bool {
        let at = usize::from(node);
        let matters = match of {
            NodeKind::Rule => true,
            NodeKind::Any => !has(&lanes.any_true, at),
            NodeKind::All => {
                let parent = self.all.parent_of.get(at).map_or(0, |parent| usize::from(*parent));
                has(&lanes.all_not_false, at) && !has(&lanes.any_true, parent)
            }
        };
        matters && self.rule_of(of, node).is_some_and(|rule| lanes.needs_rule(rule, wanted))
    }

    /// How many words the bits of the chains take.
    pub(super) fn words(&self) -> (usize, usize) {
        (self.any.words(), self.all.words())
    }

    /// What the chains come to, told to what they stand in.
    pub(super) fn settle_chains(&self, lanes: &mut Lanes, wanted: WantedTruth) {
        for step in &self.steps {
            let chains = if step.all { &self.all } else { &self.any };
            let parents = chains.parent_of.get(step.start..step.end).unwrap_or_default();
            for (parents, word) in parents.chunks(64).zip(step.start / 64..) {
                lanes.settle_word(step, parents, word);
            }
        }
        lanes.settle_rules(&self.outermost, wanted);
    }
}

impl Lanes {
    /// Tells what up to 64 chains of one kind and depth come to.
    #[inline]
    fn settle_word(&mut self, step: &Step, parents: &[u16], word: usize) {
        let (held, unknown) = if step.all {
            (&self.all_not_false, &self.all_unknown)
        } else {
            (&self.any_true, &self.any_unknown)
        };
        let (held, unknown) = match (held.get(word), unknown.get(word)) {
            (Some(held), Some(unknown)) => (*held, *unknown),
            _ => return,
        };
        // Of an `||` those that are true add nothing; of an `&&` those that are false.
        let mut left = if step.all { held } else { !held };
        if parents.len() < 64 {
            left &= 1_u64.wrapping_shl(u32::try_from(parents.len()).unwrap_or(0)).wrapping_sub(1);
        }
        while left != 0 {
            let at = left.trailing_zeros();
            left &= left.wrapping_sub(1);
            let Some(parent) = parents.get(at as usize) else { break };
            let parent = usize::from(*parent);
            let is_unknown = unknown.wrapping_shr(at) & 1 == 1;
            match (step.all, is_unknown) {
                (true, true) => set(&mut self.any_unknown, parent),
                (true, false) => set(&mut self.any_true, parent),
                (false, true) => set(&mut self.all_unknown, parent),
                (false, false) => clear(&mut self.all_not_false, parent),
            }
        }
    }

    /// Tells the rules that are left what the chains that stand in them come to.
    /// From the rules, for often few of them are left.
    fn settle_rules(&mut self, outermost: &Outermost, wanted: WantedTruth) {
        let Lanes { candidates, unknown, any_true, any_unknown, .. } = self;
        let words = candidates.iter_mut().zip(unknown).zip(&outermost.rules);
        for (((candidates, unknown), rules), first) in words.zip((0_usize..).step_by(64)) {
            // What is unknown already cannot become true.
            let settled = if wanted == WantedTruth::True { *unknown } else { 0 };
            for at in ones(*candidates & rules & !settled) {
                let rule = first | at;
                let Some([start, end]) = outermost.first.get(rule..rule.wrapping_add(2)) else { break };
                for chain in *start as usize..*end as usize {
                    if has(any_true, chain) {
                        continue;
                    }
                    if !has(any_unknown, chain) {
                        *candidates &= !one(at);
                        break;
                    }
                    *unknown |= one(at);
                }
            }
        }
    }
}
