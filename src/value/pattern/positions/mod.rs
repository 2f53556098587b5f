//! A pattern run by its positions: what may match next is a set of them, one
//! bit each (Glushkov's automaton).
//!
//! Each character of a text takes two passes over the nodes of the pattern, so
//! it takes about as long whatever the text, and nothing is kept from one text
//! to the next. Three things make the nodes few (`plan.rs`):
//!
//! - The copies of a repetition such as `[ab]{900}` are bits beside each other,
//!   its *lanes*; in a repetition within a repetition, so are the copies of all
//!   copies. One node is all of them.
//! - Characters that follow each other are the bits of one *run*.
//! - What is small and branches is one node by *tables* (`tables.rs`), which
//!   have for every few positions what may follow them.

mod bits;
mod build;
mod looks;
mod model;
mod parts;
mod plan;
mod run;
mod symbols;
mod tables;

pub(super) use model::PositionMatcher;
pub(super) use run::PositionSpace;

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, reason = "a test fails by panicking")]
mod tests;
