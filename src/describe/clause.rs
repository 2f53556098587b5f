//! Predicates as clauses: "the customer's tier is "Gold"".

use std::sync::Arc;

use crate::condition::{
    BooleanExpression, Comparison, Container, DateExpression, Expression, NumberExpression, NumberRange,
    NumberSet, OpaqueCall, Presence, Read, Selection, Set, Subject, TextExpression, TextSet, Values,
};
use crate::syntax::Operator;
use crate::value::Number;

use super::amount::{amount, in_ranges};
use super::noun::{self, Named, Voice};
use super::pattern::matches;
use super::phrase::{denied, listed, quoted};
use super::time;

/// Whether the value of a subject is in a set; `None` where that depends on a
/// clause of its own.
pub(super) fn membership(subject: &Subject, set: &Set, negated: bool, voice: Voice) -> Option<String> {
    Some(match (subject, set) {
        (Subject::Number(number), Set::Numbers(numbers)) => number_in(number, numbers, negated, voice),
        (Subject::Text(text), Set::Texts(texts)) => text_in(text, texts, negated, voice),
        (Subject::Date(date), Set::Dates(operator, constant)) => {
            time::compared(date, *operator, constant, negated, voice)
        }
        (Subject::Boolean(boolean), _) => boolean_is(boolean, !negated, voice),
        (Subject::Presence(of), Set::Presence(presence)) => present(of, presence, negated, voice)?,
        (Subject::Container(container), Set::Values(Values::Includes(value))) => {
            has_values(container, &[quoted(value)], negated, voice)
        }
        (Subject::Container(container), _) => {
            let has = if negated { "has no value" } else { "has a value" };
            format!("{} {has}", noun::container(container, voice))
        }
        _ => return None,
    })
}

fn number_in(number: &NumberExpression, set: &NumberSet, negated: bool, voice: Voice) -> String {
    match number {
        NumberExpression::Part(part, date) => time::part(*part, date, set, negated, voice),
        NumberExpression::Interval(inner, edges) => {
            let ranges = ranges_of(edges, |at| set.contains(Number::from_index(at)) != negated);
            let edges = edges.len();
            match ranges.as_slice() {
                [] => format!("{} is in no interval", noun::number(inner, voice)),
                [NumberRange { low: None, high: None }] if edges > 0 => {
                    format!("{} is any number", noun::number(inner, voice))
                }
                _ => in_ranges(inner, &ranges, voice),
            }
        }
        _ => amount(number, set, negated, voice),
    }
}

/// The intervals between edges that are in a set, by their positions from 0, as
/// ranges; those that touch are joined.
fn ranges_of(edges: &Arc<[Number]>, holds: impl Fn(usize) -> bool) -> Vec<NumberRange> {
    let mut ranges: Vec<NumberRange> = Vec::new();
    let mut joins = false;
    for at in 0..=edges.len() {
        if !holds(at) {
            joins = false;
            continue;
        }
        // The upper edge belongs to its interval.
        let high = edges.get(at).map(|edge| (*edge, true));
        let low = at.checked_sub(1).and_then(|before| edges.get(before)).map(|edge| (*edge, false));
        match ranges.last_mut().filter(|_| joins) {
            Some(range) => range.high = high,
            None => ranges.push(NumberRange { low, high }),
        }
        joins = true;
    }
    ranges
}

fn text_in(text: &TextExpression, set: &TextSet, negated: bool, voice: Voice) -> String {
    let noun = noun::text(text, voice);
    match set {
        TextSet::Values(values) => match &**values {
            [empty] if empty.is_empty() => format!("{noun} {} an empty text", is(!negated)),
            [one] => format!("{noun} {} {}", is(!negated), quoted(one)),
            several => {
                let texts: Vec<String> = several.iter().map(|text| quoted(text)).collect();
                match negated {
                    true => format!("{noun} is {}", denied(&texts)),
                    false => format!("{noun} is {}", listed(&texts, "or")),
                }
            }
        },
        TextSet::Containing(part) => contains_any(text, &[quoted(part)], negated, voice),
        TextSet::Matching(pattern) => format!("{noun} {}", matches(pattern, !negated)),
    }
}

fn is(holds: bool) -> &'static str {
    if holds { "is" } else { "is not" }
}

/// Whether a text contains one of several texts, which are in quotes already.
pub(super) fn contains_any(text: &TextExpression, parts: &[String], negated: bool, voice: Voice) -> String {
    let noun = noun::text(text, voice);
    match (negated, parts) {
        (false, _) => format!("{noun} contains {}", listed(parts, "or")),
        (true, [one]) => format!("{noun} does not contain {one}"),
        (true, _) => format!("{noun} contains {}", denied(parts)),
    }
}

/// Whether a custom field or a segment has one of several values, which are in
/// quotes already.
pub(super) fn has_values(container: &Container, values: &[String], negated: bool, voice: Voice) -> String {
    let noun = noun::container(container, voice);
    if let Read::Segment { name, .. } = container.read() {
        let owner = noun::container_owner(container, voice);
        let segment = format!("of the segment {}", quoted(name));
        return match (negated, values) {
            (false, _) => format!("{owner} is in {} {segment}", listed(values, "or")),
            (true, [one]) => format!("{owner} is not in {one} {segment}"),
            (true, _) => format!("{owner} is in {} {segment}", denied(values)),
        };
    }
    match (negated, values) {
        (false, _) => format!("{noun} has the value {}", listed(values, "or")),
        (true, [one]) => format!("{noun} does not have the value {one}"),
        (true, [first, second]) => format!("{noun} has neither the value {first} nor {second}"),
        (true, _) => format!("{noun} has none of the values {}", listed(values, "and")),
    }
}

fn boolean_is(boolean: &BooleanExpression, holds: bool, voice: Voice) -> String {
    match boolean {
        BooleanExpression::Attribute(leaf) => Named::Attribute(leaf).clause(holds, voice),
        BooleanExpression::Answer(answer) => Named::Answer(answer).clause(holds, voice),
        BooleanExpression::Includes(aggregate) => {
            let which =
                aggregate.selection.as_ref().map(|selection| format!(" {}", noun::selected(selection)));
            let has = if holds { "has an item" } else { "has no item" };
            format!("{} {has}{}", noun::item_holder(aggregate, voice), which.unwrap_or_default())
        }
    }
}

/// Whether a value is there; `None` of a truth value, which is a clause.
fn present(of: &Expression, presence: &Presence, negated: bool, voice: Voice) -> Option<String> {
    if let (Expression::Date(DateExpression::Text(of)), Presence::Valid) = (of, presence) {
        let reads = if negated { "does not read" } else { "reads" };
        return Some(format!("{} {reads} as a valid date", noun::text(of, voice)));
    }
    let noun = match of {
        Expression::Number(number) => noun::number(number, voice),
        Expression::Text(text) => noun::text(text, voice),
        Expression::Date(date) => noun::date(date, voice),
        Expression::Boolean(_) => return None,
    };
    let words = match (presence, negated) {
        (Presence::Absent, false) => "is missing".to_owned(),
        (Presence::Absent, true) => "is given".to_owned(),
        (Presence::Valid, false) => "is given and a valid date".to_owned(),
        (Presence::Valid, true) => "is missing or no valid date".to_owned(),
        (Presence::Holding(part), false) if part.is_empty() => "is given and not empty".to_owned(),
        (Presence::Holding(part), true) if part.is_empty() => "is missing or empty".to_owned(),
        (Presence::Holding(part), false) => format!("is given and contains {}", quoted(part)),
        (Presence::Holding(part), true) => format!("is missing or does not contain {}", quoted(part)),
    };
    Some(format!("{noun} {words}"))
}

/// How two values compare; `None` of two truth values, which are clauses.
pub(super) fn comparison(of: &Comparison, negated: bool, voice: Voice) -> Option<String> {
    Some(match of {
        Comparison::Numbers { operator, left, right, .. } => {
            numbers(*operator, (left, right), negated, voice)
        }
        Comparison::Dates { operator, left, right } => dates(*operator, (left, right), negated, voice),
        Comparison::Texts(left, right) => {
            let same = if negated { "is not the same as" } else { "is the same as" };
            format!("{} {same} {}", noun::text(left, voice), noun::text(right, voice))
        }
        Comparison::Booleans(..) => return None,
    })
}

fn numbers(
    operator: Operator,
    (left, right): (&NumberExpression, &NumberExpression),
    negated: bool,
    voice: Voice,
) -> String {
    if let (NumberExpression::Part(part, from), NumberExpression::Part(other, to)) = (left, right)
        && (part, operator) == (other, Operator::Equal)
    {
        return time::same_part(*part, (from, to), negated, voice);
    }
    let words = match if negated { time::opposite(operator) } else { operator } {
        Operator::Less => "is less than",
        Operator::LessOrEqual => "is at most",
        Operator::Greater => "is more than",
        Operator::GreaterOrEqual => "is at least",
        Operator::NotEqual => "is not equal to",
        _ => "is equal to",
    };
    format!("{} {words} {}", noun::number(left, voice), noun::number(right, voice))
}

fn dates(
    operator: Operator,
    (left, right): (&DateExpression, &DateExpression),
    negated: bool,
    voice: Voice,
) -> String {
    let words = match if negated { time::opposite(operator) } else { operator } {
        Operator::Less => "is before",
        Operator::LessOrEqual => "is not after",
        Operator::Greater => "is after",
        Operator::GreaterOrEqual => "is not before",
        Operator::NotEqual => "is not the same moment as",
        _ => "is the same moment as",
    };
    format!("{} {words} {}", noun::date(left, voice), noun::date(right, voice))
}

/// A call that is no set of values.
pub(super) fn opaque(call: &OpaqueCall, negated: bool, voice: Voice) -> String {
    match call {
        OpaqueCall::Contains { text, part } => contains_any(text, &[noun::text(part, voice)], negated, voice),
        OpaqueCall::ItemMatches(selection) => item_matches(selection, negated, voice),
    }
}

/// Whether the current item is selected. It is not where it lacks the attribute.
fn item_matches(selection: &Selection, negated: bool, voice: Voice) -> String {
    let possessive = if voice == Voice::Whose { "whose" } else { "its" };
    let missing = if negated { " (or is missing)" } else { "" };
    match selection {
        Selection::Equals { attribute, value } => {
            let name = noun::item_attribute(attribute);
            format!("{possessive} {name} {} {}{missing}", is(!negated), quoted(value))
        }
        Selection::Matches { attribute, pattern } => {
            let name = noun::item_attribute(attribute);
            format!("{possessive} {name} {}{missing}", matches(pattern, !negated))
        }
        other => {
            let whether = if negated { "is not one" } else { "is one" };
            format!("it {whether} {}", noun::selected(other))
        }
    }
}
