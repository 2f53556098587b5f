//! Scalars as they are written in a document.

use crate::diagnostic::Span;
use crate::json::{Content, Kind};

/// A scalar and its JSON type.
#[derive(Clone, Copy)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// The decoded string, the digits, or the constant.
    pub(super) text: Content,
    pub(super) span: Span,
}

/// The text of a value, or that it has none.
#[derive(Debug, Clone, Copy)]
pub(super) enum Scalar {
    Text(Content),
    Null,
    Nested(Span, Kind),
}
