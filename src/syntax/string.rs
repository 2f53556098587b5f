//! Strings of the language: what is escaped in them, and the way back from a
//! byte of the decoded text.

use crate::diagnostic::{Form, Offset, Source, Span};
use crate::json::{Escapes, Kind, Located};

/// The text of a quoted string: `\"` and `\\` are escapes, any other backslash
/// stays as it is.
pub(super) fn decode(quoted: &str) -> String {
    let inner = quoted.strip_prefix('"').unwrap_or(quoted);
    let inner = inner.strip_suffix('"').unwrap_or(inner);
    let mut text = String::with_capacity(inner.len());
    let mut characters = inner.chars().peekable();
    while let Some(character) = characters.next() {
        if character == '\\'
            && let Some(escaped) = characters.next_if(|next| matches!(next, '"' | '\\'))
        {
            text.push(escaped);
        } else {
            text.push(character);
        }
    }
    text
}

/// A text as a string of the language.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    write_quoted(text, &mut out);
    out
}

/// Writes a text as a string of the language. A backslash is doubled only where it
/// would be read as an escape.
pub(crate) fn write_quoted(text: &str, out: &mut String) {
    out.push('"');
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' if matches!(characters.peek(), None | Some('\\' | '"')) => out.push_str("\\\\"),
            other => out.push(other),
        }
    }
    out.push('"');
}

/// Where a byte of the decoded text stands in the quoted one.
fn offset_in_string(quoted: &str, decoded: Offset) -> Offset {
    let mut source = Offset::from(1);
    let mut seen = Offset::START;
    let mut characters = quoted.chars().skip(1).peekable();
    while seen < decoded {
        let Some(character) = characters.next() else { break };
        source += character.len_utf8();
        if character == '\\' && characters.next_if(|next| matches!(next, '"' | '\\')).is_some() {
            source += 1;
        }
        seen += character.len_utf8();
    }
    source.min(Offset::from(quoted.len()))
}

/// Where a part of a string's decoded text stands in the source that the
/// string was read from: the way from a place in a regular expression to the
/// rule. `string` is the string with its quotes.
pub(crate) fn place_in_string(source: &Source, string: Span, part: Span) -> Span {
    let quoted = source.slice(string);
    if !quoted.starts_with('"') {
        return string;
    }
    if source.form() == Form::Dsl {
        let at = |decoded| string.start() + offset_in_string(quoted, decoded).get();
        return Span::new(at(part.start()), at(part.end()));
    }
    Escapes::of(source.text(), Located { kind: Kind::String, span: string }).span(part)
}
