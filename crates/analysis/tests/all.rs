//! All tests of the analysis, as one program: to link each by itself takes longer than
//! to run it. `cargo test --package target-rules-analysis --test all lint` runs those of
//! one file.

mod among;
mod atoms;
mod brute_force;
mod compared;
mod corpus;
mod edits;
mod generated;
mod lint;
mod nearest;
mod overlap;
mod plain;
mod proved;
mod recorded;
mod residual;
mod synthesise;
mod z3;
