//! Targets as the platform serves them, and which of them a transaction
//! counts for.

mod document;
mod eligibility;
mod findings;
mod model;
mod payload;
mod report;

pub use eligibility::{CheckedTarget, Eligibility, check_forms, check_forms_whole};
pub use model::{
    AggregateWindow, Attribution, DefaultValue, EnrolledTargets, Expression, ExtendedFieldInfo, Filter,
    ServiceError, Target, User, unreadable_line,
};
pub use payload::{Payload, PayloadTarget};
pub use report::TargetReport;
