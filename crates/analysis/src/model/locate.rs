//! Where a predicate is asked: about which variable, and which question.

use std::sync::Arc;

use target_rules::Truth;
use target_rules::condition::{
    BooleanExpression, Clause, Comparison, Container, DateExpression, Expression, Measure, NumberExpression,
    NumberSet, OpaqueCall, Predicate, Presence, Read, Selection, Set, Subject, TextExpression, TextSet,
    Values,
};

use super::question::{Key, Question};

/// What a predicate comes to.
pub(crate) enum Located {
    /// It has one answer whatever is the case.
    Always(Truth),
    Asked(Key, Question),
    /// A comparison of two truth values, which are clauses of their own.
    Booleans,
    /// A question about a custom field or segment.
    Container,
}

pub(crate) fn locate(predicate: &Predicate) -> Located {
    let found = match predicate {
        Predicate::In(subject, set) => match (&**subject, set) {
            (Subject::Number(number), Set::Numbers(set)) => return numbers(number, set),
            (Subject::Text(text), Set::Texts(texts)) => {
                Some((Key::Text(text.clone()), Question::Texts(texts.clone())))
            }
            (Subject::Date(date), Set::Dates(operator, constant)) => {
                Some((Key::Date(date.clone()), Question::DateIs(*operator, *constant)))
            }
            (Subject::Boolean(boolean), Set::True) => Some((boolean_key(boolean), Question::Holds)),
            (Subject::Presence(expression), Set::Presence(presence)) => presence_of(expression, presence),
            (Subject::Container(_), Set::Values(Values::Includes(_) | Values::Any)) => {
                return Located::Container;
            }
            _ => None,
        },
        Predicate::Compares(comparison) => match &**comparison {
            Comparison::Booleans(..) => return Located::Booleans,
            other => compared(other),
        },
        Predicate::Call(call) => match &**call {
            OpaqueCall::ItemMatches(selection) => selected(selection),
            _ => None,
        },
        _ => None,
    };
    match found {
        Some((key, question)) => Located::Asked(key, question),
        None => Located::Asked(Key::Opaque(predicate.clone()), Question::Holds),
    }
}

/// The variable of a number, where the number is one by itself.
pub(crate) fn number_key(number: &NumberExpression) -> Key {
    match number {
        NumberExpression::Aggregate(aggregate) if aggregate.measure == Measure::Count => {
            Key::Count(aggregate.section.clone(), aggregate.selection.clone())
        }
        other => Key::Number(other.clone()),
    }
}

fn boolean_key(boolean: &BooleanExpression) -> Key {
    match boolean {
        BooleanExpression::Includes(aggregate) => {
            Key::Count(aggregate.section.clone(), aggregate.selection.clone())
        }
        other => Key::Boolean(other.clone()),
    }
}

fn numbers(number: &NumberExpression, set: &NumberSet) -> Located {
    let (key, question) = match number {
        NumberExpression::Constant(constant) => {
            return Located::Always(Truth::from(set.contains(*constant)));
        }
        NumberExpression::Part(part, date) if is_plain(date) => {
            (Key::Date(date.clone()), Question::Part(*part, set.clone()))
        }
        NumberExpression::Distance(distance, dates) => match (&dates.0, &dates.1) {
            (date, DateExpression::Constant(constant)) if is_plain(date) => {
                (Key::Date(date.clone()), Question::Distance(*distance, *constant, set.clone()))
            }
            _ => (Key::Number(number.clone()), Question::Numbers(set.clone())),
        },
        NumberExpression::Interval(inner, edges) if is_base(inner) => {
            (number_key(inner), Question::Interval(edges.clone(), set.clone()))
        }
        NumberExpression::Negate(inner) if is_base(inner) => {
            (number_key(inner), Question::Negated(set.clone()))
        }
        other => (number_key(other), Question::Numbers(set.clone())),
    };
    Located::Asked(key, question)
}

/// A selection, as a question about the attribute of the current item.
pub(crate) fn selected(selection: &Selection) -> Option<(Key, Question)> {
    let texts = match selection {
        Selection::Equals { value, .. } => TextSet::Values([value.clone()].into()),
        Selection::Matches { pattern, .. } => TextSet::Matching(pattern.clone()),
        Selection::EqualsAndMatches { value, pattern, .. } if pattern.is_match(value) => {
            TextSet::Values([value.clone()].into())
        }
        Selection::EqualsAndMatches { .. } => TextSet::Values([].into()),
        _ => return None,
    };
    Some((Key::ItemText(selection.attribute()?.clone()), Question::Selected(texts)))
}

/// Whether a number is a variable by itself.
fn is_base(number: &NumberExpression) -> bool {
    matches!(
        number,
        NumberExpression::Attribute(_) | NumberExpression::Answer(_) | NumberExpression::Aggregate(_)
    )
}

/// Whether a date comes from the document.
fn is_plain(date: &DateExpression) -> bool {
    match date {
        DateExpression::Attribute(_) | DateExpression::Answer(_) => true,
        DateExpression::Text(text) => !matches!(text, TextExpression::Constant(_)),
        _ => false,
    }
}

fn presence_of(expression: &Expression, presence: &Presence) -> Option<(Key, Question)> {
    match (expression, presence) {
        (Expression::Number(number), Presence::Absent) => {
            let key = match number {
                NumberExpression::Part(_, date) if is_plain(date) => Key::Date(date.clone()),
                NumberExpression::Distance(_, dates) => match (&dates.0, &dates.1) {
                    // A constant that is no date is a fault, which is not absence.
                    (date, DateExpression::Constant(constant)) if is_plain(date) => {
                        return Some((Key::Date(date.clone()), Question::AbsentBeside(*constant)));
                    }
                    _ => number_key(number),
                },
                NumberExpression::Interval(inner, _) | NumberExpression::Negate(inner) if is_base(inner) => {
                    number_key(inner)
                }
                other => number_key(other),
            };
            Some((key, Question::Absent))
        }
        (Expression::Text(text), Presence::Absent) => Some((Key::Text(text.clone()), Question::Absent)),
        (Expression::Text(text), Presence::Holding(part)) => {
            Some((Key::Text(text.clone()), Question::Holding(part.clone())))
        }
        (Expression::Date(date), Presence::Absent) => Some((Key::Date(date.clone()), Question::Absent)),
        (Expression::Date(date), Presence::Valid) => Some((Key::Date(date.clone()), Question::Valid)),
        (Expression::Boolean(operand), Presence::Absent) if operand.needs.is_empty() => {
            let Clause::Literal(literal) = &operand.clause else { return None };
            match &*literal.predicate {
                Predicate::In(subject, Set::True) => match &**subject {
                    Subject::Boolean(boolean) => Some((boolean_key(boolean), Question::Absent)),
                    _ => None,
                },
                _ => None,
            }
        }
        _ => None,
    }
}

fn compared(comparison: &Comparison) -> Option<(Key, Question)> {
    Some(match comparison {
        Comparison::Numbers { operator, left, right, .. } => {
            // Both orders of two numbers are one variable.
            let (left, right, operator) = match format!("{left:?}") <= format!("{right:?}") {
                true => (left, right, *operator),
                false => (right, left, operator.mirrored()),
            };
            (Key::NumberOrder(left.clone(), right.clone()), Question::Order(operator))
        }
        Comparison::Dates { operator, left, right } => {
            let (left, right, operator) = match format!("{left:?}") <= format!("{right:?}") {
                true => (left, right, *operator),
                false => (right, left, operator.mirrored()),
            };
            (Key::DateOrder(left.clone(), right.clone()), Question::Order(operator))
        }
        Comparison::Texts(left, right) => {
            let (left, right) = match format!("{left:?}") <= format!("{right:?}") {
                true => (left, right),
                false => (right, left),
            };
            let equal = Question::Order(target_rules::syntax::Operator::Equal);
            (Key::SameText(left.clone(), right.clone()), equal)
        }
        _ => return None,
    })
}

/// Whether the profile of a custom field or segment has any.
pub(crate) fn fields_of(container: &Container) -> Key {
    let (section, segments): (Arc<str>, bool) = match container.read() {
        Read::CustomField { section, .. } => (section.clone(), false),
        Read::Segment { section, .. } => (section.clone(), true),
        _ => ("".into(), false),
    };
    Key::Fields { section, segments }
}
