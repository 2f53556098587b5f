#![doc = include_str!("front.md")]
#![forbid(unsafe_code)]
#![deny(clippy::arithmetic_side_effects)]

// The page of a type shows its methods in the order in which modules stand here
// and in the rooms: what is done first and most with a type comes before what
// is asked of it. So these groups stay apart, though each is sorted.
mod syntax;

mod check;
pub mod schema;
mod typed;

mod interpret;

mod explain;
mod rule;

pub mod transaction;

mod program;
mod ruleset;

#[cfg(feature = "batch")]
pub mod batch;

pub mod condition;
pub mod diagnostic;
pub mod json;
mod limits;
mod report;
mod value;

/// The examples of the README, run with those of this documentation.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

/// Every name of the standard schema.
#[doc = include_str!("schema/names.md")]
pub mod names {}

pub use check::{Checked, check_forms, check_forms_whole};
pub use diagnostic::{
    Artifact, Code, Colour, Confidence, Diagnostic, Diagnostics, Edit, FileDiagnostic, FilePlace, Form,
    Input, Label, Place, SarifLog, Severity, Source, Span, Suggestion, render, render_in_file,
};
pub use interpret::{
    Decision, Distance, ExplainedKind, ExplainedNode, ExplainedState, ExplainedTree, ExplainedType,
    Explanation, Fault, FaultCode, Requirement, Unrolled,
};
pub use limits::{Limit, LimitError, Limits};
pub use program::{Evaluation, NotInLayout, Optimisations, Program, Scratch};
pub use rule::{LANGUAGE_VERSION, Reference, Rule, TreeStyle, TreeTooLarge};
pub use ruleset::{RuleSet, RuleSetError, Undecided};
pub use schema::Schema;
pub use syntax::{Ast, Operator, OperatorKind};
pub use transaction::{EntryList, EntrySetter, EntrySlot, Layout, SetError, Slot, Transaction};
pub use value::{
    DateError, DateText, Instant, LocalTime, NotAnInteger, Number, NumberFault, NumberForm, ParseTruthError,
    Pattern, PatternError, Total, Truth, UnknownZone, Value, Zone, zone_data_version,
};
