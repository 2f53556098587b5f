//! `not` in front of a condition.

use crate::diagnostic::Confidence::{Guess, Safe};
use crate::diagnostic::{Code, Diagnostic, Edit, Offset, Span};
use crate::syntax::scan::{Token, TokenKind};

use super::scanner::{Slips, Taken};
use super::word_operators::{DENY, DENY_BRACKETS, no_operator, symbol_of_word};

/// How many tokens a negated condition has at most, so that each `not` of many
/// costs little.
const LONGEST: usize = 60;

/// What a `not` is about.
enum Negated {
    /// An attribute or a call.
    Asked(Offset),
    /// A condition in brackets, which end there.
    Bracketed(Offset),
    /// A comparison.
    Compared(Offset),
    Unclear,
}

impl<'t> Slips<'t, '_> {
    /// `not x` or `¬x` where a condition may begin. The repair is `==false`: the platform
    /// has no `!`.
    pub(super) fn negation(&mut self, token: Token<'t>) -> Taken {
        let next = self.token(1).map_or(token.span.end(), |next| next.span.start());
        let word = Span::new(token.span.start(), next);
        let slip = match token.kind {
            TokenKind::Name => no_operator(token.text, token.span),
            _ => Diagnostic::new(
                Code::UnknownOperator,
                token.span,
                format!("`{}` is not an operator", token.text),
            )
            .note("not an operator of this language"),
        };
        match self.negated() {
            Negated::Asked(end) => {
                let edits = vec![Edit::new(word, ""), Edit::new(Span::empty(end), "==false")];
                let help = "write `==false` after it, or `!` in front of it, which is warned of";
                self.mend_by(slip.help(help), edits, Some(Safe));
            }
            Negated::Compared(end) => {
                let edits = vec![Edit::new(word, "("), Edit::new(Span::empty(end), ")==false")];
                let help = "put the comparison in brackets, with `==false` after them";
                // It may be about the left side alone.
                self.mend_by(slip.help(help), edits, Some(Guess));
            }
            Negated::Bracketed(end) => {
                let edits = vec![Edit::new(word, ""), Edit::new(Span::empty(end), "==false")];
                self.mend_by(slip.help(DENY_BRACKETS), edits, Some(Safe));
            }
            // For reading on only.
            Negated::Unclear => self.mend(slip.help(DENY), word, "!", None),
        }
        Taken { end: next, kind: None }
    }

    fn negated(&mut self) -> Negated {
        let Some(first) = self.token(1) else { return Negated::Unclear };
        let mut open: Vec<&str> = Vec::new();
        let mut compared = false;
        let mut closed = None;
        let mut end = first.span.end();
        let mut before: Option<Token<'t>> = None;
        for number in 1..LONGEST {
            let Some(token) = self.token(number) else {
                return negated(first, compared, closed, end);
            };
            let joins = matches!(token.text, "&&" | "||" | "," | "&" | "|")
                || (token.kind == TokenKind::Name
                    && matches!(symbol_of_word(token.text), Some("&&" | "||"))
                    && !before.is_some_and(|before| before.is(".")));
            match token.text {
                "(" => open.push(token.text),
                ")" if open.is_empty() => return negated(first, compared, closed, end),
                ")" => {
                    open.pop();
                    if open.is_empty() {
                        closed.get_or_insert(token.span.end());
                    }
                }
                _ if open.is_empty() && joins => return negated(first, compared, closed, end),
                "<" | ">" | "<=" | ">=" | "==" | "!=" | "=" | "<>" | "+" | "-" | "*" | "/" | "%"
                    if open.is_empty() =>
                {
                    compared = true;
                }
                // Words such as `not contains "x"` are slips of their own.
                _ if open.is_empty()
                    && token.kind != TokenKind::Symbol
                    && before.is_some_and(|before| before.ends_operand()) =>
                {
                    return Negated::Unclear;
                }
                _ => {}
            }
            end = token.span.end();
            before = Some(token);
        }
        Negated::Unclear
    }
}

fn negated(first: Token<'_>, compared: bool, closed: Option<Offset>, end: Offset) -> Negated {
    match first.kind {
        _ if first.is("(") && closed == Some(end) => Negated::Bracketed(end),
        _ if first.is("!") || first.is("-") || symbol_of_word(first.text).is_some() => Negated::Unclear,
        _ if compared => Negated::Compared(end),
        TokenKind::Name => Negated::Asked(end),
        _ => Negated::Unclear,
    }
}
