//! One rule of a set.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::condition::{
    BooleanExpression, Clause, Condition, Leaf, NumberExpression, Predicate, Set, Subject, TextExpression,
    TextSet,
};
use crate::program::Evaluation;
use crate::program::compile::{Compiler, Memoise, NotInLayout, Optimisations};
use crate::program::flow::{Flow, Formula};
use crate::program::test::Test;
use crate::rule::{Reference, Rule};
use crate::transaction::Layout;
use crate::typed::{EXTENDED, Read, TRANSACTION, ValueKind};
use crate::value::Truth;

use super::conjunction::Conjunction;
use super::pool::{PredicatePool, ReferencePool};
use super::predicate_tree::{PredicateTree, PredicateTreeBuilder};
use super::verdict::{AbsentNames, Undecided};

#[derive(Debug)]
pub(super) struct Member<Id> {
    id: Id,
    /// The clauses that predicates about keys say in full.
    tree: PredicateTree,
    /// The clauses that they do not.
    residual: Option<Arc<Residual>>,
    /// What the rule reads.
    references: Arc<[u32]>,
    /// The rule itself where it takes the interpreter to say why it is
    /// unknown. `None` where the rule compares attributes with constants and
    /// does nothing else: its reasons are the slots that are absent.
    rule: Option<Rule>,
}

/// The clauses of a rule that predicates about keys do not say in full.
#[derive(Debug)]
pub(super) struct Residual {
    flow: Flow<Test>,
    /// The list that the rule is decided for one by one.
    unrolls: Option<usize>,
    /// What such predicates say of them, the other literals left out.
    hints: PredicateTree,
}

/// What the members of a set share.
#[derive(Debug, Clone, Default)]
pub(super) struct Pools {
    predicates: PredicatePool,
    references: ReferencePool,
}

impl Pools {
    /// The number of what some rule reads.
    pub(super) fn known(&self, reference: &Reference) -> Option<u32> {
        self.references.known(reference)
    }
}

impl<Id> Member<Id> {
    pub(super) fn of(
        id: Id,
        rule: &Rule,
        condition: &Condition,
        layout: &Layout,
        pools: &mut Pools,
    ) -> Result<Member<Id>, NotInLayout> {
        let unrolls = match condition.list_name() {
            Some(list) => Some(layout.plan.list(TRANSACTION, list).ok_or(NotInLayout)?),
            None => None,
        };
        let clauses = match condition.root() {
            Clause::All(clauses) => clauses.as_slice(),
            other => std::slice::from_ref(other),
        };
        let compiler = Compiler::new(&layout.plan, Optimisations::default(), Memoise::Yes);
        let mut builder = PredicateTreeBuilder::new(compiler, &mut pools.predicates, unrolls);
        let (mut tree, mut hints, mut unsaid) = builder.split(clauses)?;
        if unrolls.is_some() {
            // What an unrolled rule asks of the transaction alone also decides
            // whether there is an item to ask, so all of it stays together.
            hints = hints.with(std::mem::take(&mut tree));
            unsaid = clauses.iter().collect();
        }
        let residual = if unsaid.is_empty() {
            None
        } else {
            let formulas = unsaid.into_iter().map(|clause| builder.compiler.clause(clause));
            let flow = Flow::of(Formula::all(formulas.collect::<Result<_, _>>()?));
            Some(Arc::new(Residual { flow, unrolls, hints }))
        };
        let simple = residual.is_none() && is_simple(condition);
        let mut references = BTreeSet::new();
        condition.each_read(&mut |read| {
            references.insert(Reference::from(read));
        });
        Ok(Member {
            id,
            tree,
            residual,
            references: pools.references.shared(references),
            rule: (!simple).then(|| rule.clone()),
        })
    }

    pub(super) fn id(&self) -> &Id {
        &self.id
    }

    /// What predicates do not say of it.
    pub(super) fn residual(&self) -> Option<&Arc<Residual>> {
        self.residual.as_ref()
    }

    /// What must hold and is all said by predicates.
    pub(super) fn required(&self) -> Conjunction<'_> {
        Conjunction::of(&self.tree)
    }

    /// What predicates say of the residual: where it does not hold, the residual is false.
    pub(super) fn hinted(&self) -> Conjunction<'_> {
        self.residual.as_ref().map_or_else(Conjunction::default, |residual| Conjunction::of(&residual.hints))
    }

    pub(super) fn reads(&self, reference: u32) -> bool {
        self.references.contains(&reference)
    }

    /// The rule whole.
    pub(super) fn truth(&self, evaluation: &mut Evaluation<'_>) -> Truth {
        evaluation.forget_items();
        match (self.tree.truth(evaluation), &self.residual) {
            (known, None) => known,
            (Truth::False, _) => Truth::False,
            (known, Some(residual)) => known.and(residual.truth(evaluation)),
        }
    }

    /// Why the rule, which is unknown, is so.
    pub(super) fn undecided(&self, evaluation: &mut Evaluation<'_>, told: impl FnOnce(Undecided<'_, Id>)) {
        let id = &self.id;
        if let Some(rule) = &self.rule {
            let decision = rule.decide(evaluation.transaction(), evaluation.zone());
            return told(Undecided {
                id,
                absent: AbsentNames::told(&decision.absent),
                faults: &decision.faults,
            });
        }
        let mut slots = BTreeSet::new();
        self.tree.absent(evaluation, &mut slots);
        let plan = &evaluation.transaction().layout().plan;
        let mut absent: Vec<String> =
            slots.into_iter().filter_map(|slot| plan.name_of(slot as usize)).collect();
        absent.sort_unstable();
        told(Undecided { id, absent: AbsentNames::told(&absent), faults: &[] });
    }
}

impl Residual {
    #[inline]
    pub(super) fn truth(&self, evaluation: &mut Evaluation<'_>) -> Truth {
        match self.unrolls {
            None => self.flow.decide(evaluation),
            Some(list) => self.flow.decide_each(evaluation, list),
        }
    }
}

/// Whether a condition does nothing but compare attributes with constants.
fn is_simple(condition: &Condition) -> bool {
    condition.predicates().iter().all(|predicate| match &**predicate {
        // The other sets may be asked by a memo, which is no slot.
        Predicate::In(subject, Set::Numbers(_) | Set::True | Set::Texts(TextSet::Values(_))) => {
            match &**subject {
                Subject::Number(NumberExpression::Attribute(leaf))
                | Subject::Text(TextExpression::Attribute(leaf))
                | Subject::Boolean(BooleanExpression::Attribute(leaf)) => is_plain(leaf),
                _ => false,
            }
        }
        _ => false,
    })
}

/// Whether an attribute's only way to be unknown is to be absent, under the
/// name that its slot has.
fn is_plain(leaf: &Leaf) -> bool {
    let attribute = &leaf.0;
    let named = match &attribute.read {
        Read::Field { section, field, kind } => {
            let prefix = if field.extended { EXTENDED } else { "" };
            *kind != ValueKind::Date
                && *attribute.profile.name == **section
                && attribute.name.strip_prefix(prefix) == Some(&*field.name)
        }
        _ => false,
    };
    named && attribute.computed.is_none()
}
