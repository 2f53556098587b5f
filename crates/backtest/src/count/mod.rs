//! What one thread has counted, and how the parts of all are put together: in any order
//! the same comes out, for everything is a sum, or the smallest of something.

mod absent;
mod bits;
mod compared;
mod counter;
mod decided;
mod examples;
mod funnel;
mod hash;
mod part;
mod smallest;
mod sums;
mod table;

pub(crate) use absent::AbsentCounts;
pub(crate) use compared::SideCounts;
pub(crate) use counter::{Counter, Place, Shared};
pub(crate) use examples::ExampleAt;
pub(crate) use funnel::FocusCounts;
pub(crate) use part::{Part, SplitLines};
pub(crate) use table::Table;
