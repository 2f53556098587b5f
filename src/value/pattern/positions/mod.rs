//! A pattern run by its positions: what may match next is a set of them, one
//! bit each (Glushkov's automaton).
//!
//! Each character of a text takes one pass over the nodes of the pattern. The
//! copies of a repetition such as `[ab]{900}` are the bits of the same words,
//! its *lanes*, and so are characters that follow each other, a *run*: so the
//! pass takes about as long as the pattern is, whatever the text, and nothing
//! is kept from one text to the next. The automata of `regex-automata` keep
//! what they computed, and where a pattern has more states than can be kept
//! they go through all that are alive, thousands for each byte.

mod build;
mod model;
mod run;
mod symbols;

pub(super) use model::PositionMatcher;
pub(super) use run::PositionSpace;

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, reason = "a test fails by panicking")]
mod tests;
