//! Suggestions held to what they promise before anybody sees them.

use super::found::Found;
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
/// Where a text is too long to try all, those that were not tried are dropped.
pub(crate) fn prove(text: &str, stage: Stage, found: &mut Found, errors_of: impl Fn(&str) -> Found) {
    let errors = found.errors();
    let mut left = MOST.checked_div(text.len().max(1)).unwrap_or(0);
    // A text is made only where it is looked at.
    let mut try_some = |suggestions: &[&Suggestion]| {
        left = left.checked_sub(1)?;
        let after = errors_of(&Suggestion::apply_all(text, suggestions.iter().copied()));
        Some((after.errors(), after.times()))
    };
    let all_safe = {
        let safe = found.safe_of_errors();
        if safe.len() > 1 { try_some(&safe) } else { None }
    };
    let before = found.times();
    for diagnostic in found.whole_mut() {
        let times = before.said(diagnostic);
        if !diagnostic.is_error() {
            continue;
        }
        let better = |left: usize, said: usize| left == 0 || (left < errors && said < times);
        let together = all_safe.as_ref().is_some_and(|(left, after)| better(*left, after.said(diagnostic)));
        let mut suggestions = std::mem::take(&mut diagnostic.suggestions);
        suggestions.retain(|suggestion| {
            if suggestion.is_safe() && together {
                return true;
            }
            let Some((left, after)) = try_some(&[suggestion]) else {
                return false;
            };
            let said = after.said(diagnostic);
            let uncovers = stage == Stage::Reading && suggestion.is_safe() && left <= errors && said < times;
            better(left, said) || uncovers
        });
        diagnostic.suggestions = suggestions;
    }
}
