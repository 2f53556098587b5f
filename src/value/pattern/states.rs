//! How large a pattern is once its repetitions are written out.

use regex_syntax::ast::{Ast, RepetitionKind, RepetitionRange};

/// The characters and classes of a pattern, one state each, with every
/// repetition written out: as often as it may come, or must come where it has
/// no end.
///
/// Recursion is bounded: the parser limits how deep a pattern nests.
pub(super) fn written_out(node: &Ast) -> usize {
    let sum = |nodes: &[Ast]| nodes.iter().map(written_out).fold(0, usize::saturating_add);
    match node {
        Ast::Empty(_) | Ast::Flags(_) | Ast::Assertion(_) => 0,
        Ast::Literal(_) | Ast::Dot(_) | Ast::ClassUnicode(_) | Ast::ClassPerl(_) | Ast::ClassBracketed(_) => {
            1
        }
        Ast::Repetition(repetition) => {
            let times = match &repetition.op.kind {
                RepetitionKind::ZeroOrOne | RepetitionKind::ZeroOrMore | RepetitionKind::OneOrMore => 1,
                RepetitionKind::Range(RepetitionRange::AtLeast(least)) => (*least).max(1),
                RepetitionKind::Range(RepetitionRange::Exactly(most) | RepetitionRange::Bounded(_, most)) => {
                    *most
                }
            };
            let times = usize::try_from(times).unwrap_or(usize::MAX);
            written_out(&repetition.ast).saturating_mul(times)
        }
        Ast::Group(group) => written_out(&group.ast),
        Ast::Alternation(alternation) => sum(&alternation.asts),
        Ast::Concat(concat) => sum(&concat.asts),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::written_out;

    #[test]
    fn every_repetition_is_written_out() {
        for (pattern, states) in [
            ("", 0),
            ("^a$", 1),
            ("a{3}", 3),
            ("a{0}", 0),
            ("a{2,5}", 5),
            ("a{3,}", 3),
            ("a{0,}b+c*d?", 4),
            ("(ab|[c-e]){2}.\\d", 8),
            ("((a{10}){10}){10}", 1_000),
            ("\u{e9}{7}", 7),
            ("(a{999999999}){999999999}{999999999}", usize::MAX),
        ] {
            let parsed = regex_syntax::ast::parse::Parser::new().parse(pattern).unwrap();
            assert_eq!(written_out(&parsed), states, "{pattern}");
        }
    }
}
