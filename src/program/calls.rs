//! Calls of methods, compiled.

use crate::rule::{Argument, Call, Node, Read, Receiver, Selection, TRANSACTION};
use crate::schema::{Each, Function};
use crate::syntax::Operator;
use crate::transaction::{Derived as DerivedKey, ListPlan};

use super::aggregate::{Aggregate, Asked, Chosen, FigureSlots};
use super::compile::{Compiled, Compiler, NotInLayout, leaf, rare, slot_number};
use super::flow::{Formula, Polarity};
use super::operand::{Derived, Distance, NumberOperand, Numeric, Part, Place};
use super::test::{Part as TextPart, Question, RareTest, Test, WeekdaySet};

impl Compiler<'_> {
    pub(super) fn number_call(&self, call: &Call, node: &Node) -> Compiled<NumberOperand> {
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

    pub(super) fn answer(&self, call: &Call) -> Compiled<Place> {
        match &call.read {
            Some(read) => Ok(Place::Slot(self.slot(read)?)),
            None => Err(NotInLayout),
        }
    }

    pub(super) fn aggregate(&self, call: &Call, node: &Node) -> Compiled<Derived> {
        let asked = Asked::by(call.function).ok_or(NotInLayout)?;
        let (list, plan) = self.list(&call.list_section(), Each::LineItems)?;
        let chosen = self.chosen(call, plan)?;
        let aggregate = Aggregate { list, figures: FigureSlots::of(plan), chosen, asked };
        self.derived(DerivedKey::named(node), aggregate)
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

    /// A call that is true or false.
    pub(super) fn call(&self, call: &Call, node: &Node, polarity: Polarity) -> Compiled<Formula> {
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
pub(super) fn asks_item(call: &Call) -> bool {
    let Receiver::Value(node) = &call.receiver else { return false };
    let mut named = false;
    node.visit(&mut |node| named |= node.unrolls().is_some());
    named
}
