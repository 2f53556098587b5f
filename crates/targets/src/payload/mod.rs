//! Documents of targets with the place of everything in them, and what a check
//! says of each target and group.

mod findings;
mod fix;
mod group_check;
mod never_counts;
mod no_targets;
mod payload_targets;
mod target_check;
mod target_report;

pub use payload_targets::{Payload, PayloadTarget};
pub use target_report::TargetReport;
