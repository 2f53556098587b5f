#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]
#![deny(clippy::arithmetic_side_effects)]

mod cell_set;
mod diff;
mod document;
mod formula;
mod lint;
mod model;
mod nearest;
mod proof;
mod residual;
mod solve;
mod synthesise;
mod witness;

pub use diff::{Difference, Verdict, Witness, diff};
pub use lint::{Finding, FindingKind, lint};
pub use nearest::{Change, ChangedValue, Distance, Nearest, Nudge, nearest};
pub use proof::Options;
pub use residual::residual;
pub use synthesise::{Synthesis, SynthesisError, SynthesisOptions, Synthesised, synthesise};
