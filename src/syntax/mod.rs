//! Both forms of a rule, read into one syntax tree.

pub(crate) mod ast;
mod operator;
mod scan;
mod slips;
mod text;
mod tree;

pub use ast::Ast;
pub use operator::{Operator, OperatorKind};

pub(crate) use tree::{TypeKind, tag_fault};

/// Where a byte of a string's decoded text stands in its source, the quote
/// included: the way from a place in a regular expression to the rule's text.
pub(crate) fn offset_in_string(quoted: &str, decoded: usize) -> usize {
    text::offset_in_string(quoted, decoded)
}
