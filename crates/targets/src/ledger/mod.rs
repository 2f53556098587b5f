//! What customers have achieved of their targets: what each activity adds,
//! where it counts, and the state between one batch and the next.
//!
//! The core is an account of one customer in one target (`account.rs`, of
//! `book.rs`): it is given contributions and what is taken back, and knows of
//! no document, no rule and no other customer. Around it a customer's batch is
//! booked (`customer.rs`); around that stands the ledger, which keeps all
//! customers in memory.

mod account;
mod activity;
mod add_up;
mod adds;
mod ask_items;
mod asked_items;
mod book;
mod booked_form;
mod booking_room;
mod books;
mod brief_row;
mod calendar;
mod carry_over;
mod contribution;
mod customer;
mod customer_view;
mod cycles;
mod decide_standing;
mod each_once;
mod enrol;
mod enrolment;
mod exchange;
mod explain_target;
mod explained_target;
mod items;
mod kept_document;
mod lacking;
mod memory;
mod not_counted;
#[cfg(feature = "batch")]
mod on_all_cores;
mod outline;
mod participation;
mod progress;
mod record;
mod recorded;
mod replay;
mod replayed;
mod restore;
mod resume;
mod return_bill;
mod returns;
mod roster;
mod saved;
mod slots;
mod standing;
mod state;
mod state_fault;
mod taking_back;
mod targets;
mod tell_progress;
mod told;
mod weigh;
mod weighed_form;

pub use activity::Activity;
pub use booking_room::{BookingRoom, NoRoom};
pub use enrol::{EnrolmentError, EnrolmentRequest};
pub use enrolment::{Enrolment, Enrolments};
pub use explained_target::{ExplainedTarget, TargetPart, TargetPartKind};
pub use memory::{Ledger, LedgerError, Workspace};
pub use not_counted::{NotCounted, NotCountedFirst, NotCountedGroup, NotCountedSummary};
pub use progress::{Progress, UnifiedProgress};
pub use record::CustomerRecord;
pub use recorded::{RecordFault, RecordedEnrolment, RecordedEnrolments};
pub use replay::{Replay, Weigher};
pub use replayed::{AddedUp, AddedUpLine, Replayed};
pub use roster::{Roster, RosterChange};
pub use standing::{Reason, Standing};
pub use weigh::Weighed;
