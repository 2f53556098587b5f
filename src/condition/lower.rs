//! Lowering of a typed tree to a condition: negations are pushed down to the
//! predicates, and a predicate becomes a test for a set of values where it can.

use std::sync::Arc;

use crate::schema::ListName;
use crate::syntax::Operator;
use crate::typed::{Arithmetic, Attribute, Call, CallKind, DateArgument, Items, Node, NodeKind, Type};
use crate::value::{Bounds, DatePart, DateText, Fixed, LocalTime, Number};

use super::intern::Interner;
use super::join::{Growing, Joined, Membership};
use super::{
    Aggregate, Answer, ArithmeticChain, BooleanExpression, BooleanOperand, Clause, Comparison, Condition,
    DateExpression, Expression, Leaf, Linear, Literal, Measure, NumberExpression, NumberSet, Numbers,
    OpaqueCall, Origin, Origins, Predicate, PredicateId, Presence, Set, Subject, SubjectId, TextExpression,
    TextSet, Values,
};

impl Condition {
    /// Lowers a typed tree. `list` is the list for whose entries the rule is
    /// decided, if it is decided per entry.
    pub(crate) fn lower(root: &Arc<Node>, list: Option<ListName>) -> Condition {
        Condition::lower_with(root, list, true)
    }

    /// The same; `joins` says whether literals about one subject are joined to
    /// one.
    pub(crate) fn lower_with(root: &Arc<Node>, list: Option<ListName>, joins: bool) -> Condition {
        let mut lowering = Lowering::new(joins);
        let clause = lowering.clause(root, false);
        Condition {
            root: clause,
            subjects: lowering.subjects.into_held(),
            predicates: lowering.predicates.into_held(),
            list,
            rule: root.clone(),
        }
    }
}

impl Clause {
    /// Lowers a part of a rule by itself, with literals joined as in the whole.
    pub(crate) fn lower(node: &Node) -> Clause {
        Lowering::new(true).clause(node, false)
    }
}

struct Lowering<'n> {
    subjects: Interner<Subject>,
    predicates: Interner<Predicate>,
    joins: bool,
    /// The attribute that was the subject last, as a memo: a long chain asks
    /// about one attribute again and again.
    last: Option<(&'n Arc<Attribute>, Arc<Subject>, SubjectId)>,
}

/// A boolean node, and whether it is negated.
#[derive(Clone, Copy)]
struct SignedNode<'n> {
    node: &'n Node,
    negated: bool,
    origin: Origin,
}

impl<'n> SignedNode<'n> {
    /// Skips `!` and comparisons with `true` and `false`, and notes the
    /// negation.
    fn of(node: &'n Node, negated: bool) -> SignedNode<'n> {
        let origin = Origin { span: node.span };
        let mut asked = SignedNode { node, negated, origin };
        loop {
            let (inner, flips) = match &asked.node.kind {
                NodeKind::Prefix { operand, .. } => (&**operand, true),
                NodeKind::Binary { operator, left, right } => match (&left.kind, &right.kind) {
                    (_, NodeKind::Boolean(value)) => (&**left, *value != (*operator == Operator::Equal)),
                    (NodeKind::Boolean(value), _) => (&**right, *value != (*operator == Operator::Equal)),
                    _ => return asked,
                },
                _ => return asked,
            };
            asked = SignedNode { node: inner, negated: asked.negated != flips, origin };
        }
    }
}

/// The result of lowering a node that is not a chain.
enum Part {
    Membership(Membership),
    Predicate(Predicate, bool),
    Constant(bool),
}

impl<'n> Lowering<'n> {
    fn new(joins: bool) -> Lowering<'n> {
        Lowering { subjects: Interner::new(), predicates: Interner::new(), joins, last: None }
    }

    fn clause(&mut self, node: &'n Node, negated: bool) -> Clause {
        let asked = SignedNode::of(node, negated);
        match &asked.node.kind {
            NodeKind::Chain { operator, operands } => self.chain(*operator, operands, asked.negated),
            _ => {
                let part = self.part(asked);
                self.finished(part, asked.origin)
            }
        }
    }

    fn chain(&mut self, operator: Operator, operands: &'n [Node], negated: bool) -> Clause {
        // De Morgan: a negated `&&` holds where any of its operands fails.
        let all = (operator == Operator::And) != negated;
        // Each operand is joined as soon as it is lowered, so that chains of
        // thousands of equalities are never stored as a list of clauses.
        let mut joined = Joined::new(all, self.joins, operands.len());
        self.operands(operands, negated, &mut joined);
        let Joined { memberships, rest: mut clauses, .. } = joined;
        clauses.reserve_exact(memberships.len());
        clauses.extend(memberships.into_iter().map(|membership| self.literal(membership)));
        match (clauses.len(), all) {
            (1, _) => clauses.pop().unwrap_or(Clause::All(Vec::new())),
            (_, true) => Clause::All(clauses),
            (_, false) => Clause::Any(clauses),
        }
    }

    fn operands(&mut self, operands: &'n [Node], negated: bool, joined: &mut Joined) {
        for operand in operands {
            let asked = SignedNode::of(operand, negated);
            match &asked.node.kind {
                NodeKind::Chain { operator, operands } => {
                    if ((*operator == Operator::And) != asked.negated) == joined.all {
                        self.operands(operands, asked.negated, joined);
                    } else {
                        joined.rest.push(self.chain(*operator, operands, asked.negated));
                    }
                }
                _ => match self.part(asked) {
                    Part::Membership(membership) => joined.add(membership),
                    other => joined.rest.push(self.finished(other, asked.origin)),
                },
            }
        }
    }

    fn finished(&mut self, part: Part, origin: Origin) -> Clause {
        match part {
            Part::Constant(value) => Clause::Constant(value),
            Part::Membership(membership) => self.literal(membership),
            Part::Predicate(predicate, negated) => {
                let (predicate, id) = self.predicates.intern(predicate);
                Clause::Literal(Literal {
                    predicate,
                    id: PredicateId(id),
                    negated,
                    origins: Origins::one(origin),
                })
            }
        }
    }

    fn literal(&mut self, membership: Membership) -> Clause {
        let Membership { subject, set, negated, origins, .. } = membership;
        let (predicate, id) = self.predicates.intern(Predicate::In(subject, set.settled()));
        Clause::Literal(Literal { predicate, id: PredicateId(id), negated, origins })
    }

    /// Lowers a node that is not a chain, once `!` and the like are skipped.
    fn part(&mut self, asked: SignedNode<'n>) -> Part {
        match &asked.node.kind {
            NodeKind::Boolean(value) => Part::Constant(*value != asked.negated),
            NodeKind::Binary { operator, left, right } => {
                let (operator, negated) = match operator {
                    Operator::NotEqual => (Operator::Equal, !asked.negated),
                    other => (*other, asked.negated),
                };
                self.comparison(operator, left, right, SignedNode { negated, ..asked })
            }
            NodeKind::Attribute(attribute) => {
                let (subject, id) =
                    self.attribute(attribute, |leaf| Subject::Boolean(BooleanExpression::Attribute(leaf)));
                membership((subject, id), Growing::Fixed(Set::True), asked)
            }
            NodeKind::Call(call) => self.call(call, asked),
            // INVARIANT: the checker lets only booleans stand here, and none of
            // these nodes is one.
            NodeKind::Number(..)
            | NodeKind::Text(_)
            | NodeKind::Word(_)
            | NodeKind::Prefix { .. }
            | NodeKind::Arithmetic(_)
            | NodeKind::Chain { .. } => Part::Constant(false),
        }
    }

    fn comparison(
        &mut self,
        operator: Operator,
        left: &'n Node,
        right: &'n Node,
        asked: SignedNode<'n>,
    ) -> Part {
        match left.of {
            Type::Number => self.numbers(operator, left, right, asked),
            Type::Date => {
                let (left, right) = (date(left), date(right));
                compares(Comparison::Dates { operator, left, right }, asked)
            }
            Type::Text | Type::Enum(_) => self.texts(left, right, asked),
            Type::Boolean => {
                let (left, right) = (self.clause(left, false), self.clause(right, false));
                compares(Comparison::Booleans(left, right), asked)
            }
        }
    }

    fn numbers(
        &mut self,
        operator: Operator,
        left: &'n Node,
        right: &'n Node,
        asked: SignedNode<'n>,
    ) -> Part {
        // The most frequent case: an attribute and a literal.
        for (side, other, operator) in [(left, right, operator), (right, left, operator.mirrored())] {
            if let (NodeKind::Attribute(attribute), NodeKind::Number(number, _)) = (&side.kind, &other.kind)
                && let Some(constant) = Fixed::of(*number)
            {
                let subject =
                    self.attribute(attribute, |leaf| Subject::Number(NumberExpression::Attribute(leaf)));
                return bounded(subject, operator, constant, asked);
            }
        }
        let (left, right) = (number(left), number(right));
        let constants = (left.constant(), right.constant());
        if let (Some(left), Some(right)) = constants {
            return Part::Constant(operator.holds(left.cmp(&right)) != asked.negated);
        }
        for (side, constant, operator) in
            [(&left, constants.1, operator), (&right, constants.0, operator.mirrored())]
        {
            if let Some(constant) = constant.and_then(Fixed::of) {
                let subject = self.subject(Subject::Number(side.clone()));
                return bounded(subject, operator, constant, asked);
            }
        }
        let linear = Linear::of(&left, &right);
        compares(Comparison::Numbers { operator, left, right, linear }, asked)
    }

    fn texts(&mut self, left: &'n Node, right: &'n Node, asked: SignedNode<'n>) -> Part {
        for (side, other) in [(left, right), (right, left)] {
            let (NodeKind::Text(value) | NodeKind::Word(value)) = &other.kind else { continue };
            let set = || Growing::Text(Arc::from(value.as_str()));
            if let NodeKind::Attribute(attribute) = &side.kind {
                let subject =
                    self.attribute(attribute, |leaf| Subject::Text(TextExpression::Attribute(leaf)));
                return membership(subject, set(), asked);
            }
            return match text(side) {
                TextExpression::Constant(same) => Part::Constant((*same == **value) != asked.negated),
                expression => membership(self.subject(Subject::Text(expression)), set(), asked),
            };
        }
        compares(Comparison::Texts(text(left), text(right)), asked)
    }

    fn attribute(
        &mut self,
        attribute: &'n Arc<Attribute>,
        subject: impl FnOnce(Leaf) -> Subject,
    ) -> (Arc<Subject>, SubjectId) {
        if let Some((last, subject, id)) = &self.last
            && Arc::ptr_eq(last, attribute)
        {
            return (subject.clone(), *id);
        }
        let (subject, id) = self.subject(subject(Leaf(attribute.clone())));
        self.last = Some((attribute, subject.clone(), id));
        (subject, id)
    }

    fn subject(&mut self, subject: Subject) -> (Arc<Subject>, SubjectId) {
        let (subject, id) = self.subjects.intern(subject);
        (subject, SubjectId(id))
    }

    /// Lowers a call that returns a boolean.
    fn call(&mut self, call: &'n Call, asked: SignedNode<'n>) -> Part {
        let (subject, set, flips) = match &call.kind {
            CallKind::Answer(answer) => {
                (Subject::Boolean(BooleanExpression::Answer(answer.clone())), Set::True, false)
            }
            CallKind::Includes { items, negated } => {
                let aggregate = Arc::new(aggregate(items, Measure::Any));
                (Subject::Boolean(BooleanExpression::Includes(aggregate)), Set::True, *negated)
            }
            CallKind::ItemMatches(selection) => {
                return Part::Predicate(
                    Predicate::Call(Box::new(OpaqueCall::ItemMatches(selection.clone()))),
                    asked.negated,
                );
            }
            CallKind::HasValue { container, value, negated } => {
                let set = Set::Values(Values::Includes(value.clone()));
                (Subject::Container(container.clone()), set, *negated)
            }
            CallKind::HasAnyValue(container) => {
                (Subject::Container(container.clone()), Set::Values(Values::Any), false)
            }
            CallKind::Contains { text: whole, part } => match &part.kind {
                NodeKind::Text(part) => {
                    let set = TextSet::Containing(part.as_str().into());
                    (Subject::Text(text(whole)), Set::Texts(set), false)
                }
                _ => {
                    let call = OpaqueCall::Contains { text: text(whole), part: text(part) };
                    return Part::Predicate(Predicate::Call(Box::new(call)), asked.negated);
                }
            },
            CallKind::Matches { text: whole, pattern } => {
                (Subject::Text(text(whole)), Set::Texts(TextSet::Matching(pattern.clone())), false)
            }
            CallKind::Exists { text: whole, part, negated } => {
                let part = part.as_deref().unwrap_or_default();
                let presence = Presence::Holding(part.into());
                (Subject::Presence(Expression::Text(text(whole))), Set::Presence(presence), *negated)
            }
            CallKind::IsNull { value, negated } => {
                let operand = self.expression(value);
                (Subject::Presence(operand), Set::Presence(Presence::Absent), *negated)
            }
            CallKind::IsValid(value) => {
                (Subject::Presence(Expression::Date(date(value))), Set::Presence(Presence::Valid), false)
            }
            CallKind::Compare { operator, date: from, other } => match other {
                DateArgument::Constant(constant) => {
                    (Subject::Date(date(from)), Set::Dates(*operator, *constant), false)
                }
                other => {
                    let (left, right) = (date(from), date_argument(other));
                    return compares(Comparison::Dates { operator: *operator, left, right }, asked);
                }
            },
            CallKind::IsWeekend { date: of, negated } => {
                // Monday to Friday are one range; Saturday and Sunday are not.
                (part_of(DatePart::Weekday, of), Set::Numbers(NumberSet::whole(2, 6)), !*negated)
            }
            CallKind::IsBetween { date: of, from, to } => {
                let (first, last, inside) = LocalTime::minutes_between(*from, *to);
                (part_of(DatePart::MinuteOfDay, of), Set::Numbers(NumberSet::whole(first, last)), !inside)
            }
            // INVARIANT: the other calls return numbers; the checker allows
            // none here.
            CallKind::Sum { .. }
            | CallKind::Count(_)
            | CallKind::Part { .. }
            | CallKind::Distance { .. }
            | CallKind::Interval { .. } => return Part::Constant(false),
        };
        let subject = self.subject(subject);
        let set = match set {
            Set::Numbers(NumberSet(Numbers::Within(bounds))) => Growing::Within(bounds),
            set => Growing::Fixed(set),
        };
        membership(subject, set, SignedNode { negated: asked.negated != flips, ..asked })
    }

    /// Lowers a value of any type.
    fn expression(&mut self, node: &'n Node) -> Expression {
        match &node.of {
            Type::Number => Expression::Number(number(node)),
            Type::Text | Type::Enum(_) => Expression::Text(text(node)),
            Type::Date => Expression::Date(date(node)),
            Type::Boolean => {
                let clause = self.clause(node, false);
                let needs = match &node.kind {
                    NodeKind::Call(call) => call.operands().map(|operand| self.expression(operand)).collect(),
                    _ => Vec::new(),
                };
                Expression::Boolean(Arc::new(BooleanOperand { clause, needs }))
            }
        }
    }
}

fn membership((subject, id): (Arc<Subject>, SubjectId), set: Growing, asked: SignedNode<'_>) -> Part {
    let origins = Origins::one(asked.origin);
    Part::Membership(Membership { subject, id, set, negated: asked.negated, origins })
}

fn compares(comparison: Comparison, asked: SignedNode<'_>) -> Part {
    Part::Predicate(Predicate::Compares(Box::new(comparison)), asked.negated)
}

/// Lowers a comparison of a subject with a constant.
fn bounded(
    subject: (Arc<Subject>, SubjectId),
    operator: Operator,
    constant: Fixed,
    asked: SignedNode<'_>,
) -> Part {
    // A negated comparison becomes the opposite comparison, because ranges can
    // be joined. Both are unknown for the same transactions.
    let (operator, negated) = match (operator, asked.negated) {
        (Operator::Less, true) => (Operator::GreaterOrEqual, false),
        (Operator::LessOrEqual, true) => (Operator::Greater, false),
        (Operator::Greater, true) => (Operator::LessOrEqual, false),
        (Operator::GreaterOrEqual, true) => (Operator::Less, false),
        other => other,
    };
    let bounds = match operator {
        Operator::Less => Bounds::up_to(constant, true),
        Operator::LessOrEqual => Bounds::up_to(constant, false),
        Operator::Greater => Bounds::from(constant, true),
        Operator::GreaterOrEqual => Bounds::from(constant, false),
        _ => Bounds::equal_to(constant),
    };
    membership(subject, Growing::Within(bounds), SignedNode { negated, ..asked })
}

/// The value of a node that is a number, a text or a date.
pub(crate) fn value_of(node: &Node) -> Option<Expression> {
    match node.of {
        Type::Number => Some(Expression::Number(number(node))),
        Type::Text | Type::Enum(_) => Some(Expression::Text(text(node))),
        Type::Date => Some(Expression::Date(date(node))),
        Type::Boolean => None,
    }
}

fn part_of(part: DatePart, of: &Node) -> Subject {
    Subject::Number(NumberExpression::Part(part, date(of)))
}

fn number(node: &Node) -> NumberExpression {
    match &node.kind {
        NodeKind::Number(number, _) => NumberExpression::Constant(*number),
        NodeKind::Attribute(attribute) => NumberExpression::Attribute(Leaf(attribute.clone())),
        NodeKind::Prefix { operand, .. } => match number(operand) {
            NumberExpression::Constant(number) => NumberExpression::Constant(number.negate()),
            operand => NumberExpression::Negate(Box::new(operand)),
        },
        NodeKind::Arithmetic(chain) => arithmetic(chain),
        NodeKind::Call(call) => number_call(call),
        // INVARIANT: the checker lets only numbers stand here.
        _ => NumberExpression::Constant(Number::ZERO),
    }
}

/// A chain of arithmetic. What constants at its beginning come to is computed
/// here, unless it has no result.
fn arithmetic(chain: &Arithmetic) -> NumberExpression {
    let mut first = number(&chain.first);
    let mut steps = Vec::new();
    for step in &chain.steps {
        let right = number(&step.operand);
        if steps.is_empty()
            && let (Some(left), Some(right)) = (first.constant(), right.constant())
            && let Some(Ok(result)) = step.operator.arithmetic().map(|apply| apply(left, right))
        {
            first = NumberExpression::Constant(result);
        } else {
            steps.push((step.operator, right));
        }
    }
    match steps.is_empty() {
        true => first,
        false => NumberExpression::Arithmetic(Box::new(ArithmeticChain { first, steps })),
    }
}

fn number_call(call: &Call) -> NumberExpression {
    match &call.kind {
        CallKind::Sum { items, figure } => {
            NumberExpression::Aggregate(Arc::new(aggregate(items, Measure::Sum(*figure))))
        }
        CallKind::Count(items) => NumberExpression::Aggregate(Arc::new(aggregate(items, Measure::Count))),
        CallKind::Part { date: of, part } => NumberExpression::Part(*part, date(of)),
        CallKind::Distance { distance, from, to } => {
            NumberExpression::Distance(*distance, Box::new((date(from), date_argument(to))))
        }
        CallKind::Interval { number: of, edges } => {
            NumberExpression::Interval(Box::new(number(of)), edges.clone())
        }
        CallKind::Answer(answer) => NumberExpression::Answer(answer.clone()),
        // INVARIANT: the other calls return no number; the checker allows none
        // here.
        _ => NumberExpression::Constant(Number::ZERO),
    }
}

fn text(node: &Node) -> TextExpression {
    match &node.kind {
        NodeKind::Text(text) | NodeKind::Word(text) => TextExpression::Constant(text.as_str().into()),
        NodeKind::Attribute(attribute) => TextExpression::Attribute(Leaf(attribute.clone())),
        // INVARIANT: no other node gives a text.
        _ => match answer(node) {
            Some(answer) => TextExpression::Answer(answer.clone()),
            None => TextExpression::Constant("".into()),
        },
    }
}

/// Lowers a date, or a text that is parsed as one.
fn date(node: &Node) -> DateExpression {
    match (&node.kind, &node.of) {
        (_, Type::Text | Type::Enum(_)) => DateExpression::Text(text(node)),
        (NodeKind::Attribute(attribute), _) => DateExpression::Attribute(Leaf(attribute.clone())),
        // INVARIANT: no other node gives a date.
        _ => match answer(node) {
            Some(answer) => DateExpression::Answer(answer.clone()),
            None => DateExpression::Constant(DateText::Invalid),
        },
    }
}

/// The answer that a document gives, where the node is a call of that kind.
fn answer(node: &Node) -> Option<&Answer> {
    match &node.kind {
        NodeKind::Call(call) => match &call.kind {
            CallKind::Answer(answer) => Some(answer),
            _ => None,
        },
        _ => None,
    }
}

fn aggregate(items: &Items, measure: Measure) -> Aggregate {
    let profile = items.profile.clone();
    Aggregate { section: profile.list_section(), profile, selection: Some(items.selection.clone()), measure }
}

fn date_argument(argument: &DateArgument) -> DateExpression {
    match argument {
        DateArgument::Constant(constant) => DateExpression::Constant(*constant),
        DateArgument::Date(node) | DateArgument::Text(node) => date(node),
    }
}
