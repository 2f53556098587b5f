//! What was found in one input: sorted, bounded, and each with its place.

use serde::Serialize;

use crate::report::{Diagnostic, Found, MOST_WARNINGS, Span, by_place};

use super::source::Source;

/// Every diagnostic of one input, sorted by place, then code.
///
/// It is the error of what reads or checks a rule; of a rule that is accepted it
/// holds the warnings. Printed, it is codes and messages on one line; serialised,
/// a list of [`Diagnostic`] without the number of those left out.
///
/// ```
/// use target_rules::{Ast, Limits};
/// let text = "currentTxn.value = 500 and currentTxn.points > 5";
/// let refused = Ast::from_text(text, &Limits::default()).unwrap_err();
/// assert!(refused.has_errors());
/// let found: Vec<(&str, usize)> =
///     refused.iter().map(|found| (found.code.name(), found.column)).collect();
/// assert_eq!(found, [("single-equals", 18), ("word-operator", 24)]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Diagnostics {
    reported: Vec<Diagnostic>,
    left_out: usize,
}

impl Diagnostics {
    /// Sorts, bounds and locates what was found in a source: at most so many
    /// errors are kept, as [`Limits::errors`](crate::Limits) says, and always
    /// the first. What is left out is counted. Cost is linear in the source,
    /// however much was found.
    pub fn gather(source: &Source, mut found: Vec<Diagnostic>, errors: usize) -> Diagnostics {
        found.sort_by(by_place);
        found.dedup();
        // Without its first error a refused rule would look accepted.
        let (mut errors, mut warnings) = (0..errors.max(1), 0..MOST_WARNINGS);
        let (mut found, left_out): (Vec<Diagnostic>, Vec<Diagnostic>) =
            found.into_iter().partition(|diagnostic| {
                let places = if diagnostic.is_error() { &mut errors } else { &mut warnings };
                places.next().is_some()
            });
        let spans: Vec<Span> = found.iter().map(|diagnostic| diagnostic.span).collect();
        for (diagnostic, place) in found.iter_mut().zip(source.places(&spans)) {
            diagnostic.form = source.form();
            diagnostic.span = place.span;
            diagnostic.line = place.line;
            diagnostic.column = place.column;
            diagnostic.pointer = place.pointer;
        }
        Diagnostics { left_out: left_out.len(), reported: found }
    }

    /// The same of what was found in a rule.
    pub(crate) fn of(source: &Source, found: Found, errors: usize) -> Diagnostics {
        let (whole, more) = found.finish();
        let mut gathered = Diagnostics::gather(source, whole, errors);
        gathered.left_out = [gathered.left_out, more].into_iter().sum();
        gathered
    }

    /// Sorts what was found in something that has no text, by pointer. Each has
    /// its pointer already.
    pub fn by_pointer(mut found: Vec<Diagnostic>) -> Diagnostics {
        found.sort_by(|a, b| (&a.pointer, a.code.name()).cmp(&(&b.pointer, b.code.name())));
        Diagnostics { reported: found, left_out: 0 }
    }

    /// Adds what was found in another form of the same rule.
    pub fn extend(&mut self, other: Diagnostics) {
        self.reported.extend(other.reported);
        self.left_out = [self.left_out, other.left_out].into_iter().sum();
    }

    /// Whether nothing was found, not even a warning.
    pub fn is_empty(&self) -> bool {
        self.reported.is_empty()
    }

    /// Whether the input is refused.
    pub fn has_errors(&self) -> bool {
        self.reported.iter().any(Diagnostic::is_error)
    }

    /// How many more were found than are reported here: errors above the limit
    /// `errors`, and warnings above a hundred.
    ///
    /// ```
    /// let mut limits = target_rules::Limits::default();
    /// limits.errors = 1;
    /// let text = "currentTxn.value=1&&currentTxn.value=2&&currentTxn.value=3";
    /// let refused = target_rules::Ast::from_text(text, &limits).unwrap_err();
    /// assert_eq!((refused.iter().count(), refused.left_out()), (1, 2));
    /// ```
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// The diagnostics in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.reported.iter()
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.reported.into_iter()
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl Serialize for Diagnostics {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.reported.serialize(serializer)
    }
}

impl std::fmt::Display for Diagnostics {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, diagnostic) in self.reported.iter().enumerate() {
            if index > 0 {
                formatter.write_str("; ")?;
            }
            write!(formatter, "{diagnostic}")?;
        }
        match self.left_out {
            0 => Ok(()),
            more => write!(formatter, "; and {more} more"),
        }
    }
}

impl std::error::Error for Diagnostics {}
