//! A condition as code: its literals as keys of subjects.

use hashbrown::HashMap;

use std::sync::Arc;

use crate::condition::{
    self, BooleanExpression, Clause, Comparison, Condition, Expression, Linear, NumberExpression, NumberSet,
    Numbers, OpaqueCall, Predicate, Presence, Selection, Set, TextExpression, TextSet, Values,
};
use crate::program::compile::{Compiled, Compiler};
use crate::program::operand::{DateOperand, Location, NumberOperand};
use crate::syntax::Operator;
use crate::transaction::Key;
use crate::typed::{Node, NodeKind, Read, Receiver, text_of};
use crate::value::{Bounds, Fixed, Number};

use super::code::{CodeBuilder, OwnedKeys};
use super::key_set::KeySet;
use super::keys::KeyRange;
use super::pool::Subjects;
use super::subject::{GroupSource, How, Leaf, Subject, SubjectKey, SubjectKind};

/// What a literal asks: about what, and for which keys.
type Question = (SubjectKind, OwnedKeys);

/// Makes the code of a condition.
pub(super) struct Translator<'s> {
    condition: &'s Condition,
    compiler: &'s Compiler<'s>,
    subjects: &'s mut Arc<Subjects>,
    /// The list of the current item.
    list: Option<u32>,
    /// Whether each attribute has one name in the rule.
    one_name: bool,
    pub(super) code: CodeBuilder,
    /// Whether only the interpreter may say why the rule is unknown, or decide it
    /// where numbers have no keys.
    pub(super) intricate: bool,
}

/// A part of a rule that can be absent by itself.
struct FoundLeaf {
    name: u32,
    /// Where it is a number, a text or a date.
    value: Option<Expression>,
}

impl<'s> Translator<'s> {
    pub(super) fn new(
        condition: &'s Condition,
        compiler: &'s Compiler<'s>,
        subjects: &'s mut Arc<Subjects>,
        list: Option<u32>,
    ) -> Translator<'s> {
        let one_name = has_one_name_each(condition.node());
        let code = CodeBuilder::default();
        Translator { condition, compiler, subjects, list, one_name, code, intricate: !one_name }
    }

    /// Adds a clause to the code. Recurses as deep as the condition.
    pub(super) fn clause(&mut self, clause: &Clause) -> Compiled<()> {
        let (all, clauses) = match clause {
            Clause::Literal(literal) => return self.literal(literal),
            Clause::All(clauses) => (true, clauses.as_slice()),
            Clause::Any(clauses) => (false, clauses.as_slice()),
            // INVARIANT: `&&` of nothing is true, and `||` of nothing false.
            Clause::Constant(value) => (*value, [].as_slice()),
        };
        let node = self.code.begin(all);
        for clause in clauses {
            self.clause(clause)?;
        }
        self.code.end(node);
        Ok(())
    }

    fn literal(&mut self, literal: &condition::Literal) -> Compiled<()> {
        let (asked, keys) = self.question(&literal.predicate)?;
        self.intricate |= !matches!(asked, SubjectKind::Slot(_) | SubjectKind::Entry { .. });
        let leaves = self.leaves(literal, &asked);
        let names = leaves.iter().map(|leaf| leaf.name).collect();
        let of_entry = self.list.is_some() && literal.predicate.asks_an_item();
        let compiler = self.compiler;
        let number = Subjects::number(self.subjects, SubjectKey { asked, names }, |key| {
            let several = leaves.len() > 1;
            let leaf = |leaf: &FoundLeaf| {
                let value = leaf.value.as_ref().filter(|_| several);
                let operand = value.map(|value| compiler.operand(value)).transpose()?;
                Ok(Leaf { name: leaf.name, operand })
            };
            let group = group_of(&key.asked, compiler)?;
            Ok(Subject {
                profile: profile_of(&key.asked, group, compiler),
                how: how(&key.asked, compiler)?,
                leaves: leaves.iter().map(leaf).collect::<Compiled<_>>()?,
                of_entry,
                group,
                intricate: is_intricate(&literal.predicate, &key.asked)
                    || (several && leaves.iter().any(|leaf| leaf.value.is_none())),
                key,
            })
        })?;
        self.code.literal(number, literal.negated, keys);
        Ok(())
    }

    /// What of a literal can be absent by itself, by number of the name.
    fn leaves(&mut self, literal: &condition::Literal, asked: &SubjectKind) -> Vec<FoundLeaf> {
        if let (true, SubjectKind::Slot(_) | SubjectKind::Entry { .. }, Some(leaf)) =
            (self.one_name, asked, attribute_of(&literal.predicate))
        {
            return vec![FoundLeaf { name: Subjects::name(self.subjects, &leaf.name()), value: None }];
        }
        let mut found = Vec::new();
        for node in literal.origins.iter().filter_map(|origin| self.condition.node_of(origin)) {
            node.visit(&mut |node| {
                if is_leaf(node) {
                    let name = Subjects::name(self.subjects, &text_of(node));
                    found.push(FoundLeaf { name, value: condition::value_of(node) });
                }
            });
        }
        found.sort_unstable_by_key(|leaf| leaf.name);
        found.dedup_by_key(|leaf| leaf.name);
        found
    }

    fn at(&self, location: Location) -> SubjectKind {
        match (location, self.list) {
            (Location::Entry(slot), Some(list)) => SubjectKind::Entry { list, slot },
            (Location::Slot(slot) | Location::Entry(slot), _) => SubjectKind::Slot(slot),
        }
    }

    fn question(&self, predicate: &Arc<Predicate>) -> Compiled<Question> {
        let known = match &**predicate {
            Predicate::In(subject, set) => self.membership(subject, set)?,
            Predicate::Compares(comparison) => match &**comparison {
                Comparison::Dates { operator, left, right } => {
                    Some((SubjectKind::Order(left.clone(), right.clone()), ordered(*operator)))
                }
                Comparison::Numbers { operator, left, right, linear } => {
                    let linear = linear.as_ref().map(|linear| self.linear(*operator, linear)).transpose()?;
                    let plain = || {
                        let sides = Box::new((left.clone(), right.clone()));
                        (SubjectKind::Comparison(sides), ordered(*operator))
                    };
                    Some(linear.flatten().unwrap_or_else(plain))
                }
                _ => None,
            },
            Predicate::Call(call) => match &**call {
                OpaqueCall::ItemMatches(Selection::Equals { attribute, value }) => {
                    let (slot, symbol) = self.compiler.item_symbol(attribute, value)?;
                    let key = Key::from(symbol.0);
                    Some((SubjectKind::Symbol(slot), OwnedKeys::Range(KeyRange::of(key, key))))
                }
                _ => None,
            },
        };
        Ok(known
            .unwrap_or_else(|| (SubjectKind::Outcome(predicate.clone()), OwnedKeys::Range(KeyRange::TRUE))))
    }

    fn membership(&self, subject: &condition::Subject, set: &Set) -> Compiled<Option<Question>> {
        let is_true = OwnedKeys::Range(KeyRange::TRUE);
        Ok(match (subject, set) {
            (condition::Subject::Number(number), Set::Numbers(set)) => self.number(number, set)?,
            (
                condition::Subject::Text(TextExpression::Attribute(leaf)),
                Set::Texts(TextSet::Values(values)),
            ) => match self.compiler.symbols(leaf.read(), values) {
                Some(symbols) => {
                    let keys = symbols.iter().map(|symbol| i64::from(symbol.0)).collect();
                    Some((self.at(self.compiler.location(leaf)?), among(keys)))
                }
                None => None,
            },
            (condition::Subject::Boolean(boolean), Set::True) => Some(match boolean {
                BooleanExpression::Attribute(leaf) => (self.at(self.compiler.location(leaf)?), is_true),
                BooleanExpression::Answer(answer) => {
                    (SubjectKind::Slot(self.compiler.slot(answer.read())?), is_true)
                }
                BooleanExpression::Includes(aggregate) => (SubjectKind::Includes(aggregate.clone()), is_true),
            }),
            (condition::Subject::Date(date), Set::Dates(operator, constant)) => {
                let constant = condition::DateExpression::Constant(*constant);
                Some((SubjectKind::Order(date.clone(), constant), ordered(*operator)))
            }
            (condition::Subject::Presence(expression), Set::Presence(Presence::Absent)) => {
                Some((SubjectKind::Absence(expression.clone()), is_true))
            }
            _ => None,
        })
    }

    fn number(&self, number: &NumberExpression, set: &NumberSet) -> Compiled<Option<Question>> {
        if let (NumberExpression::Interval(inner, edges), Numbers::Within(bounds)) = (number, &set.0)
            && let Some(bounds) = between_edges(bounds, edges)
        {
            return self.number(inner, &NumberSet::within(bounds));
        }
        let keys = match &set.0 {
            Numbers::Within(bounds) => KeyRange::within(*bounds).map(OwnedKeys::Range),
            Numbers::Points(points) => Some(OwnedKeys::Set(KeySet::of(points.to_vec()))),
        };
        // Numbers outside of what keys can say are asked as they are.
        let Some(keys) = keys else { return Ok(None) };
        Ok(Some(match self.compiler.number(number)? {
            NumberOperand::At(location) => (self.at(location), keys),
            _ => (SubjectKind::Number(number.clone()), keys),
        }))
    }

    /// A sum that is compared with zero: its multiples in their lowest terms
    /// are the subject, so that the constant is what differs between rules.
    fn linear(&self, operator: Operator, linear: &Linear) -> Compiled<Option<Question>> {
        let mut terms: Vec<(u32, i64)> = Vec::new();
        for (leaf, factor) in linear.terms() {
            let Location::Slot(slot) = self.compiler.location(leaf)? else { return Ok(None) };
            if self.list.is_some() || leaf.0.computed.is_some() {
                // What has no key there is to be asked of the predicate alone, not
                // of all entries; and what a slot lacks may follow from others.
                return Ok(None);
            }
            terms.push((slot, factor));
        }
        terms.sort_unstable();
        let divisor = terms.iter().fold(0, |divisor, (_, factor)| common_divisor(divisor, factor.abs()));
        let sign = if terms.iter().find(|(_, factor)| *factor != 0).is_some_and(|(_, factor)| *factor < 0) {
            -1
        } else {
            1
        };
        for (_, factor) in &mut terms {
            let Some(lowest) = factor.checked_div(divisor).and_then(|factor| factor.checked_mul(sign)) else {
                return Ok(None);
            };
            *factor = lowest;
        }
        // divisor x sign x sum + constant, compared with zero.
        let (operator, constant) = match sign {
            1 => (operator, linear.constant().checked_neg()),
            _ => (operator.mirrored(), Some(linear.constant())),
        };
        let range = constant.and_then(|constant| compared(operator, constant, i128::from(divisor)));
        Ok(range.map(|range| (SubjectKind::Linear(terms.into()), OwnedKeys::Range(range))))
    }
}

/// How the value of a subject is found.
fn how(asked: &SubjectKind, compiler: &Compiler<'_>) -> Compiled<How> {
    Ok(match asked {
        SubjectKind::Slot(slot) => How::Slot(*slot),
        SubjectKind::Entry { slot, .. } => How::Entry(*slot),
        SubjectKind::Symbol(slot) => How::Symbol(*slot),
        SubjectKind::Number(number) => How::Number(compiler.number(number)?),
        SubjectKind::Linear(terms) => How::Linear(terms.clone()),
        SubjectKind::Order(left, right) => How::Order(compiler.date(left)?, compiler.date(right)?),
        SubjectKind::Comparison(sides) => {
            How::Comparison(compiler.number(&sides.0)?, compiler.number(&sides.1)?)
        }
        SubjectKind::Absence(expression) => How::Absence(compiler.operand(expression)?),
        SubjectKind::Includes(aggregate) => How::Includes(compiler.aggregate(aggregate)?),
        SubjectKind::Outcome(predicate) => How::Outcome(compiler.outcome_of(predicate)?),
    })
}

/// The profile of the slot without which a subject has no value.
fn profile_of(asked: &SubjectKind, group: Option<GroupSource>, compiler: &Compiler<'_>) -> Option<u32> {
    let slot = match (asked, group) {
        (SubjectKind::Slot(slot), _) => *slot,
        (_, Some(GroupSource::Text(Location::Slot(slot)))) => slot,
        (_, Some(GroupSource::Container(slot) | GroupSource::Date(slot))) => slot,
        _ => return None,
    };
    compiler.profile_of(slot)
}

/// What a predicate asks a question about, where many do.
fn group_of(asked: &SubjectKind, compiler: &Compiler<'_>) -> Compiled<Option<GroupSource>> {
    if let SubjectKind::Order(date, condition::DateExpression::Constant(_)) = asked {
        let slot = match compiler.date(date)? {
            DateOperand::Slot(slot, _) => Some(GroupSource::Date(slot)),
            _ => None,
        };
        return Ok(slot);
    }
    let SubjectKind::Outcome(predicate) = asked else { return Ok(None) };
    Ok(match &**predicate {
        Predicate::In(subject, Set::Texts(_)) => match &**subject {
            condition::Subject::Text(TextExpression::Attribute(leaf)) => {
                Some(GroupSource::Text(compiler.location(leaf)?))
            }
            condition::Subject::Text(TextExpression::Answer(answer)) => {
                Some(GroupSource::Text(Location::Slot(compiler.slot(answer.read())?)))
            }
            _ => None,
        },
        Predicate::In(subject, Set::Values(Values::Includes(_))) => match &**subject {
            condition::Subject::Container(container) => {
                Some(GroupSource::Container(compiler.slot(container.read())?))
            }
            _ => None,
        },
        _ => None,
    })
}

/// Whether a node can be absent by itself.
fn is_leaf(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Attribute(_) => true,
        NodeKind::Call(call) => matches!(call.receiver, Receiver::Profile(_)),
        _ => false,
    }
}

/// Whether it takes the interpreter to say why a predicate is unknown: where an
/// operation may be at fault and its test does not tell, and where truth values
/// are compared.
fn is_intricate(predicate: &Predicate, asked: &SubjectKind) -> bool {
    match (asked, predicate) {
        (SubjectKind::Outcome(_), Predicate::In(subject, _)) => {
            matches!(&**subject, condition::Subject::Number(_) | condition::Subject::Presence(_))
        }
        (SubjectKind::Outcome(_), Predicate::Compares(comparison)) => {
            !matches!(**comparison, Comparison::Texts(..))
        }
        (SubjectKind::Outcome(_), Predicate::Call(call)) => {
            matches!(**call, OpaqueCall::ItemMatches(Selection::Compares { .. }))
        }
        (SubjectKind::Absence(_), _) => true,
        _ => false,
    }
}

/// The attribute that a predicate is about, where it asks nothing else.
fn attribute_of(predicate: &Predicate) -> Option<&condition::Leaf> {
    let Predicate::In(subject, _) = predicate else { return None };
    match &**subject {
        condition::Subject::Number(NumberExpression::Attribute(leaf))
        | condition::Subject::Text(TextExpression::Attribute(leaf))
        | condition::Subject::Boolean(BooleanExpression::Attribute(leaf)) => Some(leaf),
        _ => None,
    }
}

/// Whether a rule never calls one thing by two names. Where it does, literals that are
/// one do not tell which.
fn has_one_name_each(root: &Node) -> bool {
    let mut names: HashMap<&Read, (&str, &str)> = HashMap::new();
    let mut each = true;
    let mut last: Option<&Read> = None;
    root.visit(&mut |node| {
        let NodeKind::Attribute(attribute) = &node.kind else { return };
        let name = (&*attribute.profile.name, &*attribute.name);
        if last.is_some_and(|last| std::ptr::eq(last, &attribute.read)) {
            return;
        }
        last = Some(&attribute.read);
        each &= *names.entry(&attribute.read).or_insert(name) == name;
    });
    each
}

/// How dates compare, as keys.
fn ordered(operator: Operator) -> OwnedKeys {
    let (low, high) = match operator {
        Operator::Less => (-1, -1),
        Operator::LessOrEqual => (-1, 0),
        Operator::Greater => (1, 1),
        Operator::GreaterOrEqual => (0, 1),
        _ => (0, 0),
    };
    OwnedKeys::Range(KeyRange::of(low, high))
}

/// Some keys; those that follow each other, as the symbols of one rule often do, are
/// a range.
fn among(mut keys: Vec<Key>) -> OwnedKeys {
    keys.sort_unstable();
    keys.dedup();
    let is_run = keys.windows(2).all(|pair| matches!(pair, [low, high] if low.checked_add(1) == Some(*high)));
    match (keys.first(), keys.last()) {
        (Some(low), Some(high)) if is_run => OwnedKeys::Range(KeyRange::of(*low, *high)),
        _ => OwnedKeys::Set(KeySet::of(keys)),
    }
}

/// The numbers whose interval, by its number from 1, is within bounds: an
/// interval is above the edge before it, and not above its own.
fn between_edges(bounds: &Bounds, edges: &[Number]) -> Option<Bounds> {
    let last = i64::try_from(edges.len()).ok()?.checked_add(1)?;
    let (first, final_one) = bounds.whole_ends();
    let (first, final_one) = (first.max(1), final_one.min(last));
    if first > final_one {
        return None;
    }
    let edge = |number: i64| Fixed::of(*edges.get(usize::try_from(number).ok()?)?);
    let low = match first {
        1 => Bounds::ALL,
        _ => Bounds::from(edge(first.checked_sub(2)?)?, true),
    };
    let high = match final_one {
        _ if final_one == last => Bounds::ALL,
        _ => Bounds::up_to(edge(final_one.checked_sub(1)?)?, false),
    };
    Some(low.and(high))
}

fn common_divisor(left: i64, right: i64) -> i64 {
    let (mut left, mut right) = (left, right);
    while let Some(rest) = left.checked_rem(right) {
        (left, right) = (right, rest);
    }
    left
}

/// The sums that, times a divisor, compare with a constant so.
fn compared(operator: Operator, constant: i128, divisor: i128) -> Option<KeyRange> {
    if divisor <= 0 {
        return None;
    }
    let floor = constant.div_euclid(divisor);
    let is_whole = constant.rem_euclid(divisor) == 0;
    let ceiling = if is_whole { floor } else { floor.checked_add(1)? };
    let (low, high) = match operator {
        Operator::Less => (i128::MIN, ceiling.checked_sub(1)?),
        Operator::LessOrEqual => (i128::MIN, floor),
        Operator::Greater => (floor.checked_add(1)?, i128::MAX),
        Operator::GreaterOrEqual => (ceiling, i128::MAX),
        Operator::Equal if is_whole => (floor, floor),
        Operator::Equal => (1, 0),
        _ => return None,
    };
    let (first, last) = (i128::from(Key::MIN), i128::from(Key::MAX));
    if low > last || high < first {
        return Some(KeyRange::of(1, 0));
    }
    let held = |end: i128| Key::try_from(end.clamp(first, last)).ok();
    Some(KeyRange::of(held(low)?, held(high)?))
}

#[cfg(test)]
mod tests {
    use super::{KeyRange, Operator, common_divisor, compared};

    #[test]
    fn sums_compare_with_what_a_divisor_leaves() {
        assert_eq!((common_divisor(12, 18), common_divisor(0, 5), common_divisor(5, 0)), (6, 5, 5));
        for operator in [
            Operator::Less,
            Operator::LessOrEqual,
            Operator::Greater,
            Operator::GreaterOrEqual,
            Operator::Equal,
        ] {
            for constant in -7_i128..=7 {
                for divisor in 1..=4 {
                    let range = compared(operator, constant, divisor).unwrap_or(KeyRange::of(0, -1));
                    for sum in -9_i64..=9 {
                        let holds = operator.holds((i128::from(sum) * divisor).cmp(&constant));
                        assert_eq!(range.has(sum), holds, "{sum} x {divisor} {operator:?} {constant}");
                    }
                }
            }
        }
        assert_eq!(compared(Operator::Less, 3, 0), None);
    }
}
