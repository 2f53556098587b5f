//! The typed tree of a rule: every name is resolved, every node has a type, and
//! every call has the fields that its method needs.
//!
//! Only the checker makes one. It owns its data, so it outlives the schema, and
//! everything after the checker works on it alone.

mod agree;
mod answer;
mod attribute;
mod node;
mod read;
mod selection;
mod text;
mod types;

pub(crate) use agree::equal;
pub use answer::{Answer, Container};
pub(crate) use attribute::{Attribute, ProfileName, TRANSACTION};
pub(crate) use node::{Arithmetic, Call, CallKind, DateArgument, Node, NodeKind, Receiver, Step};
pub(crate) use read::{FIGURE_FIELDS, figure_reads, figures_of};
pub use read::{Field, Figure, Read, ValueKind};
pub(crate) use selection::Items;
pub use selection::Selection;
pub(crate) use text::{text_of, text_of_steps};
pub(crate) use types::Type;
