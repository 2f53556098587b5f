//! Why a customer cannot be read.

/// Why what a store keeps of a customer cannot be read: something has happened
/// to it, or a newer version has written it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordFault {
    what: String,
}

impl RecordFault {
    pub(super) fn new(what: String) -> RecordFault {
        RecordFault { what }
    }
}

impl std::fmt::Display for RecordFault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.what)
    }
}

impl std::error::Error for RecordFault {}
