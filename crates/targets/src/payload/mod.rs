//! Documents of targets with the place of everything in them, and what a check
//! says of each target and group.

mod alone;
mod document;
mod findings;
mod group;
mod no_targets;
mod report;

pub use document::{Payload, PayloadTarget};
pub use report::TargetReport;
