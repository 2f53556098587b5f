//! Both forms of a rule, read into one syntax tree: [`Ast`].
//!
//! The text is read by a grammar, the JSON tree by a reader that keeps the place
//! of every node; both build the tree through one door, so both have the same
//! limits. The operators are one table ([`Operator`]).

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

pub(crate) use scan::is_invisible;
pub(crate) use slips::{latin, number_meant};
pub(crate) use string::{place_in_string, quoted, write_quoted};
pub(crate) use type_tag::{TypeKind, tag_fault};
