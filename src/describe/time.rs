//! Dates and their parts: "the transaction took place on a weekend", "in
//! December", "between 18:00 and 20:00".

use crate::condition::{DateExpression, NumberSet, Numbers};
use crate::syntax::Operator;
use crate::value::{Bounds, DatePart, DateText, Fixed, MONTHS, Number, WEEKDAYS};

use super::noun::{self, Named, Voice, date_constant, is_midnight};
use super::phrase::{listed, ordinal};

/// A date compared with a constant.
pub(super) fn compared(
    date: &DateExpression,
    operator: Operator,
    constant: &DateText,
    negated: bool,
    voice: Voice,
) -> String {
    let operator = if negated { opposite(operator) } else { operator };
    // Before a day is before its beginning, but after a day is not after it.
    let short = matches!(operator, Operator::Less | Operator::GreaterOrEqual);
    let words = match operator {
        Operator::Less => "before",
        Operator::LessOrEqual => "at or before",
        Operator::Greater => "after",
        Operator::GreaterOrEqual if is_midnight(constant) => "on or after",
        Operator::GreaterOrEqual => "at or after",
        Operator::NotEqual => "not at exactly",
        _ => "at exactly",
    };
    format!("{} {words} {}", subject(date, voice), date_constant(constant, short))
}

/// The comparison that holds where this one does not.
pub(super) fn opposite(operator: Operator) -> Operator {
    match operator {
        Operator::Less => Operator::GreaterOrEqual,
        Operator::LessOrEqual => Operator::Greater,
        Operator::Greater => Operator::LessOrEqual,
        Operator::GreaterOrEqual => Operator::Less,
        Operator::Equal => Operator::NotEqual,
        Operator::NotEqual => Operator::Equal,
        other => other,
    }
}

/// The beginning of a clause about a date: "the customer joined", or its noun
/// and a verb.
pub(super) fn subject(date: &DateExpression, voice: Voice) -> String {
    let named = match date {
        DateExpression::Attribute(leaf) => Some(Named::Attribute(leaf)),
        DateExpression::Answer(answer) => Some(Named::Answer(answer)),
        DateExpression::Constant(_) | DateExpression::Text(_) => None,
    };
    let clause = named.and_then(|named| named.before_date(voice));
    clause.unwrap_or_else(|| format!("{} is", noun::date(date, voice)))
}

/// Whether a part of a date is in a set.
pub(super) fn part(
    part: DatePart,
    date: &DateExpression,
    set: &NumberSet,
    negated: bool,
    voice: Voice,
) -> String {
    let among = |last: i64| -> Vec<i64> {
        let first = i64::from(last < LAST_MINUTE);
        (first..=last).filter(|number| set.contains(Number::from_integer(*number)) != negated).collect()
    };
    let when = match part {
        DatePart::Weekday => weekday(&among(7)),
        DatePart::Month => month(&among(12)),
        DatePart::DayOfMonth => day_of_month(&among(31)),
        DatePart::MinuteOfDay => time_of_day(&among(LAST_MINUTE)),
        DatePart::Year => year(set, negated),
    };
    format!("{} {when}", subject(date, voice))
}

/// Two parts of dates that are equal, or not.
pub(super) fn same_part(
    part: DatePart,
    dates: (&DateExpression, &DateExpression),
    negated: bool,
    voice: Voice,
) -> String {
    let which = match part {
        DatePart::Weekday => ("on", "day", " of the week"),
        DatePart::DayOfMonth => ("on", "day", " of the month"),
        DatePart::Month => ("in", "month", " of the year"),
        DatePart::Year => ("in", "year", ""),
        DatePart::MinuteOfDay => ("in", "minute", " of the day"),
    };
    let (word, thing, of) = which;
    let (same, ending) = if negated { ("different", "s") } else { ("the same", "") };
    let (from, to) = (noun::date(dates.0, voice), noun::date(dates.1, voice));
    format!("{from} and {to} are {word} {same} {thing}{ending}{of}")
}

/// The last minute of a day, and the end of it.
const LAST_MINUTE: i64 = 1_439;
const MIDNIGHT: i64 = 1_440;

fn weekday(days: &[i64]) -> String {
    match days {
        [] => "on no day of the week".to_owned(),
        [1, 2, 3, 4, 5, 6, 7] => "on any day of the week".to_owned(),
        [2, 3, 4, 5, 6] => "on a weekday (Monday to Friday)".to_owned(),
        [1, 7] => "on a weekend".to_owned(),
        _ => match days.len() {
            5.. => format!("on a day other than {}", listed(&named(&WEEKDAYS, days, false), "or")),
            _ => format!("on a {}", listed(&named(&WEEKDAYS, days, true), "or")),
        },
    }
}

/// The names of some numbers from 1, or of all others.
fn named(names: &[&str], numbers: &[i64], of: bool) -> Vec<String> {
    let found = (1..).zip(names).filter(|(number, _)| numbers.contains(number) == of);
    found.map(|(_, name)| (*name).to_owned()).collect()
}

fn month(numbers: &[i64]) -> String {
    let names = named(&MONTHS, numbers, true);
    match names.as_slice() {
        [] => "in no month".to_owned(),
        all if all.len() == 12 => "in any month".to_owned(),
        [first, .., last] if is_run(numbers) && names.len() > 2 => format!("in the months {first} to {last}"),
        _ if names.len() > 6 => {
            format!("in a month other than {}", listed(&named(&MONTHS, numbers, false), "or"))
        }
        _ => format!("in {}", listed(&names, "or")),
    }
}

fn day_of_month(days: &[i64]) -> String {
    let names: Vec<String> = days.iter().map(|day| ordinal(*day)).collect();
    match names.as_slice() {
        [] => "on no day of the month".to_owned(),
        all if all.len() == 31 => "on any day of the month".to_owned(),
        [first, .., last] if is_run(days) && names.len() > 2 => {
            format!("on the {first} to {last} of a month")
        }
        _ if names.len() > 20 => {
            let others = (1..=31).filter(|day| !days.contains(day)).map(ordinal).collect::<Vec<_>>();
            format!("on a day of the month other than the {}", listed(&others, "or"))
        }
        _ => format!("on the {} of a month", listed(&names, "or")),
    }
}

/// Whether numbers follow one another without a gap.
fn is_run(numbers: &[i64]) -> bool {
    numbers.iter().zip(numbers.iter().skip(1)).all(|(this, next)| next.checked_sub(*this) == Some(1))
}

fn year(set: &NumberSet, negated: bool) -> String {
    let years: Vec<i64> = match &set.0 {
        Numbers::Within(bounds) => match (bounds.whole_ends(), bounds.single().is_some()) {
            ((first, last), false) if !negated => return years_within(first, last),
            ((first, last), _) if first == last => vec![first],
            _ => Vec::new(),
        },
        Numbers::Points(points) => {
            points.iter().filter_map(|point| Fixed::of_small(*point).whole()).collect()
        }
    };
    let years: Vec<String> = years.iter().map(ToString::to_string).collect();
    match (years.as_slice(), negated) {
        ([], false) => "in no year".to_owned(),
        ([], true) => "in any year".to_owned(),
        (_, false) => format!("in {}", listed(&years, "or")),
        (_, true) => format!("in a year other than {}", listed(&years, "or")),
    }
}

fn years_within(first: i64, last: i64) -> String {
    let (low, high) = Bounds::ALL.whole_ends();
    match (first > low, last < high) {
        _ if first > last => "in no year".to_owned(),
        (true, true) if first == last => format!("in {first}"),
        (true, true) => format!("in the years {first} to {last}"),
        (true, false) => format!("in {first} or later"),
        (false, true) => format!("in {last} or earlier"),
        (false, false) => "in any year".to_owned(),
    }
}

/// The minutes of the day as spans of time, each without its end.
fn time_of_day(minutes: &[i64]) -> String {
    let mut spans: Vec<(i64, i64)> = Vec::new();
    for minute in minutes {
        let Some(after) = minute.checked_add(1) else { continue };
        match spans.last_mut() {
            Some((_, end)) if end == minute => *end = after,
            _ => spans.push((*minute, after)),
        }
    }
    let past_midnight = match spans.as_slice() {
        [(0, end), .., (start, last)] if *last == MIDNIGHT => Some((*start, *end)),
        _ => None,
    };
    if let Some(span) = past_midnight {
        spans.pop();
        spans.remove(0);
        spans.push(span);
    }
    match spans.as_slice() {
        [] => "at no time of day".to_owned(),
        [(0, end)] if *end == MIDNIGHT => "at any time of day".to_owned(),
        _ => listed(&spans.iter().map(|span| time_span(*span)).collect::<Vec<_>>(), "or"),
    }
}

fn time_span((start, end): (i64, i64)) -> String {
    let start_words = clock(start);
    if end == MIDNIGHT {
        return format!("between {start_words} and midnight");
    }
    let (next_day, end) = (if end <= start { " of the next day" } else { "" }, clock(end));
    format!("between {start_words} and {end}{next_day} ({end} excluded)")
}

fn clock(minute: i64) -> String {
    format!("{:02}:{:02}", minute.div_euclid(60), minute.rem_euclid(60))
}
