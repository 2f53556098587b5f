//! Targets as the platform serves them, and which of them a transaction
//! counts for.

mod eligibility;
mod model;

pub use eligibility::{CheckedTarget, Eligibility, check_forms, check_forms_whole};
pub use model::{
    Attribution, DefaultValue, EnrolledTargets, Expression, ExtendedFieldInfo, Filter, ServiceError, Target,
    User, unreadable_line,
};
