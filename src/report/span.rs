//! Where a diagnostic points: a range of bytes of a form.

use std::ops::Range;

use serde::{Deserialize, Deserializer, Serialize};

use super::offset::Offset;

/// Which form of a rule, or which document, a place is in.
///
/// Serialises as `"dsl"`, `"tree"` or `"payload"`.
///
/// ```
/// use target_rules::diagnostic::{Diagnostics, Form};
/// use target_rules::{Ast, Limits};
/// let form = |refused: Diagnostics| refused.iter().next().map(|fault| fault.form);
/// let limits = Limits::default();
/// let text = Ast::from_text("currentTxn.value = 500", &limits).unwrap_err();
/// assert_eq!(form(text), Some(Form::Dsl));
/// let tree = Ast::from_tree(r#"["currentTxn.value"]"#, &limits).unwrap_err();
/// assert_eq!(form(tree), Some(Form::Tree));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// The text of a rule.
    Dsl,
    /// The expression tree of a rule.
    Tree,
    /// A payload or a transaction document.
    Payload,
}

/// A range of bytes.
///
/// ```
/// use target_rules::diagnostic::Span;
/// let text = "currentTxn.value>500";
/// let span = Span::new(11, 16);
/// assert_eq!(&text[span.range()], "value");
/// assert_eq!((span.start().get(), span.end().get(), span.len()), (11, 16, 5));
/// ```
// INVARIANT: it does not end before it starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize)]
pub struct Span {
    start: Offset,
    end: Offset,
}

impl Span {
    /// The bytes from `start` up to `end`; none where that is not after
    /// `start`.
    #[inline]
    pub fn new(start: impl Into<Offset>, end: impl Into<Offset>) -> Span {
        let start = start.into();
        Span { start, end: end.into().max(start) }
    }

    /// The place before a byte.
    pub fn empty(at: impl Into<Offset>) -> Span {
        let at = at.into();
        Span { start: at, end: at }
    }

    /// The one byte at an offset, such as a bracket.
    pub fn byte(at: impl Into<Offset>) -> Span {
        let at = at.into();
        Span { start: at, end: at + 1 }
    }

    /// Where its first byte stands.
    #[inline]
    pub fn start(self) -> Offset {
        self.start
    }

    /// Where the byte after its last stands.
    #[inline]
    pub fn end(self) -> Offset {
        self.end
    }

    /// The same as a range, which takes its part of a text.
    #[inline]
    pub fn range(self) -> Range<usize> {
        self.start.get()..self.end.get()
    }

    /// How many bytes it has.
    pub fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether it has no bytes.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The smallest span that holds both.
    pub fn to(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Span, D::Error> {
        #[derive(Deserialize)]
        struct Written {
            start: Offset,
            end: Offset,
        }
        let Written { start, end } = Written::deserialize(deserializer)?;
        Ok(Span::new(start, end))
    }
}

#[cfg(test)]
mod tests {
    use super::Span;

    #[test]
    fn a_span_is_eight_bytes_and_never_ends_before_it_starts() {
        assert_eq!(size_of::<Span>(), 8);
        assert_eq!(Span::new(9, 1), Span::empty(9));
        assert_eq!(serde_json::from_str::<Span>(r#"{"start":9,"end":1}"#).unwrap(), Span::empty(9));
        assert_eq!(serde_json::to_string(&Span::new(1, 9)).unwrap(), r#"{"start":1,"end":9}"#);
    }
}
