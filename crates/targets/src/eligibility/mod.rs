//! When a target counts, what it counts, and whether a transaction counts for it.

mod audited;
mod checked;
mod counting;
mod described;
mod set;
mod unified;
mod windows;

pub use checked::{CheckedTarget, Eligibility};
pub(crate) use checked::{StoreSlots, reading_stores};
pub(crate) use counting::{Counting, Measure, PointsKind, asks_each_item, go_together, needs_field};
pub use described::TargetDescription;
pub use set::{TargetDecision, TargetSet, UnknownDetail};
pub use unified::UnifiedExpression;
pub use windows::CheckedGroup;
pub(crate) use windows::{
    CheckedPeriod, DAY, MOST_AGNOSTIC_CYCLES, MOST_CYCLES, Unified, Window, cycle_length, day_in_words,
    day_of, local_day, span_in_words,
};
