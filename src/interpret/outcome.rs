//! What comes of a node: its value, or why it has none.

use crate::value::Value;

use super::decision::FaultCode;

/// Why a node has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoValue {
    /// The node itself is absent.
    Absent,
    /// The node itself is at fault.
    Fault(FaultCode),
    /// An operand has no value.
    Operand,
}

pub(super) type Outcome = Result<Value, NoValue>;
