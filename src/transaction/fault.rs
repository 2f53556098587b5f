//! Errors about the values of a document.

use crate::diagnostic::{Code, Diagnostic, Span, counted, or_raise, shortened};
use crate::json::{Kind, Name, Reader};
use crate::typed::ValueKind;
use crate::value::{DateText, Instant, Number, NumberForm};

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

/// A value of another type than the wanted one.
pub(crate) fn wrong_type(span: Span, what: &str, wanted: &str, found: Kind) -> Diagnostic {
    Diagnostic::new(Code::WrongType, span, format!("{what} must be {wanted}, is {}", found.name()))
        .note("of another type")
}

/// What to do about a value of another type, where it shows what was meant:
/// a text that stands for nothing, a list of a single attribute.
pub(super) fn help_for(wanted: ValueKind, found: Kind, text: &str) -> Option<&'static str> {
    match (wanted, found) {
        (_, Kind::String) if says_nothing(text) => Some(LEAVE_OUT),
        (ValueKind::Numbers, Kind::Number | Kind::String) => Some("write a list, such as `[12]`"),
        (ValueKind::Date, Kind::Number) => Some("write whole milliseconds, such as `1722255620000`"),
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

/// Entries that are many, of which rules read much.
#[cold]
pub(super) fn too_many_values(span: Span, width: usize, most: usize) -> Diagnostic {
    let values = counted(width, "value");
    let message = format!("the entries up to here, of which rules read {values} each, have more than {most}");
    let raise = or_raise("transaction-values", most, None);
    Diagnostic::new(Code::Limit, span, message).help(format!("pass a document with fewer entries{raise}"))
}

/// A text or digits that are no number.
#[cold]
pub(super) fn no_number(
    name: &str,
    (found, digits): (Kind, &str),
    span: Span,
    form: NumberForm,
) -> Diagnostic {
    match form {
        NumberForm::Malformed => {
            let shown = match digits.trim() {
                "" => "an empty string".to_owned(),
                _ => format!("the string `{}`", shortened(digits)),
            };
            let message = format!("`{name}` must be a number, is {shown}");
            let help = help_for(ValueKind::Number, found, digits);
            Diagnostic::new(Code::WrongType, span, message)
                .help(help.unwrap_or("write a JSON number, or the same in quotes"))
        }
        NumberForm::OutOfRange => {
            let message = format!("the number in `{name}` has too many digits");
            Diagnostic::new(Code::NumberRange, span, message)
                .help("at most 28 digits, below 10^28, are kept exactly")
        }
    }
}

/// A date as milliseconds from 1970; `None` where the number is not whole.
pub(super) fn epoch_date(digits: &str) -> Option<DateText> {
    match Number::from_json(digits) {
        Ok(number) if number.is_whole() => Some(
            number
                .as_integer()
                .and_then(|count| Instant::from_milliseconds(count).ok())
                .map_or(DateText::Invalid, DateText::Instant),
        ),
        Ok(_) => None,
        Err(_) => Some(DateText::Invalid),
    }
}

/// Why a value is refused where it is read as a kind; `None` where it is not.
/// `text` is the decoded string, or what is written.
pub(crate) fn value_fault(
    name: &str,
    wanted: ValueKind,
    (found, text): (Kind, &str),
    span: Span,
) -> Option<Diagnostic> {
    let taken = match (wanted, found) {
        (_, Kind::Null)
        | (ValueKind::Boolean, Kind::Boolean(_))
        | (ValueKind::Text, Kind::String | Kind::Number | Kind::Boolean(_))
        | (ValueKind::Date, Kind::String)
        | (ValueKind::Numbers, Kind::Array) => true,
        (ValueKind::Number, Kind::Number | Kind::String) => {
            return Number::from_json(text).err().map(|form| no_number(name, (found, text), span, form));
        }
        (ValueKind::Date, Kind::Number) => epoch_date(text).is_some(),
        _ => false,
    };
    if taken {
        return None;
    }
    let fault = wrong_type(Span::byte(span.start()), &format!("`{name}`"), expected(wanted), found);
    Some(helped(fault, wanted, found, text))
}
