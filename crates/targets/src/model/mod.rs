//! What documents of targets hold, as serde types that lose nothing.

mod group;
pub(crate) mod record;
pub(crate) mod shape;
pub(crate) mod sort;
mod target;
mod words;
pub(crate) mod written;

pub use group::{
    Answer, Period, Streak, TargetData, TargetDocument, TargetEntry, TargetGroup, UnifiedTargetExpression,
};
pub use target::{
    AggregateWindow, Attribution, DefaultValue, EnrolledTargets, Expression, ExtendedFieldInfo, Filter,
    ServiceError, Target, User,
};
pub use words::{
    AggregateFunction, Aggregation, CombinationType, EnrolmentMethod, EvaluationType, FilterKind,
    FrequencyType, PeriodStatus, TargetEntity, TargetType, TrackingType, WindowType, WindowUnit,
};
pub use written::{Raw, Unlisted, Vocabulary, Word, WrittenDate, WrittenNumber};
