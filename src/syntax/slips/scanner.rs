//! Goes through the tokens of a text and gathers its slips.

use std::cell::OnceCell;
use std::collections::{HashSet, VecDeque};

use crate::diagnostic::{Confidence, Diagnostic, Edit, Found, Offset, Span, Suggestion};
use crate::syntax::scan::{Token, TokenKind, token_from};

/// Whether what the slips take for strings may be something else.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Doubt {
    None,
    /// Quotes were mended, or are missing.
    Quotes,
    /// Quotes are HTML entities: no string was recognised.
    Entities,
}

/// A bracket that is open.
pub(super) struct OpenBracket {
    pub(super) span: Span,
    /// Whether it opens the arguments of a call.
    pub(super) call: bool,
    /// Where the operand that it belongs to starts.
    pub(super) operand: Offset,
}

/// What the text holds since the last `&` or `|`, up to a place.
#[derive(Clone, Copy, Default)]
pub(super) struct LogicPart {
    end: Offset,
    slash: bool,
    hundred: bool,
}

impl LogicPart {
    /// Whether something is divided, and not into hundredths.
    pub(super) fn is_quotient(self) -> bool {
        self.slash && !self.hundred
    }
}

pub(super) struct Slips<'t, 'p> {
    pub(super) text: &'t str,
    pub(super) parse: &'p dyn Fn(&str) -> Option<Offset>,
    /// The token before the one at hand.
    pub(super) before: Option<Token<'t>>,
    /// The tokens that were looked at and not yet taken, in order.
    pub(super) ahead: VecDeque<Token<'t>>,
    /// The byte after the last of them.
    pub(super) read: Offset,
    /// Where the operand that was read last starts.
    pub(super) operand: Offset,
    pub(super) open: Vec<OpenBracket>,
    /// The byte after the rule: before a comment that ends the text.
    pub(super) end: Offset,
    /// What stands before the percent sign that was read last.
    part: LogicPart,
    /// A string that a word follows at once.
    pub(super) torn_string: Option<Span>,
    pub(super) found: Found,
    pub(super) edits: Vec<Edit>,
    /// Whether the edits mend the text as far as it was understood.
    pub(super) complete: bool,
    pub(super) doubtful_strings: Doubt,
    /// The tags that are closed somewhere in the text.
    pub(super) closed_tags: OnceCell<HashSet<&'t str>>,
    /// Whether no `]]>` follows.
    pub(super) no_data_ends: bool,
}

/// The byte after a slip, and what it counts as for what follows; `None`
/// where it should not be there at all.
pub(super) struct Taken {
    pub(super) end: Offset,
    pub(super) kind: Option<TokenKind>,
}

impl<'t, 'p> Slips<'t, 'p> {
    pub(super) fn new(
        text: &'t str,
        parse: &'p dyn Fn(&str) -> Option<Offset>,
        errors: usize,
    ) -> Slips<'t, 'p> {
        Slips {
            text,
            parse,
            before: None,
            ahead: VecDeque::new(),
            read: Offset::START,
            operand: Offset::START,
            open: Vec::new(),
            end: Offset::from(text.trim_end().len()),
            part: LogicPart::default(),
            torn_string: None,
            found: Found::reporting(errors),
            edits: Vec::new(),
            complete: true,
            doubtful_strings: Doubt::None,
            closed_tags: OnceCell::new(),
            no_data_ends: false,
        }
    }

    /// The token at hand is number 0, the next one number 1.
    pub(super) fn token(&mut self, number: usize) -> Option<Token<'t>> {
        while self.ahead.len() <= number {
            let token = token_from(self.text, self.read)?;
            self.read = token.span.end();
            self.ahead.push_back(token);
        }
        self.ahead.get(number).copied()
    }

    /// Takes the token at hand.
    pub(super) fn step(&mut self) {
        let Some(token) = self.ahead.pop_front() else { return };
        let begins = token.kind != TokenKind::Symbol && !self.before.is_some_and(|before| before.is("."));
        if begins {
            self.operand = token.span.start();
        }
        self.before = Some(token);
    }

    /// Goes on after a slip. What was looked at within it is forgotten.
    pub(super) fn skip(&mut self, start: Offset, taken: &Taken) {
        if let Some(kind) = taken.kind {
            let span = Span::new(start, taken.end);
            self.before = Some(Token { kind, text: self.slice(span), span });
            self.operand = start;
        }
        self.ahead.clear();
        self.read = taken.end;
    }

    pub(super) fn slice(&self, span: Span) -> &'t str {
        self.text.get(span.range()).unwrap_or("")
    }

    /// What stands left of a place. Each percent sign asks for it, so only the text
    /// since the last one is looked at.
    pub(super) fn left_of(&mut self, place: Offset) -> LogicPart {
        let fresh = self.text.get(self.part.end.get()..place.get()).unwrap_or("");
        let last = match fresh.rsplit_once(['&', '|']) {
            Some((_, last)) => {
                self.part = LogicPart::default();
                last
            }
            None => fresh,
        };
        self.part.slash |= last.contains('/');
        self.part.hundred |= last.contains("100");
        self.part.end = place;
        self.part
    }

    pub(super) fn report(&mut self, slip: Diagnostic) {
        self.found.push(slip);
    }

    /// Reports a slip that edits mend. How sure they are is nothing where they
    /// only serve to read on, and nobody should make them.
    pub(super) fn mend_by(&mut self, slip: Diagnostic, edits: Vec<Edit>, sure: Option<Confidence>) {
        let suggestion = sure.map(|sure| Suggestion::several(self.text, edits.clone(), sure));
        self.report(slip.suggest(suggestion));
        self.edits.extend(edits);
    }

    /// Reports a slip that one replacement mends.
    pub(super) fn mend(
        &mut self,
        slip: Diagnostic,
        span: Span,
        with: impl Into<String>,
        sure: impl Into<Option<Confidence>>,
    ) {
        self.mend_by(slip, vec![Edit::new(span, with)], sure.into());
    }

    pub(super) fn doubt_strings(&mut self, doubt: Doubt) {
        self.doubtful_strings = self.doubtful_strings.max(doubt);
    }

    pub(super) fn after_operand(&self) -> bool {
        self.before.is_some_and(|before| before.ends_operand())
    }

    pub(super) fn after_name(&self) -> bool {
        self.before.is_some_and(|before| before.kind == TokenKind::Name)
    }

    pub(super) fn in_call(&self) -> bool {
        self.open.last().is_some_and(|open| open.call)
    }
}
