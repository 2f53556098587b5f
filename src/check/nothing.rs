//! Words for nothing, such as `null`: who compares with one asks whether a value
//! is there.

use crate::diagnostic::Confidence::{Guess, Safe};
use crate::diagnostic::{Code, Diagnostic, Repair, Span, repair, shortened};
use crate::syntax::{Operator, OperatorKind};
use crate::typed::{Node, NodeKind, Type};

use super::checker::Checker;
use super::phrases::text_if_short;
use super::repairs::Editor;

impl Checker<'_> {
    /// Reports a word for nothing that is compared with a value.
    #[inline(never)]
    pub(super) fn compared_with_nothing(&mut self, operator: Operator, word: &str, span: Span, other: &Node) {
        let fault = Diagnostic::new(
            Code::UnknownName,
            span,
            format!("a rule has no `{}` to compare with", shortened(word)),
        )
        .note("no value")
        .label(other.span, "is it there?")
        .help(instead_of_nothing(self.editor(), operator, word, span, other));
        self.report(fault);
    }
}

/// What to ask a value that is compared with a word for nothing at a span.
pub(super) fn instead_of_nothing(
    editor: Editor<'_>,
    operator: Operator,
    word: &str,
    span: Span,
    other: &Node,
) -> Repair {
    if !matches!(other.kind, NodeKind::Attribute(_) | NodeKind::Call(_)) {
        return "ask an attribute whether it is there, such as `currentCustomer.email.isNotNull()`".into();
    }
    let value = text_if_short(other).unwrap_or_default();
    let value = repair(&value);
    if operator.kind() != OperatorKind::Equality {
        return format!(
            "nothing is above or below no value; ask whether it is there: `{value}.isNotNull()`, or not: \
             `{value}.isNull()`"
        )
        .into();
    }
    let there = operator == Operator::NotEqual;
    let null = if there { ".isNotNull()" } else { ".isNull()" };
    let asked = |call: &str, sure| editor.asked(other.span, span, operator.spelling(), call, sure);
    let texts = matches!(other.of, Type::Text | Type::Enum(_));
    let blank = ["empty", "blank"].iter().any(|blank| blank.eq_ignore_ascii_case(word));
    if texts && blank {
        let empty = if there { ".exists()" } else { ".isEmpty()" };
        let said =
            format!("write `{value}{empty}`, or `{value}{null}` where an empty text counts as a value");
        return Repair::from(said).by(asked(empty, Guess)).by(asked(null, Guess));
    }
    // A text may say `none`.
    let sure = match word.to_ascii_lowercase().as_str() {
        "null" | "nil" | "undefined" => Safe,
        "none" if !texts => Safe,
        _ => Guess,
    };
    Repair::from(format!("ask whether it is there: `{value}{null}`")).by(asked(null, sure))
}
