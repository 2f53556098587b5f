#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]
#![deny(clippy::arithmetic_side_effects)]

mod cell_set;
mod diff;
mod document;
mod formula;
mod lint;
mod model;
mod overlap;
mod proof;
mod solve;
mod witness;

pub use diff::{Difference, Recorded, Recording, Verdict, Witness, diff, diff_three_valued};
pub use lint::{Finding, FindingKind, LintedClause, Relation, RelationKind, lint, lint_written, relations};
pub use overlap::{Overlap, Overlaps, overlap};
pub use proof::Options;
