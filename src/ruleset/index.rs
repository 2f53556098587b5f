//! Which rules of a block the values of a transaction can satisfy.
//!
//! Each subject takes away the rules that it makes false, and marks those that
//! it leaves unknown. Disjunctions about several subjects have bits of their
//! own, which subjects add; at the end, one that none has made true makes its
//! rule false or unknown. So one pass gives what is true and what is unknown.

use crate::program::Evaluation;

use super::bits::{clear, has, positions, set};
use super::pool::Subjects;
use super::space::{Lanes, Wanted, Work};
use super::subject::SubjectValue;
use super::table::Table;

#[derive(Debug)]
pub(super) struct Index {
    /// What is asked of the transaction: first what stands there, for what must be
    /// computed may not be needed any more then.
    pub(super) subjects: Box<[AskedSubject]>,
    /// What is asked of each entry of a list.
    pub(super) of_entry: Box<[AskedSubject]>,
    /// By disjunction: its rule.
    pub(super) rule_of: Box<[u16]>,
    /// The rules that must be asked, for disjunctions do not say all of them.
    pub(super) asking: Box<[u64]>,
    /// The rules that are not false whatever comes.
    pub(super) possible: Box<[u64]>,
}

/// A subject and what is required of it.
#[derive(Debug)]
pub(super) struct AskedSubject {
    pub(super) number: u32,
    pub(super) read: ReadFrom,
    /// What rules require of it alone, and what disjunctions about several
    /// subjects do.
    pub(super) rules: Option<Table>,
    pub(super) clauses: Option<Table>,
}

/// Where the value of a subject comes from.
#[derive(Debug, Clone, Copy)]
pub(super) enum ReadFrom {
    Slot(u32),
    Entry(u32),
    /// It is computed, which is done only where some rule needs it.
    Computed,
}

impl Index {
    /// How many words the bits of the disjunctions take.
    pub(super) fn clause_words(&self) -> usize {
        self.rule_of.len().div_ceil(64)
    }

    /// Leaves of the candidates those that subjects do not make false.
    pub(super) fn narrow(
        &self,
        asked: &[AskedSubject],
        subjects: &Subjects,
        lanes: &mut Lanes,
        work: &mut Work,
        wanted: Wanted,
        evaluation: &mut Evaluation<'_>,
    ) {
        let words = lanes.candidates.len().max(lanes.met.len());
        if work.buffer.len() < words {
            work.buffer.resize(words, 0);
        }
        for one in asked {
            let value = match one.read {
                ReadFrom::Slot(slot) => SubjectValue::of_slot(evaluation.transaction(), slot),
                ReadFrom::Entry(slot) => SubjectValue::of_entry(evaluation.current_entry(), slot),
                ReadFrom::Computed => {
                    let Some(subject) = subjects.get(one.number) else { continue };
                    if !self.concerns(one, lanes, wanted) {
                        continue;
                    }
                    work.values.of(one.number, subject, evaluation)
                }
            };
            self.take(one, value, lanes, &mut work.buffer);
        }
    }

    #[inline]
    fn take(&self, one: &AskedSubject, value: SubjectValue, lanes: &mut Lanes, buffer: &mut [u64]) {
        match value {
            SubjectValue::Key(key) => {
                if let Some(table) = &one.rules {
                    table.narrow(key, &mut lanes.candidates, buffer);
                }
                if let Some(table) = &one.clauses {
                    table.widen(key, &mut lanes.met, buffer);
                }
            }
            SubjectValue::Missing(_) => {
                if let Some(table) = &one.rules {
                    table.join(&mut lanes.unknown);
                }
                if let Some(table) = &one.clauses {
                    table.join(&mut lanes.open);
                }
            }
            SubjectValue::Number(_) | SubjectValue::Unkeyed => self.doubt(one, lanes, buffer),
        }
    }

    /// The rules that ask the subject must be asked themselves.
    #[cold]
    fn doubt(&self, one: &AskedSubject, lanes: &mut Lanes, buffer: &mut [u64]) {
        if let Some(table) = &one.rules {
            table.join(lanes.unsure_mut());
        }
        if let Some(table) = &one.clauses {
            let clauses = buffer.get_mut(..lanes.met.len()).unwrap_or_default();
            clauses.fill(0);
            table.join(clauses);
            for clause in positions(clauses) {
                set(&mut lanes.met, clause);
                if let Some(rule) = self.rule_of.get(clause) {
                    set(lanes.unsure_mut(), usize::from(*rule));
                }
            }
        }
    }

    /// Whether some rule needs a subject.
    fn concerns(&self, one: &AskedSubject, lanes: &Lanes, wanted: Wanted) -> bool {
        let needed = |rule: usize| {
            has(&lanes.candidates, rule) && (wanted == Wanted::NotFalse || !has(&lanes.unknown, rule))
        };
        let by_rules = one.rules.as_ref().is_some_and(|table| match wanted {
            Wanted::NotFalse => table.meets(&lanes.candidates),
            Wanted::True => table.any(needed),
        });
        by_rules
            || one.clauses.as_ref().is_some_and(|table| {
                table.any(|clause| {
                    !has(&lanes.met, clause)
                        && self.rule_of.get(clause).is_some_and(|rule| needed(usize::from(*rule)))
                })
            })
    }

    /// What the disjunctions come to.
    pub(super) fn settle_clauses(&self, lanes: &mut Lanes) {
        let Lanes { candidates, unknown, met, open, .. } = lanes;
        let words = met.iter().zip(open.iter()).zip(self.rule_of.chunks(64));
        for ((met, open), rules) in words {
            let mut left = !met;
            if rules.len() < 64 {
                left &= 1_u64.wrapping_shl(u32::try_from(rules.len()).unwrap_or(0)).wrapping_sub(1);
            }
            while left != 0 {
                let at = left.trailing_zeros();
                left &= left.wrapping_sub(1);
                let Some(rule) = rules.get(at as usize) else { break };
                if open.wrapping_shr(at) & 1 == 1 {
                    set(unknown, usize::from(*rule));
                } else {
                    clear(candidates, usize::from(*rule));
                }
            }
        }
    }

    /// Calls with every candidate that must be asked, and marks what it comes to.
    pub(super) fn settle_asked(
        &self,
        lanes: &mut Lanes,
        wanted: Wanted,
        mut ask: impl FnMut(usize) -> crate::value::Truth,
    ) {
        use crate::value::Truth;
        for word in 0..lanes.candidates.len() {
            let bits = |bits: &[u64]| bits.get(word).copied().unwrap_or(0);
            let unsure = bits(&lanes.unsure);
            let mut left = bits(&lanes.candidates) & (bits(&self.asking) | unsure);
            if wanted == Wanted::True {
                // What is unknown already cannot become true.
                left &= !bits(&lanes.unknown);
            }
            while left != 0 {
                let at = left.trailing_zeros() as usize;
                left &= left.wrapping_sub(1);
                let rule = word.wrapping_mul(64).wrapping_add(at);
                match ask(rule) {
                    Truth::True => {}
                    Truth::Unknown => set(&mut lanes.unknown, rule),
                    Truth::False => clear(&mut lanes.candidates, rule),
                }
            }
        }
    }
}
