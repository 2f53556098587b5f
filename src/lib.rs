#![doc = include_str!("front.md")]
#![forbid(unsafe_code)]
#![deny(clippy::arithmetic_side_effects)]

// The page of a type shows its methods in the order in which modules stand here
// and in the rooms: what is done first and most with a type comes before what
// is asked of it. So these groups stay apart, though each is sorted.
pub mod syntax;

pub mod check;
pub mod schema;
mod typed;

pub mod interpret;

pub mod describe;
pub mod explain;
pub mod rule;

pub mod transaction;

pub mod audit;

pub mod program;
pub mod ruleset;

#[cfg(feature = "batch")]
pub mod batch;

pub mod condition;
pub mod diagnostic;
pub mod json;
pub mod limits;
mod report;
pub mod value;

/// The examples of the README, run with those of this documentation.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

/// Every name of the standard schema.
#[doc = include_str!("schema/names.md")]
pub mod names {}

// What nearly every host names stands here too; all else in the module of its
// stage. `tests/root_names.rs` counts.
#[doc(inline)]
pub use check::{Checked, check_forms};
#[doc(inline)]
pub use diagnostic::{Diagnostic, Diagnostics, render};
#[doc(inline)]
pub use interpret::{Decision, Explanation};
#[doc(inline)]
pub use limits::Limits;
#[doc(inline)]
pub use program::{Evaluation, Program, Scratch};
#[doc(inline)]
pub use rule::{LANGUAGE_VERSION, Reference, Rule};
#[doc(inline)]
pub use ruleset::RuleSet;
#[doc(inline)]
pub use schema::Schema;
#[doc(inline)]
pub use syntax::Ast;
#[doc(inline)]
pub use transaction::{Layout, Slot, Transaction};
#[doc(inline)]
pub use value::{Instant, Number, Truth, Value, Zone};
