//! Space for a decision of a set, kept for the next one.

use crate::program::Evaluation;
use crate::program::numeric::Missing;
use crate::value::MatcherScratch;

use super::bits::{clear, copy, has, set};
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

/// What is known of the rules of a block so far. The first three have a bit for
/// each rule; those that begin with `any` have one for each chain of `||` below
/// the rules, those that begin with `all` one for each chain of `&&`.
#[derive(Debug, Default)]
pub(super) struct Lanes {
    /// The rules that are not false.
    pub(super) candidates: Vec<u64>,
    /// Those of which something that is required is unknown.
    pub(super) unknown: Vec<u64>,
    /// Those that must be asked all the same; empty where none is.
    pub(super) unsure: Vec<u64>,
    /// The chains that are true, and those of which something is unknown.
    pub(super) any_true: Vec<u64>,
    pub(super) any_unknown: Vec<u64>,
    /// The chains that are not false, and those of which something is unknown.
    pub(super) all_not_false: Vec<u64>,
    pub(super) all_unknown: Vec<u64>,
}

impl Lanes {
    pub(super) fn begin(&mut self, candidates: &[u64], (any_words, all_words): (usize, usize)) {
        copy(&mut self.candidates, candidates);
        self.unsure.clear();
        self.all_not_false.clear();
        self.all_not_false.resize(all_words, u64::MAX);
        for (bits, words) in [
            (&mut self.unknown, candidates.len()),
            (&mut self.any_true, any_words),
            (&mut self.any_unknown, any_words),
            (&mut self.all_unknown, all_words),
        ] {
            bits.clear();
            bits.resize(words, 0);
        }
    }

    pub(super) fn begin_as(&mut self, other: &Lanes) {
        copy(&mut self.candidates, &other.candidates);
        copy(&mut self.unknown, &other.unknown);
        copy(&mut self.unsure, &other.unsure);
        copy(&mut self.any_true, &other.any_true);
        copy(&mut self.any_unknown, &other.any_unknown);
        copy(&mut self.all_not_false, &other.all_not_false);
        copy(&mut self.all_unknown, &other.all_unknown);
    }

    /// Takes what a literal of a node comes to.
    #[inline]
    pub(super) fn take(&mut self, of: NodeKind, node: u16, holds: bool) {
        let node = usize::from(node);
        match (of, holds) {
            (NodeKind::Rule, false) => clear(&mut self.candidates, node),
            (NodeKind::All, false) => clear(&mut self.all_not_false, node),
            (NodeKind::Any, true) => set(&mut self.any_true, node),
            (NodeKind::Rule | NodeKind::All, true) | (NodeKind::Any, false) => {}
        }
    }

    /// The same for one that is unknown.
    #[inline]
    pub(super) fn leave_unknown(&mut self, of: NodeKind, node: u16) {
        let node = usize::from(node);
        match of {
            NodeKind::Rule => set(&mut self.unknown, node),
            NodeKind::All => set(&mut self.all_unknown, node),
            NodeKind::Any => set(&mut self.any_unknown, node),
        }
    }

    /// The rules of which more is to be known.
    pub(super) fn is_wanted(&self, wanted: WantedTruth) -> bool {
        match wanted {
            WantedTruth::NotFalse => self.candidates.iter().any(|word| *word != 0),
            WantedTruth::True => {
                self.candidates.iter().zip(&self.unknown).any(|(word, unknown)| word & !unknown != 0)
            }
        }
    }

    /// Whether more of a rule is to be known.
    #[inline]
    pub(super) fn needs_rule(&self, rule: usize, wanted: WantedTruth) -> bool {
        has(&self.candidates, rule) && (wanted == WantedTruth::NotFalse || !has(&self.unknown, rule))
    }

    /// Makes room for rules that are unsure.
    pub(super) fn unsure_mut(&mut self) -> &mut [u64] {
        self.unsure.resize(self.candidates.len(), 0);
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
    pub(super) fn begin(&mut self, subjects: &Subjects) {
        self.decision = self.decision.wrapping_add(1);
        if self.stamps.len() < subjects.len() {
            self.stamps.resize(subjects.len(), 0);
            self.values.resize(subjects.len(), SubjectValue::Missing(Missing::Absent));
            self.lack_stamps.resize(subjects.len(), 0);
            self.lacks.resize(subjects.len(), Lack::Nothing);
        }
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
        if subject.of_entry || subject.cost() == 0 {
            return subject.value(evaluation);
        }
        let at = number as usize;
        match (self.stamps.get_mut(at), self.values.get_mut(at)) {
            (Some(stamp), Some(value)) => {
                if *stamp != self.decision {
                    *stamp = self.decision;
                    *value = subject.value(evaluation);
                }
                *value
            }
            _ => subject.value(evaluation),
        }
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
