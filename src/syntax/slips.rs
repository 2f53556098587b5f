//! What people write wrong, recognised in the tokens of a text that the
//! grammar refuses. Every slip names its repair; the repaired text is read
//! again to find out whether anything else is wrong.
#![deny(clippy::arithmetic_side_effects)]

use crate::diagnostic::{Code, Diagnostic, Span};

use super::scan::{Token, TokenKind, tokens};

/// A replacement of a part of the text.
struct Edit {
    span: Span,
    with: &'static str,
}

/// Every known slip of a text and the first other fault. `fault` is where the
/// grammar gave up; `parse` asks it again about a repaired text.
pub(super) fn explain(text: &str, fault: usize, parse: &dyn Fn(&str) -> Option<usize>) -> Vec<Diagnostic> {
    let tokens: Vec<Token<'_>> = tokens(text).collect();
    let mut slips = Slips {
        text,
        tokens: &tokens,
        found: Vec::new(),
        edits: Vec::new(),
        open: Vec::new(),
        complete: true,
    };
    slips.scan();
    let Slips { mut found, edits, complete, .. } = slips;
    if found.is_empty() {
        return vec![other_fault(text, &tokens, fault)];
    }
    if complete {
        let (repaired, map) = apply(text, edits);
        if let Some(at) = parse(&repaired) {
            let at = original(&map, at);
            // A fault inside a slip is the slip itself.
            if !found.iter().any(|slip| slip.span.start <= at && at <= slip.span.end) {
                found.push(other_fault(text, &tokens, at));
            }
        }
    }
    found
}

/// `and`, `or`, `not` before a bracket read as a call of that name.
pub(super) fn word_operator(word: &str, span: Span) -> Option<Diagnostic> {
    let symbol = symbol_of_word(word)?;
    Some(
        Diagnostic::new(Code::WordOperator, span, format!("`{word}` is not an operator"))
            .note("written as a word")
            .help(format!("write `{symbol}` instead of `{word}`")),
    )
}

fn symbol_of_word(word: &str) -> Option<&'static str> {
    match word {
        "and" | "AND" | "And" => Some("&&"),
        "or" | "OR" | "Or" => Some("||"),
        "not" | "NOT" | "Not" => Some("!"),
        _ => None,
    }
}

struct Slips<'t> {
    text: &'t str,
    tokens: &'t [Token<'t>],
    found: Vec<Diagnostic>,
    edits: Vec<Edit>,
    /// Open brackets, and whether each opens a call's arguments.
    open: Vec<(Span, bool)>,
    /// Whether the edits mend the text as far as it was understood.
    complete: bool,
}

impl<'t> Slips<'t> {
    fn token(&self, index: usize) -> Option<Token<'t>> {
        self.tokens.get(index).copied()
    }

    fn report(&mut self, slip: Diagnostic, edit: Option<(Span, &'static str)>) {
        self.found.push(slip);
        self.edits.extend(edit.map(|(span, with)| Edit { span, with }));
    }

    fn scan(&mut self) {
        let mut index = 0_usize;
        while let Some(token) = self.token(index) {
            let before = index.checked_sub(1).and_then(|before| self.token(before));
            let next = self.token(index.saturating_add(1));
            let skip_to = match token.kind {
                TokenKind::Name => self.name(token, before, next),
                TokenKind::String => self.doubled_quotes(token, next),
                TokenKind::OpenString => {
                    self.unclosed_string(token);
                    return;
                }
                TokenKind::Symbol => self.symbol(token, before, next),
                TokenKind::Number => None,
            };
            match skip_to {
                Some(end) if end >= self.text.len() => return,
                Some(end) => {
                    while self.token(index).is_some_and(|token| token.span.start < end) {
                        index = index.saturating_add(1);
                    }
                }
                None => index = index.saturating_add(1),
            }
        }
        self.unclosed_brackets();
    }

    fn name(
        &mut self,
        token: Token<'t>,
        before: Option<Token<'t>>,
        next: Option<Token<'t>>,
    ) -> Option<usize> {
        if before.is_some_and(|before| before.is(".")) {
            return None;
        }
        let after_operand = before.is_some_and(|before| before.ends_operand());
        let before_operand =
            next.is_some_and(|next| next.kind != TokenKind::Symbol || matches!(next.text, "(" | "!" | "-"));
        if let Some(symbol) = symbol_of_word(token.text)
            && before_operand
            && after_operand == (symbol != "!")
            && let Some(slip) = word_operator(token.text, token.span)
        {
            self.report(slip, Some((token.span, symbol)));
            return None;
        }
        let placeholder = token.text.to_ascii_lowercase();
        let names_operators =
            strsim::osa_distance(&placeholder, "operators") <= 2 || placeholder == "operator";
        let in_place = after_operand || before.is_some_and(|before| before.is("("));
        if names_operators
            && in_place
            && next.is_some_and(|next| next.kind == TokenKind::Name || next.is("["))
        {
            return Some(self.template(
                before.filter(|before| before.is("(")).map_or(token.span.start, |before| before.span.start),
            ));
        }
        None
    }

    /// `""x""`: what a spreadsheet makes of `"x"`.
    fn doubled_quotes(&mut self, token: Token<'t>, next: Option<Token<'t>>) -> Option<usize> {
        let next = next?;
        let follows_at_once = next.span.start == token.span.end;
        let separates = next.kind == TokenKind::Symbol
            && matches!(next.text, "," | ")" | "." | "==" | "!=" | "&&" | "||" | ":");
        if token.text != "\"\"" || !follows_at_once || separates {
            return None;
        }
        let inner = self.text.get(token.span.end..)?;
        let length = inner.find("\"\"")?;
        let close = token.span.end.saturating_add(length);
        let end = close.saturating_add(2);
        let whole = Span::new(token.span.start, end);
        let slip = Diagnostic::new(Code::Quotes, whole, "this string stands in doubled quotes")
            .note("a spreadsheet doubles quotes")
            .help(format!("write `\"{}\"`", inner.get(..length).unwrap_or("")));
        self.report(slip, Some((token.span, "\"")));
        self.edits.push(Edit { span: Span::new(close, end), with: "\"" });
        Some(end)
    }

    fn unclosed_string(&mut self, token: Token<'t>) {
        let end = self.text.len();
        let slip = Diagnostic::new(Code::UnclosedString, Span::new(end, end), "a closing `\"` is missing")
            .note("expected `\"`")
            .label(Span::new(token.span.start, token.span.start.saturating_add(1)), "the string starts here")
            .help("put a `\"` where the string ends");
        self.complete = false;
        self.report(slip, None);
    }

    fn symbol(
        &mut self,
        token: Token<'t>,
        before: Option<Token<'t>>,
        next: Option<Token<'t>>,
    ) -> Option<usize> {
        let span = token.span;
        match token.text {
            "(" => {
                let call = before.is_some_and(|before| before.kind == TokenKind::Name);
                self.open.push((span, call));
                if let Some(next) = next.filter(|next| next.is(",")) {
                    self.empty_argument(next.span);
                }
            }
            ")" => {
                let closes = self.open.pop().is_some();
                if !closes {
                    let slip = Diagnostic::new(Code::Bracket, span, "this `)` closes nothing")
                        .note("no `(` is open here")
                        .help("remove it, or add the `(` that it should close");
                    self.report(slip, Some((span, "")));
                }
            }
            "," if next.is_some_and(|next| next.is(",") || next.is(")")) => self.empty_argument(span),
            ":" if self.open.last().is_some_and(|(_, call)| *call) => {
                let slip =
                    Diagnostic::new(Code::ColonArgument, span, "arguments are separated by `,`, not by `:`")
                        .note("expected `,`")
                        .help("write `,` instead of `:`");
                self.report(slip, Some((span, ",")));
            }
            "=" => {
                let slip = Diagnostic::new(Code::SingleEquals, span, "a single `=` does not compare")
                    .note("expected `==`")
                    .help("write `==` to ask whether both sides are equal");
                self.report(slip, Some((span, "==")));
            }
            "&" => return self.ampersand(token, next),
            "|" => {
                let slip = Diagnostic::new(Code::SingleLogic, span, "a single `|` is not an operator")
                    .note("expected `||`")
                    .help("write `||` for \"or\"");
                self.report(slip, Some((span, "||")));
            }
            "\u{a4}" => return self.currency_sign(span.start, span),
            "<>" | "><=" | "><" | "=>" | "=<" | "===" | "!==" | "<=>" | "<>=" | "=!" | "**" => {
                self.operator(token)
            }
            "'" | "\u{2018}" | "\u{2019}" | "\u{201c}" | "\u{201d}" | "\u{201e}" | "`" => {
                return self.quotes(token);
            }
            "[" | "{" => return Some(self.template(span.start)),
            "<" if !before.is_some_and(|before| before.ends_operand())
                && next.is_some_and(|next| next.kind == TokenKind::Name) =>
            {
                return Some(self.template(span.start));
            }
            _ => {}
        }
        None
    }

    fn empty_argument(&mut self, comma: Span) {
        let slip = Diagnostic::new(Code::EmptyArgument, comma, "an argument is missing beside this `,`")
            .note("nothing stands on one side")
            .help("add the argument, or remove the `,`");
        self.report(slip, Some((comma, "")));
    }

    fn operator(&mut self, token: Token<'t>) {
        let (repair, help) = match token.text {
            "<>" => ("!=", "write `!=` for \"is not equal\""),
            "=>" => (">=", "write `>=` for \"at least\""),
            "=<" => ("<=", "write `<=` for \"at most\""),
            "===" => ("==", "write `==` to ask whether both sides are equal"),
            "!==" | "=!" => ("!=", "write `!=` for \"is not equal\""),
            "**" => ("*", "the language has no powers; write `*` to multiply"),
            _ => (">=", "choose one of `<`, `<=`, `>`, `>=`, `==`, `!=`"),
        };
        let slip = Diagnostic::new(
            Code::UnknownOperator,
            token.span,
            format!("`{}` is not an operator", token.text),
        )
        .note("not an operator of this language")
        .help(help);
        self.report(slip, Some((token.span, repair)));
    }

    /// A single `&`, or the HTML entity that it begins.
    fn ampersand(&mut self, token: Token<'t>, next: Option<Token<'t>>) -> Option<usize> {
        const ENTITIES: [(&str, &str); 5] =
            [("lt", "<"), ("gt", ">"), ("amp", "&"), ("quot", "\""), ("nbsp", " ")];
        let start = token.span.start;
        let rest = self.text.get(token.span.end..).unwrap_or("");
        for (name, character) in ENTITIES {
            let length = match rest.strip_prefix(name) {
                Some(tail) if tail.starts_with(';') => name.len().saturating_add(1),
                _ => continue,
            };
            let span = Span::new(start, token.span.end.saturating_add(length));
            let slip = html_damage(span, &format!("write `{character}` instead of `&{name};`"));
            self.report(slip, Some((span, character)));
            // `&amp;` twice is `&&`, once it is a slip of its own that shows next time.
            return Some(span.end);
        }
        if next.is_some_and(|next| next.text == "\u{a4}" && next.span.start == token.span.end) {
            let sign = Span::new(start, token.span.end.saturating_add('\u{a4}'.len_utf8()));
            return self.currency_sign(start, sign);
        }
        let slip = Diagnostic::new(Code::SingleLogic, token.span, "a single `&` is not an operator")
            .note("expected `&&`")
            .help("write `&&` for \"and\"");
        self.report(slip, Some((token.span, "&&")));
        None
    }

    /// `¤t`: browsers read the `&curren` of `&current` as a currency sign.
    fn currency_sign(&mut self, start: usize, sign: Span) -> Option<usize> {
        let follows = self.text.get(sign.end..).is_some_and(|rest| rest.starts_with('t'));
        let (with, shown) = if start < sign.end.saturating_sub('\u{a4}'.len_utf8()) {
            ("&&curren", "&&current")
        } else {
            ("curren", "current")
        };
        let end = if follows { sign.end.saturating_add(1) } else { sign.end };
        let written = self.text.get(start..end).unwrap_or("\u{a4}");
        let slip = html_damage(Span::new(start, end), &format!("write `{shown}` instead of `{written}`"));
        self.report(slip, Some((Span::new(start, sign.end), with)));
        Some(end)
    }

    fn quotes(&mut self, token: Token<'t>) -> Option<usize> {
        let partners: &[char] = match token.text {
            "'" => &['\''],
            "`" => &['`'],
            "\u{2018}" | "\u{2019}" => &['\u{2018}', '\u{2019}'],
            _ => &['\u{201c}', '\u{201d}', '"'],
        };
        let rest = self.text.get(token.span.end..).unwrap_or("");
        let close = rest.find(partners).map(|at| token.span.end.saturating_add(at));
        let Some(close) = close else {
            let slip = Diagnostic::new(
                Code::Quotes,
                token.span,
                format!("`{}` does not quote a string", token.text),
            )
            .note("not a straight double quote")
            .help("write strings in straight double quotes: `\"text\"`");
            self.complete = false;
            self.report(slip, None);
            return None;
        };
        let quote = self.text.get(close..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
        let end = close.saturating_add(quote);
        let inner = self.text.get(token.span.end..close).unwrap_or("");
        let slip = Diagnostic::new(
            Code::Quotes,
            Span::new(token.span.start, end),
            "strings stand in straight double quotes",
        )
        .note("other quotes")
        .help(format!("write `\"{inner}\"`"));
        self.report(slip, Some((token.span, "\"")));
        self.edits.push(Edit { span: Span::new(close, end), with: "\"" });
        Some(end)
    }

    /// Everything from here on is a manual's placeholder; nothing more is judged.
    fn template(&mut self, start: usize) -> usize {
        let end = self.text.trim_end().len();
        let slip = Diagnostic::new(Code::Template, Span::new(start, end), "this is a template, not a rule")
            .note("a placeholder from a manual")
            .help("put a real operator and value in its place, such as `>500`");
        self.complete = false;
        self.report(slip, None);
        self.text.len()
    }

    fn unclosed_brackets(&mut self) {
        if self.open.is_empty() {
            return;
        }
        let end = self.text.trim_end().len();
        let message = match self.open.len() {
            1 => "a closing `)` is missing".to_owned(),
            count => format!("{count} closing `)` are missing"),
        };
        let mut slip = Diagnostic::new(Code::Bracket, Span::new(end, end), message)
            .note("expected `)`")
            .help("close what was opened, or remove the `(` that is too many");
        let count = self.open.len();
        for (span, call) in std::mem::take(&mut self.open).into_iter().rev().take(3) {
            slip = slip.label(span, if call { "the arguments start here" } else { "opened here" });
        }
        self.found.push(slip);
        for _ in 0..count {
            self.edits.push(Edit { span: Span::new(end, end), with: ")" });
        }
    }
}

fn html_damage(span: Span, repair: &str) -> Diagnostic {
    Diagnostic::new(Code::HtmlDamage, span, "this text was damaged by a web page")
        .note("an HTML entity")
        .help(repair)
}

/// The repaired text, and for each of its parts where that stood before.
fn apply(text: &str, mut edits: Vec<Edit>) -> (String, Vec<(usize, usize)>) {
    edits.sort_by_key(|edit| edit.span);
    let mut repaired = String::with_capacity(text.len());
    let mut map = vec![(0, 0)];
    let mut at = 0;
    for edit in edits {
        repaired.push_str(text.get(at..edit.span.start).unwrap_or(""));
        map.push((repaired.len(), edit.span.start));
        repaired.push_str(edit.with);
        map.push((repaired.len(), edit.span.end));
        at = edit.span.end;
    }
    repaired.push_str(text.get(at..).unwrap_or(""));
    (repaired, map)
}

fn original(map: &[(usize, usize)], at: usize) -> usize {
    let (new, old) = map.iter().rev().find(|(new, _)| *new <= at).copied().unwrap_or((0, 0));
    old.saturating_add(at.saturating_sub(new))
}

/// A fault that no slip explains, told by the tokens on both sides of it.
fn other_fault(text: &str, tokens: &[Token<'_>], at: usize) -> Diagnostic {
    let next = tokens.iter().position(|token| token.span.end > at);
    let found = next.and_then(|index| tokens.get(index));
    let before = match next {
        Some(index) => index.checked_sub(1).and_then(|index| tokens.get(index)),
        None => tokens.last(),
    };
    let Some(found) = found else {
        let end = text.trim_end().len();
        let message = if tokens.is_empty() { "there is no rule here" } else { "the rule ends too early" };
        return Diagnostic::new(Code::Syntax, Span::new(end, end), message)
            .note("expected a value, an attribute or `(`")
            .help("complete the rule, such as `currentTxn.value>500`");
    };
    let before_ends = before.is_some_and(Token::ends_operand);
    let starts_operand = found.kind != TokenKind::Symbol || found.is("(");
    let fault = |message: String| Diagnostic::new(Code::Syntax, found.span, message);
    if let Some(before) = before.filter(|_| before_ends && starts_operand) {
        return fault("two operands stand side by side".to_owned())
            .note(format!("expected an operator before `{}`", shown(found.text)))
            .label(before.span, "after this operand")
            .help(
                "join them with an operator such as `&&`, or put words that belong together in double quotes",
            );
    }
    let known = matches!(
        found.text,
        "||" | "&&"
            | "=="
            | "!="
            | "<"
            | "<="
            | ">"
            | ">="
            | "+"
            | "-"
            | "*"
            | "/"
            | "%"
            | "!"
            | ","
            | ")"
            | "."
    );
    if found.kind == TokenKind::Symbol && !known {
        return fault(format!("`{}` has no meaning in a rule", shown(found.text)))
            .note("not part of the language")
            .help("remove it, or put the text that it belongs to in double quotes");
    }
    if before.is_some_and(|before| before.is(".")) {
        return fault(format!("`{}` stands where a name is expected", shown(found.text)))
            .note("expected the name of an attribute or a method")
            .help("write the name right after the `.`");
    }
    if before_ends {
        return fault(format!("`{}` cannot stand here", shown(found.text)))
            .note("expected an operator")
            .help("join two parts with an operator such as `&&`");
    }
    fault(format!("`{}` stands where a value is expected", shown(found.text)))
        .note("expected a value, an attribute or `(`")
        .help("an operator needs a value on both sides")
}

fn shown(text: &str) -> String {
    const LONGEST: usize = 40;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    format!("{}...", text.chars().take(LONGEST).collect::<String>())
}
