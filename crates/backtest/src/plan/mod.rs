//! What is counted, made once: the rules of all targets in one set, the clauses and
//! thresholds of those in focus, the ledger, and what of a transaction is read for that.

mod clauses;
mod compiled;
mod focus;
mod options;
mod pair;
mod read;
mod subject;
mod tallies;
mod thresholds;

pub(crate) use compiled::LedgerPlan;
pub use compiled::Plan;
pub(crate) use focus::{Curve, Focus, FocusClause};
pub(crate) use options::ALL;
pub use options::Options;
pub(crate) use pair::Pair;
pub use subject::Subject;
