//! The words that the checker's messages have in common.

use crate::diagnostic::listed;
use crate::typed::{Node, Type, text_of};

/// A type as people call it, with its article.
pub(super) fn described(of: &Type) -> &'static str {
    match of {
        Type::Enum(_) => "one of listed values",
        other => other.name(),
    }
}

/// Names for a message, at most eight of them.
pub(super) fn listing<'n>(mut names: impl Iterator<Item = &'n str>) -> String {
    const MOST: usize = 8;
    let shown: Vec<String> = names.by_ref().take(MOST).map(|name| format!("`{name}`")).collect();
    // Many names are counted only where their number isn't known.
    let rest = match names.size_hint() {
        (least, Some(most)) if least == most => least,
        _ => names.count(),
    };
    if rest > 0 { format!("{} and {rest} more", shown.join(", ")) } else { shown.join(", ") }
}

/// Names for a sentence, joined by `and` or `or`.
pub(super) fn joined_by(word: &str, names: &[impl AsRef<str>]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{}`", name.as_ref())).collect();
    listed(&names, word)
}

/// A node as text for a help. None of a long one: nobody would read it, and with
/// many faults beside it the cost would be quadratic.
pub(super) fn text_if_short(node: &Node) -> Option<String> {
    const LONGEST: usize = 1000;
    (node.span.len() <= LONGEST).then(|| text_of(node))
}

/// Whether other languages write nothing so.
pub(super) fn is_nothing(word: &str) -> bool {
    const WORDS: [&str; 10] =
        ["null", "nil", "none", "undefined", "empty", "nan", "na", "blank", "nothing", "nul"];
    WORDS.iter().any(|nothing| nothing.eq_ignore_ascii_case(word))
}
