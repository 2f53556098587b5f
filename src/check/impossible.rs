//! Comparisons with numbers that what is compared never gives.

use std::cmp::Ordering;

use crate::diagnostic::{Code, Diagnostic, Span, repair};
use crate::syntax::Operator;
use crate::typed::{CallKind, Node, NodeKind};
use crate::value::{DateDistance, DatePart, Number};

use super::checker::Checker;
use super::mismatch::turned;
use super::phrases::text_if_short;

/// The whole numbers that a call gives.
struct Gives {
    least: i64,
    most: Option<i64>,
    said: String,
}

impl Checker<'_> {
    /// Warns of a comparison that is true of no value, or of every one.
    pub(super) fn warn_of_the_impossible(
        &mut self,
        operator: Operator,
        left: &Node,
        right: &Node,
        span: Span,
    ) {
        let (operator, value, constant) = match (&left.kind, &right.kind) {
            (NodeKind::Call(_), NodeKind::Number(..)) => (operator, left, right),
            (NodeKind::Number(..), NodeKind::Call(_)) => (turned(operator), right, left),
            _ => return,
        };
        let (Some(gives), NodeKind::Number(number, _)) = (gives(value), &constant.kind) else { return };
        let always = match holds(&gives, operator, *number) {
            Some(always) => always,
            None => return,
        };
        let call = text_if_short(value).unwrap_or_default();
        let message = format!(
            "this is {} true: `{}` gives {}",
            if always { "always" } else { "never" },
            repair(&call),
            gives.said
        );
        self.report(
            Diagnostic::new(Code::ImpossibleComparison, span, message)
                .note(if always { "says nothing" } else { "cannot be" })
                .help(match always {
                    true => "compare with a number that it gives, or leave this out",
                    false => "compare with a number that it gives",
                }),
        );
    }
}

/// Whether a comparison is always true, or never; `None` where it depends, and
/// where what is always true is a bound that somebody wrote with care.
fn holds(gives: &Gives, operator: Operator, number: Number) -> Option<bool> {
    let least = number.cmp(&Number::from_integer(gives.least));
    let most = gives.most.map_or(Ordering::Less, |most| number.cmp(&Number::from_integer(most)));
    let outside = least == Ordering::Less || most == Ordering::Greater || !number.is_whole();
    let never = match operator {
        Operator::NotEqual => return outside.then_some(true),
        Operator::Equal => outside,
        Operator::Less => least != Ordering::Greater,
        Operator::LessOrEqual => least == Ordering::Less,
        Operator::Greater => most != Ordering::Less,
        Operator::GreaterOrEqual => most == Ordering::Greater,
        _ => return None,
    };
    never.then_some(false)
}

fn gives(value: &Node) -> Option<Gives> {
    let NodeKind::Call(call) = &value.kind else { return None };
    let (least, most, said) = match &call.kind {
        CallKind::Part { part: DatePart::Weekday, .. } => (1, Some(7), "1 for Sunday to 7 for Saturday"),
        CallKind::Part { part: DatePart::DayOfMonth, .. } => (1, Some(31), "1 to 31"),
        CallKind::Part { part: DatePart::Month, .. } => (1, Some(12), "1 for January to 12 for December"),
        CallKind::Part { part: DatePart::Year, .. } => (1, Some(9999), "1 to 9999"),
        CallKind::Distance { distance: DateDistance::Anniversary, .. } => (0, Some(183), "0 to 183 days"),
        CallKind::Distance { distance: DateDistance::Days, .. } => (0, None, "whole days, 0 or more"),
        CallKind::Distance { distance: DateDistance::Minutes, .. } => (0, None, "whole minutes, 0 or more"),
        CallKind::Count(_) => (0, None, "whole numbers, 0 or more"),
        CallKind::Interval { edges, .. } => {
            let most = i64::try_from(edges.len()).ok()?.checked_add(1)?;
            return Some(Gives { least: 1, most: Some(most), said: format!("1 to {most}") });
        }
        _ => return None,
    };
    Some(Gives { least, most, said: said.to_owned() })
}
