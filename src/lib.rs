#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]
#![deny(clippy::arithmetic_side_effects)]

mod check;
pub mod condition;
pub mod diagnostic;
mod evaluate;
mod explain;
pub mod json;
mod limits;
mod program;
mod report;
mod rule;
mod ruleset;
pub mod schema;
mod syntax;
pub mod transaction;
mod typed;
mod value;

/// Every name of the standard schema.
#[doc = include_str!("schema/names.md")]
pub mod names {}

pub use check::{Checked, check_forms, check_forms_whole};
pub use diagnostic::{
    Artifact, Code, Colour, Confidence, Diagnostic, Diagnostics, Edit, FileDiagnostic, FilePlace, Form,
    Input, Label, Place, SarifLog, Severity, Source, Span, Suggestion, render, render_in_file,
};
pub use evaluate::{
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
