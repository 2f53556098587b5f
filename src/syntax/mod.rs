//! Both forms of a rule, read into one syntax tree.

pub(crate) mod ast;
mod operator;
mod scan;
mod slips;
mod string;
mod text_reader;
mod tree_reader;
mod type_tag;

pub use ast::Ast;
pub use operator::{Operator, OperatorKind};

pub(crate) use string::{place_in_string, quoted};
pub(crate) use type_tag::{TypeKind, tag_fault};
