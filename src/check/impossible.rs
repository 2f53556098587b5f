//! Comparisons with numbers that what is compared never gives, and comparisons
//! that exclude each other.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Span, repair};
use crate::syntax::Operator;
use crate::typed::{CallKind, Node, NodeKind, equal};
use crate::value::{DateDistance, DatePart, Number};

use super::checker::Checker;
use super::mismatch::turned;
use super::phrases::text_if_short;

/// The whole numbers that a call gives.
struct Gives {
    least: i64,
    most: Option<i64>,
    said: Cow<'static, str>,
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
/// where what is always true is the bound itself, as in `>=0`, which somebody
/// wrote with care.
fn holds(gives: &Gives, operator: Operator, number: Number) -> Option<bool> {
    let beside = |bound: i64| number.cmp(&Number::from_integer(bound));
    let of_least = |distance| gives.least.checked_sub(distance).map_or(Ordering::Greater, beside);
    let of_most =
        |distance| gives.most.and_then(|most| most.checked_add(distance)).map_or(Ordering::Less, beside);
    let (least, most) = (of_least(0), of_most(0));
    let outside = least == Ordering::Less || most == Ordering::Greater || !number.is_whole();
    let (never, always) = match operator {
        Operator::NotEqual => (false, outside),
        Operator::Equal => (outside, false),
        Operator::Less => (least != Ordering::Greater, of_most(1) == Ordering::Greater),
        Operator::LessOrEqual => (least == Ordering::Less, most == Ordering::Greater),
        Operator::Greater => (most != Ordering::Less, of_least(1) == Ordering::Less),
        Operator::GreaterOrEqual => (most == Ordering::Greater, least == Ordering::Less),
        _ => return None,
    };
    (never || always).then_some(always)
}

/// A comparison of an attribute or a call with a constant.
#[derive(Clone, Copy)]
struct Asked<'n> {
    subject: &'n Node,
    operator: Operator,
    constant: &'n Node,
    whole: &'n Node,
}

impl<'n> Asked<'n> {
    fn of(whole: &'n Node) -> Option<Asked<'n>> {
        let NodeKind::Binary { operator, left, right } = &whole.kind else { return None };
        match (left.is_constant(), right.is_constant()) {
            (false, true) => Some(Asked { subject: left, operator: *operator, constant: right, whole }),
            (true, false) => {
                Some(Asked { subject: right, operator: turned(*operator), constant: left, whole })
            }
            _ => None,
        }
    }

    /// Whether it holds of the one value that another comparison leaves; `None`
    /// where that is not about the same.
    fn holds_of(self, value: Asked<'_>, operator: Operator) -> Option<bool> {
        if !same_subject(self.subject, value.subject) {
            return None;
        }
        let order = match (&value.constant.kind, &self.constant.kind) {
            (NodeKind::Number(one, _), NodeKind::Number(other, _)) => one.cmp(other),
            (NodeKind::Boolean(one), NodeKind::Boolean(other)) => one.cmp(other),
            (NodeKind::Text(one) | NodeKind::Word(one), NodeKind::Text(other) | NodeKind::Word(other)) => {
                one.cmp(other)
            }
            _ => return None,
        };
        Some(match operator {
            Operator::Equal => order == Ordering::Equal,
            Operator::NotEqual => order != Ordering::Equal,
            Operator::Less => order == Ordering::Less,
            Operator::LessOrEqual => order != Ordering::Greater,
            Operator::Greater => order == Ordering::Greater,
            Operator::GreaterOrEqual => order != Ordering::Less,
            _ => return None,
        })
    }
}

/// Whether two nodes are certainly the same value. Attributes that a rule names
/// soon after each other are one, so nothing of their names is compared.
fn same_subject(one: &Node, other: &Node) -> bool {
    match (&one.kind, &other.kind) {
        (NodeKind::Attribute(one), NodeKind::Attribute(other)) => Arc::ptr_eq(one, other),
        (NodeKind::Call(one_call), NodeKind::Call(other_call)) => {
            one_call.method == other_call.method && equal(one, other)
        }
        _ => false,
    }
}

/// The operator that holds where another does not.
fn opposite(operator: Operator) -> Operator {
    match operator {
        Operator::Equal => Operator::NotEqual,
        Operator::NotEqual => Operator::Equal,
        Operator::Less => Operator::GreaterOrEqual,
        Operator::GreaterOrEqual => Operator::Less,
        Operator::Greater => Operator::LessOrEqual,
        Operator::LessOrEqual => Operator::Greater,
        other => other,
    }
}

impl Checker<'_> {
    /// Warns of operands of a chain that exclude each other: of an `&&` where one
    /// asks a value to be what the other refuses, of an `||` where one refuses just
    /// what the other takes.
    ///
    /// Only pairs are looked at in which one leaves a single value, and only in
    /// chains that a person reads.
    #[inline(never)]
    pub(super) fn warn_of_contradictions(&mut self, chain: Operator, operands: &[Node]) {
        const LONGEST: usize = 64;
        let and = chain == Operator::And;
        let fixes = if and { Operator::Equal } else { Operator::NotEqual };
        if operands.len() > LONGEST {
            return;
        }
        let mut fixed: Vec<Asked<'_>> = Vec::new();
        for (at, operand) in operands.iter().enumerate() {
            let Some(asked) = Asked::of(operand) else { continue };
            let seen = fixed.len();
            if asked.operator == fixes {
                fixed.push(asked);
            }
            let excludes = |one: Asked<'_>, other: Asked<'_>| {
                let operator = if and { other.operator } else { opposite(other.operator) };
                other.holds_of(one, operator) == Some(false)
            };
            let before = fixed.iter().take(seen).find(|one| excludes(**one, asked)).copied();
            // What fixes the value may stand behind what refuses it.
            let behind = || {
                let mut earlier = operands.get(..at)?.iter().filter_map(Asked::of);
                earlier.find(|earlier| earlier.operator != fixes && excludes(asked, *earlier))
            };
            let other = if asked.operator == fixes { before.or_else(behind) } else { before };
            if let Some(other) = other {
                self.contradiction(and, other, asked);
            }
        }
    }

    fn contradiction(&mut self, and: bool, first: Asked<'_>, second: Asked<'_>) {
        let beside = text_if_short(first.whole).unwrap_or_default();
        let beside = repair(&beside);
        let (message, note, help) = match and {
            true => (
                format!("this and `{beside}` are never true together"),
                "cannot be as well",
                "join the two by `||` where either of them will do",
            ),
            false => (
                format!("this or `{beside}` is always true"),
                "says nothing",
                "join the two by `&&` where both must hold",
            ),
        };
        self.report(
            Diagnostic::new(Code::ImpossibleComparison, second.whole.span, message)
                .note(note)
                .label(first.whole.span, "the same value is asked here")
                .help(help),
        );
    }
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
            return Some(Gives { least: 1, most: Some(most), said: format!("1 to {most}").into() });
        }
        _ => return None,
    };
    Some(Gives { least, most, said: said.into() })
}
