//! What is wrong with a line of a file of rules, for the command that reads it.

use target_rules::diagnostic::{Code, Diagnostic, Diagnostics, Form, Source, Span};

use crate::json::{Mismatch, Parsed, ReadJson};

use super::record::record;
use super::written::Raw;

record! {
    /// A rule in one or both of its forms.
    struct RuleLine, "an object with `id`, and `dsl` or `tree` or both" {
        /// What the file calls it.
        id "id": Option<Raw>,
        /// The rule as text.
        dsl "dsl": Option<String>,
        /// The rule as a tree.
        tree "tree": Option<String>,
    }
}

/// The diagnostic of a line that serde could not read as an object with an
/// `id`, a rule's text `dsl` and its tree `tree`.
///
/// The place is the one that serde gives. What belongs there is found by reading
/// the line once more, and so is why it is no JSON where it isn't.
pub fn unreadable_line(line: &str, error: &serde_json::Error) -> Diagnostics {
    let place = place_of(line, error);
    let read = Parsed::parse(line.into(), 0, usize::MAX).map(|parsed| RuleLine::read(parsed.root()));
    let fault = match read {
        Ok(Err(fault)) if fault.mismatch != Mismatch::HalfACharacter => {
            Diagnostic::new(Code::PayloadShape, place, format!("this line: {}", fault.mismatch))
        }
        Ok(Err(half)) => no_json(place, half.mismatch.to_string()),
        Err(no_json) => no_json,
        Ok(Ok(_)) => {
            let message = error.to_string();
            let its_place = format!(" at line {} column {}", error.line(), error.column());
            no_json(place, message.strip_suffix(its_place.as_str()).unwrap_or(&message).to_owned())
        }
    };
    Diagnostics::gather(&Source::new(Form::Payload, line), vec![fault], 1)
}

fn no_json(place: Span, why: String) -> Diagnostic {
    Diagnostic::new(Code::JsonSyntax, place, format!("this is not JSON: {why}"))
}

/// The byte that serde_json counts by line and column, both from 1.
pub(crate) fn place_of(text: &str, error: &serde_json::Error) -> Span {
    // Saturated: serde_json says 0 where it has read nothing of a line.
    let (before, in_line) = (error.line().saturating_sub(1), error.column().saturating_sub(1));
    let line: usize = text.split_inclusive('\n').take(before).map(str::len).sum();
    // INVARIANT: both are within the text, so that their sum is.
    let start = line.checked_add(in_line).map_or(text.len(), |at| at.min(text.len()));
    Span::new(start, start.checked_add(1).unwrap_or(start))
}
