//! Documents held against the schema and against what rules read: before the
//! first decision, where data comes from somewhere new.
//!
//! An [`Audit`] is given documents one by one, and has [`Finding`]s at the end:
//! keys that are nearly known ones, profiles that are none, seconds where
//! milliseconds are read, wrong types, and what rules read that is never there.
//! `target-rules check --txns` shows them.

mod model;

mod collect;

mod dates;
mod document;
mod finding;
mod items;
mod known;
mod needed;
mod never;
mod text;
mod wanted;

pub use finding::{Finding, FoundAt};
pub use model::Audit;
pub use needed::Needed;
