//! A document that was found in a split.

/// A document of a split.
#[derive(Debug)]
pub(crate) struct Found<'d> {
    /// The byte of the unpacked file that it begins at.
    pub(crate) at: u64,
    /// Its line within the split, from 1; in an array, its entry.
    pub(crate) entry: u64,
    pub(crate) content: Content<'d>,
}

/// What stands there.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Content<'d> {
    Document(&'d [u8]),
    Row(&'d csv::ByteRecord),
}
