//! `AND(a,b)`: logic as spreadsheets write it. It reads as a call, so the grammar
//! takes it.

use crate::diagnostic::Confidence::{Guess, Safe};
use crate::diagnostic::{Diagnostic, Edit, Offset, Span, Suggestion};
use crate::syntax::scan::tokens;

use super::word_operators::{DENY_BRACKETS, no_operator, symbol_of_word, word_slip};

/// The slip of a call that is named as an operator, `and`, `or` or `not`; the
/// arguments are their text, brackets and all, and `at` is their place.
pub(crate) fn logic_call(text: &str, word: Span, at: Span) -> Option<Diagnostic> {
    let name = text.get(word.range())?;
    let symbol = symbol_of_word(name)?;
    let operands = operands(text.get(at.range())?, at.start());
    let Some(operands) = operands.filter(|operands| (operands.len() > 1) == (symbol != "!")) else {
        return Some(word_slip(name, word, symbol));
    };
    if symbol == "!" {
        let slip = no_operator(name, word).help(DENY_BRACKETS);
        let edits = vec![Edit::new(word, ""), Edit::new(Span::empty(at.end()), "==false")];
        return Some(slip.suggest([Suggestion::several(text, edits, Guess)]));
    }
    let mut edits = vec![Edit::new(word, "")];
    for pair in operands.windows(2) {
        if let [left, right] = pair {
            edits.push(Edit::new(Span::new(left.span.end(), right.span.start()), symbol));
        }
    }
    // `||` binds less tightly than what the operands are joined by.
    for operand in operands.iter().filter(|operand| symbol == "&&" && operand.has_or) {
        edits.push(Edit::new(Span::empty(operand.span.start()), "("));
        edits.push(Edit::new(Span::empty(operand.span.end()), ")"));
    }
    let slip = no_operator(name, word).help(format!("write `{symbol}` between the conditions"));
    Some(slip.suggest([Suggestion::several(text, edits, Safe)]))
}

struct Operand {
    span: Span,
    /// Whether an `||` stands in it without brackets.
    has_or: bool,
}

/// What stands between the brackets and commas of a call; `None` where one place
/// is empty.
fn operands(arguments: &str, start: Offset) -> Option<Vec<Operand>> {
    let mut open: Vec<&str> = Vec::new();
    let mut found: Vec<Operand> = Vec::new();
    let mut current: Option<Operand> = None;
    for token in tokens(arguments) {
        let ends = match token.text {
            ")" => {
                open.pop();
                open.is_empty()
            }
            "," => open.len() == 1,
            "(" => {
                open.push(token.text);
                if open.len() == 1 {
                    continue;
                }
                false
            }
            _ => false,
        };
        if ends {
            found.push(current.take()?);
            continue;
        }
        let span = Span::new(start + token.span.start().get(), start + token.span.end().get());
        let is_or = token.is("||") && open.len() == 1;
        let operand = current.get_or_insert(Operand { span, has_or: false });
        operand.span = operand.span.to(span);
        operand.has_or |= is_or;
    }
    Some(found)
}
