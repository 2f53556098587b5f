//! Errors about the values of a document.

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::json::{Kind, Name, Reader};
use crate::typed::ValueKind;

pub(super) type Result<T = ()> = std::result::Result<T, Diagnostic>;

/// The type that a value must have, in words for messages.
pub(crate) fn expected(kind: ValueKind) -> &'static str {
    match kind {
        ValueKind::Boolean => "a boolean",
        ValueKind::Number => "a number",
        ValueKind::Text => "a string",
        ValueKind::Date => "a date: an ISO string or whole milliseconds from 1970",
        ValueKind::Numbers => "a list of numbers",
    }
}

/// A value of another type than the wanted one.
pub(super) fn wrong_type(span: Span, what: &str, wanted: &str, found: Kind) -> Diagnostic {
    Diagnostic::new(Code::WrongType, span, format!("{what} must be {wanted}, is {}", found.name()))
        .note("of another type")
}

/// What to do about a value of another type, where it shows what was meant:
/// a text that stands for nothing, a list of a single attribute.
pub(super) fn help_for(wanted: ValueKind, found: Kind, text: &str) -> Option<&'static str> {
    match (wanted, found) {
        (_, Kind::String) if says_nothing(text) => Some(LEAVE_OUT),
        (ValueKind::Numbers, Kind::Number | Kind::String) => Some("write a list, such as `[12]`"),
        (_, Kind::Array) => Some("write one value: a rule compares a single one here"),
        _ => None,
    }
}

/// A fault with the help for it, where there is some.
pub(super) fn helped(fault: Diagnostic, wanted: ValueKind, found: Kind, text: &str) -> Diagnostic {
    match help_for(wanted, found, text) {
        Some(help) => fault.help(help),
        None => fault,
    }
}

const LEAVE_OUT: &str = "leave the key out, or write `null`, where there is no value";

/// Whether a text stands where programs have no value.
fn says_nothing(text: &str) -> bool {
    let text = text.trim();
    ["", "-", "null", "none", "nil", "n/a", "na", "nan", "undefined"]
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word))
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
