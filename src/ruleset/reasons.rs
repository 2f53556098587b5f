//! Why a rule of a set is unknown.
//!
//! The interpreter goes from the root into every unknown operand of every
//! unknown node, and tells what is absent there by itself. The same comes of the
//! code, which is the rule in negation normal form with its chains flattened:
//!
//! - A node and its negation are unknown together, so De Morgan changes nothing.
//! - A chain in a chain of its kind, unknown in an unknown one, contributes its
//!   unknown operands; flattened, those are unknown operands of the outer chain. Where
//!   the inner one is known, so is each of its operands, or it is decided by one
//!   that decides the outer chain too; then that is not unknown.
//! - Literals that were joined are unknown together, for their subject is one.
//! - A literal is unknown where its subject has no value, that is where a part
//!   of it has none: then each part that is absent by itself is told. Where one is at
//!   fault instead, the interpreter is asked, for a fault has a place.

use crate::program::numeric::Missing;
use crate::transaction::CurrentEntry;
use crate::value::Truth;

use super::code::{Branch, Branches, LiteralRef};
use super::member::{Asking, Member};
use super::space::Lack;
use super::subject::SubjectValue;

/// Gathers the names of what is absent.
struct Gathering<'g, 'a, 't> {
    asking: &'g mut Asking<'a, 't>,
    names: &'g mut Vec<u32>,
}

/// The interpreter must be asked.
struct Intricate;

impl Member {
    /// Puts down the names of what is absent, of a rule that is unknown. Gives
    /// whether they are the reasons: else the interpreter must be asked.
    pub(super) fn gather(&self, asking: &mut Asking<'_, '_>, names: &mut Vec<u32>) -> bool {
        names.clear();
        let told = match self.list {
            None => Gathering { asking, names }.of_unknown(self.code()).is_ok(),
            Some(list) => self.of_entries(list, asking, names).is_ok(),
        };
        asking.subjects.names.sort(names);
        told && !names.is_empty()
    }

    fn of_entries(
        &self,
        list: u32,
        asking: &mut Asking<'_, '_>,
        names: &mut Vec<u32>,
    ) -> Result<(), Intricate> {
        let entries = asking.evaluation.transaction().entries_of(list as usize);
        let mut told = Ok(());
        match entries {
            None => {
                asking.evaluation.set_current_entry(CurrentEntry::Missing);
                told = self.of_entry(asking, names);
            }
            Some(entries) => {
                for entry in entries.iter() {
                    asking.evaluation.set_current_entry(CurrentEntry::At(entry));
                    told = told.and(self.of_entry(asking, names));
                    if told.is_err() {
                        break;
                    }
                    // Many entries lack the same.
                    asking.subjects.names.sort(names);
                }
            }
        }
        asking.evaluation.set_current_entry(CurrentEntry::None);
        told
    }

    fn of_entry(&self, asking: &mut Asking<'_, '_>, names: &mut Vec<u32>) -> Result<(), Intricate> {
        Gathering { asking, names }.chain(self.code(), true).map(|_| ())
    }
}

impl Gathering<'_, '_, '_> {
    /// The same for a rule that is known to be unknown: what must hold is true
    /// or unknown then, so no key is looked at but in chains of `||`.
    fn of_unknown(&mut self, branches: Branches<'_>) -> Result<(), Intricate> {
        for branch in branches {
            match branch {
                Branch::Leaf(literal) => self.lacking(literal.subject)?,
                Branch::All(branches) => self.of_unknown(branches)?,
                Branch::Any(branches) => drop(self.chain(branches, false)?),
            }
        }
        Ok(())
    }

    fn chain(&mut self, branches: Branches<'_>, all: bool) -> Result<Truth, Intricate> {
        let found = self.names.len();
        let mut truth = Truth::from(all);
        for branch in branches {
            let of_branch = match branch {
                Branch::All(branches) => self.chain(branches, true)?,
                Branch::Any(branches) => self.chain(branches, false)?,
                Branch::Leaf(literal) => self.literal(&literal)?,
            };
            truth = if all { truth.and(of_branch) } else { truth.or(of_branch) };
            if truth == Truth::from(!all) {
                break;
            }
        }
        if truth != Truth::Unknown {
            self.names.truncate(found);
        }
        Ok(truth)
    }

    fn literal(&mut self, literal: &LiteralRef<'_>) -> Result<Truth, Intricate> {
        let value = self.asking.value(literal);
        if let SubjectValue::Missing(_) = value {
            self.lacking(literal.subject)?;
        }
        literal.truth(value).ok_or(Intricate)
    }

    /// Adds what a subject lacks.
    #[inline]
    fn lacking(&mut self, number: u32) -> Result<(), Intricate> {
        let Asking { subjects, values, evaluation } = &mut *self.asking;
        match values.lack(number, subjects, evaluation) {
            Lack::Nothing => Ok(()),
            Lack::Name(name) => {
                self.names.push(name);
                Ok(())
            }
            Lack::Some => self.lacking_some(number),
            Lack::Intricate => Err(Intricate),
        }
    }

    fn lacking_some(&mut self, number: u32) -> Result<(), Intricate> {
        let subjects = self.asking.subjects;
        let subject = subjects.get(number).ok_or(Intricate)?;
        for leaf in &subject.leaves {
            let missing = match &leaf.operand {
                Some(operand) => operand.missing(self.asking.evaluation),
                None => Some(Missing::Absent),
            };
            match missing {
                Some(Missing::Absent) => self.names.push(leaf.name),
                Some(Missing::Fault) => return Err(Intricate),
                None => {}
            }
        }
        Ok(())
    }
}
