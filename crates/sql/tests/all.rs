//! One program: to link each file takes longer than to run it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

mod cases;
mod corpus;
mod engines;
mod golden;
mod quoting;
