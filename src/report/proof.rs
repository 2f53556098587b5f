//! Suggestions held to what they promise before anybody sees them.

use super::diagnostic::Diagnostic;
use super::suggestion::Suggestion;

/// How many bytes of mended texts are looked at for one rule, all suggestions
/// together. It bounds what a long rule with many faults costs.
const MOST: usize = 256 * 1024;

/// How far a text came that has errors.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// It could not be read: what is wrong after the first fault that nobody
    /// knows is not told yet.
    Reading,
    /// It was read, and all that is wrong with its names and types is told.
    Checking,
}

/// Takes away suggestions of errors that make a text no better.
///
/// `errors_of` gives the errors of another text, as far as the stage goes. With a
/// suggestion applied a text has none, or fewer than this one, and what the
/// suggestion was made for is said less often. A safe one is kept, too, where it
/// does so together with all other safe ones, or where what it mends hid another
/// fault of the same reading.
///
/// Where a text is too long to try all, guesses are dropped and what is safe is
/// kept.
pub(crate) fn prove(
    text: &str,
    stage: Stage,
    found: &mut [Diagnostic],
    errors_of: impl Fn(&str) -> Vec<Diagnostic>,
) {
    let errors = found.iter().filter(|found| found.is_error()).count();
    let same = |one: &Diagnostic, all: &[Diagnostic]| {
        all.iter().filter(|other| (other.code, &other.message) == (one.code, &one.message)).count()
    };
    let mut left = MOST.checked_div(text.len().max(1)).unwrap_or(0);
    let mut try_one = |mended: &str| {
        left = left.checked_sub(1)?;
        Some(errors_of(mended))
    };
    let all_safe = {
        let suggestions = found.iter().filter(|found| found.is_error()).flat_map(|found| &found.suggestions);
        let safe: Vec<&Suggestion> = suggestions.filter(|suggestion| suggestion.is_safe()).collect();
        if safe.len() > 1 { try_one(&Suggestion::apply_all(text, safe)) } else { None }
    };
    let before: Vec<usize> = found.iter().map(|one| same(one, found)).collect();
    for (diagnostic, times) in found.iter_mut().zip(before) {
        if !diagnostic.is_error() {
            continue;
        }
        let better = |after: &[Diagnostic], diagnostic: &Diagnostic| {
            after.is_empty() || (after.len() < errors && same(diagnostic, after) < times)
        };
        let together = all_safe.as_ref().is_some_and(|after| better(after, diagnostic));
        let mut suggestions = std::mem::take(&mut diagnostic.suggestions);
        suggestions.retain(|suggestion| {
            if suggestion.is_safe() && together {
                return true;
            }
            let Some(after) = try_one(&Suggestion::apply_all(text, [suggestion])) else {
                return suggestion.is_safe();
            };
            let uncovers = stage == Stage::Reading
                && suggestion.is_safe()
                && after.len() <= errors
                && same(diagnostic, &after) < times;
            better(&after, diagnostic) || uncovers
        });
        diagnostic.suggestions = suggestions;
    }
}
