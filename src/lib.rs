#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod check;
mod diagnostic;
mod evaluate;
mod explain;
mod json;
mod limits;
mod program;
mod progress;
mod rule;
mod ruleset;
pub mod schema;
mod syntax;
mod target;
mod transaction;
mod value;

/// Every name of the standard schema.
#[doc = include_str!("schema/names.md")]
pub mod names {}

pub use check::Checked;
pub use diagnostic::{
    Artifact, Code, Colour, Confidence, Diagnostic, Diagnostics, Edit, FileDiagnostic, FilePlace, Form,
    Label, Place, SarifLog, Severity, Source, Span, Suggestion, render, render_in_file,
};
pub use evaluate::{
    Decision, Distance, ExplainedKind, ExplainedNode, ExplainedState, ExplainedTree, ExplainedType,
    Explanation, Fault, FaultCode, Requirement, Unrolled,
};
pub use limits::{Limit, LimitError, Limits};
pub use program::{Evaluation, NotInLayout, Optimisations, Program, Scratch};
pub use progress::{
    Activity, Enrolment, Enrolments, Ledger, LedgerError, NotCounted, Progress, Reason, Standing,
    UnifiedProgress, Weighed,
};
pub use rule::{LANGUAGE_VERSION, Reference, Rule, TreeStyle, TreeTooLarge};
pub use ruleset::{RuleSet, RuleSetError, Undecided};
pub use schema::Schema;
pub use syntax::{Ast, Operator, OperatorKind};
pub use target::{
    AggregateFunction, AggregateWindow, Aggregation, Answer, Attribution, CheckedGroup, CheckedTarget,
    CombinationType, DefaultValue, Eligibility, EnrolledTargets, EnrolmentMethod, EvaluationType, Expression,
    ExtendedFieldInfo, Filter, FilterKind, FrequencyType, Payload, PayloadTarget, Period, PeriodStatus, Raw,
    ServiceError, Streak, Target, TargetData, TargetDocument, TargetEntity, TargetEntry, TargetGroup,
    TargetReport, TargetSet, TargetType, TrackingType, UnifiedExpression, UnifiedTargetExpression, Unlisted,
    User, Vocabulary, WindowType, WindowUnit, Word, WrittenDate, WrittenNumber, check_forms,
    check_forms_whole, unreadable_line,
};
pub use transaction::{EntryList, EntrySetter, EntrySlot, Layout, SetError, Slot, Transaction};
pub use value::{
    DateText, Instant, LocalTime, Number, NumberFault, NumberForm, Pattern, PatternError, Total, Truth,
    UnknownZone, Value, Zone, zone_data_version,
};
