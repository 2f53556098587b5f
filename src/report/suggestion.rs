//! Repairs as data: what to replace by what, and how sure that is.

use std::ops::Range;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::offset::Offset;
use super::span::Span;

/// A replacement of a part of a text.
///
/// An empty span inserts, an empty text removes.
///
/// ```
/// use target_rules::{Ast, Limits};
/// let text = "currentTxn.value = 500";
/// let refused = Ast::from_text(text, &Limits::default()).unwrap_err();
/// let fault = refused.iter().next().ok_or("the rule is accepted")?;
/// let suggestion = fault.suggestions.first().ok_or("no repair is known")?;
/// let edit = suggestion.as_one_edit();
/// assert_eq!((&text[edit.span.range()], edit.with.as_str()), ("=", "=="));
/// # Ok::<(), &str>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Edit {
    /// What is replaced, in bytes of the form that the diagnostic is in.
    pub span: Span,
    /// What stands there afterwards.
    pub with: String,
}

impl Edit {
    /// Replaces the bytes of a span.
    pub fn new(span: Span, with: impl Into<String>) -> Edit {
        Edit { span, with: with.into() }
    }
}

/// How sure a suggestion is.
///
/// ```
/// use target_rules::diagnostic::Confidence;
/// use target_rules::{Ast, Limits, Schema};
/// let limits = Limits::default();
/// let text = "currentCustomer.emai.isEmpty()";
/// let checked = Ast::from_text(text, &limits)?.check(&Schema::standard(), &limits);
/// let fault = checked.diagnostics().iter().next().ok_or("the rule is accepted")?;
/// // A name that is nearly another one: likely, but for a person to look at.
/// let suggestion = fault.suggestions.first().ok_or("no repair is known")?;
/// assert_eq!(suggestion.as_one_edit().with, "email");
/// assert_eq!(suggestion.confidence(), Confidence::Guess);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Confidence {
    /// It keeps what the author meant and leaves nothing to choose: a tool may
    /// apply it without asking.
    Safe,
    /// It is likely what the author meant; a person should look at it.
    Guess,
}

/// One way to mend what a diagnostic reports: one or several edits that belong
/// together.
///
/// Of the suggestions of one diagnostic one is chosen; at most one of them is
/// safe, and that one is the first. Those of several diagnostics can be applied
/// together with [`Suggestion::apply_all`].
///
/// Serialises as `{"span": ..., "with": "...", "safe": true}`: several edits as
/// the one replacement that does the same.
///
/// ```
/// use target_rules::diagnostic::Suggestion;
/// use target_rules::{Ast, Limits};
///
/// let text = "currentTxn.value = 500 AND (currentTxn.points > 5)";
/// let refused = Ast::from_text(text, &Limits::default()).unwrap_err();
/// let suggestions = refused.iter().flat_map(|found| &found.suggestions);
/// let safe = suggestions.filter(|suggestion| suggestion.is_safe());
/// let mended = Suggestion::apply_all(text, safe);
/// assert_eq!(mended, "currentTxn.value == 500 && (currentTxn.points > 5)");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// INVARIANT: sorted by place; none overlaps the next.
    edits: Vec<Edit>,
    /// What all of them do, as one replacement.
    whole: Edit,
    confidence: Confidence,
}

impl Suggestion {
    /// One replacement.
    pub fn replace(span: Span, with: impl Into<String>, confidence: Confidence) -> Suggestion {
        let edit = Edit::new(span, with);
        Suggestion { edits: vec![edit.clone()], whole: edit, confidence }
    }

    /// A string of a JSON text, its quotes within the span, becomes another.
    pub fn json_string(span: Span, with: &str, confidence: Confidence) -> Suggestion {
        Suggestion::replace(span, serde_json::Value::from(with).to_string(), confidence)
    }

    /// Several replacements in one text. One that overlaps an earlier one is left
    /// out.
    pub fn several(text: &str, mut edits: Vec<Edit>, confidence: Confidence) -> Suggestion {
        edits.sort_by_key(|edit| edit.span);
        let mut reached = Offset::START;
        edits.retain(|edit| {
            let fits = edit.span.start() >= reached;
            reached = if fits { edit.span.end() } else { reached };
            fits
        });
        let spans = edits.iter().map(|edit| edit.span);
        let span = spans.reduce(Span::to).unwrap_or_default();
        let (with, _) = splice(text, edits.iter(), span.range());
        Suggestion { edits, whole: Edit { span, with }, confidence }
    }

    /// The edits, in the order of their places. None overlaps another.
    pub fn edits(&self) -> &[Edit] {
        &self.edits
    }

    /// The one replacement that does what all edits do together.
    pub fn as_one_edit(&self) -> &Edit {
        &self.whole
    }

    /// How sure it is.
    pub fn confidence(&self) -> Confidence {
        self.confidence
    }

    /// Whether a tool may apply it without asking.
    pub fn is_safe(&self) -> bool {
        self.confidence == Confidence::Safe
    }

    /// The text with suggestions applied, in one pass over it.
    ///
    /// A suggestion that overlaps an earlier place of another one is left out as
    /// a whole, and so is one whose places the text doesn't have: check the
    /// result, and apply what is suggested then. Cost is linear in the text, and
    /// n log n in the number of edits.
    pub fn apply_all<'s>(text: &str, suggestions: impl IntoIterator<Item = &'s Suggestion>) -> String {
        Suggestion::apply_some(text, suggestions).0
    }

    /// The same, and how many of the suggestions were applied.
    pub(crate) fn apply_some<'s>(
        text: &str,
        suggestions: impl IntoIterator<Item = &'s Suggestion>,
    ) -> (String, usize) {
        let suggestions: Vec<&Suggestion> = suggestions.into_iter().collect();
        let of_each = suggestions.iter().enumerate();
        let mut edits: Vec<(usize, &Edit)> = of_each
            .flat_map(|(of, suggestion)| suggestion.edits.iter().map(move |edit| (of, edit)))
            .collect();
        edits.sort_by_key(|(_, edit)| edit.span);
        let mut left_out = vec![false; suggestions.len()];
        let mut reached = Offset::START;
        for (of, edit) in &edits {
            let fits = edit.span.start() >= reached && text.get(edit.span.range()).is_some();
            if fits {
                reached = edit.span.end();
            } else if let Some(left_out) = left_out.get_mut(*of) {
                *left_out = true;
            }
        }
        let applied = edits.into_iter().filter(|(of, _)| left_out.get(*of) == Some(&false));
        let (text, _) = splice(text, applied.map(|(_, edit)| edit), 0..text.len());
        (text, left_out.iter().filter(|left_out| !**left_out).count())
    }

    /// The same suggestion where the text is part of another: `place` says where
    /// a span stands there, `written` how a text is written there.
    pub(crate) fn within(
        &self,
        place: impl Fn(Span) -> Span,
        written: impl Fn(&str) -> String,
    ) -> Suggestion {
        let moved = |edit: &Edit| Edit { span: place(edit.span), with: written(&edit.with) };
        Suggestion {
            edits: self.edits.iter().map(moved).collect(),
            whole: moved(&self.whole),
            confidence: self.confidence,
        }
    }

    /// The same, to be looked at by a person.
    pub(crate) fn doubt(&mut self) {
        self.confidence = Confidence::Guess;
    }
}

/// Reads one back as the one replacement that it is written as.
impl<'de> Deserialize<'de> for Suggestion {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Suggestion, D::Error> {
        #[derive(Deserialize)]
        struct Written {
            span: Span,
            with: String,
            safe: bool,
        }
        let Written { span, with, safe } = Written::deserialize(deserializer)?;
        Ok(Suggestion::replace(span, with, if safe { Confidence::Safe } else { Confidence::Guess }))
    }
}

impl Serialize for Suggestion {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Written<'s> {
            #[serde(flatten)]
            whole: &'s Edit,
            safe: bool,
        }
        Written { whole: &self.whole, safe: self.is_safe() }.serialize(serializer)
    }
}

/// Where each part of an edited text stood before: pairs of an offset in the new
/// text and one in the old.
pub(crate) type FormerOffsets = Vec<(Offset, Offset)>;

/// A part of a text with edits applied, which are sorted by place. Of two that
/// overlap the first counts.
pub(crate) fn splice<'e>(
    text: &str,
    edits: impl Iterator<Item = &'e Edit>,
    part: Range<usize>,
) -> (String, FormerOffsets) {
    let mut out = String::with_capacity(part.len());
    let mut at = part.start;
    let mut origins = vec![(Offset::START, Offset::from(at))];
    for edit in edits {
        let Range { start, end } = edit.span.range();
        if start < at {
            continue;
        }
        out.push_str(text.get(at..start).unwrap_or(""));
        origins.push((Offset::from(out.len()), edit.span.start()));
        out.push_str(&edit.with);
        origins.push((Offset::from(out.len()), edit.span.end()));
        at = end;
    }
    out.push_str(text.get(at..part.end).unwrap_or(""));
    (out, origins)
}

/// What is said of a repair, and the edits that make it, where there are some:
/// made in one place, so that they say the same.
///
/// A text is a repair without edits.
///
/// ```
/// use target_rules::diagnostic::{Code, Confidence, Diagnostic, Repair, Span, Suggestion};
/// let document = r#"{"naem": "Gold"}"#;
/// let key = Span::new(1, 7);
/// let edit = Suggestion::json_string(key, "name", Confidence::Guess);
/// let fault = Diagnostic::new(Code::UnknownKey, key, "a target has no key `naem`")
///     .help(Repair::did_you_mean("name", [edit]));
/// assert_eq!(fault.help.as_deref(), Some("did you mean `name`?"));
/// let mended = Suggestion::apply_all(document, fault.suggestions.first());
/// assert_eq!(mended, r#"{"name": "Gold"}"#);
/// ```
#[derive(Debug, Clone)]
pub struct Repair {
    pub(super) help: String,
    pub(super) suggestions: Vec<Suggestion>,
}

impl Repair {
    /// The question after a name that is nearly another one.
    pub fn did_you_mean(name: &str, suggestion: impl IntoIterator<Item = Suggestion>) -> Repair {
        Repair::from(format!("did you mean `{name}`?")).by(suggestion)
    }

    /// One repair or another.
    pub fn or(self, other: Repair) -> Repair {
        Repair::from(format!("{}, or {}", self.help, other.help)).by(self.suggestions).by(other.suggestions)
    }

    /// Adds edits, each a way of its own to make the repair.
    pub fn by(mut self, suggestions: impl IntoIterator<Item = Suggestion>) -> Repair {
        self.suggestions.extend(suggestions);
        self
    }
}

impl<T: Into<String>> From<T> for Repair {
    fn from(help: T) -> Repair {
        Repair { help: help.into(), suggestions: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::{Confidence, Edit, Span, Suggestion};

    fn edit(start: usize, end: usize, with: &str) -> Edit {
        Edit::new(Span::new(start, end), with)
    }

    #[test]
    fn several_edits_are_one_replacement_of_what_they_cover() {
        let suggestion =
            Suggestion::several("!(a) && b", vec![edit(4, 4, "==false"), edit(0, 1, "")], Confidence::Safe);
        assert_eq!(suggestion.as_one_edit(), &edit(0, 4, "(a)==false"));
        assert_eq!(Suggestion::apply_all("!(a) && b", [&suggestion]), "(a)==false && b");
        let json = serde_json::to_string(&suggestion).unwrap();
        assert_eq!(json, r#"{"span":{"start":0,"end":4},"with":"(a)==false","safe":true}"#);
    }

    #[test]
    fn of_two_that_overlap_one_is_left_out_whole() {
        let text = "abcdef";
        let both = Suggestion::several(text, vec![edit(1, 3, "X"), edit(5, 6, "Y")], Confidence::Guess);
        let first = Suggestion::replace(Span::new(0, 2), "-", Confidence::Guess);
        assert_eq!(Suggestion::apply_all(text, [&both, &first]), "-cdef");
        // So it is within one suggestion, and its two forms agree.
        let clash = Suggestion::several(text, vec![edit(0, 3, "X"), edit(1, 5, "Y")], Confidence::Guess);
        assert_eq!((clash.edits().len(), clash.as_one_edit()), (1, &edit(0, 3, "X")));
        // What ends where another begins does not overlap it.
        let next = Suggestion::replace(Span::new(2, 2), "+", Confidence::Guess);
        assert_eq!(Suggestion::apply_all(text, [&next, &first]), "-+cdef");
        // Inside a character there is no place, and none after the end.
        let outside = Suggestion::replace(Span::new(1, 2), "x", Confidence::Safe);
        assert_eq!(Suggestion::apply_all("é", [&outside]), "é");
        assert_eq!(Suggestion::apply_all("", [&outside]), "");
    }
}
