//! The types of the language.

use std::sync::Arc;

/// The type of a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Type {
    Boolean,
    Number,
    Text,
    Date,
    /// A closed set of constants.
    Enum(Arc<[String]>),
}

impl Type {
    /// The name of the type for messages, with its article.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Type::Boolean => "a boolean",
            Type::Number => "a number",
            Type::Text => "a string",
            Type::Date => "a date",
            Type::Enum(_) => "an enumeration",
        }
    }

    /// Whether values of the two types can be compared for equality.
    pub(crate) fn same_kind(&self, other: &Type) -> bool {
        let is_text = |of: &Type| matches!(of, Type::Text | Type::Enum(_));
        self == other || (is_text(self) && is_text(other))
    }
}
