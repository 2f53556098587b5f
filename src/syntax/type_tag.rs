//! The types that a tree gives its nodes: chains from the particular to the
//! general, such as `real:object:primitive`.

use crate::diagnostic::{Code, Diagnostic};

use super::ast::Tag;

/// The general kind of a type tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TypeKind {
    Boolean,
    Number,
    /// Strings and the constants of enumerations.
    Text,
    Date,
    Profile,
    Function,
}

impl TypeKind {
    /// The kind of a chain of types. The chain is read from its general end: at
    /// the particular end stands the name of an item's attribute, which may be any
    /// word, `number` too.
    pub(crate) fn of(tag: &str) -> TypeKind {
        let mut segments = tag.rsplit(':').map(str::trim);
        segments
            .find_map(|segment| match segment {
                "boolean" => Some(TypeKind::Boolean),
                "number" | "real" | "integer" => Some(TypeKind::Number),
                "string" | "enum" => Some(TypeKind::Text),
                "date" => Some(TypeKind::Date),
                "function" => Some(TypeKind::Function),
                _ => None,
            })
            .unwrap_or(TypeKind::Profile)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            TypeKind::Boolean => "a boolean",
            TypeKind::Number => "a number",
            TypeKind::Text => "a string",
            TypeKind::Date => "a date",
            TypeKind::Profile => "a profile",
            TypeKind::Function => "a method",
        }
    }
}

/// The fault of a tag of another kind than the node has.
pub(crate) fn tag_fault(tag: &Tag, is: &str) -> Diagnostic {
    Diagnostic::new(
        Code::TypeTag,
        tag.span,
        format!("the tree gives the type `{}` to what is {is}", tag.text),
    )
    .note(format!("this node is {is}"))
    .help("correct the type, or leave it out")
}
