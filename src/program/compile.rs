//! A checked rule to a program: names become slots, constants are prepared,
//! chains are ordered by cost.

use std::cell::Cell;
use std::sync::Arc;

use crate::rule::{Argument, Attribute, Call, Node, NodeKind, Read, Receiver, Rule, TRANSACTION, Type};
use crate::schema::{Computed, Each};
use crate::syntax::Operator;
use crate::transaction::{Derived as DerivedKey, ListPlan, Plan};
use crate::value::{Bounds, Fixed, Truth};

use super::aggregate::{Aggregate, Asked, Chosen, FigureSlots};
use super::calls::asks_item;
use super::flow::{Flow, Formula, Polarity};
use super::join::Joined;
use super::linear::Linear;
use super::operand::{DateOperand, Derived, Missing, NumberOperand, Numeric, Place, TextOperand};
use super::test::{Comparison, Kept, Operand, RareTest, Test};

/// A rule was compiled for a layout that was not made for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotInLayout;

impl std::fmt::Display for NotInLayout {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("this layout was not made for the rule; make it with `Layout::of`")
    }
}

impl std::error::Error for NotInLayout {}

/// Which optimisations are on. All are; tests switch them off one by one,
/// and the answers stay the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Optimisations {
    /// Asks the cheap operands of `&&` and `||` first.
    pub order: bool,
    /// Joins equalities of one attribute to a set, and comparisons to a range.
    pub join: bool,
    /// Compares a number with a constant without looking at operands.
    pub bounds: bool,
    /// Compares interned texts by number.
    pub symbols: bool,
    /// Computes in billionths where both operands allow it.
    pub whole: bool,
    /// Asks patterns that are a beginning and an end without their engine.
    pub patterns: bool,
}

impl Default for Optimisations {
    fn default() -> Optimisations {
        Optimisations { order: true, join: true, bounds: true, symbols: true, whole: true, patterns: true }
    }
}

pub(super) type Compiled<T> = Result<T, NotInLayout>;

/// Whether what comes of costly tests is kept for other rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcomes {
    Kept,
    Forgotten,
}

/// A rule as a formula of tests over the slots of a layout.
pub(crate) fn formula_of(
    rule: &Rule,
    plan: &Plan,
    optimisations: &Optimisations,
    outcomes: Outcomes,
) -> Compiled<Formula> {
    let compiler = Compiler { plan, optimisations, outcomes, last: Cell::new(None) };
    compiler.formula(rule.root(), Polarity::Plain)
}

pub(super) struct Compiler<'p> {
    pub(super) plan: &'p Plan,
    pub(super) optimisations: &'p Optimisations,
    outcomes: Outcomes,
    /// What was looked up last: a long chain asks for one attribute again and
    /// again.
    last: Cell<Option<(*const Attribute, Place)>>,
}

pub(super) fn slot_number(slot: usize) -> Compiled<u32> {
    u32::try_from(slot).map_err(|_| NotInLayout)
}

pub(super) fn leaf(test: Test, polarity: Polarity) -> Formula {
    Formula::Leaf(test, polarity)
}

pub(super) fn rare(test: RareTest) -> Test {
    Test::Rare(Box::new(test))
}

impl Compiler<'_> {
    fn formula(&self, node: &Node, polarity: Polarity) -> Compiled<Formula> {
        let formula = self.formula_of_kind(node, polarity)?;
        if self.outcomes == Outcomes::Kept
            && let Formula::Leaf(test, now) = formula
        {
            return Ok(leaf(self.kept(test, node, now != polarity), now));
        }
        Ok(formula)
    }

    /// The test of a node, or of its opposite; or one that asks it once for a
    /// transaction.
    fn kept(&self, test: Test, node: &Node, opposite: bool) -> Test {
        if !test.is_costly() {
            return test;
        }
        let number = DerivedKey::outcome(node).and_then(|outcome| self.plan.derived(&outcome));
        match number.and_then(|number| u32::try_from(number).ok()) {
            Some(number) => rare(RareTest::Kept(Kept { number, opposite, test })),
            None => test,
        }
    }

    fn formula_of_kind(&self, node: &Node, polarity: Polarity) -> Compiled<Formula> {
        match &node.kind {
            NodeKind::Boolean(value) => Ok(leaf(Test::Constant((*value).into()), polarity)),
            NodeKind::Prefix { operand, .. } => self.formula(operand, polarity.flipped()),
            NodeKind::Chain { operator, operands } => {
                // A negated `&&` passes where any of its operands fails.
                let all = (*operator == Operator::And) == (polarity == Polarity::Plain);
                // Each operand is joined as soon as it is compiled: chains of
                // thousands of equalities never stand in a list of formulas.
                let mut joined = Joined::new(all, self.optimisations.join, operands.len());
                for operand in operands {
                    joined.add(self.formula(operand, polarity)?);
                }
                Ok(self.chain(joined.parts(), all))
            }
            NodeKind::Binary { operator, left, right } => self.comparison(*operator, left, right, polarity),
            NodeKind::Attribute(attribute) => Ok(leaf(Test::Holds(self.place(attribute)?), polarity)),
            NodeKind::Call(call) => {
                let formula = self.call(call, node, polarity)?;
                // Null tests and the like are unknown where there is no item to ask.
                Ok(match formula {
                    Formula::Leaf(test, polarity) if asks_item(call) => {
                        leaf(rare(RareTest::OfItem(test)), polarity)
                    }
                    other => other,
                })
            }
            NodeKind::Number(..) | NodeKind::Text(_) | NodeKind::Word(_) => {
                // INVARIANT: the checker lets only booleans stand here.
                Ok(leaf(Test::Constant(Truth::Unknown), polarity))
            }
        }
    }

    /// Puts the cheap parts first. The logic is commutative, so that changes
    /// no answer.
    fn chain(&self, mut flat: Vec<Formula>, all: bool) -> Formula {
        if self.optimisations.order {
            flat.sort_by_cached_key(Formula::cost);
        }
        match flat.len() {
            1 => flat.pop().unwrap_or(Formula::All(Vec::new())),
            _ if all => Formula::All(flat),
            _ => Formula::Any(flat),
        }
    }

    fn comparison(
        &self,
        operator: Operator,
        left: &Node,
        right: &Node,
        polarity: Polarity,
    ) -> Compiled<Formula> {
        let (operator, polarity) = match operator {
            Operator::NotEqual => (Operator::Equal, polarity.flipped()),
            other => (other, polarity),
        };
        Ok(match left.of {
            Type::Number => self.numbers(operator, left, right, polarity)?,
            Type::Date => {
                let test = RareTest::DatesCompare(operator, self.date(left)?, self.date(right)?);
                leaf(rare(test), polarity)
            }
            Type::Text | Type::Enum(_) => leaf(self.texts_equal(left, right)?, polarity),
            Type::Boolean => match (&left.kind, &right.kind) {
                (_, NodeKind::Boolean(value)) => self.formula(left, with(polarity, *value))?,
                (NodeKind::Boolean(value), _) => self.formula(right, with(polarity, *value))?,
                _ => {
                    let flow = |node| Ok(Flow::of(self.formula(node, Polarity::Plain)?));
                    leaf(rare(RareTest::BooleansEqual(flow(left)?, flow(right)?)), polarity)
                }
            },
        })
    }

    fn numbers(
        &self,
        operator: Operator,
        left: &Node,
        right: &Node,
        polarity: Polarity,
    ) -> Compiled<Formula> {
        let (left, right) = (self.number(left)?, self.number(right)?);
        if let (NumberOperand::Constant(left), NumberOperand::Constant(right)) = (&left, &right) {
            let holds = operator.holds(left.order(*right));
            return Ok(leaf(Test::Constant(holds.into()), polarity));
        }
        if self.optimisations.bounds {
            match (left, right) {
                (operand, NumberOperand::Constant(Numeric::Fixed(constant))) => {
                    return Ok(bounded(operator, operand, constant, polarity));
                }
                (NumberOperand::Constant(Numeric::Fixed(constant)), operand) => {
                    return Ok(bounded(mirrored(operator), operand, constant, polarity));
                }
                (left, right) => return Ok(self.compared(operator, left, right, polarity)),
            }
        }
        Ok(self.compared(operator, left, right, polarity))
    }

    fn compared(
        &self,
        operator: Operator,
        left: NumberOperand,
        right: NumberOperand,
        polarity: Polarity,
    ) -> Formula {
        let linear = if self.optimisations.whole { Linear::of(&left, &right) } else { None };
        leaf(Test::Compares(Box::new(Comparison { operator, left, right, linear })), polarity)
    }

    fn texts_equal(&self, left: &Node, right: &Node) -> Compiled<Test> {
        let constant = |node: &Node| match &node.kind {
            NodeKind::Text(text) | NodeKind::Word(text) => Some(text.clone()),
            _ => None,
        };
        if self.optimisations.symbols {
            for (side, other) in [(left, right), (right, left)] {
                if let (NodeKind::Attribute(attribute), Some(text)) = (&side.kind, constant(other))
                    && let Some(symbol) = self.plan.compared_symbol(&attribute.read, &text)
                {
                    return Ok(Test::Is(self.place(attribute)?, symbol));
                }
            }
        }
        Ok(rare(RareTest::TextsEqual(self.text(left)?, self.text(right)?)))
    }

    pub(super) fn slot(&self, read: &Read) -> Compiled<u32> {
        slot_number(self.plan.slot(read).ok_or(NotInLayout)?)
    }

    pub(super) fn list(&self, section: &str, each: Each) -> Compiled<(usize, &ListPlan)> {
        let list = self.plan.list(section, each).ok_or(NotInLayout)?;
        Ok((list, self.plan.list_plans.get(list).ok_or(NotInLayout)?))
    }

    fn place(&self, attribute: &Attribute) -> Compiled<Place> {
        if let Some((last, place)) = self.last.get()
            && std::ptr::eq(last, attribute)
        {
            return Ok(place);
        }
        let place = match &attribute.read {
            Read::EntryField { section, each, field, kind } => {
                let slot = self.list(section, *each)?.1.field(field, *kind).ok_or(NotInLayout)?;
                Place::Entry(slot_number(slot)?)
            }
            read => Place::Slot(self.slot(read)?),
        };
        self.last.set(Some((attribute, place)));
        Ok(place)
    }

    pub(super) fn derived(&self, key: DerivedKey, aggregate: Aggregate) -> Compiled<Derived> {
        let number = self.plan.derived(&key).ok_or(NotInLayout)?;
        Ok(Derived { number: slot_number(number)?, aggregate })
    }

    pub(super) fn number(&self, node: &Node) -> Compiled<NumberOperand> {
        Ok(match &node.kind {
            NodeKind::Number(number, _) => NumberOperand::Constant(Numeric::from(*number)),
            NodeKind::Attribute(attribute) => self.number_attribute(attribute, node)?,
            NodeKind::Prefix { operand, .. } => match self.number(operand)? {
                NumberOperand::Constant(number) => {
                    NumberOperand::Constant(Numeric::from(number.number().negate()))
                }
                operand => NumberOperand::Negate(Box::new(operand)),
            },
            NodeKind::Binary { operator, left, right } => {
                self.arithmetic(*operator, self.number(left)?, self.number(right)?)
            }
            NodeKind::Call(call) => self.number_call(call, node)?,
            _ => NumberOperand::Missing(Missing::Absent),
        })
    }

    fn arithmetic(&self, operator: Operator, left: NumberOperand, right: NumberOperand) -> NumberOperand {
        let whole = |operand: &NumberOperand| match operand {
            NumberOperand::Constant(Numeric::Fixed(number)) if self.optimisations.whole => number.whole(),
            _ => None,
        };
        if let (NumberOperand::Constant(left), NumberOperand::Constant(right)) = (&left, &right) {
            return match Numeric::apply(operator, *left, *right) {
                Ok(number) => NumberOperand::Constant(number),
                Err(missing) => NumberOperand::Missing(missing),
            };
        }
        match (operator, whole(&left), whole(&right)) {
            (Operator::Multiply, _, Some(factor)) => NumberOperand::TimesWhole(Box::new(left), factor),
            (Operator::Multiply, Some(factor), _) => NumberOperand::TimesWhole(Box::new(right), factor),
            (Operator::Divide, _, Some(divisor)) if divisor != 0 => {
                NumberOperand::DividedByWhole(Box::new(left), divisor)
            }
            _ => NumberOperand::Arithmetic(operator, Box::new((left, right))),
        }
    }

    fn number_attribute(&self, attribute: &Attribute, node: &Node) -> Compiled<NumberOperand> {
        let place = self.place(attribute)?;
        let Some(computed) = attribute.computed else { return Ok(NumberOperand::At(place)) };
        let section = if attribute.profile.each.is_some() { TRANSACTION } else { &attribute.profile.section };
        let (list, plan) = self.list(section, Each::LineItems)?;
        let figures = FigureSlots::of(plan);
        let asked = match (computed, place) {
            (Computed::Value, _) => {
                return Ok(NumberOperand::EntryFigure(crate::rule::Figure::Value, figures));
            }
            (Computed::DiscountPercentage, Place::Entry(slot) | Place::Slot(slot)) => {
                return Ok(NumberOperand::EntryPercentage(slot, figures));
            }
            (Computed::ItemCount, _) => Asked::Count,
            (Computed::ItemQuantity, _) => Asked::Sum(crate::rule::Figure::Quantity),
            (Computed::ItemValue, _) => Asked::Sum(crate::rule::Figure::Value),
        };
        let aggregate = Aggregate { list, figures, chosen: Chosen::All, asked };
        let derived = Box::new(self.derived(DerivedKey::named(node), aggregate)?);
        match place {
            Place::Slot(slot) => Ok(NumberOperand::Stated(slot, derived)),
            Place::Entry(_) => Ok(NumberOperand::Derived(derived)),
        }
    }

    pub(super) fn text(&self, node: &Node) -> Compiled<TextOperand> {
        match &node.kind {
            NodeKind::Text(text) | NodeKind::Word(text) => Ok(TextOperand::Constant(text.as_str().into())),
            NodeKind::Attribute(attribute) => Ok(TextOperand::At(self.place(attribute)?)),
            NodeKind::Call(call) => Ok(TextOperand::At(self.answer(call)?)),
            _ => Err(NotInLayout),
        }
    }

    pub(super) fn date(&self, node: &Node) -> Compiled<DateOperand> {
        let at = |place| match place {
            Place::Entry(slot) => Ok(DateOperand::Entry(slot)),
            Place::Slot(slot) => match self.plan.derived(&DerivedKey::Slot(slot as usize)) {
                Some(number) => Ok(DateOperand::Slot(slot, slot_number(number)?)),
                None => Err(NotInLayout),
            },
        };
        match (&node.kind, &node.of) {
            (_, Type::Text | Type::Enum(_)) => Ok(DateOperand::Text(self.text(node)?)),
            (NodeKind::Attribute(attribute), _) => at(self.place(attribute)?),
            (NodeKind::Call(call), _) => at(self.answer(call)?),
            _ => Err(NotInLayout),
        }
    }

    pub(super) fn receiver_date(&self, call: &Call) -> Compiled<DateOperand> {
        match &call.receiver {
            Receiver::Value(node) => self.date(node),
            Receiver::Profile(_) => Err(NotInLayout),
        }
    }

    pub(super) fn date_argument(&self, call: &Call) -> Compiled<DateOperand> {
        match call.prepared.first() {
            Some(Argument::Date(date)) => {
                let number = self.plan.derived(&DerivedKey::Constant(*date)).ok_or(NotInLayout)?;
                Ok(DateOperand::Constant(*date, slot_number(number)?))
            }
            Some(Argument::Node(index) | Argument::DateNode(index)) => {
                self.date(call.arguments.get(*index).ok_or(NotInLayout)?)
            }
            _ => Err(NotInLayout),
        }
    }

    pub(super) fn operand(&self, node: &Node) -> Compiled<Operand> {
        Ok(match (&node.kind, &node.of) {
            (NodeKind::Attribute(attribute), _) if attribute.computed.is_none() => {
                Operand::Place(self.place(attribute)?)
            }
            (_, Type::Number) => Operand::Number(self.number(node)?),
            (_, Type::Text | Type::Enum(_)) => Operand::Text(self.text(node)?),
            (_, Type::Date) => Operand::Date(self.date(node)?),
            (_, Type::Boolean) => {
                let flow = Flow::of(self.formula(node, Polarity::Plain)?);
                let needs = match &node.kind {
                    NodeKind::Call(call) => call.operands().map(|operand| self.operand(operand)).collect(),
                    _ => Ok(Vec::new()),
                };
                Operand::Boolean(flow, needs?)
            }
        })
    }
}

fn with(polarity: Polarity, value: bool) -> Polarity {
    if value { polarity } else { polarity.flipped() }
}

/// The operator for exchanged sides.
fn mirrored(operator: Operator) -> Operator {
    match operator {
        Operator::Less => Operator::Greater,
        Operator::LessOrEqual => Operator::GreaterOrEqual,
        Operator::Greater => Operator::Less,
        Operator::GreaterOrEqual => Operator::LessOrEqual,
        other => other,
    }
}

/// An operand compared with a constant.
fn bounded(operator: Operator, operand: NumberOperand, constant: Fixed, polarity: Polarity) -> Formula {
    // A comparison that is to fail is its opposite that is to hold: both are
    // unknown at once, and ranges can be joined.
    let (operator, polarity) = match (operator, polarity) {
        (Operator::Less, Polarity::Negated) => (Operator::GreaterOrEqual, Polarity::Plain),
        (Operator::LessOrEqual, Polarity::Negated) => (Operator::Greater, Polarity::Plain),
        (Operator::Greater, Polarity::Negated) => (Operator::LessOrEqual, Polarity::Plain),
        (Operator::GreaterOrEqual, Polarity::Negated) => (Operator::Less, Polarity::Plain),
        other => other,
    };
    let bounds = match operator {
        Operator::Less => Bounds::up_to(constant, true),
        Operator::LessOrEqual => Bounds::up_to(constant, false),
        Operator::Greater => Bounds::from(constant, true),
        Operator::GreaterOrEqual => Bounds::from(constant, false),
        _ => Bounds::equal_to(constant),
    };
    let test = match operand {
        NumberOperand::At(place) => Test::Within(place, bounds, None),
        NumberOperand::Stated(slot, derived) => {
            let otherwise = NumberOperand::Derived(derived);
            Test::Within(Place::Slot(slot), bounds, Some(Arc::new(otherwise)))
        }
        other => rare(RareTest::OperandWithin(other, bounds)),
    };
    leaf(test, polarity)
}
