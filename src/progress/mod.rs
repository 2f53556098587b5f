//! What customers have achieved of their targets: what each activity adds,
//! where it counts, and the state between one batch and the next.

mod account;
mod activity;
mod contribution;
mod enrolment;
mod ledger;
mod report;
mod standing;
mod state;

pub use activity::Activity;
pub use enrolment::{Enrolment, Enrolments};
pub use ledger::{Ledger, LedgerError, NotCounted, Weighed};
pub use report::{Progress, UnifiedProgress};
pub use standing::{Reason, Standing};
