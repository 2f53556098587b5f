//! Unified expressions: which targets of a group must be achieved.
//!
//! `(31132 & 31133)` asks for both, `(2103 | 2104)` for one of them. Brackets
//! may nest, `&` binds tighter than `|`, and `!` negates what follows it.

use std::collections::BTreeSet;

use target_rules::diagnostic::{Code, Diagnostic, Diagnostics, Form, Input, Source, Span, utf8_of};
use target_rules::{Limits, Truth};

/// How many operators and ids an expression may have. A group has at most ten
/// targets; what is longer was not written by a person.
const LONGEST: usize = 4096;

/// A unified expression that was read.
///
/// ```
/// use loyalty_targets::UnifiedExpression;
/// use target_rules::{Limits, Truth};
/// let text = "(31132 & (31133 | !31134))";
/// let expression = UnifiedExpression::read(text, &Limits::default())?;
/// assert_eq!(expression.operands().collect::<Vec<_>>(), [31132, 31133, 31134]);
/// assert_eq!(expression.decide(|target| Truth::from(target == 31132)), Truth::True);
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnifiedExpression {
    /// In postfix order, so that nothing recurses.
    steps: Vec<Operation>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operation {
    Operand(i64, Span),
    Not,
    And,
    Or,
}

/// An operator or bracket whose right-hand side is not yet read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Waiting {
    Open(Span),
    Not,
    And,
    Or,
}

impl Waiting {
    /// How tightly it binds; brackets bind nothing.
    fn strength(self) -> u8 {
        match self {
            Waiting::Open(_) => 0,
            Waiting::Or => 1,
            Waiting::And => 2,
            Waiting::Not => 3,
        }
    }

    fn step(self) -> Option<Operation> {
        match self {
            Waiting::Open(_) => None,
            Waiting::Not => Some(Operation::Not),
            Waiting::And => Some(Operation::And),
            Waiting::Or => Some(Operation::Or),
        }
    }
}

impl UnifiedExpression {
    /// Reads an expression over ids of targets, from text or bytes.
    ///
    /// Fails with the place of what is not understood. Cost is linear.
    pub fn read(
        expression: &(impl Input + ?Sized),
        limits: &Limits,
    ) -> Result<UnifiedExpression, Diagnostics> {
        let text = utf8_of(expression, Form::Payload, limits.payload)?;
        UnifiedExpression::parse(text, limits).map_err(|fault| {
            Diagnostics::gather(&Source::new(Form::Payload, text), vec![fault], limits.errors)
        })
    }

    /// All or any of these targets; `None` without a target.
    pub(crate) fn of(ids: &[i64], all: bool) -> Option<UnifiedExpression> {
        let mut steps = Vec::new();
        for (index, id) in ids.iter().enumerate() {
            steps.push(Operation::Operand(*id, Span::default()));
            if index > 0 {
                steps.push(if all { Operation::And } else { Operation::Or });
            }
        }
        (!steps.is_empty()).then_some(UnifiedExpression { steps })
    }

    pub(crate) fn parse(text: &str, limits: &Limits) -> Result<UnifiedExpression, Diagnostic> {
        let fault = |span, message: &str| Diagnostic::new(Code::UnifiedExpression, span, message).help(FORM);
        let mut steps = Vec::new();
        let mut waiting: Vec<Waiting> = Vec::new();
        let mut operand_expected = true;
        let mut rest = text.char_indices().peekable();
        while let Some((at, character)) = rest.next() {
            let here = Span::new(at, rest.peek().map_or(text.len(), |(next, _)| *next));
            // Two lists in memory: their lengths have a sum.
            if steps.len().checked_add(waiting.len()).is_none_or(|parts| parts >= LONGEST) {
                return Err(Diagnostic::new(
                    Code::Limit,
                    here,
                    format!("a unified expression has at most {LONGEST} parts"),
                ));
            }
            match character {
                ' ' | '\t' | '\r' | '\n' | '\u{a0}' => {}
                '0'..='9' if operand_expected => {
                    while rest.next_if(|(_, digit)| digit.is_ascii_digit()).is_some() {}
                    let span = Span::new(at, rest.peek().map_or(text.len(), |(next, _)| *next));
                    let digits = text.get(span.range()).unwrap_or("");
                    let id =
                        digits.parse().map_err(|_| fault(span, "this is too long for the id of a target"))?;
                    steps.push(Operation::Operand(id, span));
                    operand_expected = false;
                }
                '(' if operand_expected => {
                    let open = waiting.iter().filter(|waiting| matches!(waiting, Waiting::Open(_))).count();
                    let most = limits.open.min(Limits::HARDEST_OPEN);
                    if open >= most {
                        return Err(Diagnostic::new(
                            Code::Limit,
                            here,
                            format!("more than {most} brackets are open at once"),
                        ));
                    }
                    waiting.push(Waiting::Open(here));
                }
                '!' if operand_expected => waiting.push(Waiting::Not),
                ')' if !operand_expected => loop {
                    match waiting.pop() {
                        Some(Waiting::Open(_)) => break,
                        Some(operator) => steps.extend(operator.step()),
                        None => return Err(fault(here, "this bracket closes nothing")),
                    }
                },
                '&' | '|' if !operand_expected => {
                    // `&&` and `||` mean the same, as everywhere in rules.
                    rest.next_if(|(_, second)| *second == character);
                    let operator = if character == '&' { Waiting::And } else { Waiting::Or };
                    while let Some(top) =
                        waiting.last().copied().filter(|top| top.strength() >= operator.strength())
                    {
                        steps.extend(top.step());
                        waiting.pop();
                    }
                    waiting.push(operator);
                    operand_expected = true;
                }
                '&' | '|' | ')' => return Err(fault(here, "the id of a target is missing before this")),
                '0'..='9' | '(' | '!' => return Err(fault(here, "`&` or `|` is missing before this")),
                _ => return Err(fault(here, "this has no place in a unified expression")),
            }
        }
        if operand_expected {
            let last = text.char_indices().next_back().map_or(0, |(at, _)| at);
            let end = Span::new(last, text.len());
            return Err(fault(end, "the id of a target is missing at the end"));
        }
        while let Some(operator) = waiting.pop() {
            if let Waiting::Open(bracket) = operator {
                return Err(fault(bracket, "this bracket is never closed"));
            }
            steps.extend(operator.step());
        }
        Ok(UnifiedExpression { steps })
    }

    /// The ids that it names, sorted, each once.
    pub fn operands(&self) -> impl Iterator<Item = i64> {
        let ids: BTreeSet<i64> = self.places().map(|(id, _)| id).collect();
        ids.into_iter()
    }

    /// The ids in the order of the text, each with its place.
    pub(crate) fn places(&self) -> impl Iterator<Item = (i64, Span)> {
        self.steps.iter().filter_map(|step| match step {
            Operation::Operand(id, span) => Some((*id, *span)),
            Operation::Not | Operation::And | Operation::Or => None,
        })
    }

    /// Decides it from whether each target is achieved, in the three-valued
    /// logic of the language.
    ///
    /// Cost is linear in the expression.
    pub fn decide(&self, achieved: impl Fn(i64) -> Truth) -> Truth {
        let mut values = Vec::new();
        for step in &self.steps {
            // INVARIANT: the steps are in postfix order, so what an operator
            // takes is there.
            let mut take = || values.pop().unwrap_or(Truth::Unknown);
            let value = match step {
                Operation::Operand(id, _) => achieved(*id),
                Operation::Not => !take(),
                Operation::And => take().and(take()),
                Operation::Or => take().or(take()),
            };
            values.push(value);
        }
        values.pop().unwrap_or(Truth::Unknown)
    }
}

const FORM: &str = "combine ids of targets with `&` and `|`, such as `(31132 & 31133)`";

#[cfg(test)]
#[allow(clippy::string_slice, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<UnifiedExpression, Diagnostic> {
        UnifiedExpression::parse(text, &Limits::default())
    }

    /// Whether it holds where just these targets are achieved.
    fn holds(text: &str, achieved: &[i64]) -> Truth {
        read(text).unwrap().decide(|id| Truth::from(achieved.contains(&id)))
    }

    #[test]
    fn operators_bind_as_in_rules() {
        for (text, achieved, result) in [
            ("(31132 & 31133)", &[31132, 31133][..], Truth::True),
            ("(31132 & 31133)", &[31132], Truth::False),
            ("(2103 | 2104)", &[2104], Truth::True),
            ("1 | 2 & 3", &[1], Truth::True),
            ("(1 | 2) & 3", &[1], Truth::False),
            ("!1 & 2", &[2], Truth::True),
            ("!(1 & 2)", &[1, 2], Truth::False),
            ("!!1", &[1], Truth::True),
            ("1&&2||3", &[3], Truth::True),
            ("1 | 2 | 3 & 4", &[3], Truth::False),
            ("((((7))))", &[7], Truth::True),
        ] {
            assert_eq!(holds(text, achieved), result, "{text}");
        }
    }

    #[test]
    fn what_is_unknown_stays_so_where_it_matters() {
        let some = |text: &str| {
            let expression = read(text).unwrap();
            expression.decide(|id| if id == 1 { Truth::Unknown } else { Truth::from(id == 2) })
        };
        assert_eq!(some("1 & 2"), Truth::Unknown);
        assert_eq!(some("1 & 3"), Truth::False);
        assert_eq!(some("1 | 2"), Truth::True);
        assert_eq!(some("!1"), Truth::Unknown);
    }

    #[test]
    fn slips_are_marked() {
        for (text, marked) in [
            ("", ""),
            ("(1 & 2", "("),
            ("1 & 2)", ")"),
            ("1 &", "&"),
            ("& 1", "&"),
            ("1 2", "2"),
            ("1 (2)", "("),
            ("1 ! 2", "!"),
            ("()", ")"),
            ("1 and 2", "a"),
            ("1 & é", "é"),
            ("99999999999999999999", "99999999999999999999"),
        ] {
            let fault = read(text).unwrap_err();
            assert_eq!(fault.code, Code::UnifiedExpression, "{text}");
            assert_eq!(&text[fault.span.range()], marked, "{text}");
        }
    }

    #[test]
    fn nesting_and_length_are_bounded() {
        let nested = |depth: usize| format!("{}1{}", "(".repeat(depth), ")".repeat(depth));
        assert!(read(&nested(100)).is_ok());
        assert_eq!(read(&nested(101)).unwrap_err().code, Code::Limit);
        let long = |parts: usize| vec!["1"; parts].join("&");
        assert!(read(&long(2000)).is_ok());
        assert_eq!(read(&long(5000)).unwrap_err().code, Code::Limit);
        assert_eq!(read(&"!".repeat(100_000)).unwrap_err().code, Code::Limit);
    }

    #[test]
    fn all_or_any_of_some_targets() {
        assert_eq!(UnifiedExpression::of(&[], true), None);
        let all = UnifiedExpression::of(&[1, 2, 3], true).unwrap();
        let any = UnifiedExpression::of(&[1, 2, 3], false).unwrap();
        assert_eq!(all.decide(|id| Truth::from(id != 2)), Truth::False);
        assert_eq!(any.decide(|id| Truth::from(id == 2)), Truth::True);
    }
}
