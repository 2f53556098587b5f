//! Targets as the platform serves them, and which of them a transaction
//! counts for.

mod check_group;
mod counting;
mod document;
mod eligibility;
mod findings;
mod group;
mod model;
mod payload;
pub(crate) mod record;
mod report;
mod set;
mod shape;
mod unified;
mod windows;
mod words;
pub(crate) mod written;

pub(crate) use counting::{Counting, Measure, PointsKind};
pub use eligibility::{CheckedTarget, Eligibility, check_forms, check_forms_whole};
pub use group::{
    Answer, Period, Streak, TargetData, TargetDocument, TargetEntry, TargetGroup, UnifiedTargetExpression,
};
pub use model::{
    AggregateWindow, Attribution, DefaultValue, EnrolledTargets, Expression, ExtendedFieldInfo, Filter,
    ServiceError, Target, User,
};
pub use payload::{Payload, PayloadTarget};
pub(crate) use record::record;
pub use report::TargetReport;
pub use set::TargetSet;
pub use shape::unreadable_line;
pub(crate) use shape::{for_people as words_of, placed, read_whole, steps_of};
pub use unified::UnifiedExpression;
pub use windows::CheckedGroup;
pub(crate) use windows::{DAY, Unified, Window, day_of, local_day};
pub use words::{
    AggregateFunction, Aggregation, CombinationType, EnrolmentMethod, EvaluationType, FilterKind,
    FrequencyType, PeriodStatus, TargetEntity, TargetType, TrackingType, WindowType, WindowUnit,
};
pub use written::{Raw, Unlisted, Vocabulary, Word, WrittenDate, WrittenNumber};
