//! Values: exact numbers, instants, text, and three-valued truth.
//!
//! Everything that gives a value its meaning is defined in this module and
//! nowhere else; every engine calls it.

mod calendar;
mod count;
mod date;
mod digits;
mod fixed;
mod instant;
mod integer;
mod local;
mod number;
mod number_error;
mod offsets;
mod pattern;
mod serial;
mod total;
mod truth;
mod zone;

// Declared apart, so that the page of `LocalTime` starts with how one is made.
mod date_part;

pub use calendar::DateError;
pub(crate) use calendar::{MONTHS, WEEKDAYS};
pub(crate) use count::Count;
pub use date::DateText;
pub use date_part::{DateDistance, DatePart};
pub(crate) use fixed::{Bounds, Fixed, FixedSum};
pub use instant::Instant;
pub use integer::NotAnInteger;
pub use local::LocalTime;
pub use number::Number;
pub use number_error::{NumberFault, NumberForm};
pub(crate) use pattern::Affixes;
pub(crate) use pattern::{MatcherScratch, TextMatcher, TextQuestion};
pub use pattern::{Pattern, PatternError};
pub use total::Total;
pub use truth::{ParseTruthError, Truth};
pub use zone::{UnknownZone, Zone, zone_data_version};

/// A value that is present: what a node of a rule evaluates to.
///
/// ```
/// use target_rules::{Number, Value};
/// let values = [Value::Number(Number::from(500)), Value::Text("Gold".to_owned())];
/// assert_ne!(values[0], values[1]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
