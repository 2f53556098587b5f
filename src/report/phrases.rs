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

fn cut(text: &str, longest: usize) -> Cow<'_, str> {
    match text.char_indices().nth(longest) {
        Some((end, _)) => Cow::Owned(format!("{}...", text.get(..end).unwrap_or(""))),
        None => Cow::Borrowed(text),
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
