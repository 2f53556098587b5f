//! What is measured: rules, transactions, the same rules written by hand in
//! Rust, and the clock. The benchmarks of the crate and the comparison with
//! public engines take it from here, so that they speak of the same.

pub mod bill;
pub mod by_hand;
pub mod cases;
pub mod clock;
pub mod compared;
pub mod condition;
pub mod documented;
pub mod documented_bills;
pub mod enrolled;
pub mod generator;
pub mod index_by_hand;
pub mod language;
#[cfg(feature = "ledgers")]
pub mod ledger_calls;
pub mod offers;
pub mod other_shape;
pub mod ranges;
pub mod set_calls;
