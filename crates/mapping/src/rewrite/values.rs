//! One value of a standard document.

use target_rules::diagnostic::{Code, Diagnostic};
use target_rules::json::Kind;
use target_rules::transaction::{Conversion, Written};

use crate::convert::Converter;
use crate::file::Source;
use crate::tree::{Inner, Tree};

/// Whether a value may be several.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Several {
    No,
    /// Several numbers, where it is written as a list or is split.
    Numbers,
    Texts,
}

/// The JSON of a value; `None` where it is absent.
pub(super) fn value(
    text: &str,
    source: &Source,
    found: &Tree,
    several: Several,
) -> Result<Option<String>, Diagnostic> {
    let Source::Detailed(detailed) = source else { return Ok(Some(found.written(text).to_owned())) };
    let Some(converter) = Converter::of(detailed) else { return Ok(Some(found.written(text).to_owned())) };
    let place = detailed.at.as_deref().unwrap_or_default();
    let convert = |kind, part: &str| one(&converter, (kind, part), (found, place));
    match &found.inner {
        Inner::Scalar(_) if found.kind() == Kind::Null => Ok(Some("null".to_owned())),
        Inner::Scalar(scalar) => match converter.separator() {
            Some(separator) if several != Several::No => {
                let parts = scalar.split(separator).map(str::trim).filter(|part| !part.is_empty());
                let mut list = Vec::new();
                for part in parts {
                    list.extend(convert(found.kind(), part)?);
                }
                Ok(Some(format!("[{}]", list.join(","))))
            }
            _ => {
                let converted = convert(found.kind(), scalar)?;
                // Of a custom field that has no value it is known that it has none.
                Ok(if several == Several::Texts && converted.is_none() {
                    Some("[]".to_owned())
                } else {
                    converted
                })
            }
        },
        Inner::Array(entries) if several != Several::No => {
            let mut list = Vec::new();
            for entry in entries {
                match entry.scalar() {
                    Some(_) if entry.kind() == Kind::Null => {}
                    Some(scalar) => list.extend(convert(entry.kind(), scalar)?),
                    None => return Ok(Some(found.written(text).to_owned())),
                }
            }
            Ok(Some(format!("[{}]", list.join(","))))
        }
        _ => Ok(Some(found.written(text).to_owned())),
    }
}

fn one(
    converter: &Converter,
    (kind, text): (Kind, &str),
    (found, place): (&Tree, &str),
) -> Result<Option<String>, Diagnostic> {
    let mut into = String::new();
    match converter.convert(Written { kind, text }, &mut into) {
        Ok(Kind::Null) => Ok(None),
        Ok(Kind::String) => Ok(Some(serde_json::Value::from(into).to_string())),
        Ok(_) => Ok(Some(into)),
        Err(said) => {
            let key = place.rsplit('/').next().unwrap_or(place);
            Err(Diagnostic::new(Code::WrongType, found.located.span, format!("`{key}` {said}")))
        }
    }
}
