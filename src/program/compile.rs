//! A checked rule to a program: names become slots, constants are prepared,
//! chains are ordered by cost.

use std::cell::RefCell;
use std::sync::Arc;

use crate::rule::{
    Argument, Attribute, Call, Node, NodeKind, Read, Receiver, Rule, Selection, TRANSACTION, Type, text_of,
};
use crate::schema::{Computed, Each, Function};
use crate::syntax::Operator;
use crate::transaction::{Derived as DerivedKey, ListPlan, Plan};
use crate::value::{Bounds, Fixed, Truth};

use super::aggregate::{Aggregate, Asked, Chosen, FigureSlots};
use super::flow::{Flow, Formula, Polarity};
use super::linear::Linear;
use super::operand::{
    DateOperand, Derived, Distance, Missing, NumberOperand, Numeric, Part, Place, TextOperand,
};
use super::test::{Comparison, Operand, Part as TextPart, Question, RareTest, Test, WeekdaySet};

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

type Compiled<T> = Result<T, NotInLayout>;

/// A rule as a formula of tests over the slots of a layout.
pub(crate) fn formula_of(rule: &Rule, plan: &Plan, optimisations: &Optimisations) -> Compiled<Formula> {
    let compiler = Compiler { plan, optimisations, last: RefCell::new(None) };
    compiler.formula(rule.root(), Polarity::Plain)
}

struct Compiler<'p> {
    plan: &'p Plan,
    optimisations: &'p Optimisations,
    /// What was looked up last: a long chain asks for one attribute again and
    /// again.
    last: RefCell<Option<(Read, u32)>>,
}

fn slot_number(slot: usize) -> Compiled<u32> {
    u32::try_from(slot).map_err(|_| NotInLayout)
}

fn leaf(test: Test, polarity: Polarity) -> Formula {
    Formula::Leaf(test, polarity)
}

fn rare(test: RareTest) -> Test {
    Test::Rare(Box::new(test))
}

impl Compiler<'_> {
    fn formula(&self, node: &Node, polarity: Polarity) -> Compiled<Formula> {
        match &node.kind {
            NodeKind::Boolean(value) => Ok(leaf(Test::Constant((*value).into()), polarity)),
            NodeKind::Prefix { operand, .. } => self.formula(operand, polarity.flipped()),
            NodeKind::Chain { operator, operands } => {
                let parts: Vec<Formula> = operands
                    .iter()
                    .map(|operand| self.formula(operand, polarity))
                    .collect::<Compiled<_>>()?;
                // A negated `&&` passes where any of its operands fails.
                let all = (*operator == Operator::And) == (polarity == Polarity::Plain);
                Ok(self.chain(parts, all))
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

    /// Joins what belongs together and puts the cheap parts first. The logic
    /// is commutative, so neither changes an answer.
    fn chain(&self, parts: Vec<Formula>, all: bool) -> Formula {
        let mut flat = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                Formula::All(inner) if all => flat.extend(inner),
                Formula::Any(inner) if !all => flat.extend(inner),
                other => flat.push(other),
            }
        }
        if self.optimisations.join {
            flat = super::join::joined(flat, all);
        }
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

    fn slot(&self, read: &Read) -> Compiled<u32> {
        if let Some((last, slot)) = &*self.last.borrow()
            && last == read
        {
            return Ok(*slot);
        }
        let slot = slot_number(self.plan.slot(read).ok_or(NotInLayout)?)?;
        *self.last.borrow_mut() = Some((read.clone(), slot));
        Ok(slot)
    }

    fn list(&self, section: &str, each: Each) -> Compiled<(usize, &ListPlan)> {
        let list = self.plan.list(section, each).ok_or(NotInLayout)?;
        Ok((list, self.plan.list_plans.get(list).ok_or(NotInLayout)?))
    }

    fn place(&self, attribute: &Attribute) -> Compiled<Place> {
        match &attribute.read {
            Read::EntryField { section, each, field, kind } => {
                let slot = self.list(section, *each)?.1.field(field, *kind).ok_or(NotInLayout)?;
                Ok(Place::Entry(slot_number(slot)?))
            }
            read => Ok(Place::Slot(self.slot(read)?)),
        }
    }

    fn derived(&self, key: DerivedKey, aggregate: Aggregate) -> Compiled<Derived> {
        let number = self.plan.derived(&key).ok_or(NotInLayout)?;
        Ok(Derived { number: slot_number(number)?, aggregate })
    }

    fn number(&self, node: &Node) -> Compiled<NumberOperand> {
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
        let derived = Box::new(self.derived(DerivedKey::Named(text_of(node)), aggregate)?);
        match place {
            Place::Slot(slot) => Ok(NumberOperand::Stated(slot, derived)),
            Place::Entry(_) => Ok(NumberOperand::Derived(derived)),
        }
    }

    fn number_call(&self, call: &Call, node: &Node) -> Compiled<NumberOperand> {
        let part = |part| Ok(NumberOperand::Part(self.receiver_date(call)?, part));
        let distance = |distance| {
            let dates = (self.receiver_date(call)?, self.date_argument(call)?);
            Ok(NumberOperand::Distance(distance, Box::new(dates)))
        };
        match call.function {
            Function::Answered => self.answer(call).map(NumberOperand::At),
            Function::Day => part(Part::Weekday),
            Function::DayOfMonth => part(Part::DayOfMonth),
            Function::Month => part(Part::Month),
            Function::Year => part(Part::Year),
            Function::DateDiff => distance(Distance::Days),
            Function::DaysDiff => distance(Distance::Anniversary),
            Function::MinutesDiff => distance(Distance::Minutes),
            Function::Interval => match (&call.receiver, call.prepared.first()) {
                (Receiver::Value(value), Some(Argument::Edges(edges))) => {
                    Ok(NumberOperand::Interval(Box::new(self.number(value)?), edges.as_slice().into()))
                }
                _ => Err(NotInLayout),
            },
            _ => Ok(NumberOperand::Derived(Box::new(self.aggregate(call, node)?))),
        }
    }

    fn answer(&self, call: &Call) -> Compiled<Place> {
        match &call.read {
            Some(read) => Ok(Place::Slot(self.slot(read)?)),
            None => Err(NotInLayout),
        }
    }

    fn aggregate(&self, call: &Call, node: &Node) -> Compiled<Derived> {
        let asked = Asked::by(call.function).ok_or(NotInLayout)?;
        let (list, plan) = self.list(&call.list_section(), Each::LineItems)?;
        let chosen = self.chosen(call, plan)?;
        let aggregate = Aggregate { list, figures: FigureSlots::of(plan), chosen, asked };
        self.derived(DerivedKey::Named(text_of(node)), aggregate)
    }

    fn chosen(&self, call: &Call, plan: &ListPlan) -> Compiled<Chosen> {
        let selection = call.selection.as_ref().ok_or(NotInLayout)?;
        let slot = match selection.attribute() {
            Some(attribute) => slot_number(plan.attribute(attribute).ok_or(NotInLayout)?)?,
            None => 0,
        };
        let symbol = |value: &str| {
            let name = selection.attribute().ok_or(NotInLayout)?.clone();
            let read = Read::ItemAttribute { section: call.list_section(), name };
            self.plan.compared_symbol(&read, value).ok_or(NotInLayout)
        };
        Ok(match selection {
            Selection::Equals { value, .. } => Chosen::Symbol { slot, symbol: symbol(value)? },
            Selection::Matches { pattern, .. } => Chosen::Matches { slot, pattern: pattern.clone() },
            Selection::EqualsAndMatches { value, pattern, .. } => {
                Chosen::SymbolAndMatches { slot, symbol: symbol(value)?, pattern: pattern.clone() }
            }
            Selection::Compares { figure, operator, number } => {
                Chosen::Compares { figure: *figure, operator: *operator, number: Numeric::from(*number) }
            }
        })
    }

    fn text(&self, node: &Node) -> Compiled<TextOperand> {
        match &node.kind {
            NodeKind::Text(text) | NodeKind::Word(text) => Ok(TextOperand::Constant(text.as_str().into())),
            NodeKind::Attribute(attribute) => Ok(TextOperand::At(self.place(attribute)?)),
            NodeKind::Call(call) => Ok(TextOperand::At(self.answer(call)?)),
            _ => Err(NotInLayout),
        }
    }

    fn date(&self, node: &Node) -> Compiled<DateOperand> {
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

    fn receiver_date(&self, call: &Call) -> Compiled<DateOperand> {
        match &call.receiver {
            Receiver::Value(node) => self.date(node),
            Receiver::Profile(_) => Err(NotInLayout),
        }
    }

    fn date_argument(&self, call: &Call) -> Compiled<DateOperand> {
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

    fn operand(&self, node: &Node) -> Compiled<Operand> {
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

    /// A call that is true or false.
    fn call(&self, call: &Call, node: &Node, polarity: Polarity) -> Compiled<Formula> {
        let value = match &call.receiver {
            Receiver::Value(value) => Some(value),
            Receiver::Profile(_) => None,
        };
        let value = || value.ok_or(NotInLayout);
        let minutes = |hour: usize, minute: Option<usize>| {
            let number = |index: usize| match call.prepared.get(index) {
                Some(Argument::Number(number)) => number.as_integer().ok_or(NotInLayout),
                _ => Err(NotInLayout),
            };
            let minute = minute.map_or(Ok(0), number)?;
            Ok(number(hour)?.saturating_mul(60).saturating_add(minute))
        };
        let plain = |test: RareTest| Ok(leaf(rare(test), polarity));
        let negated = |test: RareTest| Ok(leaf(rare(test), polarity.flipped()));
        let asks = |text, question| Ok(leaf(Test::Asks(Box::new((text, question))), polarity));
        let dates = |operator| {
            plain(RareTest::DatesCompare(operator, self.receiver_date(call)?, self.date_argument(call)?))
        };
        match call.function {
            Function::Answered => Ok(leaf(Test::Holds(self.answer(call)?), polarity)),
            Function::BasketIncludes => plain(RareTest::Aggregate(self.aggregate(call, node)?)),
            Function::BasketExcludes => negated(RareTest::Aggregate(self.aggregate(call, node)?)),
            Function::Contains => {
                let text = self.text(value()?)?;
                match call.prepared.first() {
                    Some(Argument::Text(part)) => asks(text, Question::Contains(TextPart::of(part))),
                    Some(Argument::Node(index)) => {
                        let part = self.text(call.arguments.get(*index).ok_or(NotInLayout)?)?;
                        plain(RareTest::ContainsText(text, part))
                    }
                    _ => Err(NotInLayout),
                }
            }
            Function::Matches => match call.prepared.first() {
                Some(Argument::Pattern(pattern)) => {
                    let text = self.text(value()?)?;
                    match pattern.affixes().filter(|_| self.optimisations.patterns) {
                        Some(affixes) => asks(text, Question::HasAffixes(affixes.clone())),
                        None => asks(text, Question::Matches(pattern.clone())),
                    }
                }
                _ => Err(NotInLayout),
            },
            Function::Exists => {
                let part = match call.prepared.first() {
                    Some(Argument::Text(part)) => part.as_str(),
                    _ => "",
                };
                plain(RareTest::Exists(self.text(value()?)?, part.into()))
            }
            Function::IsEmpty => negated(RareTest::Exists(self.text(value()?)?, "".into())),
            Function::IsNull => plain(RareTest::Null(self.operand(value()?)?)),
            Function::IsNotNull => negated(RareTest::Null(self.operand(value()?)?)),
            Function::IsValid => plain(RareTest::Valid(self.date(value()?)?)),
            Function::IsAfter => dates(Operator::Greater),
            Function::IsBefore => dates(Operator::Less),
            Function::IsWeekday => plain(RareTest::Weekday(self.receiver_date(call)?, WeekdaySet::WEEKDAYS)),
            Function::IsWeekend => {
                negated(RareTest::Weekday(self.receiver_date(call)?, WeekdaySet::WEEKDAYS))
            }
            Function::IsHourBetween => {
                plain(RareTest::Between(self.receiver_date(call)?, minutes(0, None)?, minutes(1, None)?))
            }
            Function::IsTimeBetween => plain(RareTest::Between(
                self.receiver_date(call)?,
                minutes(0, Some(1))?,
                minutes(2, Some(3))?,
            )),
            Function::ItemMatches => {
                let (_, plan) = self.list(TRANSACTION, Each::LineItems)?;
                plain(RareTest::ItemMatches(self.chosen(call, plan)?, FigureSlots::of(plan)))
            }
            Function::CustomFieldIncludes | Function::SegmentIncludes => plain(self.includes(call)?),
            Function::CustomFieldExcludes | Function::SegmentExcludes => negated(self.includes(call)?),
            Function::CustomFieldExists => match &call.read {
                Some(read) => plain(RareTest::ContainerExists(self.slot(read)?)),
                None => Err(NotInLayout),
            },
            // INVARIANT: the others give numbers, and the checker saw to it.
            _ => Err(NotInLayout),
        }
    }

    fn includes(&self, call: &Call) -> Compiled<RareTest> {
        match (&call.read, call.prepared.get(1)) {
            (Some(read), Some(Argument::Text(wanted))) => {
                Ok(RareTest::Includes(self.slot(read)?, wanted.as_str().into()))
            }
            _ => Err(NotInLayout),
        }
    }
}

/// Whether a call asks the item at hand something.
fn asks_item(call: &Call) -> bool {
    let Receiver::Value(node) = &call.receiver else { return false };
    let mut named = false;
    node.visit(&mut |node| named |= node.unrolls().is_some());
    named
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
