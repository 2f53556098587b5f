//! One rule of a set.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::condition::{Clause, Condition};
use crate::program::Evaluation;
use crate::program::compile::{Compiled, Compiler, Memoise, NotInLayout, Optimisations};
use crate::rule::{Reference, Rule};
use crate::transaction::{CurrentEntry, Layout};
use crate::typed::TRANSACTION;
use crate::value::Truth;

use super::code::{Branch, Branches, Code, LiteralRef};
use super::formula::ChainCount;
use super::pool::{ReferencePool, Subjects};
use super::space::Values;
use super::subject::SubjectValue;
use super::translate::Translator;

#[derive(Debug)]
pub(super) struct Member {
    code: Code,
    /// What the rule reads.
    references: Arc<[u32]>,
    /// The rule itself where it may take the interpreter. `None` where the rule compares
    /// attributes with constants and does nothing else.
    pub(super) rule: Option<Box<Rule>>,
    /// The list that the rule is decided for one by one, by its number in the layout.
    pub(super) list: Option<u32>,
    /// How many chains it has below it.
    pub(super) chains: ChainCount,
}

/// What the members of a set share.
#[derive(Debug, Clone, Default)]
pub(super) struct Pools {
    pub(super) subjects: Arc<Subjects>,
    pub(super) references: Arc<ReferencePool>,
}

/// What asks a member: the subjects of its set, and their values so far.
pub(super) struct Asking<'a, 't> {
    pub(super) subjects: &'a Subjects,
    pub(super) values: &'a mut Values,
    pub(super) evaluation: &'a mut Evaluation<'t>,
}

impl Member {
    /// INVARIANT: the layout includes the condition, which is the rule's.
    pub(super) fn of(
        rule: &Rule,
        condition: &Condition,
        layout: &Layout,
        pools: &mut Pools,
    ) -> Compiled<Member> {
        let list = match condition.list() {
            Some(list) => {
                let list = layout.plan.list(TRANSACTION, list).ok_or(NotInLayout)?;
                Some(u32::try_from(list).map_err(|_| NotInLayout)?)
            }
            None => None,
        };
        let compiler = Compiler::new(&layout.plan, Optimisations::default(), Memoise::Yes);
        let mut translator = Translator::new(condition, &compiler, &mut pools.subjects, list);
        match condition.root() {
            Clause::All(clauses) => {
                clauses.iter().try_for_each(|clause| translator.clause(clause))?;
            }
            other => translator.clause(other)?,
        }
        let keeps_rule = translator.intricate || list.is_some();
        let code = translator.code.finished().ok_or(NotInLayout)?;
        let mut references = BTreeSet::new();
        condition.each_read(&mut |read| {
            references.insert(Reference::from(read));
        });
        Ok(Member {
            chains: ChainCount::of(code.branches(), &pools.subjects),
            code,
            references: ReferencePool::shared(&mut pools.references, references),
            rule: keeps_rule.then(|| Box::new(rule.clone())),
            list,
        })
    }

    /// What the rule requires.
    pub(super) fn code(&self) -> Branches<'_> {
        self.code.branches()
    }

    pub(super) fn reads(&self, reference: u32) -> bool {
        self.references.contains(&reference)
    }

    /// What the rule comes to, for all entries if it is decided one by one.
    pub(super) fn truth_of_all(&self, asking: &mut Asking<'_, '_>) -> Truth {
        let Some(list) = self.list else { return self.truth(asking) };
        let Some(entries) = asking.evaluation.transaction().entries_of(list as usize) else {
            let truth = self.truth_of(CurrentEntry::Missing, asking);
            return if truth == Truth::False { Truth::False } else { Truth::Unknown };
        };
        let mut truth = Truth::False;
        for entry in entries.iter() {
            truth = truth.or(self.truth_of(CurrentEntry::At(entry), asking));
        }
        truth
    }

    pub(super) fn truth_of<'t>(&self, entry: CurrentEntry<'t>, asking: &mut Asking<'_, 't>) -> Truth {
        asking.evaluation.set_current_entry(entry);
        let truth = self.truth(asking);
        asking.evaluation.set_current_entry(CurrentEntry::None);
        truth
    }

    /// What the rule comes to; for the current entry, if it is decided one by one.
    pub(super) fn truth(&self, asking: &mut Asking<'_, '_>) -> Truth {
        match asking.all(self.code(), true) {
            Some(truth) => truth,
            None => self.rule.as_ref().map_or(Truth::Unknown, |rule| {
                rule.decide(asking.evaluation.transaction(), asking.evaluation.zone()).result
            }),
        }
    }
}

impl Asking<'_, '_> {
    /// Whether all branches hold, or any; `None` where the interpreter must be
    /// asked.
    fn all(&mut self, branches: Branches<'_>, all: bool) -> Option<Truth> {
        let mut truth = Truth::from(all);
        for branch in branches {
            let of_branch = match branch {
                Branch::All(branches) => self.all(branches, true)?,
                Branch::Any(branches) => self.all(branches, false)?,
                Branch::Leaf(literal) => {
                    let value = self.value(&literal);
                    literal.truth(value)?
                }
            };
            truth = if all { truth.and(of_branch) } else { truth.or(of_branch) };
            if truth == Truth::from(!all) {
                break;
            }
        }
        Some(truth)
    }

    /// What the subject of a literal comes to.
    #[inline]
    pub(super) fn value(&mut self, literal: &LiteralRef<'_>) -> SubjectValue {
        match self.subjects.get(literal.subject) {
            Some(subject) => self.values.of(literal.subject, subject, self.evaluation),
            None => SubjectValue::Unkeyed,
        }
    }
}

impl LiteralRef<'_> {
    /// What the literal comes to; `None` where the interpreter must be asked.
    #[inline]
    pub(super) fn truth(&self, value: SubjectValue) -> Option<Truth> {
        let holds = match value {
            SubjectValue::Key(key) => self.keys.have(key),
            SubjectValue::Number(number) => self.keys.have_number(number),
            SubjectValue::Unkeyed => return None,
            SubjectValue::Missing(_) => return Some(Truth::Unknown),
        };
        Some((holds != self.negated).into())
    }
}
