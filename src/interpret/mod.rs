//! A rule over a transaction by the interpreter: true, false, or unknown and why.
//!
//! The interpreter is the definition of what a rule means, and the judge of
//! every engine that is faster.
#![deny(clippy::arithmetic_side_effects)]

// First what the page of `Rule` shows first.
mod decide;

mod explain;

mod clause;
mod decision;
mod explanation;
mod interpreter;
mod reasons;

pub use decision::{Decision, Fault, FaultCode};
pub use explanation::{
    Distance, ExplainedKind, ExplainedNode, ExplainedState, ExplainedTree, ExplainedType, Explanation,
    Requirement, Unrolled,
};

pub(crate) use explain::shortened;
