//! What people write wrong, recognised in the tokens of a text that the
//! grammar refuses. Every slip names its repair; the repaired text is read
//! again to find out whether anything else is wrong.
//!
//! Each kind of slip has a file: [`words`], [`quotes`], [`numbers`], [`signs`];
//! what is no known slip is told by [`other`].
#![deny(clippy::arithmetic_side_effects)]

mod numbers;
mod other;
mod quotes;
mod signs;
mod words;

use std::collections::VecDeque;

use crate::diagnostic::Confidence::{self, Guess, Safe};
use crate::diagnostic::{Code, Diagnostic, Edit, Span, Suggestion, splice};

use super::scan::{Token, TokenKind, token_from};

pub(super) use signs::operator_meant;
pub(super) use words::word_operator;

/// Every known slip of a text and the first other fault. `fault` is where the
/// grammar gave up; `parse` asks it again about a repaired text.
pub(super) fn explain(text: &str, fault: usize, parse: &dyn Fn(&str) -> Option<usize>) -> Vec<Diagnostic> {
    let mut slips = Slips::new(text, parse);
    slips.scan();
    let Slips { mut found, mut edits, complete, doubtful_strings, .. } = slips;
    if found.is_empty() {
        return vec![other::fault(text, fault)];
    }
    edits.sort_by_key(|edit| edit.span);
    let (repaired, map) = splice(text, edits.iter(), Span::new(0, text.len()));
    let still = if complete { parse(&repaired) } else { None };
    doubt(&mut found, doubtful_strings, complete && still.is_none());
    if let Some(at) = still {
        let at = original(&map, at);
        // A fault inside a slip is the slip itself.
        if !found.iter().any(|slip| slip.span.start <= at && at <= slip.span.end) {
            found.push(other::fault(text, at));
        }
    }
    found
}

/// What is inside a string and what is outside can be told for sure only of a
/// text that reads: a word of a string must not become an operator.
fn doubt(found: &mut [Diagnostic], strings: Doubt, reads: bool) {
    for slip in found {
        // An entity is what it is, wherever it stands.
        let certain = match strings {
            Doubt::None => true,
            Doubt::Quotes => reads || slip.code == Code::HtmlDamage,
            Doubt::Entities => slip.code == Code::HtmlDamage,
        };
        if !certain {
            slip.suggestions.iter_mut().for_each(Suggestion::doubt);
        }
    }
}

/// Whether what the slips take for strings may be something else.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Doubt {
    None,
    /// Quotes were mended, or are missing.
    Quotes,
    /// Quotes are HTML entities: no string was recognised.
    Entities,
}

/// A bracket that is open.
struct Open {
    span: Span,
    /// Whether it opens the arguments of a call.
    call: bool,
    /// Where the operand that it belongs to starts.
    operand: usize,
}

struct Slips<'t, 'p> {
    text: &'t str,
    parse: &'p dyn Fn(&str) -> Option<usize>,
    /// The token before the one at hand.
    before: Option<Token<'t>>,
    /// The tokens that were looked at and not yet taken, in order.
    ahead: VecDeque<Token<'t>>,
    /// The byte after the last of them.
    read: usize,
    /// Where the operand that was read last starts.
    operand: usize,
    open: Vec<Open>,
    /// The byte after the rule: before a comment that ends the text.
    end: usize,
    /// A string that a word follows at once.
    torn_string: Option<Span>,
    found: Vec<Diagnostic>,
    edits: Vec<Edit>,
    /// Whether the edits mend the text as far as it was understood.
    complete: bool,
    doubtful_strings: Doubt,
}

/// The byte after a slip, and what it counts as for what follows; `None`
/// where it should not be there at all.
struct Taken {
    end: usize,
    kind: Option<TokenKind>,
}

impl<'t, 'p> Slips<'t, 'p> {
    fn new(text: &'t str, parse: &'p dyn Fn(&str) -> Option<usize>) -> Slips<'t, 'p> {
        Slips {
            text,
            parse,
            before: None,
            ahead: VecDeque::new(),
            read: 0,
            operand: 0,
            open: Vec::new(),
            end: text.trim_end().len(),
            torn_string: None,
            found: Vec::new(),
            edits: Vec::new(),
            complete: true,
            doubtful_strings: Doubt::None,
        }
    }

    /// The token at hand is number 0, the next one number 1.
    fn token(&mut self, number: usize) -> Option<Token<'t>> {
        while self.ahead.len() <= number {
            let token = token_from(self.text, self.read)?;
            self.read = token.span.end;
            self.ahead.push_back(token);
        }
        self.ahead.get(number).copied()
    }

    /// Takes the token at hand.
    fn step(&mut self) {
        let Some(token) = self.ahead.pop_front() else { return };
        let begins = token.kind != TokenKind::Symbol && !self.before.is_some_and(|before| before.is("."));
        if begins {
            self.operand = token.span.start;
        }
        self.before = Some(token);
    }

    /// Goes on after a slip. What was looked at within it is forgotten.
    fn skip(&mut self, start: usize, taken: &Taken) {
        if let Some(kind) = taken.kind {
            let span = Span::new(start, taken.end);
            self.before = Some(Token { kind, text: self.slice(span), span });
            self.operand = start;
        }
        self.ahead.clear();
        self.read = taken.end;
    }

    fn slice(&self, span: Span) -> &'t str {
        self.text.get(span.start..span.end).unwrap_or("")
    }

    fn report(&mut self, slip: Diagnostic) {
        self.found.push(slip);
    }

    /// Reports a slip that edits mend. How sure they are is nothing where they
    /// only serve to read on, and nobody should make them.
    fn mend_by(&mut self, slip: Diagnostic, edits: Vec<Edit>, sure: Option<Confidence>) {
        let suggestion = sure.map(|sure| Suggestion::several(self.text, edits.clone(), sure));
        self.report(slip.suggest(suggestion));
        self.edits.extend(edits);
    }

    /// Reports a slip that one replacement mends.
    fn mend(
        &mut self,
        slip: Diagnostic,
        span: Span,
        with: impl Into<String>,
        sure: impl Into<Option<Confidence>>,
    ) {
        self.mend_by(slip, vec![Edit::new(span, with)], sure.into());
    }

    fn doubt_strings(&mut self, doubt: Doubt) {
        self.doubtful_strings = self.doubtful_strings.max(doubt);
    }

    fn after_operand(&self) -> bool {
        self.before.is_some_and(|before| before.ends_operand())
    }

    fn after_name(&self) -> bool {
        self.before.is_some_and(|before| before.kind == TokenKind::Name)
    }

    fn in_call(&self) -> bool {
        self.open.last().is_some_and(|open| open.call)
    }

    fn scan(&mut self) {
        if self.whole_rule_in_quotes() {
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
                Some(taken) if taken.end >= self.text.len() => break,
                Some(taken) => self.skip(token.span.start, &taken),
                None => self.step(),
            }
        }
        self.unclosed_brackets();
    }

    /// A sign: brackets and commas here, the others by what they are.
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
            "[" | "{" => Some(self.template(span.start)),
            text if text.chars().all(|character| quotes::opens(character).is_some()) => self.quotes(token),
            _ => self.sign(token),
        }
    }

    fn opening(&mut self, span: Span) -> Option<Taken> {
        let call = self.after_name();
        let operand = if call { self.operand } else { span.start };
        self.open.push(Open { span, call, operand });
        match self.token(1) {
            Some(next) if next.is(",") => self.empty_argument(next.span),
            Some(next) if next.is(")") && !call => {
                let slip =
                    Diagnostic::new(Code::Syntax, span.to(next.span), "nothing stands in these brackets")
                        .note("expected a condition between them")
                        .help("write a condition between the brackets, or remove them");
                self.report(slip);
                self.complete = false;
            }
            _ => {}
        }
        None
    }

    fn closing(&mut self, span: Span) -> Option<Taken> {
        match self.open.pop() {
            Some(open) => self.operand = open.operand,
            None => {
                let slip = Diagnostic::new(Code::Bracket, span, "this `)` closes nothing")
                    .note("no `(` is open here")
                    .help("remove it, or add the `(` that it should close");
                self.mend(slip, span, "", Guess);
            }
        }
        None
    }

    fn empty_argument(&mut self, comma: Span) {
        let slip = Diagnostic::new(Code::EmptyArgument, comma, "an argument is missing beside this `,`")
            .note("nothing stands on one side")
            .help("add the argument, or remove the `,`");
        self.mend(slip, comma, "", Guess);
    }

    /// Everything from here on is a manual's placeholder; nothing more is judged.
    fn template(&mut self, start: usize) -> Taken {
        let end = self.text.trim_end().len();
        let slip = Diagnostic::new(Code::Template, Span::new(start, end), "this is a template, not a rule")
            .note("a placeholder from a manual")
            .help("put a real operator and value in its place, such as `>500`");
        self.complete = false;
        self.report(slip);
        // What is open is part of the template too.
        self.open.clear();
        Taken { end: self.text.len(), kind: Some(TokenKind::Symbol) }
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
        for open in self.open.iter().rev().take(3) {
            slip = slip.label(open.span, if open.call { "the arguments start here" } else { "opened here" });
        }
        self.mend(slip, Span::new(self.end, self.end), ")".repeat(self.open.len()), Guess);
    }
}

/// The byte of the text before the edits.
fn original(map: &[(usize, usize)], at: usize) -> usize {
    let (new, old) = map.iter().rev().find(|(new, _)| *new <= at).copied().unwrap_or((0, 0));
    old.saturating_add(at.saturating_sub(new))
}
