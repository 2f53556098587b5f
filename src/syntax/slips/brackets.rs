//! Brackets, what stands between them, and templates that have other ones.

use crate::diagnostic::Confidence::Guess;
use crate::diagnostic::{Code, Diagnostic, Offset, Span};
use crate::syntax::scan::TokenKind;

use super::scanner::{OpenBracket, Slips, Taken};

impl Slips<'_, '_> {
    pub(super) fn opening(&mut self, span: Span) -> Option<Taken> {
        let call = self.after_name();
        let operand = if call { self.operand } else { span.start() };
        self.open.push(OpenBracket { span, call, operand });
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

    pub(super) fn closing(&mut self, span: Span) -> Option<Taken> {
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

    pub(super) fn empty_argument(&mut self, comma: Span) {
        let slip = Diagnostic::new(Code::EmptyArgument, comma, "an argument is missing beside this `,`")
            .note("nothing stands on one side")
            .help("add the argument, or remove the `,`");
        self.mend(slip, comma, "", Guess);
    }

    /// Everything from here on is a manual's placeholder; nothing more is judged.
    pub(super) fn template(&mut self, start: Offset) -> Taken {
        let end = self.text.trim_end().len();
        let slip = Diagnostic::new(Code::Template, Span::new(start, end), "this is a template, not a rule")
            .note("a placeholder from a manual")
            .help("put a real operator and value in its place, such as `>500`");
        self.complete = false;
        self.report(slip);
        // What is open is part of the template too.
        self.open.clear();
        Taken { end: Offset::from(self.text.len()), kind: Some(TokenKind::Symbol) }
    }

    pub(super) fn unclosed_brackets(&mut self) {
        if self.open.is_empty() {
            return;
        }
        let end = self.text.trim_end().len();
        let message = match self.open.len() {
            1 => "a closing `)` is missing".to_owned(),
            count => format!("{count} closing `)` are missing"),
        };
        let mut slip = Diagnostic::new(Code::Bracket, Span::empty(end), message)
            .note("expected `)`")
            .help("close what was opened, or remove the `(` that is too many");
        for open in self.open.iter().rev().take(3) {
            slip = slip.label(open.span, if open.call { "the arguments start here" } else { "opened here" });
        }
        self.mend(slip, Span::empty(self.end), ")".repeat(self.open.len()), Guess);
    }
}
