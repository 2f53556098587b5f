//! Lists of values, one of which is asked for: `in ("a","b")`, `==("a","b")`,
//! `=="a","b"`.

use crate::diagnostic::Confidence::{Guess, Safe};
use crate::diagnostic::{Diagnostic, Span, repair};
use crate::syntax::scan::{Token, TokenKind};

use super::scanner::{Slips, Taken};
use super::word_operators::no_operator;

/// The values of a list, and where it ends.
struct List<'t> {
    values: Vec<&'t str>,
    /// Whether all of them are constants.
    constants: bool,
    last: Token<'t>,
}

impl<'t> Slips<'t, '_> {
    /// `slabName in ("Gold","Silver")`, and the same with `not in`. `skip` is
    /// how many tokens stand before the `in`.
    pub(super) fn in_list(&mut self, token: Token<'t>, skip: usize) -> Option<Taken> {
        let operand = self.operand_text();
        let negated = skip > 0;
        let words = if negated { "not in" } else { token.text };
        let slip = no_operator(words, token.span);
        let first = if negated { 2 } else { 1 };
        match self.list(first) {
            Some(list) => Some(self.each_compared(slip, &list, negated)),
            None => {
                let (equals, joins) = operators(negated);
                let both = format!("{operand}{equals}\"Gold\"{joins}{operand}{equals}\"Silver\"");
                self.report(slip.help(format!("repeat the comparison, such as `{}`", repair(&both))));
                self.complete = false;
                None
            }
        }
    }

    /// `slabName==("Gold","Silver")`, `slabName=="Gold","Silver"`.
    pub(super) fn equals_list(&mut self, token: Token<'t>) -> Option<Taken> {
        let negated = match token.text {
            "==" | "=" | "===" => false,
            "!=" | "<>" | "!==" => true,
            _ => return None,
        };
        let bracket = self.token(1).is_some_and(|next| matches!(next.text, "(" | "[" | "{"));
        if !self.after_operand() || (!bracket && self.in_call()) {
            return None;
        }
        let list = self.list(1).filter(|list| list.constants && (bracket || list.values.len() > 1))?;
        // `("Gold")` is a value in brackets.
        let alone = list.values.len() == 1 && self.token(1).is_some_and(|next| next.is("("));
        if alone {
            return None;
        }
        let slip = no_operator(token.text, token.span);
        let slip = Diagnostic {
            message: format!("`{}` compares with one value, not with a list", token.text),
            ..slip
        };
        Some(self.each_compared(slip.note("one value"), &list, negated))
    }

    /// The comparison repeated for each value.
    fn each_compared(&mut self, slip: Diagnostic, list: &List<'t>, negated: bool) -> Taken {
        let operand = self.operand_text();
        let (equals, joins) = operators(negated);
        let each: Vec<String> = list.values.iter().map(|value| format!("{operand}{equals}{value}")).collect();
        let shown: Vec<&str> = each.iter().take(2).map(String::as_str).collect();
        let more = if each.len() > shown.len() { " and so on" } else { "" };
        let slip = slip.help(format!("repeat the comparison: `{}`{more}", repair(&shown.join(joins))));
        let end = list.last.span.end();
        let whole = Span::new(self.operand, end);
        let sure = if list.constants && self.operand_stands_alone() { Safe } else { Guess };
        self.mend(slip, whole, format!("({})", each.join(joins)), sure);
        Taken { end, kind: Some(TokenKind::Name) }
    }

    /// The list that begins with a token: values and commas, mostly in brackets.
    fn list(&mut self, first: usize) -> Option<List<'t>> {
        let mut numbers = first..;
        let closes = match self.token(first)?.text {
            "(" => Some(")"),
            "[" => Some("]"),
            "{" => Some("}"),
            _ => None,
        };
        if closes.is_some() {
            numbers.next();
        }
        let mut values: Vec<&str> = Vec::new();
        let mut constants = true;
        loop {
            let value = self.token(numbers.next()?)?;
            if value.kind == TokenKind::Symbol {
                return None;
            }
            values.push(value.text);
            constants &= matches!(value.kind, TokenKind::Number | TokenKind::String);
            let after = self.token(numbers.next()?);
            match (after, closes) {
                (Some(after), _) if after.is(",") => {}
                (Some(after), Some(closes)) if after.is(closes) => {
                    return Some(List { values, constants, last: after });
                }
                (_, Some(_)) => return None,
                (_, None) => return (values.len() > 1).then_some(List { values, constants, last: value }),
            }
        }
    }
}

/// What each value is compared with, and how the comparisons are joined.
fn operators(negated: bool) -> (&'static str, &'static str) {
    if negated { ("!=", "&&") } else { ("==", "||") }
}
