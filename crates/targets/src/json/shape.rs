//! What is wrong where a value of a document has another shape than it should.

use std::fmt;

use target_rules::Number;
use target_rules::diagnostic::{Code, Diagnostic, Span, excerpt};
use target_rules::json::{HALF_A_CHARACTER, Kind, PathSegment};

use super::parsed::Node;
use super::phrase::quoted;

/// A value of another shape: what is wrong, and the way to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ShapeFault {
    /// From the value that was to be read.
    pub(crate) path: Vec<PathSegment>,
    /// What to mark in the document.
    pub(crate) place: Span,
    pub(crate) mismatch: Mismatch,
}

/// In which way a value has another shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Mismatch {
    /// It is something else.
    Type {
        /// What belongs there, such as `a whole number`.
        expected: &'static str,
        /// What is there, shortened.
        found: String,
    },
    /// An object lacks a field that it cannot do without.
    Missing(&'static str),
    /// A key stands twice in an object.
    Duplicate(String),
    /// A string has an escape that stands for half a character.
    HalfACharacter,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Mismatch::Type { expected, found } => write!(formatter, "{expected} belongs here, not {found}"),
            Mismatch::Missing(field) => write!(formatter, "the field `{field}` is missing"),
            Mismatch::Duplicate(key) => write!(formatter, "duplicate field `{}`", excerpt(key)),
            Mismatch::HalfACharacter => formatter.write_str(HALF_A_CHARACTER),
        }
    }
}

impl ShapeFault {
    /// The fault of a value that should be something else.
    pub(crate) fn of_type(value: Node<'_>, expected: &'static str) -> ShapeFault {
        let found = match value.kind() {
            Kind::Object => "an object".to_owned(),
            Kind::Array => "a list".to_owned(),
            Kind::String => match value.string() {
                Ok(text) => format!("the text {}", quoted(&text)),
                Err(_) => return ShapeFault::half_a_character(value),
            },
            Kind::Number if expected == WHOLE_NUMBER => number(value.text()),
            Kind::Number => format!("the number `{}`", value.text()),
            Kind::Boolean(constant) => format!("the constant `{constant}`"),
            Kind::Null => "null".to_owned(),
        };
        ShapeFault::at(value, Mismatch::Type { expected, found: excerpt(&found) })
    }

    pub(crate) fn half_a_character(value: Node<'_>) -> ShapeFault {
        ShapeFault::at(value, Mismatch::HalfACharacter)
    }

    pub(crate) fn missing(object: Node<'_>, field: &'static str) -> ShapeFault {
        ShapeFault::at(object, Mismatch::Missing(field))
    }

    /// The fault of a member whose key another one has.
    pub(crate) fn duplicate(member: Node<'_>) -> ShapeFault {
        let mismatch = Mismatch::Duplicate(member.key().into_owned());
        ShapeFault { path: Vec::new(), place: member.key_span(), mismatch }
    }

    fn at(value: Node<'_>, mismatch: Mismatch) -> ShapeFault {
        ShapeFault { path: Vec::new(), place: value.head(), mismatch }
    }

    /// The same fault, seen from the value that is one step above. Types nest a
    /// few levels deep, so the path is short.
    pub(crate) fn within(mut self, step: PathSegment) -> ShapeFault {
        self.path.insert(0, step);
        self
    }

    /// The path as people write it, such as `data[0].filters`.
    pub(crate) fn dotted_path(&self) -> String {
        let mut dotted = String::new();
        for step in &self.path {
            match step {
                PathSegment::Index(index) => dotted.push_str(&format!("[{index}]")),
                PathSegment::Key(key) => {
                    if !dotted.is_empty() {
                        dotted.push('.');
                    }
                    dotted.push_str(key);
                }
            }
        }
        dotted
    }

    /// The diagnostic of a value of the whole of which this is a part; a fault
    /// of the whole itself begins with what that is called, if it has a name.
    pub(crate) fn diagnostic(&self, whole: Option<&str>) -> Diagnostic {
        let message = match (self.path.as_slice(), whole) {
            ([], Some(whole)) => format!("{whole}: {}", self.mismatch),
            ([], None) => self.mismatch.to_string(),
            _ => format!("`{}`: {}", excerpt(&self.dotted_path()), self.mismatch),
        };
        Diagnostic::new(Code::PayloadShape, self.place, message)
    }
}

/// What belongs where an id or a count does.
pub(super) const WHOLE_NUMBER: &str = "a whole number";

/// A number that is no whole one, or not written as one is: how that is done.
fn number(written: &str) -> String {
    match Number::from_json(written).ok().and_then(Number::as_integer) {
        Some(whole) => format!("the number `{written}`: write `{whole}`"),
        None => format!("the number `{written}`"),
    }
}

impl fmt::Display for ShapeFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_slice() {
            [] => self.mismatch.fmt(formatter),
            _ => write!(formatter, "`{}`: {}", excerpt(&self.dotted_path()), self.mismatch),
        }
    }
}
