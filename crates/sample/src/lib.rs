#![doc = include_str!("../README.md")]

// No input comes in but six numbers, all of them bounded: sums of what is drawn are far
// below what their types hold, and `tests/bounds.rs` goes to the bounds.

mod bill;
mod calendar;
mod dice;
mod document;
mod history;
mod json;
mod options;
mod shop;
mod stream;

pub use options::{SampleError, SampleOptions, Share, ShareError};
pub use stream::Sample;
