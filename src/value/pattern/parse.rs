//! A pattern parsed, with the meaning that the language gives it.

use std::sync::Arc;

use regex_syntax::ast::parse::ParserBuilder;
use regex_syntax::hir::{Hir, Look, translate::TranslatorBuilder};

use super::case;
use super::dialect::prepare;
use super::error::{PatternError, explain_syntax, explain_translation, too_large};
use super::states::written_out;

/// The text of a pattern, and whether it must match the whole of another.
pub(super) type Source = (Arc<str>, bool);

/// How deep brackets of a pattern may nest, so that a small stack suffices.
const NESTING: u32 = 60;

/// A pattern parsed, with the meaning that the language gives it, and how many
/// states it has; with `whole` it is anchored at both ends.
pub(super) fn hir_of(text: &str, whole: bool, states: usize) -> Result<(Hir, usize), PatternError> {
    let mut parsed = ParserBuilder::new()
        .nest_limit(NESTING)
        .build()
        .parse(text)
        .map_err(|error| explain_syntax(&error))?;
    prepare(&mut parsed, text)?;
    let written_out = written_out(&parsed);
    if written_out > states {
        let message =
            format!("this regular expression has more than {states} states with its repetitions written out");
        return Err(too_large("regex-states", message, text));
    }
    case::spell_out(&mut parsed);
    let hir = TranslatorBuilder::new()
        .build()
        .translate(text, &parsed)
        .map_err(|error| explain_translation(text, &error))?;
    let anchored = |hir| Hir::concat(vec![Hir::look(Look::Start), hir, Hir::look(Look::End)]);
    Ok((if whole { anchored(hir) } else { hir }, written_out))
}
