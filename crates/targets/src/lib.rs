#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]
#![deny(clippy::arithmetic_side_effects)]

mod eligibility;
mod json;
mod ledger;
mod model;
mod payload;
pub mod store;

pub use eligibility::{
    Alike, CheckedGroup, CheckedTarget, Eligibility, StoreFilters, TargetDecision, TargetDescription,
    TargetSet, UnifiedExpression, UnknownDetail,
};
pub use ledger::{
    Activity, AddedUp, AddedUpLine, Enrolment, Enrolments, ExplainedTarget, Ledger, LedgerError, NotCounted,
    NotCountedFirst, NotCountedGroup, NotCountedSummary, Progress, Reason, Replay, Replayed, Standing,
    TargetPart, TargetPartKind, UnifiedProgress, Weighed, Weigher, Workspace,
};
pub use model::{
    AggregateFunction, AggregateWindow, Aggregation, Answer, Attribution, CombinationType, DefaultValue,
    EnrolledTargets, EnrolmentMethod, EvaluationType, Expression, ExtendedFieldInfo, Filter, FilterKind,
    FrequencyType, Period, PeriodStatus, Raw, ServiceError, Streak, Target, TargetData, TargetDocument,
    TargetEntity, TargetEntry, TargetGroup, TargetType, TrackingType, UnifiedTargetExpression, Unlisted,
    User, Vocabulary, WindowType, WindowUnit, Word, WrittenDate, WrittenNumber, unreadable_line,
};
pub use payload::{Payload, PayloadTarget, TargetReport};
