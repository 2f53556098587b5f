//! What holds for every rule and every transaction: the laws of the language,
//! tried on generated ones.
//!
//! `PROPTEST_CASES=100000 cargo test --test all properties::` is the long form.
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "small numbers are drawn, and shares are printed"
)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

mod baskets;
mod compiled;
mod date_repairs;
mod dates;
mod decisions;
mod described;
mod forms;
mod impossible;
mod logic;
mod numbers;
mod reach;
mod repairs;
mod values;
