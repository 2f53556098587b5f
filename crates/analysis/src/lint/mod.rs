//! What in a rule can be proved to be wrong, or to be of no effect.

mod among;
mod edge;
mod finding;
mod linter;
mod literal;
mod removal;
mod written;

pub use among::{Relation, RelationKind, relations};
pub use finding::{Finding, FindingKind};
pub use linter::lint;
pub use written::{LintedClause, lint_written};
