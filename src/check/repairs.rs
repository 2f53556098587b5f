//! Repairs as edits of the rule, in whichever form it was read.

use crate::diagnostic::{Confidence, Edit, Form, Offset, Repair, Source, Span, Suggestion};
use crate::syntax::quoted;

use super::phrases::is_nothing;

/// Writes edits of a rule.
///
/// Of a tree one value is replaced, and only where the rest of the tree is right
/// beside it: what changes the kind of a node would have to change its arity and
/// its types too.
#[derive(Clone, Copy)]
pub(super) struct Editor<'s> {
    source: &'s Source,
}

impl<'s> Editor<'s> {
    pub(super) fn of(source: &'s Source) -> Editor<'s> {
        Editor { source }
    }

    fn is_text(self) -> bool {
        self.source.form() == Form::Dsl
    }

    /// An edit of the text of a rule; none in a tree.
    pub(super) fn in_text(self, span: Span, with: impl Into<String>, sure: Confidence) -> Option<Suggestion> {
        self.is_text().then(|| Suggestion::replace(span, with, sure))
    }

    /// Something put before a place of the text.
    pub(super) fn insert(self, at: Offset, with: impl Into<String>, sure: Confidence) -> Option<Suggestion> {
        self.in_text(Span::empty(at), with, sure)
    }

    /// Several edits of the text that belong together; none in a tree.
    pub(super) fn several(self, edits: impl Into<Vec<Edit>>, sure: Confidence) -> Option<Suggestion> {
        self.is_text().then(|| Suggestion::several(self.source.text(), edits.into(), sure))
    }

    /// Another name in place of one.
    pub(super) fn name(self, span: Span, name: &str, sure: Confidence) -> Suggestion {
        match self.is_text() {
            true => Suggestion::replace(span, name, sure),
            false => Suggestion::json_string(span, name, sure),
        }
    }

    /// Another string in place of one.
    pub(super) fn string(self, span: Span, text: &str, sure: Confidence) -> Suggestion {
        match self.is_text() {
            true => Suggestion::replace(span, quoted(text), sure),
            false => Suggestion::json_string(span, text, sure),
        }
    }

    /// Another constant in place of a string, or of a word that stands for one.
    pub(super) fn constant(self, span: Span, text: &str, sure: Confidence) -> Option<Suggestion> {
        let is_word = |text: &str| {
            text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
                && text.bytes().next().is_some_and(|first| !first.is_ascii_digit())
        };
        match self.is_text() {
            true if is_word(text) && !self.source.slice(span).starts_with('"') => {
                Some(Suggestion::replace(span, text, sure))
            }
            true => Some(Suggestion::replace(span, quoted(text), sure)),
            // The node may be a name, which holds no other texts.
            false => is_word(text).then(|| Suggestion::json_string(span, text, sure)),
        }
    }

    /// A part of the text of a rule; none of a tree.
    pub(super) fn slice(self, span: Span) -> Option<&'s str> {
        self.is_text().then(|| self.source.slice(span))
    }

    /// What follows a place in the text of a rule.
    pub(super) fn after(self, span: Span) -> Option<&'s str> {
        self.is_text().then(|| self.source.text().get(span.end().get()..)).flatten()
    }

    /// Where the dot before a name stands in the text of a rule.
    pub(super) fn before_name(self, name: Span) -> Option<Offset> {
        let before = self.slice(Span::new(Offset::START, name.start()))?;
        let dot = before.trim_end().strip_suffix('.')?;
        Some(Offset::from(dot.trim_end().len()))
    }

    /// A call on `kept` in place of its comparison with `dropped`; none where
    /// brackets of the comparison would be torn.
    pub(super) fn asked(
        self,
        kept: Span,
        dropped: Span,
        sign: &str,
        call: &str,
        sure: Confidence,
    ) -> Option<Suggestion> {
        if kept.end() <= dropped.start() {
            let between = self.source.slice(Span::new(kept.end(), dropped.start()));
            let (before, after) = between.split_once(sign)?;
            let start = kept.end() + before.trim_end().len();
            let whole = Span::new(start, dropped.end());
            return if after.trim().is_empty() { self.in_text(whole, call, sure) } else { None };
        }
        let between = Span::new(dropped.end(), kept.start());
        if self.source.slice(between).trim() != sign {
            return None;
        }
        let edits = [
            Edit::new(Span::new(dropped.start(), kept.start()), ""),
            Edit::new(Span::empty(kept.end()), call),
        ];
        self.several(edits, sure)
    }

    /// Whether nothing but one sign stands between two places: no bracket that
    /// an edit over both would tear from its partner.
    pub(super) fn joined_by(self, left: Span, right: Span, sign: &str) -> bool {
        self.source.slice(Span::new(left.end(), right.start())).trim() == sign
    }
}

/// The repair of a word that a string was meant by.
pub(super) fn in_quotes(
    said: String,
    editor: Editor<'_>,
    span: Span,
    word: &str,
    sure: Confidence,
) -> Repair {
    // Who asks whether a value is there does not ask for the text "null".
    let is_text = !is_nothing(word);
    let suggestion = if is_text { editor.in_text(span, quoted(word), sure) } else { None };
    Repair::from(said).by(suggestion)
}
