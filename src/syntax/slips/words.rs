//! Operators written as words, and what other languages put into words.
#![deny(clippy::arithmetic_side_effects)]

use crate::diagnostic::{Code, Diagnostic, Span, repair};

use super::{Slips, Taken};
use crate::syntax::scan::{Token, TokenKind};

/// `and`, `or`, `not` before a bracket read as a call of that name.
pub(crate) fn word_operator(word: &str, span: Span) -> Option<Diagnostic> {
    symbol_of_word(word).map(|symbol| word_slip(word, span, symbol))
}

fn word_slip(word: &str, span: Span, symbol: &str) -> Diagnostic {
    no_operator(word, span).help(format!("write `{symbol}` instead of `{word}`"))
}

fn no_operator(words: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::WordOperator, span, format!("`{words}` is not an operator"))
        .note("written as a word")
}

pub(super) fn symbol_of_word(word: &str) -> Option<&'static str> {
    const LOGIC: [(&str, &str); 3] = [("and", "&&"), ("or", "||"), ("not", "!")];
    LOGIC.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, symbol)| symbol)
}

/// Comparisons as words, which stand between two operands.
pub(super) fn comparison_of_word(word: &str) -> Option<&'static str> {
    const COMPARISONS: [(&str, &str); 10] = [
        ("is", "=="),
        ("equal", "=="),
        ("equals", "=="),
        ("eq", "=="),
        ("ne", "!="),
        ("gt", ">"),
        ("gte", ">="),
        ("lt", "<"),
        ("lte", "<="),
        ("mod", "%"),
    ];
    COMPARISONS.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, symbol)| symbol)
}

/// Methods that are asked with a dot and brackets, not as a word between two.
fn method_of_word(word: &str) -> Option<&'static str> {
    const METHODS: [(&str, &str); 6] = [
        ("contains", "contains"),
        ("contain", "contains"),
        ("includes", "contains"),
        ("has", "contains"),
        ("like", "contains"),
        ("matches", "matches"),
    ];
    METHODS.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, method)| method)
}

impl<'t> Slips<'t, '_> {
    /// A name where no name can stand.
    pub(super) fn name(&mut self, token: Token<'t>) -> Option<Taken> {
        if self.before.is_some_and(|before| before.is(".")) {
            return None;
        }
        let after_operand = self.before.is_some_and(|before| before.ends_operand());
        let next = self.token(1);
        let before_operand =
            next.is_some_and(|next| next.kind != TokenKind::Symbol || matches!(next.text, "(" | "!" | "-"));
        if let Some(symbol) = symbol_of_word(token.text)
            && before_operand
            && after_operand == (symbol != "!")
        {
            self.mend(word_slip(token.text, token.span, symbol), token.span, symbol);
            return None;
        }
        if self.names_operators(token, after_operand) {
            let bracket = self.before.filter(|before| before.is("("));
            return Some(self.template(bracket.map_or(token.span.start, |before| before.span.start)));
        }
        let in_call = next.is_some_and(|next| next.is("("));
        if token.text.eq_ignore_ascii_case("if") && self.before.is_none() && (before_operand || in_call) {
            self.conditional(token.span, "`if` has no meaning in a rule");
            return None;
        }
        if after_operand { self.between_operands(token) } else { None }
    }

    /// A manual's `(Operators like >, <)`.
    fn names_operators(&mut self, token: Token<'t>, after_operand: bool) -> bool {
        let word = token.text.to_ascii_lowercase();
        let named = strsim::osa_distance(&word, "operators") <= 2 || word == "operator";
        let in_place = after_operand || self.before.is_some_and(|before| before.is("("));
        named && in_place && self.token(1).is_some_and(|next| next.kind == TokenKind::Name || next.is("["))
    }

    pub(super) fn conditional(&mut self, span: Span, message: &str) {
        let slip = Diagnostic::new(Code::Syntax, span, message)
            .note("a rule is one condition")
            .help("write the condition alone; it is true or false by itself");
        self.report(slip);
        self.complete = false;
    }

    /// A word after an operand, where an operator should be.
    fn between_operands(&mut self, token: Token<'t>) -> Option<Taken> {
        let word = token.text;
        let negated = word.eq_ignore_ascii_case("not");
        let follows = |slips: &mut Self, number: usize, word: &str| {
            slips.token(number).is_some_and(|token| token.text.eq_ignore_ascii_case(word))
        };
        if word.eq_ignore_ascii_case("in") || (negated && follows(self, 1, "in")) {
            return self.in_list(token, usize::from(negated));
        }
        if word.eq_ignore_ascii_case("between") {
            return self.between(token);
        }
        if word.eq_ignore_ascii_case("is") {
            let not = follows(self, 1, "not");
            let last = if not { 2 } else { 1 };
            let method = match self.token(last).map(|asked| asked.text.to_ascii_lowercase()).as_deref() {
                Some("null") => Some(if not { "isNotNull()" } else { "isNull()" }),
                Some("empty") if !not => Some("isEmpty()"),
                _ => None,
            };
            if let (Some(method), Some(asked)) = (method, self.token(last)) {
                return Some(self.asked(token, asked, method.to_owned()));
            }
            if not && let Some(second) = self.token(1) {
                let span = token.span.to(second.span);
                let words = self.slice(span);
                self.mend(word_slip(words, span, "!="), span, "!=");
                return Some(Taken { end: span.end, kind: Some(TokenKind::Symbol) });
            }
        }
        if let Some(method) = method_of_word(word)
            && let Some(asked) =
                self.token(1).filter(|next| next.ends_operand() && next.kind != TokenKind::Symbol)
        {
            // `like "%gift%"` asks for what stands between the signs.
            let sought = match asked.text.strip_prefix("\"%").and_then(|rest| rest.strip_suffix("%\"")) {
                Some(inner) if word.eq_ignore_ascii_case("like") => format!("\"{inner}\""),
                _ => asked.text.to_owned(),
            };
            return Some(self.asked(token, asked, format!("{method}({sought})")));
        }
        if let Some(symbol) = comparison_of_word(word)
            && self.token(1).is_some_and(|next| next.kind != TokenKind::Symbol || next.is("("))
        {
            self.mend(word_slip(word, token.span, symbol), token.span, symbol);
            return Some(Taken { end: token.span.end, kind: Some(TokenKind::Symbol) });
        }
        None
    }

    /// The operand before a word, as it is written.
    fn operand_text(&self) -> &'t str {
        self.slice(Span::new(self.operand, self.before.map_or(self.operand, |before| before.span.end)))
    }

    /// `notes contains "gift"` for `notes.contains("gift")`.
    fn asked(&mut self, first: Token<'t>, last: Token<'t>, call: String) -> Taken {
        let end = self.before.map_or(first.span.start, |before| before.span.end);
        let span = first.span.to(last.span);
        let written = format!("{}.{call}", self.operand_text());
        let slip = no_operator(first.text, first.span)
            .note("asked with a dot and brackets")
            .help(format!("write `{}`", repair(&written)));
        self.mend(slip, Span::new(end, span.end), format!(".{call}"));
        Taken { end: span.end, kind: Some(TokenKind::Name) }
    }

    /// `value between 5 and 10`
    fn between(&mut self, token: Token<'t>) -> Option<Taken> {
        let operand = self.operand_text();
        let slip = no_operator(token.text, token.span);
        let bound = |token: Option<Token<'t>>| {
            token.filter(|token| matches!(token.kind, TokenKind::Number | TokenKind::String))
        };
        let joins = self.token(2).is_some_and(|and| and.is("&&") || and.text.eq_ignore_ascii_case("and"));
        let (Some(low), Some(high), true) = (bound(self.token(1)), bound(self.token(3)), joins) else {
            self.report(
                slip.help("write both comparisons, such as `currentTxn.value>=5&&currentTxn.value<=10`"),
            );
            self.complete = false;
            return None;
        };
        let whole = Span::new(self.operand, high.span.end);
        let both = format!("{operand}>={}&&{operand}<={}", low.text, high.text);
        self.mend(slip.help(format!("write `{}`", repair(&both))), whole, format!("({both})"));
        Some(Taken { end: high.span.end, kind: Some(TokenKind::Name) })
    }

    /// `slabName in ("Gold","Silver")`, and the same with `not in`. `skip` is
    /// how many tokens stand before the `in`.
    fn in_list(&mut self, token: Token<'t>, skip: usize) -> Option<Taken> {
        let operand = self.operand_text();
        let negated = skip > 0;
        let (equals, joins) = if negated { ("!=", "&&") } else { ("==", "||") };
        let mut at = skip.saturating_add(2);
        let mut values: Vec<&str> = Vec::new();
        let opened = self.token(skip.saturating_add(1)).is_some_and(|next| next.is("(") || next.is("["));
        let closed = loop {
            let value = self.token(at).filter(|value| value.kind != TokenKind::Symbol && opened);
            let Some(value) = value else { break None };
            values.push(value.text);
            let after = self.token(at.saturating_add(1));
            at = at.saturating_add(2);
            match after {
                Some(after) if after.is(",") => {}
                Some(after) if after.is(")") || after.is("]") => break Some(after),
                _ => break None,
            }
        };
        let words = if negated { "not in" } else { token.text };
        let Some(closed) = closed else {
            let both = format!("{operand}{equals}\"Gold\"{joins}{operand}{equals}\"Silver\"");
            let slip = no_operator(words, token.span)
                .help(format!("repeat the comparison, such as `{}`", repair(&both)));
            self.report(slip);
            self.complete = false;
            return None;
        };
        let each: Vec<String> = values.iter().map(|value| format!("{operand}{equals}{value}")).collect();
        let shown: Vec<&str> = each.iter().take(2).map(String::as_str).collect();
        let more = if each.len() > shown.len() { " and so on" } else { "" };
        let slip = no_operator(words, token.span)
            .help(format!("repeat the comparison: `{}`{more}", repair(&shown.join(joins))));
        let whole = Span::new(self.operand, closed.span.end);
        self.mend(slip, whole, format!("({})", each.join(joins)));
        Some(Taken { end: closed.span.end, kind: Some(TokenKind::Name) })
    }
}
