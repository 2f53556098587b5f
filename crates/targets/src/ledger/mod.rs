//! What customers have achieved of their targets: what each activity adds,
//! where it counts, and the state between one batch and the next.

mod account;
mod activity;
mod booking;
mod contribution;
mod cycles;
mod decide_standing;
mod enrolment;
mod progress;
mod slots;
mod standing;
mod state;

pub use activity::Activity;
pub use booking::{Ledger, LedgerError, NotCounted, Weighed};
pub use enrolment::{Enrolment, Enrolments};
pub use progress::{Progress, UnifiedProgress};
pub use standing::{Reason, Standing};
