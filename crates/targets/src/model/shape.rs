//! What is wrong with the shape of a payload, in the words of the field.

use serde_path_to_error::Segment;

use target_rules::Limits;
use target_rules::diagnostic::{Code, Diagnostic, Diagnostics, Form, Source, Span};
use target_rules::json::{HALF_A_CHARACTER, PathSegment};

/// Reads a document whole, bounded, with the path of what has another shape.
pub(crate) fn read_whole<T: serde::de::DeserializeOwned>(
    payload: &str,
    limits: &Limits,
) -> Result<T, Diagnostics> {
    let fail = |fault| Diagnostics::gather(&Source::new(Form::Payload, payload), vec![fault], limits.errors);
    let most = limits.payload.min(Limits::HARDEST_TEXT);
    if payload.len() > most {
        return Err(fail(Diagnostic::new(
            Code::Limit,
            Span::new(most, payload.len()),
            format!("the payload has {} bytes; at most {most} are read", payload.len()),
        )));
    }
    let mut json = serde_json::Deserializer::from_str(payload);
    let answer =
        serde_path_to_error::deserialize(&mut json).map_err(|error| fail(shape_fault(payload, &error)))?;
    json.end().map_err(|error| fail(json_fault(payload, &error)))?;
    Ok(answer)
}

fn shape_fault(payload: &str, error: &serde_path_to_error::Error<serde_json::Error>) -> Diagnostic {
    let inner = error.inner();
    if !inner.is_data() {
        return json_fault(payload, inner);
    }
    let span = span_of(payload, inner);
    let message = placed(&error.path().to_string(), for_people(inner));
    let message = if message.starts_with('`') { message } else { format!("the payload: {message}") };
    Diagnostic::new(Code::PayloadShape, span, message).note("of another shape")
}

/// A message with the path to what it is of; one that has a path already is
/// of something further inside.
pub(crate) fn placed(path: &str, message: String) -> String {
    match message.strip_prefix('`') {
        _ if path == "." => message,
        Some(inner) if inner.starts_with('[') => format!("`{path}{inner}"),
        Some(inner) => format!("`{path}.{inner}"),
        None => format!("`{path}`: {message}"),
    }
}

fn json_fault(payload: &str, error: &serde_json::Error) -> Diagnostic {
    Diagnostic::new(
        Code::JsonSyntax,
        span_of(payload, error),
        format!("this is not JSON: {}", for_people(error)),
    )
}

/// serde's message without its place and in words of the field.
pub(crate) fn for_people(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message);
    // A part that was read by itself has said it for people already.
    if message.starts_with('`') {
        return message.to_owned();
    }
    if message.contains("hex escape") {
        return HALF_A_CHARACTER.to_owned();
    }
    if let Some(field) = message.strip_prefix("missing field ") {
        return format!("the field {field} is missing");
    }
    let wrong = message.strip_prefix("invalid type: ").or_else(|| message.strip_prefix("invalid value: "));
    let Some((found, expected)) = wrong.and_then(|wrong| wrong.rsplit_once(", expected ")) else {
        return shortened(message);
    };
    let expected = match expected {
        "i64" => "a whole number",
        "a sequence" => "a list",
        "a map" => "an object",
        other => other,
    };
    const WORDS: [(&str, &str); 6] = [
        ("string ", "the text "),
        ("integer ", "the number "),
        ("floating point ", "the number "),
        ("boolean ", "the constant "),
        ("sequence", "a list"),
        ("map", "an object"),
    ];
    let found = WORDS
        .iter()
        .find_map(|(word, ours)| Some(format!("{ours}{}", found.strip_prefix(word)?)))
        .unwrap_or_else(|| found.to_owned());
    format!("{expected} belongs here, not {}", shortened(&as_json(&found)))
}

/// serde quotes a text as Rust would; a character that cannot be seen stands
/// there as JSON writes it.
fn as_json(quoted: &str) -> String {
    let mut parts = quoted.split("\\u{");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let escape = part.split_once('}');
        let character = escape.and_then(|(digits, _)| char::from_u32(u32::from_str_radix(digits, 16).ok()?));
        match (character, escape) {
            (Some(character), Some((_, rest))) => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    out.push_str(&format!("\\u{unit:04x}"));
                }
                out.push_str(rest);
            }
            _ => {
                out.push_str("\\u{");
                out.push_str(part);
            }
        }
    }
    out
}

fn span_of(payload: &str, error: &serde_json::Error) -> Span {
    let line_start: usize =
        payload.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let at = line_start.saturating_add(error.column().saturating_sub(1)).min(payload.len());
    Span::new(at, at.saturating_add(1))
}

/// The diagnostic of a line that is not the object it should be.
pub fn unreadable_line(line: &str, error: &serde_json::Error) -> Diagnostics {
    let fault = if error.is_data() {
        Diagnostic::new(Code::PayloadShape, span_of(line, error), format!("this line: {}", for_people(error)))
    } else {
        json_fault(line, error)
    };
    Diagnostics::gather(&Source::new(Form::Payload, line), vec![fault], 1)
}

/// A JSON value in a few words.
pub(crate) fn described(json: &str) -> String {
    match json.as_bytes().first() {
        Some(b'{') => "map".to_owned(),
        Some(b'[') => "sequence".to_owned(),
        Some(b'"') => format!("string {}", shortened(json)),
        Some(b't' | b'f') => format!("boolean `{json}`"),
        _ => shortened(json),
    }
}

/// The steps of a path of serde.
pub(crate) fn steps_of(path: &serde_path_to_error::Path) -> Vec<PathSegment> {
    path.iter()
        .map_while(|segment| match segment {
            Segment::Seq { index } => Some(PathSegment::Index(*index)),
            Segment::Map { key } => Some(PathSegment::Key(key.clone())),
            Segment::Enum { .. } | Segment::Unknown => None,
        })
        .collect()
}

/// A value as part of a message.
pub(crate) fn shortened(value: &str) -> String {
    const SHOWN: usize = 60;
    match value.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}...", value.get(..at).unwrap_or("")),
        None => value.to_owned(),
    }
}

/// Names as part of a sentence: "`A`, `B` and `C`".
pub(crate) fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [only] => format!("`{only}`"),
        [first @ .., last] => format!("`{}` and `{last}`", first.join("`, `")),
    }
}
