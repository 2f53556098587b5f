//! Operands of tests, each of one type, resolved to slots.

use std::sync::Arc;

use crate::syntax::Operator;
use crate::transaction::{Cell, CurrentEntry};
use crate::typed::Figure;
use crate::value::{DateDistance, DatePart, DateText, Number};

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
        evaluation.derived(self.number, |evaluation| self.aggregate.compute(evaluation.transaction()))
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
    pub(crate) fn value<'t>(&self, evaluation: &mut Evaluation<'t>) -> Result<Time, Missing> {
        let of_cell = |cell: &Cell, evaluation: &Evaluation<'t>| match cell {
            Cell::Date(date) => Time::of(*date, evaluation.zone()),
            _ => Err(Missing::Absent),
        };
        let computed =
            |time: Result<Time, Missing>| time.map_or_else(DerivedValue::Missing, DerivedValue::Time);
        let value = match self {
            DateOperand::Slot(slot, number) => evaluation.derived(*number, |evaluation| {
                computed(of_cell(evaluation.transaction().cell(*slot as usize), evaluation))
            }),
            DateOperand::Constant(date, number) => {
                evaluation.derived(*number, |evaluation| computed(Time::of(*date, evaluation.zone())))
            }
            DateOperand::Entry(slot) => {
                return of_cell(Location::Entry(*slot).cell(evaluation), evaluation);
            }
            DateOperand::Text(text) => {
                let date = DateText::parse(text.value(evaluation)?);
                return Time::of(date, evaluation.zone());
            }
        };
        match value {
            DerivedValue::Time(time) => Ok(time),
            DerivedValue::Missing(missing) => Err(missing),
            DerivedValue::Number(_) | DerivedValue::Boolean(_) => Err(Missing::Absent),
        }
    }
}
