//! A document that can't be read, and where it stands in its split.

use serde::{Deserialize, Serialize};

/// A document that can't be read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct FaultAt {
    pub(crate) file: String,
    pub(crate) split: u64,
    pub(crate) line: u64,
    pub(crate) code: String,
    pub(crate) message: String,
}
