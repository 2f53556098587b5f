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

use std::borrow::Cow;
use std::collections::VecDeque;

use crate::diagnostic::{Code, Diagnostic, Span};

use super::scan::{Token, TokenKind, token_from};

pub(super) use signs::operator_meant;
pub(super) use words::word_operator;

/// A replacement of a part of the text.
struct Edit {
    span: Span,
    with: Cow<'static, str>,
}

/// Every known slip of a text and the first other fault. `fault` is where the
/// grammar gave up; `parse` asks it again about a repaired text.
pub(super) fn explain(text: &str, fault: usize, parse: &dyn Fn(&str) -> Option<usize>) -> Vec<Diagnostic> {
    let mut slips = Slips::new(text, parse);
    slips.scan();
    let Slips { mut found, edits, complete, .. } = slips;
    if found.is_empty() {
        return vec![other::fault(text, fault)];
    }
    if complete {
        let (repaired, map) = apply(text, edits);
        if let Some(at) = parse(&repaired) {
            let at = original(&map, at);
            // A fault inside a slip is the slip itself.
            if !found.iter().any(|slip| slip.span.start <= at && at <= slip.span.end) {
                found.push(other::fault(text, at));
            }
        }
    }
    found
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
    /// A string that a word follows at once.
    torn_string: Option<Span>,
    found: Vec<Diagnostic>,
    edits: Vec<Edit>,
    /// Whether the edits mend the text as far as it was understood.
    complete: bool,
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
            torn_string: None,
            found: Vec::new(),
            edits: Vec::new(),
            complete: true,
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

    fn edit(&mut self, span: Span, with: impl Into<Cow<'static, str>>) {
        self.edits.push(Edit { span, with: with.into() });
    }

    /// Reports a slip that one replacement mends.
    fn mend(&mut self, slip: Diagnostic, span: Span, with: impl Into<Cow<'static, str>>) {
        self.report(slip);
        self.edit(span, with);
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
                self.mend(slip, span, ",");
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
                self.mend(slip, span, "");
            }
        }
        None
    }

    fn empty_argument(&mut self, comma: Span) {
        let slip = Diagnostic::new(Code::EmptyArgument, comma, "an argument is missing beside this `,`")
            .note("nothing stands on one side")
            .help("add the argument, or remove the `,`");
        self.mend(slip, comma, "");
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
        self.report(slip);
        self.edit(Span::new(end, end), ")".repeat(self.open.len()));
    }
}

/// The repaired text, and for each of its parts where that stood before.
fn apply(text: &str, mut edits: Vec<Edit>) -> (String, Vec<(usize, usize)>) {
    edits.sort_by_key(|edit| edit.span);
    let mut repaired = String::with_capacity(text.len());
    let mut map = vec![(0, 0)];
    let mut at = 0;
    for edit in edits {
        // Of two that overlap the first counts.
        if edit.span.start < at {
            continue;
        }
        repaired.push_str(text.get(at..edit.span.start).unwrap_or(""));
        map.push((repaired.len(), edit.span.start));
        repaired.push_str(&edit.with);
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
