//! A fault that no slip explains, told by the tokens on both sides of it.

use crate::diagnostic::{Code, Diagnostic, Offset, Span, shortened};
use crate::syntax::Operator;
use crate::syntax::scan::{Token, TokenKind, tokens};

const EXAMPLE: &str = "complete the rule, such as `currentTxn.value>500`";

/// The fault at the byte where the grammar gave up.
pub(super) fn fault(text: &str, at: Offset) -> Diagnostic {
    let mut before: Option<Token<'_>> = None;
    for token in tokens(text) {
        if token.span.end() > at {
            return misplaced(before, token);
        }
        before = Some(token);
    }
    ends_early(text, before)
}

fn ends_early(text: &str, last: Option<Token<'_>>) -> Diagnostic {
    let end = text.trim_end().len();
    let fault = |message: &str| Diagnostic::new(Code::Syntax, Span::empty(end), message);
    match last {
        None => fault("there is no rule here").note("expected a value, an attribute or `(`").help(EXAMPLE),
        Some(last) if last.is(".") => fault("the rule ends where a name is expected")
            .note("expected the name of an attribute or a method")
            .help("write the name after the `.`, such as `currentTxn.value`"),
        Some(last) => fault("the rule ends too early")
            .note("expected a value, an attribute or `(`")
            .label(last.span, format!("`{}` needs something after it", shortened(last.text)))
            .help(EXAMPLE),
    }
}

fn misplaced(before: Option<Token<'_>>, found: Token<'_>) -> Diagnostic {
    let fault = |message: String| Diagnostic::new(Code::Syntax, found.span, message);
    let shown = shortened(found.text);
    let before_ends = before.is_some_and(|before| before.ends_operand());
    let starts_operand = found.kind != TokenKind::Symbol || found.is("(");
    if let Some(before) = before.filter(|_| before_ends && starts_operand) {
        return fault(format!("an operator is missing before `{shown}`"))
            .note("expected an operator before this")
            .label(before.span, "after this")
            .help("join the two with an operator such as `&&` or `==`, or put words that belong together in double quotes");
    }
    let known = Operator::spellings(false).chain(Operator::spellings(true)).chain([",", ")", "."]);
    if found.kind == TokenKind::Symbol && !known.into_iter().any(|known| known == found.text) {
        return fault(format!("`{shown}` has no meaning in a rule"))
            .note("not part of the language")
            .help("remove it, or put the text that it belongs to in double quotes");
    }
    if before.is_some_and(|before| before.is(".")) {
        return fault(format!("`{shown}` stands where a name is expected"))
            .note("expected the name of an attribute or a method")
            .help("write the name right after the `.`");
    }
    if before_ends {
        return fault(format!("`{shown}` cannot stand here"))
            .note("expected an operator")
            .help("join two conditions with `&&` or `||`");
    }
    fault(format!("`{shown}` stands where a value is expected"))
        .note("expected a value, an attribute or `(`")
        .help("an operator needs a value on both sides")
}
