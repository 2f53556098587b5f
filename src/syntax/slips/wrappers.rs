//! What a whole rule stands in: the escapes of JSON or of a spreadsheet, square
//! brackets or braces, tags of HTML, the fences of Markdown.

use crate::diagnostic::Confidence::{Guess, Safe};
use crate::diagnostic::{Code, Diagnostic, Edit, Offset, Span, repair};
use crate::syntax::scan::{Token, TokenKind};

use super::scanner::{Slips, Taken};

impl<'t> Slips<'t, '_> {
    /// A rule as JSON or a cell of a spreadsheet holds it, with its escapes.
    pub(super) fn whole_rule_escaped(&mut self) -> bool {
        let Some(first) = self.token(0) else { return false };
        let span = Span::new(first.span.start(), self.text.trim_end().len());
        let whole = self.slice(span);
        let Some((by, plain)) = unescaped(whole) else { return false };
        let reads = (self.parse)(&plain).is_none();
        if !reads && !plain.contains(['=', '<', '>', '(']) {
            return false;
        }
        let slip = Diagnostic::new(Code::Quotes, span, format!("this rule is escaped, as {by} holds it"))
            .note("with the escapes of another format")
            .help(format!("unescaped it is `{}`", repair(&plain)));
        if reads {
            self.mend(slip, span, plain, Safe);
        } else {
            self.report(slip);
            self.complete = false;
        }
        true
    }

    /// `[rule]`, `{rule}`, or a list of rules as JSON: what stands around it is
    /// taken away, and the rule is looked at.
    pub(super) fn bracketed_rule(&mut self, token: Token<'t>) -> Option<Taken> {
        let span = token.span;
        if self.before.is_some() {
            return None;
        }
        let whole = self.text.trim_end();
        let closing = if token.is("[") { ']' } else { '}' };
        let inner = self.text.get(span.end().get()..whole.len())?.strip_suffix(closing)?;
        let close = Span::new(span.end() + inner.len(), whole.len());
        let names = if token.is("[") { "square brackets" } else { "braces" };
        let slip = Diagnostic::new(Code::Syntax, span, format!("this rule stands in {names}"))
            .note("not part of a rule")
            .label(close, "to here")
            .help(format!("remove the `{}` and the `{closing}`", token.text));
        if token.is("{") && inner.contains("\"arity\"") {
            let slip = Diagnostic::new(Code::Syntax, span, "this is an expression tree, not a rule's text")
                .note("a tree begins with `{`")
                .help("read it as a tree");
            return Some(self.nothing_more(slip));
        }
        if let Some(rules) = json_texts(inner) {
            return Some(match rules.as_slice() {
                [only] if (self.parse)(only).is_none() => {
                    let all = Span::new(span.start(), close.end());
                    self.mend(slip.help(format!("write `{}`", repair(only))), all, only, Safe);
                    Taken { end: Offset::from(self.text.len()), kind: Some(TokenKind::Name) }
                }
                _ => {
                    let slip = Diagnostic::new(Code::Syntax, span, "this is a list of rules in JSON")
                        .note("a rule is one condition")
                        .help("check each by itself, or join them with `&&` or `||`");
                    self.nothing_more(slip)
                }
            });
        }
        let is_rule = !inner.contains(['[', ']', '{', '}'])
            && inner.contains(['=', '<', '>', '('])
            && inner.contains('.')
            && !inner.to_ascii_lowercase().contains("operator");
        is_rule.then(|| {
            let edits = [span, close].map(|bracket| Edit::new(bracket, "")).into();
            self.mend_by(slip, edits, Some(Safe));
            // The rule ends before the bracket.
            self.text = self.text.get(..close.start().get()).unwrap_or(self.text);
            self.end = Offset::from(self.text.trim_end().len());
            Taken { end: span.end(), kind: None }
        })
    }

    /// `currentTxn["value"]`: an attribute as other languages index it.
    pub(super) fn indexed(&mut self, token: Token<'t>) -> Option<Taken> {
        let name = self.token(1).filter(|name| name.kind == TokenKind::String)?;
        let close = self.token(2).filter(|close| close.is("]"))?;
        let word = name.text.trim_matches('"');
        if !token.is("[") || !self.after_name() {
            return None;
        }
        let span = token.span.to(close.span);
        let slip = Diagnostic::new(Code::Syntax, span, "an attribute is named after a dot")
            .note("not part of the language");
        let is_name = word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            && word.bytes().next().is_some_and(|first| !first.is_ascii_digit());
        if is_name {
            self.mend(slip.help(format!("write `.{}`", repair(word))), span, format!(".{word}"), Safe);
        } else {
            self.report(slip.help(format!(
                "names have the letters `a` to `z`, digits and `_` only; no rule can name `{}`",
                repair(word)
            )));
            self.complete = false;
        }
        Some(Taken { end: span.end(), kind: Some(TokenKind::Name) })
    }

    fn nothing_more(&mut self, slip: Diagnostic) -> Taken {
        self.report(slip);
        self.complete = false;
        self.open.clear();
        Taken { end: Offset::from(self.text.len()), kind: Some(TokenKind::Symbol) }
    }

    /// `<p>`, `</p>`, `<br/>`: a tag of the page that the rule was copied from.
    pub(super) fn tag(&mut self, token: Token<'t>) -> Option<Taken> {
        const TAGS: &str = " a b big blockquote body br center code dd div dl dt em font h1 h2 h3 h4 h5 \
            h6 head hr html i kbd li mark ol p pre q s samp script section small span strike strong style sub \
            sup table tbody td tfoot th thead tr tt u ul var wbr ";
        let rest = self.text.get(token.span.start().get()..)?;
        let inner = rest.strip_prefix('<')?;
        if let Some(inner) = rest.strip_prefix("<![CDATA[") {
            return self.character_data(token.span.start(), inner);
        }
        let (closes, inner) = match inner.strip_prefix('/') {
            Some(inner) => (true, inner),
            None => (false, inner),
        };
        let name: String = inner.chars().take_while(char::is_ascii_alphanumeric).take(11).collect();
        let listed = !name.is_empty() && TAGS.contains(&format!(" {} ", name.to_ascii_lowercase()));
        let after = inner.get(name.len()..)?;
        // A tag ends before the next one begins; looking further would be quadratic.
        let end = after.find(['<', '>'])?;
        let (attributes, _) = after.split_at_checked(end).filter(|(_, rest)| rest.starts_with('>'))?;
        let fits = (attributes.is_empty() || attributes.starts_with([' ', '/']))
            && (listed || (!name.is_empty() && (closes || self.closes_tag(&name))));
        // `a<b>c` is two comparisons and no tag.
        let opens_operand = !self.after_operand();
        if !fits || !(closes || opens_operand || name.eq_ignore_ascii_case("br")) {
            return None;
        }
        let length = rest.split_inclusive('>').next().map_or(0, str::len);
        let span = Span::new(token.span.start(), token.span.start() + length);
        let written = self.slice(span);
        let slip = Diagnostic::new(Code::HtmlDamage, span, "this is a tag of a web page")
            .note("not part of the rule")
            .help(format!("remove `{}`", repair(written)));
        let sure = if listed { Safe } else { Guess };
        self.mend(slip, span, " ", sure);
        if span.end() == self.end {
            self.end = Offset::from(self.text.get(..span.start().get())?.trim_end().len());
        }
        Some(Taken { end: span.end(), kind: None })
    }

    /// Whether a tag of the name is closed somewhere. All are gathered once: each
    /// sign of less asks for it.
    fn closes_tag(&self, name: &str) -> bool {
        let closed = self.closed_tags.get_or_init(|| {
            let behind = self.text.split("</").skip(1);
            let name = |rest: &'t str| {
                let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric())?;
                rest.split_at_checked(end).filter(|(_, rest)| rest.starts_with('>'))
            };
            behind.filter_map(name).map(|(name, _)| name).collect()
        });
        closed.contains(name)
    }

    /// `<![CDATA[rule]]>`
    fn character_data(&mut self, start: Offset, inner: &'t str) -> Option<Taken> {
        if self.no_data_ends {
            return None;
        }
        let Some((rule, _)) = inner.split_once("]]>") else {
            self.no_data_ends = true;
            return None;
        };
        let inside = start + "<![CDATA[".len();
        let close = Span::new(inside + rule.len(), inside + rule.len() + "]]>".len());
        let open = Span::new(start, inside);
        let slip = Diagnostic::new(Code::HtmlDamage, open, "this is how XML holds a text")
            .note("not part of the rule")
            .label(close, "to here")
            .help("remove both");
        // What stands behind it is not looked at.
        if self.before.is_some() || close.end() != self.end || (self.parse)(rule).is_some() {
            self.report(slip);
            self.complete = false;
            return Some(Taken { end: Offset::from(self.text.len()), kind: Some(TokenKind::Symbol) });
        }
        self.mend_by(slip, [open, close].map(|part| Edit::new(part, "")).into(), Some(Safe));
        Some(Taken { end: Offset::from(self.text.len()), kind: Some(TokenKind::Name) })
    }

    /// A rule with the key that it stands behind in a document:
    /// `"expression": "rule",`.
    pub(super) fn rule_behind_key(&mut self) -> bool {
        let Some(first) = self.token(0) else { return false };
        let span = Span::new(first.span.start(), self.text.trim_end().len());
        let whole = self.slice(span);
        let Some((key, value)) = whole.split_once(':') else { return false };
        let name = key.trim().trim_matches('"');
        let is_key =
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let value = value.trim().trim_end_matches(',').trim_end();
        let plain = match serde_json::from_str::<String>(value) {
            Ok(plain) => plain,
            Err(_) => value.to_owned(),
        };
        if !is_key || !plain.contains(['.', '(']) || (self.parse)(&plain).is_some() {
            return false;
        }
        let slip = Diagnostic::new(Code::Syntax, span, format!("this rule stands behind its key `{name}`"))
            .note("a key and its value")
            .help(format!("write `{}`", repair(&plain)));
        self.mend(slip, span, plain, Safe);
        true
    }

    /// The ``` of Markdown, and the name of a language after it.
    pub(super) fn fence(&mut self, token: Token<'t>) -> Option<Taken> {
        let rest = self.text.get(token.span.start().get()..)?;
        let after = rest.strip_prefix("```")?;
        let language: usize = after.chars().take_while(char::is_ascii_alphanumeric).count();
        let named = self.before.is_none() && after.get(language..)?.starts_with(['\r', '\n']);
        let length = if named { language } else { 0 };
        let end = token.span.start() + 3 + length;
        let span = Span::new(token.span.start(), end);
        let slip = Diagnostic::new(Code::Quotes, span, "these signs mark code in a text")
            .note("not part of the rule")
            .help("remove them");
        self.mend(slip, span, "", Safe);
        Some(Taken { end, kind: None })
    }
}

/// The texts of a JSON list without its brackets; `None` where it is none.
fn json_texts(inner: &str) -> Option<Vec<String>> {
    if !inner.trim_start().starts_with('"') {
        return None;
    }
    serde_json::from_str::<Vec<String>>(&format!("[{inner}]")).ok()
}

/// A text without the escapes of JSON or of a spreadsheet, and which of them it
/// was; `None` where it has none.
pub(crate) fn unescaped(text: &str) -> Option<(&'static str, String)> {
    let quoted = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    if let Some(cell) = quoted.filter(|cell| cell.contains("\"\"")) {
        let plain = cell.replace("\"\"", "\"");
        if !cell.replace("\"\"", "").contains('"') {
            return Some(("a spreadsheet or CSV", plain));
        }
    }
    if !text.contains('\\') {
        return None;
    }
    let decoded = |text: &str| serde_json::from_str::<String>(&format!("\"{text}\"")).ok();
    let mut plain = decoded(quoted.unwrap_or(text))?;
    // A text may be escaped once more for each document that held it.
    for _ in 0..3 {
        let inner = plain.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        match plain.contains("\\\"").then(|| decoded(inner.unwrap_or(&plain))).flatten() {
            Some(once) => plain = once,
            None => break,
        }
    }
    (plain != text).then_some(("JSON", plain))
}
