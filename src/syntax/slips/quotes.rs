//! Strings in other quotes than straight double ones, and strings that are
//! never closed.

use crate::diagnostic::Confidence::{Guess, Safe};
use crate::diagnostic::{self, Code, Diagnostic, Edit, Offset, Span, Suggestion, splice};
use crate::syntax::scan::{Token, TokenKind};
use crate::syntax::string::quoted;

use super::scanner::{Doubt, Slips, Taken};

/// The characters that close what a quote opens, itself among them so that a
/// search for the end never goes past the next one; `None` where it is none.
pub(super) fn opens(character: char) -> Option<&'static [char]> {
    Some(match character {
        '\'' => &['\''],
        '`' | '\u{b4}' => &['`', '\u{b4}', '\''],
        '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}' => {
            &['\u{2018}', '\u{2019}', '\u{201a}', '\u{201b}']
        }
        '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{201f}' => {
            &['\u{201c}', '\u{201d}', '\u{201e}', '\u{201f}', '"']
        }
        // Primes and ornaments.
        '\u{2033}' | '\u{2036}' | '\u{301d}' | '\u{301e}' | '\u{301f}' | '\u{275d}' | '\u{275e}' => {
            &['\u{2033}', '\u{2036}', '\u{301d}', '\u{301e}', '\u{301f}', '\u{275d}', '\u{275e}', '"']
        }
        '\u{2032}' | '\u{2035}' | '\u{275b}' | '\u{275c}' => {
            &['\u{2032}', '\u{2035}', '\u{275b}', '\u{275c}', '\'']
        }
        '\u{300e}' | '\u{300f}' => &['\u{300e}', '\u{300f}'],
        '\u{ab}' | '\u{bb}' => &['\u{ab}', '\u{bb}'],
        '\u{2039}' | '\u{203a}' => &['\u{2039}', '\u{203a}'],
        '\u{300c}' | '\u{300d}' => &['\u{300c}', '\u{300d}'],
        '\u{ff02}' => &['\u{ff02}', '"'],
        '\u{ff07}' => &['\u{ff07}', '\''],
        _ => return None,
    })
}

/// How many closing quotes are tried before the first is taken.
const TRIED: usize = 4;

fn quote_slip(span: Span, message: &str) -> Diagnostic {
    Diagnostic::new(Code::Quotes, span, message)
}

impl<'t> Slips<'t, '_> {
    /// A rule that stands in quotes from its beginning to its end.
    pub(super) fn whole_rule_in_quotes(&mut self) -> bool {
        let Some(first) = self.token(0) else { return false };
        let start = first.span.start();
        let end = self.text.trim_end().len();
        let whole = self.slice(Span::new(start, end));
        let doubled = whole.strip_prefix("\"\"").and_then(|inner| inner.strip_suffix("\"\""));
        let single = || {
            let opener = whole.chars().next()?;
            let partners = opens(opener)?;
            whole.get(opener.len_utf8()..)?.strip_suffix(partners)
        };
        let inner = doubled.or_else(single).unwrap_or("");
        // A value is no rule, though it reads as one.
        let is_rule = inner.contains(['.', '(']) && (self.parse)(inner).is_none();
        if is_rule {
            let span = Span::new(start, end);
            let slip = quote_slip(span, "the whole rule stands in quotes")
                .note("quotes make it a text")
                .help("remove the quotes round the rule");
            let opening = if doubled.is_some() { 2 } else { whole.chars().next().map_or(0, char::len_utf8) };
            let inside = start + opening;
            let outer = [Span::new(start, inside), Span::new(inside + inner.len(), end)];
            self.mend_by(slip, outer.map(|quotes| Edit::new(quotes, "")).into(), Some(Safe));
        }
        is_rule
    }

    /// `""x""`: what a spreadsheet makes of `"x"`.
    pub(super) fn doubled_quotes(&mut self, token: Token<'t>) -> Option<Taken> {
        let next = self.token(1)?;
        let follows_at_once = next.span.start() == token.span.end();
        let separates = next.kind == TokenKind::Symbol
            && matches!(next.text, "," | ")" | "." | "==" | "!=" | "&&" | "||" | ":" | ";");
        if token.text != "\"\"" || !follows_at_once || separates {
            return None;
        }
        let inner = self.text.get(token.span.end().get()..)?;
        let inner = inner.get(..inner.find("\"\"")?)?;
        let end = token.span.end() + inner.len() + 2;
        let whole = Span::new(token.span.start(), end);
        let repair = quoted(inner);
        let slip = quote_slip(whole, "this string stands in doubled quotes")
            .note("a spreadsheet doubles quotes")
            .help(format!("write `{}`", diagnostic::repair(&repair)));
        self.doubt_strings(Doubt::Quotes);
        self.mend(slip, whole, repair, Safe);
        Some(Taken { end, kind: Some(TokenKind::String) })
    }

    pub(super) fn unclosed_string(&mut self, token: Token<'t>) {
        let end = self.text.len();
        let mut slip = Diagnostic::new(Code::UnclosedString, Span::empty(end), "a closing `\"` is missing")
            .note("expected `\"`")
            .label(Span::byte(token.span.start()), "the last string starts here");
        slip = match self.torn_string {
            // `"brand,"Puma"` has its quotes in pairs of the wrong ones.
            Some(torn) => slip.label(torn, "this string runs on to the next `\"`").help(
                "put a `\"` where each string ends; the first one that is not closed is the one to mend",
            ),
            None => slip.help("put a `\"` where the string ends"),
        };
        let closed = if self.torn_string.is_none() { self.closed(token) } else { None };
        self.complete = false;
        self.doubt_strings(Doubt::Quotes);
        self.report(slip.suggest(closed));
    }

    /// The quote that closes the last string, before the brackets that it took
    /// in; `None` where that makes no rule, or the string took in more.
    fn closed(&self, token: Token<'t>) -> Option<Suggestion> {
        let mut inner = token.text.trim_end();
        for _ in &self.open {
            inner = inner.strip_suffix(')').unwrap_or(inner).trim_end();
        }
        if inner.contains(['&', '|', '=', '<', '>', ',', '(', ')']) {
            return None;
        }
        let end = token.span.start() + inner.len();
        let edit = Edit::new(Span::empty(end), "\"");
        let mut edits = self.edits.clone();
        edits.push(edit.clone());
        edits.sort_by_key(|edit| edit.span);
        let (closed, _) = splice(self.text, edits.iter(), 0..self.text.len());
        (self.parse)(&closed).is_none().then(|| Suggestion::replace(edit.span, edit.with, Guess))
    }

    /// Remembers the first string that a word follows at once: most likely its
    /// closing quote was meant to open the next one.
    pub(super) fn mark_torn_string(&mut self, token: Token<'t>) {
        let word = self.token(1).filter(|next| next.span.start() == token.span.end());
        if word
            .is_some_and(|next| matches!(next.kind, TokenKind::Name | TokenKind::Number | TokenKind::Foreign))
        {
            self.torn_string.get_or_insert(token.span);
            self.doubt_strings(Doubt::Quotes);
        }
    }

    pub(super) fn quotes(&mut self, token: Token<'t>) -> Option<Taken> {
        let opener = token.text.chars().next()?;
        let start = token.span.start();
        let inside = start + opener.len_utf8();
        let Some((close, end)) = self.closing_quote(opener, inside) else {
            let slip = quote_slip(token.span, &format!("`{opener}` does not quote a string"))
                .note("not a straight double quote")
                .help("write strings in straight double quotes: `\"text\"`");
            self.complete = false;
            self.doubt_strings(Doubt::Quotes);
            self.report(slip);
            return None;
        };
        let inner = self.slice(Span::new(inside, close));
        // The quote itself can only stand in its string behind a backslash.
        let unescaped = inner.replace(&format!("\\{opener}"), &opener.to_string());
        let repair = quoted(&unescaped);
        let whole = Span::new(start, end);
        let slip = quote_slip(whole, "strings stand in straight double quotes")
            .note("other quotes")
            .help(format!("write `{}`", diagnostic::repair(&repair)));
        // Which quote closes the string is certain where there is one only.
        let partners = opens(opener).unwrap_or_default();
        let sure = if inner.contains(partners) || inner.contains('"') { Guess } else { Safe };
        self.doubt_strings(Doubt::Quotes);
        // What stands between the quotes is left alone where it may.
        let edits = match repair.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
            Some(same) if same == inner => {
                [Span::new(start, inside), Span::new(close, end)].map(|quote| Edit::new(quote, "\"")).into()
            }
            _ => vec![Edit::new(whole, repair)],
        };
        self.mend_by(slip, edits, Some(sure));
        Some(Taken { end, kind: Some(TokenKind::String) })
    }

    /// Where the string that a quote opens ends: the closing quote's first byte
    /// and the byte after it. An apostrophe within a word closes nothing.
    fn closing_quote(&self, opener: char, inside: Offset) -> Option<(Offset, Offset)> {
        let rest = self.text.get(inside.get()..)?;
        let partners = opens(opener)?;
        let ends: Vec<(usize, &str)> = rest.match_indices(partners).take(TRIED).collect();
        let closes = |(at, quote): &&(usize, &str)| {
            let after = rest.get(*at..).and_then(|rest| rest.strip_prefix(quote)?.chars().next());
            !matches!(*quote, "'" | "\u{2019}" | "\u{b4}" | "\u{ff07}")
                || !after.is_some_and(|after| after.is_alphanumeric() || after == '_')
        };
        let (at, quote) = ends.iter().find(closes).or(ends.first())?;
        let start = inside + *at;
        Some((start, start + quote.len()))
    }
}
