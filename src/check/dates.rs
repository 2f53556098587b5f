//! Comparisons of dates with what only looks like a date, and of parts of dates
//! with names.

use crate::diagnostic::Confidence::{Guess, Safe};
use crate::diagnostic::{Repair, Span, Suggestion, repair};
use crate::syntax::{Operator, OperatorKind};
use crate::typed::{CallKind, Node, NodeKind};
use crate::value::{DatePart, DateText, LocalTime, MONTHS, WEEKDAYS};

use super::phrases::text_if_short;
use super::repairs::Editor;

/// What stands where a date is meant.
enum Meant {
    /// A day, or a time of one that is given to the second.
    Day(LocalTime),
    Time(LocalTime),
    /// A day in an order that cannot be told.
    Unclear,
    /// A day that no calendar has.
    Impossible,
    /// A time with its offset, or with parts of a second.
    NotToBeWritten,
}

/// What to ask a date that is compared with `wrong`, which stands on the right
/// of the operator; `joined` says that no bracket lies between the two.
pub(super) fn on_date(
    editor: Editor<'_>,
    operator: Operator,
    wrong: &Node,
    other: &Node,
    joined: bool,
) -> Repair {
    match meant(wrong) {
        Some(Meant::Day(day)) => {
            let next = day.milliseconds().checked_add(86_400_000);
            let next = next.and_then(|next| LocalTime::from_milliseconds(next).ok());
            let (first, after) = (numbers(day, false), next.map(|next| numbers(next, false)));
            ask(editor, operator, [wrong, other], joined, &of_day(operator, &first, after.as_deref()))
        }
        Some(Meant::Time(time)) => {
            ask(editor, operator, [wrong, other], joined, &of_time(operator, &numbers(time, true)))
        }
        Some(Meant::Impossible) => "no calendar has this day; write a date such as `2025,1,31`".into(),
        Some(Meant::Unclear) => format!(
            "write year, month and day, such as `{}`",
            of_day(operator, "2025,1,31", Some("2025,2,1")).shown("")
        )
        .into(),
        Some(Meant::NotToBeWritten) => {
            "write the time to the second, in the zone that the rule is decided in, such as \
             `.isAfter(2025,1,31,18,30,0)`"
                .into()
        }
        None => format!(
            "ask the date itself, such as `{}`",
            of_day(operator, "2025,1,31", Some("2025,2,1")).shown("")
        )
        .into(),
    }
}

/// One question to a date, or two that are joined.
enum DateCalls {
    One(String),
    Both(String, &'static str, String),
}

impl DateCalls {
    /// The question as it is written of a value.
    fn shown(&self, value: &str) -> String {
        match self {
            DateCalls::One(call) => format!("{value}{call}"),
            DateCalls::Both(first, joins, second) => format!("{value}{first}{joins}{value}{second}"),
        }
    }
}

/// The questions that compare a date with a whole day: `after` is the day after
/// it. The last day that there is has none, and the last second counts there.
fn of_day(operator: Operator, day: &str, after: Option<&str>) -> DateCalls {
    let not_before = format!(".isBefore({day})==false");
    let before = format!(".isBefore({day})");
    let last = format!(".isAfter({day},23,59,59)");
    match (operator, after) {
        (Operator::Less, _) => DateCalls::One(before),
        (Operator::GreaterOrEqual, _) => DateCalls::One(not_before),
        (Operator::Greater, Some(after)) => DateCalls::One(format!(".isBefore({after})==false")),
        (Operator::Greater, None) => DateCalls::One(last),
        (Operator::LessOrEqual, Some(after)) => DateCalls::One(format!(".isBefore({after})")),
        (Operator::LessOrEqual, None) => DateCalls::One(format!("{last}==false")),
        (Operator::NotEqual, Some(after)) => {
            DateCalls::Both(before, "||", format!(".isBefore({after})==false"))
        }
        (Operator::NotEqual, None) => DateCalls::One(before),
        (_, Some(after)) => DateCalls::Both(not_before, "&&", format!(".isBefore({after})")),
        (_, None) => DateCalls::One(not_before),
    }
}

/// The same for a time to the second.
fn of_time(operator: Operator, time: &str) -> DateCalls {
    let (before, after) = (format!(".isBefore({time})"), format!(".isAfter({time})"));
    let (not_before, not_after) = (format!("{before}==false"), format!("{after}==false"));
    match operator {
        Operator::Less => DateCalls::One(before),
        Operator::GreaterOrEqual => DateCalls::One(not_before),
        Operator::Greater => DateCalls::One(after),
        Operator::LessOrEqual => DateCalls::One(not_after),
        Operator::NotEqual => DateCalls::Both(before, "||", after),
        _ => DateCalls::Both(not_before, "&&", not_after),
    }
}

fn ask(
    editor: Editor<'_>,
    operator: Operator,
    [wrong, other]: [&Node; 2],
    joined: bool,
    asked: &DateCalls,
) -> Repair {
    let value = text_if_short(other).unwrap_or_default();
    let shown = match asked {
        DateCalls::One(call) => call.clone(),
        DateCalls::Both(..) => asked.shown(&value),
    };
    let said = format!("ask the date itself: `{}`", repair(&shown));
    let is_receiver = matches!(other.kind, NodeKind::Attribute(_) | NodeKind::Call(_));
    // A guess: whoever compares with a day may mean its first instant.
    let edits: Option<Suggestion> = match asked {
        _ if !is_receiver || value.is_empty() => None,
        DateCalls::One(call) if wrong.span.start() > other.span.start() => {
            editor.asked(other.span, wrong.span, operator.spelling(), call, Guess)
        }
        _ if !joined => None,
        DateCalls::One(_) => editor.in_text(other.span.to(wrong.span), asked.shown(&value), Guess),
        DateCalls::Both(..) => {
            editor.in_text(other.span.to(wrong.span), format!("({})", asked.shown(&value)), Guess)
        }
    };
    Repair::from(said).by(edits)
}

/// Year, month and day as arguments, with the time where it is wanted.
fn numbers(local: LocalTime, time: bool) -> String {
    let (year, month, day) = local.date();
    match time {
        true => {
            format!("{year},{month},{day},{},{},{}", local.hour(), local.minute(), local.second())
        }
        false => format!("{year},{month},{day}"),
    }
}

/// The date that a constant means: a text, a number such as `20250131`, or
/// `2025-01-31` without quotes.
fn meant(node: &Node) -> Option<Meant> {
    let digits = |node: &Node| match &node.kind {
        NodeKind::Number(_, digits) => Some(digits.clone()),
        _ => None,
    };
    match &node.kind {
        NodeKind::Text(text) => meant_by_text(text.trim()),
        NodeKind::Number(_, digits) if digits.len() == 8 => {
            Some(day_of([digits.get(..4)?, digits.get(4..6)?, digits.get(6..)?]))
        }
        NodeKind::Arithmetic(chain) => match chain.steps.as_slice() {
            [second, third] if second.operator == third.operator => {
                let parts = [digits(&chain.first)?, digits(&second.operand)?, digits(&third.operand)?];
                parts_of(&parts.each_ref().map(String::as_str))
            }
            _ => None,
        },
        _ => None,
    }
}

/// Whether a text is a date, or looks like one to whoever wrote it.
pub(super) fn looks_like_date(text: &str) -> bool {
    meant_by_text(text.trim()).is_some()
}

/// The day that a text means which is no date, in the form of one.
pub(super) fn day_meant(text: &str) -> Option<String> {
    match meant_by_text(text.trim())? {
        Meant::Day(day) => {
            let (year, month, day) = day.date();
            Some(format!("{year:04}-{month:02}-{day:02}"))
        }
        _ => None,
    }
}

fn meant_by_text(text: &str) -> Option<Meant> {
    match DateText::parse(text) {
        DateText::Instant(_) => return Some(Meant::NotToBeWritten),
        DateText::Local(local) if text.len() == 10 => return Some(Meant::Day(local)),
        DateText::Local(local) if local.millisecond() == 0 => return Some(Meant::Time(local)),
        DateText::Local(_) => return Some(Meant::NotToBeWritten),
        DateText::Invalid => {}
    }
    let separators = ['-', '/', '.'];
    let parts: Vec<&str> = text.split(separators).collect();
    match parts.as_slice() {
        [first, second, third] => parts_of(&[*first, *second, *third]),
        _ => None,
    }
}

/// Three numbers of a date in one of the orders that people write them in.
fn parts_of(parts: &[&str; 3]) -> Option<Meant> {
    let is_number = |part: &str, most: usize| {
        (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let [first, second, third] = *parts;
    if first.len() == 4 && is_number(first, 4) && is_number(second, 2) && is_number(third, 2) {
        return Some(day_of([first, second, third]));
    }
    if !(is_number(first, 2) && is_number(second, 2) && third.len() == 4 && is_number(third, 4)) {
        return None;
    }
    let above_twelve = |part: &str| part.parse::<u32>().is_ok_and(|part| part > 12);
    Some(match (above_twelve(first), above_twelve(second)) {
        (true, false) => day_of([third, second, first]),
        (false, true) => day_of([third, first, second]),
        (true, true) => Meant::Impossible,
        (false, false) if first == second => day_of([third, second, first]),
        (false, false) => Meant::Unclear,
    })
}

fn day_of(parts: [&str; 3]) -> Meant {
    let [year, month, day] = parts.map(|part| part.parse::<i64>().unwrap_or(0));
    LocalTime::midnight(year, month, day).map_or(Meant::Impossible, Meant::Day)
}

/// The number that a weekday's or a month's name stands for beside what is asked
/// for it: `1` beside `currentTxn.date.day()=="Sunday"`.
pub(super) fn named_part(
    editor: Editor<'_>,
    operator: Operator,
    name: &str,
    span: Span,
    other: &Node,
) -> Option<Repair> {
    let NodeKind::Call(call) = &other.kind else { return None };
    let (names, said): (&[&str], &str) = match call.kind {
        CallKind::Part { part: DatePart::Weekday, .. } => {
            (&WEEKDAYS, "write the number of the weekday, from `1` for Sunday to `7` for Saturday")
        }
        CallKind::Part { part: DatePart::Month, .. } => {
            (&MONTHS, "write the number of the month, from `1` for January to `12` for December")
        }
        CallKind::Part { part: DatePart::DayOfMonth, .. } => {
            let lower = name.trim().to_ascii_lowercase();
            return WEEKDAYS
                .iter()
                .any(|known| known.eq_ignore_ascii_case(&lower))
                .then(|| "ask for the weekday: `.day()`".into());
        }
        _ => return None,
    };
    let lower = name.trim().trim_end_matches('.').to_ascii_lowercase();
    let short = |known: &str| {
        let start = known.get(..lower.len());
        lower.len() >= 3 && start.is_some_and(|start| start.eq_ignore_ascii_case(&lower))
    };
    let Some((_, number)) = names
        .iter()
        .zip(1..)
        .find(|(known, _)| short(known) || lower == format!("{}s", known.to_ascii_lowercase()))
    else {
        return Some(said.into());
    };
    let sure = if operator.kind() == OperatorKind::Equality { Safe } else { Guess };
    let instead = editor.in_text(span, number.to_string(), sure);
    Some(Repair::from(format!("write `{number}`")).by(instead))
}
