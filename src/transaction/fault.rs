//! Errors about the values of a document.

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::json::{Kind, Name, Reader};
use crate::typed::ValueKind;

pub(super) type Result<T = ()> = std::result::Result<T, Diagnostic>;

/// The type that a value must have, in words for messages.
pub(super) fn expected(kind: ValueKind) -> &'static str {
    match kind {
        ValueKind::Boolean => "a boolean",
        ValueKind::Number => "a number",
        ValueKind::Text => "a string",
        ValueKind::Date => "a date: an ISO string or whole milliseconds from 1970",
        ValueKind::Numbers => "a list of numbers",
    }
}

pub(super) fn wrong_type(span: Span, expected: &str, found: Kind) -> Diagnostic {
    Diagnostic::new(Code::WrongType, span, format!("{expected}, not {}", found.name()))
        .note("of another type")
}

#[cold]
pub(super) fn duplicate(json: &Reader, key: Name) -> Diagnostic {
    let text = json.content(key.content);
    Diagnostic::new(Code::DuplicateKey, key.span, format!("the key `{text}` stands twice in this object"))
        .note("the second one")
        .help("remove one of the two")
}

/// The error for a buffer of the transaction that is full.
#[cold]
pub(super) fn too_much(span: Span) -> Diagnostic {
    Diagnostic::new(Code::Limit, span, "the values that are read up to here take more than 4 GiB")
        .help("pass a shorter document")
}
