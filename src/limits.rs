//! How large an input may be: one set of limits for every door.

/// Limits on what is read. N passes, N + 1 is the error `limit` with its place.
///
/// ```
/// let mut limits = target_rules::Limits::default();
/// limits.depth = 12;
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of a rule's text.
    pub rule_text: usize,
    /// Bytes of an expression tree.
    pub rule_tree: usize,
    /// Depth of the syntax tree: a leaf is 1. Never above [`Limits::HARDEST_DEPTH`].
    pub depth: usize,
    /// Brackets, groups, prefix operators and calls open at once. Never above
    /// [`Limits::HARDEST_OPEN`].
    pub open: usize,
    /// Nodes of the syntax tree.
    pub nodes: usize,
    /// Errors reported for one rule.
    pub errors: usize,
    /// Bytes of a transaction document.
    pub transaction: usize,
    /// Objects and arrays within each other in a transaction document.
    pub transaction_depth: usize,
    /// Entries of an array that is read in a transaction document.
    pub transaction_array: usize,
    /// Bytes of a payload of targets.
    pub payload: usize,
    /// Bytes of a regular expression.
    pub regex: usize,
    /// Bytes of a compiled regular expression.
    pub regex_compiled: usize,
    /// Regular expressions in one rule.
    pub regex_count: usize,
}

impl Limits {
    /// The depth that no setting exceeds, so that recursion over a rule stays
    /// within a stack of 256 KiB.
    pub const HARDEST_DEPTH: usize = 60;
    /// The nesting of brackets that no setting exceeds, for the same reason.
    pub const HARDEST_OPEN: usize = 100;

    pub(crate) fn depth(&self) -> usize {
        self.depth.min(Limits::HARDEST_DEPTH)
    }

    pub(crate) fn open(&self) -> usize {
        self.open.min(Limits::HARDEST_OPEN)
    }
}

impl Default for Limits {
    fn default() -> Limits {
        const KIB: usize = 1024;
        const MIB: usize = 1024 * KIB;
        Limits {
            rule_text: 512 * KIB,
            rule_tree: 8 * MIB,
            depth: 32,
            open: 100,
            nodes: 50_000,
            errors: 20,
            transaction: MIB,
            transaction_depth: 32,
            transaction_array: 10_000,
            payload: 64 * MIB,
            regex: 256,
            regex_compiled: 256 * KIB,
            regex_count: 8,
        }
    }
}
