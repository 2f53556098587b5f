//! Both forms of a rule, read into one syntax tree.

pub(crate) mod ast;
mod operator;
mod scan;
mod slips;
mod text;
mod tree;

use crate::diagnostic::{Form, Source, Span};
use crate::json::{Escapes, Kind, Located};

pub use ast::Ast;
pub use operator::{Operator, OperatorKind};

pub(crate) use text::quoted;
pub(crate) use tree::{TypeKind, tag_fault};

/// Where a part of a string's decoded text stands in the source that the
/// string was read from: the way from a place in a regular expression to the
/// rule. `string` is the string with its quotes.
pub(crate) fn place_in_string(source: &Source, string: Span, part: Span) -> Span {
    let quoted = source.slice(string);
    if !quoted.starts_with('"') {
        return string;
    }
    if source.form() == Form::Dsl {
        let at = |decoded| string.start.saturating_add(text::offset_in_string(quoted, decoded));
        return Span::new(at(part.start), at(part.end));
    }
    Escapes::of(source.text(), Located { kind: Kind::String, span: string }).span(part)
}
