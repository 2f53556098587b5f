//! What is measured: rules, transactions, the same rules written by hand in
//! Rust, and the clock. The benchmarks of the crate and the comparison with
//! public engines take it from here, so that they speak of the same.

pub(crate) mod bill;
pub(crate) mod by_hand;
pub(crate) mod cases;
pub(crate) mod clock;
pub(crate) mod condition;
pub(crate) mod generator;
pub(crate) mod index_by_hand;
pub(crate) mod language;
pub(crate) mod offers;
