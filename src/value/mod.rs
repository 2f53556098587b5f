//! What a value is: exact numbers, instants, text, and the third truth value.
//!
//! Everything that gives a value its meaning is defined in this folder and
//! nowhere else; every engine calls it.

mod date_part;
mod fixed;
mod instant;
mod number;
mod pattern;
mod total;
mod truth;

pub use date_part::{DateDistance, DatePart};
pub(crate) use fixed::{Bounds, Fixed, FixedSum};
pub use instant::{DateText, Instant, LocalTime, UnknownZone, Zone, zone_data_version};
pub use number::{Number, NumberFault, NumberForm};
pub(crate) use pattern::Affixes;
pub use pattern::{Pattern, PatternError};
pub use total::Total;
pub use truth::Truth;

/// A value that is there: what a node of a rule gives when it is decided.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// True or false.
    Boolean(bool),
    /// An exact decimal.
    Number(Number),
    /// Text, and the constants of enumerations.
    Text(String),
    /// An instant.
    Date(Instant),
}
