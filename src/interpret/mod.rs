//! Decides a rule for a transaction with the interpreter: true, false, or
//! unknown and why.
//!
//! The interpreter defines what a rule means. Every faster engine is tested
//! against it.

// Declared first, so that the page of `Rule` shows these methods first.
mod decide;

mod explain;

mod clause;
mod decision;
mod explanation;
mod interpreter;
mod lacking;
mod memo;
mod outcome;
mod reasons;

pub use decision::{Decision, Fault, FaultCode};
pub use explanation::{
    Distance, ExplainedKind, ExplainedNode, ExplainedState, ExplainedTree, ExplainedType, Explanation,
    Requirement, Unmet, UnmetClause, Unrolled,
};

pub use lacking::{LackingItem, LackingList, UndecidedItems};
