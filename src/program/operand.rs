//! Operands of tests, each of one type, resolved to slots.

use std::sync::Arc;

use crate::syntax::Operator;
use crate::transaction::{Cell, CurrentEntry};
use crate::typed::Figure;
use crate::value::{DateDistance, DatePart, DateText, Instant, LocalTime, Number};

use super::aggregate::{CompiledAggregate, FigureSlots};
use super::computed::{DerivedValue, Time};
use super::evaluation::Evaluation;
use super::numeric::{Missing, Numeric, number_of};

/// Where a value stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Location {
    Slot(u32),
    Entry(u32),
}

impl Location {
    #[inline]
    pub(crate) fn cell<'t>(self, evaluation: &Evaluation<'t>) -> &'t Cell {
        match (self, evaluation.current_entry()) {
            (Location::Slot(slot), _) => evaluation.transaction().cell(slot as usize),
            (Location::Entry(slot), CurrentEntry::At(entry)) => entry.cell(slot as usize),
            (Location::Entry(_), CurrentEntry::None | CurrentEntry::Missing) => &Cell::Absent,
        }
    }
}

#[derive(Debug)]
pub(crate) enum NumberOperand {
    Constant(Numeric),
    Missing(Missing),
    At(Location),
    /// As the document states it, else another operand: what it states under an
    /// equal name, or what is computed from the items.
    Stated(u32, Box<NumberOperand>),
    Derived(Box<DerivedAggregate>),
    /// A figure of the current item: as stated, else from its others.
    EntryFigure(Figure, FigureSlots),
    EntryPercentage(u32, FigureSlots),
    Negate(Box<NumberOperand>),
    Arithmetic(Box<ArithmeticOperand>),
    Interval(Box<NumberOperand>, Arc<[Number]>),
    Part(DateOperand, DatePart),
    Distance(DateDistance, Box<(DateOperand, DateOperand)>),
}

/// A chain of arithmetic: a number, and what is done to it step by step.
#[derive(Debug)]
pub(crate) struct ArithmeticOperand {
    pub(crate) first: NumberOperand,
    pub(crate) steps: Vec<ArithmeticStep>,
}

#[derive(Debug)]
pub(crate) enum ArithmeticStep {
    Apply(Operator, NumberOperand),
    /// A product with a whole constant.
    TimesWhole(i64),
    /// A quotient by a whole constant that is not zero.
    DividedByWhole(i64),
}

impl ArithmeticOperand {
    fn value(&self, evaluation: &mut Evaluation<'_>) -> Result<Numeric, Missing> {
        let mut result = self.first.value(evaluation);
        for step in &self.steps {
            result = match (step, result) {
                (ArithmeticStep::Apply(operator, operand), left) => match (left, operand.value(evaluation)) {
                    (Ok(left), Ok(right)) => Numeric::apply(*operator, left, right),
                    (Err(missing), other) | (other, Err(missing)) => Err(missing.with(&other)),
                },
                (ArithmeticStep::TimesWhole(factor), Ok(number)) => times_whole(number, *factor),
                (ArithmeticStep::DividedByWhole(divisor), Ok(number)) => divided_by_whole(number, *divisor),
                (_, missing) => missing,
            };
        }
        result
    }
}

fn times_whole(number: Numeric, factor: i64) -> Result<Numeric, Missing> {
    if let Numeric::Fixed(fixed) = number
        && let Some(product) = fixed.times_whole(factor)
    {
        return Ok(Numeric::Fixed(product));
    }
    Numeric::apply(Operator::Multiply, number, Numeric::integer(factor))
}

fn divided_by_whole(number: Numeric, divisor: i64) -> Result<Numeric, Missing> {
    if let Numeric::Fixed(fixed) = number
        && let Some(quotient) = fixed.divided_by_whole(divisor)
    {
        return Ok(Numeric::Fixed(quotient));
    }
    Numeric::apply(Operator::Divide, number, Numeric::integer(divisor))
}

/// An aggregate or computed attribute with its number among derived values.
#[derive(Debug)]
pub(crate) struct DerivedAggregate {
    pub(crate) number: u32,
    pub(crate) aggregate: CompiledAggregate,
}

impl DerivedAggregate {
    pub(crate) fn value(&self, evaluation: &mut Evaluation<'_>) -> DerivedValue {
        // Of most bills no item has the value that a rule asks for. To see that
        // again takes less time than to keep it.
        if let Some(nothing) = self.aggregate.of_nothing(evaluation) {
            return nothing;
        }
        evaluation.derived(self.number, |evaluation| self.aggregate.compute(evaluation))
    }

    fn number(&self, evaluation: &mut Evaluation<'_>) -> Result<Numeric, Missing> {
        match self.value(evaluation) {
            DerivedValue::Number(number) => Ok(number),
            DerivedValue::Missing(missing) => Err(missing),
            DerivedValue::Boolean(_) | DerivedValue::Time(_) => Err(Missing::Absent),
        }
    }
}

impl NumberOperand {
    pub(crate) fn value<'t>(&self, evaluation: &mut Evaluation<'t>) -> Result<Numeric, Missing> {
        match self {
            NumberOperand::Constant(number) => Ok(*number),
            NumberOperand::Missing(missing) => Err(*missing),
            NumberOperand::At(location) => number_of(location.cell(evaluation)),
            NumberOperand::Stated(slot, otherwise) => {
                let stated = number_of(Location::Slot(*slot).cell(evaluation));
                stated.or_else(|_| otherwise.value(evaluation))
            }
            NumberOperand::Derived(derived) => derived.number(evaluation),
            NumberOperand::EntryFigure(figure, slots) => match evaluation.current_entry() {
                CurrentEntry::At(entry) => slots.figure(*figure, *entry),
                CurrentEntry::None | CurrentEntry::Missing => Err(Missing::Absent),
            },
            NumberOperand::EntryPercentage(stated, slots) => match evaluation.current_entry() {
                CurrentEntry::At(entry) => match number_of(entry.cell(*stated as usize)) {
                    Ok(number) => Ok(number),
                    Err(_) => slots.discount_percentage(*entry),
                },
                CurrentEntry::None | CurrentEntry::Missing => Err(Missing::Absent),
            },
            NumberOperand::Negate(operand) => Ok(match operand.value(evaluation)? {
                Numeric::Fixed(number) => Numeric::Fixed(number.negate()),
                Numeric::Number(number) => Numeric::Number(number.negate()),
            }),
            NumberOperand::Arithmetic(chain) => chain.value(evaluation),
            NumberOperand::Interval(operand, edges) => {
                let value = operand.value(evaluation)?.number();
                let below = edges.partition_point(|edge| *edge < value);
                Ok(Numeric::from(Number::from_index(below)))
            }
            NumberOperand::Part(date, part) => {
                Ok(Numeric::integer(date.value(evaluation)?.local.part(*part)))
            }
            NumberOperand::Distance(distance, dates) => {
                let (from, to) = (dates.0.value(evaluation), dates.1.value(evaluation));
                match (from, to) {
                    (Ok(from), Ok(to)) => {
                        let distance =
                            distance.between_local((from.instant, from.local), (to.instant, to.local));
                        Ok(Numeric::integer(distance))
                    }
                    (Err(missing), other) | (other, Err(missing)) => Err(missing.with(&other)),
                }
            }
        }
    }
}

#[derive(Debug)]
pub(crate) enum TextOperand {
    Constant(Arc<str>),
    At(Location),
}

impl TextOperand {
    #[inline]
    pub(crate) fn value<'a, 't: 'a>(&'a self, evaluation: &Evaluation<'t>) -> Result<&'a str, Missing> {
        match self {
            TextOperand::Constant(text) => Ok(text),
            TextOperand::At(location) => match location.cell(evaluation) {
                Cell::Text(span, _) => Ok(evaluation.transaction().text(*span)),
                _ => Err(Missing::Absent),
            },
        }
    }
}

#[derive(Debug)]
pub(crate) enum DateOperand {
    /// A slot, and its number among derived values.
    Slot(u32, u32),
    Entry(u32),
    /// A date that the rule writes, and its number among derived values.
    Constant(DateText, u32),
    /// A string where a date is expected.
    Text(TextOperand),
}

impl DateOperand {
    /// Its number among derived values, where it has one.
    pub(crate) fn number(&self) -> Option<u32> {
        match self {
            DateOperand::Slot(_, number) | DateOperand::Constant(_, number) => Some(*number),
            DateOperand::Entry(_) | DateOperand::Text(_) => None,
        }
    }

    /// The date as it is written.
    #[inline]
    fn text(&self, evaluation: &Evaluation<'_>) -> Result<DateText, Missing> {
        let cell = match self {
            DateOperand::Constant(date, _) => return Ok(*date),
            DateOperand::Text(text) => return Ok(DateText::parse(text.value(evaluation)?)),
            DateOperand::Slot(slot, _) => Location::Slot(*slot).cell(evaluation),
            DateOperand::Entry(slot) => Location::Entry(*slot).cell(evaluation),
        };
        match cell {
            Cell::Date(date) => Ok(*date),
            _ => Err(Missing::Absent),
        }
    }

    /// The instant.
    pub(crate) fn instant(&self, evaluation: &mut Evaluation<'_>) -> Result<Instant, Missing> {
        match self.text(evaluation)? {
            DateText::Instant(instant) => Ok(instant),
            date => Ok(self.resolved(date, evaluation)?.instant),
        }
    }

    /// The instant and its local time.
    pub(crate) fn value(&self, evaluation: &mut Evaluation<'_>) -> Result<Time, Missing> {
        match self.text(evaluation)? {
            // To see the local time of an instant takes less than to keep it.
            DateText::Instant(instant) => Ok(Time { instant, local: evaluation.local(instant) }),
            date => self.resolved(date, evaluation),
        }
    }

    /// The local time.
    #[inline]
    pub(crate) fn local(&self, evaluation: &mut Evaluation<'_>) -> Result<LocalTime, Missing> {
        match self.text(evaluation)? {
            DateText::Instant(instant) => Ok(evaluation.local(instant)),
            date => Ok(self.resolved(date, evaluation)?.local),
        }
    }

    /// The same for a date whose instant depends on the zone, resolved at most
    /// once where it has a number.
    #[inline(never)]
    fn resolved(&self, date: DateText, evaluation: &mut Evaluation<'_>) -> Result<Time, Missing> {
        let Some(number) = self.number() else { return Time::of(date, evaluation.zone()) };
        let time = evaluation.derived(number, |evaluation| {
            let time = Time::of(date, evaluation.zone());
            time.map_or_else(DerivedValue::Missing, DerivedValue::Time)
        });
        match time {
            DerivedValue::Time(time) => Ok(time),
            DerivedValue::Missing(missing) => Err(missing),
            DerivedValue::Number(_) | DerivedValue::Boolean(_) => Err(Missing::Absent),
        }
    }
}
