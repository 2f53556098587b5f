//! Numbers as engines compute with them.

use std::cmp::Ordering;

use crate::syntax::Operator;
use crate::transaction::Cell;
use crate::value::{Fixed, Number};

/// Why an operand has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Missing {
    Absent,
    /// It is there but cannot be used, or something it needs is.
    Fault,
}

impl Missing {
    /// Of two operands without a value, or of one: a fault is no absence.
    pub(crate) fn with<T>(self, other: &Result<T, Missing>) -> Missing {
        if matches!(other, Err(Missing::Fault)) { Missing::Fault } else { self }
    }
}

/// A number in the cheapest form that holds it.
///
/// INVARIANT: a number that fits [`Fixed`] is one.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Numeric {
    Fixed(Fixed),
    Number(Number),
}

impl From<Number> for Numeric {
    fn from(number: Number) -> Numeric {
        Fixed::of(number).map_or(Numeric::Number(number), Numeric::Fixed)
    }
}

impl Numeric {
    pub(crate) fn number(self) -> Number {
        match self {
            Numeric::Fixed(fixed) => fixed.number(),
            Numeric::Number(number) => number,
        }
    }

    pub(crate) fn order(self, other: Numeric) -> Ordering {
        match (self, other) {
            (Numeric::Fixed(left), Numeric::Fixed(right)) => left.cmp(&right),
            _ => self.number().cmp(&other.number()),
        }
    }

    pub(super) fn integer(value: i64) -> Numeric {
        Numeric::from(Number::from_integer(value))
    }

    pub(crate) fn apply(operator: Operator, left: Numeric, right: Numeric) -> Result<Numeric, Missing> {
        if let (Numeric::Fixed(left), Numeric::Fixed(right)) = (left, right) {
            let result = match operator {
                Operator::Add => left.plus(right),
                Operator::Subtract => left.minus(right),
                Operator::Multiply => match (right.whole(), left.whole()) {
                    (Some(factor), _) => left.times_whole(factor),
                    (None, Some(factor)) => right.times_whole(factor),
                    (None, None) => None,
                },
                _ => None,
            };
            if let Some(result) = result {
                return Ok(Numeric::Fixed(result));
            }
        }
        // INVARIANT: only arithmetic operators stand between numbers here.
        let apply = operator.arithmetic().ok_or(Missing::Absent)?;
        apply(left.number(), right.number()).map(Numeric::from).map_err(|_| Missing::Fault)
    }
}

/// The number of a cell.
#[inline]
pub(crate) fn number_of(cell: &Cell) -> Result<Numeric, Missing> {
    match cell {
        Cell::Fixed(number) => Ok(Numeric::Fixed(*number)),
        Cell::Number(number) => Ok(Numeric::Number(*number)),
        _ => Err(Missing::Absent),
    }
}
