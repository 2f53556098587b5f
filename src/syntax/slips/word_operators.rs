//! Operators written as words, and what other languages put into words.

use crate::diagnostic::Confidence::{self, Guess, Safe};
use crate::diagnostic::{Code, Diagnostic, Span, repair};
use crate::syntax::scan::{Token, TokenKind};
use crate::syntax::string::quoted;

use super::scanner::{Slips, Taken};

/// How to deny what no edit is known for.
pub(super) const DENY: &str = "put what is denied in brackets, with `==false` after them";

/// How to deny what stands in brackets. The platform has no `!`, so it comes second.
pub(super) const DENY_BRACKETS: &str =
    "write `==false` after the brackets, or `!` in front of them, which is warned of";

pub(super) fn word_slip(word: &str, span: Span, symbol: &str) -> Diagnostic {
    match symbol {
        "!" => no_operator(word, span).help(DENY),
        _ => no_operator(word, span).help(format!("write `{symbol}` instead of `{word}`")),
    }
}

pub(super) fn no_operator(words: &str, span: Span) -> Diagnostic {
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
    const METHODS: [(&str, &str); 7] = [
        ("contains", "contains"),
        ("contain", "contains"),
        ("includes", "contains"),
        ("has", "contains"),
        ("like", "contains"),
        ("matches", "matches"),
        ("match", "matches"),
    ];
    METHODS.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, method)| method)
}

/// What to ask for a pattern of SQL, where `%` stands for any text.
fn like(pattern: &str) -> String {
    let inner = pattern.trim_matches('%');
    if inner.is_empty() || inner.contains(['\\', '_']) {
        return format!("contains({})", quoted(pattern));
    }
    let escaped = inner.split('%').map(regex_syntax::escape).collect::<Vec<_>>().join(".*");
    match (pattern.starts_with('%'), pattern.ends_with('%')) {
        (true, true) if !inner.contains('%') => format!("contains({})", quoted(inner)),
        (true, true) => format!("matches({})", quoted(&escaped)),
        (false, true) => format!("matches({})", quoted(&format!("^{escaped}"))),
        (true, false) => format!("matches({})", quoted(&format!("{escaped}$"))),
        (false, false) => format!("matches({})", quoted(&format!("^{escaped}$"))),
    }
}

impl<'t> Slips<'t, '_> {
    /// A name where no name can stand.
    pub(super) fn name(&mut self, token: Token<'t>) -> Option<Taken> {
        if self.before.is_some_and(|before| before.is(".")) {
            return None;
        }
        let after_operand = self.after_operand();
        if let Some(currency) = self.currency_word(token) {
            return Some(currency);
        }
        let next = self.token(1);
        let before_operand =
            next.is_some_and(|next| next.kind != TokenKind::Symbol || matches!(next.text, "(" | "!" | "-"));
        if let Some(symbol) = symbol_of_word(token.text)
            && before_operand
            && after_operand == (symbol != "!")
        {
            if symbol == "!" {
                return Some(self.negation(token));
            }
            // Words that belong together may have an `and` among them.
            let sure = if self.condition_follows(1) { Safe } else { Guess };
            self.mend(word_slip(token.text, token.span, symbol), token.span, symbol, sure);
            return Some(Taken { end: token.span.end(), kind: Some(TokenKind::Symbol) });
        }
        if self.names_operators(token, after_operand) {
            let bracket = self.before.filter(|before| before.is("("));
            return Some(self.template(bracket.map_or(token.span.start(), |before| before.span.start())));
        }
        let in_call = next.is_some_and(|next| next.is("("));
        if token.text.eq_ignore_ascii_case("if") && self.before.is_none() && (before_operand || in_call) {
            self.conditional(token.span, "`if` has no meaning in a rule");
            return None;
        }
        if after_operand { self.between_operands(token) } else { None }
    }

    /// Whether a condition begins with a token: a name that is asked something, a
    /// bracket or a boolean, but no word that could be part of a text.
    fn condition_follows(&mut self, number: usize) -> bool {
        let mut numbers = number..;
        let mut token = || numbers.next().and_then(|number| self.token(number));
        let (first, second) = (token(), token());
        let asked = second.is_some_and(|next| next.is(".") || next.is("("));
        first.is_some_and(|token| match token.kind {
            TokenKind::Name => {
                asked || matches!(token.text, "true" | "false") || symbol_of_word(token.text) == Some("!")
            }
            TokenKind::Symbol => matches!(token.text, "(" | "!"),
            _ => false,
        })
    }

    /// Whether a value begins with a token, and no word of a text.
    fn value_follows(&mut self, number: usize) -> bool {
        let constant = self.token(number).is_some_and(|token| {
            token.is("-") || matches!(token.kind, TokenKind::Number | TokenKind::String)
        });
        constant || self.condition_follows(number)
    }

    /// Whether the operand before a word is a whole condition's left side, and not
    /// the end of a longer expression.
    pub(super) fn operand_stands_alone(&self) -> bool {
        let before = self.text.get(..self.operand.get()).unwrap_or("").trim_end();
        let word = before.rsplit(|character: char| !character.is_ascii_alphanumeric()).next();
        let joined = word.is_some_and(|word| matches!(symbol_of_word(word), Some("&&" | "||")));
        joined
            || before.is_empty()
            || before.ends_with('(')
            || before.ends_with("&&")
            || before.ends_with("||")
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
                Some("null" | "nil" | "none" | "undefined") => {
                    Some(if not { "isNotNull()" } else { "isNull()" })
                }
                Some("empty" | "blank") => Some(if not { "isEmpty()==false" } else { "isEmpty()" }),
                _ => None,
            };
            if let (Some(method), Some(asked)) = (method, self.token(last)) {
                return Some(self.asked(token, asked, method.to_owned(), Safe));
            }
            if not && let Some(second) = self.token(1) {
                let span = token.span.to(second.span);
                let words = self.slice(span);
                let sure = if self.value_follows(2) { Safe } else { Guess };
                self.mend(word_slip(words, span, "!="), span, "!=", sure);
                return Some(Taken { end: span.end(), kind: Some(TokenKind::Symbol) });
            }
        }
        if let Some(asked) = self.asked_in_words(token) {
            return Some(asked);
        }
        if let Some(symbol) = comparison_of_word(word)
            && self.token(1).is_some_and(|next| next.kind != TokenKind::Symbol || next.is("("))
        {
            let sure = if self.value_follows(1) { Safe } else { Guess };
            self.mend(word_slip(word, token.span, symbol), token.span, symbol, sure);
            return Some(Taken { end: token.span.end(), kind: Some(TokenKind::Symbol) });
        }
        None
    }

    /// `notes contains "gift"`, `notes does not contain "gift"`, `notes starts with
    /// "gift"`.
    fn asked_in_words(&mut self, first: Token<'t>) -> Option<Taken> {
        let is = |token: Option<Token<'t>>, words: &[&str]| {
            token.is_some_and(|token| words.iter().any(|word| token.text.eq_ignore_ascii_case(word)))
        };
        let mut at = 0;
        if is(Some(first), &["does", "do", "did", "is"]) && is(self.token(1), &["not"]) {
            at = 1;
        }
        let negated = is(self.token(at), &["not"]);
        if negated {
            at = if at == 1 { 2 } else { 1 };
        }
        let verb = self.token(at)?;
        let with = at == 0 || negated;
        let (last, anchored) = match verb.text.to_ascii_lowercase().as_str() {
            "starts" | "begins" if with => (1, Some(true)),
            "ends" if with => (1, Some(false)),
            "start" | "begin" if negated => (1, Some(true)),
            "end" if negated => (1, Some(false)),
            "startswith" | "beginswith" => (0, Some(true)),
            "endswith" => (0, Some(false)),
            _ => (0, None),
        };
        let numbers = [at, [1, 2, 3].into_iter().nth(at)?, [2, 3, 4].into_iter().nth(at)?];
        if last == 1 && !is(self.token(*numbers.get(1)?), &["with"]) {
            return None;
        }
        let asked = self.token(*numbers.get(if last == 1 { 2 } else { 1 })?);
        let asked = asked.filter(|next| next.ends_operand() && next.kind != TokenKind::Symbol)?;
        let inner = asked.text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        let no = if negated { "==false" } else { "" };
        if let Some(at_start) = anchored {
            let escaped = regex_syntax::escape(inner?);
            let pattern = if at_start { format!("^{escaped}") } else { format!("{escaped}$") };
            let call = format!("matches({}){no}", quoted(&pattern));
            // Of an enum the whole constant would have to match.
            return Some(self.asked(first, asked, call, Guess));
        }
        let word = verb.text.to_ascii_lowercase();
        let method = method_of_word(&word)?;
        if let Some(inner) = inner.filter(|_| word == "like") {
            return Some(self.asked(first, asked, format!("{}{no}", like(inner)), Guess));
        }
        // Other words may ask for the whole text, or without regard to case.
        let same = matches!(word.as_str(), "contains" | "contain" | "matches" | "match");
        let sure = if same && asked.kind == TokenKind::String { Safe } else { Guess };
        Some(self.asked(first, asked, format!("{method}({}){no}", asked.text), sure))
    }

    /// The operand before a word, as it is written.
    pub(super) fn operand_text(&self) -> &'t str {
        self.slice(Span::new(self.operand, self.before.map_or(self.operand, |before| before.span.end())))
    }

    /// `notes contains "gift"` for `notes.contains("gift")`.
    fn asked(&mut self, first: Token<'t>, last: Token<'t>, call: String, sure: Confidence) -> Taken {
        let end = self.before.map_or(first.span.start(), |before| before.span.end());
        let span = first.span.to(last.span);
        let written = format!("{}.{call}", self.operand_text());
        let slip = no_operator(first.text, first.span)
            .note("asked with a dot and brackets")
            .help(format!("write `{}`", repair(&written)));
        self.mend(slip, Span::new(end, span.end()), format!(".{call}"), sure);
        Taken { end: span.end(), kind: Some(TokenKind::Name) }
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
        let whole = Span::new(self.operand, high.span.end());
        let both = format!("{operand}>={}&&{operand}<={}", low.text, high.text);
        let slip = slip.help(format!("write `{}`", repair(&both)));
        // A guess: some take `between` to include its bounds, others do not.
        self.mend(slip, whole, format!("({both})"), Guess);
        Some(Taken { end: high.span.end(), kind: Some(TokenKind::Name) })
    }
}
