//! What documents of targets hold, as types that lose nothing.

mod entry_kind;
mod group;
pub(crate) mod record;
mod target;
mod unknown_key;
mod unreadable_line;
mod vocabulary;
pub(crate) mod written;

pub(crate) use entry_kind::EntryKind;

pub use group::{
    Answer, Period, Streak, TargetData, TargetDocument, TargetEntry, TargetGroup, UnifiedTargetExpression,
};
pub use target::{
    AggregateWindow, Attribution, DefaultValue, EnrolledTargets, Expression, ExtendedFieldInfo, Filter,
    ServiceError, Target, User,
};
pub(crate) use unknown_key::{GROUP as GROUP_KEYS, KnownKeys, TARGET as TARGET_KEYS, unknown_keys};
pub(crate) use unreadable_line::place_of;
pub use unreadable_line::unreadable_line;
pub use vocabulary::{
    AggregateFunction, Aggregation, CombinationType, EnrolmentMethod, EvaluationType, FilterKind,
    FrequencyType, PeriodStatus, TargetEntity, TargetType, TrackingType, WindowType, WindowUnit,
};
pub(crate) use vocabulary::{is_counted_by, meant};
pub use written::{Raw, Unlisted, Vocabulary, Word, WrittenDate, WrittenNumber};
