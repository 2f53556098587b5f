#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]
#![deny(clippy::arithmetic_side_effects)]

mod arithmetic;
mod cell_set;
mod diff;
mod document;
mod formula;
mod lint;
mod model;
mod proof;
mod solve;
mod witness;

pub use diff::{Difference, Verdict, Witness, diff};
pub use lint::{Finding, FindingKind, lint};
pub use proof::Options;
