//! What reads a mapping file.

use target_rules::Schema;
use target_rules::diagnostic::{Diagnostic, Span};

/// Reads a mapping file and collects what is wrong with it.
pub(crate) struct FileReader<'t> {
    pub(super) text: &'t str,
    pub(super) schema: &'t Schema,
    pub(super) found: Vec<Diagnostic>,
    /// Every place that is named, to find out which stand within each other.
    pub(super) taken: Vec<Taken>,
    /// How many values are taken only where something holds.
    pub(super) watches: usize,
}

/// A string of the file.
#[derive(Debug, Clone)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) span: Span,
}

/// A place of the file.
pub(super) struct Taken {
    /// Of whom it is: the document, or the entries of a list.
    pub(super) scope: String,
    pub(super) pointer: String,
    pub(super) span: Span,
    /// Whether a scalar is taken there.
    pub(super) scalar: bool,
}
