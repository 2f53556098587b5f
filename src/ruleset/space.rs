//! Space for a decision of a set, kept for the next one.

use std::ops::Range;

use crate::program::Evaluation;
use crate::program::numeric::Missing;
use crate::transaction::Transaction;
use crate::value::MatcherScratch;

use super::bits::{copy, has, set};
use super::pool::Subjects;
use super::subject::{Subject, SubjectValue};

/// Whether only what is true is wanted, or what is unknown too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WantedTruth {
    True,
    NotFalse,
}

/// What has bits: a rule, or a chain of `||` or of `&&` below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NodeKind {
    Rule,
    Any,
    All,
}

/// How many words of bits the nodes of each kind have. Those of the rules stand
/// first, then those of the chains of `||`, then those of the chains of `&&`.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Widths {
    pub(super) rules: usize,
    pub(super) any: usize,
    pub(super) all: usize,
}

impl Widths {
    /// The words of a kind.
    fn words(self, of: NodeKind) -> Range<usize> {
        let any = self.rules.wrapping_add(self.any);
        match of {
            NodeKind::Rule => 0..self.rules,
            NodeKind::Any => self.rules..any,
            NodeKind::All => any..any.wrapping_add(self.all),
        }
    }

    /// The words of all of them.
    pub(super) fn total(self) -> usize {
        self.words(NodeKind::All).end
    }

    /// The bit of the first node of a kind.
    #[inline]
    pub(super) fn first(self, of: NodeKind) -> usize {
        self.words(of).start.wrapping_mul(64)
    }

    /// The bit of a node, by its number among its kind.
    pub(super) fn bit(self, of: NodeKind, number: u16) -> u32 {
        // INVARIANT: of each kind there are no more than 16 bits number.
        u32::try_from(self.first(of).wrapping_add(usize::from(number))).unwrap_or(u32::MAX)
    }
}

/// What is known of the rules of a block so far, and of the chains below them: a
/// bit for each node.
///
/// Whatever a node is, a literal takes away its bit, or leaves it. So nobody need
/// ask what it is while literals are gone through.
#[derive(Debug, Default)]
pub(super) struct Lanes {
    widths: Widths,
    /// The nodes that no literal has decided: rules and chains of `&&` that are not
    /// false, and chains of `||` that are not true.
    pub(super) open: Vec<u64>,
    /// Those of which something is unknown.
    pub(super) unknown: Vec<u64>,
    /// The rules that must be asked all the same; empty where none is.
    pub(super) unsure: Vec<u64>,
}

impl Lanes {
    /// Begins with some of the rules, and with all chains.
    pub(super) fn begin(&mut self, candidates: &[u64], widths: Widths) {
        self.widths = widths;
        copy(&mut self.open, candidates);
        self.open.resize(widths.total(), u64::MAX);
        self.unknown.clear();
        self.unknown.resize(widths.total(), 0);
        self.unsure.clear();
    }

    pub(super) fn begin_as(&mut self, other: &Lanes) {
        self.widths = other.widths;
        copy(&mut self.open, &other.open);
        copy(&mut self.unknown, &other.unknown);
        copy(&mut self.unsure, &other.unsure);
    }

    #[inline]
    pub(super) fn open_of(&mut self, of: NodeKind) -> &mut [u64] {
        self.open.get_mut(self.widths.words(of)).unwrap_or_default()
    }

    #[inline]
    pub(super) fn unknown_of(&mut self, of: NodeKind) -> &mut [u64] {
        self.unknown.get_mut(self.widths.words(of)).unwrap_or_default()
    }

    /// The rules that are not false.
    #[inline]
    pub(super) fn candidates(&self) -> &[u64] {
        self.open.get(..self.widths.rules).unwrap_or_default()
    }

    /// Those of which something that is required is unknown.
    #[inline]
    pub(super) fn unknown_rules(&self) -> &[u64] {
        self.unknown.get(..self.widths.rules).unwrap_or_default()
    }

    /// Takes what a literal says of a node: whether its bit stays.
    #[inline]
    pub(super) fn take(&mut self, node: u32, stays: bool) {
        // Without a branch on what it comes to, which nobody can foresee.
        if let Some(word) = self.open.get_mut(node as usize / 64) {
            *word &= !u64::from(!stays).wrapping_shl(node % 64);
        }
    }

    /// The same for a literal that is unknown.
    #[inline]
    pub(super) fn leave_unknown(&mut self, node: u32) {
        set(&mut self.unknown, node as usize);
    }

    /// The rules of which more is to be known.
    pub(super) fn is_wanted(&self, wanted: WantedTruth) -> bool {
        match wanted {
            WantedTruth::NotFalse => self.candidates().iter().any(|word| *word != 0),
            WantedTruth::True => {
                let words = self.candidates().iter().zip(&self.unknown);
                words.into_iter().any(|(word, unknown)| word & !unknown != 0)
            }
        }
    }

    /// Whether more of a rule is to be known.
    #[inline]
    pub(super) fn needs_rule(&self, rule: usize, wanted: WantedTruth) -> bool {
        has(&self.open, rule) && (wanted == WantedTruth::NotFalse || !has(&self.unknown, rule))
    }

    /// Makes room for rules that are unsure.
    pub(super) fn unsure_mut(&mut self) -> &mut [u64] {
        self.unsure.resize(self.widths.rules, 0);
        &mut self.unsure
    }
}

/// The values of subjects that must be computed, each at most once a decision.
#[derive(Debug, Default)]
pub(super) struct Values {
    /// By subject: the decision that computed its value.
    stamps: Vec<u64>,
    values: Vec<SubjectValue>,
    /// By subject: the decision that found out what it lacks, and that.
    lack_stamps: Vec<u64>,
    lacks: Vec<Lack>,
    /// By the number of a profile: the decision whose transaction has it.
    profile_stamps: Vec<u64>,
    decision: u64,
}

/// What a subject lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lack {
    /// It has a value.
    Nothing,
    /// The one thing of this name.
    Name(u32),
    /// Some of several things.
    Some,
    /// Only the interpreter can say.
    Intricate,
}

impl Values {
    /// Begins a decision. Other sets number their subjects otherwise, so nothing of the
    /// last one is kept.
    pub(super) fn begin(&mut self, subjects: &Subjects, transaction: &Transaction) {
        self.decision = self.decision.wrapping_add(1);
        let Values { profile_stamps, decision, .. } = self;
        transaction.each_profile(|profile| {
            let profile = profile as usize;
            if profile_stamps.len() <= profile {
                profile_stamps.resize(profile.wrapping_add(1), 0);
            }
            profile_stamps.get_mut(profile).into_iter().for_each(|stamp| *stamp = *decision);
        });
        if self.stamps.len() < subjects.len() {
            self.stamps.resize(subjects.len(), 0);
            self.values.resize(subjects.len(), SubjectValue::Missing(Missing::Absent));
            self.lack_stamps.resize(subjects.len(), 0);
            self.lacks.resize(subjects.len(), Lack::Nothing);
        }
    }

    /// Whether the transaction has no single value of a profile.
    #[inline]
    pub(super) fn lacks_profile(&self, profile: u32) -> bool {
        self.profile_stamps.get(profile as usize) != Some(&self.decision)
    }

    /// What a subject lacks.
    #[inline]
    pub(super) fn lack(&mut self, number: u32, subjects: &Subjects, evaluation: &mut Evaluation<'_>) -> Lack {
        let at = number as usize;
        if self.lack_stamps.get(at) == Some(&self.decision)
            && let Some(lack) = self.lacks.get(at)
        {
            return *lack;
        }
        let Some(subject) = subjects.get(number) else { return Lack::Intricate };
        let lack = match self.of(number, subject, evaluation) {
            SubjectValue::Key(_) | SubjectValue::Number(_) => Lack::Nothing,
            SubjectValue::Unkeyed | SubjectValue::Missing(Missing::Fault) => Lack::Intricate,
            SubjectValue::Missing(Missing::Absent) => match &*subject.leaves {
                _ if subject.intricate => Lack::Intricate,
                [only] if only.operand.is_none() => Lack::Name(only.name),
                _ => Lack::Some,
            },
        };
        // What an entry lacks the next one may have.
        if !subject.of_entry
            && let (Some(stamp), Some(held)) = (self.lack_stamps.get_mut(at), self.lacks.get_mut(at))
        {
            *stamp = self.decision;
            *held = lack;
        }
        lack
    }

    #[inline]
    pub(super) fn of(
        &mut self,
        number: u32,
        subject: &Subject,
        evaluation: &mut Evaluation<'_>,
    ) -> SubjectValue {
        let at = number as usize;
        // First what is known, so that the subject need not be looked at.
        if self.stamps.get(at) == Some(&self.decision)
            && let Some(value) = self.values.get(at)
        {
            return *value;
        }
        let value = subject.value(evaluation);
        if !subject.of_entry
            && subject.cost() > 0
            && let (Some(stamp), Some(held)) = (self.stamps.get_mut(at), self.values.get_mut(at))
        {
            (*stamp, *held) = (self.decision, value);
        }
        value
    }
}

/// The items for which a rule is true.
#[derive(Debug, Clone, Copy)]
pub(super) struct ItemsOfRule {
    pub(super) position: u16,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// What a decision writes on its way.
#[derive(Debug, Default)]
pub(super) struct Space {
    pub(super) rules: Lanes,
    pub(super) of_entry: Lanes,
    pub(super) work: Work,
    /// What came of a block: the rules that are true, and those that are unknown.
    pub(super) truths: Vec<u64>,
    pub(super) unknowns: Vec<u64>,
    pub(super) items: Items,
}

/// What is used again and again within a block.
#[derive(Debug, Default)]
pub(super) struct Work {
    /// For a bitmap that is mended.
    pub(super) buffer: Vec<u64>,
    pub(super) values: Values,
    pub(super) group: GroupSpace,
    /// The numbers of names.
    pub(super) names: Vec<u32>,
}

/// Space to ask many questions together.
#[derive(Debug, Default)]
pub(super) struct GroupSpace {
    pub(super) matcher: MatcherScratch,
    /// The questions that are answered with yes.
    pub(super) found: Vec<u32>,
    /// The same as bits.
    pub(super) is_found: Vec<u64>,
}

/// Which entries of a list the rules of a block are true for.
#[derive(Debug, Default)]
pub(super) struct Items {
    /// The rule and the entry, entry by entry.
    pub(super) pairs: Vec<(u16, u32)>,
    /// Whether nobody asks for them.
    pub(super) unasked: bool,
    /// Whether there were too many pairs to keep.
    pub(super) too_many: bool,
    pub(super) truths: Vec<u64>,
    pub(super) unknowns: Vec<u64>,
    /// By rule: where its next item goes.
    pub(super) next: Vec<usize>,
    /// The items, rule by rule.
    pub(super) held: Vec<usize>,
    pub(super) of_rules: Vec<ItemsOfRule>,
}
