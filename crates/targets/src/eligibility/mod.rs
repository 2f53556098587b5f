//! When a target counts, what it counts, and whether a transaction counts for it.

mod alike;
mod audited;
mod checked;
mod counting;
mod described;
mod needed;
mod set;
mod store_filters;
mod unified;
mod windows;

pub use alike::Alike;
pub use checked::{CheckedTarget, Eligibility};
pub(crate) use checked::{StoreSlots, reading_stores};
pub(crate) use counting::{
    Counting, Measure, PointsKind, asks_each_item, go_together, needs_field, unknown_text,
};
pub use described::TargetDescription;
pub(crate) use needed::{
    BILL, CURRENCY, DISCOUNT, EVENT, GROSS, ITEMS, NET, RETURN, attribute, awarded, event_of, extended,
    points_field,
};
pub use set::{TargetDecision, TargetSet, UnknownDetail};
pub use store_filters::StoreFilters;
pub use unified::UnifiedExpression;
pub use windows::CheckedGroup;
pub(crate) use windows::{
    CheckedPeriod, DAY, MOST_AGNOSTIC_CYCLES, MOST_CYCLES, Unified, Window, cycle_length, day_in_words,
    day_of, local_day, span_in_words,
};
