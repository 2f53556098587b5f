//! What is reported of an input: the model that every stage reports in.
//!
//! A [`Diagnostic`] has its [`Code`], its [`Span`], a sentence, and the repair
//! where one is known. What it stands in is not known here: the room
//! `diagnostic` finds lines, columns and pointers, and shows it. JSON is read
//! between the two, for its faults are diagnostics, and pointers are found by
//! reading it.

mod code;
mod colour;
mod diagnostic;
mod found;
mod offset;
mod phrases;
mod proof;
mod shown;
mod span;
mod suggestion;

pub use code::{Code, Severity};
pub use colour::{Colour, Style};
pub use diagnostic::{Diagnostic, Label};
pub(crate) use found::{Found, MOST_WARNINGS, by_place};
pub use offset::Offset;
pub use phrases::listed;
pub(crate) use phrases::{counted, cut, or_raise, repair, shortened};
pub(crate) use proof::{Stage, prove};
pub(crate) use shown::width;
pub use shown::{Shown, excerpt, visible};
pub use span::{Form, Span};
pub(crate) use suggestion::splice;
pub use suggestion::{Confidence, Edit, Repair, Suggestion};
