//! Operators of other languages, signs that only look like those of this one,
//! and what web pages make of them.

use crate::diagnostic::Confidence::{self, Guess, Safe};
use crate::diagnostic::{Code, Diagnostic, Offset, Span, repair, shortened};
use crate::syntax::scan::{Token, TokenKind, is_full_width, is_invisible};
use crate::syntax::string::quoted;

use super::scanner::{Doubt, OpenBracket, Slips, Taken};
use super::scripts::{ARABIC_DECIMAL, ARABIC_THOUSANDS, digit, full_width, latin};
use super::word_operators::{comparison_of_word, symbol_of_word};

/// The operator that a sign or a word of another language means, and how sure
/// that is.
pub(crate) fn operator_meant(text: &str) -> Option<(&'static str, Confidence)> {
    let known = known_operator(text).map(|(operator, _, sure)| (operator, sure));
    known.or_else(|| {
        let word = symbol_of_word(text).or_else(|| comparison_of_word(text));
        let meant = word.or_else(|| one_character(text).and_then(look_alike))?;
        Some((meant, Safe))
    })
}

fn one_character(text: &str) -> Option<char> {
    let mut characters = text.chars();
    characters.next().filter(|_| characters.next().is_none())
}

/// The operator, the repair in words, and how sure it is.
fn known_operator(text: &str) -> Option<(&'static str, &'static str, Confidence)> {
    const KNOWN: [(&str, &str, &str); 17] = [
        ("=", "==", "write `==` to ask whether both sides are equal"),
        ("===", "==", "write `==` to ask whether both sides are equal"),
        ("====", "==", "write `==` to ask whether both sides are equal"),
        ("<>", "!=", "write `!=` for \"is not equal\""),
        ("!==", "!=", "write `!=` for \"is not equal\""),
        ("=!", "!=", "write `!=` for \"is not equal\""),
        ("=>", ">=", "write `>=` for \"at least\""),
        ("=<", "<=", "write `<=` for \"at most\""),
        ("&", "&&", "write `&&` for \"and\""),
        ("&&&", "&&", "write `&&` for \"and\""),
        ("|", "||", "write `||` for \"or\""),
        ("|||", "||", "write `||` for \"or\""),
        ("**", "*", "the language has no powers; write `*` to multiply"),
        ("><", ">=", CHOOSE),
        ("><=", ">=", CHOOSE),
        ("<=>", ">=", CHOOSE),
        ("<>=", ">=", CHOOSE),
    ];
    let (_, operator, help) = KNOWN.into_iter().find(|(known, ..)| *known == text)?;
    let sure = if help == CHOOSE || text == "**" { Guess } else { Safe };
    Some((operator, help, sure))
}

const CHOOSE: &str = "choose one of `<`, `<=`, `>`, `>=`, `==`, `!=`";

/// The operator that a sign of mathematics or typography looks like.
fn look_alike(character: char) -> Option<&'static str> {
    Some(match character {
        '\u{2265}' | '\u{2a7e}' | '\u{2267}' => ">=",
        '\u{2264}' | '\u{2a7d}' | '\u{2266}' => "<=",
        '\u{2260}' => "!=",
        '\u{2261}' => "==",
        '\u{d7}' | '\u{2217}' | '\u{22c5}' | '\u{b7}' | '\u{2715}' | '\u{2022}' => "*",
        '\u{f7}' | '\u{2215}' | '\u{2044}' => "/",
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' => "-",
        '\u{2227}' => "&&",
        '\u{2228}' => "||",
        '\u{ac}' => "!",
        '\u{60c}' | '\u{3001}' => ",",
        '\u{66a}' => "%",
        _ => return None,
    })
}

impl<'t> Slips<'t, '_> {
    /// A sign that is neither a bracket, a comma nor a quote.
    pub(super) fn sign(&mut self, token: Token<'t>) -> Option<Taken> {
        let span = token.span;
        let first = token.text.chars().next()?;
        let after_operand = self.after_operand();
        if let Some(taken) = self.sign_of_elsewhere(token) {
            return Some(taken);
        }
        if token.text == "=" && self.names_argument(token) {
            return None;
        }
        match token.text {
            "&" => return self.ampersand(token),
            "\u{a4}" => return Some(self.currency_sign(span.start(), span)),
            "." | "+" => return self.before_number(token),
            "/" => return self.comment(token),
            "?" => {
                self.conditional(span, "a rule has no `? :`");
                self.open.clear();
                return Some(Taken { end: Offset::from(self.text.len()), kind: None });
            }
            ";" => {
                self.semicolon(span);
                return None;
            }
            "<" if !after_operand && self.token(1).is_some_and(|next| next.kind == TokenKind::Name) => {
                return Some(self.template(span.start()));
            }
            _ => {}
        }
        if let Some((operator, help, sure)) = known_operator(token.text) {
            if let Some(start) = self.placeholder(token) {
                return Some(self.template(start));
            }
            let (code, message, note) = match token.text {
                "=" => (Code::SingleEquals, "a single `=` does not compare".to_owned(), "expected `==`"),
                "|" => (Code::SingleLogic, "a single `|` is not an operator".to_owned(), "expected `||`"),
                "&&&" => (Code::SingleLogic, "`&&&` has one `&` too many".to_owned(), "expected `&&`"),
                "|||" => (Code::SingleLogic, "`|||` has one `|` too many".to_owned(), "expected `||`"),
                text => (
                    Code::UnknownOperator,
                    format!("`{text}` is not an operator"),
                    "not an operator of this language",
                ),
            };
            // Without an operand before it, it is one sign too many and no operator;
            // and where several operators are possible, the author has to choose.
            let sure = Some(sure).filter(|_| after_operand && help != CHOOSE);
            self.mend(Diagnostic::new(code, span, message).note(note).help(help), span, operator, sure);
            return None;
        }
        if let Some(operator) = look_alike(first) {
            if operator == "!" && !after_operand {
                return Some(self.negation(token));
            }
            let slip = Diagnostic::new(Code::UnknownOperator, span, format!("`{first}` is not an operator"))
                .note(format!("looks like `{operator}`"))
                .help(format!("write `{operator}` instead of `{first}`"));
            // A bullet before a rule multiplies nothing.
            let sure = match operator {
                "!" => None,
                "-" => Some(Safe),
                _ => Some(Safe).filter(|_| after_operand),
            };
            self.mend(slip, span, operator, sure);
            return Some(Taken { end: span.end(), kind: Some(TokenKind::Symbol) });
        }
        if is_full_width(first) {
            return Some(self.full_width_signs(token));
        }
        if is_invisible(first) || first.is_whitespace() {
            self.invisible(span, first);
            return Some(Taken { end: span.end(), kind: None });
        }
        if !first.is_ascii() {
            return self.before_number(token);
        }
        if first == '$' { self.before_number(token) } else { None }
    }

    /// What signs say in other languages and formats, which one operator is not
    /// enough for.
    fn sign_of_elsewhere(&mut self, token: Token<'t>) -> Option<Taken> {
        let span = token.span;
        match token.text {
            "=" if self.before.is_none() => {
                let slip = Diagnostic::new(Code::SingleEquals, span, "a rule does not begin with `=`")
                    .note("begins a formula of a spreadsheet")
                    .help("remove it");
                self.mend(slip, span, "", Safe);
                Some(Taken { end: span.end(), kind: None })
            }
            "=" | "==" | "!" | "~" if self.after_operand() => {
                self.regex_operator(token).or_else(|| self.equals_list(token))
            }
            "<" => self.tag(token),
            "#" | "@" | "$" | "^" | "\\" => self.sign_in_name(token),
            _ => self.equals_list(token),
        }
    }

    /// `basketQty(brand="Puma")`, as other languages name their arguments: reports
    /// it where it is one.
    fn names_argument(&mut self, token: Token<'t>) -> bool {
        let Some(named) = self.before.filter(|before| match before.kind {
            TokenKind::Name => before.span.start() == self.operand,
            kind => kind == TokenKind::String,
        }) else {
            return false;
        };
        let opens = self.text.get(..self.operand.get()).map(str::trim_end).unwrap_or("");
        let Some(value) = self.token(1).filter(|value| value.kind != TokenKind::Symbol) else { return false };
        let Some(after) = self.token(2).filter(|_| self.in_call()) else { return false };
        if !opens.ends_with(['(', ',']) || !matches!(after.text, "," | ")") {
            return false;
        }
        let slip = Diagnostic::new(Code::SingleEquals, token.span, "a single `=` gives no argument its name");
        if opens.ends_with('(') && after.is(")") && value.kind == TokenKind::String {
            let name = match named.kind {
                TokenKind::Name => quoted(named.text),
                _ => named.text.to_owned(),
            };
            let pair = format!("{name},{}", value.text);
            let slip = slip
                .note("expected `,`")
                .help(format!("a name and its value are two arguments: `{}`", repair(&pair)));
            self.mend(slip, named.span.to(value.span), pair, Guess);
        } else {
            let slip = slip.note("arguments have no names").help(
                "write the values alone, in the order of the method, such as `basketSum(\"brand\",\"Puma\")`",
            );
            // In another order they may mean something else.
            self.mend(slip, named.span.to(token.span), "", None);
        }
        true
    }

    /// `email =~ "a"`, `email !~ /a/i`.
    fn regex_operator(&mut self, token: Token<'t>) -> Option<Taken> {
        let second = self.token(1).filter(|next| next.span.start() == token.span.end());
        let (last, number) = match second.filter(|second| second.is("~") != token.is("~")) {
            Some(second) if matches!(second.text, "~" | "=" | "*") => (second, 2),
            _ if token.is("~") => (token, 1),
            _ => return None,
        };
        let span = token.span.to(last.span);
        let slip = Diagnostic::new(
            Code::UnknownOperator,
            span,
            format!("`{}` is not an operator", self.slice(span)),
        )
        .note("asked with a dot and brackets");
        let pattern = self.token(number)?;
        let (pattern, end) = match pattern.kind {
            TokenKind::String => (pattern.text.to_owned(), pattern.span.end()),
            _ if pattern.is("/") => {
                let rest = self.text.get(pattern.span.end().get()..)?;
                let (inner, after) = rest.split_once('/')?;
                let flags = after.split(|character: char| !character.is_ascii_alphabetic()).next()?;
                let fold = if flags.contains('i') { "(?i)" } else { "" };
                let end = pattern.span.end() + inner.len() + 1 + flags.len();
                (quoted(&format!("{fold}{inner}")), end)
            }
            _ => {
                let help = "ask with a regular expression in quotes, such as `.matches(\"^a\")`";
                self.report(slip.help(help));
                self.complete = false;
                return None;
            }
        };
        let fold = last.is("*");
        let pattern = if fold { pattern.replacen('"', "\"(?i)", 1) } else { pattern };
        let no = if token.is("!") { "==false" } else { "" };
        let call = format!(".matches({pattern}){no}");
        let operand = self.before.map_or(span.start(), |before| before.span.end());
        let written = format!("{}{call}", self.operand_text());
        // `==~` asks for the whole text elsewhere.
        let sure = if token.is("==") { Guess } else { Safe };
        self.mend(slip.help(format!("write `{}`", repair(&written))), Span::new(operand, end), call, sure);
        Some(Taken { end, kind: Some(TokenKind::Name) })
    }

    /// Where a placeholder such as the `<amount>` of `><amount>` starts.
    fn placeholder(&mut self, token: Token<'t>) -> Option<Offset> {
        if !token.text.ends_with('<') {
            return None;
        }
        let word = self.token(1).filter(|word| word.kind == TokenKind::Name)?;
        let closes = self.token(2).filter(|next| next.is(">") && next.span.start() == word.span.end())?;
        let ends = self.token(3).is_none_or(|next| matches!(next.text, "&&" | "||" | ")" | ","));
        (ends && closes.span.end() > word.span.end()).then(|| token.span.end() - 1)
    }

    fn semicolon(&mut self, span: Span) {
        let last = self.token(1).is_none();
        let slip =
            Diagnostic::new(Code::Syntax, span, "a rule has no `;`").note("no `;` here").help(match last {
                true => "remove it; a rule ends without a sign",
                false => "join two conditions with `&&` or `||`; a rule is one condition",
            });
        if last {
            self.mend(slip, span, "", Safe);
        } else {
            self.report(slip);
            self.complete = false;
        }
    }

    /// `// ...` up to the end of the line, `/* ... */`.
    fn comment(&mut self, token: Token<'t>) -> Option<Taken> {
        let start = token.span.start();
        let next = self.token(1).filter(|next| next.span.start() == token.span.end())?;
        let rest = self.text.get(start.get()..)?;
        let comment = match next.text {
            "/" => rest.split('\n').next(),
            "*" | "**" => rest.split_inclusive("*/").next(),
            _ => return None,
        };
        let end = start + comment?.trim_end().len();
        let span = Span::new(start, end);
        if end == self.end {
            self.end = Offset::from(self.text.get(..start.get())?.trim_end().len());
        }
        let slip = Diagnostic::new(Code::Syntax, span, "a rule has no comments")
            .note("a comment")
            .help("remove it; a remark belongs into the description of the target");
        self.mend(slip, span, "", Guess);
        Some(Taken { end, kind: None })
    }

    fn full_width_signs(&mut self, token: Token<'t>) -> Taken {
        let plain: String = token.text.chars().filter_map(full_width).collect();
        for (at, bracket) in plain.char_indices() {
            let span = token.span;
            match bracket {
                '(' => self.open.push(OpenBracket {
                    span,
                    call: at == 0 && self.after_name(),
                    operand: span.start(),
                }),
                ')' => drop(self.open.pop()),
                _ => {}
            }
        }
        let (plain, sure) = match operator_meant(&plain) {
            Some((operator, sure)) => (operator.to_owned(), Some(sure).filter(|_| self.after_operand())),
            None => (plain, Some(Safe)),
        };
        let slip = Diagnostic::new(
            Code::Syntax,
            token.span,
            format!("`{}` is a wide form of `{plain}`", token.text),
        )
        .note("typed in wide letters")
        .help(format!("write `{plain}`"));
        self.mend(slip, token.span, plain, sure);
        Taken { end: token.span.end(), kind: Some(TokenKind::Symbol) }
    }

    fn invisible(&mut self, span: Span, character: char) {
        let code = format!("U+{:04X}", u32::from(character));
        let (message, note, help, with) = if character.is_whitespace() {
            (
                format!("this space ({code}) is not one that separates"),
                "another kind of space",
                "type an ordinary space instead",
                " ",
            )
        } else {
            (
                format!("an invisible character ({code}) stands here"),
                "not to be seen",
                "remove it, or type this part anew",
                "",
            )
        };
        self.mend(Diagnostic::new(Code::Syntax, span, message).note(note).help(help), span, with, Safe);
    }

    /// A word with letters that names do not have.
    pub(super) fn foreign(&mut self, token: Token<'t>) -> Option<Taken> {
        if token.text.chars().next().is_some_and(|first| digit(first).is_some()) {
            return Some(self.digits_of_another_script(token));
        }
        let word = token.text;
        let span = token.span;
        let plain: Option<String> = word
            .chars()
            .map(|character| if character.is_ascii() { Some(character) } else { latin(character) })
            .collect();
        let other = word.chars().find(|character| !character.is_ascii());
        let mixed = word.chars().any(|character| character.is_ascii() || full_width(character).is_some());
        if let (Some(plain), Some(other), true) = (plain, other, mixed) {
            let looks = full_width(other).or_else(|| latin(other)).unwrap_or(other);
            let message = match plain.chars().all(|character| character.is_ascii_digit()) {
                true => format!("`{}` is typed in wide digits", shortened(word)),
                false => {
                    format!("`{other}` (U+{:04X}) only looks like the letter `{looks}`", u32::from(other))
                }
            };
            let slip = Diagnostic::new(Code::Syntax, span, message)
                .note("typed in another alphabet")
                .help(format!("write `{}`", shortened(&plain)));
            let kind = if plain.starts_with(|first: char| first.is_ascii_digit()) {
                TokenKind::Number
            } else {
                TokenKind::Name
            };
            self.mend(slip, span, plain, Safe);
            return Some(Taken { end: span.end(), kind: Some(kind) });
        }
        if self.before.is_some_and(|before| before.is("."))
            || self.token(1).is_some_and(|next| next.is(".") || next.is("("))
        {
            let slip =
                Diagnostic::new(Code::Syntax, span, format!("no name is spelled `{}`", shortened(word)))
                    .note("not a name")
                    .help("names have the letters `a` to `z`, digits and `_` only");
            self.report(slip);
            self.complete = false;
            return None;
        }
        let quoted = format!("\"{word}\"");
        let slip =
            Diagnostic::new(Code::Syntax, span, format!("`{}` stands without quotes", shortened(word)))
                .note("neither a name nor a string")
                .help(format!("put text in double quotes: `{}`", shortened(&quoted)));
        self.mend(slip, span, quoted, Guess);
        None
    }

    /// A number in Arabic-Indic digits, for one.
    fn digits_of_another_script(&mut self, token: Token<'t>) -> Taken {
        const LONGEST: usize = 60;
        let start = token.span.start();
        let rest = self.text.get(start.get()..).unwrap_or("");
        let mut plain = String::new();
        let mut reached = start;
        for (at, character) in rest.char_indices().take(LONGEST) {
            match digit(character).or(Some(character).filter(|plain| plain.is_ascii_digit())) {
                Some(digit) => plain.push(digit),
                None if matches!(character, ARABIC_DECIMAL | '.') => plain.push('.'),
                None if character == ARABIC_THOUSANDS => {}
                None => break,
            }
            reached = start + at + character.len_utf8();
        }
        let span = Span::new(start, reached.max(token.span.end()));
        let slip = Diagnostic::new(
            Code::Syntax,
            span,
            format!("`{}` is typed in digits of another script", shortened(self.slice(span))),
        )
        .note("not the digits 0 to 9")
        .help(format!("write `{}`", shortened(&plain)));
        // What goes on with letters is no number.
        if span.end() == reached {
            self.mend(slip, span, plain, Safe);
        } else {
            self.report(slip);
            self.complete = false;
        }
        Taken { end: span.end(), kind: Some(TokenKind::Number) }
    }

    /// A single `&`, or the HTML entity that it begins.
    fn ampersand(&mut self, token: Token<'t>) -> Option<Taken> {
        let start = token.span.start();
        if let Some((after, characters)) = self.text.get(start.get()..).and_then(entities) {
            let span = Span::new(start, Offset::from(self.text.len()) - after.len());
            let written = self.slice(span);
            let (repair, kind) = match characters.as_str() {
                " " => (format!("write a space instead of `{written}`"), None),
                characters => {
                    (format!("write `{characters}` instead of `{written}`"), Some(TokenKind::Symbol))
                }
            };
            // A quote that is an apostrophe may stand within a word.
            let apostrophe = ["apos;", "#39;", "#x27;"].iter().any(|name| written.ends_with(name));
            if characters == "\"" {
                self.doubt_strings(Doubt::Entities);
            }
            let sure = if apostrophe { Guess } else { Safe };
            self.mend(html_damage(span, &repair), span, characters, sure);
            return Some(Taken { end: span.end(), kind });
        }
        if self.token(1).is_some_and(|next| next.text == "\u{a4}" && next.span.start() == token.span.end()) {
            let sign = Span::new(start, token.span.end() + '\u{a4}'.len_utf8());
            return Some(self.currency_sign(start, sign));
        }
        let slip = Diagnostic::new(Code::SingleLogic, token.span, "a single `&` is not an operator")
            .note("expected `&&`")
            .help("write `&&` for \"and\"");
        self.mend(slip, token.span, "&&", Some(Safe).filter(|_| self.after_operand()));
        None
    }

    /// `¤t`: browsers read the `&curren` of `&current` as a currency sign.
    fn currency_sign(&mut self, start: Offset, sign: Span) -> Taken {
        let follows = self.text.get(sign.end().get()..).is_some_and(|rest| rest.starts_with('t'));
        let (with, shown) = if start < sign.end() - '\u{a4}'.len_utf8() {
            ("&&curren", "&&current")
        } else {
            ("curren", "current")
        };
        let end = if follows { sign.end() + 1 } else { sign.end() };
        let written = self.text.get(Span::new(start, end).range()).unwrap_or("\u{a4}");
        let slip = html_damage(Span::new(start, end), &format!("write `{shown}` instead of `{written}`"));
        self.mend(slip, Span::new(start, sign.end()), with, Safe);
        Taken { end, kind: Some(TokenKind::Symbol) }
    }
}

/// The entities that a text begins with, and the `=` that makes one operator
/// with it: what follows them, and the characters that they stand for.
fn entities(text: &str) -> Option<(&str, String)> {
    let (after, mut characters) = entity(text)?;
    match after.strip_prefix('=') {
        Some(after) if matches!(characters.as_str(), "<" | ">") => {
            characters.push('=');
            Some((after, characters))
        }
        _ => Some((after, characters)),
    }
}

/// One entity; `&amp;lt;` was damaged twice.
fn entity(text: &str) -> Option<(&str, String)> {
    const ENTITIES: [(&str, &str); 12] = [
        ("lt", "<"),
        ("gt", ">"),
        ("le", "<="),
        ("ge", ">="),
        ("ne", "!="),
        ("amp", "&"),
        ("quot", "\""),
        ("#34", "\""),
        ("apos", "\""),
        ("#39", "\""),
        ("#x27", "\""),
        ("nbsp", " "),
    ];
    let mut rest = text.strip_prefix('&')?;
    while let Some(inner) = rest.strip_prefix("amp;").filter(|inner| {
        ENTITIES.iter().any(|(name, _)| inner.strip_prefix(name).is_some_and(|after| after.starts_with(';')))
    }) {
        rest = inner;
    }
    ENTITIES.into_iter().find_map(|(name, characters)| {
        let after = rest.strip_prefix(name)?.strip_prefix(';')?;
        Some((after, characters.to_owned()))
    })
}

fn html_damage(span: Span, repair: &str) -> Diagnostic {
    Diagnostic::new(Code::HtmlDamage, span, "this text was damaged by a web page")
        .note("an HTML entity")
        .help(repair)
}
