//! Numbers compared with constants: "the customer has more than 240 redeemable
//! points", "the tier number is 2 or 3".

use crate::condition::{Measure, NumberExpression, NumberRange, NumberSet};
use crate::diagnostic::visible;
use crate::schema::ListName;
use crate::value::{DateDistance, Number};

use super::noun::{self, Named, Voice};
use super::phrase::{denied, grouped, listed};

/// Whether a number is in a set, where it is neither a part of a date nor the
/// number of an interval.
pub(super) fn amount(number: &NumberExpression, set: &NumberSet, negated: bool, voice: Voice) -> String {
    let ranges: Vec<NumberRange> = set.ranges().collect();
    if let ([range], false) = (ranges.as_slice(), negated)
        && let Some(clause) = around(number, *range, voice)
    {
        return clause;
    }
    if let (NumberExpression::Distance(distance, dates), [range]) = (number, ranges.as_slice())
        && single(*range).is_some_and(Number::is_zero)
    {
        let (from, to) = (noun::date(&dates.0, voice), noun::date(&dates.1, voice));
        return match (distance, negated) {
            (DateDistance::Days, false) => format!("{from} and {to} are on the same day"),
            (DateDistance::Days, true) => format!("{from} and {to} are on different days"),
            (DateDistance::Minutes, false) => format!("{from} and {to} are less than a minute apart"),
            (DateDistance::Minutes, true) => format!("{from} and {to} are at least a minute apart"),
            (DateDistance::Anniversary, false) => format!("{from} is on an anniversary of {to}"),
            (DateDistance::Anniversary, true) => format!("{from} is not on an anniversary of {to}"),
        };
    }
    let unit = Named::of_number(number).and_then(Named::unit);
    let unit = unit.map(|unit| format!(" {}", visible(unit))).unwrap_or_default();
    format!("{} {}{unit}", noun::number(number, voice), within(&ranges, negated))
}

/// Whether a number lies in one of several ranges, by its noun alone.
pub(super) fn in_ranges(number: &NumberExpression, ranges: &[NumberRange], voice: Voice) -> String {
    match ranges {
        [range] => match around(number, *range, voice) {
            Some(clause) => clause,
            None => format!("{} {}", noun::number(number, voice), within(ranges, false)),
        },
        _ => format!("{} {}", noun::number(number, voice), within(ranges, false)),
    }
}

/// The one number of a range.
fn single(range: NumberRange) -> Option<Number> {
    match (range.low, range.high) {
        (Some((low, true)), Some((high, true))) if low == high => Some(low),
        _ => None,
    }
}

/// A clause that has the number in it.
fn around(number: &NumberExpression, range: NumberRange, voice: Voice) -> Option<String> {
    let (words, last) = counted(range)?;
    let words = words.replace("less than", "fewer than");
    let one = last == Number::from_integer(1);
    match number {
        NumberExpression::Aggregate(of) if of.measure == Measure::Count => {
            let items = if one { ListName::LineItems.entry() } else { ListName::LineItems.entries() };
            let which = of.selection.as_ref().map(|selection| format!(" {}", noun::selected(selection)));
            Some(format!("{} has {words} {items}{}", noun::item_holder(of, voice), which.unwrap_or_default()))
        }
        NumberExpression::Distance(distance, dates) if !single(range).is_some_and(Number::is_zero) => {
            let (from, to) = (noun::date(&dates.0, voice), noun::date(&dates.1, voice));
            let (verb, ending) = if one { ("is", "") } else { ("are", "s") };
            Some(match distance {
                DateDistance::Days => format!("there {verb} {words} day{ending} between {from} and {to}"),
                DateDistance::Minutes => {
                    format!("there {verb} {words} whole minute{ending} between {from} and {to}")
                }
                DateDistance::Anniversary => {
                    format!("{from} is {words} day{ending} away from the nearest anniversary of {to}")
                }
            })
        }
        _ => {
            let (before, after) = Named::of_number(number)?.around_number(one, voice)?;
            Some(format!("{before}{words}{after}"))
        }
    }
}

/// A range before what is counted: "more than 5", "exactly 1", "no"; and its
/// last number.
fn counted(range: NumberRange) -> Option<(String, Number)> {
    if let Some(number) = single(range) {
        let words = if number.is_zero() { "no".to_owned() } else { format!("exactly {}", grouped(number)) };
        return Some((words, number));
    }
    let last = range.high.or(range.low).map(|(end, _)| end)?;
    Some((compared(range), last))
}

/// A range after "is": "more than 5", "from 5 to 10".
fn compared(range: NumberRange) -> String {
    let low = |(end, included): (Number, bool)| {
        format!("{} {}", if included { "at least" } else { "more than" }, grouped(end))
    };
    let high = |(end, included): (Number, bool)| {
        format!("{} {}", if included { "at most" } else { "less than" }, grouped(end))
    };
    match (range.low, range.high) {
        (Some((from, true)), Some((to, true))) if from == to => grouped(from),
        (Some((from, true)), Some((to, true))) if from < to => {
            format!("from {} to {}", grouped(from), grouped(to))
        }
        (Some(from), Some(to)) => format!("{} and {}", low(from), high(to)),
        (Some(from), None) => low(from),
        (None, Some(to)) => high(to),
        (None, None) => "any number".to_owned(),
    }
}

fn within(ranges: &[NumberRange], negated: bool) -> String {
    let words: Vec<String> = ranges.iter().map(|range| compared(*range)).collect();
    let exact = ranges.iter().all(|range| single(*range).is_some());
    match (negated, words.as_slice()) {
        (_, []) => if negated { "is any number" } else { "is no number at all" }.to_owned(),
        (false, _) => format!("is {}", listed(&words, "or")),
        (true, [one]) if exact => format!("is not {one}"),
        (true, _) if exact => format!("is {}", denied(&words)),
        (true, _) => format!("is not ({})", listed(&words, "or")),
    }
}
