//! How two rules differ.

mod compare;
mod difference;
mod order;
mod recorded;

pub(crate) use compare::{always_come_to_the_same, both, witness};
pub use compare::{diff, diff_three_valued};
pub use difference::{Difference, Recorded, Verdict, Witness};
pub use recorded::Recording;
