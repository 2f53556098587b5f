#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]
#![deny(clippy::arithmetic_side_effects)]

mod arithmetic;
mod budget;
mod cell_set;
mod diff;
mod document;
mod formula;
mod lint;
mod model;
mod nearest;
mod overlap;
mod proof;
mod residual;
mod solve;
mod synthesise;
mod witness;

pub use diff::{Difference, Recorded, Recording, Verdict, Witness, diff, diff_three_valued};
pub use lint::{Finding, FindingKind, LintedClause, Relation, RelationKind, lint, lint_written, relations};
pub use nearest::{Change, ChangedValue, Distance, Nearest, Nudge, nearest};
pub use overlap::{Overlap, Overlaps, overlap};
pub use proof::Options;
pub use residual::residual;
pub use synthesise::{Synthesis, SynthesisError, SynthesisOptions, Synthesised, synthesise};
