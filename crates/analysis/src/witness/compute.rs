//! What computed values come to, as the interpreter computes them.

use std::cmp::Ordering;

use target_rules::condition::{DateExpression, NumberExpression, OpaqueCall, Predicate, TextExpression};
use target_rules::syntax::Operator;
use target_rules::value::NumberFault;
use target_rules::{Instant, Number, Zone};

use crate::model::{Key, Sample, number_key};

/// Gives the states of the values that are read.
pub(super) struct Values<'v, F> {
    pub(super) of: &'v F,
    pub(super) zone: &'v Zone,
}

impl<F: Fn(&Key) -> Option<Sample>> Values<'_, F> {
    /// The state of a computed variable; `None` of one that is read, or that is
    /// not computed here.
    pub(super) fn computed(&self, key: &Key) -> Option<Sample> {
        match key {
            Key::Number(
                NumberExpression::Attribute(_) | NumberExpression::Answer(_) | NumberExpression::Aggregate(_),
            ) => None,
            Key::Number(number) => Some(match self.number(number) {
                Some(number) => Sample::Number(number),
                None => Sample::Absent,
            }),
            Key::NumberOrder(left, right) => Some(order(self.number(left), self.number(right))),
            Key::DateOrder(left, right) => Some(order(self.date(left), self.date(right))),
            Key::SameText(left, right) => Some(match (self.text(left), self.text(right)) {
                (Some(left), Some(right)) if left == right => Sample::Order(Ordering::Equal),
                (Some(_), Some(_)) => Sample::Order(Ordering::Less),
                _ => Sample::Absent,
            }),
            Key::Opaque(Predicate::Call(call)) => match &**call {
                OpaqueCall::Contains { text, part } => Some(match (self.text(text), self.text(part)) {
                    (Some(text), Some(part)) => Sample::Boolean(text.contains(&part)),
                    _ => Sample::Absent,
                }),
                _ => None,
            },
            _ => None,
        }
    }

    pub(super) fn number(&self, number: &NumberExpression) -> Option<Number> {
        match number {
            NumberExpression::Constant(constant) => Some(*constant),
            NumberExpression::Part(part, date) => {
                Some(Number::from(self.zone.local(self.date(date)?).part(*part)))
            }
            NumberExpression::Distance(distance, dates) => {
                let (from, to) = (self.date(&dates.0)?, self.date(&dates.1)?);
                Some(Number::from(distance.between(from, to, self.zone)))
            }
            NumberExpression::Interval(inner, edges) => {
                let number = self.number(inner)?;
                let below = edges.iter().filter(|edge| **edge < number).count();
                i64::try_from(below.wrapping_add(1)).ok().map(Number::from)
            }
            NumberExpression::Negate(inner) => Some(self.number(inner)?.negate()),
            NumberExpression::Arithmetic(chain) => {
                let mut result = self.number(&chain.first)?;
                for (operator, operand) in &chain.steps {
                    result = applied(*operator, result, self.number(operand)?)?.ok()?;
                }
                Some(result)
            }
            other => match (self.of)(&number_key(other))? {
                Sample::Number(number) => Some(number),
                _ => None,
            },
        }
    }

    fn date(&self, date: &DateExpression) -> Option<Instant> {
        match date {
            DateExpression::Constant(constant) => constant.resolve(self.zone),
            other => match (self.of)(&Key::Date(other.clone()))? {
                Sample::Date(date) => Some(date),
                _ => None,
            },
        }
    }

    fn text(&self, text: &TextExpression) -> Option<String> {
        match text {
            TextExpression::Constant(constant) => Some(constant.to_string()),
            other => match (self.of)(&Key::Text(other.clone()))? {
                Sample::Text(text) => Some(text.to_string()),
                _ => None,
            },
        }
    }
}

fn order<T: Ord>(left: Option<T>, right: Option<T>) -> Sample {
    match (left, right) {
        (Some(left), Some(right)) => Sample::Order(left.cmp(&right)),
        _ => Sample::Absent,
    }
}

fn applied(operator: Operator, left: Number, right: Number) -> Option<Result<Number, NumberFault>> {
    Some(match operator {
        Operator::Add => left.plus(right),
        Operator::Subtract => left.minus(right),
        Operator::Multiply => left.times(right),
        Operator::Divide => left.divided_by(right),
        Operator::Remainder => left.remainder(right),
        _ => return None,
    })
}
