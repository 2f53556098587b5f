//! An input with its safe suggestions applied, again and again until there is none.

use crate::report::Suggestion;

/// A text with the safe suggestions of its diagnostics applied.
///
/// [`check::fix`](crate::check::fix) makes it of a rule, and
/// [`check::fix_in_document`](crate::check::fix_in_document) of a document that
/// holds one.
///
/// ```
/// use target_rules::check::fix;
/// use target_rules::{Limits, Schema};
/// let text = "currentTxn.value = 500 AND (currentTxn.points > 5)";
/// let fixed = fix(text, &Schema::standard(), &Limits::default());
/// assert_eq!(fixed.text, "currentTxn.value == 500 && (currentTxn.points > 5)");
/// assert_eq!(fixed.applied, 2);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Fixed {
    /// The text. Bytes that no suggestion replaced are as they were.
    pub text: String,
    /// How many suggestions were applied.
    pub applied: usize,
}

/// How often a text is checked again at most. A repair can bring to light what
/// it hid, but not without end.
const MOST_ROUNDS: usize = 50;

impl Fixed {
    /// Applies safe suggestions to a text: those that `found` gives for it, as
    /// far as they don't overlap; then what it gives for the result, until there
    /// is nothing left to apply. Suggestions that are guesses are left out.
    ///
    /// `found` is called fifty times at most. It gives, of each diagnostic of
    /// the text, the suggestions in bytes of the text.
    ///
    /// ```
    /// use target_rules::diagnostic::{Confidence, Fixed, Span, Suggestion};
    /// let stars = |text: &str| {
    ///     let at = text.find("**");
    ///     let one = |at| Suggestion::replace(Span::new(at, at + 2), "*", Confidence::Safe);
    ///     at.map(one).into_iter().collect()
    /// };
    /// let fixed = Fixed::of("5****2", stars);
    /// assert_eq!((fixed.text.as_str(), fixed.applied), ("5*2", 3));
    /// ```
    pub fn of(text: &str, mut found: impl FnMut(&str) -> Vec<Suggestion>) -> Fixed {
        let mut fixed = Fixed { text: text.to_owned(), applied: 0 };
        for _ in 0..MOST_ROUNDS {
            let mut suggestions = found(&fixed.text);
            suggestions.retain(Suggestion::is_safe);
            let (text, applied) = Suggestion::apply_some(&fixed.text, &suggestions);
            if text == fixed.text {
                break;
            }
            fixed = Fixed { text, applied: [fixed.applied, applied].into_iter().sum() };
        }
        fixed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Confidence, Span};

    #[test]
    fn what_never_ends_is_ended() {
        let mut rounds = 0;
        let longer = |_: &str| {
            rounds += 1;
            vec![Suggestion::replace(Span::new(0, 0), "x", Confidence::Safe)]
        };
        let fixed = Fixed::of("", longer);
        assert_eq!((fixed.text.len(), fixed.applied, rounds), (50, 50, 50));
    }

    #[test]
    fn a_guess_and_what_changes_nothing_are_left_out() {
        let guess = |_: &str| vec![Suggestion::replace(Span::new(0, 1), "b", Confidence::Guess)];
        assert_eq!(Fixed::of("a", guess), Fixed { text: "a".to_owned(), applied: 0 });
        let same = |_: &str| vec![Suggestion::replace(Span::new(0, 1), "a", Confidence::Safe)];
        assert_eq!(Fixed::of("a", same), Fixed { text: "a".to_owned(), applied: 0 });
    }

    #[test]
    fn of_those_that_overlap_one_waits_for_the_next_round() {
        let found = |text: &str| match text {
            "abc" => vec![
                Suggestion::replace(Span::new(0, 2), "x", Confidence::Safe),
                Suggestion::replace(Span::new(1, 3), "y", Confidence::Safe),
            ],
            "xc" => vec![Suggestion::replace(Span::new(1, 2), "z", Confidence::Safe)],
            _ => Vec::new(),
        };
        assert_eq!(Fixed::of("abc", found), Fixed { text: "xz".to_owned(), applied: 2 });
    }
}
