//! Phrases that messages of every stage have in common.

use std::borrow::Cow;

/// What an author wrote, for a message: a long name is cut.
pub(crate) fn shortened(text: &str) -> Cow<'_, str> {
    cut(text, 40)
}

/// What an author should write, for a message: cut only where it is so long
/// that nobody would copy it from there.
pub(crate) fn repair(text: &str) -> Cow<'_, str> {
    cut(text, 200)
}

/// The text, cut to so many characters; one that is cut ends in `...`.
pub(crate) fn cut(text: &str, longest: usize) -> Cow<'_, str> {
    match text.char_indices().nth(longest) {
        Some((end, _)) => Cow::Owned(format!("{}...", text.get(..end).unwrap_or(""))),
        None => Cow::Borrowed(text),
    }
}

/// Items as part of a sentence, joined by a word such as `and`.
///
/// ```
/// use target_rules::diagnostic::listed;
/// assert_eq!(listed(&["A", "B", "C"], "or"), "A, B or C");
/// assert_eq!(listed(&["A"], "or"), "A");
/// ```
pub fn listed(items: &[impl AsRef<str>], word: &str) -> String {
    let items: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
    match items.as_slice() {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} {word} {last}", first.join(", ")),
    }
}

/// A count with its word, such as `1 level` and `3 levels`.
pub(crate) fn counted(count: usize, word: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {word}{plural}")
}

/// The end of a help that names the limit to raise, where it may be raised.
pub(crate) fn or_raise(limit: &str, at: usize, hardest: Option<usize>) -> String {
    match hardest {
        Some(hardest) if at >= hardest => String::new(),
        _ => format!("; the limit `{limit}` can be raised: `--limit {limit}=NUMBER`"),
    }
}
