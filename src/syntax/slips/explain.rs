//! Every slip of a text, found token by token, and what is wrong beside them.

use crate::diagnostic::Confidence::Safe;
use crate::diagnostic::{Code, Diagnostic, Found, Offset, splice};
use crate::syntax::scan::{Token, TokenKind};

use super::scanner::{Doubt, Slips, Taken};
use super::{other, quotes};

/// Every known slip of a text and the first other fault. `fault` is where the
/// grammar gave up; `parse` asks it again about a repaired text; so many `errors`
/// will be reported.
pub(in crate::syntax) fn explain(
    text: &str,
    fault: Offset,
    parse: &dyn Fn(&str) -> Option<Offset>,
    errors: usize,
) -> Found {
    let mut slips = Slips::new(text, parse, errors);
    slips.scan();
    let Slips { mut found, mut edits, complete, doubtful_strings, .. } = slips;
    if found.is_empty() {
        return Found::one(other::fault(text, fault));
    }
    edits.sort_by_key(|edit| edit.span);
    let (repaired, map) = splice(text, edits.iter(), 0..text.len());
    let still = if complete { parse(&repaired) } else { None };
    doubt(&mut found, doubtful_strings, complete && still.is_none());
    if let Some(at) = still {
        let at = original(&map, at);
        // A fault inside a slip is the slip itself.
        if !found.is_around(at) {
            found.push(other::fault(text, at));
        }
    }
    found
}

/// Makes guesses of repairs that may stand inside a string. Where strings begin
/// and end is certain only where the repaired text can be read; otherwise a word
/// of a string could be turned into an operator.
fn doubt(found: &mut Found, strings: Doubt, reads: bool) {
    // An HTML entity is damage inside a string too.
    found.doubt(|code| match strings {
        Doubt::None => true,
        Doubt::Quotes => reads || code == Code::HtmlDamage,
        Doubt::Entities => code == Code::HtmlDamage,
    });
}

impl<'t> Slips<'t, '_> {
    fn scan(&mut self) {
        if self.whole_rule_in_quotes() || self.whole_rule_escaped() || self.rule_behind_key() {
            return;
        }
        while let Some(token) = self.token(0) {
            let taken = match token.kind {
                TokenKind::Name => self.name(token),
                TokenKind::Foreign => self.foreign(token),
                TokenKind::Number => self.number(token),
                TokenKind::String => {
                    self.mark_torn_string(token);
                    self.doubled_quotes(token)
                }
                TokenKind::OpenString => {
                    self.unclosed_string(token);
                    return;
                }
                TokenKind::Symbol => self.symbol(token),
            };
            match taken {
                Some(taken) if taken.end.get() >= self.text.len() => break,
                Some(taken) => self.skip(token.span.start(), &taken),
                None => self.step(),
            }
        }
        self.unclosed_brackets();
    }

    /// A sign: brackets and commas are dealt with here, the others in `signs`.
    fn symbol(&mut self, token: Token<'t>) -> Option<Taken> {
        let span = token.span;
        match token.text {
            "(" => self.opening(span),
            ")" => self.closing(span),
            "," => {
                if self.token(1).is_some_and(|next| next.is(",") || next.is(")")) {
                    self.empty_argument(span);
                }
                None
            }
            ":" | ";" if self.in_call() => {
                let sign = token.text;
                let slip = Diagnostic::new(
                    Code::ColonArgument,
                    span,
                    format!("arguments are separated by `,`, not by `{sign}`"),
                )
                .note("expected `,`")
                .help(format!("write `,` instead of `{sign}`"));
                self.mend(slip, span, ",", Safe);
                None
            }
            "[" | "{" => match self.bracketed_rule(token).or_else(|| self.indexed(token)) {
                Some(taken) => Some(taken),
                None => Some(self.template(span.start())),
            },
            "`" if self.text.get(span.start().get()..).is_some_and(|rest| rest.starts_with("```")) => {
                self.fence(token)
            }
            ":" if self.after_name() && !self.in_call() => self.sign_in_name(token),
            text if text.chars().all(|character| quotes::opens(character).is_some()) => self.quotes(token),
            _ => self.sign(token),
        }
    }
}

/// Where a byte of the edited text stood before the edits.
fn original(map: &[(Offset, Offset)], at: Offset) -> Offset {
    let (new, old) = map.iter().rev().find(|(new, _)| *new <= at).copied().unwrap_or_default();
    old + (at - new)
}
