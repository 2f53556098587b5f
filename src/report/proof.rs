//! Suggestions held to what they promise before anybody sees them.

use std::collections::HashMap;

use super::code::Code;
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

/// How often each fault is said. A long rule may have so many that they are
/// counted once.
struct Times(HashMap<(Code, String), usize>);

impl Times {
    fn of(all: &[Diagnostic]) -> Times {
        let mut said: Vec<_> = all.iter().map(|one| (one.code, one.message.clone())).collect();
        said.sort_unstable();
        let same = said.chunk_by(|one, other| one == other);
        Times(same.filter_map(|same| Some((same.first()?.clone(), same.len()))).collect())
    }

    fn said(&self, one: &Diagnostic) -> usize {
        self.0.get(&(one.code, one.message.clone())).copied().unwrap_or(0)
    }
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
pub(crate) fn prove(
    text: &str,
    stage: Stage,
    found: &mut [Diagnostic],
    errors_of: impl Fn(&str) -> Vec<Diagnostic>,
) {
    let errors = found.iter().filter(|found| found.is_error()).count();
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
    let all_safe = all_safe.as_deref().map(|after| (after.len(), Times::of(after)));
    let times = Times::of(found);
    let before: Vec<usize> = found.iter().map(|one| times.said(one)).collect();
    for (diagnostic, times) in found.iter_mut().zip(before) {
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
            let Some(after) = try_one(&Suggestion::apply_all(text, [suggestion])) else {
                return false;
            };
            let said = Times::of(&after).said(diagnostic);
            let uncovers =
                stage == Stage::Reading && suggestion.is_safe() && after.len() <= errors && said < times;
            better(after.len(), said) || uncovers
        });
        diagnostic.suggestions = suggestions;
    }
}
