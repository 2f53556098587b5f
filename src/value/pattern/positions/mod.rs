//! A pattern run by its positions: what may match next is a set of them, one
//! bit each (Glushkov's automaton).
//!
//! It is here because of what the language promises: a pattern may have 2 000
//! states, and takes at most 50 ms for 100 KB. The lazy automata of
//! `regex-automata` compute a state when a text leads to it; where each letter
//! leads to another they go through all that are alive instead, some
//! nanoseconds for each: 950 ms for `[ab]*a[ab]{900}c`, 1 900 for
//! `[ab]*a[ab]{1900}c`. By positions these take 4 and 8.
//!
//! Each character of a text takes two passes over the nodes of the pattern, so
//! it takes about as long whatever the text, and nothing is kept from one text
//! to the next. Four things make the nodes few (`parts.rs`, `plan.rs`):
//!
//! - What may be left out at the edges of a pattern is: `[ab]*a+b` is found where
//!   `ab` is.
//! - The copies of a repetition such as `[ab]{900}` are bits beside each other,
//!   its *lanes*; in a repetition within a repetition, so are the copies of all
//!   copies. One node is all of them.
//! - Characters that follow each other are the bits of one *run*.
//! - What is small and branches is one node by *tables* (`tables.rs`), which
//!   have for every few positions what may follow them.
//!
//! What the nodes of a pattern take is known before it runs, in steps, and the
//! limit `regex-steps` bounds them.

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
