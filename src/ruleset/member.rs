//! One rule of a set.

use std::collections::BTreeSet;

use crate::evaluate::Fault;
use crate::program::Evaluation;
use crate::program::compile::{NotInLayout, Optimisations, formula_of};
use crate::program::flow::{Flow, Shape};
use crate::rule::{Attribute, EXTENDED, Node, NodeKind, Read, Rule, TRANSACTION};
use crate::syntax::OperatorKind;
use crate::transaction::{Layout, UNQUICK};
use crate::value::Truth;

use super::captured::Captured;
use super::words::{ReferencePool, WordPool};

/// A rule that is unknown, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Undecided<'s, Id> {
    /// The rule's id.
    pub id: &'s Id,
    /// What is absent and was needed; sorted, each once.
    pub absent: Vec<String>,
    /// Operations that have no result, by place.
    pub faults: Vec<Fault>,
}

#[derive(Debug)]
pub(super) struct Member<Id> {
    id: Id,
    captured: Box<[Captured]>,
    /// What blocks do not sort by.
    rest: Option<Box<Rest>>,
    /// What the rule reads.
    references: Box<[u32]>,
    reasons: Reasons,
}

#[derive(Debug)]
struct Rest {
    flow: Flow,
    /// The list that the rule is decided for one by one.
    unrolls: Option<usize>,
}

/// What it takes to say why the rule is unknown.
#[derive(Debug)]
enum Reasons {
    /// The rule compares attributes with constants and does nothing else: its
    /// reasons are the slots that are absent. `Shape` is that of the rest.
    Slots(Option<Shape>),
    /// Any other rule, whole: the plain walker says it.
    Plain(Rule),
}

impl<Id> Member<Id> {
    pub(super) fn of(
        id: Id,
        rule: &Rule,
        layout: &Layout,
        pool: &mut WordPool,
        references: &mut ReferencePool,
    ) -> Result<Member<Id>, NotInLayout> {
        let formula = formula_of(rule, &layout.plan, &Optimisations::default())?;
        let unrolls = match rule.each() {
            Some(each) => Some(layout.plan.list(TRANSACTION, each).ok_or(NotInLayout)?),
            None => None,
        };
        // What an unrolled rule asks of the transaction alone also decides
        // whether there is an item to ask, so nothing is taken out of it.
        let (captured, rest) =
            if unrolls.is_some() { (Vec::new(), Some(formula)) } else { Captured::split(formula, pool) };
        let simple = unrolls.is_none() && is_simple(rule.root());
        let reasons =
            if simple { Reasons::Slots(rest.as_ref().map(Shape::of)) } else { Reasons::Plain(rule.clone()) };
        let rest = rest.map(|formula| Box::new(Rest { flow: Flow::of(formula), unrolls }));
        let references = rule.references().into_iter().map(|read| references.number(read)).collect();
        Ok(Member { id, captured: captured.into(), rest, references, reasons })
    }

    pub(super) fn id(&self) -> &Id {
        &self.id
    }

    /// Whether blocks do not sort by all of it.
    pub(super) fn asks(&self) -> bool {
        self.rest.is_some()
    }

    pub(super) fn captured(&self) -> &[Captured] {
        &self.captured
    }

    pub(super) fn reads(&self, reference: u32) -> bool {
        self.references.contains(&reference)
    }

    /// What the rows of the block do not say.
    #[inline]
    pub(super) fn rest(&self, evaluation: &mut Evaluation<'_>) -> Truth {
        match &self.rest {
            None => {
                evaluation.forget_items();
                Truth::True
            }
            Some(rest) => rest.truth(evaluation),
        }
    }

    /// The rule whole.
    pub(super) fn truth(&self, evaluation: &mut Evaluation<'_>) -> Truth {
        let transaction = evaluation.transaction();
        let truths = self.captured.iter().map(|captured| {
            let slot = captured.slot as usize;
            let word = transaction.quick().get(slot).copied().unwrap_or(UNQUICK);
            captured.truth(word, transaction.cell(slot))
        });
        match truths.fold(Truth::True, Truth::and) {
            Truth::False => Truth::False,
            known => known.and(self.rest(evaluation)),
        }
    }

    /// Why the rule, which is unknown, is so.
    pub(super) fn undecided(&self, evaluation: &mut Evaluation<'_>) -> Undecided<'_, Id> {
        let shape = match &self.reasons {
            Reasons::Plain(rule) => {
                let decision = rule.decide(evaluation.transaction(), evaluation.zone());
                return Undecided { id: &self.id, absent: decision.absent, faults: decision.faults };
            }
            Reasons::Slots(shape) => shape,
        };
        let transaction = evaluation.transaction();
        let mut slots = BTreeSet::new();
        for captured in &self.captured {
            let slot = captured.slot as usize;
            let word = transaction.quick().get(slot).copied().unwrap_or(UNQUICK);
            if captured.truth(word, transaction.cell(slot)) == Truth::Unknown {
                slots.insert(captured.slot);
            }
        }
        if let (Some(shape), Some(rest)) = (shape, &self.rest) {
            rest.flow.unknown_slots(shape, evaluation, &mut slots);
        }
        let mut absent: Vec<String> =
            slots.into_iter().filter_map(|slot| transaction.layout().plan.name_of(slot as usize)).collect();
        absent.sort_unstable();
        Undecided { id: &self.id, absent, faults: Vec::new() }
    }
}

impl Rest {
    #[inline]
    fn truth(&self, evaluation: &mut Evaluation<'_>) -> Truth {
        match self.unrolls {
            None => self.flow.decide(evaluation),
            Some(list) => self.flow.decide_each(evaluation, list),
        }
    }
}

/// Whether a rule does nothing but compare attributes with constants.
fn is_simple(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Boolean(_) => true,
        NodeKind::Chain { operands, .. } => operands.iter().all(is_simple),
        NodeKind::Prefix { operand, .. } => is_simple(operand),
        NodeKind::Attribute(attribute) => is_plain(attribute),
        NodeKind::Binary { operator, left, right } => {
            let compares = operator.kind() != OperatorKind::Arithmetic;
            let pair = |attribute: &Node, constant: &Node| {
                matches!(&attribute.kind, NodeKind::Attribute(attribute) if is_plain(attribute))
                    && matches!(
                        constant.kind,
                        NodeKind::Boolean(_) | NodeKind::Number(..) | NodeKind::Text(_) | NodeKind::Word(_)
                    )
            };
            compares && (pair(left, right) || pair(right, left))
        }
        NodeKind::Number(..) | NodeKind::Text(_) | NodeKind::Word(_) | NodeKind::Call(_) => false,
    }
}

/// Whether an attribute's only way to be unknown is to be absent, under the
/// name that its slot has.
fn is_plain(attribute: &Attribute) -> bool {
    use crate::rule::ValueKind;
    let named = match &attribute.read {
        Read::Field { section, field, kind } => {
            let prefix = if field.extended { EXTENDED } else { "" };
            *kind != ValueKind::Date
                && *attribute.profile.name == **section
                && attribute.name == format!("{prefix}{}", field.name)
        }
        _ => false,
    };
    named && attribute.computed.is_none()
}
