//! A rule over a transaction by the interpreter: true, false, or unknown and why.
//!
//! The interpreter is the definition of what a rule means, and the judge of
//! every engine that is faster.
#![deny(clippy::arithmetic_side_effects)]

mod clause;
mod decide;
mod decision;
mod explain;
mod interpreter;
mod reasons;

pub use decision::{Decision, Fault, FaultCode};
pub use explain::{
    Distance, ExplainedKind, ExplainedNode, ExplainedState, ExplainedTree, ExplainedType, Explanation,
    Requirement, Unrolled,
};

pub(crate) use explain::shortened;
