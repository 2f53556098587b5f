#![doc = include_str!("../README.md")]
#![deny(clippy::arithmetic_side_effects)]

mod authorization;
mod code;
mod enrolled_targets;
mod enrolment;
mod entries;
mod fault;
mod query;
mod rows;
mod setting;
mod users;

pub use authorization::basic_credentials;
pub use code::Code;
pub use enrolled_targets::EnrolledTargetsQuery;
pub use enrolment::{Enrolment, date, enrolment};
pub use entries::{DocumentKind, entries, too_many};
pub use fault::{Fault, json_fault};
pub use query::{Page, Query};
pub use rows::{EnrolmentRow, enrolments};
pub use setting::{SettingFault, check_zone, zones_of};
pub use users::{Credentials, Role, StoredUser};
