//! What is wrong with a text that is not JSON, in words for whoever wrote it.

use jiter::{JiterError, JiterErrorType, JsonErrorType};

use crate::report::{Code, Diagnostic, Offset, Span};

/// What is wrong with half a surrogate pair, in the words of this crate: for
/// hosts whose own reader finds it first.
pub const HALF_A_CHARACTER: &str =
    "a `\\u` escape stands for half a character, and the other half is missing";

/// The fault at a byte of a text of which a part is read. jiter's own words
/// are for programmers.
pub(super) fn explain(text: &str, part: Span, at: Offset, error: &JiterError) -> Diagnostic {
    let at = at.min(part.end());
    let here = text.get(Span::new(at, part.end()).range()).and_then(|rest| rest.chars().next());
    let (message, note, help) = match &error.error_type {
        JiterErrorType::JsonError(kind) if here.is_none() => too_early(text, part, kind),
        JiterErrorType::JsonError(kind) => misplaced(kind, here.unwrap_or_default()),
        JiterErrorType::WrongType { .. } => ("this is not JSON".to_owned(), "", String::new()),
    };
    // Where a text ends and a word follows at once, a quote stood in the text.
    let before = text.get(Span::new(part.start(), at).range()).and_then(|before| before.chars().next_back());
    let is_in_text = before == Some('"') && here.is_some_and(|here| here.is_alphanumeric() || here == '_');
    let comma = matches!(
        &error.error_type,
        JiterErrorType::JsonError(
            JsonErrorType::ExpectedObjectCommaOrEnd | JsonErrorType::ExpectedListCommaOrEnd
        )
    );
    let help = if is_in_text && comma {
        "if the text goes on here, write `\\\"` for each quote that stands in it".to_owned()
    } else {
        help
    };
    let length = here.map_or(1, char::len_utf8);
    Diagnostic::new(Code::JsonSyntax, Span::new(at, at + length), message)
        .note(note)
        .help_if(Some(help).filter(|help| !help.is_empty()))
}

type Words = (String, &'static str, String);

fn words(message: impl Into<String>, note: &'static str, help: impl Into<String>) -> Words {
    (message.into(), note, help.into())
}

/// The text ends before the JSON is complete.
fn too_early(text: &str, part: Span, kind: &JsonErrorType) -> Words {
    let empty = text.get(part.range()).is_none_or(|part| part.trim().is_empty());
    match kind {
        _ if empty => words("there is no JSON here", "nothing to read", ""),
        JsonErrorType::EofWhileParsingString => {
            words("a JSON string is never closed", "expected `\"`", "put a `\"` where the string ends")
        }
        JsonErrorType::EofWhileParsingList => {
            words("the JSON ends within an array", "expected `]`", "add what is missing, at least a `]`")
        }
        JsonErrorType::EofWhileParsingObject => {
            words("the JSON ends within an object", "expected `}`", "add what is missing, at least a `}`")
        }
        _ => words("the JSON ends too early", "expected a value", "add what is missing"),
    }
}

fn misplaced(kind: &JsonErrorType, here: char) -> Words {
    match (kind, here) {
        (JsonErrorType::TrailingCharacters, _) => {
            words("more text after the JSON value", "nothing may follow", "remove it")
        }
        (JsonErrorType::TrailingComma, _) => words(
            "a `,` stands before the end",
            "expected one more after the `,`",
            "remove the `,` before this",
        ),
        (JsonErrorType::LoneLeadingSurrogateInHexEscape | JsonErrorType::UnexpectedEndOfHexEscape, _) => {
            words(HALF_A_CHARACTER, "the other half is missing", "write the character itself")
        }
        (JsonErrorType::InvalidEscape | JsonErrorType::InvalidUnicodeCodePoint, _) => words(
            "this is no escape of a JSON string",
            "no such escape",
            "write `\\\\` for the character `\\` itself",
        ),
        (JsonErrorType::ControlCharacterWhileParsingString, '\n' | '\r') => words(
            "a JSON string cannot run over the end of a line",
            "the line ends here",
            "put a `\"` where the string ends, or write `\\n` for the end of a line",
        ),
        (JsonErrorType::ControlCharacterWhileParsingString, control) => words(
            format!("a JSON string cannot hold the control character U+{:04X}", u32::from(control)),
            "a control character",
            format!("remove it, or write `\\u{:04x}`", u32::from(control)),
        ),
        (JsonErrorType::InvalidNumber | JsonErrorType::NumberOutOfRange, _) | (_, '+' | '.') => words(
            "this is no number of JSON",
            "not a number",
            "write digits, optionally a point and digits, such as `500` or `0.5`",
        ),
        (JsonErrorType::ExpectedColon, _) => {
            words("a `:` is missing between a key and its value", "expected `:`", "write `:` before this")
        }
        (JsonErrorType::ExpectedListCommaOrEnd, _) => words(
            "a `,` or the closing `]` is missing before this",
            "expected `,` or `]`",
            "write what is missing before this",
        ),
        (JsonErrorType::ExpectedObjectCommaOrEnd, _) => words(
            "a `,` or the closing `}` is missing before this",
            "expected `,` or `}`",
            "write what is missing before this",
        ),
        (_, '\u{feff}') => words(
            "an invisible byte order mark (U+FEFF) stands before the JSON",
            "a byte order mark",
            "remove it: save the text as UTF-8 without a byte order mark",
        ),
        (_, '\'' | '\u{2018}' | '\u{2019}' | '\u{201c}' | '\u{201d}' | '\u{201e}' | '`') => words(
            "JSON strings stand in straight double quotes",
            "not a straight double quote",
            format!("write `\"` instead of `{here}`"),
        ),
        (_, '/' | '#') => words("JSON has no comments", "expected a value or a key", "remove the comment"),
        (JsonErrorType::KeyMustBeAString, digit) if digit.is_ascii_digit() => words(
            "a key of a JSON object stands in double quotes",
            "expected `\"`",
            "put the key in double quotes; if this is one number with what stands before it, write `.` for its point",
        ),
        (JsonErrorType::KeyMustBeAString, _) => words(
            "a key of a JSON object stands in double quotes",
            "expected `\"`",
            "put the key in double quotes, such as `\"value\"`",
        ),
        (_, word) if word.is_alphabetic() => words(
            "this word is no JSON value",
            "expected a value",
            "put text in double quotes; the only words of JSON are `true`, `false` and `null`",
        ),
        _ => words(
            "a JSON value is expected here",
            "expected a value",
            "a value is an object, an array, a string in double quotes, a number, `true`, `false` or `null`",
        ),
    }
}
