//! The look-up of item attributes: where they may stand and how their names
//! may be spelled.

use crate::diagnostic::{Code, Diagnostic};
use crate::json::Key;

use super::layout::ListPlan;
use super::read::{Scalar, duplicate, wrong_type};

type Result<T> = std::result::Result<T, Diagnostic>;

/// Where an item attribute may stand, in the order of the look-up.
#[derive(Default)]
pub(super) struct Candidates {
    pub(super) attributes: Vec<(Key, Scalar)>,
    pub(super) own: Vec<(Key, Scalar)>,
    pub(super) extended: Vec<(Key, Scalar)>,
}

/// Names that mean a field of the item.
const ALIASES: [(&str, &str); 4] = [
    ("sku_code", "code"),
    ("SKU number", "code"),
    ("product name", "description"),
    ("short description", "description"),
];

fn alias(name: &str) -> Option<&'static str> {
    ALIASES.iter().find(|(alias, _)| *alias == name).map(|(_, field)| *field)
}

impl ListPlan {
    /// Whether a key may be what some look-up means.
    pub(super) fn looks_up(&self, key: &str) -> bool {
        self.attributes.keys().any(|name| {
            name.eq_ignore_ascii_case(key)
                || same_letters(name, key)
                || alias(name).is_some_and(|field| same_letters(field, key))
        })
    }
}

fn same_letters(left: &str, right: &str) -> bool {
    left.to_lowercase() == right.to_lowercase()
}

impl Candidates {
    /// As written exactly in all three, then without regard to case in all
    /// three, and only then under its alias.
    pub(super) fn find(&self, name: &str) -> Result<Option<String>> {
        if let Some(text) = self.find_spelled(name)? {
            return Ok(Some(text));
        }
        alias(name).map_or(Ok(None), |field| self.find_spelled(field))
    }

    fn find_spelled(&self, name: &str) -> Result<Option<String>> {
        let objects = [&self.attributes, &self.own, &self.extended];
        for object in objects {
            let exact: Vec<&(Key, Scalar)> = object.iter().filter(|(key, _)| key.text == name).collect();
            if let [_, second, ..] = exact.as_slice() {
                return Err(duplicate(&second.0));
            }
            if let Some(hit) = hit(exact.first().copied(), name)? {
                return Ok(Some(hit));
            }
        }
        for object in objects {
            let similar: Vec<&(Key, Scalar)> =
                object.iter().filter(|(key, _)| key.text != name && same_letters(&key.text, name)).collect();
            if let [first, second, ..] = similar.as_slice() {
                if first.0.text == second.0.text {
                    return Err(duplicate(&second.0));
                }
                return Err(Diagnostic::new(
                    Code::AmbiguousKey,
                    second.0.span,
                    format!(
                        "`{}` and `{}` differ in case only, and a rule asks for `{name}`",
                        first.0.text, second.0.text
                    ),
                )
                .label(first.0.span, "the other one")
                .help("keep one of the two, or spell the one that is meant as the rule does"));
            }
            if let Some(hit) = hit(similar.first().copied(), name)? {
                return Ok(Some(hit));
            }
        }
        Ok(None)
    }
}

fn hit(candidate: Option<&(Key, Scalar)>, name: &str) -> Result<Option<String>> {
    match candidate {
        Some((_, Scalar::Text(text))) => Ok(Some(text.clone())),
        Some((_, Scalar::Nested(place, kind))) => {
            Err(wrong_type(*place, &format!("`{name}` is a string"), *kind))
        }
        Some((_, Scalar::Null)) | None => Ok(None),
    }
}
